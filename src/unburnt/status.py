"""`unburnt status` and `unburnt release`: what the journal knows, without touching any server."""

import json as jsonlib
import sys
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from unburnt import reports, wiring
from unburnt.config import Config
from unburnt.core.reason import Reason
from unburnt.errors import TryAgain, UsageProblem
from unburnt.sections import AccountSection
from unburnt.world import schema as db
from unburnt.world import versions
from unburnt.world.database import JOURNAL, Database
from unburnt.world.health import Health
from unburnt.world.ledger import Entry, Ledger
from unburnt.world.lock import AccountLock


def status(config: Config, *, json: bool) -> None:
    """Every account, to standard output."""
    if not (config.state_directory / JOURNAL).exists():
        said = [_account(account, None, config) for account in config.accounts]
    else:
        database = wiring.database(config)
        try:
            said = [_account(account, database, config) for account in config.accounts]
        finally:
            database.close()
    model = versions.told(config.state_directory)
    if json:
        sys.stdout.write(jsonlib.dumps({"accounts": said, "model": model}, ensure_ascii=False, indent=2) + "\n")
        return
    console = reports.console()
    _show_model(console, model)
    for account in said:
        _show(console, account)


def release(config: Config, names: tuple[str, ...]) -> None:
    """Held and failed actions go with the next pass; the daemon, if there is one, is asked to make it now."""
    for name in names:
        if config.account(name) is None:
            raise UsageProblem(
                f"there is no account {name!r}; there are {', '.join(each.name for each in config.accounts)}"
            )
    database = wiring.database(config)
    try:
        for account in config.accounts:
            if names and account.name not in names:
                continue
            count = Ledger(database, account.name).release()
            Health(database, account.name).ask("release", wiring.utc_now())
            then = "the daemon does them now" if _watched(config, account) else "the next `unburnt watch` does them"
            sys.stdout.write(f"{account.name}: {count} released; {then}\n")
    finally:
        database.close()


def _watched(config: Config, account: AccountSection) -> bool:
    try:
        AccountLock(config.state_directory, account.name).acquire().release()
    except TryAgain:
        return True
    return False


def _account(account: AccountSection, database: Database | None, config: Config) -> dict[str, Any]:
    known: dict[str, Any] = {"last_contact": None, "health": "never connected", "error": None}
    reasons: dict[str, int] = {}
    actions: list[dict[str, Any]] = []
    left: list[dict[str, Any]] = []
    quarantined: list[dict[str, Any]] = []
    if database is not None:
        known |= database.run(lambda connection: _health(connection, account.name))
        reasons = database.run(lambda connection: _reasons(connection, account.name))
        quarantined = database.run(lambda connection: _quarantined(connection, account.name))
        actions = [_action(entry) for entry in Ledger(database, account.name).unfinished()]
        left = [_action(entry) for entry in Ledger(database, account.name).left()]
    return {
        "name": account.name,
        "watched": _watched(config, account),
        **known,
        "reasons": reasons,
        "actions": actions,
        "left": left,
        "set_aside": quarantined,
    }


def _health(connection: sa.Connection, account: str) -> dict[str, Any]:
    row = connection.execute(sa.select(db.accounts).where(db.accounts.c.account == account)).one_or_none()
    if row is None:
        return {}
    contact = datetime.fromtimestamp(row.last_contact, UTC).isoformat() if row.last_contact else None
    return {"last_contact": contact, "health": row.health or "never connected", "error": row.error}


def _reasons(connection: sa.Connection, account: str) -> dict[str, int]:
    reason = db.messages.c.reason
    query = sa.select(reason, sa.func.count().label("number")).where(db.messages.c.account == account).group_by(reason)
    rows = connection.execute(query.order_by(sa.func.count().desc()))
    return {row.reason: row.number for row in rows}


def _quarantined(connection: sa.Connection, account: str) -> list[dict[str, Any]]:
    messages = db.messages.c
    where = messages.reason.in_((Reason.UNPARSABLE, Reason.UNFETCHABLE))
    query = sa.select(messages.source, messages.reason, messages.error).where(messages.account == account, where)
    return [{"source": row.source, "reason": row.reason, "error": row.error} for row in connection.execute(query)]


def _action(entry: Entry) -> dict[str, Any]:
    return {
        "key": entry.key,
        "kind": entry.kind,
        "state": entry.state,
        "due": entry.due.isoformat(),
        "company": entry.company,
        "attempts": entry.attempts,
        "error": entry.error,
    }


def _show_model(console: Console, said: dict[str, Any]) -> None:
    """Which model speaks, what it learned from you, and what became of the last training."""
    votes = said["votes"]
    name = f"your version {said['version']}" if said["version"] else "as shipped"
    console.print(
        f"[bold]classifier[/bold]: {name}; your votes: {votes['rejection']} rejections, {votes['other']} others"
    )
    if said["waiting"]:
        console.print("  there are votes to learn from: the daemon does, or `unburnt train`")
    if said["rolled_back"]:
        console.print("  rolled back; see `unburnt model`")
    if said["refused"]:
        console.print(
            f"  the last training was refused: {escape(said['refused']['why_not'])}", style="red", highlight=False
        )


def _show(console: Console, said: dict[str, Any]) -> None:
    contact = (
        datetime.fromisoformat(said["last_contact"]).astimezone().strftime("%d %b %Y %H:%M %Z")
        if said["last_contact"]
        else "never"
    )
    watched = "watched" if said["watched"] else "not watched now"
    console.print(
        f"[bold]{escape(said['name'])}[/bold]: {said['health']}, {watched}, last contact {contact}", highlight=False
    )
    if said["error"]:
        console.print(f"  {escape(said['error'])}", style="red", highlight=False)
    totals = Table(box=None, show_header=False)
    for reason, count in said["reasons"].items():
        totals.add_row("", str(count), reason, f"[dim]{Reason(reason).meaning}[/dim]")
    console.print(totals)
    waiting = Table("state", "what", "company", "due", "why", box=None)
    for action in said["actions"]:
        due = datetime.fromisoformat(action["due"]).astimezone().strftime("%d %b %Y")
        waiting.add_row(
            action["state"],
            action["kind"].replace("_", "-"),
            escape(action["company"] or ""),
            due,
            escape(action["error"] or ""),
        )
    if said["actions"]:
        console.print(waiting)
    for action in said["left"]:
        console.print(
            f"  left in Drafts: {action['kind'].replace('_', '-')}, {escape(action['company'] or 'company unknown')}: "
            f"{escape(action['error'] or '')}",
            highlight=False,
        )
    for message in said["set_aside"]:
        console.print(f"  set aside: {escape(message['source'])}: {escape(message['error'] or '')}", highlight=False)
