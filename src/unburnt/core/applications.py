"""The whole search as a list of applications: what the history knows, put together by company and role."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from unburnt.core.model import Kind, Stage, Step
from unburnt.core.people import involved
from unburnt.core.process import APPLIED, FORGOTTEN, ids_of, of_same_company, same_role, when
from unburnt.core.talks import talks

_ANSWERS = frozenset({Kind.REJECTION, Kind.OFFER, Kind.INTERVIEW, Kind.ASSESSMENT})
_NOTHING: frozenset[str] = frozenset()


class Outcome(StrEnum):
    """What became of an application, as far as mail tells."""

    OPEN = "open"
    REJECTED = "rejected"
    OFFER = "offer"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Application:
    """One application, from the first message to the last."""

    company: str | None
    role: str | None
    applied: date | None  # None where no application or acknowledgement is known
    last: date
    stage: Stage
    rounds: int
    people: tuple[str, ...]  # the most involved first
    outcome: Outcome
    days_to_answer: int | None  # from the application to the first mail that moves it on or ends it
    thanked: bool  # the user wrote after the no
    messages: int


def applications(steps: Iterable[Step], own: Sequence[str] = ()) -> tuple[Application, ...]:
    """Every application that the steps tell of, the latest first. ``own`` are the user's addresses."""
    found: list[list[Step]] = []
    for step in sorted((each for each in steps if each.date), key=when):
        known = _of_thread(step, found) or _of_company(step, found)
        if known is not None:
            known.append(step)
        elif step.company or step.kind is not Kind.REPLY:
            found.append([step])
    told = (_told(each, own) for each in found if any(step.kind not in {Kind.REPLY, Kind.OTHER} for step in each))
    return tuple(sorted(told, key=lambda each: each.last, reverse=True))


def _of_thread(step: Step, found: Sequence[list[Step]]) -> list[Step] | None:
    ids = ids_of(step)
    return next((each for each in reversed(found) if any(ids_of(known) & ids for known in each)), None)


def _of_company(step: Step, found: Sequence[list[Step]]) -> list[Step] | None:
    """The latest application to the same company that the step may belong to."""
    for each in reversed(found):
        summed = _summed(each)
        if of_same_company(step, summed) and _same_role(step, each) and not _begins_anew(step, each):
            return each
    return None


def _summed(steps: Sequence[Step]) -> Step:
    """One step that has what all of them tell of the company."""
    organisations = tuple(dict.fromkeys(org for step in steps for org in step.organisations))
    return replace(steps[-1], company=_longest(step.company for step in steps), organisations=organisations)


def _same_role(step: Step, steps: Sequence[Step]) -> bool:
    roles = [known.role for known in steps if known.role]
    return step.role is None or not roles or any(same_role(step.role, role) for role in roles)


def _begins_anew(step: Step, steps: Sequence[Step]) -> bool:
    """An application after a no or a long silence."""
    over = any(known.kind is Kind.REJECTION for known in steps)
    return step.kind in APPLIED and (over or when(step) - when(steps[-1]) > FORGOTTEN)


def _told(steps: Sequence[Step], own: Sequence[str]) -> Application:
    end = next((step for step in steps if step.kind is Kind.REJECTION), None)
    before = [step for step in steps if end is None or when(step) <= when(end)]
    held = talks([step for step in before if step is not end], end or steps[-1], own)
    applied = next((when(step) for step in steps if step.kind in APPLIED), None)
    return Application(
        company=_longest(step.company for step in steps),
        role=_longest(step.role for step in steps),
        applied=applied.date() if applied else None,
        last=when(steps[-1]).date(),
        stage=held.stage,
        rounds=held.rounds,
        people=tuple(each.person.name for each in involved(steps, _NOTHING, own)),
        outcome=_outcome(steps),
        days_to_answer=_days(applied, steps),
        thanked=end is not None and any(step.is_own and when(step) > when(end) for step in steps),
        messages=len(steps),
    )


def _outcome(steps: Sequence[Step]) -> Outcome:
    kinds = {step.kind for step in steps}
    ends = {Kind.REJECTION: Outcome.REJECTED, Kind.WITHDRAWAL: Outcome.WITHDRAWN, Kind.OFFER: Outcome.OFFER}
    return next((outcome for kind, outcome in ends.items() if kind in kinds), Outcome.OPEN)


def _days(applied: datetime | None, steps: Sequence[Step]) -> int | None:
    if applied is None:
        return None
    first = next((when(step) for step in steps if step.kind in _ANSWERS and when(step) >= applied), None)
    return (first - applied).days if first else None


def _longest(names: Iterable[str | None]) -> str | None:
    return max((name for name in names if name), key=len, default=None)
