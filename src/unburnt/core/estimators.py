"""The estimators of a classifier, and how they are taught: one asks of the whole mail, another of each sentence.

Many weak hints add up in a long mail about jobs, and a rejection of one sentence has few. So what the whole mail tells
is joined by how surely its most decisive sentence says no: little without such a sentence, much with it, and bounded,
since a mail may quote or report what it doesn't say. The second learns from the sentences that are marked in
classifier_data/decisive.tsv, and from single ones in sayings.tsv. Where their sum is in doubt second_opinion.py is asked,
and stacking.py weighs all of it beside what else the mail may be (likeness.py) and on which side of the margin it lies.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from unburnt.core.correction import correction, looked_at, moved
from unburnt.core.features import Document
from unburnt.core.lessons import BUCKETS, BUCKETS_OF_SENTENCES, Counted, Lesson, hashed_rows, pairs
from unburnt.core.likeness import GROUPS, Likeness, likened
from unburnt.core.regressions import SEED, build, build_for_sentences, build_margin, taught_by
from unburnt.core.second_opinion import Opinion, is_doubtful
from unburnt.core.spoken import Spoken, weighed
from unburnt.core.stacking import joined

_FOLDS = 5
LOOKED_AT = BUCKETS + BUCKETS_OF_SENTENCES  # terms of a mail as votes look at it


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
    voted: Said  # what votes have taught of that sentence
    by_terms: float  # what they have taught of the mail's terms


@dataclass(frozen=True, slots=True)
class Estimators:
    """All of them, fitted.

    None are: ``sentence`` where no sentence was marked, ``votes`` where nobody voted, ``opinion`` without encoder,
    ``margin``, ``likeness`` and ``stack`` where nothing is stacked: there the sum of the others decides.
    """

    whole: Any  # Pipeline
    sentence: Any | None
    opinion: Opinion | None = None
    votes: Any | None = None  # what they add to the weight of each term of a mail that is looked at
    margin: Any | None = None  # Pipeline
    likeness: Likeness | None = None
    stack: Any | None = None  # Pipeline

    def decisions(self, documents: Sequence[Document]) -> list[float]:
        """Above zero speaks for a rejection, below against it."""
        return [self.decision(read).made for read in documents]

    def decision(self, read: Document) -> Decision:
        """That on one mail, and what it rests on."""
        row = hashed_rows(BUCKETS, [pairs(read)])
        sentence, clearly = self.decisive(read)
        whole, said, likeness = self.of_whole(row), Said(weighed(clearly), sentence.written), self.like(row)
        opinion = self.second_opinion(read, float(whole[0]) + said.weight)
        made = float(joined(self.stack, whole, said.weight, opinion.weight, self.of_margin(row), likeness)[0])
        most = int(likeness[0].argmax())
        group = GROUPS[most] if likeness[0, most] > 0 else ""
        like = Said(made - float(whole[0]) - said.weight - opinion.weight, group)
        by_terms, by_sentence = self.moved_by(row, sentence)
        voted = Said(by_sentence, sentence.written)
        return Decision(made + by_terms + by_sentence, said, opinion, like, voted, by_terms)

    def like(self, rows: Any) -> Any:
        """How surely each hashed mail is of each group: (mails, groups)."""
        import numpy as np

        return np.zeros((rows.shape[0], len(GROUPS))) if self.likeness is None else self.likeness.of(rows)

    def of_whole(self, rows: Any) -> Any:
        """What whole mails tell without their sentences and without votes, a decision for each hashed row."""
        return self.whole.named_steps["decide"].decision_function(rows)

    def of_margin(self, rows: Any) -> Any:
        """The same by the support vector machine, which has a say in the stack only."""
        import numpy as np

        if self.margin is None:
            return np.zeros(rows.shape[0])
        return self.margin.named_steps["decide"].decision_function(rows)

    def heeding(self, votes: Sequence[Lesson], taught: Any) -> "Estimators":
        """The same, corrected by votes where there are any. ``taught`` are the rows, looked at, that they learned from."""
        import numpy as np

        if not votes:
            return self
        reads = [vote.read for vote in votes]
        sides = np.where([vote.is_rejection for vote in votes], 1.0, -1.0)
        return replace(self, votes=correction(self.looked_at(reads), taught, np.array(self.decisions(reads)), sides))

    def looked_at(self, documents: Sequence[Document]) -> Any:
        """Mails as votes look at them."""
        decisive = [self.decisive(read)[0].terms for read in documents]
        whole = hashed_rows(BUCKETS, [pairs(read) for read in documents])
        return looked_at(whole, hashed_rows(BUCKETS_OF_SENTENCES, decisive))

    def moved_by(self, whole: Any, decisive: Spoken) -> tuple[float, float]:
        """How far votes move the decision on a hashed mail, by its terms and by those of its most decisive sentence."""
        if self.votes is None:
            return 0.0, 0.0
        row = looked_at(whole, hashed_rows(BUCKETS_OF_SENTENCES, [decisive.terms]))
        if not moved(self.votes, row)[0]:
            return 0.0, 0.0
        by_terms = float((row[:, :BUCKETS] @ self.votes[:BUCKETS])[0])
        return by_terms, float((row[:, BUCKETS:] @ self.votes[BUCKETS:])[0])

    def shares(self, read: Document, decision: Decision) -> list[float]:
        """What each term of a mail adds to the decision on the whole."""
        terms = hashed_rows(BUCKETS, [[pair] for pair in pairs(read)])
        weights = self.whole.named_steps["decide"].coef_[0]
        if self.votes is not None and decision.by_terms:
            weights = weights + self.votes[:BUCKETS]
        return [float(share) for share in terms.data * weights[terms.indices]]

    def second_opinion(self, read: Document, decision: float) -> Said:
        """What it adds to a decision that is in doubt, and the sentence that it rests on."""
        if self.opinion is None or not is_doubtful(decision):
            return _NOTHING
        return Said(*self.opinion.on(read.sentences))

    def decisive_of_all(self, counted: Counted) -> tuple[Any, Any]:
        """Of each lesson the row of its most decisive sentence, -1 where it has none, and what that adds to its decision."""
        import numpy as np

        places, said = np.full(len(counted.truth), -1), np.zeros(len(counted.truth))
        if self.sentence is not None:
            decisions = self.sentence.named_steps["decide"].decision_function(counted.sentences)
            for lesson, (start, end) in enumerate(pairwise(counted.ends)):
                if end > start:
                    places[lesson] = start + int(decisions[start:end].argmax())
                    said[lesson] = weighed(float(decisions[places[lesson]]))
        return places, said

    def decisive(self, read: Document) -> tuple[Spoken, float]:
        """The sentence of a mail that says no most clearly, and how clearly."""
        if self.sentence is None or not read.sentences:
            return Spoken("", ()), 0.0
        decisions = self.sentence.decision_function([list(sentence.terms) for sentence in read.sentences])
        most = int(decisions.argmax())
        return read.sentences[most], float(decisions[most])


_NOTHING = Said(0.0, "")


def learn(counted: Counted, seen: Sequence[int]) -> Estimators:
    """The estimators without second opinion and stack, fitted to these lessons; the one of sentences to single ones too."""
    lessons = counted.whole[seen], counted.truth[seen], counted.weights[seen]
    whole, margin = taught_by(build(), *lessons), taught_by(build_margin(), *lessons)
    estimators = Estimators(whole, None, margin=margin, likeness=likened(counted, seen))
    taught = counted.teaching(seen)
    if not counted.says_no[taught].any():
        return estimators
    rows, says_no, weights = counted.sentences[taught], counted.says_no[taught], counted.weights_of_sentences[taught]
    return replace(estimators, sentence=taught_by(build_for_sentences(), rows, says_no, weights))


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
