"""The command as a user runs it: a process of its own."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

PATIENCE = 150.0  # seconds that anything may take on a slow machine before the test gives up; pytest ends a test at 180


def unburnt(
    *words: str | Path, given: bytes = b"", environment: dict[str, str] | None = None, seconds: float = 120
) -> subprocess.CompletedProcess[bytes]:
    """Run it to its end."""
    return subprocess.run(
        [sys.executable, "-m", "unburnt", *map(str, words)],
        input=given,
        capture_output=True,
        check=False,
        timeout=seconds,
        env=os.environ | (environment or {}),
    )


def lines(*words: str | Path, given: bytes = b"") -> list[dict[str, Any]]:
    """The objects of a `--json` command that must succeed."""
    done = unburnt(*words, given=given)
    assert done.returncode == 0, done.stderr.decode()
    return [json.loads(line) for line in done.stdout.decode().splitlines()]


@contextmanager
def daemon(config: Path, *words: str, environment: dict[str, str] | None = None) -> Iterator[subprocess.Popen[bytes]]:
    """`unburnt watch` while the block runs; killed if it doesn't stop by itself."""
    log = config.with_suffix(".log").open("ab")
    process = subprocess.Popen(
        [sys.executable, "-m", "unburnt", "watch", "--config", str(config), *words],
        stdout=log,
        stderr=log,
        env=os.environ | (environment or {}),
    )
    try:
        yield process
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
            process.wait(15)
    finally:
        process.kill()
        process.wait()
        log.close()


def until(true: Callable[[], Any], what: str, patience: float = PATIENCE) -> Any:
    """Wait for a fact and return it. To ask may take a command of its own: what is waited for gets twice the time of that."""
    deadline = time.monotonic() + patience
    while True:
        asked = time.monotonic()
        if fact := true():
            return fact
        now = time.monotonic()
        assert now < deadline, f"waited in vain for {what}"
        time.sleep(max(0.05, 2 * (now - asked)))


def has_ended(process: int) -> bool:
    """A zombie has: it only waits for whoever adopted it."""
    try:
        status = Path(f"/proc/{process}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):  # the latter where it ends between opening and reading
        return True
    return status.rpartition(")")[2].split()[0] == "Z"


class NotifySocket:
    """A service manager's ear."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind(str(path))
        self._socket.settimeout(PATIENCE)

    def hears(self, word: str) -> bool:
        """Wait for a notification that contains the word."""
        while word not in self._socket.recv(4096).decode():
            pass
        return True
