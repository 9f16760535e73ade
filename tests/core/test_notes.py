"""The notes to oneself: whom to connect with, when to check in, and the calendar file."""

import re
from dataclasses import replace
from datetime import date, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any
from urllib.parse import unquote

import pytest
from icalendar import Calendar

from tests.core.test_compose import (
    AHEAD,
    DUE,
    HEADER,
    MAIL,
    NOTE_HEADER,
    REJECTION,
    WRITER,
    body,
    check_in,
    connect,
    parsed,
)
from unburnt.core import letter, note
from unburnt.core.model import AddReminder, Offered, Person, Profile, Purpose, Recipient, Stage

NOBODY = replace(REJECTION, recipient=Recipient(None, "no-reply@ats.example is a machine: nobody reads it"))


def parts(action: AddReminder) -> tuple[str, Calendar]:
    message = message_from_bytes(action.octets, policy=policy.default)
    assert isinstance(message, EmailMessage)
    text, attachment = message.iter_parts()
    assert attachment.get_content_type() == "text/calendar"
    assert attachment.get_filename() == "reminder.ics"
    assert attachment.get_param("method") is None
    octets = attachment.get_payload(decode=True)
    assert isinstance(octets, bytes)
    assert not re.search(rb"(?<!\r)\n|[^\r\n]{76}", octets)  # RFC 5545 section 3.1
    calendar = Calendar.from_ical(octets)
    assert isinstance(calendar, Calendar)
    return text.get_content().replace("\r\n", "\n"), calendar


def test_the_note_to_connect_is_a_message_to_oneself_in_the_same_thread() -> None:
    message = parsed(connect())
    assert message.keys() == [*HEADER, "Auto-Submitted", "Content-Type"]
    assert message["From"] == message["To"] == '"Sam Doe" <sam@mail.example>'
    assert message["Subject"] == connect().summary == "LinkedIn: Marcus Oyelaran, Greyharbour (Data Analyst)"
    assert message["In-Reply-To"] == MAIL.envelope.message_id
    assert message["X-Draft-Key"] == connect().key


def test_the_calendar_file_holds_a_task_and_an_event_for_the_next_day() -> None:
    action = connect()
    _, calendar = parts(action)
    (todo,), (event,) = calendar.walk("VTODO"), calendar.walk("VEVENT")

    assert "METHOD" not in {*calendar.keys()}
    assert todo["uid"] == event["related-to"] == f"{action.key}@mail.example" != event["uid"]
    assert todo.decoded("due") == event.decoded("dtstart") == DUE + timedelta(days=1)
    assert todo.decoded("dtstamp") == event.decoded("dtstamp") == DUE
    for component in (todo, event):
        (alarm,) = component.walk("VALARM")
        assert component["summary"] == alarm["description"] == action.summary
        assert component["description"] == action.text
        assert str(component["url"]) in action.text
        assert alarm["action"] == "DISPLAY"
        assert alarm.decoded("trigger") == timedelta()
    assert todo.walk("VALARM")[0]["trigger"].params["related"] == "END"


def test_the_note_says_whom_and_how_after_an_interview() -> None:
    action = connect()
    text, _ = parts(action)
    invitation = (
        "Hello Marcus Oyelaran, thank you for considering me for the role of Data Analyst at Greyharbour."
        " I would be glad to stay in touch. Sam Doe"
    )

    assert text == action.text
    assert "Company: Greyharbour\nRole: Data Analyst\nPerson: Marcus Oyelaran\nTheir message: 3 November 2026\n" in text
    assert "Write to: Marcus Oyelaran <marcus.oyelaran@greyharbour.example> (he wrote it)\n" in text
    assert f"\n\n{invitation}\n\n" in text
    assert "keywords=Marcus Oyelaran Greyharbour\n" in unquote(text)
    assert "tomorrow is early enough" in text
    assert "- Which question or task would you handle differently today?\n" in text
    assert "keywords=Greyharbour head of Data Analyst\n" in unquote(text)
    assert "linkedin.com/search/results/content/?keywords=Greyharbour\n" in text
    assert text.endswith("check in on 2 February 2027, after the usual probation: not every new hire stays.")


def test_what_the_mail_shows_of_the_person_is_in_the_note() -> None:
    """Title, telephone, and their own profile in place of a search."""
    marcus = Person("Marcus Oyelaran", "", "Head of Data", "+44 1632 960 142", "https://www.linkedin.com/in/marcus-o")
    note = connect(rejection=replace(REJECTION, contact=marcus))

    assert "Person: Marcus Oyelaran, Head of Data, +44 1632 960 142\n" in note.text
    assert "https://www.linkedin.com/in/marcus-o" in note.text
    assert "keywords=Marcus" not in note.text


