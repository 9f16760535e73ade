"""The linear estimators over hashed terms, untrained and taught: of whole mails, and of sentences."""

from contextlib import nullcontext
from threading import Lock
from typing import Any

from unburnt.core.lessons import BUCKETS, BUCKETS_OF_SENTENCES, hashed

SEED = 20_260
_LIBLINEAR = "liblinear"
_PENALTY = 0.04  # C of the regression over the mail: small, since terms overlap
_PENALTY_OF_MARGIN = 0.01
_PENALTY_OF_SENTENCES = 1.0
_TOLERANCE = 0.1  # a tenth of it moves decisions by 0.01 at most, and takes half as long again
_RARE = 3.0  # weight of a sentence that says no: one in twenty does


def build() -> Any:
    """The untrained estimator of whole mails. It takes documents as lists of (term, weight).

    Its dual problem is solved, where there are far more terms than mails: the same weights in an eighth of the time.
    """
    from sklearn.linear_model import LogisticRegression

    regression = LogisticRegression(
        C=_PENALTY,
        tol=_TOLERANCE,
        solver=_LIBLINEAR,
        dual=True,
        class_weight="balanced",
        max_iter=500,
        random_state=SEED,
    )
    return hashed(BUCKETS, regression)


def build_margin() -> Any:
    """A support vector machine of whole mails, untrained: only mail near the border counts there, and it draws another one."""
    from sklearn.svm import LinearSVC

    return hashed(BUCKETS, LinearSVC(C=_PENALTY_OF_MARGIN, tol=_TOLERANCE, max_iter=500, random_state=SEED))


def build_for_sentences() -> Any:
    """The untrained estimator of sentences, which are lists of (term, weight) too."""
    from sklearn.linear_model import LogisticRegression

    regression = LogisticRegression(C=_PENALTY_OF_SENTENCES, class_weight={0: 1.0, 1: _RARE}, max_iter=500)
    return hashed(BUCKETS_OF_SENTENCES, regression)


def taught_by(pipeline: Any, rows: Any, answers: Any, weights: Any = None) -> Any:
    """The pipeline, its estimator fitted to hashed rows, which may count differently.

    On one thread: to hand out sums as short as these costs four times what the sums do. And they come out alike on any
    machine, however many cores it has. Nor does liblinear solve two problems at once: it takes terms in random order, and
    its random numbers are those of the whole process.
    """
    from threadpoolctl import threadpool_limits

    decide = pipeline.named_steps["decide"]
    solver = getattr(decide, "solver", _LIBLINEAR)  # a LinearSVC has no other
    with threadpool_limits(1, "blas"), _DICE if solver == _LIBLINEAR else nullcontext():
        decide.fit(rows, answers, sample_weight=weights)
    return pipeline


_DICE = Lock()
