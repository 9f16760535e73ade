"""The two estimators of a classifier, and how they are taught: one asks of the whole mail, the other of each sentence.

Many weak hints add up in a long mail about jobs, and a rejection of one sentence has few. So what the whole mail tells
is joined by how surely its most decisive sentence says no: little without such a sentence, much with it, and bounded,
since a mail may quote or report what it doesn't say. The second learns from the sentences that are marked in
classifier_data/decisive.tsv, and from single ones in sayings.tsv.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from unburnt.core.features import Document
from unburnt.core.lessons import BUCKETS, BUCKETS_OF_SENTENCES, Counted, hashed, hashed_rows, pairs
from unburnt.core.second_opinion import Opinion, is_doubtful
from unburnt.core.spoken import weighed

_PENALTY = 0.04  # C of the regression over the mail: small, since terms overlap
_PENALTY_OF_SENTENCES = 1.0
_RARE = 3.0  # weight of a sentence that says no: one in twenty does
_FOLDS = 5
SEED = 20_260

_FAINT = 0.5  # votes that move a decision by less don't mean that mail: it is of no wording that was voted on


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
        whole = self.of_whole(hashed_rows(BUCKETS, [pairs(read) for read in documents]))
        return [float(one) + self.said(read)[0] for one, read in zip(whole, documents, strict=True)]

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
        terms = hashed_rows(BUCKETS, [[pair] for pair in pairs(read)])
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

    def said_of_all(self, counted: Counted) -> list[float]:
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


def build() -> Any:
    """The untrained estimator of whole mails. It takes documents as lists of (term, weight)."""
    return _pipeline(BUCKETS, _PENALTY, "balanced")


def build_for_sentences() -> Any:
    """The untrained estimator of sentences, which are lists of (term, weight) too."""
    return _pipeline(BUCKETS_OF_SENTENCES, _PENALTY_OF_SENTENCES, {0: 1.0, 1: _RARE})


def _pipeline(buckets: int, penalty: float, weights: Any) -> Any:
    from sklearn.linear_model import LogisticRegression

    regression = LogisticRegression(
        C=penalty, solver="liblinear", class_weight=weights, max_iter=500, random_state=SEED
    )
    return hashed(buckets, regression)


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
