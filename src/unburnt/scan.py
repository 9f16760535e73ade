"""`unburnt scan`: one look through files or an account, with drain() and a journal in memory unless it shall act."""

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path

from unburnt import wiring
from unburnt.config import Config, default_state_directory
from unburnt.core.model import RawMessage, Unfetched
from unburnt.drain import Clock, apply, drain, look_back
from unburnt.errors import TryAgain, UsageProblem
from unburnt.reports import JsonLines, OnScreen, Silent
from unburnt.sections import AccountSection
from unburnt.world.backlog import Budget
from unburnt.world.database import JOURNAL, Database
from unburnt.world.health import Health
from unburnt.world.index import Index
from unburnt.world.journal import Journal
from unburnt.world.lock import AccountLock
from unburnt.world.mailfiles import LARGEST, FileSource, MaildirDrafts, StreamSource, is_maildir
from unburnt.world.ports import Decider, MailSource

_HEADER = 65536


@dataclass(frozen=True, slots=True)
class Wish:
    """What the user asked for."""

    sources: tuple[str, ...]
    apply: bool = False
    into: Path | None = None
    since: datetime | None = None
    limit: int | None = None
    now: datetime | None = None


ScanReport = JsonLines | OnScreen


def report(*, json: bool, with_text: bool) -> ScanReport:
    """For machines or for people."""
    return JsonLines(with_text=with_text) if json else OnScreen()


def scan(wish: Wish, config: Config | None, report: ScanReport) -> None:
    """Every source in its turn. Each kind of trouble has its own error."""
    clock = _clock(wish.now)
    state = config.state_directory if config else default_state_directory()
    database = Database(state / JOURNAL if wish.apply else None)
    try:
        for name in wish.sources:
            account = config.account(name) if config else None
            if account is not None and config is not None:
                _account(wish, config, account, database, clock, report)
            else:
                _files(wish, config, name, database, clock, report)
    finally:
        report.ends()
        database.close()


def _account(
    wish: Wish, config: Config, account: AccountSection, database: Database, clock: Clock, report: ScanReport
) -> None:
    if wish.into:
        raise UsageProblem(f"--into is for files; {account.name} has its own Drafts")
    if not wish.apply:
        _read_account(wish, config, account, database, clock, report)
        return
    try:
        lock = AccountLock(config.state_directory, account.name).acquire()
    except TryAgain:  # the daemon has it: it shall do the work
        Health(database, account.name).ask("scan", clock())
        report.asked(account.name)
        return
    with lock:
        _read_account(wish, config, account, database, clock, report)


def _read_account(
    wish: Wish, config: Config, account: AccountSection, database: Database, clock: Clock, report: ScanReport
) -> None:
    journal = Journal(database, account.name, clock, None)
    with wiring.decider(wiring.recipe(config, account)) as worker:
        decider = wiring.informed(worker, database)
        connection = wiring.connect(account, reminders=config.reminders)
        try:
            report.begins(None)
            backlog, budget = wiring.backlog(database, account, clock), Budget(database, account.name)
            for source in wiring.history(connection, account, backlog):
                look_back(source, worker, backlog, budget, clock, _never)
            Index(database).sweep()
            _drain(
                Chosen(wiring.inbox(connection, account, None), wish.since, wish.limit), decider, journal, clock, report
            )
            if wish.apply:
                apply(journal, wiring.sinks(connection, config), config.letters.daily_limit, clock, report, _never)
        finally:
            connection.close()


def _files(wish: Wish, config: Config | None, name: str, database: Database, clock: Clock, report: ScanReport) -> None:
    path = Path(name).expanduser()
    source = StreamSource(sys.stdin.buffer.read(LARGEST)) if name == "-" else FileSource(path)
    drafts = _drafts_of(wish, path) if wish.apply else None
    journal = Journal(database, f"files:{path.resolve()}", clock, None)
    with wiring.decider(wiring.recipe(config)) as worker:
        decider = wiring.informed(worker, database)
        if is_maildir(path / ".Sent"):  # Maildir++ keeps its mailboxes as dot-folders
            drain(FileSource(path / ".Sent", own=True), worker, journal, clock, Silent(), _never)
        report.begins(source.count() if isinstance(source, FileSource) else 1)
        _drain(Chosen(source, wish.since, wish.limit), decider, journal, clock, report)
    if drafts is not None:
        limit = config.letters.daily_limit if config else sys.maxsize
        apply(journal, {"drafts": drafts} | wiring.reminder_sinks(config), limit, clock, report, _never)


def _drain(source: MailSource, decider: Decider, journal: Journal, clock: Clock, report: ScanReport) -> None:
    drain(source, decider, journal, clock, report, _never)


def _drafts_of(wish: Wish, path: Path) -> MaildirDrafts:
    if wish.into is not None:
        return MaildirDrafts(wish.into)
    if is_maildir(path):
        return MaildirDrafts(path / ".Drafts")
    raise UsageProblem(f"{path}: has no Drafts of its own; say where to save with --into MAILDIR")


class Chosen:
    """A source of which only the first messages, or those from some time on, are wanted."""

    def __init__(self, source: MailSource, since: datetime | None, limit: int | None) -> None:
        self._source, self._limit = source, limit
        self._since = None if since is None else since.astimezone()  # given in the user's zone

    def heads(self) -> Iterator[RawMessage | Unfetched]:
        given = 0
        for head in self._source.heads():
            if self._limit is not None and given >= self._limit:
                return
            if self._since is None or isinstance(head, Unfetched) or _date(head) >= self._since:
                given += 1
                yield head

    def full(self, raw: RawMessage) -> RawMessage:
        return self._source.full(raw)


def _date(raw: RawMessage) -> datetime:
    """The Date field, else the time of arrival, else now: what can't be dated isn't left out."""
    header = raw.octets[:_HEADER].split(b"\n\n", 1)[0].split(b"\r\n\r\n", 1)[0]
    for line in header.splitlines():
        if line[:5].lower() == b"date:":
            try:
                found = parsedate_to_datetime(line[5:].decode("ascii", "replace").strip())
            except (ValueError, OverflowError):
                break
            return found if found.tzinfo else found.replace(tzinfo=UTC)
    return raw.internal_date or datetime.now(UTC)


def _clock(fixed: datetime | None) -> Callable[[], datetime]:
    if fixed is None:
        return wiring.utc_now
    moment = fixed.astimezone(UTC)
    return lambda: moment


def _never() -> bool:
    return False
