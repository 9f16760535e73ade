"""The follow-through between passes: what contact since has overtaken, and what the user ticked off elsewhere."""

from collections.abc import Mapping
from datetime import UTC, datetime, time, timedelta

from unburnt import events
from unburnt.core.contact_since import Contact, contact_since
from unburnt.core.model import Purpose
from unburnt.drain import Clock
from unburnt.errors import CommandRefused
from unburnt.world.index import Index
from unburnt.world.ports import ActionSink
from unburnt.world.reminders import PUT_OFF, Reminder, Reminders

_FOLLOWING = (Purpose.CHECK_IN, Purpose.STAY_IN_TOUCH, Purpose.STAY_IN_TOUCH_AGAIN)


def overtaken(reminders: Reminders, index: Index, account: str, check_in_after: timedelta, clock: Clock) -> None:
    """Before a reminder to write again is due: where there has been contact since, it moves, or falls away."""
    now = clock()
    coming = reminders.coming(account, _FOLLOWING, now)
    if not coming:
        return
    steps, ended = index.steps(), {reminder.identity for reminder in coming}
    contacts = {step.identity: contact_since(step, steps) for step in steps if step.identity in ended}
    for reminder in coming:
        if (found := contacts.get(reminder.identity)) is not None:
            _overtake(reminders, reminder, found, check_in_after, now)


def _overtake(reminders: Reminders, reminder: Reminder, found: Contact, after: timedelta, now: datetime) -> None:
    why = f"{found.what} on {found.day:%-d %B %Y}"
    due = datetime.combine(found.day, time(), UTC) + after
    if found.anew:
        reminders.drop(reminder.key, why)
        events.reminder_dropped(reminder.account, reminder.purpose, why)
    elif due.date() > reminder.due.date() and reminder.why != PUT_OFF:  # the user's own day counts
        reminders.move(reminder.key, due.astimezone(), why, now)
        events.reminder_moved(reminder.account, reminder.purpose, why, due)


def ticked_off(reminders: Reminders, account: str, sinks: Mapping[str, ActionSink]) -> None:
    """What the user completed in a calendar or a list is done everywhere. A sink in trouble is asked the next time."""
    for name, held in reminders.held(account, sinks).items():
        try:
            completed = sinks[name].completed(held)
        except CommandRefused as error:
            events.sink_trouble(account, name, str(error))
            continue
        for key in sorted({held[each] for each in completed}):
            reminders.done(key)
            events.reminder_done(account, name)
