"""Servers that leave things out, refuse single messages, talk out of turn; each as real ones have been seen to."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest

from tests.servers.odd import OddServer
from tests.stand_in import SubjectDecider, message
from tests.world.contracts import NOON, Clock, letters, messages
from unburnt.core.model import RawMessage, Unfetched
from unburnt.core.reason import Reason
from unburnt.drain import drain
from unburnt.errors import CommandRefused, TryAgain
from unburnt.reports import Silent
from unburnt.world import imap_sink
from unburnt.world.database import Database
from unburnt.world.imap import Connection
from unburnt.world.imap_source import ImapSource
from unburnt.world.journal import Journal
from unburnt.world.ports import MailSource, Place

Connect = Callable[..., Connection]


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def journal(clock: Clock) -> Iterator[Journal]:
    database = Database(None)
    yield Journal(database, "odd", clock, timedelta(days=14))
    database.close()


def octets(*uids: int) -> dict[int, bytes]:
    return {uid: message(f"{uid}", uid, date=NOON) for uid in uids}


class Overheard:
    """A source that remembers which UIDs it gave, and whether they could be read."""

    def __init__(self, source: MailSource) -> None:
        self._source = source
        self.seen: dict[int, bool] = {}

    def heads(self) -> Iterator[RawMessage | Unfetched]:
        for item in self._source.heads():
            self.seen[item.origin.uid] = isinstance(item, RawMessage)
            yield item

    def full(self, raw: RawMessage) -> RawMessage:
        return self._source.full(raw)


def heads(connection: Connection, journal: Journal, stop: Callable[[], bool] = lambda: False) -> dict[int, bool]:
    """One look by drain() at what is new: UID → whether it could be read."""
    source = Overheard(ImapSource(connection, ("INBOX",), journal))
    drain(source, SubjectDecider(), journal, journal._clock, Silent(), stop)
    return source.seen


@pytest.mark.parametrize("fault", ["refused", "unavailable", "hollow", "absent", "garbled"])
def test_a_message_that_is_not_delivered_stays_pending_and_is_set_aside_in_the_end(
    connected: Connect, journal: Journal, clock: Clock, fault: str
) -> None:
    """Field notes A2, B2, F8: answered NO, NO [UNAVAILABLE] as Yahoo does, OK without octets, OK without a word, or a jumble."""
    odd = OddServer(octets(1, 2, 3, 4, 5), {3: fault})
    connection = connected(odd)

    assert heads(connection, journal) == {1: True, 2: True, 3: False, 4: True, 5: True}
    odd.messages |= octets(6)
    tries = []
    for minutes in (0, 5, 5, 59, 1, 360, 1439, 1, 9999):
        clock.wait(minutes=minutes)
        tries.append(heads(connection, journal))
    assert tries == [{3: False, 6: True}, {}, {3: False}, {}, {3: False}, {3: False}, {}, {3: False}, {}]
    rows = journal.database.run(
        lambda db: db.exec_driver_sql("SELECT reason, error FROM messages WHERE error NOTNULL").all()
    )
    assert [tuple(row) for row in rows] == [
        (Reason.UNFETCHABLE, "the server lists the message but does not deliver it")
    ]


def test_a_message_that_is_delivered_at_a_later_try_is_handled(
    connected: Connect, journal: Journal, clock: Clock
) -> None:
    """And no longer pending then."""
    odd = OddServer(octets(1, 2), {1: "refused"})
    connection = connected(odd)
    assert heads(connection, journal) == {1: False, 2: True}
    odd.faults.clear()

    assert heads(connection, journal) == {1: True}
    clock.wait(days=3)
    assert heads(connection, journal) == {}


def test_a_message_is_asked_for_in_another_way_before_it_counts_as_undelivered(
    connected: Connect, journal: Journal
) -> None:
    """Field notes B2: some servers answer one item without its octets, and another with them."""
    odd = OddServer(octets(1, 2), {1: "no beginning"})

    assert heads(connected(odd), journal) == {1: True, 2: True}


def test_a_message_that_goes_while_we_read_is_neither_read_nor_pending(connected: Connect, journal: Journal) -> None:
    """Field notes A6: after its size was told, and before its octets."""
    odd = OddServer(octets(1, 2))

    def expunge(command: bytes, answer: bytes) -> bytes:
        if b"RFC822.SIZE" in command:
            odd.messages.pop(1, None)
        return answer

    odd.rewrite = expunge
    connection = connected(odd)

    assert heads(connection, journal) == {2: True}
    cursor = journal.cursor("INBOX")
    assert cursor is not None
    assert (cursor.high, cursor.pending) == (2, ())


def test_a_pending_message_that_is_gone_is_forgotten(connected: Connect, journal: Journal, clock: Clock) -> None:
    """The user has deleted it; nothing is asked about it again."""
    odd = OddServer(octets(1, 2), {1: "refused"})
    connection = connected(odd)
    heads(connection, journal)
    del odd.messages[1]
    assert heads(connection, journal) == {}
    odd.heard.clear()
    clock.wait(days=3)
    heads(connection, journal)

    assert [command.split()[0] for command in odd.heard] == [b"EXAMINE", b"UID"]


@pytest.mark.parametrize("stop_after", range(1, 6))
def test_a_pass_that_ends_anywhere_skips_no_message(connected: Connect, journal: Journal, stop_after: int) -> None:
    """Field notes A2: the one that failed comes in its place, so that no later one moves the cursor past it untold."""
    odd = OddServer(octets(1, 2, 3, 4, 5), {2: "absent", 4: "refused"})
    connection = connected(odd)
    left = iter(range(stop_after))
    heads(connection, journal, lambda: next(left) == stop_after - 1)
    odd.faults.clear()

    cursor = journal.cursor("INBOX")
    assert cursor is not None
    done = {uid for uid in range(1, cursor.high + 1) if uid not in cursor.pending}
    assert done == {1, 3, 5} & set(range(1, stop_after + 1))
    assert set(heads(connection, journal)) == {1, 2, 3, 4, 5} - done


def test_an_answer_that_can_not_be_parsed_is_a_refusal(connected: Connect, journal: Journal) -> None:
    """Not a traceback of imapclient's; the connection is still good."""
    odd = OddServer(octets(1, 2), rewrite=lambda _, answer: answer.replace(b"SEARCH 1 2", b"SEARCH x"))
    connection = connected(odd)
    with pytest.raises(CommandRefused, match="says what can't be understood: ValueError"):
        heads(connection, journal)
    odd.rewrite = lambda _, answer: answer

    assert heads(connection, journal) == {1: True, 2: True}


