"""Our letters in a real mail client: neomutt recalls them from Drafts on a Dovecot; its user edits, sends, postpones, deletes.

What it sends is taken in by an SMTP server in this process and goes no further.
"""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest
from imapclient import IMAPClient

from tests import mail
from tests.accounts import config, deliver
from tests.core.test_compose import unflowed
from tests.servers.dovecot import Dovecot, free_port
from tests.servers.neomutt import Neomutt
from tests.test_history import ALICE, NAOMI, NO, NO_OF_NAOMI, SYSTEM, body, fill, letter, letters
from unburnt.core.planner import Planner
from unburnt.reports import Silent
from unburnt.watch import AccountWatch
from unburnt.wiring import database, recipe

Passes = Callable[[timedelta], None]

NOW = datetime.now(UTC)
AT_ONCE, LATER = timedelta(), (timedelta(hours=1), timedelta(days=30))
OUTLOOK = f"<{'AS8PR07MB7781C2' * 9}@eurprd07.prod.outlook.example>"  # longer than a line: CPython issue 79986

RECALL = "<recall-message><search>~s ^Re:<enter><select-entry>"  # a note to oneself lies in Drafts too
SEND, POSTPONE = "<send-message>", "<postpone-message>"
DELETE = "<recall-message><search>~s ^Re:<enter><delete-entry><exit>"

GOOD_MORNING = " and good morning,"
LETTER = "Date From To Subject Message-ID References In-Reply-To MIME-Version".split()  # and what tells of the text
LETTER += "Content-Type Content-Disposition Content-Transfer-Encoding".split()

FOREIGN = f"""\
From: =?utf-8?q?Zo=C3=AB_Wi=C5=9Bniewska?= <z.wisniewska@kaeltewerk.example>
To: Alice Doe <alice@mail.example>
Subject: =?utf-8?q?Ihre_Bewerbung_als_K=C3=A4ltetechnikerin_bei_K=C3=A4ltewerk_=C5=81ub=C3=B3w?=
Date: {format_datetime(NOW)}
Message-ID: {OUTLOOK}
In-Reply-To: <2@mail.example>
References: <1@kaeltewerk.example>
 <2@mail.example>
MIME-Version: 1.0
Content-Type: text/plain; charset=utf-8; format=flowed
Content-Transfer-Encoding: 8bit

Sehr geehrte Frau Doe,

vielen Dank für Ihre Bewerbung als Kältetechnikerin bei Kältewerk Łubów und für das \n\
Gespräch mit Grzegorz Brzęczyszczykiewicz und mir. Leider müssen wir Ihnen mitteilen, \n\
dass wir uns für eine andere Bewerberin entschieden haben.

  1. Ihre Unterlagen haben wir gelöscht.
 From time to time schreiben wir neue Stellen aus: „Kommen Sie wieder!“

Mit freundlichen Grüßen
Zoë Wiśniewska
Leiterin Technik, Kältewerk Łubów
""".replace("\n", "\r\n").encode()


class Post:
    """What an SMTP server was handed: recipients and octets."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.taken: list[tuple[list[str], bytes]] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802  # aiosmtpd's name
        self.taken.append((envelope.rcpt_tos, envelope.content))
        return "250 OK"


@pytest.fixture(scope="module")
def planner(dovecot: Dovecot, tmp_path_factory: pytest.TempPathFactory) -> Planner:
    """The real one, with the shipped model."""
    given = config(dovecot, tmp_path_factory.mktemp("planner"))
    return recipe(given, given.accounts[0])()


@pytest.fixture
def passes(dovecot: Dovecot, planner: Planner, tmp_path: Path) -> Passes:
    """One pass of ours over alice's mail, as much later as is said."""
    given = config(dovecot, tmp_path)

    def once(later: timedelta) -> None:
        opened = database(given)
        clock = lambda: datetime.now(UTC) + later  # noqa: E731
        try:
            AccountWatch(given, given.accounts[0], opened, planner, Silent(), clock, lambda _watch, _due: None).once()
        finally:
            opened.close()

    return once


@pytest.fixture
def post() -> Iterator[Post]:
    """Where the client hands in what it sends."""
    smtp = pytest.importorskip("aiosmtpd.controller")
    taking = Post(free_port())
    server = smtp.Controller(taking, hostname="127.0.0.1", port=taking.port)
    server.start()
    yield taking
    server.stop()


@pytest.fixture
def neomutt(dovecot: Dovecot, post: Post, tmp_path: Path) -> Neomutt:
    if (why := Neomutt.available()) is not None:
        pytest.skip(why)
    return Neomutt(tmp_path, dovecot.port, post.port)


def lying(alice: IMAPClient) -> dict[str, tuple[int, dict[int, bytes]]]:
    """What lies where the user keeps letters, and the UID that would be the next: what came and went shows."""
    found = {}
    for mailbox in ("Drafts", "Sent", "Trash"):
        alice.select_folder(mailbox, readonly=True)
        rows = alice.fetch(alice.search("ALL"), ["BODY.PEEK[]"])
        octets = {uid: row[b"BODY[]"] for uid, row in rows.items()}
        found[mailbox] = (alice.folder_status(mailbox, ["UIDNEXT"])[b"UIDNEXT"], octets)
    return found


def parsed(octets: bytes) -> EmailMessage:
    return message_from_bytes(octets, policy=policy.default)


