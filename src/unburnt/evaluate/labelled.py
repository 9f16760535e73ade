"""Labelled sets that a user brings: a folder, an mbox, or JSON lines.

What is wrong with a set ends the command with the place and what is wanted there; what is wrong with a message doesn't.
"""

import gzip
import json
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from unburnt.core.charset import one_line
from unburnt.core.model import Label, Origin, RawMessage, Unfetched
from unburnt.errors import UsageProblem
from unburnt.evaluate.answers import Facts, address_of
from unburnt.evaluate.judged import Unread, named
from unburnt.world.corpus import NAME
from unburnt.world.mailfiles import FileSource

WANTED = (
    "a folder with rejection/ and other/ of .eml files, an mbox whose messages have a field X-Label: rejection or other, "
    "or JSON lines (see --help)"
)
_X_LABEL = re.compile(rb"(?im)^X-Label:[ \t]*([^\r\n]{0,100})")
_ANSWERS: dict[Any, bool] = {1: True, 0: False, "rejection": True, "other": False}
_GZIP = b"\x1f\x8b"
_LARGEST = 64 * 2**20
_HEADER = 65536
_LONGEST = 998  # characters of a field (RFC 5322 section 2.1.1)
_DESCRIBING = ("id", "lang", "kind", "family", "date")
_TELLING = ("company", "role", "contact_name", "contact_address")


@dataclass(frozen=True, slots=True)
class Labelled:
    """A message and what it is; "" for what nobody said."""

    raw: RawMessage
    is_rejection: bool
    kind: str = ""
    language: str = ""
    family: str = ""
    facts: Facts | None = None


def labelled(path: Path) -> Iterator[Labelled | Unread]:
    """The messages of a set, in its order. UsageProblem says where it can't be one."""
    if path.is_dir():
        return _folder(path)
    try:
        with path.open("rb") as file:
            start = file.read(_HEADER)
    except OSError as error:
        raise UsageProblem(f"{path}: can't be read: {error.strerror}; wanted: {WANTED}") from error
    if start.startswith(b"From ") and path.suffix.lower() != ".eml":
        return _mbox(path)
    if start.startswith(_GZIP) or start.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"{"):
        return _json_lines(path, zipped=start.startswith(_GZIP))
    raise UsageProblem(f"{path}: is no labelled set; wanted: {WANTED}")


def _folder(path: Path) -> Iterator[Labelled | Unread]:
    """One of the two suffices: a folder of general mail tells of false drafts."""
    there = [label for label in (Label.REJECTION, Label.OTHER) if (path / label).is_dir()]
    if not there:
        raise UsageProblem(f"{path}: has neither rejection/ nor other/; wanted: {WANTED}")
    for label in there:
        for found in FileSource(path / label).heads():
            if isinstance(found, Unfetched):
                yield Unread(named(found.origin.source), found.error)
            else:
                yield _named_file(found, label)


def _named_file(raw: RawMessage, label: Label) -> Labelled:
    stem = Path(raw.origin.source).stem
    said = found.groupdict() if (found := NAME.fullmatch(stem)) else {}
    family = stem.rpartition("--")[0] if said else ""
    return Labelled(raw, label is Label.REJECTION, said.get("kind", ""), said.get("language", ""), family)


def _mbox(path: Path) -> Iterator[Labelled | Unread]:
    for found in FileSource(path).heads():
        if isinstance(found, Unfetched):
            yield Unread(named(found.origin.source), found.error)
        else:
            yield Labelled(found, _of_header(found))


def _of_header(raw: RawMessage) -> bool:
    """Every X-Label counts: one that a sender wrote must not beat the user's."""
    header = re.split(rb"\r?\n\r?\n", raw.octets[:_HEADER], maxsplit=1)[0]
    values = {value.decode("ascii", "replace").strip().lower() for value in _X_LABEL.findall(header)}
    if len(values) != 1 or not values <= {"rejection", "other"}:
        said = " and ".join(repr(value) for value in sorted(values)) or "no such field"
        raise UsageProblem(
            f"{raw.origin.source}: its X-Label should be rejection or other, and there is {said}; "
            "#n is the n-th message of the mbox"
        )
    return values == {"rejection"}


