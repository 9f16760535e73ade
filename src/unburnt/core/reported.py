"""A rejection that came by telephone or by letter, as the user tells it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256

from unburnt.core import process
from unburnt.core.ended import ended_process
from unburnt.core.model import (
    Address,
    Envelope,
    Kind,
    Mail,
    Person,
    Recipient,
    Rejection,
    Stage,
    Step,
)
from unburnt.core.talks import ORDER, talks

SOURCE = "told by you"


@dataclass(frozen=True, slots=True)
class Reported:
    """What the user knows of it; "" for what they don't."""

    company: str
    at: datetime  # when it was told, aware
    role: str = ""
    person: str = ""
    address: str = ""  # of that person
    stage: Stage | None = None  # None: as the history has it
    language: str = "en"


def mail(no: Reported) -> Mail:
    """It as a message without text, so that letters and reminders are made of it as of any other."""
    parts = (no.company, no.role, no.person, no.at.date().isoformat())
    identity = sha256("\0".join(("reported", *parts)).encode()).hexdigest()
    return Mail(Envelope(date=no.at), identity, "", "")


def step(no: Reported, identity: str) -> Step:
    """It in the history."""
    person = Person(no.person, no.address) if no.person or no.address else None
    author = Address(no.person, no.address) if no.address else None
    return Step(
        identity,
        Kind.REJECTION,
        no.at,
        None,
        (),
        author,
        company=no.company,
        role=no.role or None,
        signer=person,
    )


def rejection(no: Reported, ended: Step, past: Sequence[Step], own: tuple[str, ...]) -> Rejection:
    """It with what earlier mail tells of the application."""
    known = process.course(ended, past)
    held = talks(known.steps, ended, own)
    why = "you gave this address" if no.address else "you gave no address"
    return Rejection(
        company=no.company,
        role=no.role or known.role,
        contact=ended.signer,
        recipient=Recipient(no.address or None, why, no.person),
        stage=no.stage or max(held.stage, Stage.APPLICATION, key=ORDER.index),
        language=no.language,
        process=replace(ended_process(ended, known, held), is_answered=False),
    )
