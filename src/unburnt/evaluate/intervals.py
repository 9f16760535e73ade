"""Shares and means with how sure they are. Pure; the one source of chance has a fixed seed."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Any

import numpy as np
from scipy.stats import beta

_Z = 1.959963984540054  # of 95 %, two-sided
_SURE = 0.95
_RESAMPLES = 400
_SEED = 20_260
_AT_ONCE = 2_000_000  # weights in memory


@dataclass(frozen=True, slots=True)
class Share:
    """``count`` of ``of``; with nothing to count, ``value`` and its bounds are None."""

    count: int
    of: int
    value: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure that is no share, with its 95 % interval."""

    value: float
    low: float
    high: float


def wilson(count: int, of: int) -> Share:
    """The 95 % interval of a share by Wilson (1927): it stays within 0 and 1 and holds for few and for none."""
    if of == 0:
        return Share(0, 0, None, None, None)
    share, z2 = count / of, _Z * _Z
    middle = (share + z2 / (2 * of)) / (1 + z2 / of)
    half = _Z / (1 + z2 / of) * sqrt(share * (1 - share) / of + z2 / (4 * of * of))
    low = 0.0 if count == 0 else middle - half
    high = 1.0 if count == of else middle + half
    return Share(count, of, share, low, high)


def at_most(count: int, of: int) -> float:
    """The one-sided 95 % upper bound of a share (Clopper, Pearson 1934); about 3/n when there was none."""
    return 1.0 if count >= of else float(beta.ppf(_SURE, count + 1, of - count))


def average_precision(truth: Sequence[int], scores: Sequence[float], weights: Any = None) -> Any:
    """Σ (Rₙ − Rₙ₋₁) Pₙ over the distinct scores; for a matrix of weights, one figure a row."""
    answers, values = np.asarray(truth, float), np.asarray(scores, float)
    rows = np.ones((1, len(answers))) if weights is None else np.asarray(weights, float)
    order = np.argsort(-values, kind="stable")
    ends = np.flatnonzero(np.diff(values[order], append=np.inf))  # equal scores count together
    ordered = rows[:, order]
    found, right = (np.cumsum(part, axis=1)[:, ends] for part in (ordered, ordered * answers[order]))
    with np.errstate(divide="ignore", invalid="ignore"):
        recall, precision = right / right[:, -1:], np.where(found > 0, right / found, 0.0)
    areas = np.sum(np.diff(recall, axis=1, prepend=0.0) * precision, axis=1)
    return float(areas[0]) if weights is None else areas


def bootstrapped(truth: Sequence[int], scores: Sequence[float], families: Sequence[str]) -> Estimate | None:
    """Average precision, its interval from drawing families anew: mails of one hand are no independent witnesses."""
    if not 0 < sum(truth) < len(truth):
        return None
    names, member = np.unique(np.asarray(families), return_inverse=True)
    chance = np.random.default_rng(_SEED)
    drawn: list[Any] = []
    for size in _batches(len(truth) + len(names)):
        counts = chance.multinomial(len(names), np.full(len(names), 1 / len(names)), size=size)
        drawn.append(average_precision(truth, scores, counts[:, member]))
    low, high = np.nanpercentile(np.concatenate(drawn), [2.5, 97.5])
    return Estimate(average_precision(truth, scores), float(low), float(high))


def _batches(width: int) -> list[int]:
    size = max(1, min(_RESAMPLES, _AT_ONCE // width))
    return [min(size, _RESAMPLES - start) for start in range(0, _RESAMPLES, size)]
