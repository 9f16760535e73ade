"""The two estimators of a classifier, and how they are taught: one asks of the whole mail, the other of each sentence.

Many weak hints add up in a long mail about jobs, and a rejection of one sentence has few. So what the whole mail tells
is joined by how surely its most decisive sentence says no: little without such a sentence, much with it, and bounded,
since a mail may quote or report what it doesn't say. The second learns from the sentences that are marked in
classifier_data/decisive.tsv, and from single ones in sayings.tsv.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise
from typing import Any

from unburnt.core.features import Document
from unburnt.core.second_opinion import Opinion, is_doubtful
from unburnt.core.spoken import Spoken, weighed

_BUCKETS = 2**17
_BUCKETS_OF_SENTENCES = 2**18
_PENALTY = 0.04  # C of the regression over the mail: small, since terms overlap
_PENALTY_OF_SENTENCES = 1.0
_RARE = 3.0  # weight of a sentence that says no: one in twenty does
_UNUSUAL = 0.5  # weight of an unusual lesson: there are more of them here than in life
_AT_ONCE = 200  # lessons hashed
_FOLDS = 5
SEED = 20_260

_FAINT = 0.5  # votes that move a decision by less don't mean that mail: it is of no wording that was voted on

Pairs = list[tuple[str, float]]  # of term and weight


@dataclass(frozen=True, slots=True)
class Marks:
    """The sentences of a rejection that say no, and those around it that would say nothing by themselves."""

    no: frozenset[str]
    around: frozenset[str]


@dataclass(frozen=True, slots=True)
class Lesson:
    """A labelled mail, read. ``marks`` is None where nobody has marked its sentences.

    An ``unusual`` one is of a kind that few mailboxes hold many of.
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
    """Both, fitted. None are: ``sentence`` where no sentence was marked, ``votes`` where nobody voted, ``opinion`` without encoder."""

    whole: Any  # Pipeline
    sentence: Any | None
    opinion: Opinion | None = None
    votes: Any | None = None  # what they add to the weight of each term of a whole mail

    def decisions(self, documents: Sequence[Document]) -> list[float]:
        """Above zero speaks for a rejection, below against it. This is without a second opinion."""
        if not documents:
            return []
        whole = self.of_whole(hashed_rows(_BUCKETS, [pairs(read) for read in documents]))
        return [float(one) + self.said(read)[0] for one, read in zip(whole, documents, strict=True)]

    def of_all(self, counted: "Counted") -> list[float]:
        """The decisions on all lessons, without a second opinion."""
        whole = self.of_whole(counted.whole)
        return [float(one) + said for one, said in zip(whole, self.said_of_all(counted), strict=True)]

    def of_whole(self, rows: Any) -> Any:
        """What whole mails tell without their sentences, a decision for each hashed row."""
        return self.whole.named_steps["decide"].decision_function(rows) + self.moved(rows)

    def moved(self, rows: Any) -> Any:
        """How far votes move the decision on each hashed row: not at all where they don't mean it."""
        import numpy as np

        moved = np.zeros(rows.shape[0]) if self.votes is None else rows @ self.votes
        return np.where(_is_meant(moved), moved, 0.0)

    def shares(self, read: Document) -> tuple[list[float], bool]:
        """What each term of a mail adds to the decision, and whether votes have a part in that."""
        terms = hashed_rows(_BUCKETS, [[pair] for pair in pairs(read)])
        weights = self.whole.named_steps["decide"].coef_[0]
        is_voted_on = self.votes is not None and bool(_is_meant((terms @ self.votes).sum()))
        if is_voted_on:
            weights = weights + self.votes
        return [float(share) for share in terms.data * weights[terms.indices]], is_voted_on

    @property
    def intercept(self) -> float:
        """What is decided about a mail without terms and sentences."""
        return float(self.whole.named_steps["decide"].intercept_[0])

    def second_opinion(self, read: Document, decision: float) -> tuple[float, str]:
        """What it adds to a decision that is in doubt, and the sentence that it rests on; "" where nobody was asked."""
        if self.opinion is None or not is_doubtful(decision):
            return 0.0, ""
        return self.opinion.on(read.sentences)

    def said_of_all(self, counted: "Counted") -> list[float]:
        """What the most decisive sentence of each lesson adds to its decision."""
        if self.sentence is None:
            return [0.0] * len(counted.truth)
        decisions = self.sentence.named_steps["decide"].decision_function(counted.sentences)
        parts = (decisions[start:end] for start, end in pairwise(counted.ends))
        return [weighed(float(part.max())) if part.size else 0.0 for part in parts]

    def said(self, read: Document) -> tuple[float, str]:
        """What the most decisive sentence adds to the decision, and that sentence."""
        if self.sentence is None or not read.sentences:
            return 0.0, ""
        decisions = self.sentence.decision_function([list(sentence.terms) for sentence in read.sentences])
        most = int(decisions.argmax())
        return weighed(float(decisions[most])), read.sentences[most].written


def _is_meant(moved: Any) -> Any:
    """Whether votes that move a decision so far mean that mail, or each of an array of them."""
    return abs(moved) >= _FAINT


