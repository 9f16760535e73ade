"""The fitted model is a cache: made from the labelled mail, kept as a file, made anew whenever the file is not ours.

Its name is a hash of all that it depends on, so that a model of other data, other features or another scikit-learn is
never mistaken for the right one (field notes I2; fingerprint.py). What is in it: model_file.py.
"""

import os
import secrets
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import TypeVar

from platformdirs import user_cache_path, user_state_path

from unburnt.core import kind
from unburnt.core.classify import Fitted, prepare
from unburnt.core.groundwork import Groundwork
from unburnt.core.lessons import joined
from unburnt.world import corpus
from unburnt.world.durably import write_instead
from unburnt.world.fingerprint import MODEL, fingerprint
from unburnt.world.model_file import NotOurs, packed, packed_groundwork, unpacked, unpacked_groundwork
from unburnt.world.reading import AT_A_TIME, Part, parts

T = TypeVar("T")
Progress = Callable[[str, int, int], None]

_KEY_OCTETS = 32


def load_or_fit(
    progress: Progress | None = None,
    *,
    data: Path | None = None,
    cache: Path | None = None,
    state: Path | None = None,
    else_state: Path | None = None,
) -> tuple[Fitted, bool]:
    """The fitted model, and whether it had to be fitted now. ``progress`` is told (what, done, of).

    A user's state directories share the cache, so its key lies in the default one; in ``else_state`` where that can't
    be written, as for a service that has only its own.
    """
    labelled = corpus.paths(data or corpus.shipped())
    kept = _kept(labelled, cache, state, else_state)
    if (fitted := kept.model()) is not None:
        return fitted, False
    return _fit_and_keep(labelled, kept, progress)[0], True


def load_or_prepare(
    progress: Progress | None = None,
    *,
    data: Path | None = None,
    cache: Path | None = None,
    state: Path | None = None,
    else_state: Path | None = None,
) -> tuple[Fitted, Groundwork]:
    """The fitted model and what votes are heeded by. ValueError when there is too little labelled mail."""
    labelled = corpus.paths(data or corpus.shipped())
    kept = _kept(labelled, cache, state, else_state)
    fitted, ground = kept.model(), kept.groundwork()
    if fitted is None or ground is None:
        return _fit_and_keep(labelled, kept, progress)
    return fitted, ground


@dataclass(frozen=True, slots=True)
class _Kept:
    """The files of a model in the cache. Without a key nothing is kept."""

    directory: Path
    name: str
    secret: bytes | None

    def model(self) -> Fitted | None:
        return self._loaded("model", unpacked)

    def groundwork(self) -> Groundwork | None:
        return self._loaded("groundwork", unpacked_groundwork)

    def keep(self, fitted: Fitted, ground: Groundwork) -> None:
        """A cache that can't be written costs time, nothing else."""
        if self.secret is None:
            return
        with suppress(OSError):
            for what, octets in (
                ("groundwork", packed_groundwork(ground, self.secret)),
                ("model", packed(fitted, self.secret)),
            ):
                write_instead(f"{what}-*.skops", self._path(what), octets)

    def _path(self, what: str) -> Path:
        return self.directory / f"{what}-{self.name}.skops"

    def _loaded(self, what: str, read: Callable[[bytes, bytes], T]) -> T | None:
        """What is in the file; None when there is none. A file that isn't ours is set aside, not deleted (I4)."""
        if self.secret is None:
            return None
        path = self._path(what)
        try:
            return read(path.read_bytes(), self.secret)
        except OSError:
            return None
        except NotOurs:
            with suppress(OSError):
                path.replace(path.with_suffix(".bad"))
            return None


def made_of(data: Path | None = None, cache: Path | None = None) -> str:
    """The fingerprint of the model that the labelled mail makes, as it lies there now."""
    return fingerprint(corpus.paths(data or corpus.shipped()), MODEL, cache or user_cache_path("unburnt"))


def _kept(labelled: tuple[Path, ...], cache: Path | None, state: Path | None, else_state: Path | None) -> _Kept:
    secret = key(state or user_state_path("unburnt")) or (else_state and key(else_state)) or None
    directory = cache or user_cache_path("unburnt")
    return _Kept(directory, fingerprint(labelled, MODEL, directory), secret)


def _fit_and_keep(labelled: tuple[Path, ...], kept: _Kept, progress: Progress | None) -> tuple[Fitted, Groundwork]:
    made = fitted_to(labelled, progress or (lambda _what, _done, _of: None))
    kept.keep(*made)
    return made


def fitted_to(labelled: tuple[Path, ...], tell: Progress) -> tuple[Fitted, Groundwork]:
    """The model made from labelled mail, and its groundwork. ValueError when there is too little labelled mail."""
    tell("reading", 0, len(labelled))
    read: list[Part] = []
    for part in parts(labelled):
        read.append(part)
        tell("reading", min(len(read) * AT_A_TIME, len(labelled)), len(labelled))
    tell("fitting", 0, 2)
    fitted, ground = prepare(joined((part.counted for part in read), corpus.sayings(_directory(labelled))))
    tell("fitting", 1, 2)
    kinds = kind.joined([part.kinds for part in read])
    made = replace(fitted, kinds=kind.fit_kinds(kinds)), replace(ground, kinds=kinds)
    tell("fitting", 2, 2)
    return made


def _directory(labelled: tuple[Path, ...]) -> Path:
    return labelled[0].parents[1]


def key(state: Path) -> bytes | None:
    """This user's key, made at first use; None where none can be kept. Of two processes that make one, the first wins."""
    path = state / "model.key"
    try:
        state.mkdir(mode=0o700, parents=True, exist_ok=True)
        if path.exists() and path.stat().st_size != _KEY_OCTETS:
            path.replace(path.with_suffix(".bad"))
        if not path.exists():
            with NamedTemporaryFile(dir=state, prefix=".model.key-") as aside, suppress(FileExistsError):  # mode 0600
                aside.write(secrets.token_bytes(_KEY_OCTETS))
                aside.flush()
                os.fsync(aside.fileno())
                os.link(aside.name, path)
        return path.read_bytes()
    except OSError:
        return None
