"""Training in the background: a process of its own at low priority, started when votes came in, never two at once.

Watching goes on meanwhile (field notes H9). What a training comes to stands in the state directory, whoever started it;
here it only matters that it is over, so that the classifiers in use are renewed.
"""

import subprocess
import sys
import time
from collections.abc import Callable
from threading import Lock

from unburnt import events
from unburnt.config import Config
from unburnt.world import versions

_LONGEST = 3600.0  # seconds; on one slow core, beside other work, a training takes some minutes


class Trainer:
    """Looks now and then whether there is something to learn. Safe to call from any thread."""

    def __init__(self, config: Config, renew: Callable[[], None]) -> None:
        """``renew`` puts a new model to use."""
        self._state, self._renew = config.state_directory, renew
        self._command = [sys.executable, "-m", "unburnt", "train", "--background"]
        if config.source is not None:
            self._command += ["--config", str(config.source)]
        self._process: subprocess.Popen[bytes] | None = None
        self._looked_at: list[str] = []  # votes: a training that failed is not tried again with the same ones
        self._since = 0.0
        self._versions_then = self._versions()
        self._lock = Lock()

    def look(self) -> None:
        """Start a training that is due, or see what became of the one that runs."""
        with self._lock:
            if (
                versions_now := self._versions()
            ) != self._versions_then:  # by whomever: a command may train or roll back
                self._versions_then = versions_now
                self._renew()
            if self._process is not None:
                self._finish(self._process)
            elif (votes := self._votes()) != self._looked_at:
                self._looked_at = votes
                if not versions.told(self._state)["waiting"]:
                    return
                nothing = subprocess.DEVNULL
                self._process = subprocess.Popen(self._command, stdin=nothing, stdout=nothing, stderr=nothing)  # noqa: S603  # ours
                self._since = time.monotonic()
                events.training()

    def wait(self) -> None:
        """Learn what there is to learn, for a single pass that ends afterwards."""
        self.look()
        if self._process is not None:
            self._process.wait()
            self.look()

    def stop(self) -> None:
        """A training that is killed leaves the old model, or the new one."""
        with self._lock:
            if self._process is not None:
                self._process.kill()
                self._process.wait()
                self._process = None

    def _votes(self) -> list[str]:
        """The names tell which messages were voted on, and how."""
        return sorted(str(path) for path in (self._state / "labelled").glob("*/*.eml"))

    def _versions(self) -> tuple[int, int] | None:
        """Another one whenever another model may have been put in force."""
        try:
            found = versions.listed(self._state).stat()
        except OSError:
            return None
        return found.st_ino, found.st_mtime_ns

    def _finish(self, process: "subprocess.Popen[bytes]") -> None:
        code = process.poll()
        if code is None and time.monotonic() - self._since > _LONGEST:
            process.kill()
            code = process.wait()
        if code is None:
            return
        self._process = None
        events.trained(code)
