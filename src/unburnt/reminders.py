"""`unburnt reminders`, `done`, `snooze`, `drop` and `add`: the follow-through, from the terminal."""

import json as jsonlib
import sys
from collections.abc import Callable
from contextlib import closing
from datetime import datetime
from typing import Any

from rich.markup import escape
from rich.table import Table

from unburnt import reports, wiring
from unburnt.config import Config
from unburnt.core.message import is_address
from unburnt.core.model import Plan
from unburnt.core.reported import Reported
from unburnt.errors import UsageProblem
from unburnt.sections import AccountSection
from unburnt.world.health import Health
from unburnt.world.index import Index
from unburnt.world.ports import ReminderState
from unburnt.world.reminders import PUT_OFF, Reminder, Reminders

_SHORTEST = 4  # characters of a key that call it, if no other begins so
_DONE_SHOWN = 10


def show(config: Config, *, everything: bool, json: bool) -> None:
    """What is due, what is coming, and what was done last."""
    with closing(wiring.database(config)) as database:
        found = Reminders(database).all()
    if json:
        sys.stdout.write(jsonlib.dumps([_as_json(each) for each in found], ensure_ascii=False, indent=2) + "\n")
        return
    now, names = wiring.utc_now(), _names(found)
    is_open = [each for each in found if each.state is ReminderState.OPEN]
    closed = [each for each in found if each.state is not ReminderState.OPEN]
    _table("due", [each for each in is_open if each.due <= now], names)
    _table("coming", [each for each in is_open if each.due > now], names)
    _table("done or dropped", closed if everything else closed[-_DONE_SHOWN:], names)
    if not found:
        reports.console().print("There are no reminders yet: they come with rejections.")


def done(prefixes: tuple[str, ...], config: Config) -> None:
    """Tick reminders off everywhere; an untouched note goes to Trash."""
    _each(prefixes, config, "done", lambda reminders, found: reminders.done(found.key))


def drop(prefixes: tuple[str, ...], config: Config) -> None:
    """Give reminders up: what was put for them is taken back if it is untouched, the letter to check in too."""
    _each(prefixes, config, "dropped", lambda reminders, found: reminders.drop(found.key, "you have dropped it"))


def snooze(prefix: str, until: Callable[[datetime], datetime], config: Config) -> None:
    """Put a reminder off; a note that lies in Drafts untouched goes to Trash, and comes again on that day."""
    now = wiring.utc_now()
    due = until(now).astimezone()
    if due <= now:
        raise UsageProblem("a reminder can't be put off into the past")
    said = f"put off until {due.astimezone():%d %b %Y}"
    _each((prefix,), config, said, lambda reminders, found: reminders.move(found.key, due, PUT_OFF, now))


def add(no: Reported, account: str | None, config: Config, *, json: bool) -> None:
    """Enter a rejection that no mail told, with the same letters and reminders."""
    section = _account(account, config)
    if not no.company:
        raise UsageProblem("COMPANY: should not be empty")
    if no.address and not is_address(no.address):
        raise UsageProblem("--address: should be an address, such as sam@example.org")
    with closing(wiring.database(config)) as database:
        plan = wiring.answerer(config, section).plan_reported(no, wiring.utc_now(), Index(database).steps())
        stored = wiring.journal(database, section, wiring.utc_now).record(plan, wiring.utc_now())
        Health(database, section.name).ask("reminders", wiring.utc_now())
    if json:
        sys.stdout.write(jsonlib.dumps(reports.as_json(stored, with_text=True), ensure_ascii=False, indent=2) + "\n")
    else:
        _tell(stored, section.name)


def _tell(plan: Plan, account: str) -> None:
    console = reports.console()
    console.print(f"{plan.reason}: {escape(plan.reason.meaning)}", highlight=False)
    for action in plan.actions:
        console.print(f"  {reports.described(action)}", highlight=False)
    if plan.actions:
        console.print(f"The daemon, or the next `unburnt watch --once`, saves what is due in the Drafts of {account}.")


def _account(name: str | None, config: Config) -> AccountSection:
    if name is None and len(config.accounts) == 1:
        return config.accounts[0]
    section = config.account(name or "")
    if section is None:
        known = ", ".join(account.name for account in config.accounts)
        raise UsageProblem(f"name one of your accounts with --account: {known}")
    return section


def _each(prefixes: tuple[str, ...], config: Config, said: str, act: Callable[[Reminders, Reminder], None]) -> None:
    """Do it to every reminder named, or to none: all names are looked up first."""
    with closing(wiring.database(config)) as database:
        reminders = Reminders(database)
        for found in [_called(prefix, reminders) for prefix in prefixes]:
            act(reminders, found)
            Health(database, found.account).ask("reminders", wiring.utc_now())
            reports.console().print(f"{escape(found.summary)}: {said}", highlight=False)


def _called(prefix: str, reminders: Reminders) -> Reminder:
    wanted = prefix.lower()
    found = reminders.called(wanted) if len(wanted) >= _SHORTEST else []
    if len(found) != 1:
        why = "more than one begins so" if found else "there is none"
        raise UsageProblem(f"{prefix}: {why}; `unburnt reminders` shows what each is called")
    if found[0].state is not ReminderState.OPEN:
        raise UsageProblem(f"{prefix}: it is {found[0].state} already")
    return found[0]


def _names(found: list[Reminder]) -> dict[str, str]:
    """The shortest beginning of each key that is no other's."""
    keys = [each.key for each in found]
    longest = max(map(len, keys), default=_SHORTEST)
    lengths = range(_SHORTEST, longest + 1)
    return {
        key: next(key[:n] for n in lengths if n == longest or sum(k.startswith(key[:n]) for k in keys) == 1)
        for key in keys
    }


def _table(title: str, found: list[Reminder], names: dict[str, str]) -> None:
    if not found:
        return
    table = Table("", "on", "what", "company", "person", "", box=None, title=title, title_justify="left")
    for each in found:
        state = "" if each.state is ReminderState.OPEN else f"{each.state}: "
        table.add_row(
            names[each.key],
            each.due.astimezone().strftime("%d %b %Y"),
            each.purpose.replace("_", " "),
            escape(each.company or "unknown"),
            escape(each.contact or ""),
            f"[dim]{escape(state + (each.why or ''))}[/dim]",
        )
    reports.console().print(table)


def _as_json(reminder: Reminder) -> dict[str, Any]:
    """The keys are a promise."""
    return {
        "key": reminder.key,
        "account": reminder.account,
        "purpose": reminder.purpose,
        "due": reminder.due.isoformat().replace("+00:00", "Z"),
        "state": reminder.state,
        "summary": reminder.summary,
        "why": reminder.why,
        "company": reminder.company,
        "role": reminder.role,
        "contact": reminder.contact,
    }
