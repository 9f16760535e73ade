"""The daemon: every account's watch in a thread, APScheduler to wake them, signals to end them."""

import os
import signal
import threading
import time
from collections.abc import Callable
from datetime import datetime

from apscheduler.schedulers.background import BackgroundScheduler

from unburnt import __version__, events, wiring
from unburnt.config import Config
from unburnt.drain import Clock, Report
from unburnt.errors import Exit, UnburntError
from unburnt.sections import AccountSection
from unburnt.trainer import Trainer
from unburnt.watch import AccountWatch
from unburnt.world.health import Health
from unburnt.world.lock import AccountLock
from unburnt.world.notify import notify

_REQUESTS_SECONDS = 10
_STOP_SECONDS = 8.0


class Service:
    """All accounts of a configuration, until a signal."""

    def __init__(self, config: Config, report: Callable[[AccountSection], Report], clock: Clock) -> None:
        self._config = config
        self._locks = [AccountLock(config.state_directory, account.name).acquire() for account in config.accounts]
        self._database = wiring.database(config)
        defaults = {"coalesce": True, "misfire_grace_time": None, "max_instances": 1}
        self._scheduler = BackgroundScheduler(timezone="UTC", job_defaults=defaults)
        self._workers = [wiring.decider(wiring.recipe(config, account)) for account in config.accounts]
        self._trainer = Trainer(config, self._renew)
        self._over = threading.Event()
        self.watches = [
            AccountWatch(config, account, self._database, worker, report(account), clock, self._wake_at)
            for account, worker in zip(config.accounts, self._workers, strict=True)
        ]
        self._threads = [
            threading.Thread(target=self._watch, args=(each,), name=each.account.name, daemon=True)
            for each in self.watches
        ]

    def once(self) -> None:
        """One pass over every account; the first trouble is raised after all had their turn."""
        troubles = []
        try:
            for watch in self.watches:
                try:
                    watch.once()
                except UnburntError as error:
                    troubles.append(error)
            self._trainer.wait()
        finally:
            self._close()
        if troubles:
            raise troubles[0]

    def run(self) -> None:
        """Watch until SIGTERM or SIGINT, or until no account is left that could be watched."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._caught)
        self.start()
        self._over.wait()
        self.stop()

    def start(self) -> None:
        """Begin to watch, in threads."""
        events.starting(__version__, [watch.account.name for watch in self.watches])
        for thread in self._threads:
            thread.start()
        self._jobs()
        self._scheduler.start()
        notify("READY=1", f"STATUS=Watching {len(self._threads)} account(s)")

    def stop(self) -> None:
        """End at a safe point, within ten seconds; raises what ended the watching, if anything did."""
        notify("STOPPING=1")
        self._scheduler.shutdown(wait=False)
        for watch in self.watches:
            watch.stop()
        deadline = time.monotonic() + _STOP_SECONDS
        for thread in self._threads:
            thread.join(max(0.0, deadline - time.monotonic()))
        if any(thread.is_alive() for thread in self._threads):
            os._exit(Exit.OK)  # waiting for an answer that doesn't come; the journal is safe at any instruction
        self._close()
        if (error := next((watch.ended_by for watch in self.watches if watch.ended_by), None)) is not None:
            raise error

    def _caught(self, number: int, _frame: object) -> None:
        events.stopping(signal.Signals(number).name)
        self._over.set()

    def _watch(self, watch: AccountWatch) -> None:
        watch.run()
        if all(each.ended_by for each in self.watches):
            self._over.set()

    def _jobs(self) -> None:
        """Its jobs only ring bells, so none can hang or be missed for good (K1: the defaults drop late jobs)."""
        for watch in self.watches:
            self._scheduler.add_job(watch.bell.ring, "interval", seconds=watch.account.poll.total_seconds())
        self._scheduler.add_job(self._look_for_requests, "interval", seconds=_REQUESTS_SECONDS)
        self._scheduler.add_job(self._trainer.look, "interval", seconds=_REQUESTS_SECONDS)
        self._scheduler.add_job(self._database.housekeep, "interval", hours=24)

    def _look_for_requests(self) -> None:
        for watch in self.watches:
            if Health(self._database, watch.account.name).asked():
                watch.bell.ring()

    def _wake_at(self, watch: AccountWatch, due: datetime | None) -> None:
        """The account's next due action rings its bell; one job per account, moved as the ledger changes."""
        if due is not None:
            self._scheduler.add_job(watch.bell.ring, "date", run_date=due, id=watch.account.name, replace_existing=True)

    def _renew(self) -> None:
        for worker in self._workers:
            worker.renew()

    def _close(self) -> None:
        self._trainer.stop()
        for worker in self._workers:
            worker.close()
        self._database.close()
        for lock in self._locks:
            lock.release()
