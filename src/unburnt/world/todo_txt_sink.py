"""todo.txt as a sink: our lines among the user's own, which stay as they are, octet by octet."""

from collections.abc import Callable, Collection, Iterator
from datetime import datetime
from pathlib import Path

from unburnt.core import todo_txt
from unburnt.world import shared_file
from unburnt.world.ports import Place


class TodoTxt:
    """One line for each reminder. Lines that were archived into done.txt beside it are known to be done."""

    def __init__(self, path: Path, clock: Callable[[], datetime]) -> None:
        self.path, self._clock = path, clock

    def place(self) -> Place:
        return Place(str(self.path))

    def find(self, key: str, since: Place) -> str | None:
        del since
        return str(self.path) if any(self._lines_of(key)) else None

    def put(self, key: str, octets: bytes) -> str:
        if any(map(todo_txt.is_completed, self._lines_of(key))):
            return str(self.path)

        def placed(file: bytes) -> bytes:
            lines = file.splitlines(keepends=True)
            end = b"\r\n" if lines and lines[0].endswith(b"\r\n") else b"\n"
            ours = [number for number, line in enumerate(lines) if _key(line) == key]
            if any(todo_txt.is_completed(_text(lines[number])) for number in ours):
                return file  # ticked off since we looked
            for number in ours[:1]:
                lines[number] = octets + lines[number][len(_bare(lines[number])) :]
            if not ours:
                lines[-1:] = [_ended(line, end) for line in lines[-1:]] + [octets + end]
            return b"".join(lines)

        shared_file.change(self.path, placed)
        return str(self.path)

    def withdraw(self, key: str, octets: bytes) -> str | None:
        lines = list(self._lines_of(key))
        if any(map(todo_txt.is_completed, lines)):
            return "you have ticked it off; it was left"
        self._rewrite(key, lambda line: None if _bare(line) == octets else line)
        return "you have changed it; it was left" if any(self._lines_of(key)) else None

    def complete(self, key: str, octets: bytes) -> str | None:
        """Ticked off as it is now; what isn't there any more needs no tick."""
        del octets
        day = self._clock().astimezone().date()  # the user's

        def ticked(line: bytes) -> bytes:
            text = _text(line)
            return todo_txt.completed(text, day).encode("utf-8", "surrogateescape") + line[len(_bare(line)) :]

        self._rewrite(key, ticked)
        return None

    def completed(self, keys: Collection[str]) -> frozenset[str]:
        done = {todo_txt.key_of(line) for line in self._all() if todo_txt.is_completed(line)}
        return frozenset(key for key in keys if key in done)

    def keys(self) -> frozenset[str]:
        return frozenset(key for line in self._all() if (key := todo_txt.key_of(line)))

    def _rewrite(self, key: str, by: Callable[[bytes], bytes | None]) -> None:
        """Our lines of this key anew, or not at all where ``by`` gives None."""

        def changed(file: bytes) -> bytes:
            lines = file.splitlines(keepends=True)
            return b"".join((by(line) or b"") if _key(line) == key else line for line in lines)

        if any(self._lines_of(key)):
            shared_file.change(self.path, changed)

    def _lines_of(self, key: str) -> Iterator[str]:
        return (line for line in self._all() if todo_txt.key_of(line) == key)

    def _all(self) -> Iterator[str]:
        for path in (self.path, self.path.with_name("done.txt")):
            yield from map(_text, shared_file.read(path).splitlines())


def _bare(line: bytes) -> bytes:
    return line.rstrip(b"\r\n")


def _ended(line: bytes, end: bytes) -> bytes:
    return line if line.endswith((b"\n", b"\r")) else line + end


def _text(line: bytes) -> str:
    """What isn't UTF-8 in somebody's line survives the way through text."""
    return _bare(line).decode("utf-8", "surrogateescape")


def _key(line: bytes) -> str | None:
    return todo_txt.key_of(_text(line))