@pytest.mark.parametrize(
    ("rejection", "to", "name", "thread", "greeting"),
    [
        (
            mail.rejection(1, NOW),
            "priya.natarajan@corvane.example",
            "Priya Natarajan",
            ["<1@corvane.example>"],
            GOOD_MORNING,
        ),
        (
            FOREIGN,
            "z.wisniewska@kaeltewerk.example",
            "Zoë Wiśniewska",
            ["<1@kaeltewerk.example>", "<2@mail.example>", OUTLOOK],
            " – und herzliche Grüße auch an Łucja,",
        ),
    ],
    ids=["plain", "foreign"],
)
def test_a_letter_that_is_edited_and_sent_arrives_as_an_answer(
    alice: IMAPClient,
    passes: Passes,
    neomutt: Neomutt,
    post: Post,
    rejection: bytes,
    to: str,
    name: str,
    thread: list[str],
    greeting: str,
) -> None:
    """To the right person, in the thread, its flowed lines and its charset readable; with the user's words in it."""
    deliver(alice, rejection)
    passes(AT_ONCE)
    (ours,) = letters(alice)
    neomutt.types(RECALL + SEND, greeting)
    ((recipients, octets),) = post.taken
    sent = parsed(octets)

    assert recipients == [to]
    assert [(each.display_name, each.addr_spec) for each in sent["To"].addresses] == [(name, to)]
    assert [each.addr_spec for each in sent["From"].addresses] == ["alice@mail.example"]
    assert sent["Subject"] == f"Re: {parsed(rejection)['Subject']}"
    assert sent["In-Reply-To"].split() == thread[-1:]
    assert sent["References"].split() == thread
    assert {each for each in sent if each not in LETTER} == {"X-Draft-Key"}
    assert (sent.get_content_type(), sent["Content-Type"].params["format"]) == ("text/plain", "flowed")

    (depth, first), *rest = unflowed(body(ours))
    read = list(unflowed(body(sent)))
    assert read == [(depth, first.removesuffix(",") + greeting), *rest]
    assert name in first
    assert [text for depth, text in read if depth] == [text for _, text in unflowed(body(parsed(rejection)))]


def test_a_letter_without_recipient_is_not_sent_before_the_user_names_one(
    alice: IMAPClient, passes: Passes, neomutt: Neomutt, post: Post
) -> None:
    """There is no To field, not even an empty one; after that it is a letter like any other."""
    deliver(alice, letter(SYSTEM, ALICE, "Your application at Harrowmill", NO, 0, 10))
    passes(AT_ONCE)
    (ours,) = letters(alice)
    neomutt.types(RECALL + SEND + POSTPONE)  # it stays open, as it can't be sent
    (kept,) = letters(alice)

    assert "To" not in ours
    assert not kept["To"]
    assert post.taken == []

    neomutt.types(f"{RECALL}<edit-to>{NAOMI}<enter>{SEND}")
    ((recipients, octets),) = post.taken
    assert recipients == ["naomi.beck@harrowmill.example"]
    assert parsed(octets)["In-Reply-To"] == "<10@thread.example>"


@pytest.mark.parametrize(
    ("keys", "there"),
    [
        (RECALL + SEND, {"Drafts": 1, "Sent": 4, "Trash": 0}),
        (RECALL + POSTPONE, {"Drafts": 2, "Sent": 3, "Trash": 0}),
        (DELETE, {"Drafts": 1, "Sent": 3, "Trash": 1}),
    ],
    ids=["sent", "edited", "deleted"],
)
def test_what_the_user_did_with_a_letter_stays(
    alice: IMAPClient, passes: Passes, neomutt: Neomutt, keys: str, there: dict[str, int]
) -> None:
    """Field notes C4: nothing is made anew or reminded of twice, though time goes on and the same no is told again."""
    _answered_machine(alice, passes)
    neomutt.types(keys, GOOD_MORNING)
    left = lying(alice)
    assert {mailbox: len(octets) for mailbox, (_, octets) in left.items()} == there

    for number, later in enumerate(LATER, 20):
        passes(later)
        assert lying(alice) == left
        deliver(alice, letter(SYSTEM, ALICE, "Update on your application", NO, 0, number))
    passes(LATER[-1])
    assert lying(alice) == left


@pytest.mark.parametrize(
    "keys",
    [
        RECALL + SEND,
        RECALL + POSTPONE,
        DELETE,
    ],
    ids=["sent", "edited", "deleted"],
)
def test_no_better_letter_replaces_one_that_the_user_had_in_hand(
    alice: IMAPClient, passes: Passes, neomutt: Neomutt, keys: str
) -> None:
    """A person's own no would have its letter instead of the one to the machine's."""
    _answered_machine(alice, passes)
    neomutt.types(keys, GOOD_MORNING)
    left = [each.as_bytes() for each in letters(alice)]
    deliver(alice, letter(NAOMI, ALICE, "Grain Buyer", NO_OF_NAOMI, 0, 12))
    for later in LATER:
        passes(later)

    assert [each.as_bytes() for each in letters(alice)] == left


def test_a_person_who_says_no_twice_changes_nothing_beside_an_edited_letter(
    alice: IMAPClient, passes: Passes, neomutt: Neomutt
) -> None:
    """One letter and one note for one application, whoever says no and however often."""
    _answered_machine(alice, passes)
    neomutt.types(RECALL + POSTPONE, GOOD_MORNING)
    left = lying(alice)
    for number, later in enumerate(LATER, 12):
        deliver(alice, letter(NAOMI, ALICE, "Grain Buyer", NO_OF_NAOMI, 0, number))
        passes(later)

    assert lying(alice) == left


def _answered_machine(alice: IMAPClient, passes: Passes) -> None:
    """A letter to Naomi and a note lie in Drafts."""
    fill(alice)
    deliver(alice, letter(SYSTEM, ALICE, "Your application at Harrowmill", NO, 1, 10))
    passes(AT_ONCE)
