"""Plots as values: shapes in the coordinates of an SVG, which the template draws."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from math import ceil, log10

from unburnt.evaluate.curve import Curve
from unburnt.evaluate.figures import Figures, Point

WIDTH, HEIGHT = 520, 380
_LEFT, _RIGHT, _TOP, _BOTTOM = 56, 16, 16, 48


@dataclass(frozen=True, slots=True)
class Path:
    """A line or an area; ``style`` is a class of the style sheet."""

    d: str
    style: str


@dataclass(frozen=True, slots=True)
class Dot:
    """A point; ``tip`` is what a pointer over it shows."""

    x: float
    y: float
    r: float
    style: str
    tip: str


@dataclass(frozen=True, slots=True)
class Bar:
    """A rectangle."""

    x: float
    y: float
    width: float
    height: float
    style: str
    tip: str


@dataclass(frozen=True, slots=True)
class Words:
    """A word or two beside a shape."""

    x: float
    y: float
    text: str
    style: str
    anchor: str = "start"


@dataclass(frozen=True, slots=True)
class Tick:
    """A place on an axis."""

    at: float
    text: str


@dataclass(frozen=True, slots=True)
class Plot:
    """A plot with its axes; ``says`` is its caption and, for who can't see it, its description."""

    name: str
    title: str
    says: str
    across: str
    up: str
    x_ticks: tuple[Tick, ...]
    y_ticks: tuple[Tick, ...]
    paths: tuple[Path, ...] = ()
    bars: tuple[Bar, ...] = ()
    dots: tuple[Dot, ...] = ()
    words: tuple[Words, ...] = ()


@dataclass(frozen=True, slots=True)
class _Axes:
    """From figures to coordinates."""

    x_from: float = 0.0
    x_to: float = 1.0
    y_from: float = 0.0
    y_to: float = 1.0

    def x(self, value: float) -> float:
        return round(_LEFT + (value - self.x_from) / (self.x_to - self.x_from) * (WIDTH - _LEFT - _RIGHT), 1)

    def y(self, value: float) -> float:
        return round(
            HEIGHT - _BOTTOM - (value - self.y_from) / (self.y_to - self.y_from) * (HEIGHT - _TOP - _BOTTOM), 1
        )

    def line(self, points: Iterable[tuple[float, float]], style: str) -> Path:
        places = " L".join(f"{self.x(x)} {self.y(y)}" for x, y in points)
        return Path(f"M{places}" if places else "", style)


_UNIT = _Axes()
_FIFTHS = tuple(n / 5 for n in range(6))


def _ticks(values: Iterable[float], place: Callable[[float], float], form: str = ".1f") -> tuple[Tick, ...]:
    return tuple(Tick(place(value), format(value, form)) for value in values)


def precision_recall(figures: Figures) -> Plot:
    """The curve, and where the threshold stands on it."""
    points = figures.precision_recall
    curve = _UNIT.line(((point.recall, point.precision) for point in points), "curve")
    floor = f" L{_UNIT.x(points[-1].recall)} {_UNIT.y(0)} L{_UNIT.x(points[0].recall)} {_UNIT.y(0)} Z" if points else ""
    marks, words = _threshold_mark(figures)
    return Plot(
        "precision-recall",
        "Precision and recall",
        "Each point is a threshold. Up is fewer false drafts, right is fewer missed rejections; the dot is where the program drafts, "
        "with its 95 % intervals.",
        "recall",
        "precision",
        _ticks(_FIFTHS, _UNIT.x),
        _ticks(_FIFTHS, _UNIT.y),
        paths=(*([Path(curve.d + floor, "area"), curve] if points else []), *marks[0]),
        dots=(*_probabilities(points), *marks[1]),
        words=words,
    )


def _threshold_mark(figures: Figures) -> tuple[tuple[list[Path], list[Dot]], tuple[Words, ...]]:
    precision, recall = figures.precision, figures.recall
    if precision.value is None or recall.value is None:
        return ([], []), ()
    whiskers = [
        _UNIT.line([(recall.value, precision.low or 0), (recall.value, precision.high or 0)], "whisker"),
        _UNIT.line([(recall.low or 0, precision.value), (recall.high or 0, precision.value)], "whisker"),
    ]
    tip = f"threshold {figures.threshold:.2f}: precision {precision.value:.3f}, recall {recall.value:.3f}"
    dot = Dot(_UNIT.x(recall.value), _UNIT.y(precision.value), 6, "mark", tip)
    crowded = recall.value > 1 / 2
    words = Words(
        dot.x + (-12 if crowded else 12),
        dot.y + 22,
        f"drafts from {figures.threshold:.2f}",
        "said",
        "end" if crowded else "start",
    )
    return (whiskers, [dot]), (words,)


