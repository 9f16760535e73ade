"""`unburnt history`: the record of the search that advisers ask for, out of the mail that is there anyway."""

import csv
import json as jsonlib
import sys
from collections import Counter
from collections.abc import Sequence
from contextlib import closing
from dataclasses import asdict
from datetime import date
from statistics import median
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from unburnt import reports, wiring
from unburnt.config import Config
from unburnt.core.applications import Application, applications
from unburnt.core.names import fold
from unburnt.errors import UsageProblem
from unburnt.world.index import Index

_MOST_PEOPLE = 3


def history(company: str | None, config: Config, *, json: bool, as_csv: bool) -> None:
    """Every application the mail tells of, the latest first; only those to ``company`` if one is given."""
    if json and as_csv:
        raise UsageProblem("give one of --json and --csv")
    found = [each for each in known(config) if company is None or fold(company) in fold(each.company or "")]
    if json:
        sys.stdout.write(jsonlib.dumps([_as_json(each) for each in found], ensure_ascii=False, indent=2) + "\n")
    elif as_csv:
        _write_csv(found)
    else:
        show(reports.console(), found, company)


def known(config: Config) -> tuple[Application, ...]:
    """All applications that the mail read so far tells of."""
    own = tuple(address for account in config.accounts for address in account.addresses)
    with closing(wiring.database(config)) as database:
        return applications(Index(database).steps(), own)


def _as_json(application: Application) -> dict[str, Any]:
    """Dates as RFC 3339 writes them; the keys are a promise."""
    said = asdict(application)
    return said | {name: value.isoformat() for name, value in said.items() if isinstance(value, date)}


def _write_csv(found: list[Application]) -> None:
    """RFC 4180; several people are parted by semicolons."""
    writer = csv.DictWriter(sys.stdout, list(Application.__dataclass_fields__))
    writer.writeheader()
    for each in found:
        row = _as_json(each) | {"people": "; ".join(each.people), "thanked": "yes" if each.thanked else "no"}
        writer.writerow({name: _harmless(value) for name, value in row.items()})


def _harmless(value: Any) -> Any:
    """A cell that a spreadsheet would take for a formula gets an apostrophe: names come from strangers' mail."""
    return f"'{value}" if isinstance(value, str) and value.startswith(("=", "+", "-", "@", "\t")) else value


def show(console: Console, found: Sequence[Application], company: str | None = None, most: int | None = None) -> None:
    """As a table, the latest ``most`` of them, with a line that sums them all up."""
    if not found:
        about = f" with {company}" if company else ""
        console.print(f"Nothing is known of applications{about} yet: `unburnt watch` reads the mail.", markup=False)
        return
    table = Table("applied", "company", "role", "how far", "people", "became", "answer after", "last mail", box=None)
    for each in found[:most]:
        table.add_row(*(escape(cell) for cell in _cells(each)), style="dim" if each.outcome == "rejected" else None)
    console.print(table)
    console.print(_summary(found), highlight=False)


def _cells(each: Application) -> tuple[str, ...]:
    people = ", ".join(each.people[:_MOST_PEOPLE]) + (" …" if len(each.people) > _MOST_PEOPLE else "")
    talks = f", {each.rounds} talk{'s' if each.rounds > 1 else ''}" if each.rounds else ""
    return (
        f"{each.applied:%d %b %Y}" if each.applied else "",
        each.company or "unknown",
        each.role or "unknown",
        f"{each.stage}{talks}",
        people,
        f"{each.outcome}{', thanked' if each.thanked else ''}",
        f"{each.days_to_answer} d" if each.days_to_answer is not None else "",
        f"{each.last:%d %b %Y}",
    )


def _summary(found: Sequence[Application]) -> str:
    counts = Counter(each.outcome for each in found)
    waits = [each.days_to_answer for each in found if each.days_to_answer is not None]
    said = ", ".join(f"{number} {outcome}" for outcome, number in counts.most_common())
    answered = f"; answered after {median(waits):g} days (median of {len(waits)})" if waits else ""
    return f"{len(found)} applications: {said}{answered}."
