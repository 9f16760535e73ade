"""`unburnt review`: the messages that the classifier is least sure about, one key each."""

import os
import sys
import termios
import tty
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import sqlalchemy as sa
from rich.console import Console
from rich.markup import escape
from sqlalchemy.dialects.sqlite import insert

from unburnt import reports, wiring
from unburnt.config import Config
from unburnt.core import parse
from unburnt.core.model import Label, Plan, RawMessage
from unburnt.core.reason import Reason
from unburnt.label import Voter, ask_for_a_pass
from unburnt.sections import AccountSection
from unburnt.world import schema as db
from unburnt.world.database import Database
from unburnt.world.imap import Connection
from unburnt.world.lookup import by_message_id, by_uid
from unburnt.world.worker import Worker

_EVEN = 0.5  # where a probability tells least
_DOUBTFUL = (0.2, 0.9)  # sure enough outside, unless it was called unsure
_LINES, _COLUMNS = 25, 100
_LABELS = {"r": Label.REJECTION, "o": Label.OTHER}
_KEYS = "[r]ejection  [o]ther  [s]kip  [m]ore  [b]ack  [q]uit"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A message that a vote on would teach much."""

    identity: str
    account: str
    source: str
    message_id: str | None


def review(config: Config, limit: int) -> None:
    """Show one after another until the user has had enough; each answer is kept at once."""
    database = wiring.database(config)
    try:
        candidates = _candidates(database, limit)
        console = reports.console()
        if not candidates:
            console.print("Nothing to review: no message is in doubt that you haven't decided about.")
            return
        with wiring.decider(wiring.recipe(config)) as decider:
            counted = _Session(config, database, decider, console).run(candidates)
        if counted:
            ask_for_a_pass(config, database)
        console.print(f"{counted} decided. The daemon learns from them; without one, `unburnt train` does.")
    finally:
        database.close()


def _candidates(database: Database, limit: int) -> list[Candidate]:
    """The unsure first, those in the middle between yes and no before the others; nothing decided or skipped before."""
    m = db.messages.c
    settled = sa.union_all(sa.select(db.votes.c.identity), sa.select(db.skipped.c.identity))
    in_doubt = (m.reason == Reason.UNSURE) | m.probability.between(*_DOUBTFUL)
    query = (
        sa.select(m.identity, m.account, m.source, m.message_id)
        .where(in_doubt, m.identity.not_in(settled), m.label.is_not(None))
        .order_by(m.reason != Reason.UNSURE, sa.func.abs(m.probability - _EVEN), m.id.desc())
        .limit(limit)
    )
    rows = database.run(lambda connection: connection.execute(query).all())
    return [Candidate(row.identity, row.account, row.source, row.message_id) for row in rows]


class _Session:
    """One sitting."""

    def __init__(self, config: Config, database: Database, decider: Worker, console: Console) -> None:
        self._config, self._database, self._decider, self._console = config, database, decider, console
        self._voter = Voter(config, database, decider)
        self._connections: dict[str, Connection] = {}

    def run(self, candidates: list[Candidate]) -> int:
        """How many were decided."""
        decided: set[str] = set()
        at = 0
        try:
            with _keys() as keys:
                while at < len(candidates):
                    step = self._one(candidates[at], f"{at + 1} of {len(candidates)}", keys, decided)
                    if step is None:
                        break
                    at = max(0, at + step)
        finally:
            for connection in self._connections.values():
                connection.close()
        return len(decided)

    def _one(self, candidate: Candidate, place: str, keys: Iterator[str], decided: set[str]) -> int | None:
        """Show one and do what the key says; how many steps to go on, None to leave."""
        found = self._found(candidate)
        if found is None:
            self._console.print(f"[dim]{place}: {escape(candidate.source)} is no longer there[/dim]", highlight=False)
            return 1
        raw, plan = found
        self._show(raw, plan, place, _LINES)
        for key in keys:
            match key.lower():
                case "r" | "o" as answer:
                    if (why := self._voter.vote(_LABELS[answer], raw, candidate.account)) is None:
                        decided.add(candidate.identity)
                    else:
                        self._console.print(escape(why), highlight=False)
                    return 1
                case "s":
                    self._skip(candidate)
                    return 1
                case "m":
                    self._show(raw, plan, place, None)
                case "b":
                    return -1
                case "q":
                    return None
        return None

    def _found(self, candidate: Candidate) -> tuple[RawMessage, Plan] | None:
        """The message, as judged by the model in force now."""
        account = self._config.account(candidate.account)
        if account is None:
            return None
        connection = self._connection(account)
        looks: list[Callable[[], RawMessage | None]] = [lambda: by_uid(connection, candidate.source)]
        if (message_id := candidate.message_id) is not None:
            looks.append(lambda: by_message_id(connection, account.mailboxes, message_id))
        for look in looks:
            if (raw := look()) is not None:
                plan = self._decider.plan(raw, wiring.utc_now())
                if plan.identity == candidate.identity:
                    return raw, plan
        return None

    def _connection(self, account: AccountSection) -> Connection:
        if account.name not in self._connections:
            self._connections[account.name] = wiring.connect(account)
        return self._connections[account.name]

    def _skip(self, candidate: Candidate) -> None:
        row = {"identity": candidate.identity, "at": wiring.utc_now().timestamp()}
        kept = insert(db.skipped).values(row).on_conflict_do_nothing()
        self._database.run(lambda connection: connection.execute(kept))

    def _show(self, raw: RawMessage, plan: Plan, place: str, lines: int | None) -> None:
        mail, console = parse.parse(raw), self._console  # the worker has shown that it can be read
        author, date = plan.envelope.author, plan.envelope.date
        console.rule(place)
        console.print(f"[bold]{escape(plan.envelope.subject)}[/bold]", highlight=False)
        console.print(
            f"{escape(f'{author.name} <{author.address}>'.strip()) if author else ''}"
            f"{date.astimezone().strftime('   %d %b %Y') if date else ''}\n",
            highlight=False,
        )
        text = mail.text.splitlines()
        console.print(escape("\n".join(text[:lines])), highlight=False)
        if lines is not None and len(text) > lines:
            console.print(f"[dim]… {len(text) - lines} more lines[/dim]")
        if plan.verdict is not None:
            console.print(f"\n{plan.verdict.label}, probability {plan.verdict.probability:.2f}", highlight=False)
            console.print(reports.evidence(plan.verdict))
        console.print(f"[dim]{escape(_KEYS)}[/dim]")


@contextmanager
def _keys() -> Iterator[Iterator[str]]:
    """Keys as they are pressed on a terminal; characters of standard input elsewhere. It ends with the input."""
    if not sys.stdin.isatty():
        yield (character for line in sys.stdin for character in line.strip())
        return
    descriptor = sys.stdin.fileno()
    before = termios.tcgetattr(descriptor)
    tty.setcbreak(descriptor, termios.TCSADRAIN)  # Ctrl-C still ends it, and what was typed ahead counts
    try:
        yield iter(lambda: os.read(descriptor, 1).decode("ascii", "replace"), "")
    finally:
        termios.tcsetattr(descriptor, termios.TCSADRAIN, before)
