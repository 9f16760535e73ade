"""Reminders and their forms in the journal: done, dropped, moved, on whatever sinks they lie."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from icalendar import Calendar

from unburnt.core import compose, note
from unburnt.core.compose import Writer
from unburnt.core.model import (
    Address,
    Envelope,
    Mail,
    Origin,
    Person,
    Plan,
    Profile,
    Purpose,
    Recipient,
    Rejection,
    Stage,
)
from unburnt.core.policy import Policy
from unburnt.core.reason import Reason
from unburnt.world import packs
from unburnt.world import schema as db
from unburnt.world.database import Database
from unburnt.world.journal import Journal
from unburnt.world.ledger import Ledger
from unburnt.world.ports import ActionState, ReminderState
from unburnt.world.reminders import Reminders

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
LATER = NOON + timedelta(days=90)
SINKS = ("drafts", "ics", "todo.txt", "notify")
MAIL = Mail(Envelope("<1@acme.example>", NOON, Address("Jo Roe", "jo@acme.example"), "No"), "abc1", "Sorry.", "")
REJECTION = Rejection(
    "Acme", "Baker", Person("Jo Roe", "jo@acme.example"), Recipient("jo@acme.example", "x"), Stage.INTERVIEW, "en"
)
WRITER = Writer(Profile("Alice"), Policy(address="alice@mail.example"), packs.load())
CHECK_IN = compose.key("abc1", Purpose.CHECK_IN)


@pytest.fixture
def database() -> Iterator[Database]:
    database = Database(None)
    yield database
    database.close()


@pytest.fixture
def reminders(database: Database) -> Reminders:
    """One reminder to check in, with its letter, in four sinks."""
    ahead = note.Ahead(NOON, LATER, letter=True)
    forms = [WRITER.reminder(Purpose.CHECK_IN, MAIL, REJECTION, ahead, due=LATER, sink=sink) for sink in SINKS]
    letter = WRITER.check_in_letter(MAIL, REJECTION, due=LATER, heard=())
    plan = Plan(Origin("test"), Reason.PLANNED, "abc1", MAIL.envelope, rejection=REJECTION, actions=(letter, *forms))
    Journal(database, "personal", lambda: NOON, None).record(plan, NOON)
    return Reminders(database)


def forms(database: Database) -> dict[tuple[str, str], sa.Row[tuple[object, ...]]]:
    """(kind, sink) → the action, of those not taken back."""
    rows = database.run(lambda connection: connection.execute(sa.select(db.actions)).all())
    return {(row.kind, row.sink): row for row in rows if row.state != ActionState.RECALLED}


def states(database: Database) -> dict[tuple[str, str], str]:
    return {place: row.state for place, row in forms(database).items()}


def put(database: Database, *sinks: str) -> None:
    """As apply() leaves them."""
    these = db.actions.c.sink.in_(sinks)
    database.run(lambda c: c.execute(sa.update(db.actions).where(these).values(state=ActionState.DONE)))


LETTER, NOTE, ICS, TODO, NOTIFY = (
    ("check_in_draft", "drafts"),
    ("check_in", "drafts"),
    ("check_in", "ics"),
    ("check_in", "todo.txt"),
    ("check_in", "notify"),
)


def test_a_reminder_is_one_in_however_many_sinks(reminders: Reminders, database: Database) -> None:
    (found,) = reminders.all()
    assert (found.key, found.purpose, found.due, found.state) == (CHECK_IN, Purpose.CHECK_IN, LATER, ReminderState.OPEN)
    assert (found.company, found.role, found.contact) == ("Acme", "Baker", "Jo Roe")
    assert {row.reminder for row in forms(database).values()} == {CHECK_IN}
    assert {place for place, row in forms(database).items() if row.due == NOON.timestamp()} == {ICS, TODO}


def test_done_ticks_off_what_is_there_and_lets_fall_what_is_not(reminders: Reminders, database: Database) -> None:
    """The letter that was put stays: it may be what they are about to send."""
    put(database, "ics", "todo.txt")
    reminders.done(CHECK_IN)
    dropped, ticked = ActionState.DROPPED, ActionState.TICKED
    assert states(database) == {LETTER: dropped, NOTE: dropped, NOTIFY: dropped, ICS: ticked, TODO: ticked}
    assert reminders.all()[0].state is ReminderState.DONE


def test_the_letter_that_lies_in_drafts_stays_when_its_reminder_is_done(
    reminders: Reminders, database: Database
) -> None:
    put(database, *SINKS)
    reminders.done(CHECK_IN)
    assert states(database) == dict.fromkeys((NOTE, ICS, TODO, NOTIFY), ActionState.TICKED) | {LETTER: ActionState.DONE}


def test_dropped_takes_everything_back(reminders: Reminders, database: Database) -> None:
    put(database, *SINKS)
    reminders.drop(CHECK_IN, "you have dropped it")
    assert states(database) == {}
    assert (reminders.all()[0].state, reminders.all()[0].why) == (ReminderState.DROPPED, "you have dropped it")


def test_moved_before_its_day_all_forms_go_along(reminders: Reminders, database: Database) -> None:
    """What waits waits longer, dated anew; the calendar's entry, which is there, is written anew at once."""
    put(database, "ics", "todo.txt")
    moved, now = LATER + timedelta(days=14), NOON + timedelta(days=10)
    reminders.move(CHECK_IN, moved, "you wrote to them", now)
    found = forms(database)

    assert states(database) == dict.fromkeys((LETTER, NOTE, ICS, TODO, NOTIFY), ActionState.PENDING)
    assert {found[place].due for place in (LETTER, NOTE, NOTIFY)} == {moved.timestamp()}
    assert {found[place].due for place in (ICS, TODO)} == {now.timestamp()}
    assert b"Date: Thu, 04 Mar 2027 12:00:00 +0000\r\n" in found[NOTE].octets
    assert b"Date: Thu, 04 Mar 2027 12:00:00 +0000\r\n" in found[LETTER].octets
    (todo,) = Calendar.from_ical(found[ICS].octets).walk("VTODO")
    assert (todo.decoded("due"), todo["sequence"]) == (moved, 1)
    assert b" due:2027-03-04 " in found[TODO].octets
    assert (reminders.all()[0].due, reminders.all()[0].why) == (moved, "you wrote to them")


