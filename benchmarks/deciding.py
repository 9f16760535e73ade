"""How fast messages are decided, next to mail-parser alone on the same octets, alternating, medians of several rounds.

usage: .venv/bin/python benchmarks/deciding.py [ROUNDS]
"""

import statistics
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import mailparser
from rich.console import Console
from rich.table import Table

from unburnt.core.model import Origin, Profile, RawMessage
from unburnt.core.parse import parse
from unburnt.core.policy import Policy
from unburnt.recipe import PlannerRecipe

MAIL = Path(__file__).parents[1] / "src" / "unburnt" / "demo_mail" / "INBOX"


def seconds(work: Callable[[RawMessage], object], raws: list[RawMessage]) -> float:
    started = time.perf_counter()
    for raw in raws:
        work(raw)
    return time.perf_counter() - started


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    raws = [RawMessage(Origin(path.name), path.read_bytes()) for path in sorted(MAIL.glob("*.eml"))]
    planner = PlannerRecipe(Profile("Sam Doe"), Policy())()
    now = datetime.now(UTC)
    subjects: dict[str, Callable[[RawMessage], object]] = {
        "mail-parser alone": lambda raw: mailparser.parse_from_bytes(raw.octets),
        "our parse": parse,
        "the whole decision": lambda raw: planner.plan(raw, now),
    }
    for work in subjects.values():
        seconds(work, raws)
    taken: dict[str, list[float]] = {name: [] for name in subjects}
    for _ in range(rounds):
        for name, work in subjects.items():
            taken[name].append(seconds(work, raws))
    base = statistics.median(taken["mail-parser alone"])
    table = Table("", "messages/s", "of mail-parser's rate", title=f"{len(raws)} messages, medians of {rounds} rounds")
    for name, times in taken.items():
        median = statistics.median(times)
        table.add_row(name, f"{len(raws) / median:,.0f}", f"{base / median:.2f}")
    Console().print(table)


if __name__ == "__main__":
    main()
