"""The user's own models: numbered files, and a signed list of them that says which one is in force.

    <state>/models/<n>.skops        a model, as world/models.py writes it
    <state>/models/versions.json    when, on what and how well each was made, and the one in force; 0 is the shipped one
    <state>/models/train.lock       held by whoever changes any of it

A model is written before the list that names it, so a kill at any step leaves the old one in force or the new (field
notes I3). What is damaged or not ours is set aside, and the adopted version before it serves, else the shipped model
(I4); so it does while the user's are of other code, libraries or shipped mail, until the next training (I2).
"""

import hmac
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, replace
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import Any

from unburnt.core.classify import Fitted, heeding
from unburnt.core.model import Label
from unburnt.errors import TryAgain, UsageProblem
from unburnt.world import corpus, model_file, models
from unburnt.world.durably import sync_directory, write_durably
from unburnt.world.history import SHIPPED, History, Version
from unburnt.world.lock import AccountLock

_PURPOSE = b"unburnt versions\n"  # so that no signed model passes for a list


def load(state: Path, progress: models.Progress | None = None) -> Fitted:
    """The model in force for a state directory."""
    return Versions(state).in_force(progress)[1]


def listed(state: Path) -> Path:
    """The file that says which model is in force; it is replaced whenever that may change."""
    return Versions(state).list


def told(state: Path) -> dict[str, Any]:
    """What `unburnt status` says of the model."""
    return Versions(state).told()


