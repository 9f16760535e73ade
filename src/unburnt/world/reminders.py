"""What the user is reminded of: open, done or dropped, whatever sinks hold it. Moving one moves all its forms.

Each public method is one transaction; what it asks of the sinks is left to the ledger, which does it exactly once.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import insert

from unburnt.core import compose
from unburnt.core.model import Purpose
from unburnt.world import rows
from unburnt.world import schema as db
from unburnt.world.database import Database
from unburnt.world.ports import ActionState, ReminderState

_WAITING = (ActionState.PENDING, ActionState.HELD, ActionState.FAILED)
_THERE = (ActionState.DONE, ActionState.INTENDED)
PUT_OFF = "you have put it off"


@dataclass(frozen=True, slots=True)
class Reminder:
    """One, as people see it."""

    key: str
    account: str
    purpose: Purpose
    due: datetime
    state: ReminderState
    summary: str
    why: str | None
    identity: str  # of the message that it is about
    company: str | None
    role: str | None
    contact: str | None


class Reminders:
    """The reminders of all accounts: they are one person's."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def all(self) -> list[Reminder]:
        """Every reminder, by its day."""
        return self._read()

    def coming(self, account: str, purposes: Collection[Purpose], now: datetime) -> list[Reminder]:
        """Those still to come, or due and put nowhere yet, as after a time when nothing ran."""
        actions = db.actions.c
        unput = sa.select(actions.reminder).where(actions.state == ActionState.PENDING)
        coming = (db.reminders.c.due > now.timestamp()) | db.reminders.c.key.in_(unput)
        these = (db.reminders.c.account == account, db.reminders.c.purpose.in_(tuple(purposes)))
        return self._read(db.reminders.c.state == ReminderState.OPEN, coming, *these)

    def called(self, prefix: str) -> list[Reminder]:
        """Those whose key begins so."""
        return self._read(db.reminders.c.key.startswith(prefix, autoescape=True))

    def done(self, key: str) -> None:
        """The user has done it: its forms are ticked off or taken away, what wasn't put yet falls away."""

        def work(connection: sa.Connection) -> None:
            _close(connection, key, ReminderState.DONE, "you have done it")
            these = _forms(key) & (db.actions.c.kind != rows.CHECK_IN_LETTER) & db.actions.c.state.in_(_THERE)
            connection.execute(_update(these, state=ActionState.TICKED, error=None, not_before=None, attempts=0))

        self._database.run(work)

    def drop(self, key: str, why: str) -> None:
        """It is no longer wanted: all its forms are taken back, the letter too, if untouched."""

        def work(connection: sa.Connection) -> None:
            _close(connection, key, ReminderState.DROPPED, why)
            these = _forms(key) & db.actions.c.state.in_(_THERE)
            connection.execute(_update(these, state=ActionState.RECALLED, error=None, not_before=None, attempts=0))

        self._database.run(work)

    def move(self, key: str, due: datetime, why: str | None, now: datetime) -> None:
        """Another day for it and for all its forms; a note that was put already is taken back, and put once more."""

        def work(connection: sa.Connection) -> None:
            values = {"due": due.timestamp(), "why": why, "state": ReminderState.OPEN}
            connection.execute(sa.update(db.reminders).where(db.reminders.c.key == key).values(values))
            for row in connection.execute(sa.select(db.actions).where(_forms(key))).all():
                _move(connection, row, due, now)

        self._database.run(work)

    def held(self, account: str, sinks: Collection[str]) -> dict[str, dict[str, str]]:
        """Of open reminders, what these sinks hold: sink → key of the action → key of the reminder."""
        actions = db.actions.c
        query = (
            sa.select(actions.sink, actions.key, actions.reminder)
            .join(db.reminders, db.reminders.c.key == actions.reminder)
            .where(db.reminders.c.state == ReminderState.OPEN, actions.account == account)
            .where(actions.state == ActionState.DONE, actions.sink.in_(tuple(sinks)))
        )
        found: dict[str, dict[str, str]] = {}
        for row in self._database.run(lambda connection: connection.execute(query).all()):
            found.setdefault(row.sink, {})[row.key] = row.reminder
        return found

    def _read(self, *where: sa.ColumnElement[bool]) -> list[Reminder]:
        r, m = db.reminders.c, db.messages.c
        of_message = (m.identity, m.company, m.role, m.contact_name)
        query = sa.select(db.reminders, *of_message).join(db.messages).where(*where).order_by(r.due, r.key)
        rows: Sequence[sa.Row[tuple[object, ...]]] = self._database.run(lambda c: c.execute(query).all())
        return [_reminder(row) for row in rows]


def _forms(key: str) -> sa.ColumnElement[bool]:
    return db.actions.c.reminder == key


def _update(where: sa.ColumnElement[bool], **values: object) -> sa.Update:
    return sa.update(db.actions).where(where).values(values)


def _close(connection: sa.Connection, key: str, state: ReminderState, why: str) -> None:
    connection.execute(sa.update(db.reminders).where(db.reminders.c.key == key).values(state=state, why=why))
    waiting = _forms(key) & db.actions.c.state.in_(_WAITING)
    connection.execute(_update(waiting, state=ActionState.DROPPED, error=why, not_before=None))


def _move(connection: sa.Connection, row: sa.Row[tuple[object, ...]], due: datetime, now: datetime) -> None:
    """One form: what waits waits longer, a calendar's entry is written anew, a note in Drafts comes back on that day."""
    this = db.actions.c.key == row.key
    in_calendar, waits = row.sink in compose.CALENDARS, row.state in _WAITING
    octets = compose.moved(row.sink, row.octets, due=due, stamp=now)
    if in_calendar and (waits or row.state in _THERE):
        anew = {"octets": octets, "due": now.timestamp(), "state": ActionState.PENDING, "not_before": None}
        connection.execute(_update(this, **anew, mailbox=None))  # no put of it has begun: what is found there is older
    elif waits:
        anew = {"octets": octets, "due": due.timestamp(), "state": ActionState.PENDING, "not_before": None}
        connection.execute(_update(this, **anew))
    elif row.state in _THERE and row.kind != rows.CHECK_IN_LETTER:
        connection.execute(_update(this, state=ActionState.RECALLED, error=None, not_before=None, attempts=0))
        fresh, octets = compose.anew(row.key, row.octets, due)
        pending = {"key": fresh, "octets": octets, "due": due.timestamp(), "state": ActionState.PENDING}
        kept = {
            name: getattr(row, name) for name in ("message", "account", "kind", "sink", "summary", "text", "reminder")
        }
        connection.execute(insert(db.actions).values(kept | pending).on_conflict_do_nothing())


def _reminder(row: sa.Row[tuple[object, ...]]) -> Reminder:
    return Reminder(
        row.key,
        row.account,
        Purpose(row.purpose),
        datetime.fromtimestamp(row.due, UTC),
        ReminderState(row.state),
        row.summary,
        row.why,
        row.identity,
        row.company,
        row.role,
        row.contact_name,
    )
