"""Messages of watched mailboxes over IMAP, with EXAMINE and BODY.PEEK only: nothing is ever marked read."""

from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

from unburnt import events
from unburnt.core.model import Origin, RawMessage, Unfetched
from unburnt.errors import CommandRefused, ServerUnavailable, TryAgain
from unburnt.world.imap import Connection, Examined
from unburnt.world.ports import Cursor

_HEAD = 131072  # octets of a first look: the header and the first text parts of nearly all mail
GLANCE = 24576  # for the history: the header and the beginning of the text
_BATCH_OCTETS = 8 * 2**20  # in flight at once
_BATCH = 50
_MANY = 8


class Cursors(Protocol):
    """Where the mailboxes stand: the journal, or nothing at all for a scan of everything."""

    def cursor(self, mailbox: str) -> Cursor | None: ...

    def open(self, mailbox: str, uidvalidity: int) -> Cursor: ...

    def passed_over(self, mailbox: str, uidvalidity: int, high: int, gone: Collection[int]) -> None: ...


class ImapSource:
    """The messages that are new since the cursors; all of them when there are none."""

    def __init__(
        self,
        connection: Connection,
        mailboxes: tuple[str, ...],
        cursors: Cursors | None,
        *,
        own: bool = False,
        look: int = _HEAD,
    ) -> None:
        """``own`` marks a mailbox of mail that the user wrote (Sent); ``look`` is how many octets a first look takes."""
        self._connection = connection
        self._mailboxes = mailboxes
        self._cursors = cursors
        self._own = own
        self._look = look

    def heads(self) -> Iterator[RawMessage | Unfetched]:
        """In the order of mailboxes and UIDs; big messages as their beginning."""
        for mailbox in self._mailboxes:
            examined = self._examine(mailbox)
            yield from self._everything(examined) if self._cursors is None else self._news(examined, self._cursors)

    def _examine(self, mailbox: str) -> Examined:
        try:
            return self._connection.examine(mailbox)
        except CommandRefused:
            self._connection.expect(mailbox, "mailboxes")
            raise

    def full(self, raw: RawMessage) -> RawMessage:
        """The whole of a message of which the beginning was read, in the mailbox that is examined now."""
        rows = self._rows([raw.origin.uid], "BODY.PEEK[]")
        octets = _literal(rows[raw.origin.uid], "BODY[]") if raw.origin.uid in rows else None
        return raw if octets is None else replace(raw, octets=octets, complete=True)

    def _everything(self, examined: Examined) -> Iterator[RawMessage | Unfetched]:
        """Every message, at origins that move no cursor."""
        for part in _batches(self._connection.search("ALL")):
            for item in self._messages(part, examined, None):
                yield replace(item, origin=replace(item.origin, uidvalidity=0))

    def _news(self, examined: Examined, cursors: Cursors) -> Iterator[RawMessage | Unfetched]:
        # a server that tells no UIDVALIDITY counts as one that never changes it: identity protects from seconds (D3)
        mailbox, uidvalidity = examined.mailbox, examined.uidvalidity or 1
        cursor = cursors.cursor(mailbox)
        if cursor is None or cursor.uidvalidity != uidvalidity:
            if cursor is not None:
                events.mailbox_restarted(self._connection.server.account, mailbox)
            cursor = cursors.open(mailbox, uidvalidity)
        listed = self._connection.uids_from(cursor.high + 1)
        pending = self._connection.existing(cursor.pending)
        fresh = self._since(cursor.horizon, listed)
        told: set[int] = set()
        for part in [*([uid] for uid in sorted(pending)), *_batches(fresh)]:
            for item in self._tried(part, replace(examined, uidvalidity=uidvalidity), cursor.horizon):
                told.add(item.origin.uid)
                yield item
        if listed or cursor.pending or cursor.horizon:
            cursors.passed_over(mailbox, uidvalidity, max([cursor.high, *listed]), set(cursor.pending) - told)

    def _tried(self, part: list[int], examined: Examined, horizon: datetime | None) -> Iterator[RawMessage | Unfetched]:
        """Dovecot hangs up at a message it can't read: what is left of the batch stays pending, to be read one by one."""
        left = part
        try:
            for item in self._messages(part, examined, horizon):
                left = [uid for uid in left if uid > item.origin.uid]
                yield item
        except ServerUnavailable as error:
            for uid in left:
                yield Unfetched(self._origin(examined, uid, {}), str(error))
            raise

    def _since(self, horizon: datetime | None, uids: list[int]) -> list[int]:
        """Narrow a long list by the server's own index; days only, and in its zone, so a day is added."""
        if horizon is None or len(uids) <= _BATCH:
            return uids
        day = (horizon - timedelta(days=1)).strftime("%d-%b-%Y")
        recent = set(self._connection.search("SINCE", day))
        return [uid for uid in uids if uid in recent]

    def _messages(
        self, uids: list[int], examined: Examined, horizon: datetime | None
    ) -> Iterator[RawMessage | Unfetched]:
        """Those that failed in their places too: what is below a recorded UID counts as finished (A2)."""
        facts = self._rows(uids, "RFC822.SIZE", "INTERNALDATE", "FLAGS", *self._identities())
        there = self._connection.existing([uid for uid in uids if uid not in facts])
        wanted = [uid for uid in uids if (uid in facts and not _before(facts[uid], horizon)) or uid in there]
        for group in _groups(wanted, facts, self._look):
            yield from self._bodies(group, facts, examined)

    def _bodies(self, uids: list[int], facts: dict[int, Any], examined: Examined) -> Iterator[RawMessage | Unfetched]:
        item = f"BODY.PEEK[]<0.{self._look}>"
        rows = self._rows([uid for uid in uids if uid in facts], item)
        for uid in uids:
            fact = facts.get(uid, {})
            octets = _literal(rows.get(uid, {}), "BODY[")
            if octets is None and fact:
                # answered without a literal (B2), or not answered: once more by itself, then it stays pending
                octets = _literal(self._rows([uid], "BODY.PEEK[]").get(uid, {}), "BODY[")
            origin = self._origin(examined, uid, fact)
            if octets is not None:
                complete = _is_whole(octets, fact.get(b"RFC822.SIZE", 0), self._look)
                yield RawMessage(origin, octets, _arrived(fact), _flags(fact), complete)
            elif self._connection.existing([uid]):  # else it is gone (A6)
                yield Unfetched(origin, "the server lists the message but does not deliver it")

    def _rows(self, uids: list[int], *items: str) -> dict[int, dict[bytes, Any]]:
        """Rows by UID; a batch refused as a whole is asked for in halves (F8).

        Yahoo calls a single message [UNAVAILABLE] for ever; if many are, it is the server.
        """
        try:
            return dict(self._connection.fetch(uids, items))
        except (CommandRefused, TryAgain) as error:
            patience = isinstance(error, TryAgain)
            if patience and "[UNAVAILABLE]" not in str(error).upper():
                raise
            half = len(uids) // 2
            rows = self._rows(uids[:half], *items) | self._rows(uids[half:], *items) if half else {}
            if patience and not rows and len(uids) >= _MANY:
                raise
            return rows

    def _identities(self) -> tuple[str, ...]:
        names = (("X-GM-EXT-1", "X-GM-MSGID"), ("OBJECTID", "EMAILID"))
        return tuple(item for capability, item in names if self._connection.has(capability))

    def _origin(self, examined: Examined, uid: int, facts: dict[bytes, Any]) -> Origin:
        account = self._connection.server.account
        names = []
        if b"X-GM-MSGID" in facts:
            names.append(f"gm:{facts[b'X-GM-MSGID']}")
        if emailid := facts.get(b"EMAILID"):
            names.append(f"oid:{emailid[0].decode('ascii', 'replace') if isinstance(emailid, tuple) else emailid}")
        return Origin(
            f"{account}/{examined.mailbox}/{uid}",
            examined.mailbox,
            examined.uidvalidity or 0,
            uid,
            self._own,
            tuple(names),
        )


