"""The mends of imapclient and imaplib, each against a server that plays the fault; and the allow-list."""

import imaplib
import os
import threading
import time

import pytest

from tests.servers.scripted import Conversation, ScriptedServer, Talk
from unburnt.world.wire import Allowed, Client, ForbiddenCommand, Guard


def client(talk: Talk, timeout: float = 5) -> Client:
    """A client of a server that plays ``talk``."""
    server = ScriptedServer(talk)
    return Client(server.host, server.port, None, timeout, Guard(lambda: Allowed(append=frozenset({b"Drafts"}))))


def idling(talk: Talk) -> Talk:
    """``talk`` with the tag of IDLE heard first and DONE answered last."""

    def play(conversation: Conversation) -> None:
        tag = conversation.hear().split(b" ", 1)[0]
        talk(conversation)
        assert conversation.hear() == b"DONE\r\n"
        conversation.say(tag + b" OK idled\r\n")

    return play


@pytest.mark.parametrize(
    ("parts", "news"),
    [
        pytest.param((b"+ idling\r\n* 5 EXISTS\r\n",), True, id="coalesced with the continuation"),
        pytest.param((b"* 5 EXISTS\r\n+ idling\r\n",), True, id="before the continuation"),
        pytest.param((b"+ idling\r\n", b"* 5 EX", b"ISTS\r\n"), True, id="split over two segments"),
        pytest.param((b"+ idling\r\n", b"* OK Still here\r\n"), False, id="only a sign of life"),
    ],
)
def test_idle_hears_every_line_however_it_is_cut(parts: tuple[bytes, ...], news: bool) -> None:
    """Field notes E8: all but the last fail on stock imapclient."""
    wire = client(idling(lambda conversation: conversation.say(*parts, pause=0.05))).wire

    assert wire.idle_until(1.0, None) is news


def test_idle_tells_a_closed_connection_from_silence() -> None:
    """imapclient issue 565: it returned at once, again and again, without an error."""

    def hang_up(conversation: Conversation) -> None:
        conversation.hear()
        conversation.say(b"+ idling\r\n")
        conversation.hang_up()

    with pytest.raises(imaplib.IMAP4.abort):
        client(hang_up).wire.idle_until(5.0, None)


def test_idle_ends_a_dead_path_within_the_time_out() -> None:
    """imapclient issue 449: DONE into a black hole blocked for ever."""
    over = threading.Event()

    def silence(conversation: Conversation) -> None:
        conversation.hear()
        conversation.say(b"+ idling\r\n")
        over.wait(10)

    with pytest.raises(OSError, match="timed out"):
        client(silence, timeout=0.5).wire.idle_until(0.1, None)
    over.set()


def test_idle_ends_when_woken() -> None:
    """A stop or a due action doesn't wait for the server."""
    wake, ring = os.pipe()
    wire = client(idling(lambda conversation: conversation.say(b"+ idling\r\n"))).wire
    started = time.monotonic()
    os.write(ring, b"!")

    assert wire.idle_until(30.0, wake) is False
    assert time.monotonic() - started < 10


def test_a_line_may_be_longer_than_imaplib_allows() -> None:
    """SEARCH of 160,000 messages is over 1,000,000 octets in one line (IMAPdedup issue 65)."""
    uids = range(1_000_000, 1_160_000)

    def many(conversation: Conversation) -> None:
        conversation.answer(b"* 1 EXISTS", status=b"OK [READ-ONLY] done")
        conversation.answer(b"* CAPABILITY IMAP4rev1")
        conversation.answer(b"* SEARCH " + b" ".join(b"%d" % uid for uid in uids))

    talking = client(many)
    talking._imap.state = "AUTH"
    talking.select_folder("INBOX", readonly=True)

    assert talking.search("ALL") == list(uids)


