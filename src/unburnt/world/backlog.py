"""How far the history was read, and how much of it may still be read today."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import insert

from unburnt.core.model import Origin, Plan
from unburnt.world import schema as db
from unburnt.world.database import Database
from unburnt.world.journal import Journal
from unburnt.world.ports import Cursor

_MARK = "history of "  # a mailbox may be watched too, and then has a cursor for that as well
_OCTETS_A_DAY = 250 * 2**20  # a tenth of what Gmail lets anybody fetch (field notes F2)
_KEPT = timedelta(days=7)


class Backlog:
    """The cursors of mailboxes that are read for the history, beside those that are watched."""

    def __init__(self, journal: Journal) -> None:
        """``journal`` has as its first run the time that the history reaches back."""
        self._journal = journal

    def cursor(self, mailbox: str) -> Cursor | None:
        return self._journal.cursor(_MARK + mailbox)

    def open(self, mailbox: str, uidvalidity: int) -> Cursor:
        return self._journal.open(_MARK + mailbox, uidvalidity)

    def passed_over(self, mailbox: str, uidvalidity: int, high: int, gone: Collection[int]) -> None:
        self._journal.passed_over(_MARK + mailbox, uidvalidity, high, gone)

    def is_read(self, mailbox: str) -> bool:
        """Whether the mailbox was read through once."""
        cursor = self.cursor(mailbox)
        return cursor is not None and cursor.horizon is None

    def remember(self, origin: Origin, plan: Plan | None, now: datetime) -> None:
        """A message was read, or can't be (None)."""
        marked = replace(origin, mailbox=_MARK + origin.mailbox) if origin.uidvalidity else origin
        self._journal.remember(marked, plan, now)


class Budget:
    """Octets that may be fetched for the history in a day, of an account; kept over restarts."""

    def __init__(self, database: Database, account: str, octets_a_day: int = _OCTETS_A_DAY) -> None:
        self._database = database
        self._account = account
        self._most = octets_a_day

    def spend(self, octets: int, now: datetime) -> None:
        """Count what was fetched."""
        traffic = db.traffic
        row = insert(traffic).values(account=self._account, day=_day(now), octets=octets)
        more = row.on_conflict_do_update(
            index_elements=["account", "day"], set_={"octets": traffic.c.octets + row.excluded.octets}
        )
        old = sa.delete(traffic).where(traffic.c.day < _day(now - _KEPT))

        def work(connection: sa.Connection) -> None:
            connection.execute(more)
            connection.execute(old)

        self._database.run(work)

    def is_spent(self, now: datetime) -> bool:
        """Whether the rest has to wait for tomorrow."""
        query = sa.select(db.traffic.c.octets).where(
            db.traffic.c.account == self._account, db.traffic.c.day == _day(now)
        )
        spent = self._database.run(lambda connection: connection.execute(query).scalar())
        return (spent or 0) >= self._most


def _day(now: datetime) -> str:
    return now.date().isoformat()
