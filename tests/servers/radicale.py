"""A private Radicale on loopback, with one user; it writes below its own folder only."""

import importlib.util
import socket
import subprocess
import sys
import time
from pathlib import Path

USER, PASSWORD = "alice", "grüner Tee 7"

_CONF = """
[server]
hosts = 127.0.0.1:{port}
[auth]
type = htpasswd
htpasswd_filename = {home}/users
htpasswd_encryption = plain
delay = 0
[storage]
filesystem_folder = {home}/collections
[rights]
type = owner_only
[logging]
level = warning
"""


class Radicale:
    """Started when made; ``url`` is where it listens."""

    def __init__(self, home: Path) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        (home / "users").write_text(f"{USER}:{PASSWORD}\n", encoding="utf-8")
        (home / "config").write_text(_CONF.format(home=home, port=self.port), encoding="utf-8")
        self._log = (home / "log").open("wb")
        command = [sys.executable, "-m", "radicale", "--config", str(home / "config")]
        self._process = subprocess.Popen(command, stdout=self._log, stderr=self._log)
        self.url = f"http://127.0.0.1:{self.port}/"
        self._wait()

    @staticmethod
    def available() -> str | None:
        return None if importlib.util.find_spec("radicale") else "radicale is not installed"

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait(10)
        self._log.close()

    def _wait(self) -> None:
        deadline = time.monotonic() + 20
        while True:
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
            except OSError:
                if time.monotonic() > deadline or self._process.poll() is not None:
                    raise
                time.sleep(0.05)
            else:
                return
