"""A file is there whole or not at all, whatever ends the process or the machine (field notes I3)."""

import contextlib
import os
from pathlib import Path
from tempfile import NamedTemporaryFile


def write_durably(path: Path, octets: bytes) -> None:
    """Written aside, flushed, renamed, and the directory flushed. OSError leaves what was there before."""
    with NamedTemporaryFile(dir=path.parent, prefix=f".{path.name[:60]}-", delete=False) as aside:  # mode 0600
        try:
            aside.write(octets)
            aside.flush()
            os.fsync(aside.fileno())
            Path(aside.name).replace(path)
        except OSError:
            with contextlib.suppress(OSError):
                Path(aside.name).unlink()
            raise
    sync_directory(path.parent)


def sync_directory(path: Path) -> None:
    """Make renames in it durable."""
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
