"""One evaluation, of the classifier or of the extraction: what was measured, on what, and all that came of it."""

from dataclasses import dataclass, replace
from typing import Self

from unburnt.evaluate.compared import Wrong
from unburnt.evaluate.course import KindFigures
from unburnt.evaluate.curve import Curve
from unburnt.evaluate.extraction import Row
from unburnt.evaluate.figures import Figures
from unburnt.evaluate.floors import Checked
from unburnt.evaluate.judged import Judged, Unread

SHIPPED = "the labelled mail that comes with Unburnt"


@dataclass(frozen=True, slots=True)
class Evaluation:
    """A value that is told on the terminal, as JSON, or as a page. ``kinds`` are measured on shipped mail alone."""

    measured: str
    source: str
    figures: Figures
    kinds: KindFigures | None = None
    wrong: tuple[Judged, ...] = ()
    unread: tuple[Unread, ...] = ()
    learning_curve: Curve | None = None
    floors: tuple[Checked, ...] = ()

    @property
    def is_shipped(self) -> bool:
        return self.source == SHIPPED

    @property
    def false_drafts(self) -> tuple[Judged, ...]:
        return tuple(each for each in self.wrong if each.is_false_draft)

    @property
    def missed(self) -> tuple[Judged, ...]:
        return tuple(each for each in self.wrong if each.is_missed)

    def with_floors(self, checked: tuple[Checked, ...]) -> Self:
        return replace(self, floors=checked)


@dataclass(frozen=True, slots=True)
class Extraction:
    """A value that is told on the terminal or as JSON. ``unanswered`` rejections count in no figure."""

    source: str
    unanswered: int
    total: Row
    by_system: tuple[Row, ...]
    by_language: tuple[Row, ...]
    wrong: tuple[Wrong, ...] = ()
    unread: tuple[Unread, ...] = ()
    floors: tuple[Checked, ...] = ()

    def with_floors(self, checked: tuple[Checked, ...]) -> Self:
        return replace(self, floors=checked)