def _json_lines(path: Path, *, zipped: bool) -> Iterator[Labelled | Unread]:
    with gzip.open(path, "rb") if zipped else path.open("rb") as file:
        number = 0
        while line := _line(file, f"{path}, line {number + 1}"):
            number += 1
            if line.strip():
                yield _of_object(_object(line, f"{path}, line {number}"), path, number)


def _line(file: Any, where: str) -> bytes:
    try:
        line: bytes = file.readline(_LARGEST + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise UsageProblem(f"{where}: the file is damaged here: {error}") from error
    if len(line) > _LARGEST:
        raise UsageProblem(f"{where}: is longer than {_LARGEST // 2**20} MB; wanted: one object a line")
    return line


def _object(line: bytes, where: str) -> dict[str, Any]:
    try:
        said = json.loads(line.removeprefix(b"\xef\xbb\xbf"))
    except (ValueError, RecursionError) as error:
        raise UsageProblem(f"{where}: is no JSON ({error}); wanted: one object a line") from error
    if not isinstance(said, dict):
        raise UsageProblem(f'{where}: is no object; wanted: {{"label": …, "eml": …}}')
    return said


def _of_object(said: dict[str, Any], path: Path, number: int) -> Labelled:
    where = f"{path}, line {number}"
    label = said.get("label")
    if not isinstance(label, int | str) or label not in _ANSWERS:
        raise UsageProblem(f'{where}: "label" should be 1 or "rejection", 0 or "other", and is {_short(label)}')
    about = {key: _text(said, key, where) for key in _DESCRIBING}
    octets = _octets(said, about["date"], where)
    origin = Origin(f"{path}#{about['id'] or number}")
    return Labelled(
        RawMessage(origin, octets), _ANSWERS[label], about["kind"], about["lang"], about["family"], _facts(said, where)
    )


def _facts(said: dict[str, Any], where: str) -> Facts | None:
    """What the object says that a rejection tells; null is that nobody knows."""
    if all(said.get(key) is None for key in _TELLING):
        return None
    told = {key: None if said.get(key) is None else _text(said, key, where).strip() for key in _TELLING}
    address = told["contact_address"]
    recipient = None if address is None else address_of(address)
    return Facts(company=told["company"], role=told["role"], contact=told["contact_name"], recipient=recipient)


def _octets(said: dict[str, Any], date: str, where: str) -> bytes:
    if "eml" in said:
        return _encoded(_text(said, "eml", where))
    if missing := [key for key in ("subject", "from", "body") if key not in said]:
        raise UsageProblem(f'{where}: has no "eml", and of "subject", "from", "body" it lacks {", ".join(missing)}')
    fields = {"From": _text(said, "from", where), "Subject": _text(said, "subject", where), "Date": date}
    header = [f"{name}: {value}" for name, value in fields.items() if value]
    header += ["MIME-Version: 1.0", "Content-Type: text/plain; charset=utf-8", "Content-Transfer-Encoding: 8bit"]
    return _encoded("\r\n".join(header) + "\r\n\r\n" + _text(said, "body", where))


def _text(said: dict[str, Any], key: str, where: str) -> str:
    value = said.get(key)
    if value is None:
        return ""
    if isinstance(value, int) and key == "id":
        return str(value)
    if not isinstance(value, str):
        raise UsageProblem(f'{where}: "{key}" should be a text, and is {_short(value)}')
    return value if key in {"eml", "body"} else one_line(value, _LONGEST)


def _short(value: Any) -> str:
    return json.dumps(value)[:60]


def _encoded(text: str) -> bytes:
    """JSON can hold lone surrogates: Python's way to keep octets that are no UTF-8 (PEP 383), or plain nonsense."""
    try:
        return text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return text.encode("utf-8", "replace")
