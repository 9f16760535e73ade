"""One account under watch: a connection and a thread of its own, passes over the mail, and the waiting between them."""

import random
import select
import socket
import threading
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta

from unburnt import events, wiring
from unburnt.config import Config
from unburnt.drain import Clock, Report, apply, drain, look_back
from unburnt.errors import ConfigurationProblem, LoginRefused, ServerUnavailable, TryAgain, UnburntError
from unburnt.follow import overtaken, ticked_off
from unburnt.sections import AccountSection
from unburnt.teach import learn, settle
from unburnt.world.backlog import Budget
from unburnt.world.database import Database
from unburnt.world.health import Health
from unburnt.world.imap import Connection
from unburnt.world.index import Index
from unburnt.world.notify import notify
from unburnt.world.ports import ActionSink, Decider
from unburnt.world.reminders import Reminders
from unburnt.world.training import TrainingMailbox

_IDLE_SECONDS = 280.0  # under the five minutes after which NATs forget a silent connection (field notes E3)
_FOLLOWED = timedelta(minutes=10)  # calendars are asked no more often
_BACK_OFF = (5.0, 900.0)  # seconds: first and longest wait after a lost connection


class Bell:
    """Wakes a thread that waits for a socket or for time; ringing twice wakes once."""

    def __init__(self) -> None:
        self._out, self._in = socket.socketpair()
        self._in.settimeout(0)
        self._out.settimeout(0)

    def ring(self) -> None:
        try:
            self._in.send(b"!")
        except BlockingIOError:  # rung often enough
            return

    def fileno(self) -> int:
        return self._out.fileno()

    def wait(self, seconds: float) -> None:
        """Until it rings or the time is over; the rings so far are used up."""
        select.select([self._out], [], [], max(0.0, seconds))
        self.clear()

    def clear(self) -> None:
        try:
            while self._out.recv(64):
                pass
        except BlockingIOError:
            return


