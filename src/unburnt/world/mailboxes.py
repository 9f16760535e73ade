"""Which mailboxes a server has, what each is for, and how it spells a name (RFC 9051 section 6.3.9, RFC 6154, RFC 2342)."""

import imaplib
from collections.abc import Sequence
from dataclasses import dataclass

from imapclient import imap_utf7

from unburnt.world.wire import Client

_ROLES = {b"\\drafts": "drafts", b"\\sent": "sent", b"\\trash": "trash", b"\\all": "all", b"\\archive": "archive"}
_USUAL_NAMES = {  # for servers without SPECIAL-USE (RFC 6154); the last step of the name, lower case
    "drafts": "drafts|draft|entwürfe|brouillons|borradores|bozze|concepten|rascunhos|utkast|taslaklar",
    "sent": "sent|sent messages|sent items|sent mail|gesendet|envoyés|enviados|inviati|verzonden",
    "archive": "archive|archives|archiv|archivo|archivio|archief|arquivo|archiwum|arkiv|arşiv",
    "trash": "trash|deleted items|deleted messages|papierkorb|corbeille|papelera",
}
_Listed = tuple[frozenset[bytes], str, str]  # flags in lower case, delimiter, name


@dataclass(frozen=True, slots=True)
class Mailboxes:
    """What LIST and NAMESPACE said."""

    names: tuple[str, ...] = ()
    roles: tuple[tuple[str, str], ...] = ()
    prefix: str = ""  # of the personal namespace, such as "INBOX."
    delimiter: str = "/"

    def role(self, role: str) -> str | None:
        """The mailbox with that special use: "drafts", "sent", "trash", "all", "archive"."""
        return dict(self.roles).get(role)

    def spelt(self, name: str) -> str:
        """A name with steps between slashes as this server has it, or would have it."""
        if name in self.names or not self.delimiter:
            return name
        return self.prefix + self.delimiter.join(name.split("/"))


def look_around(client: Client) -> Mailboxes:
    """All mailboxes there are."""
    listed = _listed(client)
    prefix, delimiter = _personal(client)
    delimiter = delimiter or next((row[1] for row in listed if row[1]), "")
    return Mailboxes(tuple(sorted(name for _, _, name in listed)), tuple(_roles(listed).items()), prefix, delimiter)


def _personal(client: Client) -> tuple[str, str]:
    if not client.has_capability("NAMESPACE"):
        return "", ""
    try:
        spaces = client.namespace().personal or (("", ""),)
    except (imaplib.IMAP4.error, ValueError):
        return "", ""
    prefix, delimiter = spaces[0][0] or "", spaces[0][1] or ""
    return str(prefix), str(delimiter)


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
