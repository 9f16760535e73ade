"""Is it a job rejection? Terms, hashed, and a logistic regression; its answer is a probability and what it rests on.

Chosen by measurement; classifier_data/README.md says what was tried. scikit-learn is imported where it is used: it
takes a second and 100 MB, and most of the program does without.
"""

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from unburnt.core.correction import corrected
from unburnt.core.estimators import Estimators, folds, learn
from unburnt.core.features import Document, document
from unburnt.core.lessons import Counted, Lesson, Saying, count
from unburnt.core.model import Label, Mail, Verdict
from unburnt.core.second_opinion import Understood, is_doubtful, understand

T = TypeVar("T")
Part = tuple[Sequence[int], Sequence[int]]  # lessons learned from, and held out

_EVIDENCE = 8
_NEGLIGIBLE = 0.005
_LONGEST_SHOWN = 90
_PRECISION_TO_DRAFT = 0.96  # on the hard mail of classifier_data, out of family
_DRAFT_AT_LEAST, _DRAFT_AT_MOST = 0.75, 0.85
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


@dataclass(frozen=True, slots=True)
class Groundwork:
    """What a fit rests on and no vote changes: kept, so that learning from a vote doesn't begin with the labelled mail."""

    whole: Any  # sparse, a row for each lesson
    truth: Any
    folds: tuple[
        tuple[Any, Estimators], ...
    ]  # the lessons held out, and estimators that have seen none of their families
    said: Any  # of each lesson, out of family, what its most decisive sentence adds
    opinions: Any  # and what a second opinion adds, 0 where there is none

    def decisions(self, votes: Sequence[Lesson]) -> list[float]:
        """For every lesson the decision of estimators that have seen none of its family, and heed all votes."""
        import numpy as np

        found, moved = np.zeros(len(self.truth)), np.zeros(len(self.truth))
        for held, estimators in self.folds:
            taught = self.whole[np.setdiff1d(np.arange(len(self.truth)), held)]
            moved[held] = corrected(estimators, taught, votes).moved(self.whole[held])
            found[held] = estimators.of_whole(self.whole[held]) + self.said[held] + moved[held]
        asked = (moved == 0) & is_doubtful(found)
        return [float(decision) for decision in found + np.where(asked, self.opinions, 0.0)]


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


def groundwork(counted: Counted, parts: Sequence[Part]) -> Groundwork:
    """Estimators taught by some of the lessons, for each part, and what they say of those held out from them.

    A second opinion learns from what was in doubt out of family: a lesson that no part holds out counts as doubtful.
    """
    import numpy as np

    held = [np.array(others, dtype=np.int64) for _, others in parts]
    plain = _side_by_side(lambda part: learn(counted, part[0]), parts)
    said, decisions, opinions = np.zeros((3, len(counted.truth)))
    for others, each in zip(held, plain, strict=True):
        if others.size:
            said[others] = np.array(each.said_of_all(counted))[others]
            decisions[others] = said[others] + each.of_whole(counted.whole[others])
    understood = understand(counted.written, counted.is_subject, counted.ends, decisions)
    ready = zip(plain, parts, strict=True)
    estimators = _side_by_side(lambda one: _opinionated(one[0], counted, understood, one[1][0]), ready)
    for others, each in zip(held, estimators, strict=True):
        if understood is not None and each.opinion is not None:
            asked = others[is_doubtful(decisions[others])]
            opinions[asked] = understood.on_lessons(each.opinion, counted.ends, asked)
    return Groundwork(counted.whole, counted.truth, tuple(zip(held, estimators, strict=True)), said, opinions)


def _side_by_side(work: Callable[[T], Estimators], parts: Iterable[T]) -> list[Estimators]:
    """Two at a time: each takes some 300 MB. Sums are on one thread each, and come out alike wherever they are done."""
    from threadpoolctl import threadpool_limits

    with threadpool_limits(1, "blas"), ThreadPoolExecutor(2) as pool:
        return list(pool.map(work, parts))


def _opinionated(
    estimators: Estimators, counted: Counted, understood: Understood | None, seen: Sequence[int]
) -> Estimators:
    """The same, with a second opinion that is learned from what they were."""
    if understood is None:
        return estimators
    return replace(estimators, opinion=understood.learned(counted.says_no, counted.teaching(seen)))


def heeding(fitted: Fitted, ground: Groundwork, votes: Sequence[Lesson]) -> Fitted:
    """The same model, corrected by votes. They don't touch the calibration, which would move the verdicts on all other mail."""
    if not votes:
        return fitted
    estimators = corrected(fitted.estimators, ground.whole, votes)
    return _told(
        replace(fitted, estimators=estimators), ground.decisions(votes), [int(answer) for answer in ground.truth]
    )


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
        shares, is_voted_on = estimators.shares(read)
        said, sentence = estimators.said(read)
        by_sentences = [(_shown("says no", sentence, said), said)]
        decision = math.fsum(shares) + said + estimators.intercept
        opinion, meant = (0.0, "") if is_voted_on else estimators.second_opinion(read, decision)
        if meant:
            by_sentences.append((_shown("means no", meant, opinion), opinion))
        evidence = _evidence(read, shares, by_sentences)
        return replace(self.verdict_on(decision + opinion, read.language), evidence=evidence)

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


def _shown(what: str, sentence: str, weight: float) -> str:
    return f"{what}: “{_short(sentence)}”" if weight > 0 else f"no sentence {what}"


def _heaviest_first(weighed: tuple[str, float]) -> tuple[float, str]:
    return -abs(weighed[1]), weighed[0]


def _short(sentence: str) -> str:
    return sentence if len(sentence) <= _LONGEST_SHOWN else sentence[: _LONGEST_SHOWN - 1].rstrip() + "…"
