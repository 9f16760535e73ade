"""How far an application went, and with whom: the talks and tests of its steps, as far as they took place."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from unburnt.core.model import Address, Kind, Stage, Step

ORDER = (Stage.APPLICATION, Stage.SCREENING, Stage.ASSESSMENT, Stage.INTERVIEW, Stage.FINAL)
_WAITS = timedelta(days=2)  # for a test without a last day: with less before the no, nobody took it
_REMEMBERED = timedelta(days=21)  # after a talk, in which thanks without a day are for it
_RECRUITS = re.compile(  # titles of those who hold the first talks, in the languages of the packs
    r"recruit|recrut|rekrut|reclut|rekryt|talent|\b(?:hr|people|personal\w*|human|risorse|ressources|recursos|rrhh|ik|ki)\b"
    r"|insan kaynak|selección|seleção|selezione|acquisition|consult|berater|danışman|personeel|kadr",
    re.IGNORECASE,
)
_ABOUT = timedelta(days=1)  # between the day of a talk and what somebody calls it


@dataclass(slots=True)
class _Talk:
    """One talk, or one test, as the messages about it tell."""

    stage: Stage
    asked: date
    day: date | None = None
    last: date | None = None  # message about it
    is_off: bool = False
    is_told: bool = False  # somebody looked back on it
    by_no: bool = False  # only the rejection tells of it, and it may speak of talks with others
    people: dict[str, Address] = field(default_factory=dict)

    @property
    def is_test(self) -> bool:
        return self.stage is Stage.ASSESSMENT

    def is_open(self, at: date) -> bool:
        """Whether it is still to come on that day, as far as is known."""
        return not self.is_off and not self.is_told and (self.day is None or self.day >= at)


@dataclass(frozen=True, slots=True)
class Talks:
    """What took place."""

    stage: Stage
    rounds: int
    met: tuple[Address, ...]
    last: date | None  # day of the last talk, where it is known
    is_tested: bool
    by_no: bool  # nothing but the rejection tells of any


def talks(steps: Sequence[Step], ended: Step | None, own: Iterable[str]) -> Talks:
    """What had taken place by the rejection, ``ended``; it looks back itself. ``own`` are the user's addresses."""
    mine = {address.lower() for address in own}
    found: list[_Talk] = []
    for step in _with_titles((*steps, ended) if ended else steps):
        if step.date is not None:
            _take(found, step, step.date.date(), mine)
    until = ended.date.date() if ended and ended.date else date.max
    held = [talk for talk in found if _took_place(talk, until)]
    met = {key: person for talk in held for key, person in talk.people.items()}
    stages = [talk.stage for talk in held]
    spoken = [talk for talk in held if not talk.is_test]
    return Talks(
        max(stages, key=ORDER.index, default=Stage.APPLICATION),
        len(spoken),
        tuple(met.values()),
        _last(spoken),
        len(spoken) < len(held),
        all(talk.by_no for talk in held),
    )


def _last(spoken: Sequence[_Talk]) -> date | None:
    """The day of the last talk, if that of each is known from more than the no."""
    known = [talk.day for talk in spoken if talk.day is not None and not talk.by_no]
    return max(known, default=None) if len(known) == len(spoken) else None


def _with_titles(steps: Sequence[Step]) -> list[Step]:
    """The steps, their signers with the title that any of them tells."""
    titles = {each.signer.address: each.signer.title for each in steps if each.signer and each.signer.title}
    return [
        replace(each, signer=replace(each.signer, title=titles.get(each.signer.address, ""))) if each.signer else each
        for each in steps
    ]


def _take(found: list[_Talk], step: Step, at: date, mine: set[str]) -> None:
    """Enter one message: it looks back on a talk, calls one off, sets or moves one."""
    for day in (day for day in step.days if day <= at):
        _look_back(found, step, at, day, mine)
    cancelled = step.calls_off or any(meeting.is_cancelled for meeting in step.meetings)
    starts = [meeting.start.date() for meeting in step.meetings if meeting.start and not meeting.is_cancelled]
    coming = (*starts, *(day for day in step.days if day > at))
    if cancelled and not coming:
        for talk in found:
            talk.is_off = talk.is_off or (talk.is_open(at) and not talk.is_test)
    elif coming:
        _set(found, step, at, coming[0], mine)
    elif step.talk is Stage.ASSESSMENT or (step.talk is not None and not step.days):
        _speak_of(found, step, at)