def test_a_note_that_was_put_comes_again_under_another_key(reminders: Reminders, database: Database) -> None:
    """The old one is taken back, if the user hasn't touched it; the letter that was put is left alone."""
    put(database, *SINKS)
    before = forms(database)[NOTE]
    reminders.move(CHECK_IN, LATER + timedelta(days=14), "you have put it off", LATER)
    found = forms(database)

    assert found[NOTE].key != before.key
    assert found[NOTE].octets.count(found[NOTE].key.encode()) == before.octets.count(before.key.encode())
    assert before.key.encode() not in found[NOTE].octets
    assert found[NOTE].state == ActionState.PENDING
    assert found[LETTER].state == ActionState.DONE
    rows = database.run(lambda c: c.execute(sa.select(db.actions.c.state).where(db.actions.c.key == before.key)))
    assert rows.scalar() == ActionState.RECALLED


def test_coming_are_those_of_the_future_and_those_that_nothing_was_done_about(
    reminders: Reminders, database: Database
) -> None:
    following, after = (Purpose.CHECK_IN,), LATER + timedelta(days=1)
    assert [each.key for each in reminders.coming("personal", following, NOON)] == [CHECK_IN]
    assert [each.key for each in reminders.coming("personal", following, after)] == [CHECK_IN], "after a long sleep"
    put(database, *SINKS)
    assert reminders.coming("personal", following, after) == []
    assert reminders.coming("other", following, NOON) == []


def test_what_sinks_hold_is_asked_for_open_reminders_only(reminders: Reminders, database: Database) -> None:
    put(database, "ics")
    (ics,) = (row.key for place, row in forms(database).items() if place == ICS)
    assert reminders.held("personal", ("ics", "caldav")) == {"ics": {ics: CHECK_IN}}
    reminders.done(CHECK_IN)
    assert reminders.held("personal", ("ics", "caldav")) == {}


def test_a_days_share_is_counted_for_each_sink(reminders: Reminders, database: Database) -> None:
    """One reminder in three sinks uses up one of each, not three of twenty."""
    assert reminders.all()
    ledger = Ledger(database, "personal")
    for place, row in forms(database).items():
        if place != LETTER:
            ledger.receive(row.key, "there", NOON)
    assert [len(ledger.done_since("check_in", sink, NOON - timedelta(days=1))) for sink in SINKS] == [1, 1, 1, 1]
