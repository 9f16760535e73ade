"""A file that others write too: changed as a whole, by one of us at a time, never over what somebody else just wrote."""

import contextlib
import fcntl
import os
import stat
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from unburnt.errors import CommandRefused
from unburnt.world.durably import put_in_place, written_aside

_PATIENCE = 10.0  # seconds to wait for another process that is at it
_PAUSE = 0.02
_TRIES = 5
_Version = tuple[int, int, int]


def read(path: Path) -> bytes:
    """What it holds; nothing, where there is no file yet."""
    with _troubles(path):
        return _read(path)[0]


def change(path: Path, by: Callable[[bytes], bytes | None]) -> None:
    """Put ``by`` of what it holds in its place, atomically and durably; nothing is written where nothing changes, and
    None takes the file away.

    CommandRefused says what is in the way; ValueError from ``by`` means that the file isn't what it should be.
    """
    with _troubles(path):
        target = path.resolve()  # a link into a synchronised folder stays a link
        with contextlib.suppress(FileExistsError):
            target.parent.mkdir(parents=True, mode=0o700)
        with _alone_in(target.parent):
            for _ in range(_TRIES):
                octets, version = _read(target)
                wanted = by(octets)
                if wanted is None:
                    target.unlink(missing_ok=True)
                    return
                if wanted == octets or _replaced(target, wanted, version):
                    return
    raise CommandRefused(f"{path}: something else keeps writing it")


@contextlib.contextmanager
def _troubles(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise CommandRefused(f"{path}: can't be read or written: {error.strerror}") from error
    except ValueError as error:
        raise CommandRefused(f"{path}: {error}; it was left") from error


@contextlib.contextmanager
def _alone_in(folder: Path) -> Iterator[None]:
    """A lock on the folder, since the file is another one after each change. Threads hold it against each other too."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        deadline = time.monotonic() + _PATIENCE
        while True:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(_PAUSE)
        yield
    finally:
        os.close(descriptor)


def _read(path: Path) -> tuple[bytes, _Version | None]:
    try:
        with path.open("rb") as file:
            return file.read(), _version(os.fstat(file.fileno()))
    except FileNotFoundError:
        return b"", None


def _version(status: os.stat_result) -> _Version:
    return status.st_ino, status.st_mtime_ns, status.st_size


def _replaced(path: Path, octets: bytes, version: _Version | None) -> bool:
    """Written aside with the same mode, and renamed, unless an editor that knows no locks was faster."""
    aside = written_aside(path, octets, stat.S_IMODE(path.stat().st_mode) if version is not None else 0o600)
    if _read(path)[1] != version:
        aside.unlink()
        return False
    put_in_place(aside, path)
    return True
