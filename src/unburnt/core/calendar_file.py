"""The entries in a calendar file that others write too: ours are found by key, everything else stays octet by octet."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_UID = re.compile(rb"(?im)^UID(?:;[^:\r\n]{0,200})?:(?:event-)?([0-9a-f]{32})@")
_EMPTY = b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Unburnt//Reminder//EN\r\n"
_END = b"END:VCALENDAR\r\n"


@dataclass(frozen=True, slots=True)
class _Entry:
    """A component directly below the calendar: where it lies in the octets, and whose it is."""

    start: int
    end: int
    key: str | None


def keys_in(octets: bytes) -> frozenset[str]:
    """The keys of all entries that look like ours. ValueError when it is no calendar."""
    return frozenset(entry.key for entry in _entries(octets) if entry.key)


def entry(octets: bytes, key: str) -> bytes | None:
    """What lies there under this key, as a calendar of its own."""
    own = [octets[each.start : each.end] for each in _entries(octets) if each.key == key]
    return _EMPTY + b"".join(own) + _END if own else None


def without(octets: bytes, key: str) -> bytes:
    """The file without the entries under this key."""
    for each in reversed([each for each in _entries(octets) if each.key == key]):
        octets = octets[: each.start] + octets[each.end :]
    return octets


def merged(octets: bytes, key: str, calendar: bytes) -> bytes:
    """The file with the entries of a calendar under this key, in place of what it had under it."""
    ours = b"".join(calendar[each.start : each.end] for each in _entries(calendar))
    rest = without(octets, key) if octets.strip() else _EMPTY + _END
    last = [match.start() for match in re.finditer(rb"(?im)^END:VCALENDAR", rest)][-1]
    return rest[:last] + ours + rest[last:]


def _entries(octets: bytes) -> list[_Entry]:
    """Components of the outermost calendars. ValueError when BEGIN and END don't match, or nothing is a calendar."""
    if not octets.strip():
        return []
    found, opened, start = [], list[bytes](), 0
    for at, after, word, name in _borders(octets):
        if word == b"BEGIN":
            if len(opened) == 1:
                start = at
            opened.append(name)
            continue
        if not opened or opened.pop() != name:
            raise ValueError("BEGIN and END don't match")
        if len(opened) == 1:
            found.append(_Entry(start, after, _key(octets[start:after])))
    if opened or not re.match(rb"\s*(?:\xef\xbb\xbf)?BEGIN:VCALENDAR", octets, re.IGNORECASE):
        raise ValueError("is not a whole calendar")
    return found


def _borders(octets: bytes) -> Iterator[tuple[int, int, bytes, bytes]]:
    """Each BEGIN and END line: from where, to where, which, of what. A folded line goes on with a blank, so is none."""
    for match in re.finditer(rb"(?im)^(?:\xef\xbb\xbf)?(BEGIN|END):([A-Z0-9-]{1,40})[ \t]*\r?(?:\n|\Z)", octets):
        yield match.start(), match.end(), match[1].upper(), match[2].upper()


def _key(component: bytes) -> str | None:
    """Lines are unfolded first: a long UID may be cut (RFC 5545 section 3.1)."""
    match = _UID.search(re.sub(rb"\r?\n[ \t]", b"", component))
    return match[1].decode().lower() if match else None