@dataclass(frozen=True, slots=True)
class Counted:
    """Lessons and sayings as the estimators take them: hashed once, however many estimators learn from some of them."""

    whole: Any  # sparse, a row for each lesson
    truth: Any  # whether it is a rejection, 1 or 0
    families: tuple[str, ...]
    unusual: Any  # whether it is
    sentences: Any  # sparse, a row for each sentence of each lesson, then one for each saying
    says_no: Any  # 1, 0, or -1 of a sentence that teaches nothing
    ends: Any  # 0, and where the sentences of each lesson end
    written: tuple[str, ...]  # the sentences, then the sayings
    is_subject: Any  # which of them are a mail's subject

    @property
    def weights(self) -> Any:
        """What each lesson counts."""
        import numpy as np

        return np.where(self.unusual, _UNUSUAL, 1.0)

    @property
    def weights_of_sentences(self) -> Any:
        """What each sentence counts: what its lesson does; a saying counts once."""
        import numpy as np

        own = np.repeat(self.weights, np.diff(self.ends))
        return np.concatenate([own, np.ones(len(self.says_no) - len(own))])

    def teaching(self, lessons: Sequence[int]) -> Any:
        """The rows of the sentences that these lessons teach by, and of all sayings."""
        import numpy as np

        own = [np.arange(self.ends[i], self.ends[i + 1]) for i in lessons]
        rows = np.concatenate([*own, np.arange(self.ends[-1], len(self.says_no))])
        return rows[self.says_no[rows] >= 0]


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


def count(lessons: Iterable[Lesson], sayings: Sequence[Saying] = ()) -> Counted:
    """Lessons and single sentences, hashed some at a time: all their terms at once would take gigabytes."""
    import numpy as np
    from scipy.sparse import vstack

    whole: list[Any] = []
    sentences: list[Any] = []
    told: list[tuple[bool, str, bool, list[int]]] = []
    spoken: list[tuple[str, bool]] = []
    coming = iter(lessons)
    while some := list(islice(coming, _AT_ONCE)):
        whole.append(hashed_rows(_BUCKETS, [pairs(lesson.read) for lesson in some]))
        sentences.append(
            hashed_rows(_BUCKETS_OF_SENTENCES, [said.terms for lesson in some for said in lesson.read.sentences])
        )
        told += [(lesson.is_rejection, lesson.family, lesson.unusual, list(_marked(lesson))) for lesson in some]
        spoken += [(said.written, said.is_subject) for lesson in some for said in lesson.read.sentences]
    sentences.append(hashed_rows(_BUCKETS_OF_SENTENCES, [saying.spoken.terms for saying in sayings]))
    spoken += [(saying.spoken.written, False) for saying in sayings]
    says_no = [said for *_, marked in told for said in marked] + [int(saying.says_no) for saying in sayings]
    return Counted(
        vstack(whole).tocsr(),
        np.array([int(is_rejection) for is_rejection, *_ in told]),
        tuple(family for _, family, *_ in told),
        np.array([unusual for _, _, unusual, _ in told], dtype=bool),
        vstack(sentences).tocsr(),
        np.array(says_no, dtype=np.int64),
        np.cumsum([0, *(len(marked) for *_, marked in told)]),
        tuple(written for written, _ in spoken),
        np.array([is_subject for _, is_subject in spoken], dtype=bool),
    )


def hashed_rows(buckets: int, rows: Sequence[Iterable[tuple[str, float]]]) -> Any:
    """What the pipeline of so many buckets makes of each list of (term, weight); sparse, and empty where there is none."""
    from scipy.sparse import csr_array

    return hashed(buckets, None).named_steps["hash"].transform(rows) if rows else csr_array((0, buckets))


def learn(counted: Counted, seen: Sequence[int]) -> Estimators:
    """Both estimators, fitted to these lessons; the one of sentences to the single sentences too."""
    whole = taught_by(build(), counted.whole[seen], counted.truth[seen], counted.weights[seen])
    taught = counted.teaching(seen)
    if not counted.says_no[taught].any():
        return Estimators(whole, None)
    rows, says_no, weights = counted.sentences[taught], counted.says_no[taught], counted.weights_of_sentences[taught]
    return Estimators(whole, taught_by(build_for_sentences(), rows, says_no, weights))


def taught_by(pipeline: Any, rows: Any, answers: Any, weights: Any = None) -> Any:
    """The pipeline, its regression fitted to hashed rows, which may count differently.

    On one thread: to hand out sums as short as these costs four times what the sums do. And they come out alike on any
    machine, however many cores it has.
    """
    from threadpoolctl import threadpool_limits

    with threadpool_limits(1, "blas"):
        pipeline.named_steps["decide"].fit(rows, answers, sample_weight=weights)
    return pipeline


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


def _marked(lesson: Lesson) -> Iterator[int]:
    """Whether each sentence says no, -1 where it isn't told; of a rejection that nobody has marked none is."""
    marks = lesson.marks or Marks(frozenset(), frozenset())
    for sentence in lesson.read.sentences:
        if (lesson.is_rejection and lesson.marks is None) or sentence.written in marks.around:
            yield -1
        else:
            yield int(sentence.written in marks.no)
