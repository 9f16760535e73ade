"""Drafts and the inbox over IMAP as sinks: append, and find again what was appended before a crash."""

import contextlib
import re
from collections.abc import Collection

from unburnt.errors import CommandRefused
from unburnt.world.imap import Connection
from unburnt.world.ports import GONE, Place

_INBOX = "INBOX"
_MARKER = "X-Draft-Key"
_TRACE = "Received Return-Path Delivered-To"  # delivery adds them (RFC 5321 section 4.4), APPEND doesn't
_LOOKED_BACK = 1000  # messages of a mailbox read for keys when a journal starts
_KEY = re.compile(rb"^X-Draft-Key:\s*([0-9a-f]{8,64})\s*$", re.IGNORECASE | re.MULTILINE)
_DELIVERED = re.compile(rb"^(?:Received|Return-Path|Delivered-To):", re.IGNORECASE | re.MULTILINE)


def drafts(connection: Connection) -> "MarkedMail":
    """The mailbox with special use \\Drafts, for letters and notes that don't count as unread."""
    return MarkedMail(connection, connection.drafts, ("\\Draft", "\\Seen"), ("trash", "all"))


def inbox(connection: Connection) -> "MarkedMail":
    """The inbox, for notes that count as new mail. The allow-list knows it only while it is wanted."""
    return MarkedMail(connection, _INBOX, ())


class MarkedMail:
    """A mailbox as a sink: messages with a key in their header."""

    def __init__(
        self, connection: Connection, home: str, flags: tuple[str, ...], known_in: tuple[str, ...] = ()
    ) -> None:
        """Put with these flags. Their keys are known in the mailboxes with the special uses ``known_in`` too."""
        self._connection, self._home, self._flags, self._known_in = connection, home, flags, known_in

    def place(self) -> Place:
        """The mailbox as it is now: what is appended next has a UID from uidnext on."""
        examined = self._connection.examine(self._home)
        uidnext = examined.uidnext
        if uidnext is None:  # left out by some servers (D4): one above the highest there is
            uidnext = max(self._connection.search("ALL"), default=0) + 1
        return Place(examined.mailbox, examined.uidvalidity, uidnext)

    def find(self, key: str, since: Place) -> str | None:
        """Look for an APPEND that may have happened, twice, with a NOOP and a fresh EXAMINE between (C3)."""
        for _ in range(2):
            self._connection.noop()
            if (receipt := self._found(key, since)) is not None:
                return receipt
        return None

    def put(self, key: str, octets: bytes) -> str:
        """APPEND; the octets carry the key."""
        del key
        uid = self._connection.append(self._home, octets, self._flags)
        return f"{self._home}/{uid[0]}/{uid[1]}" if uid else self._home

    def withdraw(self, key: str, octets: bytes) -> str | None:
        """UID MOVE into Trash, if its octets are what we wrote: a message under a UID never changes (RFC 9051, 2.3.1.1)."""
        trash = self._connection.mailbox("trash")
        if trash is None or not self._connection.has("MOVE"):
            return "the server can't move it to Trash (RFC 6851); delete it by hand"
        found = [uid for marked, uid in self._lying(self._home, 1, key) if marked == key]
        if not found:
            return GONE
        same = [uid for uid, row in self._connection.fetch(found, ["BODY.PEEK[]"]) if row.get(b"BODY[]") == octets]
        for uid in same:
            self._connection.move(uid, self._home, trash)
        return None if len(same) == len(found) else "you have changed it; it was left"

    def complete(self, key: str, octets: bytes) -> str | None:
        left = self.withdraw(key, octets)
        return None if left == GONE else left

    def completed(self, keys: Collection[str]) -> frozenset[str]:
        """What was deleted or archived may be done or unwanted: nobody can tell."""
        del keys
        return frozenset()

    def keys(self) -> frozenset[str]:
        """Those in the mailbox itself, and of drafts that were moved from there."""
        places = [self._home, *map(self._connection.mailbox, self._known_in)]
        return frozenset(key for mailbox in places if mailbox for key, _ in self._lying(mailbox, 1))

    def _found(self, key: str, since: Place) -> str | None:
        """At home from the stored UIDNEXT on; where the user may have moved it meanwhile, and on Gmail, further afield."""
        examined = self._connection.examine(self._home)
        same = since.mailbox == self._home and since.uidvalidity == examined.uidvalidity
        first = since.uidnext if same and since.uidnext else 1
        for mailbox, start in (
            (self._home, first),
            (self._connection.mailbox("trash"), 1),
            (self._connection.mailbox("all"), 1),
        ):
            if mailbox and (uid := dict(self._lying(mailbox, start, key)).get(key)):
                return f"{mailbox}/{uid}"
        return None

    def _lying(self, mailbox: str, first: int, key: str = "") -> list[tuple[str, int]]:
        """(key, UID) of marked messages from ``first`` on: by SEARCH where the server can, else by their headers (C10)."""
        try:
            self._connection.examine(mailbox)
        except CommandRefused:
            if mailbox == self._home:
                raise
            return []  # a Trash that we may not read
        everything = self._connection.uids_from(first)
        uids = everything[-_LOOKED_BACK:]
        deep = mailbox == _INBOX and key and len(everything) > _LOOKED_BACK  # a note of months ago
        if deep or (len(uids) > 50 and self._connection.mailbox("all")):  # Gmail: an index exists
            with contextlib.suppress(CommandRefused):
                start = everything[0] if deep else uids[0]
                uids = self._connection.search("UID", f"{start}:*", "HEADER", _MARKER, key)
        item = f"BODY.PEEK[HEADER.FIELDS ({_MARKER} {_TRACE})]"
        marked = []
        for uid, row in self._connection.fetch(uids, ["FLAGS", item]):
            header = next((value for name, value in row.items() if name.startswith(b"BODY[")), b"") or b""
            if self._may_be_ours(mailbox, row, header, wanted=key):
                marked += [(match.decode(), uid) for match in _KEY.findall(header)]
        return marked

    def _may_be_ours(self, mailbox: str, row: dict[bytes, object], header: bytes, *, wanted: str) -> bool:
        """A stranger's message may have a key they made up; in the inbox even one they could work out."""
        if mailbox == _INBOX:
            return not _DELIVERED.search(header)
        flags = row.get(b"FLAGS", ())
        return bool(wanted) or mailbox == self._home or (isinstance(flags, tuple) and b"\\Draft" in flags)
