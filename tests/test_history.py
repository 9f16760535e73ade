"""Earlier mail and what follows from it: the whole way through a real Dovecot, with the shipped model."""

import csv
import io
import json
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path

import pytest
from imapclient import IMAPClient

from tests.accounts import deliver, flags_of
from tests.command import unburnt
from tests.servers.dovecot import Dovecot
from tests.test_watch import written
from unburnt.errors import Exit

NAOMI = "Naomi Beck <naomi.beck@harrowmill.example>"
SYSTEM = "Harrowmill Careers <no-reply@harrowmill.example>"
ALICE = "Alice Doe <alice@mail.example>"
TODAY = datetime.now(UTC)

APPLICATION = """Dear Harrowmill team,

I would like to apply for the position of Grain Buyer. My CV is attached.

Kind regards,
Alice Doe"""
INVITATION = """Hello Alice,

thank you for your application for the position of Grain Buyer at Harrowmill. We would like to invite you to an interview
with Tomasz Król and me at our office in Lewes. Would {day:%A}, {day:%d %B}, at 10:00 suit you?

Kind regards,
Naomi Beck
Head of Purchasing
Harrowmill
+44 1632 960 142"""
NO = """Dear Alice,

Thank you for your interest in the position of Grain Buyer at Harrowmill. After careful consideration we regret to inform
you that we have decided to move forward with other candidates whose experience more closely matches our needs.

We wish you all the best in your search.

The Harrowmill Careers Team

This mailbox is not monitored; please do not reply to this message."""
NO_OF_NAOMI = """Dear Alice,

Thank you for coming to the interview for the position of Grain Buyer at Harrowmill. I am sorry to tell you that we have
decided to offer the position to another candidate. It was a close decision, and we enjoyed meeting you.

Kind regards,
Naomi Beck
Head of Purchasing, Harrowmill"""


def letter(author: str, to: str, subject: str, text: str, days_ago: float, number: int, answers: int = 0) -> bytes:
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = author, to, subject
    made["Date"] = format_datetime(TODAY - timedelta(days=days_ago))
    made["Message-ID"] = f"<{number}@thread.example>"
    if answers:
        made["In-Reply-To"] = f"<{answers}@thread.example>"
    made.set_content(text)
    return made.as_bytes(policy=policy.SMTP)


def fill(alice: IMAPClient) -> None:
    """An application, an invitation that was filed away, the answer to it, and some private mail around."""
    talk = TODAY - timedelta(days=12)
    told = (
        ("Sent", ALICE, "jobs@harrowmill.example", "Application: Grain Buyer", APPLICATION, 30, 1, 0),
        ("Archive", NAOMI, ALICE, "Interview at Harrowmill", INVITATION.format(day=talk), 20, 2, 0),
        ("Sent", ALICE, NAOMI, "Re: Interview at Harrowmill", "That suits me well.\n\nAlice", 19, 3, 2),
        ("Archive", "Mum <mum@home.example>", ALICE, "Sunday", "Are you coming on Sunday? Bring cake.", 18, 4, 0),
        ("Sent", ALICE, "Mum <mum@home.example>", "Re: Sunday", "Yes!", 17, 5, 4),
    )
    for mailbox, author, to, subject, text, days_ago, number, answers in told:
        date = TODAY - timedelta(days=days_ago)
        deliver(alice, letter(author, to, subject, text, days_ago, number, answers), mailbox, date)


def drafts(alice: IMAPClient, mailbox: str = "Drafts") -> list[EmailMessage]:
    alice.select_folder(mailbox, readonly=True)
    rows = alice.fetch(alice.search("ALL"), ["BODY.PEEK[]"])
    return [message_from_bytes(row[b"BODY[]"], policy=policy.default) for row in rows.values()]


def letters(alice: IMAPClient, mailbox: str = "Drafts") -> list[EmailMessage]:
    """Those for others: not the notes to oneself."""
    return [each for each in drafts(alice, mailbox) if str(each["Subject"]).startswith("Re:")]


def body(draft: EmailMessage) -> str:
    part = draft.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


def pass_once(config: Path) -> None:
    done = unburnt("watch", "--once", "--config", config)
    assert done.returncode == Exit.OK, done.stderr