class Versions:
    """Of one state directory. ``data`` and ``cache`` are the shipped model's, where they aren't the usual ones."""

    def __init__(self, state: Path, data: Path | None = None, cache: Path | None = None) -> None:
        self._state, self._data, self._cache = state, data, cache
        self._directory = state / "models"
        self.list = self._directory / "versions.json"
        self._locked = False

    @cached_property
    def fingerprint(self) -> str:
        """What a model has to be made by to be heard."""
        return models.made_of(self._data, self._cache)

    @contextmanager
    def lock(self) -> Iterator[None]:
        """TryAgain when another process has it."""
        if self._locked:
            yield
            return
        try:
            lock = AccountLock(self._directory, "train").acquire()
        except TryAgain as trouble:
            if isinstance(trouble.__cause__, BlockingIOError):
                raise TryAgain("another unburnt is training, or rolls back; only one can at a time") from trouble
            raise
        with lock:
            self._locked = True
            try:
                yield
            finally:
                self._locked = False

    def fit(self, votes: tuple[corpus.Example, ...], progress: models.Progress) -> Fitted:
        """A model of shipped mail and votes. ValueError when there is too little shipped mail."""
        fitted, ground = models.load_or_prepare(progress, data=self._data, cache=self._cache, else_state=self._state)
        return heeding(fitted, ground, [vote.lesson() for vote in votes])

    def votes(self) -> corpus.Voted:
        """The user's labelled mail as it lies there now."""
        return corpus.voted(self._state / "labelled")

    def history(self) -> History:
        """The list; an empty one where there is none, or none of ours."""
        try:
            octets = self.list.read_bytes()
        except OSError:
            return History()
        if (secret := models.key(self._state)) is None:
            return History()
        try:
            return _history(octets, secret)
        except model_file.NotOurs:
            self._set_aside(self.list, octets)
            return History()

    def shipped(self, progress: models.Progress | None = None) -> Fitted:
        return models.load_or_fit(progress, data=self._data, cache=self._cache, else_state=self._state)[0]

    def in_force(self, progress: models.Progress | None = None) -> tuple[int, Fitted]:
        """The model that speaks, and its number."""
        secret = models.key(self._state) if self.list.exists() else None
        for version, octets in self._sound(self.history()):
            try:
                return version.number, model_file.unpacked(octets, secret or b"")
            except model_file.NotOurs:
                self._set_aside(self._path(version.number), octets)
        return SHIPPED, self.shipped(progress)

    def standing(self) -> Version | None:
        """The version that speaks; None for the shipped model. Nothing is loaded for that."""
        return next((version for version, _ in self._sound(self.history())), None)

    def is_settled(self, digest: str, *, in_force: Version | None) -> bool:
        """Whether a training on these votes would change nothing, or is not wanted."""
        return self.history().is_settled(digest, self.fingerprint, in_force.number if in_force else SHIPPED)

    def add(self, version: Version, fitted: Fitted, shipped: Mapping[str, float]) -> Version:
        """Enter a version under the next number: in force, or refused, and then without its model."""
        history = replace(self.history(), shipped=shipped)
        taken = [int(path.stem) for path in self._directory.glob("*.skops") if path.stem.isdecimal()]
        number = max([SHIPPED, *taken, *(known.number for known in history.versions)]) + 1
        secret = self._secret()
        entered = version.numbered(number, "")
        if version.adopted:
            octets = model_file.packed(fitted, secret)
            entered = version.numbered(number, sha256(octets).hexdigest())
            self._write(self._path(number), octets)
        self._enter(history.added(entered), secret)
        return entered

    def back_to_shipped(self) -> None:
        """There are no votes left."""
        self._enter(self.history().without_votes(), self._secret())

    def roll_back(self, number: int | None = None) -> int:
        """To a version, or to the adopted one before the one in force. Returns which that is."""
        with self.lock():
            history = self.history()
            sound = {version.number for version, _ in self._sound(history, everything=True)} | {SHIPPED}
            if number is None and history.current == SHIPPED:
                raise UsageProblem("the shipped model is in force; there is nothing before it")
            earlier = [each.number for each in history.succession if each.number in sound - {history.current}]
            wanted = next(iter(earlier), SHIPPED) if number is None else number
            if wanted not in sound:
                known = ", ".join(map(str, sorted(sound)))
                raise UsageProblem(f"there is no version {wanted} that could be put in force; there are: {known}")
            self._enter(history.rolled_back(wanted), self._secret())
            return wanted

    def told(self) -> dict[str, Any]:
        """The version in force, what it knows, what was refused last, and whether a training is due."""
        history, speaking, votes = self.history(), self.standing(), self.votes()
        last = history.versions[-1] if history.versions else None
        return {
            "version": speaking.number if speaking else SHIPPED,
            "chosen": history.current,
            "made_at": speaking.made_at if speaking else None,
            "knows": dict(speaking.votes) if speaking else {},
            "figures": dict(speaking.figures if speaking else history.shipped) or None,
            "votes": {label.value: votes.count(label) for label in (Label.REJECTION, Label.OTHER)},
            "waiting": not self.is_settled(votes.digest, in_force=speaking),
            "rolled_back": history.is_rolled_back,
            "refused": asdict(last) if last and last.why_not else None,
        }

    def clear_up(self) -> None:
        """What a killed training left; for the holder of the lock."""
        for path in self._directory.glob(".*"):
            path.unlink(missing_ok=True)

    def _sound(self, history: History, *, everything: bool = False) -> Iterator[tuple[Version, bytes]]:
        """The adopted versions that can speak, those first that should: the one chosen, then the ones before it."""
        for version in history.adopted if everything else history.succession:
            if version.fingerprint != self.fingerprint:
                continue
            try:
                octets = self._path(version.number).read_bytes()
            except OSError:
                continue
            if sha256(octets).hexdigest() == version.file:
                yield version, octets
            else:
                self._set_aside(self._path(version.number), octets)

    def _enter(self, history: History, secret: bytes) -> None:
        said = asdict(history)
        signed = model_file.signature(secret, _PURPOSE + _canonical(said)).hex()
        self._write(self.list, json.dumps({"hmac": signed} | said, indent=1).encode() + b"\n")
        kept = {str(number) for number in history.kept}
        with suppress(OSError):
            for path in self._directory.glob("*.skops"):
                if path.stem not in kept:
                    path.unlink(missing_ok=True)

    def _write(self, path: Path, octets: bytes) -> None:
        try:
            self._directory.mkdir(mode=0o700, parents=True, exist_ok=True)
            write_durably(path, octets)
            sync_directory(self._state)
        except OSError as error:
            raise TryAgain(f"{path}: can't be written: {error.strerror}; the model in force stays") from error

    def _secret(self) -> bytes:
        if (secret := models.key(self._state)) is None:
            raise TryAgain(f"{self._state}: the key of your models can't be kept there; the model in force stays")
        return secret

    def _set_aside(self, path: Path, octets: bytes) -> None:
        """Unless it is being replaced, or was."""
        with suppress(TryAgain, OSError), self.lock():
            if path.read_bytes() == octets:
                path.replace(path.with_suffix(".bad"))

    def _path(self, number: int) -> Path:
        return self._directory / f"{number}.skops"


def _history(octets: bytes, secret: bytes) -> History:
    try:
        said = json.loads(octets)
        signed = bytes.fromhex(said.pop("hmac"))
        if not hmac.compare_digest(signed, model_file.signature(secret, _PURPOSE + _canonical(said))):
            raise model_file.NotOurs
        return History.of(said)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise model_file.NotOurs from error


def _canonical(said: dict[str, Any]) -> bytes:
    return json.dumps(said, sort_keys=True, separators=(",", ":")).encode()
