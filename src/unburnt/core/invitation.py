"""Calendar files that come with mail (RFC 5545, RFC 6047): when a talk is, and with whom."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

from icalendar import Calendar

from unburnt.core.body import decoded
from unburnt.core.charset import one_line
from unburnt.core.mime import Part, children, parameter
from unburnt.core.model import Address, Meeting

_MAX_FILES = 3
_MAX_EVENTS = 5
_MAX_TEXT = 64 * 2**10
_MAX_PEOPLE = 50
_MAX_NAME = 200
_TYPES = frozenset({"text/calendar", "application/ics"})


def meetings(root: Part) -> tuple[Meeting, ...]:
    """The events of the calendar files in a message; what can't be read tells nothing."""
    found: dict[tuple[str, datetime | None], Meeting] = {}
    for part in list(_files(root))[:_MAX_FILES]:
        for meeting in _events(decoded(part)[:_MAX_TEXT]):
            found.setdefault((meeting.uid, meeting.start), meeting)
    return tuple(found.values())[:_MAX_EVENTS]


def _files(part: Part) -> Iterator[Part]:
    name = parameter(part, "filename", "Content-Disposition") or parameter(part, "name")
    if part.get_content_type() in _TYPES or name.lower().endswith(".ics"):
        yield part
    if part.get_content_maintype() == "message":  # a forwarded message's invitation is somebody else's
        return
    for child in children(part):
        yield from _files(child)


def _events(text: str) -> list[Meeting]:
    try:
        calendar = Calendar.from_ical(text)
        return [_meeting(event, str(calendar.get("METHOD", ""))) for event in calendar.walk("VEVENT")[:_MAX_EVENTS]]
    except Exception:  # noqa: BLE001  # a stranger's file: the library fails in ways nobody has listed
        return []


def _meeting(event: Any, method: str) -> Meeting:
    attendees = event.get("ATTENDEE", [])
    listed = attendees if isinstance(attendees, list) else [attendees]
    people = [person for each in listed[:_MAX_PEOPLE] if (person := _address(each)) is not None]
    return Meeting(
        uid=one_line(str(event.get("UID", "")), _MAX_NAME),
        start=_moment(event.get("DTSTART")),
        organizer=_address(event.get("ORGANIZER")),
        attendees=tuple(people),
        is_cancelled=method.upper() == "CANCEL" or str(event.get("STATUS", "")).upper() == "CANCELLED",
    )


def _moment(value: Any) -> datetime | None:
    """A time without a zone is floating (section 3.3.5): taken for UTC, since only its day matters here."""
    when = getattr(value, "dt", None)
    if isinstance(when, datetime):
        return when.astimezone(UTC) if when.tzinfo else when.replace(tzinfo=UTC)
    return datetime(when.year, when.month, when.day, tzinfo=UTC) if isinstance(when, date) else None


def _address(value: Any) -> Address | None:
    """A cal-address: mailto: and the CN parameter (sections 3.2.2 and 3.3.3)."""
    address = str(value or "")
    if not address.lower().startswith("mailto:") or "@" not in address:
        return None
    name = value.params.get("CN", "") if hasattr(value, "params") else ""
    return Address(one_line(str(name), _MAX_NAME), one_line(address[len("mailto:") :], _MAX_NAME))