def test_when_nothing_is_delivered_it_is_the_server(connected: Connect, journal: Journal) -> None:
    """Messages are not set aside one by one for it, nor is it asked a hundred times."""
    odd = OddServer(octets(*range(1, 61)), dict.fromkeys(range(1, 61), "unavailable"))
    connection = connected(odd)
    odd.heard.clear()
    with pytest.raises(TryAgain, match="UNAVAILABLE"):
        heads(connection, journal)

    assert len(odd.heard) < 40
    cursor = journal.cursor("INBOX")
    assert cursor is not None
    assert (cursor.high, cursor.pending) == (0, ())


def test_news_of_another_message_is_not_taken_for_the_one_asked_for(connected: Connect, journal: Journal) -> None:
    """imapclient issue 334: FETCH of sequence number 3 came unasked; UID 3 is another message, which nobody answered."""
    odd = OddServer(octets(1, 2, 3, 40), {3: "other news"})
    del odd.messages[2]
    source = ImapSource(connected(odd), ("INBOX",), journal)

    assert {raw.origin.uid: raw.flags for raw in messages(source)} == {
        1: ("\\Seen",),
        3: ("\\Seen",),
        40: ("\\Answered",),
    }


@pytest.mark.parametrize(
    "examined",
    [(), (b"OK [UIDNEXT 9] so",), (b"OK [UIDVALIDITY 7] so",), (b"OK [UIDVALIDITY 7] so", b"OK [UIDNEXT 1] so")],
)
def test_uidvalidity_and_uidnext_may_be_missing_or_wrong(
    connected: Connect, journal: Journal, examined: tuple[bytes, ...]
) -> None:
    """Field notes D3, D4: new mail is found by its UID, drafts by the highest there is."""
    odd = OddServer(octets(1, 2), examined=examined)
    connection = connected(odd)
    passes = [heads(connection, journal), heads(connection, journal)]
    odd.messages |= octets(8)
    passes.append(heads(connection, journal))
    place = imap_sink.drafts(connection).place()

    assert passes == [{1: True, 2: True}, {}, {8: True}]
    assert place.uidvalidity == (7 if b"UIDVALIDITY" in b"".join(examined) else None)
    if b"UIDNEXT" not in b"".join(examined):
        assert place.uidnext == 9


