"""One pass: everything new from a source is decided and written down, then everything due is done.

The daemon, `scan`, the demo and the crash tests all call these two functions.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Protocol

from unburnt.core.model import Label, Plan, RawMessage, Unfetched
from unburnt.errors import CommandRefused, ServerUnavailable, TryAgain
from unburnt.world.backlog import Backlog, Budget
from unburnt.world.journal import Journal
from unburnt.world.ledger import TO_TAKE_BACK, Entry, Ledger
from unburnt.world.ports import GONE, ActionSink, ActionState, Decider, MailSource

Clock = Callable[[], datetime]
_DAY = timedelta(hours=24)
_SOON = timedelta(minutes=5)


class Report(Protocol):
    """Told of every step, for a log, a table or a progress bar."""

    def planned(self, plan: Plan) -> None: ...

    def acted(self, entry: Entry, state: ActionState, error: str | None) -> None: ...


def drain(
    source: MailSource, decider: Decider, journal: Journal, clock: Clock, report: Report, stop: Callable[[], bool]
) -> None:
    """Decide on everything new, one message at a time; each is durable, with its actions, before the next is looked at."""
    for head in source.heads():
        if isinstance(head, Unfetched):
            if (plan := journal.postpone(head, clock())) is not None:
                report.planned(plan)
        else:
            report.planned(journal.record(_decide(source, decider, journal, head, clock), clock()))
        if stop():
            return


def look_back(
    source: MailSource, decider: Decider, backlog: Backlog, budget: Budget, clock: Clock, stop: Callable[[], bool]
) -> None:
    """Enter older mail, and what the user wrote, in the history; nothing is done about it. It goes on another day where
    the budget ends.
    """
    for head in source.heads():
        is_draft = not isinstance(head, Unfetched) and "\\draft" in (flag.lower() for flag in head.flags)
        if isinstance(head, Unfetched) or is_draft:  # All Mail of Gmail holds drafts, ours among them
            backlog.remember(head.origin, None, clock())
        else:
            backlog.remember(head.origin, decider.plan(head, clock()), clock())
            budget.spend(len(head.octets), clock())
        if stop() or budget.is_spent(clock()):
            return


def _decide(source: MailSource, decider: Decider, journal: Journal, head: RawMessage, clock: Clock) -> Plan:
    """A first look may settle it; what may be a rejection is read whole."""
    plan = decider.plan(head, clock())
    if head.complete or (plan.verdict is not None and plan.verdict.label is Label.OTHER):
        return plan
    try:
        whole = source.full(head)
    except ServerUnavailable as error:  # some servers hang up at what they can't read
        journal.postpone(Unfetched(head.origin, str(error)), clock())
        raise
    return decider.plan(whole, clock())


def apply(
    journal: Journal,
    sinks: Mapping[str, ActionSink],
    daily_limit: int,
    clock: Clock,
    report: Report,
    stop: Callable[[], bool],
) -> None:
    """Do what is due, exactly once: intent, act, receipt. A refusal concerns its own action only."""
    for entry in journal.ledger.due(clock(), sinks):
        if stop():
            return
        state, error = _perform(journal, sinks[entry.sink], entry, daily_limit, clock)
        if (state, error) != (entry.state, entry.error):
            report.acted(entry, state, error)


def _perform(
    journal: Journal, sink: ActionSink, entry: Entry, daily_limit: int, clock: Clock
) -> tuple[ActionState, str | None]:
    ledger, now = journal.ledger, clock()
    try:
        if entry.state in TO_TAKE_BACK:
            return _take_back(ledger, sink, entry, now)
        if entry.waits_for and (found := _waiting(ledger, entry, now)) is not None:
            return found
        receipt = sink.find(entry.key, entry.place) if entry.place else None
        if receipt is None:
            if journal.answered(entry.message_id) and entry.kind == "draft":
                ledger.drop(entry.key, why := "you have replied in the meantime")
                return ActionState.DROPPED, why
            if not entry.released and (free_at := _brake(journal, entry, daily_limit, now)) is not None:
                ledger.hold(entry.key, why := f"letters.daily_limit of {daily_limit} is reached", free_at)
                return ActionState.HELD, why
            ledger.intend(entry.key, sink.place())
            receipt = sink.put(entry.key, entry.octets)
    except (CommandRefused, TryAgain) as error:
        ledger.fail(entry, str(error), now)
        if isinstance(error, TryAgain):  # the server asks for patience: nothing more in this pass
            raise
        return ActionState.FAILED, str(error)
    except ServerUnavailable as error:
        ledger.interrupted(entry, str(error), now)
        raise
    ledger.receive(entry.key, receipt, clock())
    return ActionState.DONE, None


def _take_back(ledger: Ledger, sink: ActionSink, entry: Entry, now: datetime) -> tuple[ActionState, str | None]:
    """A letter or a note that is no longer wanted, or a reminder that is done."""
    if entry.state is ActionState.TICKED:
        left = sink.complete(entry.key, entry.octets)
        return ledger.ticked_off(entry.key, left, now), left
    ledger.withdrawing(entry.key)
    left = sink.withdraw(entry.key, entry.octets)
    if left == GONE and entry.state is ActionState.WITHDRAWING:
        left = None  # taken back before a crash
    return ledger.withdrawn(entry.key, left, now), left


def _waiting(ledger: Ledger, entry: Entry, now: datetime) -> tuple[ActionState, str | None] | None:
    """What becomes of an action that takes another's place, unless that one is gone and it may go on."""
    match ledger.state(entry.waits_for or ""):
        case ActionState.LEFT:
            return ActionState.DROPPED, None
        case ActionState.RECALLED | ActionState.WITHDRAWING | ActionState.INTENDED:
            ledger.hold(entry.key, why := "waits until the letter to the earlier message is taken back", now + _SOON)
            return ActionState.HELD, why
    return None


def _brake(journal: Journal, entry: Entry, daily_limit: int, now: datetime) -> datetime | None:
    """When the next action of this kind may be done in its sink, if its share of 24 hours is used up."""
    done = journal.ledger.done_since(entry.kind, entry.sink, now - _DAY)
    return done[-daily_limit] + _DAY if len(done) >= daily_limit else None
