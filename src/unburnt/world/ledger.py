"""The actions of the journal: which are due, which may have happened, which are done. Exactly-once rests on this file.

pending → intended (where it will be, durable before the APPEND) → done (its receipt, durable after).
An action found intended after a crash is looked for before it is done again; a finished one is never looked at again.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import insert

from unburnt.core.reason import Reason
from unburnt.world import schema as db
from unburnt.world.database import Database
from unburnt.world.ports import GONE, ActionState, Place, ReminderState

_WAITS = tuple(timedelta(minutes=m) for m in (5, 30, 120, 720))
TO_TAKE_BACK = (ActionState.RECALLED, ActionState.WITHDRAWING, ActionState.TICKED)
_LIVE = (ActionState.PENDING, ActionState.INTENDED, ActionState.HELD, ActionState.FAILED, *TO_TAKE_BACK)
_TOUCHED = "you have touched the letter to the earlier message, so it stays"
_SUCCEEDED = "a person has written since, and gets the letter instead"
VOTED_AGAINST = "you said that it is no rejection"


@dataclass(frozen=True, slots=True)
class Entry:
    """An action as the journal knows it."""

    key: str
    kind: str
    sink: str
    state: ActionState
    due: datetime
    summary: str
    octets: bytes
    place: Place | None
    attempts: int
    released: bool  # by the user: brakes don't count
    error: str | None
    message_id: str | None
    reason: Reason
    company: str | None
    waits_for: str | None = None  # the key of what has to be taken back first


class Ledger:
    """One account's actions."""

    def __init__(self, database: Database, account: str) -> None:
        self._database = database
        self._account = account
        self._mine = db.actions.c.account == account

    def due(self, now: datetime, sinks: Iterable[str]) -> list[Entry]:
        """What wants doing now, oldest first: due, intended, or held or failed with its wait over."""
        actions, at = db.actions.c, now.timestamp()
        waiting = actions.state.in_((ActionState.HELD, ActionState.FAILED)) & (actions.not_before <= at)
        ready = (actions.state == ActionState.PENDING) & (actions.due <= at)
        free = actions.not_before.is_(None) | (actions.not_before <= at)
        begun = actions.state.in_((ActionState.INTENDED, *TO_TAKE_BACK)) & free
        return self._entries(self._mine, actions.sink.in_(tuple(sinks)), ready | begun | waiting)

    def state(self, key: str) -> ActionState | None:
        """The state of an action, of any account; None where there is none."""
        query = sa.select(db.actions.c.state).where(db.actions.c.key == key)
        found = self._database.run(lambda connection: connection.execute(query).scalar())
        return None if found is None else ActionState(found)

    def unfinished(self) -> list[Entry]:
        """Everything that is not done or dropped, for people."""
        return self._entries(self._mine, db.actions.c.state.in_(_LIVE))

    def left(self) -> list[Entry]:
        """What a vote could not take back, and why: for people, who can."""
        left = (db.actions.c.state == ActionState.LEFT) & (db.actions.c.error != GONE)
        return self._entries(self._mine, left)

    def next_due(self, now: datetime) -> datetime | None:
        """When the next action wants attention, if one ever does by itself."""
        actions = db.actions.c
        when = sa.case((actions.state == ActionState.PENDING, actions.due), else_=actions.not_before)
        query = sa.select(sa.func.min(when)).where(self._mine, actions.state.in_(_LIVE))
        first = self._database.run(lambda connection: connection.execute(query).scalar())
        return None if first is None else max(now, datetime.fromtimestamp(first, UTC))

    def intend(self, key: str, place: Place) -> None:
        """An APPEND is about to be sent; after a crash look for it in this place first."""
        self._set(
            key, state=ActionState.INTENDED, mailbox=place.mailbox, uidvalidity=place.uidvalidity, uidnext=place.uidnext
        )

    def receive(self, key: str, receipt: str, now: datetime) -> None:
        """It is stored, and here is where."""
        self._set(key, state=ActionState.DONE, receipt=receipt, error=None, not_before=None, done_at=now.timestamp())

    def fail(self, entry: Entry, error: str, now: datetime) -> None:
        """The sink refused it. It waits, longer each time, and `status` shows why."""
        wait = _WAITS[min(entry.attempts, len(_WAITS) - 1)]
        at = (now + wait).timestamp()
        state = entry.state if entry.state in TO_TAKE_BACK else ActionState.FAILED
        self._set(entry.key, state=state, error=error, attempts=entry.attempts + 1, not_before=at)

    def interrupted(self, entry: Entry, error: str, now: datetime) -> None:
        """The connection ended in the middle. It is looked for at once the first time; if it does so again, others go first."""
        wait = _WAITS[min(entry.attempts, len(_WAITS)) - 1] if entry.attempts else timedelta()
        at = (now + wait).timestamp()
        self._set(entry.key, error=error, attempts=entry.attempts + 1, not_before=at)

    def hold(self, key: str, why: str, until: datetime | None) -> None:
        """A brake: it waits until then, or for the user when None."""
        self._set(key, state=ActionState.HELD, error=why, not_before=until.timestamp() if until else None)

    def drop(self, key: str, why: str) -> None:
        """It is no longer wanted."""
        self._set(key, state=ActionState.DROPPED, error=why, not_before=None)

    def withdrawing(self, key: str) -> None:
        """It is about to be taken back; after a crash, what is gone counts as taken."""
        self._set(key, state=ActionState.WITHDRAWING)

    def withdrawn(self, key: str, left: str | None, now: datetime) -> ActionState:
        """It was taken back, or left for a reason. What waited for that goes on in its place, or falls away."""
        state = ActionState.WITHDRAWN if left is None else ActionState.LEFT

        def work(connection: sa.Connection) -> None:
            values = {"state": state, "error": left, "not_before": None, "done_at": now.timestamp()}
            connection.execute(sa.update(db.actions).where(db.actions.c.key == key).values(values))
            if connection.execute(sa.select(db.actions.c.key).where(db.actions.c.waits_for == key)).first():
                succeed(connection, key) if left is None else _fall_away(connection, key)

        self._database.run(work)
        return state

    def ticked_off(self, key: str, left: str | None, now: datetime) -> ActionState:
        """The reminder is done, and nothing more is owed: a note that the user has changed may stay."""
        self._set(key, state=ActionState.WITHDRAWN, error=left, not_before=None, done_at=now.timestamp())
        return ActionState.WITHDRAWN

    def release(self) -> int:
        """Let everything held or failed go now; returns how many."""
        state = db.actions.c.state.in_((ActionState.HELD, ActionState.FAILED))
        query = sa.update(db.actions).where(self._mine, state)
        return self._database.run(
            lambda connection: connection.execute(query.values(not_before=0.0, attempts=0)).rowcount
        )

    def done_since(self, kind: str, sink: str, since: datetime) -> list[datetime]:
        """When actions of this kind were done in this sink after ``since``, oldest first: what daily_limit counts."""
        actions = db.actions.c
        same = (self._mine, actions.kind == kind, actions.sink == sink)
        query = sa.select(actions.done_at).where(*same, actions.done_at > since.timestamp())
        times = self._database.run(
            lambda connection: connection.execute(query.order_by(actions.done_at)).scalars().all()
        )
        return [datetime.fromtimestamp(at, UTC) for at in times]

    def reconcile(self, keys: frozenset[str]) -> bool:
        """Compare with the keys a sink already holds. A key this journal doesn't know means that it was lost or restored:
        from then until recovered() new actions are held unless the sink has them. Returns whether that is so.
        """

        def work(connection: sa.Connection) -> bool:
            known = set(connection.execute(sa.select(db.actions.c.key)).scalars())  # of any account: some share Drafts
            told = set(
                connection.execute(sa.select(db.found.c.key).where(db.found.c.account == self._account)).scalars()
            )
            for key in (strange := keys - known - told):
                connection.execute(insert(db.found).values(account=self._account, key=key))
            row = insert(db.accounts).values(account=self._account, amnesia=bool(strange))
            update = {"amnesia": sa.or_(db.accounts.c.amnesia, sa.literal(bool(strange)))}
            connection.execute(row.on_conflict_do_update(index_elements=["account"], set_=update))
            lost = sa.select(db.accounts.c.amnesia).where(db.accounts.c.account == self._account)
            return bool(connection.execute(lost).scalar())

        return self._database.run(work)

    def recovered(self) -> None:
        """A whole pass went through: what is planned from now on is new."""
        query = sa.update(db.accounts).where(db.accounts.c.account == self._account).values(amnesia=False)
        self._database.run(lambda connection: connection.execute(query))

    def _set(self, key: str, **values: object) -> None:
        query = sa.update(db.actions).where(self._mine, db.actions.c.key == key).values(values)
        self._database.run(lambda connection: connection.execute(query))

    def _entries(self, *where: sa.ColumnElement[bool]) -> list[Entry]:
        messages = db.messages.c
        query = (
            sa.select(db.actions, messages.message_id, messages.reason, messages.company)
            .join(db.messages)
            .where(*where)
            .order_by(db.actions.c.due, db.actions.c.message, db.actions.c.kind == "draft", db.actions.c.kind)
        )
        return [_entry(row) for row in self._database.run(lambda connection: connection.execute(query).all())]