def _probabilities(points: Sequence[Point]) -> list[Dot]:
    """Invisible dots that tell the threshold, thinly."""
    step = max(1, len(points) // 60)
    return [
        Dot(
            _UNIT.x(p.recall),
            _UNIT.y(p.precision),
            5,
            "hover",
            f"from {p.probability:.2f}: precision {p.precision:.3f}, recall {p.recall:.3f}",
        )
        for p in points[::step]
    ]


def reliability(figures: Figures) -> Plot:
    """What was said against what was; on the diagonal both agree."""
    paths, dots = [_UNIT.line([(0, 0), (1, 1)], "ideal")], []
    most = max(each.was.of for each in figures.bins)
    for each in figures.bins:
        if each.said is None or each.was.value is None:
            continue
        paths.append(_UNIT.line([(each.said, each.was.low or 0), (each.said, each.was.high or 0)], "whisker"))
        tip = f"said {each.said:.2f}, was {each.was.value:.2f} ({each.was.count} of {each.was.of})"
        dots.append(Dot(_UNIT.x(each.said), _UNIT.y(each.was.value), 3 + 7 * (each.was.of / most) ** 0.5, "bin", tip))
    return Plot(
        "reliability",
        "Do probabilities mean what they say?",
        "Mail in ten bins by its probability: across what was said, up the share that were rejections. On the diagonal both agree. "
        f"Larger dots are more mail. Expected calibration error {figures.calibration_error:.3f}.",
        "probability said",
        "share that were rejections",
        _ticks(_FIFTHS, _UNIT.x),
        _ticks(_FIFTHS, _UNIT.y),
        paths=tuple(paths),
        dots=tuple(dots),
    )


def histogram(figures: Figures) -> Plot:
    """Rejections upwards, others downwards, by the root of their number, so that a few are seen beside hundreds."""
    most = max(1, *(max(pair) for pair in figures.histogram))
    reach = 1.15 * most**0.5  # room for the words
    axes = _Axes(y_from=-reach, y_to=reach)
    width = (axes.x(1) - axes.x(0)) / len(figures.histogram)
    bars = []
    for place, (rejections, others) in enumerate(figures.histogram):
        low, high = place / len(figures.histogram), (place + 1) / len(figures.histogram)
        for count, style, top in ((rejections, "yes", rejections**0.5), (others, "no", 0.0)):
            name = "rejections" if style == "yes" else "others"
            height = abs(axes.y(count**0.5) - axes.y(0))
            tip = f"{count} {name} from {low:.2f} to {high:.2f}"
            bars.append(Bar(axes.x(low) + 1, axes.y(top), round(width - 2, 1), round(height, 1), style, tip))
    counts = _round_counts(most)
    return Plot(
        "scores",
        "How far apart they are",
        "All mail by its probability: rejections above the line, everything else below. Heights are square roots, so that single mails "
        "show beside hundreds. The dashed lines are where unsure and drafting begin.",
        "probability",
        "mails",
        _ticks(_FIFTHS, axes.x),
        tuple(Tick(axes.y(sign * count**0.5), str(count)) for count in counts for sign in ((1, -1) if count else (1,))),
        paths=tuple(
            axes.line([(x, axes.y_from), (x, axes.y_to)], "rule") for x in (figures.unsure_from, figures.threshold)
        ),
        bars=tuple(bars),
        words=(
            Words(axes.x(1) - 4, _TOP + 14, "rejections", "said yes", "end"),
            Words(axes.x(1) - 4, HEIGHT - _BOTTOM - 8, "others", "said no", "end"),
        ),
    )


def _round_counts(most: int) -> tuple[int, ...]:
    """0, and round numbers up to the most: 400 → 0, 100, 400; their roots lie apart."""
    unit = 10 ** int(log10(most)) if most >= 10 else 1
    top = most // unit * unit
    return (0, max(1, ceil(top / 4)), top) if top > 1 else (0, 1)


def learning(curve: Curve, verdict: str) -> Plot:
    """Average precision by the families learned from, with the spread over seeds."""
    low = min(0.95, int(min(step.low for step in curve.steps) * 20) / 20)
    axes = _Axes(x_to=curve.steps[-1].families * 1.04, y_from=low, y_to=1.0)
    ups = [(step.families, step.high) for step in curve.steps]
    downs = [(step.families, step.low) for step in reversed(curve.steps)]
    values = [low + (1 - low) * n / 5 for n in range(6)]
    return Plot(
        "learning",
        "Would more mail help?",
        f"Average precision by the number of families learned from; the band is the spread over seeds. {verdict[:1].upper()}{verdict[1:]}.",
        "families learned from",
        "average precision",
        tuple(Tick(axes.x(step.families), str(step.families)) for step in curve.steps),
        tuple(Tick(axes.y(value), f"{value:.2f}") for value in values),
        paths=(
            Path(axes.line([*ups, *downs], "band").d + " Z", "band"),
            axes.line([(step.families, step.mean) for step in curve.steps], "curve"),
        ),
        dots=tuple(
            Dot(
                axes.x(step.families),
                axes.y(step.mean),
                5,
                "mark",
                f"{step.families} families: {step.mean:.3f} ± {step.deviation:.3f}",
            )
            for step in curve.steps
        ),
    )
