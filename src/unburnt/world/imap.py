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
from unburnt.world.mailboxes import Mailboxes, look_around
from unburnt.world.wire import Allowed, Client, Guard

P = ParamSpec("P")
R = TypeVar("R")

_TIMEOUT = 60.0  # seconds for any one answer
_UIDS_A_COMMAND = 150  # keeps a command line under 1,000 octets for seven-digit UIDs (field notes F4)


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
    training: tuple[str, ...] = ()  # mailboxes that votes are put into, steps between slashes
    returns_to: tuple[str, ...] = ()  # mailboxes that learned mail may be moved back to
    notes: tuple[str, ...] = ()  # mailboxes beside Drafts that reminders are put into


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
        self._allowed = Allowed()
        self._mailboxes = Mailboxes()
        self._exists = 0  # messages in the examined mailbox when it was examined
        self._client = self._open()

    @_told
    def _open(self) -> Client:
        server, guard = self.server, Guard(lambda: self._allowed)
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
        self._mailboxes = look_around(client)
        if self.server.drafts:
            self.expect(self.server.drafts, "drafts")
        self._allowed = self._allowances()

    def _allowances(self) -> Allowed:
        """Drafts may be added to, and where notes go; ours go from there to Trash; learned mail back where it came from."""
        drafts, trash = self.mailbox("drafts"), self.mailbox("trash")
        added = [*([drafts] if drafts else []), *self.server.notes]
        training = [self.spelt(name) for name in self.server.training]
        moves = {(source, trash) for source in added if trash and source != trash}
        moves |= {(source, target) for source in training for target in self.server.returns_to}
        return Allowed(
            append=frozenset(map(imap_utf7.encode, added)),
            create=frozenset(map(imap_utf7.encode, training)),
            moves=frozenset((imap_utf7.encode(source), imap_utf7.encode(target)) for source, target in moves),
        )

    def expect(self, mailbox: str, setting: str) -> None:
        """ConfigurationProblem naming the mailboxes there are, unless this is one of them."""
        if not self.exists(mailbox):
            raise ConfigurationProblem(
                f"accounts ({self.server.account}).{setting}: the mailbox {mailbox!r} does not exist; "
                f"there are {', '.join(map(repr, self._mailboxes.names))}"
            )

    def exists(self, mailbox: str) -> bool:
        return mailbox in self._mailboxes.names or mailbox.upper() == "INBOX"

    def mailbox(self, role: str) -> str | None:
        """The mailbox with that special use: "drafts", "sent", "trash", "all", "archive"."""
        return self.server.drafts if role == "drafts" and self.server.drafts else self._mailboxes.role(role)

    def spelt(self, name: str) -> str:
        """The name of a training mailbox as this server has it, or would have it."""
        return self._mailboxes.spelt(name)

    @property
    def drafts(self) -> str:
        """Where drafts go; a second Drafts is never made (field notes C11)."""
        if (name := self.mailbox("drafts")) is None:
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
    def status(self, mailbox: str) -> Examined:
        """The same by STATUS, which leaves the examined mailbox as it is (RFC 9051 section 6.3.11)."""
        said = self._client.folder_status(mailbox, ["MESSAGES", "UIDNEXT", "UIDVALIDITY"])
        return Examined(mailbox, said.get(b"UIDVALIDITY"), said.get(b"UIDNEXT"), said.get(b"MESSAGES", 0))

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
    def create(self, mailbox: str) -> None:
        """CREATE a training mailbox, and subscribe to it, or many a client would not show it."""
        self._client.create_folder(mailbox)
        with contextlib.suppress(imaplib.IMAP4.error):  # not every server keeps subscriptions
            self._client.subscribe_folder(mailbox)
        self._mailboxes = look_around(self._client)

    @_told
    def move(self, uid: int, source: str, target: str) -> None:
        """UID MOVE (RFC 6851): one message, by the one command that neither copies nor expunges on the way."""
        self._client.select_folder(source)
        self._client.move([uid], target)
        self._client.select_folder(source, readonly=True)

    @_told
    def noop(self) -> None:
        self._client.noop()

    @_told
    def idle(self, seconds: float, wake: int | None) -> bool:
        """Wait for news of the examined mailbox; see Wire.idle_until.

        What came with the answer to an earlier command was told once and won't be told again (A4).
        """
        told, known = self._client.wire.untagged_responses, b"%d" % self._exists
        if told.get("EXPUNGE") or (told.get("EXISTS") or [known])[-1] != known:
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
