"""Calendar files as sinks: a folder with one for each reminder, or a single one that a calendar program subscribes to."""

import re
from collections.abc import Callable, Collection
from datetime import datetime
from pathlib import Path
from typing import Protocol

from unburnt.core import calendar, calendar_file
from unburnt.errors import CommandRefused
from unburnt.world import shared_file
from unburnt.world.ports import Place


class Shelf(Protocol):
    """Where the calendar file of a key lies, and which keys there are."""

    path: Path
    one_each: bool  # whether a file holds nothing but the reminder of its key

    def file(self, key: str) -> Path: ...

    def keys(self) -> frozenset[str]: ...


class OneFile:
    """All reminders in one file, among entries that aren't ours."""

    one_each = False

    def __init__(self, path: Path) -> None:
        self.path = path

    def file(self, key: str) -> Path:
        del key
        return self.path

    def keys(self) -> frozenset[str]:
        try:
            return calendar_file.keys_in(shared_file.read(self.path))
        except ValueError as error:
            raise CommandRefused(f"{self.path}: {error}") from error


class Folder:
    """A file for each reminder, as vdirsyncer and others read them."""

    one_each = True

    def __init__(self, path: Path) -> None:
        self.path = path

    def file(self, key: str) -> Path:
        return self.path / f"{key}.ics"

    def keys(self) -> frozenset[str]:
        try:
            names = [entry.stem for entry in self.path.iterdir() if entry.suffix == ".ics"]
        except FileNotFoundError:
            return frozenset()
        except OSError as error:
            raise CommandRefused(f"{self.path}: can't be read: {error.strerror}") from error
        return frozenset(name for name in names if re.fullmatch("[0-9a-f]{32}", name))


class CalendarFiles:
    """Reminders in calendar files. What the user ticked off, changed or took out there is respected."""

    def __init__(self, shelf: Shelf, clock: Callable[[], datetime]) -> None:
        self._shelf, self._clock = shelf, clock

    def place(self) -> Place:
        return Place(str(self._shelf.path))

    def find(self, key: str, since: Place) -> str | None:
        del since
        return None if self._entry(key) is None else str(self._shelf.file(key))

    def put(self, key: str, octets: bytes) -> str:
        def placed(file: bytes) -> bytes:
            there = calendar_file.entry(file, key)
            done = there is not None and calendar.is_completed(there)
            return file if done else calendar_file.merged(file, key, octets)

        return self._change(key, placed)

    def withdraw(self, key: str, octets: bytes) -> str | None:
        left: list[str] = []

        def removed(file: bytes) -> bytes | None:
            left.clear()
            there = calendar_file.entry(file, key)
            if there is not None and (why := touched(there, octets)) is not None:
                left.append(why)
                return file
            return None if self._shelf.one_each else calendar_file.without(file, key)

        if self._entry(key) is not None:
            self._change(key, removed)
        return left[0] if left else None

    def complete(self, key: str, octets: bytes) -> str | None:
        """Ticked off as it is now; what isn't there any more needs no tick."""
        del octets

        def ticked(file: bytes) -> bytes:
            there = calendar_file.entry(file, key)
            if there is None or calendar.is_completed(there):
                return file
            return calendar_file.merged(file, key, calendar.completed(there, self._clock()))

        if self._entry(key) is not None:
            self._change(key, ticked)
        return None

    def completed(self, keys: Collection[str]) -> frozenset[str]:
        entries = {key: self._entry(key) for key in keys}
        return frozenset(key for key, entry in entries.items() if entry and calendar.is_completed(entry))

    def keys(self) -> frozenset[str]:
        return self._shelf.keys()

    def _entry(self, key: str) -> bytes | None:
        path = self._shelf.file(key)
        try:
            return calendar_file.entry(shared_file.read(path), key)
        except ValueError as error:
            raise CommandRefused(f"{path}: {error}") from error

    def _change(self, key: str, by: Callable[[bytes], bytes | None]) -> str:
        shared_file.change(path := self._shelf.file(key), by)
        return str(path)


def touched(there: bytes, ours: bytes) -> str | None:
    """Why an entry is the user's to keep, if it is."""
    if calendar.is_completed(there):
        return "you have ticked it off; it was left"
    return None if calendar.is_same(there, ours) else "you have changed it; it was left"
