"""What else a mail may be: how like each group of other mail it is.

A landlord, a choir and a foundation say no in an employer's words, and a thank-you for an application is written by those
who turn it down. One estimator that must tell rejections from all of them at once finds no weights that do; a small one
for each group knows what that group is about, and ``stacking.py`` learns what a no means beside it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from unburnt.core.lessons import BUCKETS, Counted
from unburnt.core.regressions import build, taught_by

_KINDS = {  # of classifier_data/other, by group; all others are of the last one
    "an acknowledgement": "acknowledgement",
    "the state of an application": "status pending viewed update",
    "an application that lacks something": "incomplete",
    "an interview": "interview reschedule calendar",
    "a test": "assessment",
    "an offer": "offer onboarding",
    "a withdrawal": "withdrawal",
    "a recruiter who asks": "outreach",
    "a job alert": "alert",
    "a home": "housing",
    "a school or a course": "school course",
    "a membership": "membership",
    "a grant": "grant",
    "money, an insurance or an office": "finance insurance refund visa",
    "a contest": "contest",
    "volunteering": "charity",
    "a tender": "tender",
    "a paper or a pull request": "paper code",
    "cold sales": "coldsale",
    "a reference": "reference",
    "hiring": "hiring",
    "colleagues at work": "work",
    "private mail": "own friends family",
    "forwarded mail": "forwarded",
    "a mailing list": "mailinglist community list digest",
    "advice": "advice legal",
    "a newsletter": "newsletter",
}
_ANYTHING_ELSE = "anything else"

GROUPS = (*_KINDS, _ANYTHING_ELSE)
_OF_KIND = {kind: group for group, kinds in _KINDS.items() for kind in kinds.split()}


def group_of(kind: str) -> str:
    """The group of a kind of other mail."""
    return _OF_KIND.get(kind, _ANYTHING_ELSE)


@dataclass(frozen=True, slots=True)
class Likeness:
    """A linear estimator for each group, in the order of GROUPS: that group against all other mail, rejections too."""

    weights: Any  # (BUCKETS, groups)
    intercepts: Any  # (groups,)

    def of(self, rows: Any) -> Any:
        """How surely each hashed mail is of each group: (mails, groups). 0 for a group that no lesson was of."""
        return rows.astype(self.weights.dtype) @ self.weights + self.intercepts


def likened(counted: Counted, seen: Sequence[int]) -> Likeness:
    """What these lessons teach."""
    import numpy as np

    weights = np.zeros((BUCKETS, len(GROUPS)), dtype=np.float32)
    intercepts = np.zeros(len(GROUPS))
    rows, counts = counted.whole[seen], counted.weights[seen]
    of = [counted.groups[lesson] for lesson in seen]
    for column, group in enumerate(GROUPS):
        answers = np.array([each == group for each in of])
        if answers.any() and not answers.all():
            decide = taught_by(build(), rows, answers, counts).named_steps["decide"]
            weights[:, column], intercepts[column] = decide.coef_[0], decide.intercept_[0]
    return Likeness(weights, intercepts)
