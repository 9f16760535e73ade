"""A model as the octets of a file: written with skops, never unpickled, and authenticated.

A model file is trusted for its author, not for its content: it is loaded with no types beyond those that skops knows as
safe, and only after an HMAC with a key of this user has been checked (field notes I1).
"""

import hmac
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import fields
from typing import Any

from unburnt.core.classify import Fitted
from unburnt.core.estimators import LOOKED_AT, Estimators
from unburnt.core.groundwork import Groundwork
from unburnt.core.kind import KindLessons
from unburnt.core.likeness import Likeness
from unburnt.core.model import Kind
from unburnt.core.second_opinion import WIDTH, Opinion

TRUSTED: list[str] = []  # types beyond those that skops trusts by itself: none are needed, so none are taken
SIGNATURE_OCTETS = 32

_GROUNDWORK = b"groundwork\n"  # so that no signed model passes for it
_STACKED = 3  # parts of a model that are of no use without one another
_NUMBERS = ("slope", "intercept", "threshold", "unsure", "average_precision", "precision", "recall")


class NotOurs(Exception):
    """A file that isn't a model of this program and user, whatever it is."""


def packed(fitted: Fitted, secret: bytes) -> bytes:
    """The octets of a model file."""
    from skops.io import dumps

    model: bytes = dumps([*_parts(fitted.estimators), fitted.kinds])
    return _signed(json.dumps({name: getattr(fitted, name) for name in _NUMBERS}).encode() + b"\n" + model, secret)


def unpacked(octets: bytes, secret: bytes) -> Fitted:
    """The model in the octets; NotOurs when this user didn't write them."""
    numbers, _, model = _content(octets, secret).partition(b"\n")
    from skops.io import loads

    with _unreadable_is_not_ours():
        *estimators, kinds = loads(model, trusted=TRUSTED)
        figures = {name: float(json.loads(numbers)[name]) for name in _NUMBERS}
        return Fitted(_estimators(*estimators), **figures, kinds=kinds)


def packed_groundwork(ground: Groundwork, secret: bytes) -> bytes:
    """The octets of its file."""
    from skops.io import dumps

    learned = [[held, *_parts(estimators)] for held, estimators in ground.folds]
    kinds = ground.kinds and [_apart(ground.kinds.rows), [kind.value for kind in ground.kinds.kinds]]
    return _signed(_GROUNDWORK + dumps([_apart(ground.rows), ground.truth, ground.decided, learned, kinds]), secret)


def unpacked_groundwork(octets: bytes, secret: bytes) -> Groundwork:
    """The groundwork in the octets; NotOurs when this user didn't write them."""
    content = _content(octets, secret)
    if not content.startswith(_GROUNDWORK):
        raise NotOurs
    from skops.io import loads

    with _unreadable_is_not_ours():
        rows, truth, decided, learned, kinds = loads(content.removeprefix(_GROUNDWORK), trusted=TRUSTED)
        folds = tuple((held, _estimators(*each)) for held, *each in learned)
        told = kinds and KindLessons(_together(kinds[0]), tuple(Kind(kind) for kind in kinds[1]))
        return Groundwork(_together(rows), truth, folds, decided, told)


def _apart(rows: Any) -> list[Any]:
    """A sparse matrix in parts: as a whole skops wouldn't load it without being told to trust it."""
    return [rows.data, rows.indices, rows.indptr, list(rows.shape)]


def _together(parts: list[Any]) -> Any:
    from scipy.sparse import csr_array

    *arrays, shape = parts
    return csr_array(tuple(arrays), shape=tuple(shape))


@contextmanager
def _unreadable_is_not_ours() -> Iterator[None]:
    """Whatever fails in octets that we signed is a fault of ours or of a library: NotOurs, so that they are fitted anew.

    But for want of memory, which says nothing of the octets: the file stays, and the confined child tells (worker.py).
    """
    try:
        yield
    except MemoryError:
        raise
    except Exception as error:  # skops documents no errors of its own, and a spoiled zip raises many
        raise NotOurs from error


def _parts(estimators: Estimators) -> list[Any]:
    """What skops stores without being told to trust it. What is ours goes as its arrays."""
    opinion, likeness = estimators.opinion, estimators.likeness
    arrays = opinion and [getattr(opinion, field.name) for field in fields(opinion)]
    likened = likeness and [*_in_use(likeness.weights), likeness.intercepts]
    return [
        estimators.whole,
        estimators.sentence,
        estimators.votes,
        arrays,
        estimators.margin,
        likened,
        estimators.stack,
    ]


def _estimators(whole: Any, sentence: Any, votes: Any = None, arrays: Any = None, *stacked: Any) -> Estimators:
    """The same put together. Models that users kept from before have no opinion, or one that asked otherwise: it is dropped.

    So is a stack over other groups, and the sum decides; their votes are heeded by the terms of whole mails.
    """
    import numpy as np

    opinion = Opinion(*arrays) if arrays else None
    margin, likened, stack = stacked if len(stacked) == _STACKED else (None, None, None)
    likeness = _likeness(*likened) if likened else None
    kept = opinion if opinion and len(opinion.hidden) == WIDTH else None
    heeded = votes if votes is None else np.pad(votes, (0, LOOKED_AT - len(votes)))
    return Estimators(whole, sentence, kept, heeded, margin, likeness, stack)


def _in_use(weights: Any) -> list[Any]:
    """Which rows are not all nought, those rows, and how many there are of all: little mail has few terms."""
    import numpy as np

    used = np.flatnonzero(weights.any(axis=1))
    return [used, weights[used], len(weights)]


def _likeness(*parts: Any) -> Likeness:
    """The same put together. An earlier release kept all rows."""
    import numpy as np

    *rows, intercepts = parts
    if len(rows) == 1:
        return Likeness(rows[0], intercepts)
    used, kept, number = rows
    weights = np.zeros((number, kept.shape[1]), dtype=kept.dtype)
    weights[used] = kept
    return Likeness(weights, intercepts)


def _signed(content: bytes, secret: bytes) -> bytes:
    return signature(secret, content) + content


def _content(octets: bytes, secret: bytes) -> bytes:
    signed, content = octets[:SIGNATURE_OCTETS], octets[SIGNATURE_OCTETS:]
    if not hmac.compare_digest(signed, signature(secret, content)):
        raise NotOurs
    return content


def signature(secret: bytes, octets: bytes) -> bytes:
    return hmac.digest(secret, octets, "sha256")
