"""A mailbox whose messages are votes: what is in it, what is new in it, and the way back for what was learned.

Putting a message there is a vote; that it lies there, or leaves, is none. So what lay there is remembered by identity,
and a new UIDVALIDITY, which makes every message look new, makes no vote (field notes H1, H2).
"""

from collections.abc import Iterator
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import insert

from unburnt.core.model import Label, Origin, RawMessage
from unburnt.errors import CommandRefused
from unburnt.world import schema as db
from unburnt.world.database import Database
from unburnt.world.imap import Connection, Examined

_LARGEST = 32 * 2**20  # octets; nobody was ever turned down in more


@dataclass(frozen=True, slots=True)
class Sighting:
    """A message in a training mailbox that was not read there before."""

    raw: RawMessage
    label: Label


class TrainingMailbox:
    """One of the two."""

    def __init__(self, connection: Connection, database: Database, name: str, label: Label) -> None:
        """``name`` is as configured, with steps between slashes."""
        self._connection = connection
        self._database = database
        self._account = connection.server.account
        self.name = connection.spelt(name)
        self.label = label

    def create(self) -> bool:
        """Make it where it is missing; whether it was."""
        if self._connection.exists(self.name):
            return False
        self._connection.create(self.name)
        return True

    def news(self) -> Iterator[Sighting]:
        """Messages not yet read here; nothing where the mailbox is as it was left. seen() and left() end a pass."""
        if not self._connection.exists(self.name):
            return
        examined = self._connection.examine(self.name)
        if examined.uidnext is not None and self._state() == _state_of(examined):
            return
        known = self._known(examined)
        uids = self._connection.search("ALL")
        self._forget(examined, known.keys() - set(uids))
        items = ["RFC822.SIZE", "FLAGS"]
        small = [
            uid
            for uid, row in self._connection.fetch([uid for uid in uids if uid not in known], items)
            if row.get(b"RFC822.SIZE", 0) <= _LARGEST and b"\\Deleted" not in row.get(b"FLAGS", ())
        ]
        for uid in small:
            self._connection.examine(self.name)  # what is done about one message may examine another mailbox
            for _, row in self._connection.fetch([uid], ["BODY.PEEK[]"]):
                if octets := row.get(b"BODY[]"):
                    yield Sighting(RawMessage(self._origin(examined, uid), octets), self.label)
        self._leave(examined)

    def has_news(self) -> bool:
        """Whether something came or went since the last look; no where the server doesn't tell."""
        if not self._connection.exists(self.name):
            return False
        try:
            now = self._connection.status(self.name)
        except CommandRefused:
            return False
        return now.uidnext is not None and self._state() != _state_of(now)

    def is_new(self, identity: str) -> bool:
        """Whether it lay here at no earlier look, under whatever UID."""
        seen = sa.select(db.sightings.c.uid).where(*self._here(), db.sightings.c.identity == identity)
        return self._database.run(lambda connection: connection.execute(seen).first()) is None

    def seen(self, sighting: Sighting, identity: str) -> None:
        """It was read, and what it means is in the journal."""
        at = sighting.raw.origin
        row = {"account": self._account, "mailbox": self.name, "uidvalidity": at.uidvalidity, "uid": at.uid}
        kept = insert(db.sightings).values(**row, identity=identity).on_conflict_do_nothing()
        self._database.run(lambda connection: connection.execute(kept))

    def give_back(self, sighting: Sighting, mailbox: str, message_id: str | None) -> bool:
        """UID MOVE to where it came from, unless it is there still: then it was copied here. Whether it was moved."""
        if message_id is None or mailbox not in self._connection.server.returns_to or not self._can_give_back():
            return False
        self._connection.examine(mailbox)
        if self._connection.search("HEADER", "Message-ID", message_id):
            return False
        self._connection.move(sighting.raw.origin.uid, self.name, mailbox)
        return True

    def _can_give_back(self) -> bool:
        """Gmail's mailboxes are labels: a move there would take the label off, and with it the user's own sign."""
        return self._connection.has("MOVE") and not self._connection.has("X-GM-EXT-1")

    def _origin(self, examined: Examined, uid: int) -> Origin:
        return Origin(f"{self._account}/{self.name}/{uid}", self.name, examined.uidvalidity or 1, uid)

    def _known(self, examined: Examined) -> dict[int, str]:
        """What was read under this UIDVALIDITY, by UID."""
        table = db.sightings
        query = sa.select(table.c.uid, table.c.identity).where(
            *self._here(), table.c.uidvalidity == (examined.uidvalidity or 1)
        )
        rows = self._database.run(lambda connection: connection.execute(query).all())
        return {row.uid: row.identity for row in rows}

    def _forget(self, examined: Examined, gone: set[int]) -> None:
        """What left is no vote, and may come back as a new one."""
        table = db.sightings
        now = table.c.uidvalidity == (examined.uidvalidity or 1)
        gone_now = [
            sa.delete(table).where(*self._here(), now, table.c.uid == uid) for uid in sorted(gone)
        ]  # one by one: SQLite bounds the terms of an expression

        def work(connection: sa.Connection) -> None:
            for each in gone_now:
                connection.execute(each)

        self._database.run(work)

    def _leave(self, examined: Examined) -> None:
        """All of it was read: older UIDVALIDITYs don't matter any more."""
        table = db.sightings
        state = _state_of(examined)
        row = insert(db.training).values(account=self._account, mailbox=self.name, state=state)
        kept = row.on_conflict_do_update(index_elements=["account", "mailbox"], set_={"state": state})
        older = sa.delete(table).where(*self._here(), table.c.uidvalidity != (examined.uidvalidity or 1))

        def work(connection: sa.Connection) -> None:
            connection.execute(older)
            connection.execute(kept)

        self._database.run(work)

    def _state(self) -> str | None:
        table = db.training
        query = sa.select(table.c.state).where(table.c.account == self._account, table.c.mailbox == self.name)
        return self._database.run(lambda connection: connection.execute(query).scalar())

    def _here(self) -> tuple[sa.ColumnElement[bool], sa.ColumnElement[bool]]:
        return db.sightings.c.account == self._account, db.sightings.c.mailbox == self.name


def _state_of(examined: Examined) -> str:
    """Nothing came or went while this is the same (RFC 9051 section 2.3.1.1); without UIDNEXT one can't tell (D4)."""
    return f"{examined.uidvalidity}/{examined.uidnext}/{examined.exists}"
