"""A file is there whole or not at all, whatever ends the process or the machine (field notes I3)."""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path
from tempfile import NamedTemporaryFile


def write_durably(path: Path, octets: bytes) -> None:
    """Written aside, flushed, renamed, and the directory flushed. OSError leaves what was there before."""
    put_in_place(written_aside(path, octets), path)


def write_instead(older: str, path: Path, octets: bytes) -> None:
    """The same for a file of a cache, whose directory is made; others there that fit the pattern ``older`` go then."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    write_durably(path, octets)
    for other in path.parent.glob(older):
        if other != path:
            other.unlink(missing_ok=True)


def written_aside(path: Path, octets: bytes, mode: int = 0o600) -> Path:
    """A file beside it with these octets, on the disk."""
    prefix = f".{path.name[:60]}-"
    with NamedTemporaryFile(dir=path.parent, prefix=prefix, delete=False) as aside, _removed_on_error(Path(aside.name)):
        os.fchmod(aside.fileno(), mode)
        aside.write(octets)
        aside.flush()
        os.fsync(aside.fileno())
    return Path(aside.name)


def put_in_place(aside: Path, path: Path) -> None:
    """Renamed, and the directory flushed."""
    with _removed_on_error(aside):
        aside.replace(path)
    sync_directory(path.parent)


@contextlib.contextmanager
def _removed_on_error(aside: Path) -> Iterator[None]:
    """Nothing half-written is left behind."""
    try:
        yield
    except OSError:
        with contextlib.suppress(OSError):
            aside.unlink()
        raise


def sync_directory(path: Path) -> None:
    """Make renames in it durable."""
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
