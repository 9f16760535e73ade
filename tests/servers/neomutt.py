"""A real mail client on a pseudo-terminal, over IMAP and SMTP on loopback; it reads nobody's configuration."""

import os
import pty
import select
import shutil
import subprocess
import time
from pathlib import Path

import pytest

from tests.command import PATIENCE
from tests.servers.dovecot import PASSWORD


class Neomutt:
    """Where alice types and edits; the client itself would write from another address of hers."""

    def __init__(self, home: Path, imap: int, smtp: int) -> None:
        self._editor, self._muttrc, self._home = home / "editor", home / "muttrc", home
        self._settings = f"""
set from="alice@elsewhere.example" realname="A. Doe" use_from=yes
set folder="imap://alice@127.0.0.1:{imap}/" imap_pass="{PASSWORD}" ssl_starttls=no ssl_force_tls=no
set spool_file="+INBOX" postponed="+Drafts" record="+Sent" trash="+Trash"
set smtp_url="smtp://127.0.0.1:{smtp}"
set editor="{self._editor}" tmpdir="{home}" header_cache="" history_file="" sleep_time=0
"""

    @staticmethod
    def available() -> str | None:
        return None if shutil.which("neomutt") else "neomutt is not installed"

    def types(self, keys: str, greeting: str = ",") -> None:
        """Until it has ended. The comma after the greeting is edited wherever the editor opens."""
        self._editor.write_text(f"#!/bin/sh\nexec sed -i '1s/,$/{greeting}/' \"$1\"\n", encoding="utf-8")
        self._editor.chmod(0o755)
        self._muttrc.write_text(f'{self._settings}push "{keys}<quit>"\n', encoding="utf-8")
        ours, its = pty.openpty()
        terminal = {"TERM": "vt100", "LINES": "40", "COLUMNS": "120", "LC_ALL": "C.UTF-8"}
        client = subprocess.Popen(
            ["neomutt", "-n", "-F", str(self._muttrc)],
            stdin=its,
            stdout=its,
            stderr=its,
            start_new_session=True,
            env=terminal | {"HOME": str(self._home), "PATH": os.environ["PATH"]},
        )
        os.close(its)
        try:
            screen = _until_closed(ours)
            assert client.wait(PATIENCE) == 0, screen
        finally:
            client.kill()
            client.wait()
            os.close(ours)


def _until_closed(terminal: int) -> str:
    """All that is written to it; it ends with its last program."""
    written, deadline = b"", time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        try:
            if select.select([terminal], [], [], 1.0)[0]:
                written += os.read(terminal, 65536)
        except OSError:  # Linux: EIO, as nobody has it open any more
            return written.decode(errors="replace")
    pytest.fail(f"neomutt waits for somebody: {written.decode(errors='replace')}")
