"""An evaluation on the terminal: figures, confusion tables, and on request the errors with their evidence."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from unburnt import reports
from unburnt.evaluate.course import KindFigures
from unburnt.evaluate.curve import Curve
from unburnt.evaluate.evaluation import Evaluation
from unburnt.evaluate.figures import Answers, Figures, Group
from unburnt.evaluate.floors import Checked
from unburnt.evaluate.intervals import Estimate, Share
from unburnt.evaluate.judged import Judged, Unread
from unburnt.evaluate.judging import Tell

_FEW_UNREAD = 10
_ROWS = 20


@contextmanager
def progress() -> Iterator[Tell]:
    """A bar on standard error where somebody looks."""
    with reports.progress_bar() as bar:
        task = bar.add_task("starting", total=None)
        yield lambda what, done, of: bar.update(task, description=what, completed=done, total=of)


def show(console: Console, measured: Evaluation, *, errors: bool) -> None:
    """All of it, the figures first."""
    figures = measured.figures
    console.print(
        f"{figures.mails} mails ({figures.rejections} rejections, {figures.others} others) of {figures.families} families: "
        f"{escape(measured.source)}, by {measured.measured}",
        highlight=False,
    )
    console.print(_figures(figures))
    for title, groups in (
        ("by kind", figures.by_kind),
        ("by language", figures.by_language),
        ("by sender", figures.by_system),
    ):
        console.print(_confusion(title, groups))
    if measured.kinds is not None:
        console.print(_kinds(measured.kinds))
    if measured.learning_curve is not None:
        console.print(_curve(measured.learning_curve))
    if measured.floors:
        console.print(floors_table(measured.floors))
    if errors:
        _errors(console, measured)
    elif measured.wrong:
        wrong = f"{len(measured.false_drafts)} false drafts, {len(measured.missed)} rejections missed"
        console.print(f"{wrong}: --errors lists them, --report shows them", highlight=False)
    show_unread(console, measured.unread, "can't be judged and count in no figure")


def _figures(figures: Figures) -> Table:
    table = Table("", "", "95 % interval", "what it is", box=box.SIMPLE_HEAD, padding=(0, 1))
    for name, value, interval, meaning in figure_rows(figures):
        table.add_row(f"[bold]{name}[/bold]", value, interval, f"[dim]{meaning}[/dim]")
    return table


def figure_rows(figures: Figures) -> list[tuple[str, str, str, str]]:
    """(name, value, interval, meaning), as people read them."""
    at = f"{figures.threshold:.2f}"
    rows = [
        ("precision", *share_of(figures.precision), f"of drafts (probability {at} or more), those for rejections"),
        ("recall", *share_of(figures.recall), "of rejections, those drafted"),
        ("average precision", *_estimate(figures.average_precision), "over all thresholds; drawn by family"),
        ("recall at 95 %", _percent(figures.recall_at_95), "", "were the threshold one that gives this precision"),
        ("calibration error", f"{figures.calibration_error:.3f}", "", "how far off probabilities are, over ten bins"),
        ("Brier score", f"{figures.brier:.3f}", "", "mean squared error of probabilities; 0.25 knows nothing"),
        (
            "unsure",
            *share_of(figures.unsure),
            f"answered unsure ({figures.unsure_from:.2f} to {at}): nothing is drafted",
        ),
    ]
    if (mailbox := figures.mailbox) is not None:
        precision = _percent(mailbox.precision)
        general = mailbox.general
        rows += [
            (
                "in a mailbox",
                precision,
                f"at least {percent(mailbox.at_least)}",
                "precision, 5 % rejections, 15 % hard, 80 % general",
            ),
            (
                "false drafts",
                f"{1000 * (general.value or 0):.1f}",
                f"at most {1000 * mailbox.general_at_most:.1f}",
                f"in 1,000 general mails ({general.count} of {general.of}; one-sided)",
            ),
        ]
    return rows


def percent(share: float) -> str:
    return f"{100 * share:.1f} %"


def _percent(share: float | None) -> str:
    return "n/a" if share is None else percent(share)


def share_of(share: Share) -> tuple[str, str]:
    if share.value is None or share.low is None or share.high is None:
        return "n/a", ""
    return percent(share.value), f"{100 * share.low:.1f} – {100 * share.high:.1f}"


def _estimate(estimate: Estimate | None) -> tuple[str, str]:
    return ("n/a", "") if estimate is None else (f"{estimate.value:.3f}", f"{estimate.low:.3f} – {estimate.high:.3f}")


def _confusion(title: str, groups: Sequence[Group]) -> Table:
    """The largest groups; one that is too small says little, and the page has them all."""
    more = f"… and {len(groups) - _ROWS} smaller: --report and --json have them" if len(groups) > _ROWS else None
    table = titled(title, caption=more)
    table.add_column("", min_width=18, no_wrap=True, overflow="ellipsis")
    for side, share in (("rejections", "recall"), ("others", "drafted")):
        for name in (side, "no/unsure/other", f"{share}, 95 %"):
            table.add_column(name, justify="right", no_wrap=True)
    table.add_column("AP", justify="right", min_width=4)
    for group in groups[:_ROWS]:
        area = f"{group.average_precision.value:.2f}" if group.average_precision else ""
        table.add_row(escape(group.name), *_answers(group.rejections), *_answers(group.others), area)
    return table


def titled(title: str, *columns: str, caption: str | None = None) -> Table:
    return Table(
        *columns,
        title=title,
        title_justify="left",
        title_style="bold",
        caption=caption,
        caption_justify="left",
        box=box.SIMPLE_HEAD,
        padding=(0, 1),
    )


def _answers(answers: Answers | None) -> tuple[str, ...]:
    if answers is None:
        return ("",) * 3
    counts = f"{answers.rejection}/{answers.unsure}/{answers.other}"
    return str(answers.mails), counts, _bounded(answers.drafted)


def _bounded(share: Share) -> str:
    if share.value is None or share.low is None or share.high is None:
        return "n/a"
    bounds = f"{100 * share.low:.0f}–{100 * share.high:.0f}"
    return f"{100 * share.value:.0f} % [dim]{bounds:>6}[/dim]"


def _kinds(kinds: KindFigures) -> Table:
    table = titled("on the way of an application", caption=kinds_summary(kinds))
    table.add_column("kind", min_width=18)
    for name in ("mails", "precision, 95 %", "recall, 95 %"):
        table.add_column(name, justify="right", no_wrap=True)
    for row in kinds.by_kind:
        table.add_row(row.kind, str(row.mails), _bounded(row.precision), _bounded(row.recall))
    return table


def kinds_summary(kinds: KindFigures) -> str:
    """The accuracy in a sentence."""
    value, interval = share_of(kinds.accuracy)
    return f"the right kind for {value} ({interval}) of {kinds.mails} mails that are no rejection"


def _curve(curve: Curve) -> Table:
    columns = ("learned from", "families", "average precision", "lowest – highest")
    table = titled("learning curve", *columns, caption=flatness(curve))
    for step in curve.steps:
        spread = f"{step.low:.3f} – {step.high:.3f}"
        table.add_row(
            f"{100 * step.share:.1f} %", str(step.families), f"{step.mean:.3f} ± {step.deviation:.3f}", spread
        )
    return table


def flatness(curve: Curve) -> str:
    """In words, whether more mail would help."""
    gain = f"the last doubling gained {curve.last_doubling:+.3f}"
    if curve.is_flat:
        return f"flat: {gain}, no more than the chance of the folds ({curve.chance:.3f})"
    return f"not flat yet: {gain}; the chance of the folds is {curve.chance:.3f}"


def floors_table(floors: Sequence[Checked]) -> Table:
    table = titled("floors", "floor", "wanted", "figure", "")
    for checked in floors:
        wanted = f"{'≤' if checked.is_ceiling else '≥'} {_figure(checked.floor)}"
        figure = "not measured" if checked.figure is None else _figure(checked.figure)
        said = "[green]holds[/green]" if checked.holds else "[red]has fallen[/red]"
        table.add_row(escape(checked.name), wanted, figure, said)
    return table


def _figure(value: float) -> str:
    """A share, or a number of letters."""
    return str(value) if isinstance(value, int) else f"{value:.3f}"


def _errors(console: Console, measured: Evaluation) -> None:
    for title, wrong in (("false drafts", measured.false_drafts), ("rejections missed", measured.missed)):
        if wrong:
            console.rule(f"{len(wrong)} {title}")
        for judged in wrong:
            _error(console, judged)


def _error(console: Console, judged: Judged) -> None:
    verdict = judged.verdict
    console.print(
        f"[bold]{verdict.label} {verdict.probability:.2f}[/bold]  {escape(judged.subject or '(no subject)')}  "
        f"[dim]{escape(judged.author)} · {escape(judged.name)}[/dim]",
        highlight=False,
    )
    evidence = ", ".join(f"{escape(term)} {weight:+.2f}" for term, weight in verdict.evidence)
    console.print(f"    {evidence}", highlight=False)


def show_unread(console: Console, unread: Sequence[Unread], so: str) -> None:
    if unread:
        console.print(f"{len(unread)} messages {so}:", highlight=False)
    for each in unread[:_FEW_UNREAD]:
        console.print(f"  {escape(each.name)}: {escape(each.error)}", highlight=False)
    if len(unread) > _FEW_UNREAD:
        console.print("  … (--json lists them all)")