def recall(connection: sa.Connection, message: int, why: str) -> None:
    """What is planned for the message falls away, what is done is to be taken back."""
    actions = db.actions.c
    of_it = sa.update(db.actions).where(actions.message == message)
    waiting = actions.state.in_((ActionState.PENDING, ActionState.HELD, ActionState.FAILED))
    connection.execute(of_it.where(waiting).values(state=ActionState.DROPPED, error=why, not_before=None))
    done = actions.state.in_((ActionState.DONE, ActionState.INTENDED))
    connection.execute(of_it.where(done).values(state=ActionState.RECALLED, error=None, not_before=None, attempts=0))
    still_open = (db.reminders.c.message == message) & (db.reminders.c.state == ReminderState.OPEN)
    connection.execute(sa.update(db.reminders).where(still_open).values(state=ReminderState.DROPPED, why=why))


def succeed(connection: sa.Connection, key: str) -> None:
    """A letter makes room for a better one: so does all else that was planned or done for its message."""
    message = connection.execute(sa.select(db.actions.c.message).where(db.actions.c.key == key)).scalar_one()
    recall(connection, message, _SUCCEEDED)


def _fall_away(connection: sa.Connection, key: str) -> None:
    """A letter stays, so what would have taken its place isn't done, and of what was planned beside it nothing changes."""
    waiting = (db.actions.c.waits_for == key) & (db.actions.c.state != ActionState.DROPPED)
    of_these = db.reminders.c.key.in_(sa.select(db.actions.c.reminder).where(waiting))
    connection.execute(sa.update(db.reminders).where(of_these).values(state=ReminderState.DROPPED, why=_TOUCHED))
    connection.execute(
        sa.update(db.actions).where(waiting).values(state=ActionState.DROPPED, error=_TOUCHED, not_before=None)
    )


