"""The learning curve: average precision out of family, learned from ever more of the families."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from random import Random
from statistics import fmean, stdev

from unburnt.core.estimators import folds
from unburnt.core.groundwork import Part, groundwork
from unburnt.core.lessons import Counted, Lesson, Saying, count
from unburnt.core.second_opinion import Encode, encoder, remembering
from unburnt.evaluate.intervals import average_precision
from unburnt.evaluate.judging import Tell

SHARES = (1 / 8, 1 / 4, 1 / 2, 3 / 4, 1.0)
SEEDS = (20_260, 20_261, 20_262)


@dataclass(frozen=True, slots=True)
class Step:
    """What ``share`` of the training families gives: the mean over seeds, the lowest and highest, their deviation."""

    share: float
    families: int
    mean: float
    low: float
    high: float
    deviation: float


@dataclass(frozen=True, slots=True)
class Curve:
    """Flat when the last doubling gains no more than the folds' own chance."""

    steps: tuple[Step, ...]
    last_doubling: float
    chance: float

    @property
    def is_flat(self) -> bool:
        return self.last_doubling <= self.chance


def learning_curve(
    lessons: Iterable[Lesson], sayings: Sequence[Saying], tell: Tell, seeds: Sequence[int] = SEEDS
) -> Curve:
    """Each seed deals other folds and other families; within a seed a larger share has all of the smaller."""
    counted, encode = count(lessons, sayings), encoder()
    encode = encode and remembering(encode)
    truth, families = [bool(answer) for answer in counted.truth], counted.families
    measured: dict[float, list[tuple[int, float]]] = {share: [] for share in SHARES}
    for dealt, seed in enumerate(seeds):
        parts = list(folds(truth, families, seed))
        for done, share in enumerate(SHARES):
            tell("learning curve", dealt * len(SHARES) + done, len(seeds) * len(SHARES))
            chosen = [(_some(seen, truth, families, seed, share), held) for seen, held in parts]
            measured[share].append((_mean_families(chosen, families), _measured(counted, chosen, encode)))
    steps = tuple(_step(share, found) for share, found in measured.items())
    ends = (steps[SHARES.index(0.5)], steps[-1])
    return Curve(steps, ends[1].mean - ends[0].mean, max(end.deviation for end in ends))


def _step(share: float, found: list[tuple[int, float]]) -> Step:
    values = [value for _, value in found]
    deviation = stdev(values) if len(values) > 1 else 0.0
    return Step(share, round(fmean(n for n, _ in found)), fmean(values), min(values), max(values), deviation)


def _measured(counted: Counted, parts: Sequence[Part], encode: Encode | None) -> float:
    decisions = groundwork(counted, parts, encode).decisions(())
    return float(average_precision([int(answer) for answer in counted.truth], decisions))


def _mean_families(parts: Sequence[Part], families: Sequence[str]) -> int:
    return round(fmean(len({families[i] for i in seen}) for seen, _ in parts))


def _some(seen: Sequence[int], truth: Sequence[bool], families: Sequence[str], seed: int, share: float) -> list[int]:
    """The mail of a share of the rejections' families and of the same of the others', one of each at least."""
    chosen: set[str] = set()
    for side in (False, True):
        own = sorted({families[i] for i in seen if truth[i] == side})
        Random(seed).shuffle(own)  # noqa: S311  # to sample, not to keep a secret
        chosen.update(own[: max(1, round(share * len(own)))])
    return [i for i in seen if families[i] in chosen]
