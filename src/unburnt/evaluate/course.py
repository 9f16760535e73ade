"""What the estimator of kinds says of mail that is no rejection: how far the history of an application can be trusted.

Pure. The estimator is measured by itself, before the history leaves out bulk and automatic mail (core/chronicle.py).
"""

from collections.abc import Sequence
from dataclasses import dataclass

from unburnt.core.model import Kind
from unburnt.evaluate.intervals import Share, wilson


@dataclass(frozen=True, slots=True)
class OfKind:
    """One kind: of the mails said to be of it, those that are, and of those that are, the ones said to be."""

    kind: Kind
    mails: int
    precision: Share
    recall: Share


@dataclass(frozen=True, slots=True)
class KindFigures:
    """All that there is to say; ``by_kind`` has the commonest first."""

    mails: int
    accuracy: Share
    by_kind: tuple[OfKind, ...]


def kind_figures(told: Sequence[tuple[Kind, Kind]]) -> KindFigures:
    """``told`` are pairs of what a mail is, and what was said of it."""
    rows = [_of_kind(kind, told) for kind in {kind for pair in told for kind in pair}]
    return KindFigures(
        mails=len(told),
        accuracy=wilson(sum(is_ == said for is_, said in told), len(told)),
        by_kind=tuple(sorted(rows, key=lambda row: (-row.mails, row.kind))),
    )


def _of_kind(kind: Kind, told: Sequence[tuple[Kind, Kind]]) -> OfKind:
    mails, said = (sum(pair[side] is kind for pair in told) for side in (0, 1))
    right = told.count((kind, kind))
    return OfKind(kind, mails, precision=wilson(right, said), recall=wilson(right, mails))
