"""Is it a job rejection? Terms, hashed, and a logistic regression; its answer is a probability and what it rests on.

Chosen by measurement; classifier_data/README.md says what was tried. scikit-learn is imported where it is used: it
takes a second and 100 MB, and most of the program does without.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from unburnt.core.estimators import Estimators, Said, folds
from unburnt.core.features import Document, document
from unburnt.core.groundwork import Groundwork, Part, groundwork
from unburnt.core.lessons import Counted, Lesson, Saying, count
from unburnt.core.model import Label, Mail, Verdict

_EVIDENCE = 8
_NEGLIGIBLE = 0.005
_LONGEST_SHOWN = 90
_PRECISION_TO_DRAFT = 0.96  # on the hard mail of classifier_data, out of family
_DRAFT_AT_LEAST, _DRAFT_AT_MOST = 0.81, 0.85
_UNSURE_SHARE = 0.5  # of the threshold


@dataclass(frozen=True, slots=True)
class Fitted:
    """The estimators, how their decisions become probabilities, where labels begin, and the figures out of family."""

    estimators: Estimators
    slope: float
    intercept: float
    threshold: float
    unsure: float
    average_precision: float
    precision: float  # of what is at or above the threshold
    recall: float
    kinds: Any | None = None  # the estimator of core/kind.py

    def probability(self, decision: float) -> float:
        return 1 / (1 + math.exp(-max(-500.0, min(500.0, self.slope * decision + self.intercept))))


def fit(lessons: Iterable[Lesson], sayings: Sequence[Saying] = (), votes: Sequence[Lesson] = ()) -> Fitted:
    """The estimators fitted to all of it, calibrated on what they say of families they have not seen."""
    return heeding(*prepare(count(lessons, sayings)), votes)


def prepare(counted: Counted) -> tuple[Fitted, Groundwork]:
    """The model without votes, and what it takes to heed some.

    Probabilities are to be right on mail as it comes: unusual kinds, written to mislead, have no part in the calibration.
    """
    from sklearn.linear_model import LogisticRegression

    everything: Part = (range(len(counted.truth)), ())
    taught = groundwork(counted, [everything, *folds(counted.truth, counted.families)])
    (_, estimators), *folded = taught.folds
    ground = replace(taught, folds=tuple(folded))
    truth, decisions = [int(answer) for answer in counted.truth], ground.decisions(())
    usual = [i for i, unusual in enumerate(counted.unusual) if not unusual] or range(len(truth))
    sigmoid = LogisticRegression(C=1e6).fit([[decisions[i]] for i in usual], [truth[i] for i in usual])
    slope, intercept = float(sigmoid.coef_[0, 0]), float(sigmoid.intercept_[0])
    threshold = _threshold([slope * decision + intercept for decision in decisions], truth)
    plain = Fitted(estimators, slope, intercept, threshold, round(threshold * _UNSURE_SHARE, 4), 0.0, 0.0, 0.0)
    return _told(plain, decisions, truth), ground


def heeding(fitted: Fitted, ground: Groundwork, votes: Sequence[Lesson]) -> Fitted:
    """The same model, corrected by votes. They don't touch the calibration, which would move the verdicts on all other mail."""
    if not votes:
        return fitted
    corrected = replace(fitted, estimators=fitted.estimators.heeding(votes, ground.rows))
    return _told(corrected, ground.decisions(votes), [int(answer) for answer in ground.truth])


def _told(fitted: Fitted, decisions: Sequence[float], truth: Sequence[int]) -> Fitted:
    average_precision, precision, recall = _figures(fitted, decisions, truth)
    return replace(fitted, average_precision=average_precision, precision=precision, recall=recall)


def _threshold(logits: Sequence[float], truth: Sequence[int]) -> float:
    """The lowest probability above which enough are rejections."""
    right, best = 0, math.inf
    for seen, (logit, answer) in enumerate(sorted(zip(logits, truth, strict=True), reverse=True), 1):
        right += answer
        if right / seen >= _PRECISION_TO_DRAFT:
            best = logit
    return round(max(_DRAFT_AT_LEAST, min(_DRAFT_AT_MOST, 1 / (1 + math.exp(-best)))), 4)


