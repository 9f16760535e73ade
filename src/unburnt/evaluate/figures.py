"""What judged mail says of the classifier. Pure: the same mail gives the same figures."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from unburnt.core.model import Label
from unburnt.evaluate.intervals import Estimate, Share, at_most, bootstrapped, wilson
from unburnt.evaluate.judged import Judged
from unburnt.evaluate.kinds import GENERAL, HARD, SHARES

_BINS = 10
_COLUMNS = 20
_MOST_POINTS = 500
_PRECISE = 0.95
_NOT_ENGLISH = "all but en"


@dataclass(frozen=True, slots=True)
class Answers:
    """What was said of mail of one label; ``drafted`` is recall for rejections and the false drafts for others."""

    mails: int
    rejection: int
    unsure: int
    other: int
    drafted: Share


@dataclass(frozen=True, slots=True)
class Group:
    """Mail that has something in common; a side is None where there is no such mail.

    ``recall_at_95`` is recall at the threshold of its own that gives most, with a precision of 0.95 at least.
    """

    name: str
    rejections: Answers | None
    others: Answers | None
    average_precision: Estimate | None
    recall_at_95: float | None


@dataclass(frozen=True, slots=True)
class Bin:
    """Mail whose probabilities lie together: the mean of what was said, and the share that were rejections."""

    low: float
    high: float
    said: float | None
    was: Share


@dataclass(frozen=True, slots=True)
class Point:
    """Precision and recall, were the threshold this probability."""

    probability: float
    precision: float
    recall: float


@dataclass(frozen=True, slots=True)
class Mailbox:
    """What to expect of a mailbox with the shares of kinds.SHARES. ``at_least`` takes every interval's bad end."""

    precision: float | None
    at_least: float
    hard: Share
    general: Share
    general_at_most: float
    left_out: int


@dataclass(frozen=True, slots=True)
class Figures:
    """All figures; None where the mail doesn't allow one."""

    mails: int
    rejections: int
    others: int
    families: int
    threshold: float
    unsure_from: float
    precision: Share
    recall: Share
    average_precision: Estimate | None
    recall_at_95: float | None
    calibration_error: float
    brier: float
    unsure: Share
    mailbox: Mailbox | None
    by_kind: tuple[Group, ...]
    by_language: tuple[Group, ...]
    not_english: Group | None
    by_system: tuple[Group, ...]
    bins: tuple[Bin, ...]
    precision_recall: tuple[Point, ...]
    histogram: tuple[tuple[int, int], ...]


def figures(judged: Sequence[Judged], threshold: float, unsure_from: float) -> Figures:
    """Everything there is to say of these; there must be one at least."""
    rejections = [each for each in judged if each.is_rejection]
    drafted = [each for each in judged if each.is_drafted]
    right = sum(each.is_rejection for each in drafted)
    bins = calibration(judged)
    return Figures(
        mails=len(judged),
        rejections=len(rejections),
        others=len(judged) - len(rejections),
        families=len({each.family for each in judged}),
        threshold=threshold,
        unsure_from=unsure_from,
        precision=wilson(right, len(drafted)),
        recall=wilson(right, len(rejections)),
        average_precision=_average_precision(judged),
        recall_at_95=recall_at(_PRECISE, judged),
        calibration_error=calibration_error(bins),
        brier=sum((each.verdict.probability - each.is_rejection) ** 2 for each in judged) / len(judged),
        unsure=wilson(sum(each.verdict.label is Label.UNSURE for each in judged), len(judged)),
        mailbox=mailbox(judged),
        by_kind=groups(judged, lambda each: each.kind),
        by_language=groups(judged, lambda each: each.language),
        not_english=_group(_NOT_ENGLISH, foreign) if (foreign := _not_english(judged)) else None,
        by_system=groups(judged, lambda each: each.system),
        bins=bins,
        precision_recall=precision_recall(judged),
        histogram=_histogram(judged),
    )


def groups(judged: Iterable[Judged], by: Callable[[Judged], str]) -> tuple[Group, ...]:
    """The largest first."""
    found: dict[str, list[Judged]] = {}
    for each in judged:
        found.setdefault(by(each) or "not said", []).append(each)
    ordered = sorted(found.items(), key=lambda item: (-len(item[1]), item[0]))
    return tuple(_group(name, own) for name, own in ordered)


def _group(name: str, judged: Sequence[Judged]) -> Group:
    return Group(
        name,
        _answers([each for each in judged if each.is_rejection]),
        _answers([each for each in judged if not each.is_rejection]),
        _average_precision(judged),
        recall_at(_PRECISE, judged),
    )


