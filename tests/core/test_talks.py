"""How far an application went: the talks that took place by the day of the no."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from unburnt.core.model import Address, Kind, Meeting, Person, Stage, Step
from unburnt.core.talks import talks

ANA, BEN = Address("Ana Roe", "ana@acme.example"), Address("Ben Poe", "ben@acme.example")
ROBIN = "robin@mail.example"


def step(day: int, kind: Kind = Kind.INTERVIEW, talk: Stage | None = None, *days: int, **more: Any) -> Step:
    """A message of that day of March, which tells of a talk on those days."""
    at = datetime(2026, 3, day, 12, tzinfo=UTC)
    told = tuple(date(2026, 3, each) for each in days)
    return Step(f"{day}-{kind}", kind, at, None, (), ANA, talk=talk, days=told, **more)


def own(day: int, *days: int, talk: Stage | None = None) -> Step:
    return step(day, Kind.REPLY, talk, *days, is_own=True)


NO = step(28, Kind.REJECTION)
SCREENED, INTERVIEWED = Stage.SCREENING, Stage.INTERVIEW


@pytest.mark.parametrize(
    ("steps", "stage", "rounds"),
    [
        ((), Stage.APPLICATION, 0),
        # set, and its day has passed
        ((step(2, Kind.INTERVIEW, SCREENED, 5),), SCREENED, 1),
        ((step(2, Kind.INTERVIEW, SCREENED, 5), step(6, Kind.INTERVIEW, Stage.FINAL, 9)), Stage.FINAL, 2),
        # set for after the no
        ((step(2, Kind.INTERVIEW, SCREENED, 30),), Stage.APPLICATION, 0),
        # invited to without a day, and nobody says that it was
        ((step(2, Kind.INTERVIEW, INTERVIEWED),), Stage.APPLICATION, 0),
        ((step(2, Kind.INTERVIEW, INTERVIEWED), own(9, 9)), INTERVIEWED, 1),
        # thanked for: by either side, once or more often
        ((step(2, Kind.INTERVIEW, INTERVIEWED, 5), own(5, 5)), INTERVIEWED, 1),
        ((step(2, Kind.INTERVIEW, INTERVIEWED, 5), own(5, 5), step(6, Kind.OTHER, None, 5)), INTERVIEWED, 1),
        ((step(2, Kind.INTERVIEW, INTERVIEWED, 5), step(8, Kind.OTHER, None, 8)), INTERVIEWED, 1),
        ((own(5, 5),), INTERVIEWED, 1),
        # a call that nobody announced, and the talk it led to
        ((step(4, Kind.INTERVIEW, INTERVIEWED, 3, 9),), INTERVIEWED, 2),
        ((step(4, Kind.INTERVIEW, INTERVIEWED, 3, 30),), SCREENED, 1),
        # moved, called off
        ((step(2, Kind.INTERVIEW, INTERVIEWED, 5), step(4, Kind.OTHER, None, 9)), INTERVIEWED, 1),
        ((step(2, Kind.INTERVIEW, INTERVIEWED, 5), step(4, Kind.OTHER, None, calls_off=True)), Stage.APPLICATION, 0),
        ((step(2, Kind.INTERVIEW, SCREENED, 3), step(4, Kind.INTERVIEW, Stage.FINAL, 9),
          step(8, Kind.OTHER, None, calls_off=True)), SCREENED, 1),
        # what the user says sets nothing
        ((own(2, 5),), Stage.APPLICATION, 0),
        # a test is no round
        ((step(2, Kind.ASSESSMENT, Stage.ASSESSMENT),), Stage.ASSESSMENT, 0),
        ((step(27, Kind.ASSESSMENT, Stage.ASSESSMENT),), Stage.APPLICATION, 0),
        ((step(27, Kind.ASSESSMENT, Stage.ASSESSMENT), own(27, talk=Stage.ASSESSMENT)), Stage.ASSESSMENT, 0),
        ((step(4, Kind.ASSESSMENT, Stage.ASSESSMENT, 3),), Stage.ASSESSMENT, 1),
    ],
)  # fmt: skip
def test_stage_and_rounds(steps: tuple[Step, ...], stage: Stage, rounds: int) -> None:
    found = talks(steps, NO, (ROBIN,))

    assert (found.stage, found.rounds) == (stage, rounds)


@pytest.mark.parametrize(
    ("steps", "no", "rounds"),
    [
        ((), step(28, Kind.REJECTION, INTERVIEWED, 24), 1),
        ((step(20, Kind.INTERVIEW, INTERVIEWED, 24),), step(28, Kind.REJECTION, INTERVIEWED, 24), 1),
        ((step(20, Kind.INTERVIEW, INTERVIEWED, 24),), step(28, Kind.REJECTION, INTERVIEWED, 28), 1),
        ((step(20, Kind.INTERVIEW, INTERVIEWED, 29),), step(28, Kind.REJECTION, calls_off=True), 0),
    ],
)
def test_the_no_itself_looks_back(steps: tuple[Step, ...], no: Step, rounds: int) -> None:
    assert talks(steps, no, (ROBIN,)).rounds == rounds


def test_a_first_talk_with_a_recruiter_is_a_screening() -> None:
    recruiter, manager = (Person("Ana Roe", ANA.address, title) for title in ("Talent Partner", "Head of Docks"))

    assert talks((step(2, Kind.OTHER, None, 5, signer=recruiter),), NO, ()).stage is SCREENED
    assert talks((step(2, Kind.OTHER, None, 5, signer=manager),), NO, ()).stage is INTERVIEWED


def test_a_calendar_file_sets_a_talk_and_says_with_whom() -> None:
    start = datetime(2026, 3, 9, 10, tzinfo=UTC)
    meeting = Meeting("1", start, ANA, (BEN, Address("Robin", ROBIN)))
    found = talks((step(2, Kind.INTERVIEW, INTERVIEWED, meetings=(meeting,)),), NO, (ROBIN,))

    assert (found.rounds, found.met) == (1, (ANA, BEN))


def test_a_cancelled_calendar_file_calls_it_off() -> None:
    start = datetime(2026, 3, 9, 10, tzinfo=UTC)
    meeting = Meeting("1", start, ANA, (BEN,))
    off = Meeting("1", start, ANA, (BEN,), is_cancelled=True)
    steps = (step(2, meetings=(meeting,)), step(4, meetings=(off,)))

    assert talks(steps, NO, (ROBIN,)).rounds == 0