class AccountWatch:
    """One account: passes over its mail, and the waiting between them."""

    def __init__(
        self,
        config: Config,
        account: AccountSection,
        database: Database,
        decider: Decider,
        report: Report,
        clock: Clock,
        wake_at: Callable[["AccountWatch", datetime | None], None],
    ) -> None:
        self.account = account
        self._config = config
        self.bell = Bell()
        self.passed = threading.Event()  # set after every pass, for those who wait for one
        self.ended_by: UnburntError | None = None
        self._limit = config.letters.daily_limit
        self._training = config.training
        self._votes = wiring.votes(config, database)
        self._journal = wiring.journal(database, account, clock)
        self._health = Health(database, account.name)
        self._decider, self._report, self._clock = wiring.informed(decider, database), report, clock
        self._backlog, self._budget = wiring.backlog(database, account, clock), Budget(database, account.name)
        self._index, self._reminders = Index(database), Reminders(database)
        self._followed = datetime.min.replace(tzinfo=UTC)  # when calendars and the history were last looked at
        self._reminder_sinks = wiring.reminder_sinks(config)
        self._wake_at = wake_at
        self._reconciled = False  # whether the keys in Drafts were compared with the journal since the start
        self._stopping = threading.Event()
        self._pause = _BACK_OFF[0]  # seconds to wait after the next trouble

    def stop(self) -> None:
        self._stopping.set()
        self.bell.ring()

    def once(self) -> None:
        """Connect, one pass, disconnect. What stands in the way is raised, and kept for `status`."""
        try:
            connection = self._connect()
            try:
                self._pass(connection)
            finally:
                connection.close()
        except UnburntError as error:
            self._health.trouble(_kind(error), str(error))
            raise

    def run(self) -> None:
        """Until stopped, or until only the user can help; ``ended_by`` then says with what."""
        while not self._stopping.is_set():
            try:
                self._session()
            except (LoginRefused, ConfigurationProblem) as error:
                self._give_up(error)
                return
            except UnburntError as error:
                self._back_off(error)
            except Exception as error:  # noqa: BLE001  # a bug in one account must not end the others
                events.surprise(self.account.name, error)
                self._back_off(ServerUnavailable("unexpected error"))

    def _session(self) -> None:
        connection = self._connect()
        try:
            while not self._stopping.is_set():
                self._pass(connection)
                self._wait(connection)
        finally:
            connection.close()

    def _connect(self) -> Connection:
        now = self._clock()
        allowed = self._health.may_connect_at(self.account.connection_cap, now)
        if allowed > now:
            raise TryAgain(f"accounts ({self.account.name}): connections_per_hour is used up until {allowed:%H:%M} UTC")
        self._health.connecting(now)
        connection = wiring.connect(self.account, self._training, self._config.reminders)
        events.connected(self.account.name, self.account.host, connection.capabilities)
        drafts = wiring.mail_sinks(connection, self._config)["drafts"]
        if not self._reconciled and self._journal.ledger.reconcile(drafts.keys()):
            events.journal_lost(self.account.name)
        if not self._reconciled:
            self._votes.sweep()
        self._reconciled = True
        return connection

    def _pass(self, connection: Connection) -> None:
        """The history first, since it settles what needs no letter and to whom one goes; then what arrived; then what is due."""
        requests = self._health.asked()
        self._look_back(connection)
        cursors = None if any(kind == "scan" for _, kind in requests) else self._journal
        drain(
            wiring.inbox(connection, self.account, cursors),
            self._decider,
            self._journal,
            self._clock,
            self._report,
            self._stopping.is_set,
        )
        self._learn(connection)
        if self._stopping.is_set():
            return
        sinks = wiring.mail_sinks(connection, self._config) | self._reminder_sinks
        self._follow(sinks)
        apply(self._journal, sinks, self._limit, self._clock, self._report, self._stopping.is_set)
        self._journal.ledger.recovered()
        self._health.well(self._clock())
        self._pause = _BACK_OFF[0]
        for number, _ in requests:
            self._health.answered(number)
        self.passed.set()
        notify("WATCHDOG=1", f"STATUS=Watching; {self.account.name} read at {self._clock().astimezone():%H:%M}")

    def _look_back(self, connection: Connection) -> None:
        for source in wiring.history(connection, self.account, self._backlog):
            if self._stopping.is_set() or self._budget.is_spent(self._clock()):
                break
            look_back(source, self._decider, self._backlog, self._budget, self._clock, self._stopping.is_set)
        self._index.sweep()

    def _follow(self, sinks: Mapping[str, ActionSink]) -> None:
        """Before what is due is done: what the user ticked off elsewhere, and what contact since has overtaken."""
        if self._clock() < self._followed + _FOLLOWED:
            return
        self._followed = self._clock()
        ticked_off(self._reminders, self.account.name, sinks)
        span = self._config.reminders.check_in_after
        overtaken(self._reminders, self._index, self.account.name, span, self._clock)

    def _learn(self, connection: Connection) -> None:
        """Votes cast in the mail client or by other commands, and what follows from them."""
        mailboxes = self._teachers(connection)
        for mailbox in mailboxes if self._training.create else ():
            if mailbox.create():
                events.mailbox_made(self.account.name, mailbox.name)
        learn(mailboxes, self._decider, self._votes, self._journal, self._clock, self._stopping.is_set)
        settle(self._votes, self._decider, self._journal, self._clock, self._report)

    def _teachers(self, connection: Connection) -> tuple[TrainingMailbox, ...]:
        return wiring.training(connection, self._training, self._journal.database)

    def _wait(self, connection: Connection) -> None:
        """Until there is news, the bell rings, or it is time to look anyway (IDLE may be mute, E9)."""
        idle = connection.has("IDLE")
        seconds = min(_IDLE_SECONDS, self.account.poll.total_seconds())
        due = self._journal.ledger.next_due(self._clock())
        self._wake_at(self, due)
        events.waiting(self.account.name, due, idle=idle)
        if idle:
            mailbox = self.account.mailboxes[0]
            connection.examine(mailbox)
            cursor = self._journal.cursor(mailbox)
            if cursor and connection.uids_from(cursor.high + 1):  # came between the pass and now (A4)
                return
            if any(each.has_news() for each in self._teachers(connection)):  # so did a vote
                return
            connection.noop()  # the last moment to be told; some servers' IDLE tells only what happens after it
            connection.idle(seconds, self.bell.fileno())
            self.bell.clear()
        else:
            self.bell.wait(seconds)

    def _back_off(self, error: UnburntError) -> None:
        """Sleep, longer each time until a pass goes through, and never in step with others."""
        self._health.trouble(_kind(error), str(error))
        seconds = self._pause * random.uniform(0.75, 1.25)  # noqa: S311  # jitter, no secret
        self._pause = min(self._pause * 2, _BACK_OFF[1])
        events.connection_lost(self.account.name, str(error), seconds)
        notify("WATCHDOG=1")  # an attempt was made and answered: alive, though not well
        deadline = self._clock() + timedelta(seconds=seconds)
        while not self._stopping.is_set() and (left := (deadline - self._clock()).total_seconds()) > 0:
            self.bell.wait(min(left, seconds))

    def _give_up(self, error: UnburntError) -> None:
        self._health.trouble(_kind(error), str(error))
        events.given_up(self.account.name, str(error))
        self.ended_by = error


def _kind(error: UnburntError) -> str:
    """A word of trouble for `status`."""
    if isinstance(error, LoginRefused):
        return "login refused"
    return "configuration" if isinstance(error, ConfigurationProblem) else "unavailable"
