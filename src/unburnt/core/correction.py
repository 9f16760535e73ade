"""What the user's votes add to the fitted estimators: a correction that leaves other mail alone.

Votes aren't thrown among the shipped mail: weighted enough to matter, they moved the weights of everyday words, and
with them the verdicts on mail that has nothing to do with any vote. So the estimators stay as they are, and what a vote
says that they got wrong is put down to its terms, the dearer the more shipped mails have a term: those know better what
it means. The terms of its most decisive sentence count once more, since a no is what an employer's acknowledgement does
not have in common with a rejection from the same hand. Mail without such terms keeps its verdict to the last bit, and so
does mail that has a few of them by chance: mail in a wording that was voted on moves by 2.9 or more, nearly all other
by less than 1.
"""

from typing import Any

_WEIGHT = 16384.0  # of a vote; with 512, twenty on a wording that was held for the opposite were not always enough
_PENALTY = 0.04
_OF_DECISIVE = 0.32  # of a mail's most decisive sentence, what its terms count beside those of the mail
_FAINT = 1.5  # votes that move a decision by less don't mean that mail: it is of no wording that was voted on

_MOST_STEPS = 100
_CONVERGED = 1e-10


def looked_at(whole: Any, decisive: Any) -> Any:
    """Mails as votes look at them: hashed terms of each, and those of its most decisive sentence (sparse, as is the result)."""
    from scipy.sparse import hstack

    return hstack([whole, _OF_DECISIVE * decisive]).tocsr()


def correction(voted: Any, taught: Any, decisions: Any, sides: Any) -> Any:
    """What is added to the weight of each term.

    Of each vote: its row, what was decided, and 1 for a rejection, -1 for another mail. ``taught`` are the rows of the
    mail that was learned from. All rows are ``looked_at``.
    """
    import numpy as np
    from scipy.sparse import diags

    terms = np.unique(voted.indices)
    known = np.bincount(taught.indices, minlength=taught.shape[1])[terms]  # a row has each of its terms once
    cheap = voted[:, terms] @ diags(_PENALTY / (1.0 + known) ** 2)
    added = np.zeros(taught.shape[1])
    added[terms] = cheap.T @ _shares((cheap @ voted[:, terms].T).toarray(), decisions, sides)
    return added


def moved(votes: Any, rows: Any) -> Any:
    """How far a correction moves the decision on each of these mails: not at all where it doesn't mean them."""
    import numpy as np

    by = rows @ votes
    return np.where(abs(by) >= _FAINT, by, 0.0)


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