def _not_english(judged: Iterable[Judged]) -> list[Judged]:
    return [each for each in judged if each.language and each.language != "en"]


def _answers(judged: Iterable[Judged]) -> Answers | None:
    labels = [each.verdict.label for each in judged]
    if not labels:
        return None
    rejection, unsure, other = (labels.count(label) for label in (Label.REJECTION, Label.UNSURE, Label.OTHER))
    return Answers(len(labels), rejection, unsure, other, wilson(rejection, len(labels)))


def _average_precision(judged: Sequence[Judged]) -> Estimate | None:
    return bootstrapped(
        [int(each.is_rejection) for each in judged],
        [each.verdict.probability for each in judged],
        [each.family for each in judged],
    )


def calibration(judged: Iterable[Judged]) -> tuple[Bin, ...]:
    """Ten bins of equal width."""
    binned: list[list[Judged]] = [[] for _ in range(_BINS)]
    for each in judged:
        binned[_place(each.verdict.probability, _BINS)].append(each)
    return tuple(
        Bin(
            number / _BINS,
            (number + 1) / _BINS,
            sum(each.verdict.probability for each in own) / len(own) if own else None,
            wilson(sum(each.is_rejection for each in own), len(own)),
        )
        for number, own in enumerate(binned)
    )


def calibration_error(bins: Sequence[Bin]) -> float:
    """The expected one: how far off the bins are, each weighing as its mail."""
    off = sum(abs((each.said or 0.0) - (each.was.value or 0.0)) * each.was.of for each in bins)
    return off / sum(each.was.of for each in bins)


def _place(probability: float, of: int) -> int:
    return min(of - 1, int(probability * of))


def _histogram(judged: Iterable[Judged]) -> tuple[tuple[int, int], ...]:
    """(rejections, others) for each twentieth of the probability."""
    counts = [[0, 0] for _ in range(_COLUMNS)]
    for each in judged:
        counts[_place(each.verdict.probability, _COLUMNS)][0 if each.is_rejection else 1] += 1
    return tuple((rejections, others) for rejections, others in counts)


def precision_recall(judged: Sequence[Judged]) -> tuple[Point, ...]:
    """The points of `_swept`, or some of them evenly where there are too many to draw."""
    points = _swept(judged)
    step = max(1, -(-len(points) // _MOST_POINTS))
    return tuple(point for at, point in enumerate(points) if at % step == 0 or at == len(points) - 1)


def recall_at(precise: float, judged: Sequence[Judged]) -> float | None:
    """The highest recall that a threshold gives whose precision is so at least; None for one label alone."""
    if len({each.is_rejection for each in judged}) < 2:
        return None
    return max((point.recall for point in _swept(judged) if point.precision >= precise), default=0.0)


def _swept(judged: Sequence[Judged]) -> list[Point]:
    """From the surest on; equal probabilities are one point, and a point stands where recall grows."""
    all_ = sum(each.is_rejection for each in judged)
    ordered = sorted(judged, key=lambda each: -each.verdict.probability)
    points: list[Point] = []
    right, counted = 0, 0
    for seen, each in enumerate(ordered, 1):
        right += each.is_rejection
        probability = each.verdict.probability
        if (seen == len(ordered) or ordered[seen].verdict.probability != probability) and right > counted:
            points.append(Point(probability, right / seen, right / all_))
            counted = right
    return points


def mailbox(judged: Sequence[Judged]) -> Mailbox | None:
    """None unless there are rejections, hard others and general mail, told apart by their kinds."""
    others = [each for each in judged if not each.is_rejection]
    found = _answers([each for each in judged if each.is_rejection])
    hard, general = (
        wilson(sum(each.is_drafted for each in own), len(own))
        for own in ([each for each in others if each.kind in kinds] for kinds in (HARD, GENERAL))
    )
    if found is None or not hard.of or not general.of:
        return None
    bound = at_most(general.count, general.of)
    return Mailbox(
        precision=_expected(found.drafted.value or 0.0, hard.value or 0.0, general.value or 0.0),
        at_least=_expected(found.drafted.low or 0.0, hard.high or 0.0, bound) or 0.0,
        hard=hard,
        general=general,
        general_at_most=bound,
        left_out=len(others) - hard.of - general.of,
    )


def _expected(recall: float, hard: float, general: float) -> float | None:
    right = SHARES["rejections"] * recall
    drafts = right + SHARES["hard"] * hard + SHARES["general"] * general
    return right / drafts if drafts else None
