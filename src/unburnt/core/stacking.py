"""What the estimators say, put together by one more (stacked generalization, Wolpert 1992).

It has learned from what they say of mail they have not seen how far to believe each beside the others: a clear no counts
less the more a mail is like those of landlords, and more where nothing else fits it. So it looks at their products and
squares too; and since those grow without end, what they say is bounded first. Their plain sum has a part in it still: it
leans less on how often a kind of mail stands among the labelled ones, where landlords write more than in life.
"""

from typing import Any

_BOUND = 4.0
_PENALTY = 0.1  # C
_DEGREE = 2
_PART_OF_STACK, _PART_OF_SUM = 0.55, 0.45


def inputs(whole: Any, said: Any, opinions: Any, margin: Any, likeness: Any) -> Any:
    """(mails, columns), from what whole mails, sentences, the second opinion and the margin say, and the columns of likeness."""
    import numpy as np

    return _BOUND * np.tanh(np.column_stack([whole, said, opinions, margin, likeness]) / _BOUND)


def build() -> Any:
    """The untrained estimator."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import PolynomialFeatures, StandardScaler

    regression = LogisticRegression(C=_PENALTY, max_iter=1000)
    return make_pipeline(StandardScaler(), PolynomialFeatures(_DEGREE), StandardScaler(), regression)


def stacked(rows: Any, answers: Any, weights: Any) -> Any | None:
    """The estimator fitted to inputs; None where they are of one label. On one thread, so it comes out alike anywhere."""
    from threadpoolctl import threadpool_limits

    if len(set(answers.tolist())) < 2:
        return None
    with threadpool_limits(1, "blas"):
        return build().fit(rows, answers, logisticregression__sample_weight=weights)


def joined(stack: Any | None, whole: Any, said: Any, opinions: Any, margin: Any, likeness: Any) -> Any:
    """The decisions on mails of which all this is told: their sum where nothing is stacked."""
    plain = whole + said + opinions
    if stack is None:
        return plain
    return (
        _PART_OF_STACK * stack.decision_function(inputs(whole, said, opinions, margin, likeness)) + _PART_OF_SUM * plain
    )
