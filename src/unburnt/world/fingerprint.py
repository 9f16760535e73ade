"""A name for what a file of the cache was made of: labelled mail, code, libraries, Python. Another of them, another name.

To read all of the labelled mail takes most of a second, which every command would wait for. So what it comes to is kept
under what the file system tells of it, as git does with its index.
"""

import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from importlib.resources import files
from pathlib import Path

from unburnt.core import second_opinion
from unburnt.world import corpus
from unburnt.world.durably import write_instead

_READS_AND_COUNTS = (  # modules that read a mail and make features of it; a test holds this to what classify and parse import
    "body charset classify correction authentication estimators features gloss groundwork html invitation kind language "
    "lessons lexicon likeness mime model names parse quoting reason regressions second_opinion senders sentences spoken "
    "stacking terms words"
)
MODEL = (
    *(f"{module}.py" for module in _READS_AND_COUNTS.split()),
    *("senders.toml", "cues/*.toml", "glosses/*.toml", "talks/*.toml"),
)

_DEPENDS_ON = ("scikit-learn", "numpy", "scipy", "skops", second_opinion.PACKAGE)
_SETTLED = 3_000_000_000  # nanoseconds; a file that changed later may change once more with the same time (racy git)


def fingerprint(labelled: Sequence[Path], code: Sequence[str], cache: Path) -> str:
    """32 hexadecimal digits. ``code`` are patterns of files in unburnt/core; ``cache`` keeps the digest of the mail."""
    digest = sha256()
    for package in _DEPENDS_ON:
        digest.update(f"{package} {_version(package)}\n".encode())
    digest.update(f"python {sys.version_info.major}.{sys.version_info.minor}\n".encode())
    core = Path(str(files("unburnt.core")))
    for source in (source for pattern in code for source in sorted(core.glob(pattern))):
        digest.update(sha256(source.read_bytes()).digest())
    beside = (labelled[0].parents[1] / name for name in (corpus.MARKS, corpus.SAYINGS))
    digest.update(_digest([*labelled, *(path for path in beside if path.is_file())], cache).encode())
    return digest.hexdigest()[:32]


def _digest(paths: Sequence[Path], cache: Path) -> str:
    """Of the names and octets of these files. Each folder of labelled mail has a file of its own in the cache."""
    listed, changed = _listing(paths)
    kept = cache / f"mail-{sha256(str(paths[0].parents[1]).encode()).hexdigest()[:16]}.sha256"
    with suppress(OSError, ValueError):  # there is none, or it is damaged
        seen, known = kept.read_text("ascii").split()
        if seen == listed and len(known) == len(listed):
            return known
    found = corpus.digest_of((path, path.read_bytes()) for path in paths)
    if time.time_ns() - changed > _SETTLED:
        with suppress(OSError):  # a cache that can't be written costs time, nothing else
            write_instead(kept.name, kept, f"{listed} {found}\n".encode())
    return found


def _listing(paths: Sequence[Path]) -> tuple[str, int]:
    """A digest of what the file system tells of them, and when the last of them changed (ctime, which no program sets back)."""
    digest, latest = sha256(), 0
    for path in paths:
        told = path.stat()
        latest = max(latest, told.st_ctime_ns)
        digest.update(f"{path}\n{told.st_ino} {told.st_size} {told.st_mtime_ns} {told.st_ctime_ns}\n".encode())
    return digest.hexdigest(), latest


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:  # an extra that isn't installed
        return "none"
