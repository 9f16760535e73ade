"""A reminder as a calendar entry: put off, ticked off, compared, and found in a file among others' entries."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from unburnt.core import calendar_file
from unburnt.core.calendar import completed, is_completed, is_same, moved, reminder

KEY, OTHER = "0123456789abcdef" * 2, "fedcba9876543210" * 2
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
LATER = NOON + timedelta(days=14)


def made(key: str = KEY, summary: str = "Check in", *, event: bool = True, text: str = "Say hello.") -> bytes:
    return reminder(f"{key}@mail.example", stamp=NOON, due=NOON, summary=summary, text=text, event=event)


def test_a_server_gets_one_uid_and_a_file_an_event_too() -> None:
    """RFC 4791 section 4.1, and calendars without to-dos."""
    kinds = [[part.name for part in Calendar.from_ical(made(event=event)).subcomponents] for event in (False, True)]

    assert kinds == [["VTODO"], ["VTODO", "VEVENT"]]


def test_put_off_is_the_same_entry_in_a_later_version() -> None:
    """Calendars keep the one with the higher SEQUENCE; the octets follow from the arguments alone."""
    later = moved(made(), LATER, LATER)
    (todo,), (event,) = Calendar.from_ical(later).walk("VTODO"), Calendar.from_ical(later).walk("VEVENT")

    assert later == moved(made(), LATER, LATER)
    assert (todo["UID"], event["UID"]) == (f"{KEY}@mail.example", f"event-{KEY}@mail.example")
    assert todo.decoded("due") == event.decoded("dtstart") == todo.decoded("dtstamp") == LATER
    assert event.decoded("dtend") - event.decoded("dtstart") == timedelta(minutes=15)
    assert [todo["SEQUENCE"], event["SEQUENCE"]] == [1, 1]
    assert Calendar.from_ical(moved(later, NOON, LATER)).walk("VTODO")[0]["SEQUENCE"] == 2
    assert (is_same(later, made()), is_same(moved(later, NOON, LATER), made())) == (False, True)


def test_ticked_off_rings_no_more() -> None:
    """The event goes: an event can't be done."""
    done = completed(made(), LATER)
    (todo,) = Calendar.from_ical(done).subcomponents

    assert (is_completed(made()), is_completed(done)) == (False, True)
    assert (todo["STATUS"], todo["PERCENT-COMPLETE"], todo.decoded("completed")) == ("COMPLETED", 100, LATER)
    assert b"VALARM" not in done


@pytest.mark.parametrize(
    ("what", "instead", "same"),
    [
        (b"", b"", True),
        (b"DTSTAMP:20261120T120000Z", b"DTSTAMP:20261121T120000Z", True),
        (b"STATUS:NEEDS-ACTION\r\n", b"LAST-MODIFIED:20261121T120000Z\r\nX-MOZ-GENERATION:2\r\n", True),
        (b"STATUS:NEEDS-ACTION", b"STATUS:NEEDS-ACTION\r\nPERCENT-COMPLETE:0", True),
        (b"SUMMARY:Check in", b"SUMMARY:Check \r\n in", True),
        (b"SUMMARY:Check in", b"SUMMARY:Ask Jo", False),
        (b"DESCRIPTION:Say hello.", b"DESCRIPTION:Say hello. Told Ana.", False),
        (b"STATUS:NEEDS-ACTION", b"STATUS:IN-PROCESS", False),
        (b"STATUS:NEEDS-ACTION", b"STATUS:NEEDS-ACTION\r\nPRIORITY:1", False),
        (b"DUE:20261120", b"DUE:20261121", False),
        (b"TRIGGER;RELATED=END:P0D", b"TRIGGER;RELATED=END:PT0S", True),
        (b"TRIGGER;RELATED=END:P0D\r\n", b"", False),
        (b"TRIGGER;RELATED=END:P0D", b"TRIGGER;RELATED=END:-PT1H", False),
    ],
)
def test_what_counts_as_changed_by_the_user(what: bytes, instead: bytes, same: bool) -> None:
    """What they can see or set; not how programs write and stamp it."""
    assert what in made()

    assert is_same(made().replace(what, instead, 1), made()) is same


@pytest.mark.parametrize(
    ("instead", "done"),
    [
        (b"STATUS:COMPLETED", True),
        (b"STATUS:CANCELLED", True),
        (b"STATUS:IN-PROCESS", False),
        (b"PERCENT-COMPLETE:50", False),
        (b"COMPLETED:20261121T120000Z", True),
    ],
)
def test_what_counts_as_done(instead: bytes, done: bool) -> None:
    """Programs differ in how they tick."""
    assert is_completed(made().replace(b"STATUS:NEEDS-ACTION", instead)) is done


@given(st.text(max_size=200), st.text(max_size=200))
def test_any_words_stay_one_entry_that_reads_back(summary: str, text: str) -> None:
    """In a file with another, which stays octet by octet."""
    alone = calendar_file.merged(b"", OTHER, made(OTHER))
    both = calendar_file.merged(alone, KEY, made(summary=summary, text=text))

    assert calendar_file.keys_in(both) == {KEY, OTHER}
    entry = calendar_file.entry(both, KEY)
    assert entry is not None
    assert is_same(entry, made(summary=summary, text=text))
    assert not is_completed(entry)
    assert calendar_file.without(both, KEY) == alone
    assert calendar_file.merged(both, KEY, made()) == calendar_file.merged(alone, KEY, made())


@given(
    st.binary(max_size=100)
    | st.lists(
        st.sampled_from(
            [
                b"BEGIN:VCALENDAR\n",
                b"END:VCALENDAR\n",
                b"BEGIN:VTODO\n",
                b"END:VTODO\n",
                b"UID:" + KEY.encode() + b"@x\n",
                b" x\n",
            ]
        )
    ).map(b"".join)
)
def test_any_file_is_a_calendar_or_refused(octets: bytes) -> None:
    """With a ValueError, never anything else; what is accepted can be added to and taken from."""
    try:
        calendar_file.keys_in(octets)
    except ValueError:
        return
    added = calendar_file.merged(octets, OTHER, made(OTHER))

    assert OTHER in calendar_file.keys_in(added)
    if octets.strip():
        assert calendar_file.without(added, OTHER) == octets


@given(st.binary(max_size=60), st.integers(0, 900))
def test_what_somebody_has_made_unreadable_is_neither_done_nor_ours(spoilt: bytes, at: int) -> None:
    """Whatever stands in the middle of an entry, it is judged without an error."""
    octets = made()[:at] + spoilt + made()[at:]

    assert is_completed(octets) in (True, False)
    assert is_same(octets, made()) in (True, False)
    assert is_completed(b"BEGIN:VCALENDAR") is is_same(b"BEGIN:VCALENDAR", b"BEGIN:VCALENDAR") is False