@pytest.fixture
def config(dovecot: Dovecot, alice: IMAPClient, tmp_path: Path) -> Path:
    fill(alice)
    deliver(alice, letter(SYSTEM, ALICE, "Your application at Harrowmill", NO, 1, 10))
    return written(dovecot, tmp_path)


def test_a_machines_no_is_answered_to_the_person_of_the_interview(alice: IMAPClient, config: Path) -> None:
    """The person is known from mail in another mailbox; nothing there changes."""
    before = flags_of(alice, "Archive")
    pass_once(config)
    (draft,) = letters(alice)

    assert "naomi.beck@harrowmill.example" in str(draft["To"])
    assert "Naomi" in body(draft)
    assert flags_of(alice, "Archive") == before


def test_history_tells_the_application(alice: IMAPClient, config: Path) -> None:
    """As a table, JSON and CSV; private mail is not in it."""
    pass_once(config)
    (known,) = json.loads(unburnt("history", "--json", "--config", config).stdout)
    (row,) = csv.DictReader(io.StringIO(unburnt("history", "harrow", "--csv", "--config", config).stdout.decode()))
    shown = unburnt("history", "--config", config).stdout.decode()

    assert (known["company"], known["role"]) == ("Harrowmill", "Grain Buyer")
    assert (known["stage"], known["rounds"], known["outcome"]) == ("interview", 1, "rejected")
    assert known["applied"] == (TODAY - timedelta(days=30)).date().isoformat()
    assert "Naomi Beck" in known["people"]
    assert (row["company"], row["outcome"]) == ("Harrowmill", "rejected")
    assert "Grain Buyer" in shown
    assert "Mum" not in unburnt("history", "--json", "--config", config).stdout.decode()
    assert json.loads(unburnt("history", "Elsewhere", "--json", "--config", config).stdout) == []


def test_private_mail_leaves_no_trace_in_the_index(alice: IMAPClient, config: Path) -> None:
    pass_once(config)
    octets = b"".join(path.read_bytes() for path in config.parent.joinpath("state").iterdir() if path.is_file())

    assert b"naomi.beck@harrowmill.example" in octets
    assert b"mum@home.example" not in octets


def test_the_same_no_told_twice_is_answered_once(alice: IMAPClient, config: Path) -> None:
    """A second form letter about the same position."""
    pass_once(config)
    again = letter(
        SYSTEM, ALICE, "Update on your application at Harrowmill", NO.replace("After careful", "After"), 0, 11
    )
    deliver(alice, again)
    pass_once(config)
    status = json.loads(unburnt("status", "--json", "--config", config).stdout)

    assert len(letters(alice)) == 1
    assert status["accounts"][0]["reasons"]["SAME_PROCESS"] == 1


def test_a_persons_own_no_replaces_the_letter_to_the_machines(alice: IMAPClient, config: Path) -> None:
    """While nobody has touched it: then it goes to Trash, and the one in the person's own thread is there."""
    pass_once(config)
    deliver(alice, letter(NAOMI, ALICE, "Grain Buyer", NO_OF_NAOMI, 0, 12))
    pass_once(config)
    pass_once(config)

    assert [str(each["In-Reply-To"]) for each in letters(alice)] == ["<12@thread.example>"]
    assert [str(each["In-Reply-To"]) for each in letters(alice, "Trash")] == ["<10@thread.example>"]


def test_a_letter_that_was_touched_stays(alice: IMAPClient, config: Path) -> None:
    """It was sent, or edited, or thrown away: then there is no second one."""
    pass_once(config)
    alice.select_folder("Drafts")
    alice.delete_messages(alice.search(["SUBJECT", "Re:"]))
    alice.expunge()
    alice.unselect_folder()
    deliver(alice, letter(NAOMI, ALICE, "Grain Buyer", NO_OF_NAOMI, 0, 12))
    pass_once(config)
    pass_once(config)

    assert letters(alice) == []


def test_who_has_written_since_needs_no_letter(alice: IMAPClient, config: Path) -> None:
    """A mail of the user's own to the same person, in a new thread."""
    thanks = letter(ALICE, NAOMI, "Thank you", "Dear Naomi, thank you for the news and for the interview.", 0, 13)
    deliver(alice, thanks, "Sent")
    pass_once(config)
    status = json.loads(unburnt("status", "--json", "--config", config).stdout)

    assert letters(alice) == []
    assert status["accounts"][0]["reasons"]["ALREADY_ANSWERED"] == 1
