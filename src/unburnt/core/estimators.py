"""The two estimators of a classifier, and how they are taught: one asks of the whole mail, the other of each sentence.

Many weak hints add up in a long mail about jobs, and a rejection of one sentence has few. So what the whole mail tells
is joined by how surely its most decisive sentence says no: little without such a sentence, much with it, and bounded,
since a mail may quote or report what it doesn't say. The second learns from the sentences that are marked in
classifier_data/decisive.tsv, and from single ones in sayings.tsv.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from unburnt.core.features import Document
from unburnt.core.spoken import Spoken

_BUCKETS = 2**17
_BUCKETS_OF_SENTENCES = 2**18
_PENALTY = 0.04  # C of the regression over the mail: small, since terms overlap
_PENALTY_OF_SENTENCES = 1.0
_RARE = 3.0  # weight of a sentence that says no: one in twenty does
_FOLDS = 5
SEED = 20_260

SAYING = 0.7  # what a sentence's decision counts beside the mail's
_LEAST, _MOST = -5.0, 1.5  # of a sentence's decision

Pairs = list[tuple[str, float]]  # of term and weight


@dataclass(frozen=True, slots=True)
class Marks:
    """The sentences of a rejection that say no, and those around it that would say nothing by themselves."""

    no: frozenset[str]
    around: frozenset[str]


@dataclass(frozen=True, slots=True)
class Lesson:
    """A labelled mail, read. ``marks`` is None where nobody has marked its sentences.

    An ``unusual`` one is of a kind that few mailboxes hold many of; there are more of them here than in life.
    """

    read: Document
    is_rejection: bool
    family: str
    marks: Marks | None = None
    unusual: bool = False


@dataclass(frozen=True, slots=True)
class Saying:
    """A sentence by itself, and whether it tells an applicant no."""

    spoken: Spoken
    says_no: bool


@dataclass(frozen=True, slots=True)
class Estimators:
    """Both, fitted. ``sentence`` is None where no sentence was marked."""

    whole: Any  # Pipeline
    sentence: Any | None

    def decisions(self, documents: Sequence[Document]) -> list[float]:
        """Above zero speaks for a rejection, below against it."""
        if not documents:
            return []
        whole = self.whole.decision_function([pairs(read) for read in documents])
        return [float(one) + self.said(read)[0] for one, read in zip(whole, documents, strict=True)]

    def said(self, read: Document) -> tuple[float, str]:
        """What the most decisive sentence adds to the decision, and that sentence."""
        if self.sentence is None or not read.sentences:
            return 0.0, ""
        decisions = self.sentence.decision_function([list(sentence.terms) for sentence in read.sentences])
        most = int(decisions.argmax())
        return SAYING * min(_MOST, max(_LEAST, float(decisions[most]))), read.sentences[most].written


def build() -> Any:
    """The untrained estimator of whole mails. It takes documents as lists of (term, weight)."""
    return _pipeline(_BUCKETS, _PENALTY, "balanced")


def build_for_sentences() -> Any:
    """The untrained estimator of sentences, which are lists of (term, weight) too."""
    return _pipeline(_BUCKETS_OF_SENTENCES, _PENALTY_OF_SENTENCES, {0: 1.0, 1: _RARE})


def _pipeline(buckets: int, penalty: float, weights: Any) -> Any:
    from sklearn.linear_model import LogisticRegression

    regression = LogisticRegression(
        C=penalty, solver="liblinear", class_weight=weights, max_iter=500, random_state=SEED
    )
    return hashed(buckets, regression)


def hashed(buckets: int, regression: Any) -> Any:
    """The untrained pipeline that hashes (term, weight) for a regression."""
    from sklearn.feature_extraction import FeatureHasher
    from sklearn.pipeline import Pipeline

    hasher = FeatureHasher(n_features=buckets, input_type="pair", alternate_sign=False)
    return Pipeline([("hash", hasher), ("decide", regression)])


def learn(lessons: Sequence[Lesson], sayings: Sequence[Saying] = ()) -> Estimators:
    """Both estimators, fitted to these lessons; the one of sentences to single sentences too."""
    whole = build().fit([pairs(lesson.read) for lesson in lessons], [int(lesson.is_rejection) for lesson in lessons])
    sentences = [row for lesson in lessons for row in _marked(lesson)]
    sentences += [(list(saying.spoken.terms), int(saying.says_no)) for saying in sayings]
    if not any(says_no for _, says_no in sentences):
        return Estimators(whole, None)
    terms, truth = zip(*sentences, strict=True)
    return Estimators(whole, build_for_sentences().fit(list(terms), list(truth)))


def folds(truth: Sequence[bool], families: Sequence[str], seed: int = SEED) -> Iterator[tuple[list[int], list[int]]]:
    """(seen, held out), no family on both sides. ValueError where there are too few families for that."""
    sides = set(zip(families, truth, strict=True))
    counts = [sum(answer == side for _, answer in sides) for side in (False, True)]
    if min(counts) < 2:
        raise ValueError("needs mail of at least two families that are rejections and two that are not")
    yield from apart(truth, families, min(counts), seed)


def apart(
    truth: Sequence[bool] | Sequence[str], families: Sequence[str], fewest: int, seed: int = SEED
) -> Iterator[tuple[list[int], list[int]]]:
    """The same, where every answer is known to have ``fewest`` families at least."""
    from sklearn.model_selection import StratifiedGroupKFold

    split = StratifiedGroupKFold(min(_FOLDS, fewest), shuffle=True, random_state=seed)
    for seen, held in split.split(truth, truth, families):
        yield [int(i) for i in seen], [int(i) for i in held]


def pairs(read: Document) -> Pairs:
    """The terms of a mail, as its estimator takes them."""
    return [(term.key, term.weight) for term in read.terms]


def _marked(lesson: Lesson) -> Iterator[tuple[Pairs, int]]:
    """A lesson's sentences and whether they say no; none of a rejection that nobody has marked."""
    if lesson.is_rejection and lesson.marks is None:
        return
    marks = lesson.marks or Marks(frozenset(), frozenset())
    for sentence in lesson.read.sentences:
        if sentence.written not in marks.around:
            yield list(sentence.terms), int(sentence.written in marks.no)