def test_the_note_says_whom_to_look_for_when_nobody_would_read_the_letter() -> None:
    text = connect(rejection=replace(NOBODY, contact=None, stage=Stage.APPLICATION, language="de")).text

    assert "Write to: nobody yet (no-reply@ats.example is a machine: nobody reads it)" in text
    assert "Look for a recruiter or the head of the hiring team at Greyharbour." in text
    assert "keywords=Greyharbour recruiter\n" in unquote(text)
    words = letter.words_of("de", WRITER.packs)
    german = replace(NOBODY, contact=None, language="de")
    assert f"\n\n{note.connection(german, WRITER.profile, words)}\n\n" in text
    assert "Person:" not in text
    assert "?\n" not in text


@pytest.mark.parametrize(
    ("known", "about"),
    [
        ({"contact": None}, "Greyharbour (Data Analyst)"),
        ({"contact": None, "company": None}, "Data Analyst"),
        ({"role": None}, "Marcus Oyelaran, Greyharbour"),
        ({"contact": None, "company": None, "role": None}, "RE: Interview for Data Analyst"),
    ],
)
def test_a_note_is_named_by_what_is_known(known: dict[str, Any], about: str) -> None:
    rejection = replace(REJECTION, **known)
    assert connect(rejection=rejection).summary == f"LinkedIn: {about}"
    assert check_in(rejection=rejection).summary == f"Check in: {about}"


def test_the_check_in_note_is_short_and_tells_what_it_is_about() -> None:
    action = check_in()
    message = parsed(action)

    assert message.keys() == NOTE_HEADER
    assert message["From"] == message["To"] == '"Sam Doe" <sam@mail.example>'
    assert body(message).replace("\r\n", "\n") == f"{action.text}\n"
    assert action.text.startswith(
        "On 3 November 2026 Greyharbour turned you down for the role of Data Analyst.\n"
        "The person to write to is Marcus Oyelaran <marcus.oyelaran@greyharbour.example>.\n\n"
    )
    assert len(action.text.split()) < 100


@pytest.mark.parametrize("language", [pack.code for pack in WRITER.packs])
def test_the_text_for_an_invitation_fits_and_names_what_is_known(language: str) -> None:
    words = letter.words_of(language, WRITER.packs)
    text = note.connection(REJECTION, Profile("Sam Doe"), words)
    assert len(text) < 200
    assert all(known in text for known in ("Data Analyst", "Greyharbour", "Sam Doe"))

    long = replace(REJECTION, role="Senior " * 14, company="Greyharbour " * 8, contact=Person("Priya " * 16, ""))
    for rejection in (
        long,
        replace(REJECTION, role=None),
        replace(REJECTION, role=None, company=None, contact=None),
    ):
        text = note.connection(rejection, Profile("Sam " * 40), words)
        assert len(text) < 200
        assert not re.search(r" {2}|[!{}\n]| [,.]|\(\)", text)


@pytest.mark.parametrize(
    ("contact", "company", "keywords"),
    [
        ("Zoë Ünal", "R&D/Ops", "Zo%C3%AB%20%C3%9Cnal%20R%26D%2FOps"),
        ("", "Greyharbour", "Greyharbour%20recruiter"),
        ("Priya Natarajan", "", "Priya%20Natarajan"),
    ],
)
def test_the_people_search_is_percent_encoded(contact: str, company: str, keywords: str) -> None:
    link = note.search_link(contact, company)
    assert link == f"https://www.linkedin.com/search/results/people/?keywords={keywords}"


def test_without_a_name_there_is_nobody_to_search_for() -> None:
    assert note.search_link("", "") == ""


def test_the_note_tells_when_they_invited_a_new_application() -> None:
    asked = replace(REJECTION, offered=Offered(again=6))
    assert "from about 3 May 2027 on" in connect(rejection=asked).text
    assert "from about 3 May 2027 on" in check_in(rejection=asked).text


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [((2026, 11, 3), 6, (2027, 5, 3)), ((2026, 8, 31), 6, (2027, 2, 28)), ((2026, 12, 1), 12, (2027, 12, 1))],
)
def test_months_end_with_the_month(day: tuple[int, int, int], months: int, later: tuple[int, int, int]) -> None:
    assert note.months_after(date(*day), months) == date(*later)


def test_now_and_then_a_note_speaks_of_the_users_own_profile() -> None:
    mine = replace(WRITER, profile=Profile("Sam Doe", linkedin="https://www.linkedin.com/in/sam-doe"))
    told = [connect(replace(MAIL, identity=f"{number:x}"), writer=mine).text for number in range(64)]
    share = sum("linkedin.com/in/sam-doe" in text for text in told)
    assert 4 < share < 32


def test_staying_in_touch_asks_for_nothing_and_ends() -> None:
    first, last = (
        WRITER.reminder(purpose, MAIL, REJECTION, AHEAD, due=DUE, sink="drafts")
        for purpose in (Purpose.STAY_IN_TOUCH, Purpose.STAY_IN_TOUCH_AGAIN)
    )
    assert "one more reminder" in first.text
    assert "the last reminder" in last.text
    assert "ask for nothing" in first.text
