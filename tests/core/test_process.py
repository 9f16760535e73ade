"""Which messages belong to the application that a no ends, and which to another of the same or of another company."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from unburnt.core.ended import told_before
from unburnt.core.model import Address, Kind, Step
from unburnt.core.process import course, same_role

ROBIN = Address("Robin", "robin@mail.example")
ANA, SYSTEM = Address("Ana Roe", "ana@acme.example"), Address("Acme", "no-reply@us.greenhouse-mail.io")
DAY = 86400


def step(
    name: str,
    day: int,
    kind: Kind,
    company: str | None = None,
    role: str | None = None,
    answers: tuple[str, ...] = (),
    **more: Any,
) -> Step:
    """A message of that day of the year, whose id is its name."""
    at = datetime.fromtimestamp(datetime(2026, 1, 1, 12, tzinfo=UTC).timestamp() + day * DAY, UTC)
    made = Step(name, kind, at, name, answers, SYSTEM, company=company, role=role)
    return replace(made, **more)


NO = step("no", 60, Kind.REJECTION, "Acme", "Dock Planner")
APPLIED = step("applied", 30, Kind.ACKNOWLEDGEMENT, "Acme", "Dock Planner")
TALK = step("talk", 40, Kind.INTERVIEW, "Acme", None, author=ANA, organisations=("acme.example",))


def names(*past: Step, no: Step = NO) -> list[str]:
    return [each.identity for each in course(no, past).steps]


@pytest.mark.parametrize(
    ("other", "belongs"),
    [
        (APPLIED, True),
        (TALK, True),
        (step("same domain", 40, Kind.OTHER, organisations=("acme.example",)), True),
        (step("its group", 40, Kind.OTHER, organisations=("acme-group.example",)), True),
        (step("another company", 40, Kind.INTERVIEW, "Acorn", organisations=("acorn.example",)), False),
        (step("begins alike", 40, Kind.INTERVIEW, "Acmeist", organisations=("cinarli.example",)), False),
        (step("a friend", 40, Kind.OTHER, author=Address("Bo", "bo@mail.example")), False),
        (step("later", 61, Kind.INTERVIEW, "Acme", "Dock Planner"), False),
        (step("another form of the title", 40, Kind.INTERVIEW, "Acme", "Planner"), True),
        (step("an unknown title", 40, Kind.INTERVIEW, "Acme", "Round 2"), True),
    ],
)
def test_by_company_and_role(other: Step, *, belongs: bool) -> None:
    assert (other.identity in names(other)) is belongs


def test_two_applications_at_once_stay_two() -> None:
    other = step("other", 31, Kind.ACKNOWLEDGEMENT, "Acme", "Cook")
    about = step("about it", 41, Kind.INTERVIEW, "Acme", "Cook")
    answer = step("answer", 42, Kind.REPLY, answers=("about it",), is_own=True, author=ROBIN)

    assert names(APPLIED, other, about, answer) == ["applied"]
    assert course(NO, (APPLIED, other)).applied == (date(2026, 1, 31), date(2026, 2, 1))


def test_threads_that_begin_with_different_applications_are_different() -> None:
    mine, theirs = (
        step(name, 30, Kind.APPLICATION, "Acme", is_own=True, author=ROBIN, addressees=(ANA,))
        for name in ("one", "two")
    )
    firm = ("acme.example",)
    answer = step("answer", 40, Kind.INTERVIEW, organisations=firm, author=ANA, answers=("two",))
    no = replace(NO, answers=("one",), organisations=firm)

    assert names(mine, theirs, answer, no=no) == ["one"]


def test_what_was_before_an_earlier_no_is_another_application() -> None:
    earlier = (
        step("first", 1, Kind.ACKNOWLEDGEMENT, "Acme", "Dock Planner"),
        step("its talk", 5, Kind.INTERVIEW, "Acme"),
        step("its no", 10, Kind.REJECTION, "Acme", "Dock Planner"),
    )

    assert names(*earlier, APPLIED, TALK) == ["applied", "talk"]
    assert course(NO, (*earlier, APPLIED)).applied == (date(2026, 1, 2), date(2026, 1, 31))


def test_what_only_answers_belongs_by_its_thread() -> None:
    answer = step("fine", 41, Kind.REPLY, is_own=True, author=ROBIN, addressees=(ANA,), answers=("talk",))
    thanks = step("thanks", 43, Kind.OTHER, author=ANA, organisations=("acme.example",), answers=("fine",))

    assert names(APPLIED, TALK, answer, thanks) == ["applied", "talk", "fine", "thanks"]


def test_a_stranger_who_names_the_threads_ids_does_not_belong() -> None:
    eve = Address("Eve", "eve@evil.example")
    forged = step("forged", 50, Kind.INTERVIEW, author=eve, organisations=("evil.example",), answers=("talk",))
    no = replace(NO, answers=("talk",))

    assert names(TALK, forged, no=no) == ["talk"]
    wrote = step("mine", 51, Kind.REPLY, is_own=True, author=ROBIN, addressees=(eve,), answers=("forged",))
    assert "forged" in names(TALK, forged, wrote, no=no)  # unless the user has answered them


def test_a_no_without_a_company_takes_what_is_about_its_role_if_one_company_has_it() -> None:
    nameless = replace(NO, company=None)
    other = replace(TALK, identity="other", role="Dock Planner", company="Acorn", organisations=("acorn.example",))
    talk = replace(TALK, role="Dock Planner")

    assert names(talk, no=nameless) == ["talk"]
    assert names(talk, other, no=nameless) == []


def test_one_application_is_not_counted_twice() -> None:
    own = step("own", 29, Kind.APPLICATION, "Acme", "Dock Planner", is_own=True, author=ROBIN)
    late = step("late", 35, Kind.ACKNOWLEDGEMENT, "Acme", answers=("own",))

    assert course(NO, (own, APPLIED, late)).applied == (date(2026, 1, 30),)


def test_an_opening_of_ones_own_is_an_application_however_it_was_worded() -> None:
    opening = step("opening", 20, Kind.REPLY, "Acme", is_own=True, author=ROBIN)

    assert course(NO, (opening, TALK)).applied == (date(2026, 1, 21),)


def test_the_same_no_told_twice() -> None:
    first = step("first no", 50, Kind.REJECTION, "Acme", "Dock Planner", letter="key")
    known = course(NO, (APPLIED, first))

    assert told_before(NO, known) == first
    assert told_before(replace(NO, role="Cook"), known) is None
    assert told_before(NO, course(NO, (APPLIED, replace(first, letter=None)))) is None


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [("Dock Planner", "dock planner", True), ("Planner", "Senior Planner", True), ("Cook", "Dock Planner", False),
     ("IT", "Editor", False)],
)  # fmt: skip
def test_titles_of_one_position(one: str, other: str, *, same: bool) -> None:
    assert same_role(one, other) is same


def test_a_flood_of_mail_from_one_company_is_bounded() -> None:
    flood = [step(f"{i}", 30, Kind.INTERVIEW, "Acme", answers=(f"{i - 1}",)) for i in range(3000)]

    assert len(course(replace(NO, answers=("2999",)), flood).steps) <= 400
