"""Labelled mail as estimators take it: read into lessons, and hashed once, however many of them learn from it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from typing import Any

from unburnt.core.features import Document
from unburnt.core.spoken import Spoken

BUCKETS = 2**17
BUCKETS_OF_SENTENCES = 2**18
AT_ONCE = 200  # lessons hashed
_UNUSUAL = 0.5  # weight of an unusual lesson: there are more of them here than in life

Pairs = list[tuple[str, float]]  # of term and weight


@dataclass(frozen=True, slots=True)
class Marks:
    """The sentences of a rejection that say no, and those around it that would say nothing by themselves."""

    no: frozenset[str]
    around: frozenset[str]


@dataclass(frozen=True, slots=True)
class Lesson:
    """A labelled mail, read. ``marks`` is None where nobody has marked its sentences.

    An ``unusual`` one is of a kind that few mailboxes hold many of. ``group`` is that of likeness.py, "" of a rejection.
    """

    read: Document
    is_rejection: bool
    family: str
    marks: Marks | None = None
    unusual: bool = False
    group: str = ""


@dataclass(frozen=True, slots=True)
class Saying:
    """A sentence by itself, and whether it tells an applicant no."""

    spoken: Spoken
    says_no: bool


@dataclass(frozen=True, slots=True)
class Counted:
    """Lessons and sayings as the estimators take them: hashed once, however many estimators learn from some of them."""

    whole: Any  # sparse, a row for each lesson
    truth: Any  # whether it is a rejection, 1 or 0
    families: tuple[str, ...]
    unusual: Any  # whether it is
    groups: tuple[str, ...]
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

    def sentences_at(self, places: Any) -> Any:
        """The rows of these sentences, an empty one for a place below zero."""
        import numpy as np
        from scipy.sparse import csr_array

        there = np.flatnonzero(places >= 0)
        chosen = csr_array((np.ones(len(there)), (there, places[there])), (len(places), self.sentences.shape[0]))
        return (chosen @ self.sentences).tocsr()

    def teaching(self, lessons: Sequence[int]) -> Any:
        """The rows of the sentences that these lessons teach by, and of all sayings."""
        import numpy as np

        own = [np.arange(self.ends[i], self.ends[i + 1]) for i in lessons]
        rows = np.concatenate([*own, np.arange(self.ends[-1], len(self.says_no))])
        return rows[self.says_no[rows] >= 0]


def count(lessons: Iterable[Lesson], sayings: Sequence[Saying] = ()) -> Counted:
    """Lessons and single sentences, hashed some at a time: all their terms at once would take gigabytes."""
    coming = iter(lessons)
    return joined((count_some(some) for some in iter(lambda: list(islice(coming, AT_ONCE)), [])), sayings)


def count_some(lessons: Sequence[Lesson]) -> Counted:
    """Lessons hashed all at once."""
    import numpy as np

    sentences = [said for lesson in lessons for said in lesson.read.sentences]
    marked = [list(_marked(lesson)) for lesson in lessons]
    return Counted(
        hashed_rows(BUCKETS, [pairs(lesson.read) for lesson in lessons]),
        np.array([int(lesson.is_rejection) for lesson in lessons], dtype=np.int64),
        tuple(lesson.family for lesson in lessons),
        np.array([lesson.unusual for lesson in lessons], dtype=bool),
        tuple(lesson.group for lesson in lessons),
        hashed_rows(BUCKETS_OF_SENTENCES, [said.terms for said in sentences]),
        np.array(list(chain.from_iterable(marked)), dtype=np.int64),
        np.cumsum([0, *map(len, marked)]),
        tuple(said.written for said in sentences),
        np.array([said.is_subject for said in sentences], dtype=bool),
    )


def joined(parts: Iterable[Counted], sayings: Sequence[Saying]) -> Counted:
    """All lessons of the parts, and single sentences."""
    import numpy as np
    from scipy.sparse import vstack

    found = tuple(parts) or (count_some(()),)
    said = hashed_rows(BUCKETS_OF_SENTENCES, [saying.spoken.terms for saying in sayings])
    lengths = [np.diff(part.ends) for part in found]
    return Counted(
        vstack([part.whole for part in found]).tocsr(),
        np.concatenate([part.truth for part in found]),
        tuple(chain.from_iterable(part.families for part in found)),
        np.concatenate([part.unusual for part in found]),
        tuple(chain.from_iterable(part.groups for part in found)),
        vstack([*(part.sentences for part in found), said]).tocsr(),
        np.concatenate([*(part.says_no for part in found), np.array([s.says_no for s in sayings], dtype=np.int64)]),
        np.cumsum([0, *np.concatenate(lengths)]),
        (*chain.from_iterable(part.written for part in found), *(saying.spoken.written for saying in sayings)),
        np.concatenate([*(part.is_subject for part in found), np.zeros(len(sayings), dtype=bool)]),
    )


def hashed(buckets: int, regression: Any) -> Any:
    """The untrained pipeline that hashes (term, weight) for a regression."""
    from sklearn.feature_extraction import FeatureHasher
    from sklearn.pipeline import Pipeline

    hasher = FeatureHasher(n_features=buckets, input_type="pair", alternate_sign=False)
    return Pipeline([("hash", hasher), ("decide", regression)])


def hashed_rows(buckets: int, rows: Sequence[Iterable[tuple[str, float]]]) -> Any:
    """What the pipeline of so many buckets makes of each list of (term, weight); sparse, and empty where there is none."""
    from scipy.sparse import csr_array

    return hashed(buckets, None).named_steps["hash"].transform(rows) if rows else csr_array((0, buckets))


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
