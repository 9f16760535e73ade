"""Who had most to do with an application, and whom a name means."""

from datetime import UTC, date, datetime

import pytest

from unburnt.core.model import Address, Kind, Meeting, Person, Step
from unburnt.core.people import bears, involved, is_reachable, same_name

ANA, BEN = Person("Ana Roe", "ana@acme.example"), Person("Ben Poe", "ben@acme.example")


def wrote(
    day: int, person: Person, *days: int, kind: Kind = Kind.INTERVIEW, meetings: tuple[Meeting, ...] = ()
) -> Step:
    at = datetime(2026, 3, day, tzinfo=UTC)
    told = tuple(date(2026, 3, each) for each in days)
    return Step(f"{day}", kind, at, None, (), None, signer=person, days=told, meetings=meetings)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Ana Roe", "Ana Roe", True),
        ("Ana", "Ana Roe", True),
        ("A. Roe", "Ana Roe", True),
        ("Roe, Ana", "Ana Roe", True),
        ("Ngoc Tran", "Tran Thi Bich Ngoc", True),
        ("Jose Nunez", "José Núñez", True),
        ("Ana Roe", "Ana Poe", False),
        ("B. Roe", "Ana Roe", False),
        ("A. R.", "Ana Roe", False),
        ("", "Ana Roe", False),
        ("Ludovica Sant'Angelo", "Sartoria Belforte S.r.l.", False),
    ],
)
def test_forms_of_one_name(one: str, other: str, *, same: bool) -> None:
    assert same_name(one, other) is same
    assert same_name(other, one) is same


@pytest.mark.parametrize(
    ("steps", "first"),
    [
        ((wrote(2, ANA), wrote(3, ANA), wrote(4, BEN)), "Ana Roe"),
        ((wrote(2, ANA), wrote(3, BEN)), "Ben Poe"),  # as much, but later
        ((wrote(2, ANA), wrote(3, ANA), wrote(4, BEN, 9)), "Ben Poe"),  # took it over
        ((wrote(2, ANA), wrote(3, BEN, 9), wrote(4, ANA)), "Ana Roe"),
        ((wrote(2, ANA, kind=Kind.OUTREACH), wrote(1, BEN)), "Ben Poe"),
    ],
)
def test_who_is_most_involved(steps: tuple[Step, ...], first: str) -> None:
    assert involved(steps, frozenset(), ())[0].person.name == first


def test_the_forms_of_one_person_are_one() -> None:
    first, last = Person("Ana", "ana@acme.example", phone="1"), Person("Ana Roe", "ANA@acme.example", title="Head")
    (ana,) = involved((wrote(2, first), wrote(3, last)), frozenset({"3"}), ())

    assert (ana.person.name, ana.person.title, ana.person.phone, ana.in_thread) == ("Ana Roe", "Head", "1", True)


def test_those_whom_a_calendar_names_count_but_the_user_and_rooms_do_not() -> None:
    guests = tuple(
        Address(*each)
        for each in (("Ben Poe", "ben@acme.example"), ("Robin", "robin@mail.example"), ("", "room1@acme.example"))
    )
    meeting = Meeting("1", None, Address("Acme", "noreply@acme.example"), guests)
    found = involved((wrote(2, ANA, meetings=(meeting,)),), frozenset(), ("Robin@mail.example",))

    assert [each.person.name for each in found] == ["Ana Roe", "Ben Poe"]


@pytest.mark.parametrize(
    ("address", "is_one"),
    [
        ("ana@acme.example", True), ("noreply@acme.example", False), ("jobs@acme.example", False),
        ("ana@myworkday.com", False), ("ana", False), ("ana@acme.example,eve@evil.example", False),
    ],
)  # fmt: skip
def test_one_persons_address_by_its_look(address: str, *, is_one: bool) -> None:
    assert is_reachable(address) is is_one


def test_an_address_bears_its_name() -> None:
    assert bears(Address("Caoimhe Ní Bhraonáin", "caoimhe.nibhraonain@acme.example"))
    assert not bears(Address("Caoimhe Ní Bhraonáin", "office7@acme.example"))
    assert not bears(Address("Acme", "acme@acme.example"))
