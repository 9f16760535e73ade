"""`unburnt model`: the versions of the user's model, and the way back to an earlier one."""

import json as jsonlib
import sys
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

from rich import box
from rich.markup import escape
from rich.table import Table

from unburnt import reports
from unburnt.config import Config
from unburnt.core.model import Label
from unburnt.train import called
from unburnt.world.history import SHIPPED, Version
from unburnt.world.versions import Versions

_FIGURES = ("average_precision", "precision", "recall")


def model(config: Config, *, json: bool, data: Path | None = None, cache: Path | None = None) -> None:
    """Every version: when, on what, its figures, and what became of it."""
    versions = Versions(config.state_directory, data, cache)
    told, history = versions.told(), versions.history()
    if json:
        listed = {"versions": [asdict(version) for version in history.versions]}
        sys.stdout.write(jsonlib.dumps(told | listed, ensure_ascii=False, indent=2) + "\n")
        return
    table = Table("", "version", "made", "rejections", "others", *map(_titled, _FIGURES), "", box=box.SIMPLE_HEAD)
    table.add_row(_mark(SHIPPED, told["version"]), "0", "shipped", "", "", *_figures(history.shipped), "")
    for version in history.versions:
        table.add_row(*_row(version, told["version"]))
    console = reports.console()
    console.print(table)
    for line in _lines(told):
        console.print(line, highlight=False, soft_wrap=True)


def rollback(config: Config, number: int | None, *, data: Path | None = None, cache: Path | None = None) -> None:
    """Put an earlier version in force. A daemon takes it up within seconds."""
    now = Versions(config.state_directory, data, cache).roll_back(number)
    sys.stdout.write(
        f"{called(now)} is in force now; your votes stay, and once they change a training takes all of them again\n"
    )


def _row(version: Version, speaking: int) -> tuple[str, ...]:
    return (
        _mark(version.number, speaking),
        str(version.number),
        datetime.fromisoformat(version.made_at).astimezone().strftime("%d %b %Y %H:%M"),
        str(version.votes[Label.REJECTION]),
        str(version.votes[Label.OTHER]),
        *_figures(version.figures),
        escape(_became(version)),
    )


def _became(version: Version) -> str:
    if version.why_not:
        return f"refused: {version.why_not}"
    return "rolled back" if version.rolled_back else ""


def _figures(known: object) -> tuple[str, ...]:
    return tuple(f"{known[name]:.4f}" if isinstance(known, dict) and name in known else "" for name in _FIGURES)


def _titled(name: str) -> str:
    return name.replace("_", " ")


def _mark(number: int, speaking: int) -> str:
    return "→" if number == speaking else ""


def _lines(told: dict[str, object]) -> list[str]:
    lines = []
    if told["chosen"] != told["version"]:
        lines.append(
            f"version {told['chosen']} waits for training: it was made by another version of the program, or its file "
            "is damaged; until then an earlier one serves"
        )
    if told["waiting"]:
        lines.append("there are votes that were not learned from yet: unburnt train")
    return lines
