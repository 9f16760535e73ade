"""Which letter a rejection calls for."""

from enum import StrEnum

from unburnt.core.model import Rejection, Stage


class Situation(StrEnum):
    """What a letter answers; each has its own words."""

    FORM = "form"  # after an application only
    TEST = "test"
    INTERVIEW = "interview"
    FINAL = "final"
    CLOSED = "closed"  # the position is gone, for everybody
    POOL = "pool"  # "not now": they keep the user in mind
    PERSONAL = "personal"  # a founder or an acquaintance wrote it
    LATE = "late"  # the user answers after weeks
    THANKED = "thanked"  # the user has thanked for the talk already
    AGENCY = "agency"  # a recruiter told it
    CHECK_IN = "check_in"  # months later, in the same thread


_OF_STAGE = {Stage.ASSESSMENT: Situation.TEST, Stage.FINAL: Situation.FINAL}


def situation(rejection: Rejection, *, late: bool) -> Situation:
    """The decision table, first row that fits: what changes the opening, who told it, what became of the position, how
    far the user came.
    """
    said, met = rejection.offered, is_met(rejection)
    rows = (
        (late, Situation.LATE),
        (met and rejection.process.is_thanked, Situation.THANKED),
        (bool(rejection.agency), Situation.AGENCY),
        (said.closed, Situation.CLOSED),
        (met, _OF_STAGE.get(rejection.stage, Situation.INTERVIEW)),
        (said.is_personal, Situation.PERSONAL),
        (said.pool, Situation.POOL),
    )
    return next((found for fits, found in rows if fits), _OF_STAGE.get(rejection.stage, Situation.FORM))


def is_met(rejection: Rejection) -> bool:
    """Whether the user has talked with people there: a screening counts where the history knows of the talk."""
    talked = rejection.stage in {Stage.INTERVIEW, Stage.FINAL}
    return talked or (rejection.stage is Stage.SCREENING and rejection.process.rounds > 0)
