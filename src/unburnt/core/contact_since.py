"""Whether there has been contact since a rejection: then a reminder to check in comes later, or not at all."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from unburnt.core import process
from unburnt.core.model import Kind, Step

_THANKS = timedelta(days=14)  # the letter of thanks, and what is answered to it, are no contact of their own
_ANEW = {
    Kind.APPLICATION: "you have applied there again",
    Kind.ACKNOWLEDGEMENT: "you have applied there again",
    Kind.OUTREACH: "they have asked you to apply",
    Kind.ASSESSMENT: "they have invited you to a test",
    Kind.INTERVIEW: "they have invited you to talk",
    Kind.OFFER: "they have made you an offer",
}


@dataclass(frozen=True, slots=True)
class Contact:
    """The latest contact since a rejection."""

    day: date
    what: str  # for the user: "you wrote to them"
    anew: bool  # another application has begun: there is nothing left to check


def contact_since(ended: Step, past: Sequence[Step]) -> Contact | None:
    """What came between the user and the company after this no, the weightiest first; None for silence.

    A circular isn't contact: mail of the company counts when a person signed it.
    """
    since = process.course(ended, past).since
    for step in since:
        if step.kind in _ANEW:
            return Contact(process.when(step).date(), _ANEW[step.kind], anew=True)
    later = [step for step in since if process.when(step) - process.when(ended) > _THANKS]
    spoken = [step for step in later if step.is_own or (step.signer is not None and step.kind is not Kind.REJECTION)]
    if not spoken:
        return None
    last = spoken[-1]
    return Contact(process.when(last).date(), "you wrote to them" if last.is_own else "they wrote to you", anew=False)
