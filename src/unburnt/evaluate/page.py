"""An evaluation as one page that stands alone: no script, no request, and mail only as text."""

from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined

from unburnt import __version__
from unburnt.core.model import Verdict
from unburnt.errors import TryAgain, UsageProblem
from unburnt.evaluate import plots
from unburnt.evaluate.evaluation import Evaluation
from unburnt.evaluate.kinds import GENERAL, HARD
from unburnt.evaluate.screen import figure_rows, flatness, kinds_summary
from unburnt.world.durably import write_durably

_MOST_ERRORS = 500  # of each sort


def writable(path: Path) -> None:
    """UsageProblem at once rather than after a minute's work."""
    if not path.absolute().parent.is_dir() or path.is_dir():
        raise UsageProblem(f"{path}: the report can't be written there; name a file in a folder that exists")


def write(measured: Evaluation, path: Path) -> None:
    """Written aside and renamed: the whole page or none. Only its owner can read it, since it quotes mail."""
    try:
        write_durably(path.absolute(), render(measured).encode("utf-8", "replace"))
    except OSError as error:
        raise TryAgain(f"{path}: the report can't be written: {error.strerror}") from error


def render(measured: Evaluation) -> str:
    """The page's HTML. Everything is escaped; the template marks nothing as safe."""
    environment = Environment(
        autoescape=True,
        loader=PackageLoader("unburnt.evaluate", "templates"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    figures, curve = measured.figures, measured.learning_curve
    return environment.get_template("page.html.jinja").render(
        it=measured,
        figures=figures,
        rows=figure_rows(figures),
        said_of_kinds=kinds_summary(measured.kinds) if measured.kinds else "",
        version=__version__,
        plots=[
            plots.precision_recall(figures),
            plots.reliability(figures),
            plots.histogram(figures),
            *([plots.learning(curve, flatness(curve))] if curve else []),
        ],
        wrong=(
            ("False drafts", "mail that is no rejection and would have been answered", measured.false_drafts),
            ("Missed", "rejections for which nothing would have been drafted", measured.missed),
        ),
        most=_MOST_ERRORS,
        width=plots.WIDTH,
        height=plots.HEIGHT,
        heaviest=_heaviest,
        hard=", ".join(sorted(HARD)),
        general=", ".join(sorted(GENERAL)),
    )


def _heaviest(verdict: Verdict) -> float:
    return max(abs(weight) for _, weight in verdict.evidence)
