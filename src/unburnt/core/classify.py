"""Is it a job rejection? Terms, hashed, and a logistic regression; its answer is a probability and what it rests on.

Chosen by measurement; classifier_data/README.md says what was tried. scikit-learn is imported where it is used: it
takes a second and 100 MB, and most of the program does without.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from unburnt.core.features import Document, document
from unburnt.core.model import Label, Mail, Verdict

_BUCKETS = 2**17
_PENALTY = 0.04  # C of the regression: small, since terms overlap
_FOLDS = 5
_SEED = 20_260
_EVIDENCE = 8
_NEGLIGIBLE = 0.005
_PRECISION_TO_DRAFT = 0.86  # on the hard mail of classifier_data, out of family
_DRAFT_AT_LEAST, _DRAFT_AT_MOST = 0.7, 0.8
_UNSURE_SHARE = 0.5  # of the threshold


@dataclass(frozen=True, slots=True)
class Fitted:
    """An estimator, how its decisions become probabilities, and where its labels begin."""

    estimator: Any  # Pipeline
    slope: float
    intercept: float
    threshold: float
    unsure: float

    def probability(self, decision: float) -> float:
        return 1 / (1 + math.exp(-max(-500.0, min(500.0, self.slope * decision + self.intercept))))


def build() -> Any:
    """The untrained estimator. It takes documents as lists of (term, weight)."""
    from sklearn.feature_extraction import FeatureHasher
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import Pipeline

    return Pipeline(
        [
            ("hash", FeatureHasher(n_features=_BUCKETS, input_type="pair", alternate_sign=False)),
            (
                "decide",
                LogisticRegression(
                    C=_PENALTY, solver="liblinear", class_weight="balanced", max_iter=500, random_state=_SEED
                ),
            ),
        ]
    )


def fit(mails: Sequence[Mail], is_rejection: Sequence[bool], families: Sequence[str]) -> Fitted:
    """The estimator fitted to all of it, calibrated on what it says of families it has not seen."""
    from sklearn.linear_model import LogisticRegression

    pairs = [_pairs(document(mail)) for mail in mails]
    truth = [int(answer) for answer in is_rejection]
    decisions = out_of_family(pairs, truth, families)
    sigmoid = LogisticRegression(C=1e6).fit([[decision] for decision in decisions], truth)
    slope, intercept = float(sigmoid.coef_[0, 0]), float(sigmoid.intercept_[0])
    threshold = _threshold([slope * decision + intercept for decision in decisions], truth)
    return Fitted(build().fit(pairs, truth), slope, intercept, threshold, round(threshold * _UNSURE_SHARE, 4))


def out_of_family(pairs: Sequence[Any], truth: Sequence[int], families: Sequence[str]) -> list[float]:
    """For every mail the decision of an estimator that has seen no mail of its family."""
    from sklearn.model_selection import StratifiedGroupKFold

    counts = [
        len({family for family, answer in zip(families, truth, strict=True) if answer == side}) for side in (0, 1)
    ]
    if min(counts) < 2:
        raise ValueError("needs mail of at least two families that are rejections and two that are not")
    decisions = [0.0] * len(truth)
    folds = StratifiedGroupKFold(min(_FOLDS, *counts), shuffle=True, random_state=_SEED)
    for seen, held in folds.split(truth, truth, families):
        estimator = build().fit([pairs[i] for i in seen], [truth[i] for i in seen])
        for i, decision in zip(held, estimator.decision_function([pairs[i] for i in held]), strict=True):
            decisions[int(i)] = float(decision)
    return decisions


def _threshold(logits: Sequence[float], truth: Sequence[int]) -> float:
    """The lowest probability above which enough are rejections."""
    right, best = 0, math.inf
    for seen, (logit, answer) in enumerate(sorted(zip(logits, truth, strict=True), reverse=True), 1):
        right += answer
        if right / seen >= _PRECISION_TO_DRAFT:
            best = logit
    return round(max(_DRAFT_AT_LEAST, min(_DRAFT_AT_MOST, 1 / (1 + math.exp(-best)))), 4)


def _pairs(read: Document) -> list[tuple[str, float]]:
    return [(term.key, term.weight) for term in read.terms]


class Classifier:
    """A fitted estimator with its thresholds; the user's own take the place of the default ones."""

    def __init__(self, fitted: Fitted, threshold: float | None = None, unsure: float | None = None) -> None:
        self._fitted = fitted
        self._threshold = fitted.threshold if threshold is None else threshold
        self._unsure = min(self._threshold, fitted.unsure if unsure is None else unsure)

    def classify(self, mail: Mail) -> Verdict:
        """The verdict on one mail, with the terms that weighed most."""
        read = document(mail)
        shares = self._shares(read)
        decide = self._fitted.estimator.named_steps["decide"]
        probability = self._fitted.probability(math.fsum(shares) + float(decide.intercept_[0]))
        return Verdict(self._label(probability, read.language), probability, _evidence(read, shares))

    def classify_many(self, mails: Iterable[Mail]) -> list[Verdict]:
        """The verdicts on mails, in their order."""
        return [self.classify(mail) for mail in mails]

    def _shares(self, read: Document) -> list[float]:
        """What each term adds to the decision."""
        if not read.terms:
            return []
        hashed = self._fitted.estimator.named_steps["hash"].transform([[pair] for pair in _pairs(read)])
        weights = self._fitted.estimator.named_steps["decide"].coef_[0]
        return [float(share) for share in hashed.data * weights[hashed.indices]]

    def _label(self, probability: float, language: str | None) -> Label:
        """Nothing is drafted in a language that the classifier wasn't taught."""
        if probability >= self._threshold and language is not None:
            return Label.REJECTION
        return Label.UNSURE if probability >= self._unsure else Label.OTHER


def _evidence(read: Document, shares: Sequence[float]) -> tuple[tuple[str, float], ...]:
    """The terms that weighed most; terms that are shown by the same words count together."""
    weights: defaultdict[str, float] = defaultdict(float)
    for term, share in zip(read.terms, shares, strict=True):
        weights[term.shown] += share
    heaviest = sorted(weights.items(), key=lambda item: (-abs(item[1]), item[0]))[:_EVIDENCE]
    return tuple((shown, round(weight, 4)) for shown, weight in heaviest if abs(weight) >= _NEGLIGIBLE)