def _figures(fitted: Fitted, decisions: Sequence[float], truth: Sequence[int]) -> tuple[float, float, float]:
    """Average precision, and precision and recall at the threshold."""
    from sklearn.metrics import average_precision_score

    drafted = [
        answer
        for decision, answer in zip(decisions, truth, strict=True)
        if fitted.probability(decision) >= fitted.threshold
    ]
    precision = sum(drafted) / len(drafted) if drafted else 1.0
    return float(average_precision_score(truth, decisions)), precision, sum(drafted) / sum(truth)


class Classifier:
    """A fitted estimator with its thresholds; the user's own take the place of the default ones."""

    def __init__(self, fitted: Fitted, threshold: float | None = None, unsure: float | None = None) -> None:
        self._fitted = fitted
        self._threshold = fitted.threshold if threshold is None else threshold
        self._unsure = min(self._threshold, fitted.unsure if unsure is None else unsure)

    def classify(self, mail: Mail) -> Verdict:
        """The verdict on one mail, with the terms that weighed most, and the sentence that says no most clearly."""
        return self.judge(document(mail))

    def judge(self, read: Document) -> Verdict:
        """The same on a mail that was read before."""
        estimators = self._fitted.estimators
        decision = estimators.decision(read)
        told = [
            _shown(decision.said, "says no"),
            _shown(decision.opinion, "means no"),
            _likened(decision.like),
            (f"your votes on: “{_short(decision.voted.words)}”", decision.voted.weight),
        ]
        evidence = _evidence(read, estimators.shares(read, decision), [each for each in told if each[1]])
        return replace(self.verdict_on(decision.made, read.language), evidence=evidence)

    def verdict_on(self, decision: float, language: str | None) -> Verdict:
        """The verdict that a decision comes to, without evidence."""
        probability = self._fitted.probability(decision)
        return Verdict(self._label(probability, language), probability)

    @property
    def kinds(self) -> Any | None:
        """The estimator of what a message is on the way of an application."""
        return self._fitted.kinds

    def classify_many(self, mails: Iterable[Mail]) -> list[Verdict]:
        """The verdicts on mails, in their order."""
        return [self.classify(mail) for mail in mails]

    def _label(self, probability: float, language: str | None) -> Label:
        """Nothing is drafted in a language that the classifier wasn't taught."""
        if probability >= self._threshold and language is not None:
            return Label.REJECTION
        return Label.UNSURE if probability >= self._unsure else Label.OTHER


def _evidence(
    read: Document, shares: Sequence[float], told: Sequence[tuple[str, float]]
) -> tuple[tuple[str, float], ...]:
    """The terms that weighed most, those that are shown by the same words counted together; and all of what is ``told``."""
    weights: defaultdict[str, float] = defaultdict(float)
    for term, share in zip(read.terms, shares, strict=True):
        weights[term.shown] += share
    heaviest = sorted(weights.items(), key=_heaviest_first)[: _EVIDENCE - len(told)]
    shown = sorted((*heaviest, *told), key=_heaviest_first)
    return tuple(
        (term, round(weight, 4)) for term, weight in shown if (term, weight) in told or abs(weight) >= _NEGLIGIBLE
    )


def _shown(by: Said, what: str) -> tuple[str, float]:
    return (f"{what}: “{_short(by.words)}”" if by.weight > 0 else f"no sentence {what}"), by.weight


def _likened(to: Said) -> tuple[str, float]:
    return (f"like {to.words}" if to.words and to.weight < 0 else "all of it weighed together"), to.weight


def _heaviest_first(weighed: tuple[str, float]) -> tuple[float, str]:
    return -abs(weighed[1]), weighed[0]


def _short(sentence: str) -> str:
    return sentence if len(sentence) <= _LONGEST_SHOWN else sentence[: _LONGEST_SHOWN - 1].rstrip() + "…"
