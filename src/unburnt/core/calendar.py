"""A reminder as an iCalendar object (RFC 5545).

It is a to-do, and in files a short transparent event related to it too, since the calendars most people have (Google,
Outlook, Apple) pass over to-dos: without the event the file would open empty there. Where both are known, the two are
offered and the user keeps one. There is no METHOD: the file is no invitation (RFC 5546).
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta

from icalendar import Alarm, Calendar, Component, Event, Todo

_PRODUCT = "-//Unburnt//Reminder//EN"
_LENGTH = timedelta(minutes=15)
_BOOKKEEPING = frozenset({"DTSTAMP", "CREATED", "LAST-MODIFIED", "SEQUENCE"})  # of programs, which users never see
_IMPLIED = {("STATUS", "NEEDS-ACTION"), ("PERCENT-COMPLETE", "0"), ("PRIORITY", "0")}  # written out by some servers


def reminder(
    uid: str, *, stamp: datetime, due: datetime, summary: str, text: str, link: str = "", event: bool
) -> bytes:
    """The octets of a calendar with this reminder. ``uid`` is ``<key>@<domain>``.

    ``event`` is for files; what is stored over CalDAV holds one UID alone (RFC 4791 section 4.1).
    """
    due = _instant(due)
    stamp = _instant(stamp)
    todo = _described(Todo(), uid, stamp, summary, text, link)
    todo.add("due", due)
    todo.add("status", "NEEDS-ACTION")
    # section 3.8.6.3: a trigger relative to the start needs a DTSTART, which the to-do has not
    todo.add_component(_alarm(summary, related="END"))
    if not event:
        return _calendar(todo)
    shown = _described(Event(), f"event-{uid}", stamp, summary, text, link)
    shown.add("dtstart", due)
    shown.add("dtend", due + _LENGTH)
    shown.add("transp", "TRANSPARENT")
    shown.add("related-to", uid)
    shown.add_component(_alarm(summary, related="START"))
    return _calendar(todo, shown)


def moved(octets: bytes, due: datetime, stamp: datetime) -> bytes:
    """The same reminder for another time; SEQUENCE tells calendars that it is the later version (RFC 5545, 3.8.7.4)."""
    calendar = Calendar.from_ical(octets)
    due = _instant(due)
    for todo in calendar.walk("VTODO"):
        _set(todo, {"due": due})
        _revise(todo, stamp)
    for event in calendar.walk("VEVENT"):
        _set(event, {"dtstart": due, "dtend": due + _LENGTH})
        _revise(event, stamp)
    return bytes(calendar.to_ical())


def completed(octets: bytes, at: datetime) -> bytes:
    """The same, ticked off: it rings no more, and the event, which can't be ticked off, is gone."""
    calendar = Calendar.from_ical(octets)
    calendar.subcomponents = [part for part in calendar.subcomponents if part.name != "VEVENT"]
    for todo in calendar.walk("VTODO"):
        todo.subcomponents = [part for part in todo.subcomponents if part.name != "VALARM"]
        _set(todo, {"status": "COMPLETED", "completed": _instant(at), "percent-complete": 100})
        _revise(todo, at)
    return bytes(calendar.to_ical())


def is_completed(octets: bytes) -> bool:
    """Whether the to-do is ticked off; called off by the user counts too, and some programs tell it only by the time."""
    todos = [each for calendar in _readable(octets) for each in calendar.walk("VTODO")]
    return any("COMPLETED" in todo or str(todo.get("STATUS")).upper() in ("COMPLETED", "CANCELLED") for todo in todos)


def is_same(octets: bytes, others: bytes) -> bool:
    """Whether two versions say the same to the user, however they are written and stamped."""
    said = [sorted(_said(calendar)) for each in (octets, others) for calendar in _readable(each)]
    return len(said) == 2 and said[0] == said[1]


def _instant(moment: datetime) -> datetime:
    """As calendars write it: in UTC, to the second."""
    return moment.astimezone(UTC).replace(microsecond=0)


def _described(component: Component, uid: str, stamp: datetime, summary: str, text: str, link: str) -> Component:
    component.add("uid", uid)
    component.add("dtstamp", stamp)
    component.add("summary", summary)
    component.add("description", text)
    component.add("class", "PRIVATE")
    if link:
        component.add("url", link)
    return component


def _calendar(*components: Component) -> bytes:
    calendar = Calendar()
    calendar.add("prodid", _PRODUCT)
    calendar.add("version", "2.0")
    for component in components:
        calendar.add_component(component)
    return bytes(calendar.to_ical())


def _alarm(summary: str, *, related: str) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", summary)
    alarm.add("trigger", timedelta(), parameters={"related": related})
    return alarm


def _readable(octets: bytes) -> list[Component]:
    """The calendar, or none: what others have made unreadable is neither done nor ours."""
    try:
        return [Calendar.from_ical(octets)]
    except ValueError:
        return []


def _set(component: Component, values: Mapping[str, object]) -> None:
    for name, value in values.items():
        component.pop(name, None)
        component.add(name, value)


def _revise(component: Component, stamp: datetime) -> None:
    sequence = int(component.get("sequence", 0)) + 1
    _set(component, {"dtstamp": _instant(stamp), "sequence": sequence})


def _said(calendar: Component) -> Iterator[tuple[str, str, str]]:
    """(component, property, value) of what a user can see or set; alarms only by when they ring."""
    for component in calendar.walk():
        if component.name in ("VTODO", "VEVENT"):
            for name, value in component.property_items(recursive=False):
                written = value.to_ical().decode() if hasattr(value, "to_ical") else str(value)
                hidden = name in _BOOKKEEPING or name.startswith("X-") or (name, written) in _IMPLIED
                if not hidden and name not in ("BEGIN", "END"):
                    yield component.name, name, written
        elif component.name == "VALARM":
            trigger = component.get("TRIGGER")
            yield "VALARM", "TRIGGER", str(getattr(trigger, "dt", trigger))
