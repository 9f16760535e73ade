"""What the user's votes add to the fitted estimator: a correction of its weights that leaves other mail alone.

Votes aren't thrown among the shipped mail: weighted enough to matter, they moved the weights of everyday words, and
with them the verdicts on mail that has nothing to do with any vote. So the estimator stays as it is, and what a vote
says that it got wrong is put down to the terms of the votes, the dearer the more shipped mails have a term: those know
better what it means. Mail without such terms keeps its verdict to the last bit, and so does mail that has a few of them
by chance: unseen mail in a wording that was voted on moves by 1.5 or more, nearly all other by less than 0.3
(``_FAINT`` in estimators.py lies between).
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from unburnt.core.estimators import Estimators
from unburnt.core.lessons import Lesson, pairs

_WEIGHT = 512.0  # of a vote; with 128, twenty votes on a wording were not always enough

_MOST_STEPS = 100
_CONVERGED = 1e-10


def corrected(estimators: Estimators, taught: Any, votes: Sequence[Lesson]) -> Estimators:
    """The estimators, heeding the votes; the same ones where there are none. ``taught`` are the rows they learned from."""
    import numpy as np
    from scipy.sparse import diags

    if not votes:
        return estimators
    hashing, decide = (estimators.whole.named_steps[step] for step in ("hash", "decide"))
    voted = hashing.transform([pairs(vote.read) for vote in votes]).tocsr()
    terms = np.unique(voted.indices)
    known = np.bincount(taught.indices, minlength=taught.shape[1])[terms]  # a row has each of its terms once
    cheap = voted[:, terms] @ diags(decide.C / (1.0 + known) ** 2)
    alike = (cheap @ voted[:, terms].T).toarray()
    decisions = np.asarray(estimators.decisions([vote.read for vote in votes]))
    shares = _shares(alike, decisions, np.where([vote.is_rejection for vote in votes], 1.0, -1.0))
    added = np.zeros(taught.shape[1])
    added[terms] = cheap.T @ shares
    return replace(estimators, votes=added)


def _shares(alike: Any, decisions: Any, sides: Any) -> Any:
    """How much of each vote is in the change: Newton's method, with steps halved until they lead down."""
    import numpy as np
    from scipy.special import expit

    def loss(shares: Any) -> float:
        margins = sides * (decisions + alike @ shares)
        return float(_WEIGHT * np.logaddexp(0, -margins).sum() + 0.5 * shares @ alike @ shares)

    shares = np.zeros(len(sides))
    best = loss(shares)
    for _ in range(_MOST_STEPS):
        doubt = expit(-sides * (decisions + alike @ shares))
        curvature = _WEIGHT * doubt * (1 - doubt)
        step = np.linalg.solve(np.eye(len(sides)) + curvature[:, None] * alike, _WEIGHT * sides * doubt - shares)
        while (now := loss(shares + step)) > best and np.abs(step).max() > _CONVERGED:
            step = step / 2
        shares, best = shares + step, now
        if np.abs(step).max() <= _CONVERGED:
            break
    return shares
