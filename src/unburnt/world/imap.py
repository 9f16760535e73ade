"""A connection to a mailbox server: opened, logged in, told what is allowed, with errors in our own words."""

import contextlib
import functools
import imaplib
import re
import ssl
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Concatenate, Literal, ParamSpec, TypeVar

from imapclient import imap_utf7

from unburnt.errors import CommandRefused, ConfigurationProblem, LoginRefused, ServerUnavailable, TryAgain
from unburnt.world.wire import Client, Guard

P = ParamSpec("P")
R = TypeVar("R")

_TIMEOUT = 60.0  # seconds for any one answer
_UIDS_A_COMMAND = 150  # keeps a command line under 1,000 octets for seven-digit UIDs (field notes F4)
_ROLES = {b"\\drafts": "drafts", b"\\sent": "sent", b"\\trash": "trash", b"\\all": "all", b"\\archive": "archive"}
_USUAL_NAMES = {  # for servers without SPECIAL-USE (RFC 6154); the last step of the name, lower case
    "drafts": "drafts|draft|entwürfe|brouillons|borradores|bozze|concepten|rascunhos|utkast|taslaklar",
    "sent": "sent|sent messages|sent items|sent mail|gesendet|envoyés|enviados|inviati|verzonden",
    "trash": "trash|deleted items|deleted messages|papierkorb|corbeille|papelera",
}
_Listed = tuple[frozenset[bytes], str, str]  # flags in lower case, delimiter, name


@dataclass(frozen=True, slots=True)
class Server:
    """How to reach one account."""

    account: str
    host: str
    port: int
    security: Literal["tls", "starttls", "none"]
    username: str
    drafts: str = ""  # "" = by special use
    ca_file: Path | None = None


@dataclass(frozen=True, slots=True)
class Examined:
    """What EXAMINE said; UIDVALIDITY and UIDNEXT are None where the server leaves them out (field notes D3, D4)."""

    mailbox: str
    uidvalidity: int | None
    uidnext: int | None
    exists: int


def _told(call: Callable[Concatenate["Connection", P], R]) -> Callable[Concatenate["Connection", P], R]:
    """Turn the errors of imapclient, imaplib, ssl and the socket into ours. ``abort`` is a subclass of ``error``."""

    @functools.wraps(call)
    def wrapped(self: "Connection", /, *args: P.args, **kwargs: P.kwargs) -> R:
        where = f"{self.server.host}:{self.server.port}"
        try:
            return call(self, *args, **kwargs)
        except ssl.SSLCertVerificationError as error:
            raise ServerUnavailable(f"{where}: its certificate can't be verified: {error.verify_message}") from error
        except imaplib.IMAP4.abort as error:
            raise ServerUnavailable(f"{where}: {_words(error)}") from error
        except imaplib.IMAP4.error as error:
            raise _refused(_words(error)) from error
        except (OSError, EOFError) as error:
            raise ServerUnavailable(f"{where}: {_words(error)}") from error
        except ValueError as error:  # imapclient's parser
            raise CommandRefused(f"{where} says what can't be understood: {type(error).__name__}") from error

    return wrapped


def _words(error: BaseException) -> str:
    return str(error) or type(error).__name__


def _refused(text: str) -> CommandRefused | TryAgain:
    """RFC 5530 response codes, and what Gmail and Microsoft say, that mean "come back later"."""
    if re.search(
        r"\[(UNAVAILABLE|INUSE|LIMIT|THROTTLED)\]|Suggested Backoff|too many simultaneous", text, re.IGNORECASE
    ):
        return TryAgain(text)
    return CommandRefused(text)