def recall_letter(connection: sa.Connection, key: str) -> bool:
    """A better letter is planned: this one is to be taken back. False if the user keeps it, or has kept an earlier one."""
    row = connection.execute(sa.select(db.actions).where(db.actions.c.key == key)).one_or_none()
    while row is not None and row.state == ActionState.DROPPED and row.waits_for is not None:
        row = connection.execute(sa.select(db.actions).where(db.actions.c.key == row.waits_for)).one_or_none()
    if row is not None and row.state == ActionState.LEFT:
        return False
    if row is not None and row.state in (ActionState.DONE, ActionState.INTENDED):
        taken = {"state": ActionState.RECALLED, "error": None, "not_before": None, "attempts": 0}
        connection.execute(sa.update(db.actions).where(db.actions.c.key == row.key).values(taken))
    elif row is not None:
        succeed(connection, row.key)
    return True


def restore(connection: sa.Connection, keys: Sequence[str]) -> None:
    """Of actions that a vote took back: those in Trash or never done are due anew, those still there are done."""
    actions = db.actions.c
    these = sa.update(db.actions).where(actions.key.in_(keys))
    dropped = (actions.state == ActionState.DROPPED) & (actions.error == VOTED_AGAINST)
    anew = {"state": ActionState.PENDING, "error": None, "mailbox": None, "receipt": None, "done_at": None}
    connection.execute(these.where((actions.state == ActionState.WITHDRAWN) | dropped).values(anew))
    there = sa.case((actions.receipt.is_(None), ActionState.INTENDED), else_=ActionState.DONE)
    kept = actions.state.in_((ActionState.RECALLED, ActionState.WITHDRAWING, ActionState.LEFT))
    connection.execute(these.where(kept).values(state=there, error=None, not_before=None))
    voted = db.reminders.c.why == VOTED_AGAINST
    of_these = db.reminders.c.key.in_(sa.select(actions.reminder).where(actions.key.in_(keys)))
    connection.execute(sa.update(db.reminders).where(voted, of_these).values(state=ReminderState.OPEN, why=None))


def _entry(row: sa.Row[tuple[object, ...]]) -> Entry:
    place = Place(row.mailbox, row.uidvalidity, row.uidnext) if row.mailbox is not None else None
    return Entry(
        row.key,
        row.kind,
        row.sink,
        ActionState(row.state),
        datetime.fromtimestamp(row.due, UTC),
        row.summary,
        row.octets,
        place,
        row.attempts,
        row.not_before == 0.0,
        row.error,
        row.message_id,
        Reason(row.reason),
        row.company,
        row.waits_for,
    )