def _look_back(found: list[_Talk], step: Step, at: date, day: date, mine: set[str]) -> None:
    talk = _meant(found, at, day)
    if talk is None and step.kind is Kind.REJECTION and any(not each.is_off and not each.is_test for each in found):
        return  # a no that thanks for "the conversations" means those that are known
    if talk is None:
        goes_on = any(other > at for other in step.days) or bool(step.meetings) or step.talk is Stage.ASSESSMENT
        stage = None if goes_on else step.talk
        talk = _Talk(_stage_of(found, step, stage, goes_on=goes_on), at, day)
        talk.by_no = step.kind is Kind.REJECTION
        found.append(talk)
    talk.is_told, talk.is_off, talk.last = True, False, at
    talk.day = min(talk.day or day, at)
    author = step.author
    if author is not None and not step.is_own and step.signer is not None and author.address.lower() not in mine:
        talk.people[author.address.lower()] = Address(step.signer.name, author.address)


def _meant(found: Sequence[_Talk], at: date, day: date) -> _Talk | None:
    """The talk that somebody means who looks back on one of that day; on the message's own day the word may be loose."""
    past = [talk for talk in reversed(found) if not talk.is_off and not talk.is_test]
    near = next((talk for talk in past if talk.day is not None and abs(talk.day - day) <= _ABOUT), None)
    without_day = next((talk for talk in past if talk.day is None), None)
    if near or without_day or day < at:
        return near or without_day
    recent = (talk for talk in past if talk.day is not None and timedelta() <= at - talk.day <= _REMEMBERED)
    return next((talk for talk in recent if not talk.is_told), None)


def _set(found: list[_Talk], step: Step, at: date, day: date, mine: set[str]) -> None:
    if step.is_own:
        return  # what the user proposes, somebody else confirms
    tests = step.talk is Stage.ASSESSMENT
    talk = next((each for each in reversed(found) if each.is_test is tests and each.is_open(at)), None)
    if talk is None:
        talk = _Talk(_stage_of(found, step, step.talk), at)
        found.append(talk)
    elif step.talk is not None and ORDER.index(step.talk) > ORDER.index(talk.stage):
        talk.stage = step.talk
    talk.day, talk.last = day, at
    for meeting in step.meetings:
        for person in (meeting.organizer, *meeting.attendees):
            if person is not None and person.address.lower() not in mine:
                talk.people[person.address.lower()] = person


def _speak_of(found: list[_Talk], step: Step, at: date) -> None:
    """A message about a talk or test without a day of its own: an invitation, or what is said of one that is known."""
    tests = step.talk is Stage.ASSESSMENT
    talk = next((each for each in reversed(found) if each.is_test is tests and not each.is_off), None)
    if talk is not None and tests and (step.is_own or step.kind is Kind.REJECTION):
        talk.is_told = True
    elif talk is not None and (tests or talk.is_open(at)):
        talk.last = at
    elif (
        step.talk is not None
        and step.kind is not Kind.REJECTION
        and (tests or (step.kind is Kind.INTERVIEW and not step.is_own))
    ):
        found.append(_Talk(step.talk, at, last=at))


def _stage_of(found: Sequence[_Talk], step: Step, said: Stage | None, *, goes_on: bool = False) -> Stage:
    """As the message calls it; else the first is a screening if a recruiter holds it, or what it led to is told with it."""
    if said is not None:
        return said
    first = not any(not talk.is_off and not talk.is_test for talk in found)
    recruits = step.signer is not None and _RECRUITS.search(step.signer.title) is not None
    return Stage.SCREENING if first and (recruits or goes_on) else Stage.INTERVIEW


def _took_place(talk: _Talk, until: date) -> bool:
    """A talk whose day nobody told took place only if somebody looked back on it; a test is taken when there was time."""
    if talk.is_off or talk.is_told or talk.day is not None:
        return not talk.is_off and (talk.is_told or (talk.day is not None and talk.day <= until))
    return talk.is_test and talk.last is not None and until - talk.last >= _WAITS