class Connection:
    """One owner, one thread, one mailbox examined at a time."""

    def __init__(self, server: Server) -> None:
        """Connect, but don't log in. ServerUnavailable says why it can't."""
        self.server = server
        self._drafts_on_the_wire: frozenset[bytes] = frozenset()
        self._roles: dict[str, str] = {}
        self._listed: list[_Listed] = []
        self._exists = 0  # messages in the examined mailbox when it was examined
        self._client = self._open()

    @_told
    def _open(self) -> Client:
        server, guard = self.server, Guard(lambda: self._drafts_on_the_wire)
        context = None if server.security == "none" else _tls(server.ca_file)
        try:
            client = Client(server.host, server.port, context if server.security == "tls" else None, _TIMEOUT, guard)
            if server.security == "starttls" and context is not None:
                client.wire.secure(context)
        except imaplib.IMAP4.error as error:  # a greeting that is BYE, or no STARTTLS: nothing more was said
            raise ServerUnavailable(f"{server.host}:{server.port}: {_words(error)}") from error
        client.normalise_times = False  # aware datetimes instead of naive local ones
        return client

    def login(self, password: str) -> None:
        """Log in and look around. LoginRefused when the server says no to the password."""
        refusal = None
        try:
            self._login(password)
        except CommandRefused as error:
            refusal = str(error).replace(password, "…")
        if refusal is not None:  # raised out here: what it would be chained to may quote the password
            raise LoginRefused(f"{self.server.host} refuses the login of {self.server.username}: {refusal}")
        self._look_around()

    @_told
    def _login(self, password: str) -> None:
        """By imaplib's own methods: imapclient's report a lost connection as a refusal."""
        client, user = self._client, self.server.username
        if client.has_capability("LOGINDISABLED"):
            raise imaplib.IMAP4.error('the server allows no login over this connection; use security = "tls"')
        if client.has_capability("AUTH=PLAIN"):  # SASL PLAIN carries UTF-8 passwords, LOGIN doesn't (RFC 4616)
            client.wire.authenticate("PLAIN", lambda _: f"\0{user}\0{password}".encode())
        elif (user + password).isascii():
            client.wire.login(client.wire._quote(user), password)  # noqa: SLF001
        else:
            raise imaplib.IMAP4.error("it knows no way to send letters beyond ASCII in a name or password")

    @_told
    def _look_around(self) -> None:
        client = self._client
        client._cached_capabilities = None  # asked again after login: iCloud's proxy needs it (isync's finding)  # noqa: SLF001
        client.wire._get_capabilities()  # noqa: SLF001
        if client.has_capability("ID"):
            with contextlib.suppress(imaplib.IMAP4.error):
                client.id_({"name": "unburnt"})
        self._listed = _listed(client)
        self._roles = _roles(self._listed)
        if self.server.drafts:
            self._roles["drafts"] = self.server.drafts
            self.expect(self.server.drafts, "drafts")
        if "drafts" in self._roles:
            self._drafts_on_the_wire = frozenset({imap_utf7.encode(self._roles["drafts"])})

    def expect(self, mailbox: str, setting: str) -> None:
        """ConfigurationProblem naming the mailboxes there are, unless this is one of them."""
        names = {name for _, _, name in self._listed}
        if mailbox not in names and mailbox.upper() != "INBOX":
            raise ConfigurationProblem(
                f"accounts ({self.server.account}).{setting}: the mailbox {mailbox!r} does not exist; "
                f"there are {', '.join(map(repr, sorted(names)))}"
            )

    def mailbox(self, role: str) -> str | None:
        """The mailbox with that special use: "drafts", "sent", "trash", "all", "archive"."""
        return self._roles.get(role)

    @property
    def drafts(self) -> str:
        """Where drafts go; a second Drafts is never made (field notes C11)."""
        if (name := self._roles.get("drafts")) is None:
            raise ConfigurationProblem(
                f"accounts ({self.server.account}): {self.server.host} marks no mailbox as \\Drafts; "
                'name yours with drafts = "…"'
            )
        return name

    @property
    def capabilities(self) -> list[str]:
        return sorted(str(name, "ascii", "replace") for name in self._client.capabilities())

    def has(self, capability: str) -> bool:
        return bool(self._client.has_capability(capability))

    @_told
    def examine(self, mailbox: str) -> Examined:
        """EXAMINE, afresh: a long-selected session may search a stale view (field notes A5)."""
        said = self._client.select_folder(mailbox, readonly=True)
        self._exists = said.get(b"EXISTS", 0)
        return Examined(mailbox, said.get(b"UIDVALIDITY"), said.get(b"UIDNEXT"), self._exists)

    @_told
    def search(self, *criteria: str | int) -> list[int]:
        """UIDs, ascending."""
        return sorted(self._client.search(list(criteria)))

    def existing(self, uids: Sequence[int]) -> set[int]:
        """Those of the UIDs that are still there."""
        found: set[int] = set()
        for start in range(0, len(uids), _UIDS_A_COMMAND):
            part = uids[start : start + _UIDS_A_COMMAND]
            found |= set(self.search("UID", ",".join(map(str, part))))
        return found

    def uids_from(self, first: int) -> list[int]:
        """UIDs from ``first`` on. ``n:*`` also matches the last message when it is below n (RFC 9051 section 6.4.8)."""
        return [uid for uid in self.search("UID", f"{first}:*") if uid >= first]

    def fetch(self, uids: Sequence[int], items: Sequence[str]) -> Iterator[tuple[int, dict[bytes, Any]]]:
        """Rows of the UIDs asked for, in their order; absent ones are the caller's to account for."""
        for start in range(0, len(uids), _UIDS_A_COMMAND):
            part = list(uids[start : start + _UIDS_A_COMMAND])
            rows = self._fetch(part, items)
            yield from ((uid, rows[uid]) for uid in part if uid in rows)

    @_told
    def _fetch(self, uids: list[int], items: Sequence[str]) -> dict[int, dict[bytes, Any]]:
        return self._client.rows(uids, items)

    @_told
    def append(self, mailbox: str, octets: bytes, flags: Sequence[str]) -> tuple[int, int] | None:
        """APPEND; (UIDVALIDITY, UID) where the server has UIDPLUS (RFC 4315)."""
        said = self._client.append(mailbox, octets, flags)
        match = re.search(rb"APPENDUID (\d+) (\d+)", said or b"")
        return (int(match[1]), int(match[2])) if match else None

    @_told
    def noop(self) -> None:
        self._client.noop()

    @_told
    def idle(self, seconds: float, wake: int | None) -> bool:
        """Wait for news of the examined mailbox; see Wire.idle_until.

        An EXISTS that came with the answer to an earlier command was told once and won't be told again (A4).
        """
        told = self._client.wire.untagged_responses.get("EXISTS", [])
        if told and told[-1] != b"%d" % self._exists:
            return True
        return self._client.wire.idle_until(seconds, wake)

    def close(self) -> None:
        """Say goodbye if there is somebody to say it to."""
        with contextlib.suppress(imaplib.IMAP4.error, OSError):
            self._client.wire.sock.settimeout(3)
            self._client.logout()
        with contextlib.suppress(imaplib.IMAP4.error, OSError):
            self._client.shutdown()


