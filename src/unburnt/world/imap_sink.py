"""Drafts over IMAP: append, and find again what was appended before a crash."""

import contextlib
import re

from unburnt.errors import CommandRefused
from unburnt.world.imap import Connection
from unburnt.world.ports import Place

_MARKER = "X-Draft-Key"
_LOOKED_BACK = 1000  # messages of Drafts or Trash read for keys when a journal starts
_KEY = re.compile(rb"^X-Draft-Key:\s*([0-9a-f]{8,64})\s*$", re.IGNORECASE | re.MULTILINE)


class ImapDrafts:
    """The mailbox with special use \\Drafts, as a sink."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def place(self) -> Place:
        """Drafts as it is now: what is appended next has a UID from uidnext on."""
        examined = self._connection.examine(self._connection.drafts)
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
        """APPEND as a draft that doesn't count as unread; the octets carry the key."""
        del key
        mailbox = self._connection.drafts
        uid = self._connection.append(mailbox, octets, ("\\Draft", "\\Seen"))
        return f"{mailbox}/{uid[0]}/{uid[1]}" if uid else mailbox

    def withdraw(self, key: str, octets: bytes) -> str | None:
        """UID MOVE into Trash, if its octets are what we wrote: a message under a UID never changes (RFC 9051, 2.3.1.1)."""
        drafts, trash = self._connection.drafts, self._connection.mailbox("trash")
        if trash is None or not self._connection.has("MOVE"):
            return "the server can't move it to Trash (RFC 6851); delete it by hand"
        found = [uid for marked, uid in self._marked(drafts, 1, key) if marked == key]
        if not found:
            return None if key in dict(self._marked(trash, 1, key)) else "it isn't in Drafts any more"
        same = [uid for uid, row in self._connection.fetch(found, ["BODY.PEEK[]"]) if row.get(b"BODY[]") == octets]
        for uid in same:
            self._connection.move(uid, drafts, trash)
        return None if len(same) == len(found) else "you have changed it; it was left"

    def keys(self) -> frozenset[str]:
        """The keys of all drafts and notes of ours that lie in Drafts or Trash."""
        places = [self._connection.drafts, self._connection.mailbox("trash"), self._connection.mailbox("all")]
        return frozenset(key for mailbox in places if mailbox for key, _ in self._marked(mailbox, 1))

    def _found(self, key: str, since: Place) -> str | None:
        """In Drafts from the stored UIDNEXT on; where the user may have moved it meanwhile, and on Gmail, further afield."""
        drafts = self._connection.drafts
        examined = self._connection.examine(drafts)
        same = since.mailbox == drafts and since.uidvalidity == examined.uidvalidity
        first = since.uidnext if same and since.uidnext else 1
        for mailbox, start in (
            (drafts, first),
            (self._connection.mailbox("trash"), 1),
            (self._connection.mailbox("all"), 1),
        ):
            if mailbox and (uid := dict(self._marked(mailbox, start, key)).get(key)):
                return f"{mailbox}/{uid}"
        return None

    def _marked(self, mailbox: str, first: int, key: str = "") -> list[tuple[str, int]]:
        """(key, UID) of marked messages from ``first`` on: by SEARCH where the server can, else by their headers (C10)."""
        try:
            self._connection.examine(mailbox)
        except CommandRefused:
            if mailbox == self._connection.drafts:
                raise
            return []  # a Trash that we may not read
        uids = self._connection.uids_from(first)[-_LOOKED_BACK:]
        if len(uids) > 50 and self._connection.mailbox("all"):  # Gmail: an index exists
            with contextlib.suppress(CommandRefused):
                uids = self._connection.search("UID", f"{uids[0]}:*", "HEADER", _MARKER, key)
        item = f"BODY.PEEK[HEADER.FIELDS ({_MARKER})]"
        marked = []
        for uid, row in self._connection.fetch(uids, ["FLAGS", item]):
            if not key and mailbox != self._connection.drafts and b"\\Draft" not in row.get(b"FLAGS", ()):
                continue  # a stranger's message in Trash, with a key they made up
            header = next((value for name, value in row.items() if name.startswith(b"BODY[")), b"") or b""
            marked += [(match.decode(), uid) for match in _KEY.findall(header)]
        return marked
