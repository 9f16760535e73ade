"""What counts as contact since a rejection: then nobody has to be reminded to write."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from unburnt.core.contact_since import contact_since
from unburnt.core.model import Address, Kind, Person, Step

NO_DAY = datetime(2026, 3, 2, 9, tzinfo=UTC)
PRIYA = Address("Priya Natarajan", "priya@greyharbour.example")
NO = Step(
    "no",
    Kind.REJECTION,
    NO_DAY,
    "<no@greyharbour.example>",
    (),
    PRIYA,
    organisations=("greyharbour.example",),
    company="Greyharbour",
    role="Data Analyst",
    signer=Person(PRIYA.name, PRIYA.address),
)


def later(days: float, kind: Kind, *, own: bool = False, **known: object) -> Step:
    """A message from or to Priya, some days after the no, in its thread."""
    step = replace(NO, identity=f"{days}{kind}", kind=kind, date=NO_DAY + timedelta(days=days))
    step = replace(step, message_id=f"<{days}@x.example>", answers=("<no@greyharbour.example>",), role=None)
    if own:
        alice = Address("Alice", "alice@mail.example")
        step = replace(step, is_own=True, author=alice, addressees=(PRIYA,), signer=None)
    return replace(step, **known)  # type: ignore[arg-type]


def test_silence_is_no_contact() -> None:
    assert contact_since(NO, (NO,)) is None
    assert contact_since(NO, (NO, later(-10, Kind.INTERVIEW))) is None, "what was before"


def test_the_letter_of_thanks_and_its_answer_are_no_contact_of_their_own() -> None:
    thanks, answer = later(2, Kind.REPLY, own=True), later(3, Kind.OTHER)
    assert contact_since(NO, (NO, thanks, answer)) is None


@pytest.mark.parametrize(
    ("step", "what"),
    [
        (later(40, Kind.REPLY, own=True), "you wrote to them"),
        (later(40, Kind.OTHER), "they wrote to you"),
        (later(40, Kind.STATUS), "they wrote to you"),
    ],
)
def test_a_later_letter_of_either_is_contact(step: Step, what: str) -> None:
    found = contact_since(NO, (NO, step))
    assert found is not None
    assert (found.day, found.what, found.anew) == (date(2026, 4, 11), what, False)


def test_a_circular_of_the_company_is_no_contact() -> None:
    assert contact_since(NO, (NO, later(40, Kind.OTHER, signer=None, answers=()))) is None


@pytest.mark.parametrize(
    "kind", [Kind.APPLICATION, Kind.ACKNOWLEDGEMENT, Kind.OUTREACH, Kind.ASSESSMENT, Kind.INTERVIEW, Kind.OFFER]
)
def test_another_application_makes_the_reminder_needless(kind: Kind) -> None:
    """However soon, and whatever else was written."""
    step = later(5, kind, own=kind is Kind.APPLICATION, role="Data Engineer", answers=())
    found = contact_since(NO, (NO, step, later(60, Kind.OTHER)))
    assert found is not None
    assert found.anew
    assert found.day == date(2026, 3, 7)


def test_what_another_company_writes_is_no_contact() -> None:
    tom = Address("Tom", "tom@harrowmill.example")
    theirs = later(40, Kind.INTERVIEW, company="Harrowmill", author=tom, organisations=("harrowmill.example",))
    assert contact_since(NO, (NO, replace(theirs, answers=(), signer=Person("Tom", tom.address)))) is None
