"""One process per account: refused at once to a second one, and free again however the first one ended."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from unburnt.errors import Exit, TryAgain
from unburnt.world.lock import AccountLock

HOLDER = """
import subprocess, sys, time
from pathlib import Path
from unburnt.world.lock import AccountLock
lock = AccountLock(Path(sys.argv[1]), "alice").acquire()
child = subprocess.Popen(["sleep", "60"], stdout=subprocess.DEVNULL)
print(child.pid, flush=True)
time.sleep(60)
"""


def test_a_second_holder_is_refused_at_once(tmp_path: Path) -> None:
    """With the exit code of "try again" and a sentence; another account's lock is another lock."""
    with AccountLock(tmp_path / "state", "alice").acquire():
        with pytest.raises(TryAgain) as caught:
            AccountLock(tmp_path / "state", "alice").acquire()
        with AccountLock(tmp_path / "state", "bob"):
            pass

    assert caught.value.exit_code == Exit.TRY_AGAIN
    assert str(caught.value) == "accounts (alice): another unburnt is working on it; only one can"


def test_a_lock_can_be_taken_again_when_released(tmp_path: Path) -> None:
    """Its file stays: one that is removed could be locked twice, by those who hold it open and those who don't."""
    lock = AccountLock(tmp_path, "alice")
    for _ in range(2):
        with lock.acquire():
            pass
    lock.release()

    assert (tmp_path / "alice.lock").exists()
    assert (tmp_path / "alice.lock").stat().st_mode & 0o077 == 0


def test_the_kernel_frees_it_when_its_holder_is_killed(tmp_path: Path) -> None:
    """Without any clean-up; and programs that the holder started don't hold it in its place (close-on-exec)."""
    holder = subprocess.Popen([sys.executable, "-c", HOLDER, str(tmp_path)], stdout=subprocess.PIPE, text=True)
    assert holder.stdout is not None
    child = int(holder.stdout.readline())
    with pytest.raises(TryAgain):
        AccountLock(tmp_path, "alice").acquire()
    holder.kill()
    holder.wait()
    holder.stdout.close()

    os.kill(child, 0)
    with AccountLock(tmp_path, "alice").acquire():
        os.kill(child, signal.SIGKILL)


def test_a_folder_that_can_not_be_made_is_told_with_its_path(tmp_path: Path) -> None:
    """A read-only state directory, or a file in its place."""
    (tmp_path / "state").write_bytes(b"")
    with pytest.raises(TryAgain, match=r"state/alice.lock: can't be opened: "):
        AccountLock(tmp_path / "state", "alice").acquire()
