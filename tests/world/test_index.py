"""The history's index: what it keeps, what it forgets, and how far back it reads in a day."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from tests.stand_in import SubjectDecider, message
from unburnt.core.model import Address, Kind, Label, Meeting, Origin, Person, Plan, RawMessage, Stage, Step, Unfetched
from unburnt.core.reason import Reason
from unburnt.drain import look_back
from unburnt.world.backlog import Backlog, Budget
from unburnt.world.database import Database
from unburnt.world.imap_source import Cursors
from unburnt.world.index import Index, Informed
from unburnt.world.journal import Journal

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
ANNA = Address("Anna Nowak", "anna.nowak@acme.example")
INVITED = Step(
    identity="invited",
    kind=Kind.INTERVIEW,
    date=NOON,
    message_id="<1@acme.example>",
    answers=("<0@mail.example>",),
    author=ANNA,
    addressees=(),
    organisations=("acme.example",),
    company="Acme",
    role="Baker",
    requisition="R-12",
    signer=Person("Anna Nowak", ANNA.address, "Head of Bread", "+48 22 555 01 23", "https://linkedin.com/in/anna"),
    talk=Stage.INTERVIEW,
    days=((NOON + timedelta(days=3)).date(),),
    meetings=(Meeting("m@acme.example", NOON + timedelta(days=3), ANNA, (Address("Bo", "bo@acme.example"),)),),
)
LOOSE = Step("loose", Kind.OTHER, NOON, "<9@home.example>", (), Address("Mum", "mum@home.example"))


@pytest.fixture
def database() -> Iterator[Database]:
    made = Database(None)
    yield made
    made.close()


@pytest.fixture
def journal(database: Database) -> Journal:
    return Journal(database, "alice", lambda: NOON, None)


def remembered(journal: Journal, *steps: Step) -> None:
    for step in steps:
        journal.remember(
            Origin(step.identity), Plan(Origin(""), Reason.NOT_A_REJECTION, step.identity, step=step), NOON
        )


def test_a_step_comes_back_as_it_was(database: Database, journal: Journal) -> None:
    remembered(journal, INVITED)

    assert Index(database).steps() == (INVITED,)


def test_the_same_message_is_one_step(database: Database, journal: Journal) -> None:
    """A copy in another mailbox; what is known of it later counts."""
    remembered(journal, INVITED, replace(INVITED, role="Head Baker"))

    assert [step.role for step in Index(database).steps()] == ["Head Baker"]


@pytest.mark.parametrize(
    ("loose", "kept"),
    [
        (LOOSE, False),
        (replace(LOOSE, answers=("<1@acme.example>",)), True),  # in its thread
        (replace(LOOSE, message_id="<0@mail.example>"), True),  # what it answers
        (replace(LOOSE, organisations=("acme.example",)), True),  # from the same firm
        (replace(LOOSE, kind=Kind.REPLY, is_own=True, organisations=("acme.example",)), True),  # to the same firm
        (replace(LOOSE, kind=Kind.REPLY, is_own=True, addressees=(Address("", "mum@home.example"),)), False),
    ],
    ids=["private", "answer", "answered", "firm", "to the firm", "to Mum"],
)
def test_what_leads_nowhere_is_forgotten(database: Database, journal: Journal, loose: Step, *, kept: bool) -> None:
    """In whatever order they were read."""
    remembered(journal, loose, INVITED)
    Index(database).sweep()

    assert {step.identity for step in Index(database).steps()} == {"invited", *(["loose"] if kept else [])}


def test_a_chain_of_answers_is_kept_whole(database: Database, journal: Journal) -> None:
    first = replace(LOOSE, identity="a", message_id="<a@x.example>", answers=("<1@acme.example>",))
    second = replace(LOOSE, identity="b", message_id="<b@x.example>", answers=("<a@x.example>",))
    remembered(journal, second, first, INVITED)
    Index(database).sweep()

    assert len(Index(database).steps()) == 3


class Shelf:
    """A mailbox of the history, whose messages stay in memory."""

    def __init__(self, *messages: RawMessage | Unfetched) -> None:
        self._messages = messages

    def heads(self) -> Iterator[RawMessage | Unfetched]:
        yield from self._messages

    def full(self, raw: RawMessage) -> RawMessage:
        return raw


class Told:
    """A decider that makes a step of every message, and remembers what past it was given."""

    def __init__(self) -> None:
        self.pasts: list[tuple[Step, ...]] = []

    def plan(self, raw: RawMessage, now: datetime, told: Label | None = None, past: tuple[Step, ...] = ()) -> Plan:
        self.pasts.append(past)
        plan = SubjectDecider().plan(raw, now, told)
        return replace(plan, step=replace(INVITED, identity=plan.identity))


def raw(number: int, *flags: str, subject: str = "hello", complete: bool = True) -> RawMessage:
    octets = message(subject, number, date=NOON)
    return RawMessage(Origin(f"x/{number}", "Archive", 1, number), octets, NOON, flags, complete)


def look(journal: Journal, database: Database, budget: Budget, *messages: RawMessage | Unfetched) -> Backlog:
    backlog = Backlog(journal)
    backlog.open("Archive", 1)
    look_back(Shelf(*messages), Told(), backlog, budget, lambda: NOON, lambda: False)
    return backlog


def read_to(cursors: Cursors) -> int:
    """The UID up to which the mailbox was read."""
    cursor = cursors.cursor("Archive")
    assert cursor is not None
    return cursor.high


def test_reading_back_ends_with_the_days_budget_and_goes_on_the_next_day(database: Database, journal: Journal) -> None:
    """Field notes F2: a provider locks out who fetches too much in a day; a restart makes no new budget."""
    budget = Budget(database, "alice", octets_a_day=2 * len(raw(1).octets))
    backlog = look(journal, database, budget, raw(1), raw(2), raw(3))

    assert len(Index(database).steps()) == 2
    assert read_to(backlog) == 2
    assert Budget(database, "alice", octets_a_day=10).is_spent(NOON)
    assert not budget.is_spent(NOON + timedelta(days=1))
    assert not Budget(database, "bob", octets_a_day=10).is_spent(NOON)


def test_drafts_are_no_history(database: Database, journal: Journal) -> None:
    """All Mail of Gmail holds drafts: our own letter there isn't the user's answer."""
    look(journal, database, Budget(database, "alice"), raw(1, "\\Draft", "\\Seen"))

    assert Index(database).steps() == ()


def test_what_cannot_be_fetched_stops_nothing(database: Database, journal: Journal) -> None:
    unfetched = Unfetched(Origin("x/1", "Archive", 1, 1), "gone")
    backlog = look(journal, database, Budget(database, "alice"), unfetched, raw(2))

    assert len(Index(database).steps()) == 1
    assert read_to(backlog) == 2


def test_a_watched_mailbox_has_a_cursor_of_its_own_for_the_history(database: Database, journal: Journal) -> None:
    """What the history has read is still new to the watch."""
    journal.open("Archive", 1)
    look(journal, database, Budget(database, "alice"), raw(1))

    assert read_to(journal) == 0


def test_only_a_rejection_that_is_read_whole_is_given_the_past(database: Database, journal: Journal) -> None:
    remembered(journal, INVITED)
    told = Told()
    informed = Informed(told, Index(database))
    for each in (raw(1), raw(2, subject="rejected", complete=False), raw(3, subject="rejected")):
        informed.plan(each, NOON)

    assert told.pasts == [(), (), (), (INVITED,)]
