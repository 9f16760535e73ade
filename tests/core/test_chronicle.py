"""What the history keeps of a message, and of which it keeps nothing."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from unburnt.core.chronicle import is_firm, step
from unburnt.core.features import document
from unburnt.core.model import Address, Envelope, Kind, Label, Mail, Stage, Step, Verdict
from unburnt.world import packs

PACKS = packs.load()
ROBIN = "robin@mail.example"
ANA = Address("Ana Roe", "ana.roe@acme.example")
AT = datetime(2026, 3, 11, 12, tzinfo=UTC)


class Says:
    """An estimator that has one answer."""

    def __init__(self, kind: Kind) -> None:
        self.kind = kind

    def predict(self, seen: Sequence[object]) -> list[str]:
        return [self.kind.value for _ in seen]


def mail(subject: str, text: str, author: Address = ANA, **more: Any) -> Mail:
    made = Mail(Envelope("<1@x>", AT, author, subject), "1", text, "", to=(Address("Robin", ROBIN),))
    return replace(made, **more)


def kept(letter: Mail, kind: Kind = Kind.INTERVIEW, label: Label = Label.OTHER, *, wrote: bool = False) -> Step | None:
    return step(letter, document(letter), Verdict(label, 0.0), Says(kind), PACKS, (ROBIN,), wrote=wrote)


INVITATION = mail(
    "Dock Planner: interview",
    "Hi Robin,\n\nCould we meet on Friday, March 13 at 10:30?\n\nBest,\nAna Roe\nHead of Docks",
)


def test_an_invitation() -> None:
    found = kept(INVITATION)

    assert found is not None
    assert (found.kind, found.talk, found.days) == (Kind.INTERVIEW, Stage.INTERVIEW, (date(2026, 3, 13),))
    assert found.signer is not None
    assert (found.signer.name, found.signer.address, found.signer.title) == ("Ana Roe", ANA.address, "Head of Docks")
    assert found.organisations == ("acme.example",)


def test_it_keeps_no_text() -> None:
    assert "Could we meet" not in repr(kept(INVITATION))


@pytest.mark.parametrize(
    ("letter", "kind", "is_kept"),
    [
        (mail("News", "Our menu", Address("Acme", "news@acme.example"), list_unsubscribe="<x>"), Kind.OTHER, False),
        (mail("News", "Our menu", Address("Acme", "noreply@acme.example")), Kind.OTHER, False),
        (mail("Hello", "See you on Sunday"), Kind.OTHER, True),  # whether it belongs, its thread will tell
        (mail("Out of office", "I am away.", auto_submitted="auto-replied"), Kind.OTHER, False),
        (mail("Received", "We received your application.", auto_submitted="auto-replied"), Kind.ACKNOWLEDGEMENT, True),
    ],
)
def test_what_is_kept(letter: Mail, kind: Kind, *, is_kept: bool) -> None:
    assert (kept(letter, kind) is not None) is is_kept


def test_a_systems_acknowledgement_sets_no_talk_whatever_it_says_of_the_course() -> None:
    text = "We received your application. Interviews take place on 20 March at 10:00."
    found = kept(mail("Received", text, Address("Acme", "noreply@acme.example")), Kind.ACKNOWLEDGEMENT)

    assert found is not None
    assert (found.talk, found.days) == (None, ())


@pytest.mark.parametrize(
    ("subject", "text", "kind"),
    [
        ("Application as Dock Planner", "I apply for the post of Dock Planner. My CV is attached.", Kind.APPLICATION),
        ("Bewerbung als Planer", "anbei meine Bewerbung als Planer, mit Lebenslauf und Zeugnissen.", Kind.APPLICATION),
        ("Sunday", "Shall we go for a walk by the river?", Kind.REPLY),
    ],
)
def test_the_users_own(subject: str, text: str, kind: Kind) -> None:
    letter = mail(subject, text + "\n\nKind regards,\nRobin Adeyemi", Address("Robin Adeyemi", ROBIN), to=(ANA,))
    found = kept(letter, wrote=True)

    assert found is not None
    assert (found.kind, found.is_own, found.signer, found.addressees) == (kind, True, None, (ANA,))


def test_what_the_user_says_sets_no_talk_but_looks_back_on_one() -> None:
    letter = mail("Re: Interview", "Friday at 10:30 is fine.", Address("Robin", ROBIN), to=(ANA,))
    thanks = mail("Re: Interview", "Thank you for the talk this morning.", Address("Robin", ROBIN), to=(ANA,))

    assert [found.days for each in (letter, thanks) if (found := kept(each, wrote=True))] == [(), (date(2026, 3, 11),)]


def test_an_answers_subject_tells_nothing_of_its_talk() -> None:
    text = "Our chief would like to see you on Tuesday 17 March, 9.30 am."
    first, answer = (kept(mail(f"{re}Dock Planner phone screen", text)) for re in ("", "Re: "))

    assert first is not None
    assert answer is not None
    assert (first.talk, answer.talk) == (Stage.SCREENING, None)


def test_a_systems_address_is_nobodys() -> None:
    letter = mail("Interview", INVITATION.text, Address("Ana Roe", "jobs@m.personio.com"))
    found = kept(letter)

    assert found is not None
    assert found.signer is not None
    assert (found.signer.name, found.signer.address, found.organisations) == ("Ana Roe", "", ())


@pytest.mark.parametrize(
    ("address", "firm"),
    [("ana@acme.example", True), ("ana@gmail.com", False), ("ana@myworkday.com", False), ("ana", False)],
)
def test_whose_domain_tells_the_organisation(address: str, *, firm: bool) -> None:
    assert is_firm(Address("", address)) is firm
