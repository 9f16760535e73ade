"""Messages in files: a Maildir, an mbox, .eml files or standard input; and a Maildir to save drafts into."""

import contextlib
import mailbox
import os
import re
import socket
from collections.abc import Collection, Iterator
from datetime import UTC, datetime
from pathlib import Path

from unburnt.core.model import Origin, RawMessage, Unfetched
from unburnt.errors import CommandRefused, UsageProblem
from unburnt.world.durably import sync_directory
from unburnt.world.ports import Place

LARGEST = 64 * 2**20  # octets of one message that are read into memory
_FLAGS = {"D": "\\Draft", "F": "\\Flagged", "R": "\\Answered", "S": "\\Seen", "T": "\\Deleted"}
_STATUS = {"T": "\\Draft", "F": "\\Flagged", "A": "\\Answered", "R": "\\Seen", "D": "\\Deleted"}
_KEY = re.compile(rb"^X-Draft-Key:\s*([0-9a-f]{8,64})\s*$", re.IGNORECASE | re.MULTILINE)


def is_maildir(path: Path) -> bool:
    return (path / "cur").is_dir() and (path / "new").is_dir()


def message_in(file: str) -> RawMessage:
    """The message in one file. UsageProblem says why it can't be read."""
    try:
        with Path(file).open("rb") as opened:
            return RawMessage(Origin(file), opened.read(LARGEST))
    except OSError as error:
        raise UsageProblem(f"{file}: can't be read: {error.strerror}") from error


class FileSource:
    """A path as a source, whatever lies there. It is only read."""

    def __init__(self, path: Path, *, own: bool = False) -> None:
        """UsageProblem when nothing is there. ``own`` marks a mailbox of mail that the user wrote."""
        if not path.exists():
            raise UsageProblem(f"{path}: there is no such file or folder, nor an account of that name")
        self.path = path
        self._own = own

    def heads(self) -> Iterator[RawMessage | Unfetched]:
        if is_maildir(self.path):
            yield from self._maildir()
        elif self.path.is_dir():
            for path in sorted(self.path.rglob("*.eml")):
                yield self._file(path, str(path), ())
        elif _is_mbox(self.path):
            yield from self._mbox()
        else:
            yield self._file(self.path, str(self.path), ())

    def full(self, raw: RawMessage) -> RawMessage:
        return raw

    def count(self) -> int | None:
        """How many messages there are, where that is cheap to tell."""
        if is_maildir(self.path):
            return sum(1 for _ in _maildir_files(self.path))
        return sum(1 for _ in self.path.rglob("*.eml")) if self.path.is_dir() else None

    def _maildir(self) -> Iterator[RawMessage | Unfetched]:
        for path in sorted(_maildir_files(self.path), key=_by_delivery):
            info = path.name.rpartition(":2,")[2] if ":2," in path.name else ""
            yield self._file(path, str(path), tuple(_FLAGS[letter] for letter in info if letter in _FLAGS))

    def _mbox(self) -> Iterator[RawMessage | Unfetched]:
        box = mailbox.mbox(self.path, create=False)
        try:
            for number, key in enumerate(box.iterkeys(), 1):
                envelope, _, quoted = box.get_bytes(key, from_=True).partition(b"\n")
                octets = re.sub(rb"(?m)^>(>*From )", rb"\1", quoted)  # mboxrd quoting
                origin = Origin(f"{self.path}#{number}", own=self._own)
                yield RawMessage(origin, octets, _delivered(envelope), _status(octets))
        finally:
            box.close()

    def _file(self, path: Path, source: str, flags: tuple[str, ...]) -> RawMessage | Unfetched:
        origin = Origin(source, own=self._own)
        try:
            with path.open("rb") as file:
                octets = file.read(LARGEST)
                arrived = datetime.fromtimestamp(os.fstat(file.fileno()).st_mtime, UTC)
        except OSError as error:  # moved or removed since it was listed, or not ours to read
            return Unfetched(origin, f"can't be read: {error.strerror}")
        return RawMessage(origin, octets, arrived, flags)


