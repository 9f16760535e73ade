"""The people of an application, the most involved first, and which of them a name means."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from unburnt.core import senders
from unburnt.core.model import Address, Kind, Person, Step
from unburnt.core.names import fold
from unburnt.core.process import when

_WROTE = 2  # weight of a message against that of being named in one


@dataclass(frozen=True, slots=True)
class Involved:
    """Somebody on the other side, and how much they had to do with it."""

    person: Person
    messages: int  # twice those that they wrote, and those that name them
    first: datetime
    last: datetime
    in_thread: bool
    arranged: bool = False  # they set a talk


def involved(steps: Sequence[Step], thread: frozenset[str], own: Iterable[str]) -> tuple[Involved, ...]:
    """Those who wrote, and those whom a calendar names: who took it over, then the most involved, then the latest."""
    mine = {senders.mailbox(address) for address in own}
    found: list[Involved] = []
    for step in steps:
        for person, weight in _people(step, mine):
            arranged = weight == _WROTE and step.date is not None and any(day > step.date.date() for day in step.days)
            at = when(step)
            _count(found, Involved(person, weight, at, at, step.identity in thread, arranged))
    return tuple(sorted(found, key=lambda each: (not _took_over(each, found), -each.messages, -each.last.timestamp())))


def _took_over(one: Involved, found: Sequence[Involved]) -> bool:
    """Whether they arranged the last talk, all their mail being later than anybody else's: the others may have left."""
    others = [each for each in found if each is not one and each.messages >= _WROTE]
    return one.arranged and all(one.first > each.last for each in others)


def _people(step: Step, mine: set[str]) -> Iterable[tuple[Person, int]]:
    if step.signer is not None and senders.mailbox(step.signer.address) not in mine:
        yield step.signer, 1 if step.kind is Kind.OUTREACH else _WROTE
    for meeting in step.meetings:
        for each in (meeting.organizer, *meeting.attendees):
            if each is not None and senders.mailbox(each.address) not in mine and _is_person(each):
                yield Person(each.name, each.address), 1


def _is_person(address: Address) -> bool:
    return bool(address.name) and is_reachable(address.address)


def bears(address: Address) -> bool:
    """Whether the address has a word of its display name in it, as a person's has: Ana Roe <ana.roe@…>."""
    local = fold(address.address.partition("@")[0])
    words = [fold(word) for word in address.name.split()]
    return is_reachable(address.address) and len(words) > 1 and any(len(word) > 2 and word in local for word in words)


def is_reachable(address: str) -> bool:
    """Whether it is one person's address, by its look."""
    return (
        senders.well_formed(address)
        and not senders.is_machine(address)
        and not senders.is_shared(address)
        and senders.system_of(address.rpartition("@")[2].lower()) is None
    )


def _count(found: list[Involved], new: Involved) -> None:
    """Add to whom it means, if they are there already."""
    for i, old in enumerate(found):
        if is_same(old.person, new.person):
            found[i] = Involved(
                merged(old.person, new.person),
                old.messages + new.messages,
                min(old.first, new.first),
                max(old.last, new.last),
                old.in_thread or new.in_thread,
                old.arranged or new.arranged,
            )
            return
    found.append(new)


def merged(one: Person, other: Person) -> Person:
    """What both tell; the fuller name."""
    name = max(one.name, other.name, key=lambda text: (len(text.split()), len(text)))
    return replace(
        one,
        name=name,
        address=one.address or other.address,
        title=one.title or other.title,
        phone=one.phone or other.phone,
        linkedin=one.linkedin or other.linkedin,
    )


def is_same(one: Person, other: Person) -> bool:
    """By address, else by name: a first name alone means whoever has it."""
    if one.address and other.address:
        return one.address.lower() == other.address.lower()
    return same_name(one.name, other.name)


def same_name(one: str, other: str) -> bool:
    """Anna Kowalska and Anna, A. Kowalska, Kowalska Anna; not Anna Kowalska and Anna Nowak."""
    ones, others = ([fold(word) for word in re.split(r"[\s.,]+", name) if fold(word)] for name in (one, other))
    if not ones or not others:
        return False
    short, long = sorted((ones, others), key=len)
    shared = any(len(word) > 1 and word in long for word in short)
    return shared and all(any(_fits(word, each) for each in long) for word in short)


def _fits(word: str, other: str) -> bool:
    return word == other or (1 in {len(word), len(other)} and word[0] == other[0])