def test_after_a_crash_the_key_is_found_without_uidvalidity_too(connected: Connect) -> None:
    """Recovery looks from the stored UID on; where the server tells no UIDVALIDITY, that is all there is."""
    draft = letters(1)[0]
    odd = OddServer(octets(1, 2) | {3: draft.octets}, examined=())
    sink = imap_sink.drafts(connected(odd))

    assert sink.find(draft.key, Place("Drafts", None, 3)) == "Drafts/3"
    assert sink.find(draft.key, Place("Drafts", None, 4)) is None
    assert sink.find(draft.key, Place("Drafts", 5, 4)) == "Drafts/3", "another UIDVALIDITY: all of Drafts"


def test_a_size_that_is_wrong_hides_no_octets(connected: Connect, journal: Journal) -> None:
    """RFC822.SIZE is an estimate on some servers: a first look cut at 128 KB is not the whole, whatever it says."""
    large = message("rejected", 1, date=NOON) + b"x" * 200000
    right = b"SIZE %d" % len(large)
    odd = OddServer({1: large}, rewrite=lambda _, answer: answer.replace(right, b"SIZE 100000"))
    source = ImapSource(connected(odd), ("INBOX",), journal)
    (head,) = messages(source)

    assert not head.complete
    assert source.full(head).octets == large


def test_messages_have_the_identities_their_server_gives_them(connected: Connect, journal: Journal) -> None:
    """X-GM-MSGID and EMAILID are the same for all copies of a message (field notes C8)."""

    def gmail(_: bytes, answer: bytes) -> bytes:
        named = answer.replace(b"FLAGS", b"X-GM-MSGID 18446744073709551615 EMAILID (M6d99) FLAGS")
        return named.replace(b"CAPABILITY IMAP4rev1", b"CAPABILITY IMAP4rev1 X-GM-EXT-1 OBJECTID")

    odd = OddServer(octets(1), rewrite=gmail)
    (head,) = messages(ImapSource(connected(odd), ("INBOX",), journal))

    assert head.origin.names == ("gm:18446744073709551615", "oid:M6d99")
    assert any(b"X-GM-MSGID EMAILID" in command for command in odd.heard)


def test_a_trash_that_can_not_be_opened_is_passed_over(connected: Connect) -> None:
    """It is looked into for drafts the user threw away; Drafts itself is a must."""
    draft = letters(1)[0]
    shut = b'EXAMINE "Trash"'
    odd = OddServer(
        {3: draft.octets},
        listed=(b'(\\Trash) "/" Trash', b'(\\Drafts) "/" Drafts'),
        rewrite=lambda command, answer: b"<tag> NO not yours\r\n" if command == shut else answer,
    )
    sink = imap_sink.drafts(connected(odd))
    assert sink.keys() == {draft.key}
    assert sink.find(draft.key, Place("Drafts", 7, 1)) == "Drafts/3"
    shut = b'EXAMINE "Drafts"'

    with pytest.raises(CommandRefused):
        sink.keys()
