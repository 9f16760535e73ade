"""The estimators of a classifier, and how they are taught: one asks of the whole mail, another of each sentence.

Many weak hints add up in a long mail about jobs, and a rejection of one sentence has few. So what the whole mail tells
is joined by how surely its most decisive sentence says no: little without such a sentence, much with it, and bounded,
since a mail may quote or report what it doesn't say. The second learns from the sentences that are marked in
classifier_data/decisive.tsv, and from single ones in sayings.tsv. Where their sum is in doubt second_opinion.py is asked,
and stacking.py weighs all of it beside what else the mail may be (likeness.py).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from unburnt.core.features import Document
from unburnt.core.lessons import BUCKETS, Counted, hashed_rows, pairs
from unburnt.core.likeness import GROUPS, Likeness, likened
from unburnt.core.regressions import SEED, build, build_for_sentences, taught_by
from unburnt.core.second_opinion import Opinion, is_doubtful
from unburnt.core.spoken import weighed
from unburnt.core.stacking import joined

_FOLDS = 5

_FAINT = 0.5  # votes that move a decision by less don't mean that mail: it is of no wording that was voted on


@dataclass(frozen=True, slots=True)
class Said:
    """What something adds to a decision, and the words for it: a sentence or a group of mail, "" where there is none."""

    weight: float
    words: str


@dataclass(frozen=True, slots=True)
class Decision:
    """What is decided about a mail (above zero speaks for a rejection), and what it rests on beside the mail's terms."""

    made: float
    said: Said  # by its most decisive sentence
    opinion: Said  # the second one
    like: Said  # other mail of this group


@dataclass(frozen=True, slots=True)
class Estimators:
    """All of them, fitted.

    None are: ``sentence`` where no sentence was marked, ``votes`` where nobody voted, ``opinion`` without encoder,
    ``likeness`` and ``stack`` where nothing is stacked: there the sum of the others decides.
    """

    whole: Any  # Pipeline
    sentence: Any | None
    opinion: Opinion | None = None
    votes: Any | None = None  # what they add to the weight of each term of a whole mail
    likeness: Likeness | None = None
    stack: Any | None = None  # Pipeline

    def decisions(self, documents: Sequence[Document]) -> list[float]:
        """Above zero speaks for a rejection, below against it."""
        return [self.decision(read).made for read in documents]

    def decision(self, read: Document) -> Decision:
        """That on one mail, and what it rests on."""
        row = hashed_rows(BUCKETS, [pairs(read)])
        whole, said, likeness = self.of_whole(row), self.said(read), self.like(row)
        opinion = self.second_opinion(read, float(whole[0]) + said.weight)
        made = float(joined(self.stack, whole, said.weight, opinion.weight, likeness)[0])
        most = int(likeness[0].argmax())
        group = GROUPS[most] if likeness[0, most] > 0 else ""
        like = Said(made - float(whole[0]) - said.weight - opinion.weight, group)
        return Decision(made + float(self.moved(row)[0]), said, opinion, like)

    def like(self, rows: Any) -> Any:
        """How surely each hashed mail is of each group: (mails, groups)."""
        import numpy as np

        return np.zeros((rows.shape[0], len(GROUPS))) if self.likeness is None else self.likeness.of(rows)

    def of_whole(self, rows: Any) -> Any:
        """What whole mails tell without their sentences and without votes, a decision for each hashed row."""
        return self.whole.named_steps["decide"].decision_function(rows)

    def moved(self, rows: Any) -> Any:
        """How far votes move the decision on each hashed row: not at all where they don't mean it."""
        import numpy as np

        moved = np.zeros(rows.shape[0]) if self.votes is None else rows @ self.votes
        return np.where(_is_meant(moved), moved, 0.0)

    def shares(self, read: Document) -> list[float]:
        """What each term of a mail adds to the decision on the whole."""
        terms = hashed_rows(BUCKETS, [[pair] for pair in pairs(read)])
        weights = self.whole.named_steps["decide"].coef_[0]
        if self.votes is not None and _is_meant((terms @ self.votes).sum()):
            weights = weights + self.votes
        return [float(share) for share in terms.data * weights[terms.indices]]

    def second_opinion(self, read: Document, decision: float) -> Said:
        """What it adds to a decision that is in doubt, and the sentence that it rests on."""
        if self.opinion is None or not is_doubtful(decision):
            return _NOTHING
        return Said(*self.opinion.on(read.sentences))

    def said_of_all(self, counted: Counted) -> list[float]:
        """What the most decisive sentence of each lesson adds to its decision."""
        if self.sentence is None:
            return [0.0] * len(counted.truth)
        decisions = self.sentence.named_steps["decide"].decision_function(counted.sentences)
        parts = (decisions[start:end] for start, end in pairwise(counted.ends))
        return [weighed(float(part.max())) if part.size else 0.0 for part in parts]

    def said(self, read: Document) -> Said:
        """What the most decisive sentence adds to the decision, and that sentence."""
        if self.sentence is None or not read.sentences:
            return _NOTHING
        decisions = self.sentence.decision_function([list(sentence.terms) for sentence in read.sentences])
        most = int(decisions.argmax())
        return Said(weighed(float(decisions[most])), read.sentences[most].written)


_NOTHING = Said(0.0, "")


def _is_meant(moved: Any) -> Any:
    """Whether votes that move a decision so far mean that mail, or each of an array of them."""
    return abs(moved) >= _FAINT


def learn(counted: Counted, seen: Sequence[int]) -> Estimators:
    """The estimators without second opinion and stack, fitted to these lessons; the one of sentences to single ones too."""
    likeness = likened(counted, seen)
    whole = taught_by(build(), counted.whole[seen], counted.truth[seen], counted.weights[seen])
    taught = counted.teaching(seen)
    if not counted.says_no[taught].any():
        return Estimators(whole, None, likeness=likeness)
    rows, says_no, weights = counted.sentences[taught], counted.says_no[taught], counted.weights_of_sentences[taught]
    return Estimators(whole, taught_by(build_for_sentences(), rows, says_no, weights), likeness=likeness)


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
