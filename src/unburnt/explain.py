"""`unburnt explain`: one message, step by step: as parsed, judged, understood and planned."""

import json as jsonlib
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import astuple

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from unburnt import reports, wiring
from unburnt.config import Config
from unburnt.core import parse
from unburnt.core.model import Mail, Origin, Plan, RawMessage
from unburnt.world.database import JOURNAL, Database
from unburnt.world.mailfiles import LARGEST, message_in
from unburnt.world.ports import Decider
from unburnt.world.worker import Worker

_SHOWN = 1200


def explain(file: str, config: Config | None, *, json: bool) -> None:
    """Tell all about one message, to standard output."""
    raw = RawMessage(Origin(file), sys.stdin.buffer.read(LARGEST)) if file == "-" else message_in(file)
    with wiring.decider(wiring.recipe(config)) as worker, _with_history(worker, config) as decider:
        plan = decider.plan(raw, wiring.utc_now())
    # the worker has shown that this message neither hangs nor crashes the parser
    mail = None if plan.error else parse.parse(raw)
    if json:
        said = reports.as_json(plan, with_text=True) | {"mail": _mail_json(mail), "meaning": plan.reason.meaning}
        sys.stdout.write(jsonlib.dumps(said, ensure_ascii=False, indent=2) + "\n")
        return
    _show(reports.console(), plan, mail)


@contextmanager
def _with_history(worker: Worker, config: Config | None) -> Iterator[Decider]:
    """The decider that the daemon would ask, if it has run here: it knows earlier mail."""
    path = config.state_directory / JOURNAL if config else None
    if path is None or not path.is_file():
        yield worker
        return
    database = Database(path)
    try:
        yield wiring.informed(worker, database)
    finally:
        database.close()


def _mail_json(mail: Mail | None) -> dict[str, object] | None:
    if mail is None:
        return None
    return {
        "identity": mail.identity,
        "to": [address.address for address in mail.to],
        "reply_to": [address.address for address in mail.reply_to],
        "in_reply_to": list(mail.envelope.in_reply_to),
        "list_id": mail.list_id or None,
        "auto_submitted": mail.auto_submitted or None,
        "html": mail.is_html,
        "attachments": list(mail.attachments),
        "text": mail.text,
        "quoted": mail.quoted,
    }


def _show(console: Console, plan: Plan, mail: Mail | None) -> None:
    console.rule("message")
    console.print(_facts(_message(plan, mail)))
    if mail is not None:
        console.print(
            escape(mail.text[:_SHOWN] + ("…" if len(mail.text) > _SHOWN else "")), style="dim", highlight=False
        )
    if plan.verdict is not None:
        console.rule("verdict")
        console.print(f"{plan.verdict.label}, probability {plan.verdict.probability:.3f}", highlight=False)
        console.print(reports.evidence(plan.verdict))
    if plan.rejection is not None:
        console.rule("rejection")
        console.print(_facts(_rejection(plan)))
    console.rule("plan")
    console.print(f"{plan.reason}: {escape(plan.error or plan.reason.meaning)}", highlight=False)
    for action in plan.actions:
        console.print(f"\n[bold]{reports.described(action)}[/bold], key {action.key}", highlight=False)
        console.print(escape(action.text), highlight=False)


def _message(plan: Plan, mail: Mail | None) -> list[tuple[str, str]]:
    envelope = plan.envelope
    author = envelope.author
    facts = [
        ("from", f"{author.name} <{author.address}>".strip() if author else ""),
        ("subject", envelope.subject),
        ("date", envelope.date.astimezone().strftime("%d %b %Y %H:%M %Z") if envelope.date else ""),
        ("message-id", envelope.message_id or ""),
        ("language", plan.language or ""),
    ]
    if mail is not None:
        facts += [
            ("reply-to", ", ".join(address.address for address in mail.reply_to)),
            ("list", mail.list_id),
            ("auto-submitted", mail.auto_submitted),
            ("identity", mail.identity),
        ]
    return facts


def _rejection(plan: Plan) -> list[tuple[str, str]]:
    rejection = plan.rejection
    if rejection is None:
        return []
    contact, process = rejection.contact, rejection.process
    return [
        ("company", rejection.company or "unknown"),
        ("role", rejection.role or "unknown"),
        ("requisition", rejection.requisition or ""),
        ("agency", rejection.agency or ""),
        ("contact", ", ".join(filter(None, astuple(contact))) if contact else "unknown"),
        ("letter to", rejection.recipient.address or "nobody"),
        ("because", rejection.recipient.why),
        ("stage", f"{rejection.stage}, {process.rounds} talks" if process.rounds else rejection.stage),
        ("applied", ", ".join(f"{day:%d %b %Y}" for day in process.applied)),
    ]


def _facts(rows: list[tuple[str, str]]) -> Table:
    table = Table(box=None, show_header=False)
    for name, value in rows:
        if value:
            table.add_row(f"[bold]{name}[/bold]", escape(value))
    return table
