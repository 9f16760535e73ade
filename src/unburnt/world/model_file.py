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
from unburnt.core.estimators import Estimators
from unburnt.core.groundwork import Groundwork
from unburnt.core.likeness import Likeness
from unburnt.core.second_opinion import WIDTH, Opinion

TRUSTED: list[str] = []  # types beyond those that skops trusts by itself: none are needed, so none are taken
SIGNATURE_OCTETS = 32

_GROUNDWORK = b"groundwork\n"  # so that no signed model passes for it
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
    """The octets of its file. The matrix goes in parts: as a whole skops wouldn't load it without being told to trust it."""
    from skops.io import dumps

    parts = [ground.whole.data, ground.whole.indices, ground.whole.indptr, list(ground.whole.shape)]
    learned = [[held, *_parts(estimators)] for held, estimators in ground.folds]
    return _signed(_GROUNDWORK + dumps([parts, ground.truth, ground.decided, learned]), secret)


def unpacked_groundwork(octets: bytes, secret: bytes) -> Groundwork:
    """The groundwork in the octets; NotOurs when this user didn't write them."""
    content = _content(octets, secret)
    if not content.startswith(_GROUNDWORK):
        raise NotOurs
    from scipy.sparse import csr_array
    from skops.io import loads

    with _unreadable_is_not_ours():
        (*parts, shape), truth, decided, learned = loads(content.removeprefix(_GROUNDWORK), trusted=TRUSTED)
        whole = csr_array(tuple(parts), shape=tuple(shape))
        folds = tuple((held, _estimators(*each)) for held, *each in learned)
        return Groundwork(whole, truth, folds, decided)


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
    likened = likeness and [likeness.weights, likeness.intercepts]
    return [estimators.whole, estimators.sentence, estimators.votes, arrays, likened, estimators.stack]


def _estimators(
    whole: Any, sentence: Any, votes: Any = None, arrays: Any = None, likened: Any = None, stack: Any = None
) -> Estimators:
    """The same put together. Models that users kept from before have no opinion, or one that asked otherwise: it is dropped.

    They have no stack either, and what was the sum then is the sum now.
    """
    opinion = Opinion(*arrays) if arrays else None
    likeness = Likeness(*likened) if likened else None
    kept = opinion if opinion and len(opinion.hidden) == WIDTH else None
    return Estimators(whole, sentence, kept, votes, likeness, stack)


def _signed(content: bytes, secret: bytes) -> bytes:
    return signature(secret, content) + content


def _content(octets: bytes, secret: bytes) -> bytes:
    signed, content = octets[:SIGNATURE_OCTETS], octets[SIGNATURE_OCTETS:]
    if not hmac.compare_digest(signed, signature(secret, content)):
        raise NotOurs
    return content


def signature(secret: bytes, octets: bytes) -> bytes:
    return hmac.digest(secret, octets, "sha256")
