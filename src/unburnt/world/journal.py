"""What was decided and what became of it, for one account: written before the work, ticked off after it.

Each public method is one transaction, on the disk when it returns. A kill between any two of them leaves a state from
which drain() goes on: a message is unseen or recorded with its actions, an action pending, intended, or done.
"""

from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import insert

from unburnt.core.model import Action, AddReminder, Origin, Plan, Unfetched
from unburnt.core.planner import reconsider
from unburnt.core.reason import Reason
from unburnt.world import index, ledger, rows
from unburnt.world import schema as db
from unburnt.world.database import Database
from unburnt.world.ledger import Ledger
from unburnt.world.ports import ActionState, Cursor

_LOST = "this journal is younger than drafts found on the server; it can't tell whether this was saved before"
_SETTLED = (  # as rejections go
    Reason.PLANNED,
    Reason.TOO_OLD,
    Reason.TOO_EARLY,
    Reason.ALREADY_ANSWERED,
    Reason.OWN_MESSAGE,
)
_WAITS = tuple(timedelta(minutes=m) for m in (0, 10, 60, 360, 1440))  # after each failed FETCH but the last


class Journal:
    """The journal as one account sees it; accounts of one state directory share the database."""

    def __init__(
        self, database: Database, account: str, clock: Callable[[], datetime], first_run: timedelta | None
    ) -> None:
        """A mailbox that is opened for the first time gets a horizon: mail older than ``first_run`` is passed over."""
        self.database = database
        self._clock = clock
        self.account = account
        self.ledger = Ledger(database, account)
        self._first_run = first_run

    # -- where the sources stand ------------------------------------------------------------------------------------

    def cursor(self, mailbox: str) -> Cursor | None:
        """Where the mailbox stands, with the pending UIDs that are due for another try; None when never opened."""

        def work(connection: sa.Connection) -> Cursor | None:
            row = connection.execute(sa.select(db.cursors).where(*self._at(db.cursors, mailbox))).one_or_none()
            if row is None:
                return None
            pending = connection.execute(
                sa.select(db.unfetched.c.uid)
                .where(*self._at(db.unfetched, mailbox), db.unfetched.c.uidvalidity == row.uidvalidity)
                .where(db.unfetched.c.not_before <= self._clock().timestamp())
            ).scalars()
            # what arrives later counts whatever its date, which a move between mailboxes keeps (A3)
            return Cursor(row.uidvalidity, row.high, tuple(pending), None if row.settled else _time(row.horizon))

        return self.database.run(work)

    def open(self, mailbox: str, uidvalidity: int) -> Cursor:
        """Start the mailbox anew under this UIDVALIDITY (RFC 9051 section 2.3.1.1); its horizon stays what it was."""

        def work(connection: sa.Connection) -> Cursor:
            horizon = None if self._first_run is None else (self._clock() - self._first_run).timestamp()
            fresh = {"uidvalidity": uidvalidity, "high": 0, "settled": False}
            connection.execute(
                insert(db.cursors)
                .values(account=self.account, mailbox=mailbox, horizon=horizon, **fresh)
                .on_conflict_do_update(index_elements=["account", "mailbox"], set_=fresh)
            )
            connection.execute(sa.delete(db.unfetched).where(*self._at(db.unfetched, mailbox)))
            kept = connection.execute(
                sa.select(db.cursors.c.horizon).where(*self._at(db.cursors, mailbox))
            ).scalar_one()
            return Cursor(uidvalidity, 0, (), _time(kept))

        return self.database.run(work)

    def passed_over(self, mailbox: str, uidvalidity: int, high: int, gone: Collection[int]) -> None:
        """A pass went through: all up to ``high`` is finished, mail from before the horizon too, and so is what is gone."""

        def work(connection: sa.Connection) -> None:
            here = (*self._at(db.cursors, mailbox), db.cursors.c.uidvalidity == uidvalidity)
            connection.execute(sa.update(db.cursors).where(*here, sa.not_(db.cursors.c.settled)).values(settled=True))
            self._advance(connection, Origin("", mailbox, uidvalidity, high), settles=False)
            at = (*self._at(db.unfetched, mailbox), db.unfetched.c.uid.in_(gone))
            connection.execute(sa.delete(db.unfetched).where(*at))

        self.database.run(work)

    def postpone(self, failure: Unfetched, now: datetime) -> Plan | None:
        """Keep a UID pending after a failed FETCH; after several tries, spread over time, set it aside and say so."""
        at = failure.origin

        def work(connection: sa.Connection) -> Plan | None:
            where = (*self._at(db.unfetched, at.mailbox), db.unfetched.c.uid == at.uid)
            tries = (connection.execute(sa.select(db.unfetched.c.attempts).where(*where)).scalar() or 0) + 1
            if tries > len(_WAITS) or not at.uidvalidity:  # a file, or a scan: there is no later try
                identity = f"?{self.account} {at.uidvalidity} {at.source}"
                plan = Plan(at, Reason.UNFETCHABLE, identity, error=failure.error)
                if self._known(connection, plan) is None:  # a file may have been so at an earlier scan
                    self._insert(connection, plan, now)
                self._advance(connection, at)
                return plan
            values = {
                "attempts": tries,
                "error": failure.error,
                "not_before": (now + _WAITS[tries - 1]).timestamp(),
            }
            key = {"account": self.account, "mailbox": at.mailbox, "uidvalidity": at.uidvalidity, "uid": at.uid}
            connection.execute(
                insert(db.unfetched)
                .values(**key, **values)
                .on_conflict_do_update(index_elements=list(key), set_=values)
            )
            self._advance(connection, at, settles=False)
            return None

        return self.database.run(work)

    # -- messages ---------------------------------------------------------------------------------------------------

    def record(self, plan: Plan, now: datetime) -> Plan:
        """Store a plan with its actions and move the cursor past its message; returns what was stored.

        What only the journal knows (another copy was here before, the user has replied) changes the plan first.
        """

        def work(connection: sa.Connection) -> Plan:
            known = self._known(connection, plan)
            stored = reconsider(
                plan, duplicate=known is not None, answered=self._answered(connection, plan.envelope.message_id)
            )
            stored = _unless_kept(connection, stored)
            message = known if known is not None else self._insert(connection, stored, now)
            self._name(connection, plan.origin, message)
            self._enter(connection, stored, message)
            if stored.reason is Reason.OWN_MESSAGE:
                self._remember_replies(connection, plan.envelope.in_reply_to, now)
            self._advance(connection, plan.origin)
            return stored

        return self.database.run(work)

    def revise(self, plan: Plan, now: datetime) -> Plan:
        """The user has said what this message is: a letter where none was planned, or what was planned taken back."""

        def work(connection: sa.Connection) -> Plan:
            known = self._known(connection, plan)
            before = _row(connection, known)
            if before is not None and before.reason in _SETTLED and plan.reason is not Reason.VOTED_OTHER:
                return plan
            answered = self._answered(connection, plan.envelope.message_id)
            stored = reconsider(plan, duplicate=False, answered=answered)
            if before is not None:  # a first look at its beginning may have named it otherwise
                origin = replace(plan.origin, source=before.source)
                stored = replace(stored, identity=before.identity, origin=origin)
            stored = _unless_kept(connection, stored)
            message = self._insert(connection, stored, now)
            self._name(connection, plan.origin, message)
            if stored.reason is Reason.VOTED_OTHER:
                ledger.recall(connection, message, ledger.VOTED_AGAINST)
            self._enter(connection, stored, message)
            ledger.restore(connection, [action.key for action in stored.actions])
            return stored

        return self.database.run(work)

    def remember(self, origin: Origin, plan: Plan | None, now: datetime) -> None:
        """A message of the history was read, or can't be (None): what is kept is its step, and what it answers."""

        def work(connection: sa.Connection) -> None:
            if plan is not None and plan.reason is Reason.OWN_MESSAGE:
                self._remember_replies(connection, plan.envelope.in_reply_to, now)
            if plan is not None and plan.step is not None:
                index.keep(connection, self.account, plan.step)
            self._advance(connection, origin)

        self.database.run(work)

    def mailbox_of(self, identity: str) -> str | None:
        """The mailbox in which the message was seen first, if it was in this account's."""
        m = db.messages.c
        query = sa.select(m.source).where(m.identity == identity, m.account == self.account)
        source = self.database.run(lambda connection: connection.execute(query).scalar())
        return source[len(self.account) + 1 :].rpartition("/")[0] or None if source else None

    def answered(self, message_id: str | None) -> bool:
        """Whether the user has replied to this message, as far as Sent was read."""
        return self.database.run(lambda connection: self._answered(connection, message_id))

    def _known(self, connection: sa.Connection, plan: Plan) -> int | None:
        m = db.messages.c
        left = (m.reason == Reason.OTHER_ACCOUNT) & (m.account != self.account)  # to us, it may be
        same = sa.select(m.id).where(m.identity == plan.identity, ~left)
        if (row := connection.execute(same).scalar()) is not None:
            return int(row)
        named = sa.select(db.names.c.message).where(
            db.names.c.account == self.account, db.names.c.name.in_(plan.origin.names)
        )
        row = connection.execute(named).scalar()
        return None if row is None else int(row)

    def _answered(self, connection: sa.Connection, message_id: str | None) -> bool:
        query = sa.select(db.replies.c.at).where(db.replies.c.answered == message_id)
        return message_id is not None and connection.execute(query).first() is not None

    def _insert(self, connection: sa.Connection, plan: Plan, now: datetime) -> int:
        values = rows.message(plan, self.account, now)
        row = insert(db.messages).values(values).on_conflict_do_update(index_elements=["identity"], set_=values)
        result = connection.execute(row.returning(db.messages.c.id))
        return int(result.scalar_one())

    def _name(self, connection: sa.Connection, origin: Origin, message: int) -> None:
        for name in origin.names:
            row = {"account": self.account, "name": name, "message": message}
            connection.execute(insert(db.names).values(row).on_conflict_do_nothing())

    def _enter(self, connection: sa.Connection, plan: Plan, message: int) -> None:
        """The actions of a plan, and its step in the history. A letter that replaces another waits until that is gone."""
        for action in plan.actions:
            self._add(connection, message, action, plan.replaces)
        if plan.step is not None and plan.reason is not Reason.DUPLICATE:
            index.keep(connection, self.account, plan.step if plan.actions else replace(plan.step, letter=None))

    def _add(self, connection: sa.Connection, message: int, action: Action, waits_for: str | None) -> None:
        state, error, receipt = self._first_state(connection, action.key)
        row = rows.action(action) | {
            "message": message,
            "account": self.account,
            "state": state,
            "error": error,
            "receipt": receipt,
            "waits_for": waits_for,
        }
        connection.execute(insert(db.actions).values(row).on_conflict_do_nothing())
        if isinstance(action, AddReminder):
            reminder = rows.reminder(action) | {"message": message, "account": self.account}
            connection.execute(insert(db.reminders).values(reminder).on_conflict_do_nothing())

    def _first_state(self, connection: sa.Connection, key: str) -> tuple[ActionState, str | None, str | None]:
        mine = db.found.c.account == self.account
        if connection.execute(sa.select(db.found.c.key).where(mine, db.found.c.key == key)).first():
            return ActionState.DONE, None, "found"
        amnesia = sa.select(db.accounts.c.amnesia).where(db.accounts.c.account == self.account)
        if connection.execute(amnesia).scalar():
            return ActionState.HELD, _LOST, None
        return ActionState.PENDING, None, None

    def _remember_replies(self, connection: sa.Connection, answered: tuple[str, ...], now: datetime) -> None:
        for message_id in answered:
            row = {"answered": message_id, "at": now.timestamp()}
            connection.execute(insert(db.replies).values(row).on_conflict_do_nothing())

    def _advance(self, connection: sa.Connection, at: Origin, *, settles: bool = True) -> None:
        if not at.uidvalidity:  # a file, or a scan that reads past all cursors
            return
        here = (*self._at(db.cursors, at.mailbox), db.cursors.c.uidvalidity == at.uidvalidity)
        connection.execute(sa.update(db.cursors).where(*here, db.cursors.c.high < at.uid).values(high=at.uid))
        if settles:
            connection.execute(
                sa.delete(db.unfetched).where(*self._at(db.unfetched, at.mailbox), db.unfetched.c.uid == at.uid)
            )

    def _at(self, table: sa.Table, mailbox: str) -> tuple[sa.ColumnElement[bool], sa.ColumnElement[bool]]:
        return table.c.account == self.account, table.c.mailbox == mailbox


def _unless_kept(connection: sa.Connection, plan: Plan) -> Plan:
    """The letter that it replaces is to be taken back; if the user has that in hand, it is the same no told again."""
    if plan.replaces is None or not plan.actions or ledger.recall_letter(connection, plan.replaces):
        return plan
    return replace(plan, reason=Reason.SAME_PROCESS, actions=(), replaces=None)


def _row(connection: sa.Connection, message: int | None) -> sa.Row[tuple[object, ...]] | None:
    return connection.execute(sa.select(db.messages).where(db.messages.c.id == message)).one_or_none()


def _time(seconds: float | None) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)
