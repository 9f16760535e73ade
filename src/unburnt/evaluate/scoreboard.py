"""The scoreboard of the extraction on the terminal: who, what, and whom to thank, by sender and by language."""

from collections.abc import Sequence

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from unburnt.evaluate.compared import Mistake, Wrong
from unburnt.evaluate.evaluation import Extraction
from unburnt.evaluate.extraction import Found, Letters, Row
from unburnt.evaluate.intervals import Share
from unburnt.evaluate.screen import floors_table, percent, share_of, show_unread, titled

_ROWS = 60  # more than there are systems
_MORE = ("requisition", "contact", "title", "phone", "linkedin")


def show(console: Console, measured: Extraction, *, errors: bool) -> None:
    """All of it, the total first."""
    without = f", {measured.unanswered} more have no answer" if measured.unanswered else ""
    console.print(
        f"{measured.total.mails} rejections with answers{without}: {escape(measured.source)}, by the program as it is",
        highlight=False,
    )
    console.print(_facts(measured.total))
    console.print(_letters(measured.total.recipient))
    for title, rows in (
        ("right of all, by sender", measured.by_system),
        ("right of all, by language", measured.by_language),
    ):
        console.print(_board(title, rows))
    if measured.floors:
        console.print(floors_table(measured.floors))
    if errors:
        _errors(console, measured.wrong)
    elif measured.wrong:
        console.print(f"not all is right in {len(measured.wrong)} of them: --errors lists them", highlight=False)
    show_unread(console, measured.unread, "can't be read, so nothing is found in them")


def _facts(total: Row) -> Table:
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1))
    table.add_column("", no_wrap=True)
    for name in ("told by", "answered", "right when answered, 95 %", "right of all, 95 %", "loosely", "invented"):
        table.add_column(name, justify="right", no_wrap=True)
    for name, found in (("company", total.company), ("role", total.role)):
        table.add_row(f"[bold]{name}[/bold]", *_fact(found))
    for name in _MORE:
        table.add_row(name, *_fact(getattr(total, name)))
    return table


def _fact(found: Found) -> tuple[str, ...]:
    invented = f"{found.invented.count} of {found.invented.of}"
    return (
        str(found.told),
        _percent(found.answered),
        _short(found.right_when_answered),
        _short(found.right),
        _percent(found.loosely),
        invented,
    )


def _letters(letters: Letters) -> Table:
    table = titled("letters")
    for name, width in (("", 20), ("", 8), ("95 %", 13), ("", None)):
        table.add_column(name, min_width=width)
    for name, share, meaning in (
        ("addressed", letters.addressed, f"of the {letters.told} with a person to write to"),
        ("right when addressed", letters.right_when_addressed, "of the letters with an address"),
        ("right of all", letters.right, "nobody where there is nobody"),
    ):
        table.add_row(f"[bold]{name}[/bold]", *share_of(share), f"[dim]{meaning}[/dim]")
    for name, count, meaning in (
        ("to a wrong address", letters.wrong_address, "not the one of the answers, or where there is nobody"),
        ("to a machine", letters.to_a_machine, "by the look of the address"),
    ):
        table.add_row(f"[bold]{name}[/bold]", _count(count), "", f"[dim]{meaning}; has to be 0[/dim]")
    return table


def _board(title: str, rows: Sequence[Row]) -> Table:
    more = f"… and {len(rows) - _ROWS} smaller: --json has them" if len(rows) > _ROWS else None
    table = titled(title, caption=more)
    table.add_column("", min_width=18, no_wrap=True, overflow="ellipsis")
    for name in ("mails", "company, 95 %", "role, 95 %", "contact, 95 %", "recipient, 95 %", "wrong", "machine"):
        table.add_column(name, justify="right", no_wrap=True)
    for row in rows[:_ROWS]:
        shares = (row.company.right, row.role.right, row.contact.right, row.recipient.right)
        counts = (row.recipient.wrong_address, row.recipient.to_a_machine)
        table.add_row(escape(row.name), str(row.mails), *map(_short, shares), *map(_count, counts))
    return table


def _percent(share: Share) -> str:
    return "n/a" if share.value is None else percent(share.value)


def _short(share: Share) -> str:
    if share.value is None:
        return ""
    bounds = f"{100 * (share.low or 0):.0f}–{100 * (share.high or 0):.0f}"
    return f"{100 * share.value:.0f} % [dim]{bounds:>6}[/dim]"


def _count(letters: int) -> str:
    return f"[red]{letters}[/red]" if letters else "0"


def _errors(console: Console, wrong: Sequence[Wrong]) -> None:
    if wrong:
        console.rule(f"{len(wrong)} in which not all is right")
    for each in wrong:
        console.print(
            f"[bold]{escape(each.name)}[/bold]  {escape(each.subject or '(no subject)')}  "
            f"[dim]{escape(each.author)} · {escape(each.system)}[/dim]",
            highlight=False,
        )
        for mistake in each.mistakes:
            console.print(f"    {_mistake(mistake, each.why)}", highlight=False)


def _mistake(mistake: Mistake, why: str) -> str:
    nothing = "nobody" if mistake.field == "recipient" else "nothing"
    wanted, found = (escape(value) if value else nothing for value in (mistake.wanted, mistake.found))
    aside = f"  [dim]{escape(why)}[/dim]" if mistake.field == "recipient" else ""
    return f"{mistake.field:<11} [green]{wanted}[/green] → [red]{found}[/red]{' (loosely)' if mistake.loosely else ''}{aside}"
