"""How an account is doing, how often it was connected to, and what other commands ask of its daemon."""

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import insert

from unburnt.world import schema as db
from unburnt.world.database import Database

_HOUR = timedelta(hours=1)


class Health:
    """One account's state of health, kept over restarts."""

    def __init__(self, database: Database, account: str) -> None:
        self._database = database
        self._account = account

    def well(self, now: datetime) -> None:
        """A pass went through."""
        self._set(last_contact=now.timestamp(), health="well", error=None)

    def trouble(self, kind: str, error: str) -> None:
        """Something stands in the way: "unavailable", "login refused", "configuration"."""
        self._set(health=kind, error=error)

    def may_connect_at(self, cap: int | None, now: datetime) -> datetime:
        """When the next connection is allowed: a cap an hour that holds across restarts (field notes E5, L3)."""
        connections = db.connections.c
        query = (
            sa.select(connections.at)
            .where(connections.account == self._account, connections.at > (now - _HOUR).timestamp())
            .where(connections.at <= now.timestamp())  # the clock may have been set back (L4)
            .order_by(connections.at)
        )
        recent = self._database.run(lambda connection: connection.execute(query).scalars().all())
        if cap is None or len(recent) < cap:
            return now
        return datetime.fromtimestamp(recent[-cap], now.tzinfo) + _HOUR

    def connecting(self, now: datetime) -> None:
        """Count a connection, and forget those that no longer matter."""

        def work(connection: sa.Connection) -> None:
            connection.execute(insert(db.connections).values(account=self._account, at=now.timestamp()))
            connection.execute(sa.delete(db.connections).where(db.connections.c.at < (now - 2 * _HOUR).timestamp()))

        self._database.run(work)

    def ask(self, kind: str, now: datetime) -> None:
        """Leave a request for the daemon that holds the account's lock."""
        row = {"account": self._account, "kind": kind, "asked_at": now.timestamp()}
        self._database.run(lambda connection: connection.execute(insert(db.requests).values(row)))

    def asked(self) -> list[tuple[int, str]]:
        """Open requests, oldest first: (number, kind)."""
        query = sa.select(db.requests.c.id, db.requests.c.kind).where(db.requests.c.account == self._account)
        rows = self._database.run(lambda connection: connection.execute(query.order_by(db.requests.c.id)).all())
        return [(row.id, row.kind) for row in rows]

    def answered(self, number: int) -> None:
        """The request has been done."""
        query = sa.delete(db.requests).where(db.requests.c.id == number)
        self._database.run(lambda connection: connection.execute(query))

    def _set(self, **values: object) -> None:
        row = insert(db.accounts).values(account=self._account, **values)
        update = row.on_conflict_do_update(index_elements=["account"], set_=values)
        self._database.run(lambda connection: connection.execute(update))
