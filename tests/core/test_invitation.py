"""Calendar files that come with mail: what they tell of a talk, whoever made them."""

from datetime import UTC, datetime
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unburnt.core.model import Address, Meeting, Origin, RawMessage
from unburnt.core.parse import parse

INVITATION = """\
BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//Somebody//EN
METHOD:REQUEST
BEGIN:VEVENT
UID:42@acme.example
DTSTAMP:20261101T080000Z
DTSTART;TZID=Europe/Warsaw:20261112T100000
SUMMARY:Interview
ORGANIZER;CN=Anna Nowak:mailto:anna.nowak@acme.example
ATTENDEE;CN="Król, Tomasz":mailto:t.krol@acme.example
ATTENDEE:MAILTO:sam@mail.example
ATTENDEE:urn:uuid:no-address
END:VEVENT
END:VCALENDAR
"""
ANNA = Address("Anna Nowak", "anna.nowak@acme.example")
MEETING = Meeting(
    "42@acme.example",
    datetime(2026, 11, 12, 9, tzinfo=UTC),
    ANNA,
    (Address("Król, Tomasz", "t.krol@acme.example"), Address("", "sam@mail.example")),
)


def meetings(text: str, kind: str = "calendar", name: str = "invite.ics") -> tuple[Meeting, ...]:
    """Of a message with this file attached."""
    made = EmailMessage()
    made["From"], made["Subject"] = "Anna Nowak <anna.nowak@acme.example>", "Interview"
    made.set_content("See you.")
    octets = text.replace("\n", "\r\n").encode("utf-8", "surrogateescape")
    main, sub = ("application", "octet-stream") if kind == "octets" else ("text", kind)
    made.add_attachment(octets, maintype=main, subtype=sub, filename=name)
    return parse(RawMessage(Origin("x"), made.as_bytes())).meetings


@pytest.mark.parametrize(("kind", "name"), [("calendar", ""), ("calendar", "invite.ics"), ("octets", "Termin.ICS")])
def test_an_invitation_tells_when_and_with_whom(kind: str, name: str) -> None:
    assert meetings(INVITATION, kind, name) == (MEETING,)


@pytest.mark.parametrize(
    ("of", "by", "changed"),
    [
        ("METHOD:REQUEST", "METHOD:CANCEL", {"is_cancelled": True}),
        ("SUMMARY:Interview", "STATUS:CANCELLED", {"is_cancelled": True}),
        ("DTSTART;TZID=Europe/Warsaw:20261112T100000", "DTSTART;VALUE=DATE:20261112", {"start": 0}),
        ("DTSTART;TZID=Europe/Warsaw:20261112T100000", "DTSTART:20261112T100000", {"start": 10}),
        ("DTSTART;TZID=Europe/Warsaw:20261112T100000", "SEQUENCE:1", {"start": None}),
    ],
    ids=["cancelled", "status", "all day", "floating", "no time"],
)
def test_variants(of: str, by: str, changed: dict[str, object]) -> None:
    (found,) = meetings(INVITATION.replace(of, by))
    start = found.start
    seen = {"is_cancelled": found.is_cancelled, "start": start.hour if start else None}

    assert {name: seen[name] for name in changed} == changed


@pytest.mark.parametrize("text", ["", "BEGIN:VCALENDAR", "not a calendar", INVITATION.replace("END:VEVENT\n", "")])
def test_what_is_no_calendar_tells_nothing(text: str) -> None:
    assert meetings(text) == ()


def test_a_thousand_events_are_looked_at_no_more_than_a_few() -> None:
    event = INVITATION[INVITATION.index("BEGIN:VEVENT") : INVITATION.index("END:VCALENDAR")]
    many = "".join(event.replace("42@", f"{number}@") for number in range(1000))

    assert len(meetings(INVITATION.replace(event, many))) <= 5


@given(st.text(max_size=300), st.integers(0, len(INVITATION)))
def test_whatever_stands_in_it_the_message_is_read(noise: str, at: int) -> None:
    text = INVITATION[:at] + noise.encode("utf-8", "ignore").decode() + INVITATION[at:]

    assert isinstance(meetings(text), tuple)
