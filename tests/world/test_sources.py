"""The sources of messages, each under the contract of all: Maildir, mbox, a folder of .eml, IMAP on two servers."""

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from imapclient import IMAPClient

from tests.accounts import flags_of
from tests.servers.dovecot import PASSWORD, Dovecot
from tests.world.contracts import NOON, ODD, Delivered, SourceContract, UnreadableContract, messages
from unburnt.core.model import RawMessage, Unfetched
from unburnt.demo.server import EmbeddedServer
from unburnt.errors import UsageProblem
from unburnt.world.imap import Connection, Server
from unburnt.world.imap_source import ImapSource
from unburnt.world.mailfiles import FileSource, StreamSource

_LETTERS = {"\\Draft": "D", "\\Flagged": "F", "\\Answered": "R", "\\Seen": "S"}


class Files:
    """Messages as files of one folder; the names say their order."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.written: list[Path] = []

    def source(self) -> FileSource:
        return FileSource(self.path)

    def state(self) -> object:
        return [
            (path, path.stat().st_mtime_ns, path.read_bytes())
            for path in sorted(self.path.rglob("*"))
            if path.is_file()
        ]

    def spoil(self, number: int) -> None:
        """As root too: what a link points to is gone."""
        self.written[number].unlink()
        self.written[number].symlink_to("nowhere")

    def write(self, path: Path, what: Delivered) -> None:
        path.write_bytes(what.octets)
        os.utime(path, (what.at.timestamp(), what.at.timestamp()))
        self.written.append(path)


class EmlFiles(Files):
    def deliver(self, what: Delivered) -> None:
        self.write(self.path / f"{len(self.written):03}.eml", what)


class Maildir(Files):
    def __init__(self, path: Path) -> None:
        super().__init__(path)
        for step in ("tmp", "new", "cur"):
            (path / step).mkdir()

    def deliver(self, what: Delivered) -> None:
        """With flags it has been moved to cur/; seconds of the name are of ten digits, then of eleven."""
        name = f"{9_999_999_998 + len(self.written)}.x.host"
        letters = "".join(sorted(_LETTERS[flag] for flag in what.flags))
        self.write(self.path / "cur" / f"{name}:2,{letters}" if letters else self.path / "new" / name, what)


class Mbox(Files):
    """As mboxrd, with the flags where mail readers keep them: after the header's other fields, which stay as they are."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        path.touch()

    def deliver(self, what: Delivered) -> None:
        with self.path.open("ab") as file:
            file.write(f"From sender@mail.example {what.at:%a %b %e %H:%M:%S %Y}\n".encode())
            file.write(re.sub(rb"(?m)^(>*From )", rb">\1", what.octets) + b"\n")

    def state(self) -> object:
        return self.path.stat().st_mtime_ns, self.path.read_bytes()


class OnServer:
    """A mailbox on an IMAP server, of which another client knows what lies there."""

    def __init__(self, client: IMAPClient, connection: Connection) -> None:
        self.client, self.connection = client, connection

    def deliver(self, what: Delivered) -> None:
        self.client.append("INBOX", what.octets, sorted(what.flags), what.at)

    def source(self) -> ImapSource:
        return ImapSource(self.connection, ("INBOX",), None)

    def state(self) -> object:
        return flags_of(self.client)


class TestEmlFolder(SourceContract, UnreadableContract):
    flags = False

    @pytest.fixture
    def store(self, tmp_path: Path) -> EmlFiles:
        return EmlFiles(tmp_path)


class TestMaildir(SourceContract, UnreadableContract):
    @pytest.fixture
    def store(self, tmp_path: Path) -> Maildir:
        return Maildir(tmp_path)


class TestMbox(SourceContract):
    flags = False

    @pytest.fixture
    def store(self, tmp_path: Path) -> Mbox:
        return Mbox(tmp_path / "mail")