def _literal(row: dict[bytes, Any], prefix: str) -> bytes | None:
    """The body item by its prefix: servers vary the rest of its name."""
    wanted = prefix.encode().rstrip(b"]")
    found = next((value for key, value in row.items() if key.startswith(wanted)), None)
    return found if isinstance(found, bytes) and found else None


def _is_whole(octets: bytes, size: int, look: int) -> bool:
    """Whether a first look saw everything; RFC822.SIZE is an estimate on some servers, in either direction."""
    return size == look if len(octets) == look else size <= max(len(octets), look)


def _flags(facts: dict[bytes, Any]) -> tuple[str, ...]:
    return tuple(flag.decode("ascii", "replace") for flag in facts.get(b"FLAGS", ()))


def _arrived(facts: dict[bytes, Any]) -> datetime | None:
    """INTERNALDATE in UTC; imapclient's own time zones can't be pickled for the worker."""
    arrived = facts.get(b"INTERNALDATE")
    return arrived.astimezone(UTC) if isinstance(arrived, datetime) else None


def _before(facts: dict[bytes, Any], horizon: datetime | None) -> bool:
    arrived = _arrived(facts)
    return horizon is not None and arrived is not None and arrived < horizon


def _batches(uids: list[int]) -> list[list[int]]:
    return [uids[start : start + _BATCH] for start in range(0, len(uids), _BATCH)]


def _groups(uids: list[int], facts: dict[int, Any], look: int) -> Iterator[list[int]]:
    """Runs of UIDs whose first looks fit the octets in flight (field notes F6)."""
    group: list[int] = []
    octets = 0
    for uid in uids:
        size = min(facts.get(uid, {}).get(b"RFC822.SIZE", look), look)
        if group and octets + size > _BATCH_OCTETS:
            yield group
            group, octets = [], 0
        group.append(uid)
        octets += size
    if group:
        yield group
