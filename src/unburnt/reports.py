"""What is told while work goes on: log lines, JSON lines, or a progress bar and a table."""

import json
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from unburnt import events
from unburnt.core.model import Action, Address, Label, Person, Plan, Process, Purpose, SaveDraft, Verdict
from unburnt.core.reason import Reason
from unburnt.world.ledger import Entry
from unburnt.world.ports import ActionState

_SHORT = {Label.REJECTION: "no", Label.UNSURE: "unsure", Label.OTHER: "other"}
_WIDTH = 120  # columns where there is no terminal to ask


def console() -> Console:
    """Standard output, as wide as the terminal."""
    return Console(width=None if sys.stdout.isatty() else _WIDTH)


@contextmanager
def fitting() -> Iterator[Callable[[str, int, int], None]]:
    """A progress bar for the fitting of the model, on standard error; nothing where it is there already."""
    columns = (TextColumn("the classifier: {task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("", visible=False)
        yield lambda what, done, of: progress.update(task, description=what, completed=done, total=of, visible=True)


def evidence(verdict: Verdict) -> Table:
    """The terms that weighed most, with their weights."""
    table = Table("weight", "term", box=None)
    for term, weight in verdict.evidence:
        table.add_row(f"{weight:+.2f}", escape(term))
    return table


def progress_bar() -> Progress:
    """On standard error, where somebody looks; gone when it ends."""
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    return Progress(*columns, console=Console(stderr=True), transient=True, disable=not sys.stderr.isatty())


class Silent:
    """Nobody listens."""

    def planned(self, plan: Plan) -> None: ...

    def acted(self, entry: Entry, state: ActionState, error: str | None) -> None: ...


class Log:
    """Lines of the daemon's log, for one account."""

    def __init__(self, account: str) -> None:
        self._account = account

    def planned(self, plan: Plan) -> None:
        events.decided(self._account, plan)

    def acted(self, entry: Entry, state: ActionState, error: str | None) -> None:
        events.acted(self._account, entry.kind, state, entry.company, error)


class JsonLines:
    """One object a line, flushed as it goes."""

    def __init__(self, *, with_text: bool) -> None:
        self._with_text = with_text

    def begins(self, total: int | None) -> None: ...

    def planned(self, plan: Plan) -> None:
        sys.stdout.write(json.dumps(as_json(plan, with_text=self._with_text), ensure_ascii=False) + "\n")
        sys.stdout.flush()

    def acted(self, entry: Entry, state: ActionState, error: str | None) -> None: ...

    def asked(self, account: str) -> None:
        sys.stderr.write(f"unburnt: {account} is being watched; its daemon will do it\n")

    def ends(self) -> None: ...


class OnScreen:
    """A progress bar while it runs, then a table of what matters and totals of the rest."""

    def __init__(self) -> None:
        self._console = console()
        self._rows: list[Plan] = []
        self._totals: Counter[Reason] = Counter()
        self._acts: Counter[ActionState] = Counter()
        self._progress = progress_bar()
        self._progress.start()
        self._task = self._progress.add_task("starting", total=None)

    def begins(self, total: int | None) -> None:
        self._progress.reset(self._task, total=total, description="reading")

    def planned(self, plan: Plan) -> None:
        self._progress.advance(self._task)
        self._totals[plan.reason] += 1
        if plan.error or (plan.verdict and plan.verdict.label is not Label.OTHER):
            self._rows.append(plan)

    def acted(self, entry: Entry, state: ActionState, error: str | None) -> None:
        del entry, error
        self._acts[state] += 1

    def asked(self, account: str) -> None:
        self._console.print(f"{escape(account)} is being watched; its daemon will do it.")

    def ends(self) -> None:
        self._progress.stop()
        if self._rows:
            self._console.print(plans_table(self._rows))
        totals = Table(box=None, show_header=False, padding=(0, 1))
        for reason, count in self._totals.most_common():
            totals.add_row(str(count), reason, f"[dim]{reason.meaning}[/dim]")
        self._console.print(totals)
        for state, count in self._acts.items():
            self._console.print(f"actions {state}: {count}")


def plans_table(plans: list[Plan]) -> Table:
    """What arrived, the verdict, whom it is about, whom to thank, and what was saved or why nothing was."""
    table = Table(expand=True, padding=(0, 1), box=box.SIMPLE_HEAD)
    table.add_column("date", no_wrap=True, width=6)
    table.add_column("message", no_wrap=True, overflow="ellipsis", ratio=5)
    table.add_column("verdict", no_wrap=True, width=11)
    table.add_column("company, role", overflow="fold", ratio=6)
    table.add_column("letter to", no_wrap=True, overflow="ellipsis", ratio=4)
    table.add_column("saved, or why not", overflow="fold", ratio=4)
    for plan in plans:
        table.add_row(*(escape(cell) for cell in cells(plan)), style=None if plan.actions else "dim")
    return table


def cells(plan: Plan) -> tuple[str, ...]:
    """A plan's row, as text for people; dates in their own zone."""
    envelope, verdict, rejection = plan.envelope, plan.verdict, plan.rejection
    author = (envelope.author.name or envelope.author.address) if envelope.author else "?"
    about = [part for part in (rejection.company, rejection.role) if part] if rejection else []
    to = (rejection.recipient.address or "nobody") if rejection else ""
    return (
        envelope.date.astimezone().strftime("%d %b") if envelope.date else "",
        f"{author}: {envelope.subject}",
        f"{_SHORT[verdict.label]} {verdict.probability:.2f}" if verdict else "",
        ", ".join(about) or ("unknown" if rejection else ""),
        to,
        ", ".join(each for each in _WORDS if each in map(_word, plan.actions)) or plan.error or str(plan.reason),
    )


_WORDS = ("letter", "note", "check-in later")


def _word(action: Action) -> str:
    if purpose_of(action) == "thanks":
        return _WORDS[0]
    return _WORDS[1] if purpose_of(action) is Purpose.CONNECT else _WORDS[2]


def purpose_of(action: Action) -> str:
    """What a letter or a reminder is for."""
    if isinstance(action, SaveDraft):
        return "thanks" if action.reminder is None else Purpose.CHECK_IN
    return action.purpose


def described(action: Action) -> str:
    """A letter or a reminder in a few words."""
    purpose = purpose_of(action).replace("_", " ")
    if isinstance(action, SaveDraft):
        return f"letter ({purpose}), due {action.at.astimezone():%d %b %Y}"
    return f"reminder in {action.sink} ({purpose}), due {action.due.astimezone():%d %b %Y}"


def as_json(plan: Plan, *, with_text: bool) -> dict[str, Any]:
    """The object of `scan --json`; its keys are a promise."""
    envelope, verdict, rejection = plan.envelope, plan.verdict, plan.rejection
    return {
        "source": plan.origin.source,
        "message_id": envelope.message_id,
        "date": _rfc3339(envelope.date),
        "author": _address(envelope.author),
        "subject": envelope.subject,
        "label": verdict.label if verdict else None,
        "probability": round(verdict.probability, 4) if verdict else None,
        "reason": plan.reason,
        "language": plan.language,
        "company": rejection.company if rejection else None,
        "role": rejection.role if rejection else None,
        "requisition": rejection.requisition if rejection else None,
        "agency": rejection.agency if rejection else None,
        "contact": _person(rejection.contact) if rejection else None,
        "recipient": {"address": rejection.recipient.address, "why": rejection.recipient.why} if rejection else None,
        "stage": rejection.stage if rejection else None,
        "process": _process(rejection.process) if rejection else None,
        "evidence": [[term, round(weight, 3)] for term, weight in verdict.evidence] if verdict else [],
        "actions": [_action(action, with_text=with_text) for action in plan.actions],
        "error": plan.error,
    }


def _action(action: Action, *, with_text: bool) -> dict[str, Any]:
    kind = "draft" if isinstance(action, SaveDraft) else "reminder"
    due = action.at if isinstance(action, SaveDraft) else action.due
    said = {"kind": kind, "purpose": purpose_of(action), "sink": action.sink, "key": action.key, "due": _rfc3339(due)}
    return said | ({"text": action.text} if with_text else {})


def _address(address: Address | None) -> dict[str, str | None] | None:
    return None if address is None else {"name": address.name or None, "address": address.address or None}


def _person(person: Person | None) -> dict[str, str | None] | None:
    return None if person is None else {name: value or None for name, value in asdict(person).items()}


def _process(process: Process) -> dict[str, Any]:
    return {"applied": [day.isoformat() for day in process.applied], "rounds": process.rounds, "met": list(process.met)}


def _rfc3339(moment: datetime | None) -> str | None:
    return None if moment is None else moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
