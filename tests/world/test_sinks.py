"""The sinks of drafts, each under the contract of all: a Maildir, IMAP on two servers. And what a full mailbox does."""

import tempfile
from collections.abc import Collection, Iterator
from pathlib import Path

import pytest
from imapclient import IMAPClient

from tests.servers.dovecot import PASSWORD, Dovecot
from tests.stand_in import SubjectDecider, message
from tests.world.contracts import NOON, Clock, SinkContract, letters
from unburnt.core.model import Origin, RawMessage
from unburnt.demo.server import EmbeddedServer
from unburnt.drain import apply
from unburnt.errors import CommandRefused
from unburnt.reports import Silent
from unburnt.world import imap_sink
from unburnt.world.database import Database
from unburnt.world.imap import Connection, Server
from unburnt.world.imap_sink import MarkedMail
from unburnt.world.journal import Journal
from unburnt.world.mailfiles import MaildirDrafts
from unburnt.world.ports import ActionState, Place
from unburnt.world.wire import ForbiddenCommand

QUOTA = """
mail_plugins = quota
protocol imap {
  mail_plugins = quota imap_quota
}
plugin {
  quota = maildir:User quota
  quota_rule = *:storage=100K
  quota_grace = 0
}
"""


class MaildirOutbox:
    def __init__(self, path: Path) -> None:
        self.path = path

    def sink(self) -> MaildirDrafts:
        return MaildirDrafts(self.path)

    def held(self) -> Collection[bytes]:
        """One message a key, as MaildirDrafts has it."""
        return [path.read_bytes() for path in (self.path / "cur").iterdir()]


class ImapOutbox:
    """Drafts on a server, of which another client knows what lies there; a new connection for each sink."""

    def __init__(self, client: IMAPClient, server: Server, password: str) -> None:
        self.client, self._server, self._password = client, server, password
        self.opened: list[Connection] = []

    def sink(self) -> MarkedMail:
        self.opened.append(connection := Connection(self._server))
        connection.login(self._password)
        return imap_sink.drafts(connection)

    def held(self) -> Collection[bytes]:
        self.client.select_folder("Drafts", readonly=True)
        return [row[b"BODY[]"] for row in self.client.fetch(self.client.search("ALL"), ["BODY.PEEK[]"]).values()]

    def empty(self) -> None:
        for connection in self.opened:
            connection.close()
        self.client.select_folder("Drafts")
        if uids := self.client.search("ALL"):
            self.client.delete_messages(uids)
            self.client.expunge()


@pytest.fixture
def on_dovecot(dovecot: Dovecot, alice: IMAPClient) -> Iterator[ImapOutbox]:
    outbox = ImapOutbox(alice, Server("alice", dovecot.host, dovecot.port, "none", "alice"), PASSWORD)
    yield outbox
    outbox.empty()


class TestMaildirDrafts(SinkContract):
    @pytest.fixture
    def outbox(self, tmp_path: Path) -> MaildirOutbox:
        return MaildirOutbox(tmp_path / "Drafts")


class TestImapOnDovecot(SinkContract):
    @pytest.fixture
    def outbox(self, on_dovecot: ImapOutbox) -> ImapOutbox:
        return on_dovecot


class TestImapOnPymap(SinkContract):
    @pytest.fixture
    def outbox(self, pymap: EmbeddedServer) -> Iterator[ImapOutbox]:
        with IMAPClient(pymap.host, port=pymap.port, ssl=False) as client:
            client.login("sam", "secret")
            made = ImapOutbox(client, Server("sam", pymap.host, pymap.port, "none", "sam"), "secret")
            yield made
            made.empty()


def test_a_draft_is_a_draft_and_not_unread(on_dovecot: ImapOutbox) -> None:
    """Mail programs open it in their editor, and no badge counts it as new mail."""
    sink, (first, second) = on_dovecot.sink(), letters(2)
    before = sink.place()
    receipt = sink.put(first.key, first.octets)
    sink.put(second.key, second.octets)
    client = on_dovecot.client
    client.select_folder("Drafts", readonly=True)
    flags = [set(found) - {b"\\Recent"} for found in client.get_flags(client.search("ALL")).values()]

    assert flags == [{b"\\Draft", b"\\Seen"}] * 2
    assert receipt == f"Drafts/{before.uidvalidity}/{before.uidnext}"
    assert before.uidnext is not None
    assert sink.place() == Place("Drafts", before.uidvalidity, before.uidnext + 2)


def test_after_a_crash_only_what_came_since_is_looked_at(on_dovecot: ImapOutbox, dovecot: Dovecot) -> None:
    """An older draft of the same key is not this intent's; after a change of UIDVALIDITY all must be looked at."""
    sink, draft = on_dovecot.sink(), letters(1)[0]
    sink.put(draft.key, draft.octets)
    since = sink.place()
    assert sink.find(draft.key, since) is None
    dovecot.new_uidvalidity("alice", "Drafts", 7_000_000)

    assert sink.find(draft.key, since) is not None


def test_a_draft_that_was_thrown_away_counts_as_put(on_dovecot: ImapOutbox) -> None:
    """Between the crash and the recovery the user may have deleted it; it must not come back."""
    sink, (draft, other) = on_dovecot.sink(), letters(2)
    since = sink.place()
    sink.put(draft.key, draft.octets)
    client = on_dovecot.client
    client.select_folder("Drafts")
    client.move(client.search("ALL"), "Trash")
    client.unselect_folder()

    receipt = sink.find(draft.key, since)
    assert receipt is not None
    assert receipt.startswith("Trash/")
    assert sink.find(other.key, since) is None
    assert sink.keys() == {draft.key}


