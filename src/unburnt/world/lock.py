"""One process per account: an advisory lock that the kernel drops with the process, however it ends."""

import fcntl
import os
from pathlib import Path
from types import TracebackType
from typing import Self

from unburnt.errors import TryAgain


class AccountLock:
    """Held from ``acquire`` until closed. The file stays; a lock file that is removed can be locked twice."""

    def __init__(self, directory: Path, account: str) -> None:
        self._account = account
        self._path = directory / f"{account}.lock"
        self._descriptor: int | None = None

    def acquire(self) -> Self:
        """TryAgain at once when another process has it."""
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise TryAgain(f"{self._path}: can't be opened: {error.strerror}") from error
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            os.close(descriptor)
            raise TryAgain(f"accounts ({self._account}): another unburnt is working on it; only one can") from error
        except OSError as error:  # e.g. a network file system without locks
            os.close(descriptor)
            raise TryAgain(f"{self._path}: can't be locked: {error.strerror}") from error
        self._descriptor = descriptor
        return self

    def release(self) -> None:
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def __enter__(self) -> Self:
        return self if self._descriptor is not None else self.acquire()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()
