"""The application that a rejection ends, as the letters and reminders need it: out of its steps and talks."""

from datetime import date, timedelta

from unburnt.core.model import Kind, Process, Step
from unburnt.core.process import Course, same_role, when
from unburnt.core.talks import Talks

_SAME_NO = timedelta(days=30)


def ended_process(ended: Step | None, known: Course, held: Talks) -> Process:
    """``ended`` is the rejection as a step of the history."""
    return Process(
        applied=known.applied,
        rounds=held.rounds,
        met=tuple(each.name for each in held.met if each.name),
        is_answered=any(step.is_own for step in known.after),
        told_before=told_before(ended, known) if ended else None,
        last_talk=held.last,
        is_tested=held.is_tested,
        is_thanked=_is_thanked(known, held.last),
        heard=frozenset(voice for step in known.of_company for voice in step.voices),
    )


def told_before(ended: Step, known: Course) -> Step | None:
    """An earlier message with the same no, for which a letter was planned: same company, same known role, a month at most."""
    for step in reversed(known.steps):
        same = step.identity in known.thread or (
            step.role is not None and ended.role is not None and same_role(step.role, ended.role)
        )
        if step.kind is Kind.REJECTION and step.letter and same and when(ended) - when(step) <= _SAME_NO:
            return step
    return None


def _is_thanked(known: Course, talked: date | None) -> bool:
    """Whether the user has thanked for the last talk, or for a talk of an unknown day."""
    return any(step.is_own and step.thanks and (talked is None or when(step).date() >= talked) for step in known.steps)
