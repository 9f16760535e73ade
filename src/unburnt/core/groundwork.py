"""Estimators for each side of a cross-validation, and what they say of mail they have not seen: what a fit rests on."""

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from unburnt.core.correction import looked_at, moved
from unburnt.core.estimators import Estimators, learn
from unburnt.core.kind import KindLessons
from unburnt.core.lessons import Counted, Lesson
from unburnt.core.likeness import GROUPS
from unburnt.core.second_opinion import Encode, Understood, is_doubtful, understand
from unburnt.core.stacking import inputs, joined, stacked

T = TypeVar("T")
Part = tuple[Sequence[int], Sequence[int]]  # lessons learned from, and held out


@dataclass(frozen=True, slots=True)
class Groundwork:
    """What a fit rests on and no vote changes: kept, so that learning from a vote doesn't begin with the labelled mail."""

    rows: Any  # sparse, one for each lesson as votes look at it
    truth: Any
    folds: tuple[tuple[Any, Estimators], ...]  # lessons held out, and estimators that have seen none of their families
    decided: Any  # of each lesson, out of family, without votes
    kinds: KindLessons | None = None  # no part of the fit: measured out of family on demand

    def decisions(self, votes: Sequence[Lesson]) -> list[float]:
        """For every lesson the decision of estimators that have seen none of its family, and heed all votes."""
        import numpy as np

        decided = self.decided.copy()
        for held, estimators in self.folds if votes else ():
            taught = self.rows[np.setdiff1d(np.arange(len(self.truth)), held)]
            decided[held] += moved(estimators.heeding(votes, taught).votes, self.rows[held])
        return [float(decision) for decision in decided]


@dataclass(frozen=True, slots=True)
class _Told:
    """What is said of each lesson by estimators that haven't seen it; 0 where all have."""

    whole: Any
    said: Any
    decisive: Any  # the row of the sentence that said it, -1 where none did
    margin: Any
    likeness: Any

    @property
    def plain(self) -> Any:
        """The decision where nobody else is asked."""
        return self.whole + self.said


def groundwork(counted: Counted, parts: Sequence[Part], encode: Encode | None = None) -> Groundwork:
    """Estimators taught by some of the lessons, for each part, and what they decide on those held out from them.

    Each lesson is held out by one part at most. A second opinion learns from what was in doubt out of family, and a lesson
    that no part holds out counts as doubtful; a stack learns from what was said out of family of its part's lessons.
    """
    import numpy as np

    held = [np.array(lessons, dtype=np.int64) for _, lessons in parts]
    plain = _side_by_side(lambda part: learn(counted, part[0]), parts)
    told = _told(counted, plain, held)
    understood = understand(counted.written, counted.is_subject, counted.ends, told.plain, encode)
    ready = zip(plain, parts, strict=True)
    opinionated = _side_by_side(lambda one: _opinionated(one[0], counted, understood, one[1][0]), ready)
    opinions = _opinions(counted, opinionated, held, told.plain, understood)
    everything = told.whole, told.said, opinions, told.margin, told.likeness
    put_together = inputs(*everything)
    decided, folds = np.zeros(len(counted.truth)), []
    for lessons, estimators, (seen, _) in zip(held, opinionated, parts, strict=True):
        taught = np.intersect1d(seen, np.concatenate(held))
        stack = stacked(put_together[taught], counted.truth[taught], counted.weights[taught])
        folds.append((lessons, replace(estimators, stack=stack)))
        if lessons.size:
            decided[lessons] = joined(stack, *(each[lessons] for each in everything))
    rows = looked_at(counted.whole, counted.sentences_at(told.decisive))
    return Groundwork(rows, counted.truth, tuple(folds), decided)


def _told(counted: Counted, estimators: Sequence[Estimators], held: Sequence[Any]) -> _Told:
    import numpy as np

    number = len(counted.truth)
    whole, said, margin = np.zeros((3, number))
    told = _Told(whole, said, np.full(number, -1), margin, np.zeros((number, len(GROUPS))))
    for lessons, each in zip(held, estimators, strict=True):
        if lessons.size:
            rows = counted.whole[lessons]
            told.whole[lessons] = each.of_whole(rows)
            decisive, said = each.decisive_of_all(counted)
            told.decisive[lessons], told.said[lessons] = decisive[lessons], said[lessons]
            told.margin[lessons], told.likeness[lessons] = each.of_margin(rows), each.like(rows)
    return told


def _opinions(
    counted: Counted, estimators: Sequence[Estimators], held: Sequence[Any], plain: Any, understood: Understood | None
) -> Any:
    """What the second opinion of those that haven't seen it adds to each lesson, 0 where it isn't asked."""
    import numpy as np

    opinions = np.zeros(len(plain))
    for lessons, each in zip(held, estimators, strict=True):
        if understood is not None and each.opinion is not None:
            asked = lessons[is_doubtful(plain[lessons])]
            opinions[asked] = understood.on_lessons(each.opinion, counted.ends, asked)
    return opinions


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