class TestImapOnDovecot(SourceContract):
    @pytest.fixture
    def store(self, dovecot: Dovecot, alice: IMAPClient) -> Iterator[OnServer]:
        connection = Connection(Server("alice", dovecot.host, dovecot.port, "none", "alice"))
        connection.login(PASSWORD)
        yield OnServer(alice, connection)
        connection.close()


class TestImapOnPymap(SourceContract):
    @pytest.fixture
    def store(self, pymap: EmbeddedServer) -> Iterator[OnServer]:
        connection = Connection(Server("sam", pymap.host, pymap.port, "none", "sam"))
        connection.login("secret")
        with IMAPClient(pymap.host, port=pymap.port, ssl=False) as client:
            client.login("sam", "secret")
            yield OnServer(client, connection)
            client.select_folder("INBOX")
            client.delete_messages(client.search("ALL"))
            client.expunge()
        connection.close()


def test_an_mbox_keeps_its_flags_in_status_fields(tmp_path: Path) -> None:
    """Those of the header only; a reader that answered a message must not be answered for."""
    path = tmp_path / "mail"
    path.write_bytes(
        b"From - Thu Nov 19 08:00:00 2026\nStatus: RO\nX-Status: AF\nSubject: 1\n\nX-Status: D\n\n"
        b"From nobody at some time\nSubject: 2\n\nStatus: R\n"
    )
    first, second = messages(FileSource(path))

    assert (set(first.flags), second.flags) == ({"\\Seen", "\\Answered", "\\Flagged"}, ())
    assert (first.internal_date, second.internal_date) == (NOON.replace(day=19, hour=8), None)


@pytest.mark.parametrize("name", ["message", "message.eml", "from.eml"])
def test_a_file_is_one_message_unless_it_begins_as_an_mbox(tmp_path: Path, name: str) -> None:
    """An .eml is one message even when somebody left a From_ line at its head."""
    path = tmp_path / name
    octets = b"From x Thu Nov 19 08:00:00 2026\n" * (name == "from.eml") + ODD[0].octets
    path.write_bytes(octets)

    assert [raw.octets for raw in messages(FileSource(path))] == [octets]


def test_a_file_that_can_not_be_read_is_told_as_a_message_is(tmp_path: Path) -> None:
    """Given by its name, it is the only one; the run goes on with the next source."""
    (path := tmp_path / "message.eml").symlink_to("/proc/self/mem")  # there, and unreadable for root too

    assert [type(item) for item in FileSource(path).heads()] == [Unfetched]


def test_what_lies_beside_messages_in_a_maildir_is_passed_over(tmp_path: Path) -> None:
    """Index files of servers begin with a dot; folders of a Maildir++ are other mailboxes."""
    box = Maildir(tmp_path)
    box.deliver(ODD[0])
    (tmp_path / "cur" / ".nfs0001").write_bytes(b"x")
    (tmp_path / "dovecot-uidlist").write_bytes(b"x")
    (tmp_path / ".Sent" / "cur").mkdir(parents=True)
    (tmp_path / ".Sent" / "cur" / "1.x").write_bytes(b"x")
    (tmp_path / "tmp" / "1.x").write_bytes(b"x")

    assert len(messages(box.source())) == box.source().count() == 1


def test_an_origin_tells_the_users_own_mailbox() -> None:
    """Standard input has no place of its own, and a path that isn't there is said so."""
    with pytest.raises(UsageProblem, match="there is no such file or folder"):
        FileSource(Path("/nonexistent"))
    stream = StreamSource(b"Subject: x\r\n\r\n")

    assert [(raw.origin.source, raw.octets) for raw in messages(stream)] == [("-", b"Subject: x\r\n\r\n")]


def test_a_mailbox_of_the_users_own_is_marked_as_such(tmp_path: Path) -> None:
    """Whatever the From of its messages says."""
    box = Maildir(tmp_path)
    box.deliver(ODD[0])

    assert [raw.origin.own for raw in messages(FileSource(tmp_path, own=True))] == [True]
    assert isinstance(messages(box.source())[0], RawMessage)
