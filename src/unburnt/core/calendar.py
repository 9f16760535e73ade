"""A reminder as an iCalendar object (RFC 5545).

It holds a to-do, which is what a reminder is, and a short transparent event related to it, since the calendars most
people have (Google, Outlook, Apple) pass over to-dos: without the event the file would open empty there. Where both
are known, the two are offered and the user keeps one. There is no METHOD: the file is no invitation (RFC 5546).
"""

from datetime import UTC, datetime, timedelta

from icalendar import Alarm, Calendar, Component, Event, Todo

_PRODUCT = "-//Unburnt//Reminder//EN"
_LENGTH = timedelta(minutes=15)


def reminder(uid: str, *, stamp: datetime, due: datetime, summary: str, text: str, link: str = "") -> bytes:
    """The octets of a calendar with this reminder; ``uid`` is unique in the world and has an "@"."""
    due = due.astimezone(UTC).replace(microsecond=0)
    todo, event = Todo(), Event()
    for component, identifier in ((todo, uid), (event, f"event-{uid}")):
        component.add("uid", identifier)
        component.add("dtstamp", stamp.astimezone(UTC).replace(microsecond=0))
        component.add("summary", summary)
        component.add("description", text)
        component.add("class", "PRIVATE")
        if link:
            component.add("url", link)
    todo.add("due", due)
    todo.add("status", "NEEDS-ACTION")
    event.add("dtstart", due)
    event.add("dtend", due + _LENGTH)
    event.add("transp", "TRANSPARENT")
    event.add("related-to", uid)
    # section 3.8.6.3: a trigger relative to the start needs a DTSTART, which the to-do has not
    todo.add_component(_alarm(summary, related="END"))
    event.add_component(_alarm(summary, related="START"))
    return _calendar(Calendar(), todo, event)


def _calendar(calendar: Calendar, *components: Component) -> bytes:
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