class StreamSource:
    """One message from standard input."""

    def __init__(self, octets: bytes) -> None:
        self._octets = octets

    def heads(self) -> Iterator[RawMessage | Unfetched]:
        yield RawMessage(Origin("-"), self._octets)

    def full(self, raw: RawMessage) -> RawMessage:
        return raw


class MaildirDrafts:
    """A Maildir as a sink. The key is in the file's name, so a second put of it changes nothing."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._host = re.sub(r"[^A-Za-z0-9.-]", "-", socket.gethostname())

    def place(self) -> Place:
        return Place(str(self.path))

    def find(self, key: str, since: Place) -> str | None:
        del since
        found = next((path for path in self._files() if key in path.name.split(".", 2)[1:2]), None)
        return None if found is None else str(found)

    def put(self, key: str, octets: bytes) -> str:
        """tmp/, fsync, rename, fsync of the directory: a whole message or none (maildir(5))."""
        name = f"0.{key}.{self._host}:2,DS"
        target = self.path / "cur" / name
        temporary = self.path / "tmp" / name
        try:
            for step in ("tmp", "new", "cur"):
                (self.path / step).mkdir(parents=True, exist_ok=True, mode=0o700)
            _write_durably(temporary, octets)
            temporary.replace(target)
            sync_directory(target.parent)
        except OSError as error:
            with contextlib.suppress(OSError):
                temporary.unlink()
            raise CommandRefused(f"{self.path}: can't be written: {error.strerror}") from error
        return str(target)

    def withdraw(self, key: str, octets: bytes) -> str | None:
        """Nothing is taken back here: a Maildir has no Trash of its own."""
        del key, octets
        return "a Maildir has no Trash; delete it by hand"

    def complete(self, key: str, octets: bytes) -> str | None:
        """A note that is done with is as little ours to delete."""
        return self.withdraw(key, octets)

    def completed(self, keys: Collection[str]) -> frozenset[str]:
        """A note can't be ticked off."""
        del keys
        return frozenset()

    def keys(self) -> frozenset[str]:
        return frozenset(key for path in self._files() if (key := _key_in(path)))

    def _files(self) -> Iterator[Path]:
        return _maildir_files(self.path) if is_maildir(self.path) else iter(())


def _is_mbox(path: Path) -> bool:
    """An mbox starts with a From_ line (RFC 4155); an empty file is an empty mbox."""
    try:
        with path.open("rb") as file:
            start = file.read(5)
    except OSError:  # will be told of the file as a message
        return False
    return start in (b"From ", b"") and path.suffix.lower() != ".eml"


def _delivered(envelope: bytes) -> datetime | None:
    """The time at the end of a From_ line, in UTC (RFC 4155)."""
    words = envelope.decode("ascii", "replace").split()
    try:
        return datetime.strptime(" ".join(words[-5:]), "%a %b %d %H:%M:%S %Y").replace(tzinfo=UTC)
    except ValueError:
        return None


def _status(octets: bytes) -> tuple[str, ...]:
    """The flags that mail readers keep in Status and X-Status."""
    header = re.split(rb"\r?\n\r?\n", octets, maxsplit=1)[0]
    letters = b"".join(re.findall(rb"(?im)^(?:X-)?Status:[ \t]*([A-Z]+)", header)).decode()
    return tuple(flag for letter, flag in _STATUS.items() if letter in letters)


def _maildir_files(path: Path) -> Iterator[Path]:
    for step in ("new", "cur"):
        yield from (entry for entry in (path / step).iterdir() if not entry.name.startswith("."))


def _by_delivery(path: Path) -> tuple[int, str]:
    """The name begins with the seconds of its delivery."""
    seconds = path.name.split(".", 1)[0]
    return (int(seconds) if seconds.isascii() and seconds.isdigit() else 0, path.name)


def _key_in(path: Path) -> str | None:
    try:
        with path.open("rb") as file:
            match = _KEY.search(file.read(16384))
    except OSError:
        return None
    return match[1].decode() if match else None


def _write_durably(path: Path, octets: bytes) -> None:
    with path.open("wb") as file:
        file.write(octets)
        file.flush()
        os.fsync(file.fileno())