def test_a_stranger_can_not_pass_for_an_earlier_journal(on_dovecot: ImapOutbox) -> None:
    """A key in mail from others, which the user threw away, would have all new drafts held."""
    draft = letters(1)[0]
    on_dovecot.client.append("Trash", draft.octets, [b"\\Seen"])
    on_dovecot.client.append("INBOX", draft.octets)

    assert on_dovecot.sink().keys() == frozenset()


def test_nothing_is_put_anywhere_but_into_drafts(on_dovecot: ImapOutbox) -> None:
    """The allow-list knows the one mailbox for APPEND."""
    sink, draft = on_dovecot.sink(), letters(1)[0]
    with pytest.raises(ForbiddenCommand):
        sink._connection.append("INBOX", draft.octets, ())

    assert sink.put(draft.key, draft.octets)


def test_a_maildir_that_can_not_be_written_refuses_and_keeps_nothing_half(tmp_path: Path) -> None:
    """The action fails with its reason; other drafts are none the worse."""
    sink, (first, second) = MaildirDrafts(tmp_path / "Drafts"), letters(2)
    sink.put(first.key, first.octets)
    (tmp_path / "Drafts" / "tmp").rmdir()
    (tmp_path / "Drafts" / "tmp").write_bytes(b"")
    with pytest.raises(CommandRefused, match=r"Drafts: can't be written: "):
        sink.put(second.key, second.octets)

    assert sink.keys() == {first.key}


def test_a_draft_in_a_maildir_is_found_whatever_flags_it_has_since(tmp_path: Path) -> None:
    """Mail programs rename the file for each flag; the key is in the part that stays."""
    sink, draft = MaildirDrafts(tmp_path / "Drafts"), letters(1)[0]
    path = Path(sink.put(draft.key, draft.octets))
    assert path.name.endswith(":2,DS")
    path.rename(path.with_name(path.name.replace(":2,DS", ":2,DFS")))

    assert sink.find(draft.key, sink.place())


@pytest.fixture
def crammed() -> Iterator[tuple[Dovecot, IMAPClient]]:
    """A Dovecot whose users have 100 KB each, and alice's INBOX with a message that leaves no room."""
    if (why := Dovecot.available()) is not None:
        pytest.skip(why)
    with tempfile.TemporaryDirectory(prefix="dovecot-") as home:
        server = Dovecot(Path(home), QUOTA)
        with IMAPClient(server.host, port=server.port, ssl=False, timeout=20) as client:
            client.login("alice", PASSWORD)
            client.append("INBOX", b"Subject: large\r\n\r\n" + b"x" * 102_300)
            yield server, client
        server.stop()


def test_a_full_mailbox_fails_the_action_which_waits_and_goes_through_later(
    crammed: tuple[Dovecot, IMAPClient], tmp_path: Path
) -> None:
    """Field notes C12: NO [OVERQUOTA] is shown, is not tried again at once, and costs no draft and no duplicate."""
    server, client = crammed
    clock = Clock()
    journal = Journal(Database(tmp_path / "journal.sqlite"), "alice", clock, None)
    journal.record(SubjectDecider().plan(RawMessage(Origin("x"), message("rejected", 1, date=NOON)), NOON), NOON)
    connection = Connection(Server("alice", server.host, server.port, "none", "alice"))
    connection.login(PASSWORD)
    sink = Counting(imap_sink.drafts(connection))

    def apply_now() -> list[tuple[str, ActionState]]:
        apply(journal, {"drafts": sink}, 20, clock, Silent(), lambda: False)
        return sorted((entry.kind, entry.state) for entry in journal.ledger.unfinished() if entry.kind != "check_in")

    assert apply_now() == [("connect", ActionState.FAILED), ("draft", ActionState.FAILED)]
    errors = {entry.error for entry in journal.ledger.unfinished() if entry.state is ActionState.FAILED}
    assert [("OVERQUOTA" in error) for error in errors if error] == [True]
    assert sink.puts == 2
    clock.wait(minutes=4)
    apply_now()
    assert sink.puts == 2, "no tight retry"
    clock.wait(minutes=1)
    apply_now()
    assert sink.puts == 4, "five minutes later"
    clock.wait(minutes=5)
    apply_now()
    assert sink.puts == 4, "the wait grows"

    client.select_folder("INBOX")
    client.delete_messages(client.search("ALL"))
    client.expunge()
    apply_now()
    assert sink.puts == 4
    journal.ledger.release()
    assert apply_now() == []
    assert sink.puts == 6
    client.select_folder("Drafts", readonly=True)
    assert len(client.search("ALL")) == 2
    connection.close()
    journal.database.close()


class Counting:
    """A sink, and how often something was put into it."""

    def __init__(self, sink: MarkedMail) -> None:
        self._sink = sink
        self.puts = 0

    def place(self) -> Place:
        return self._sink.place()

    def find(self, key: str, since: Place) -> str | None:
        return self._sink.find(key, since)

    def withdraw(self, key: str, octets: bytes) -> str | None:
        return self._sink.withdraw(key, octets)

    def complete(self, key: str, octets: bytes) -> str | None:
        return self._sink.complete(key, octets)

    def completed(self, keys: Collection[str]) -> frozenset[str]:
        return self._sink.completed(keys)

    def keys(self) -> frozenset[str]:
        return self._sink.keys()

    def put(self, key: str, octets: bytes) -> str:
        self.puts += 1
        return self._sink.put(key, octets)
