"""The letter and the notes as messages: what a mail client, a server and the reader of the letter get."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.message import Message
from email.utils import getaddresses, parsedate_to_datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from unburnt.core import compose
from unburnt.core.compose import Writer, key
from unburnt.core.message import reply_subject
from unburnt.core.model import (
    AddReminder,
    Address,
    Envelope,
    Mail,
    Person,
    Profile,
    Purpose,
    Recipient,
    Rejection,
    SaveDraft,
    Stage,
)
from unburnt.core.note import Ahead
from unburnt.core.policy import Policy
from unburnt.world.packs import load

SENT = datetime(2026, 11, 3, 9, 30, tzinfo=UTC)
DUE = SENT + timedelta(days=1)
MARCUS = Address("Marcus Oyelaran", "marcus.oyelaran@greyharbour.example")
MAIL = Mail(
    Envelope("<AM9PR04@greyharbour.example>", SENT, MARCUS, "RE: Interview for Data Analyst"),
    "7d1f",
    "Morning Sam,\n\nwe went with somebody else.\nThanks for coming out to Avonmouth.\n\nMarcus",
    "> Monday works for me.",
    to=(Address("Sam Doe", "sam@mail.example"),),
    references=("<AM7@greyharbour.example>", "<b71d@mail.example>"),
)
REJECTION = Rejection(
    "Greyharbour",
    "Data Analyst",
    Person(MARCUS.name, MARCUS.address),
    Recipient(MARCUS.address, "he wrote it", MARCUS.name),
    Stage.INTERVIEW,
    "en",
)
ADDRESSES = ("sam@mail.example", "S.Doe@work.example")
POLICY = Policy(address=ADDRESSES[0], addresses=ADDRESSES)
WRITER = Writer(Profile("Sam Doe"), POLICY, load())
AHEAD = Ahead(DUE, DUE + timedelta(days=90), letter=True)
HEADER = ["MIME-Version", "Date", "Message-ID", "From", "To", "Subject", "In-Reply-To", "References", "X-Draft-Key"]
TEXT_HEADER = [*HEADER, "Content-Type", "Content-Transfer-Encoding"]
NOTE_HEADER = [*HEADER, "Auto-Submitted", "Content-Type", "Content-Transfer-Encoding"]


def letter(mail: Mail = MAIL, rejection: Rejection = REJECTION, writer: Writer = WRITER) -> SaveDraft:
    return writer.letter(mail, rejection, due=DUE, now=DUE)


def connect(mail: Mail = MAIL, rejection: Rejection = REJECTION, writer: Writer = WRITER) -> AddReminder:
    return writer.reminder(Purpose.CONNECT, mail, rejection, AHEAD, due=DUE, sink="drafts")


def check_in(mail: Mail = MAIL, rejection: Rejection = REJECTION, writer: Writer = WRITER) -> AddReminder:
    return writer.reminder(Purpose.CHECK_IN, mail, rejection, AHEAD, due=DUE, sink="drafts")


def parsed(action: SaveDraft | AddReminder) -> Message:
    return message_from_bytes(action.octets)


def decoded(message: Message, name: str) -> str:
    return str(make_header(decode_header(message[name].replace("\r\n", ""))))


def body(message: Message) -> str:
    payload = message.get_payload(decode=True)
    assert isinstance(payload, bytes)
    return payload.decode("utf-8")


def unflowed(text: str) -> Iterator[tuple[int, str]]:
    """Paragraphs with their quote depth, read as RFC 3676 section 4.5 has it."""
    paragraph = ""
    for line in text.removesuffix("\r\n").split("\r\n"):
        content = line.lstrip(">")
        depth = len(line) - len(content)
        paragraph += content.removeprefix(" ")
        if not content.endswith(" "):
            yield depth, paragraph
            paragraph = ""


def test_the_letter_has_this_header_and_no_other_field() -> None:
    draft = letter()
    message = parsed(draft)

    assert message.keys() == TEXT_HEADER
    assert message["From"] == '"Sam Doe" <sam@mail.example>'
    assert message["To"] == '"Marcus Oyelaran" <marcus.oyelaran@greyharbour.example>'
    assert message["Subject"] == "Re: Interview for Data Analyst"
    assert message["In-Reply-To"] == "<AM9PR04@greyharbour.example>"
    assert message["References"].split() == [*MAIL.references, "<AM9PR04@greyharbour.example>"]
    assert message["Message-ID"] == f"<{draft.key}@mail.example>"
    assert message["X-Draft-Key"] == draft.key == key("7d1f", "letter")
    assert parsedate_to_datetime(message["Date"]) == DUE
    assert message["Content-Type"] == "text/plain; charset=utf-8; format=flowed"


def test_the_letter_stands_above_the_mail_it_answers() -> None:
    draft = letter()
    paragraphs = list(unflowed(body(parsed(draft))))
    own = "\n".join(text for depth, text in paragraphs if depth == 0)

    assert own == f"{draft.text}\n\nOn 3 November 2026, Marcus Oyelaran wrote:"
    assert [text for depth, text in paragraphs if depth == 1] == MAIL.text.split("\n")


@pytest.mark.parametrize(
    ("language", "line"),
    [
        ("de", "Am 3. November 2026 schrieb Marcus Oyelaran:"),
        ("fr", "Le 3 novembre 2026, Marcus Oyelaran a écrit\N{NO-BREAK SPACE}:"),
        ("pl", "W dniu 3 listopada 2026 Marcus Oyelaran pisze:"),
    ],
)
def test_the_quote_is_introduced_in_the_letters_language(language: str, line: str) -> None:
    assert line in body(parsed(letter(rejection=replace(REJECTION, language=language))))


def test_the_quote_is_left_out_if_the_user_wants_none() -> None:
    draft = letter(writer=replace(WRITER, policy=replace(POLICY, quote=False)))
    assert list(unflowed(body(parsed(draft)))) == [(0, line) for line in draft.text.split("\n")]


def test_a_calendar_holds_a_reminder_from_the_start_and_a_note_comes_on_its_day() -> None:
    later = DUE + timedelta(days=90)
    told = {
        sink: WRITER.reminder(Purpose.CHECK_IN, MAIL, REJECTION, AHEAD, due=later, sink=sink)
        for sink in ("drafts", "ics", "todo.txt", "notify")
    }
    assert {sink: action.at for sink, action in told.items()} == {
        "drafts": later,
        "ics": DUE,
        "todo.txt": DUE,
        "notify": later,
    }
    assert {action.due for action in told.values()} == {later}
    (todo,) = Calendar.from_ical(told["ics"].octets).walk("VTODO")
    assert todo.decoded("due") == later
    assert told["todo.txt"].octets.decode().endswith(f"due:{later:%Y-%m-%d} key:{told['todo.txt'].key}")
    assert told["notify"].octets == b"Check in again: Greyharbour (Data Analyst)", "company and role only"


def test_days_that_people_read_are_those_of_their_zone() -> None:
    """23:30 in UTC is the next day in Auckland; instants stay what they are."""
    late, zone = SENT.replace(hour=23, minute=30), ZoneInfo("Pacific/Auckland")
    there = replace(WRITER, policy=replace(POLICY, zone=zone))
    told = there.reminder(Purpose.CHECK_IN, MAIL, REJECTION, AHEAD, due=late, sink="todo.txt").octets.decode()
    assert f"due:{late.date() + timedelta(days=1)}" in told
    event = there.reminder(Purpose.CHECK_IN, MAIL, REJECTION, AHEAD, due=late, sink="ics").octets
    assert Calendar.from_ical(event).walk("VTODO")[0].decoded("due") == late
    moved = compose.moved("todo.txt", told.encode(), due=late.astimezone(zone), stamp=SENT).decode()
    assert moved == told


def test_a_letter_to_a_rejection_that_no_mail_told_has_a_subject_of_its_own() -> None:
    said = Mail(Envelope(date=SENT), "7d1f", "", "")
    message = parsed(letter(said))
    assert message["Subject"] == "Thank you: Data Analyst"
    assert "In-Reply-To" not in message
    assert "wrote:" not in body(message)


def test_nothing_names_the_program_since_the_reader_gets_it_too() -> None:
    assert b"unburnt" not in letter().octets.lower()
    assert not {"x-mailer", "user-agent"} & {name.lower() for name in parsed(letter()).keys()}  # noqa: SIM118


def test_the_same_mail_gives_the_same_octets_and_each_action_its_own_key() -> None:
    assert [make() for make in (letter, connect, check_in)] == [make() for make in (letter, connect, check_in)]
    sinks = ("drafts", "inbox", "ics", "caldav", "todo.txt", "notify")
    forms = [WRITER.reminder(Purpose.CONNECT, MAIL, REJECTION, AHEAD, due=DUE, sink=sink) for sink in sinks]
    keys = {letter().key, check_in().key, *(form.key for form in forms)}
    assert len(keys) == 2 + len(sinks)
    assert {form.reminder for form in forms} == {connect().key}
    assert all(re.fullmatch(r"[0-9a-f]{32}", each) for each in keys)


def test_only_the_wait_changes_the_words() -> None:
    later = WRITER.letter(MAIL, REJECTION, due=DUE, now=DUE + timedelta(days=21))
    assert later.key == letter().key
    assert later.text != letter().text == WRITER.letter(MAIL, REJECTION, due=DUE, now=DUE + timedelta(days=19)).text


@pytest.mark.parametrize(
    ("mail", "author"),
    [
        (replace(MAIL, to=(Address("", "s.doe@WORK.example"),)), "S.Doe@work.example"),
        (
            replace(MAIL, to=(Address("", "all@list.example"),), cc=(Address("", "s.doe@work.example"),)),
            "S.Doe@work.example",
        ),
        (replace(MAIL, to=(), delivered_to=("s.doe@work.example",)), "S.Doe@work.example"),
        (replace(MAIL, to=(Address("", "sam+jobs@mail.example"),)), "sam@mail.example"),
        (replace(MAIL, to=()), "sam@mail.example"),
    ],
)
def test_the_letter_comes_from_the_address_that_was_written_to(mail: Mail, author: str) -> None:
    assert parsed(letter(mail))["From"] == f'"Sam Doe" <{author}>'


UNSOUND = "careers @x.example a@b@x.example a..b@x.example .a@x.example a@x.example. jürgen@x.example a@münchen.example"
SPACED = ("", "a b@x.example", '"a b"@x.example', "a@x.example, b@x.example", "a@x.example\r\nBcc: b@x.example")


@pytest.mark.parametrize("address", [None, *SPACED, *UNSOUND.split()])
def test_without_a_sound_address_there_is_no_to_field(address: str | None) -> None:
    message = parsed(letter(rejection=replace(REJECTION, recipient=Recipient(address, "", "Priya"))))
    assert message.keys() == [name for name in TEXT_HEADER if name != "To"]


def test_without_an_account_the_user_is_left_to_fill_in_from() -> None:
    writer = replace(WRITER, policy=Policy())
    draft = letter(writer=writer)
    assert parsed(draft)["From"] is None
    assert parsed(draft)["Message-ID"] == f"<{draft.key}@localhost.invalid>"
    assert not {"From", "To"} & {*parsed(connect(writer=writer)).keys()}


@pytest.mark.parametrize(
    ("subject", "reply"),
    [
        ("Your application", "Re: Your application"),
        ("Re: Your application", "Re: Your application"),
        ("RE: AW: Sv: re[2]: Your application", "Re: Your application"),
        ("Re : Votre candidature", "Re: Votre candidature"),
        ("Reference: 4711", "Re: Reference: 4711"),
        ("Fwd: Your application", "Re: Fwd: Your application"),
        ("  Your\r\n\tapplication\x00 ", "Re: Your application"),
        ("", "Re:"),
    ],
)
def test_the_subject_has_one_re(subject: str, reply: str) -> None:
    assert reply_subject(subject) == reply


def test_a_subject_that_looks_encoded_reaches_the_reader_as_it_is() -> None:
    subject = "=?utf-8?q?Zm9v?= application"
    mail = replace(MAIL, envelope=replace(MAIL.envelope, subject=subject))
    assert decoded(parsed(letter(mail)), "Subject") == f"Re: {subject}"


def test_long_threads_lose_their_middle() -> None:
    thread = tuple(f"<{n}@greyharbour.example>" for n in range(30))
    ids = parsed(letter(replace(MAIL, references=thread)))["References"].split()
    assert ids == [thread[0], *thread[12:], MAIL.envelope.message_id]
    assert len(ids) == 20


def test_a_message_id_longer_than_a_line_stays_whole() -> None:
    long = f"<{'AM9PR04MB7781C2' * 12}@greyharbour.example>"
    mail = replace(MAIL, envelope=replace(MAIL.envelope, message_id=long))
    assert f"In-Reply-To: {long}\r\n".encode() in letter(mail).octets
    assert f"\r\n {long}\r\n".encode() in letter(mail).octets


@pytest.mark.parametrize(
    ("message_id", "in_reply_to", "references", "thread"),
    [
        ("<2@x>", ("<1@x>",), (), ["<1@x>", "<2@x>"]),
        ("<3@x>", ("<1@x>", "<2@x>"), (), ["<3@x>"]),
        ("<3@x>", ("<2@x>", "<1@x>", "<2@x>"), ("<1@x>", "<2@x>"), ["<1@x>", "<2@x>", "<3@x>"]),
        ("<3@x>", (), ("<3@x>", "<1@x>", "<1@x>", "junk", "<a b@x>", "<ü@x>"), ["<1@x>", "<3@x>"]),
        (None, ("<1@x>",), ("<1@x>",), []),
        ("<3@x>\r\nBcc: <a@b.example>", (), ("<1@x>",), []),
    ],
)
def test_the_thread_is_that_of_rfc_5322(
    message_id: str | None, in_reply_to: tuple[str, ...], references: tuple[str, ...], thread: list[str]
) -> None:
    envelope = replace(MAIL.envelope, message_id=message_id, in_reply_to=in_reply_to)
    message = parsed(letter(replace(MAIL, envelope=envelope, references=references)))
    assert message.get("References", "").split() == thread
    assert message.get("In-Reply-To", "").split() == thread[-1:]


def test_long_lines_flow_and_what_would_mean_something_is_stuffed() -> None:
    text = f"From here on\n{'word ' * 60}\n> older {'quote ' * 20}\n indented\n>> oldest\n{'x' * 200}"
    message = body(parsed(letter(replace(MAIL, text=text))))

    assert max(len(line) for line in message.split("\r\n") if "xxx" not in line) <= 74
    assert [pair for pair in unflowed(message) if pair[0] > 0] == [
        (1, "From here on"),
        (1, ("word " * 60).strip()),
        (2, f"older {'quote ' * 20}".strip()),
        (1, " indented"),
        (3, "oldest"),
        (1, "x" * 200),
    ]


def test_a_signature_that_looks_quoted_is_stuffed() -> None:
    writer = replace(WRITER, profile=Profile("Sam Doe", "> Sam\nFrom Bristol"))
    message = body(parsed(letter(writer=writer)))
    assert "\r\n > Sam\r\n From Bristol\r\n" in message
    assert (0, "> Sam") in unflowed(message)


NAMES = ("x\r\nBcc: a@b.example", "x, a@b.example", 'x" <a@b.example>', "=?utf-8?q?x=0D=0A?=", "Zoë, Ünal")


@pytest.mark.parametrize("name", [*NAMES, "Priya " * 12, "木" * 80])
def test_a_display_name_stays_a_name_on_short_lines(name: str) -> None:
    draft = letter(rejection=replace(REJECTION, recipient=Recipient(MARCUS.address, "", name)))
    message = message_from_bytes(draft.octets, policy=policy.default)

    assert message.keys() == TEXT_HEADER
    (address,) = message["To"].addresses
    assert address.addr_spec == MARCUS.address
    # compared without blanks: the parser leaves one between encoded words of a name, which RFC 2047 section 6.2 drops
    assert "".join(address.display_name.split()) == "".join(name[:72].split())
    assert max(map(len, draft.octets.split(b"\r\n"))) <= 78


def test_at_most_sixty_lines_are_quoted() -> None:
    message = body(parsed(letter(replace(MAIL, text="line\n" * 500))))
    assert message.count("\r\n> line") == 60


HOSTILE = [*NAMES, "x\nX-Evil: 1\n\nbody", "=?utf-8?q?=0D=0ABcc=3A_a=40b.example?=", "ü" * 300]
anything = st.text(st.characters(), max_size=300) | st.sampled_from(HOSTILE)
emails = st.sampled_from(["priya@greyharbour.example", "a+b_c@d-e.example"])
addresses = st.builds(Address, anything, anything | emails)
people = st.builds(Person, anything, anything | emails, anything, anything, anything)


ids = st.none() | anything | st.just("<1@x.example>")
dates = st.none() | st.just(SENT)
envelopes = st.builds(Envelope, message_id=ids, date=dates, author=st.none() | addresses, subject=anything)
recipients = st.builds(Recipient, st.none() | anything | emails, anything, anything)
names = st.none() | anything
languages = st.sampled_from(["en", "fr", "pl", "xx"])


@given(
    st.builds(Mail, envelopes, st.just("7d1f"), anything, st.just(""), references=st.lists(anything).map(tuple)),
    st.builds(Rejection, names, names, st.none() | people, recipients, st.sampled_from(Stage), languages),
)
def test_whatever_a_stranger_writes_the_header_is_ours(mail: Mail, rejection: Rejection) -> None:
    for action in (letter(mail, rejection), connect(mail, rejection), check_in(mail, rejection)):
        message = message_from_bytes(action.octets, policy=policy.default)
        fields = message.keys()

        assert action.octets.isascii()
        assert not re.search(rb"(?<!\r)\n|\r(?!\n)|[^\r\n]{999}", action.octets)
        assert fields == [name for name in NOTE_HEADER if name in fields]
        assert ("Auto-Submitted" in fields) == isinstance(action, AddReminder)
        assert len(getaddresses([str(message["From"])])) == 1
        assert len(getaddresses([str(message.get("To", "a@b"))])) == 1
        assert not [part.defects for part in message.walk() if part.defects]
        assert decoded(parsed(action), "Subject") == str(message["Subject"])