def _tls(ca_file: Path | None) -> ssl.SSLContext:
    try:
        context = ssl.create_default_context(cafile=str(ca_file) if ca_file else None)
    except (OSError, ssl.SSLError) as error:
        raise ConfigurationProblem(f"ca_file {ca_file} can't be read: {error}") from error
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


def _listed(client: Client) -> list[_Listed]:
    """LIST, whose names imapclient would decode all or none."""
    client.folder_encode = False
    rows = client.list_folders()
    client.folder_encode = True
    return [
        (frozenset(flag.lower() for flag in flags), (delimiter or b"").decode("ascii", "replace"), _decoded(name))
        for flags, delimiter, name in rows
    ]


def _decoded(name: bytes | str) -> str:
    try:
        return str(imap_utf7.decode(name))
    except UnicodeDecodeError:  # not modified UTF-7 (RFC 3501 section 5.1.3); somebody else's mailbox, as a rule
        return repr(name)


def _roles(listed: Sequence[_Listed]) -> dict[str, str]:
    """Which mailbox is which: by special use in any case of letters (Cyrus says \\drafts), else by its usual names."""
    roles: dict[str, str] = {}
    named: dict[str, str] = {}
    selectable = [row for row in listed if not row[0] & {b"\\noselect", b"\\nonexistent"}]
    for flags, delimiter, name in sorted(selectable, key=lambda row: row[2].count(row[1]) if row[1] else 0):
        for flag in flags & _ROLES.keys():
            roles.setdefault(_ROLES[flag], name)
        named.setdefault((name.rpartition(delimiter)[2] if delimiter else name).lower(), name)
    for role, usual in _USUAL_NAMES.items():
        if (found := next((named[name] for name in usual.split("|") if name in named), None)) is not None:
            roles.setdefault(role, found)
    return roles