@pytest.mark.parametrize(
    "line",
    [
        b"A1 STORE 1 +FLAGS (\\Seen)",
        b"A1 UID STORE 1 +FLAGS (\\Deleted)",
        b"A1 EXPUNGE",
        b"A1 UID EXPUNGE 1",
        b"A1 CLOSE",
        b"A1 SELECT INBOX",
        b"A1 DELETE INBOX",
        b"A1 RENAME INBOX Old",
        b"A1 UID COPY 1 Trash",
        b"A1 UID MOVE 1 Trash",
        b"A1 CREATE Drafts",
        b"A1 UID FETCH 1 (RFC822)",
        b"A1 UID FETCH 1 (BODY[])",
        b"A1 UID FETCH 1 (FLAGS BODY[TEXT])",
        b"A1 UID FETCH 1 (RFC822.TEXT)",
        b"A1 UID FETCH 1 (BINARY[1])",
        b'A1 APPEND "INBOX" (\\Seen) {3}',
        b"A1 APPEND INBOX (\\Seen) {3}",
        b'A1 APPEND "Draf\\"ts" {3}',
        b"A1 NOOP\r\nA2 EXPUNGE",
        b"A1",
    ],
)
def test_what_could_change_mail_is_stopped(line: bytes) -> None:
    """The promise of the package, as a fact: none of these leaves the machine."""
    with pytest.raises(ForbiddenCommand):
        Guard(lambda: Allowed(append=frozenset({b"Drafts"}))).check(line + b"\r\n")


MOVING = Allowed(
    append=frozenset({b"Drafts"}),
    create=frozenset({b"Unburnt/Not a rejection"}),
    moves=frozenset({(b"Drafts", b"Trash"), (b"Unburnt/Not a rejection", b"INBOX")}),
)


@pytest.mark.parametrize(
    "lines",
    [
        (b'A1 CREATE "Unburnt/Not a rejection"', b'A2 SUBSCRIBE "Unburnt/Not a rejection"'),
        (b"A1 SELECT Drafts", b"A2 UID MOVE 7 Trash", b"A3 EXAMINE Drafts"),
        (b'A1 SELECT "Unburnt/Not a rejection"', b'A2 UID MOVE 7 "INBOX"'),
    ],
)
def test_what_votes_need_passes(lines: tuple[bytes, ...]) -> None:
    """Only between these mailboxes, and only out of the one that is selected."""
    guard = Guard(lambda: MOVING)
    for line in lines:
        guard.check(line + b"\r\n")


@pytest.mark.parametrize(
    "lines",
    [
        (b"A1 CREATE Unburnt",),
        (b"A1 SELECT INBOX",),
        (b"A1 UID MOVE 7 Trash",),
        (b"A1 SELECT Drafts", b"A2 UID MOVE 7 INBOX"),
        (b"A1 SELECT Drafts", b'A2 UID MOVE 7 "Trash" "INBOX"'),
        (b"A1 SELECT Drafts", b"A2 EXAMINE INBOX", b"A3 UID MOVE 7 Trash"),
        (b"A1 SELECT Drafts", b"A2 MOVE 7 Trash"),
        (b"A1 SELECT Drafts", b"A2 UID STORE 7 +FLAGS (\\Deleted)"),
        (b"A1 SELECT Drafts", b"A2 CLOSE"),
    ],
)
def test_nothing_else_is_moved_or_made(lines: tuple[bytes, ...]) -> None:
    """The last line of each is stopped."""
    guard = Guard(lambda: MOVING)
    for line in lines[:-1]:
        guard.check(line + b"\r\n")
    with pytest.raises(ForbiddenCommand):
        guard.check(lines[-1] + b"\r\n")


@pytest.mark.parametrize(
    "line",
    [
        b"A1 EXAMINE INBOX",
        b"A1 UID SEARCH UID 7:*",
        b"A1 UID FETCH 1,2 (RFC822.SIZE INTERNALDATE FLAGS)",
        b"A1 UID FETCH 1 (BODY.PEEK[]<0.131072>)",
        b"A1 UID FETCH 1 (BODY.PEEK[HEADER.FIELDS (X-DRAFT-KEY)])",
        b"A1 IDLE",
        b'A1 APPEND "Drafts" (\\Draft \\Seen) {310}',
        b"A1 APPEND Drafts (\\Draft) {310}",
    ],
)
def test_what_the_work_needs_passes(line: bytes) -> None:
    """Reading without marking, and saving into Drafts."""
    Guard(lambda: Allowed(append=frozenset({b"Drafts"}))).check(line + b"\r\n")


def test_the_guard_stands_before_the_socket() -> None:
    """A forbidden command through imapclient's own methods never reaches the server."""
    heard: list[bytes] = []

    def listen(conversation: Conversation) -> None:
        conversation.heard = heard
        conversation.answer()

    talking = client(listen)
    talking._imap.state = "SELECTED"
    with pytest.raises(ForbiddenCommand):
        talking.add_flags([1], [b"\\Seen"])
    with pytest.raises(ForbiddenCommand):
        talking.fetch([1], ["RFC822"])
    talking.noop()

    assert [line.split()[1] for line in heard] == [b"NOOP"]
