"""Whole processes over several mailboxes, with the answers that a person read off them: threads/<name>/NN.<mailbox>.eml.

Every message is planned in the order of its date; the rejection then is planned with all of it known, as the daemon does.
What threads/README.md explains is counted over all of them; a letter to somebody wrong is an error by itself.
"""

import json
import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from unburnt.core.classify import Classifier
from unburnt.core.model import Label, Origin, Plan, Profile, RawMessage, Step
from unburnt.core.names import fold
from unburnt.core.people import same_name
from unburnt.core.planner import Planner
from unburnt.core.policy import Policy
from unburnt.core.reason import Reason
from unburnt.core.words import company
from unburnt.world import models, packs

THREADS = Path(__file__).parent / "threads"
NAMES = sorted(path.name for path in THREADS.iterdir() if path.is_dir())
FLOORS = tomllib.loads((THREADS / "floors.toml").read_text("utf-8"))
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
ROBIN = Policy("robin@mail.example", ("robin@mail.example",), max_age=timedelta(days=3650))


@dataclass(frozen=True, slots=True)
class Thread:
    """A process, the file of its rejection, and what is right."""

    name: str
    expected: dict[str, Any]

    def messages(self) -> Iterator[RawMessage]:
        for path in sorted((THREADS / self.name).glob("*.eml")):
            yield RawMessage(Origin(path.name, own=".Sent." in path.name), path.read_bytes())


@cache
def planner() -> Planner:
    fitted, _ = models.load_or_fit()
    return Planner(Classifier(fitted), packs.load(), Profile("Robin Adeyemi", "Robin Adeyemi"), ROBIN)


@cache
def ended(name: str) -> Plan:
    """The plan for the rejection; the user says that it is one, so that extraction is measured by itself."""
    thread = read(name)
    steps: list[Step] = []
    rejection = None
    for raw in thread.messages():
        told = Label.REJECTION if raw.origin.source == thread.expected["rejection"] else None
        plan = planner().plan(raw, NOW, told)
        rejection = raw if told else rejection
        steps += [plan.step] if plan.step else []
    assert rejection is not None
    return planner().plan(rejection, NOW, Label.REJECTION, tuple(steps))


def read(name: str) -> Thread:
    return Thread(name, json.loads((THREADS / name / "expected.json").read_text("utf-8")))


def told(plan: Plan) -> dict[str, Any]:
    rejection = plan.rejection
    assert rejection is not None
    contact = rejection.contact
    return {
        "company": rejection.company,
        "agency": rejection.agency,
        "role": rejection.role,
        "requisition": rejection.requisition,
        "contact": contact.name if contact else None,
        "address": contact.address if contact else None,
        "title": contact.title if contact else None,
        "phone": contact.phone if contact else None,
        "linkedin": contact.linkedin if contact else None,
        "recipient": rejection.recipient.address,
        "stage": rejection.stage.value,
        "rounds": rejection.process.rounds,
        "applied": [day.isoformat() for day in rejection.process.applied],
        "answered": plan.reason is Reason.ALREADY_ANSWERED,
    }


def is_right(fact: str, found: Any, right: Any) -> bool:
    """Legal forms, case and punctuation are no mistakes; nor is a name in another order."""
    if not found or not right:
        return not found and not right
    match fact:
        case "company" | "agency":
            return _bare(found) == _bare(right)
        case "contact":
            return same_name(found, right)
        case "phone":
            return re.sub(r"\D", "", found) == re.sub(r"\D", "", right)
        case "role" | "title" | "address" | "recipient" | "linkedin":
            return fold(found) == fold(right)
        case _:
            return bool(found == right)


def _bare(name: str) -> str:
    return fold(company().legal_form.sub("", name))


@pytest.mark.parametrize("name", NAMES)
def test_no_letter_goes_to_somebody_wrong(name: str) -> None:
    """To nobody, where somebody could be found, is a small loss; to somebody else isn't."""
    expected, found = read(name).expected, told(ended(name))

    assert found["recipient"] is None or is_right("recipient", found["recipient"], expected["recipient"])


@pytest.mark.parametrize("fact", sorted(FLOORS))
def test_what_threads_tell_is_found(fact: str) -> None:
    """Of all threads, also those that don't tell it: then nothing may be found."""
    wrong = {}
    for name in NAMES:
        expected, found = read(name).expected.get(fact), told(ended(name))[fact]
        if not is_right(fact, found, expected):
            wrong[name] = f"{found!r} should be {expected!r}"
    listed = "".join(f"\n  {name}: {what}" for name, what in wrong.items())

    assert 1 - len(wrong) / len(NAMES) >= FLOORS[fact], f"{len(wrong)} of {len(NAMES)} wrong{listed}"


def test_threads_are_what_they_should_be() -> None:
    """A hundred at least, of two to a dozen messages, over mailboxes and languages."""
    sizes = Counter(len(list(read(name).messages())) for name in NAMES)
    languages = {plan.language for plan in map(ended, NAMES)}

    assert len(NAMES) >= 100
    assert min(sizes) >= 2
    assert max(sizes) <= 12
    assert {pack.code for pack in packs.load()} <= languages
