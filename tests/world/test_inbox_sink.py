"""The inbox as a sink beyond the contract: what may be written there, and whose mail is ours."""

from dataclasses import replace

import pytest
from imapclient import IMAPClient

from tests.servers.dovecot import PASSWORD, Dovecot
from tests.world.contracts import letters
from unburnt.world import imap_sink
from unburnt.world.imap import Connection, Server
from unburnt.world.wire import ForbiddenCommand


def test_the_inbox_is_written_only_where_reminders_shall_go_there(dovecot: Dovecot, alice: IMAPClient) -> None:
    """And then for notes alone: nothing leaves it but to Trash."""
    note = letters(1)[0]
    server = Server("alice", dovecot.host, dovecot.port, "none", "alice")
    for notes in ((), ("INBOX",)):
        connection = Connection(replace(server, notes=notes))
        connection.login(PASSWORD)
        sink = imap_sink.inbox(connection)
        if notes:
            receipt = sink.put(note.key, note.octets)
            with pytest.raises(ForbiddenCommand):
                connection.move(int(receipt.rpartition("/")[2]), "INBOX", "Archive")
            with pytest.raises(ForbiddenCommand):
                connection.append("Archive", note.octets, ())
        else:
            with pytest.raises(ForbiddenCommand):
                sink.put(note.key, note.octets)
            with pytest.raises(ForbiddenCommand):
                connection.move(1, "INBOX", "Trash")
        connection.close()

    assert [set(flags) - {b"\\Recent"} for flags in _flags(alice, "INBOX")] == [set()]


def test_mail_of_others_in_the_inbox_is_neither_found_nor_moved(dovecot: Dovecot, alice: IMAPClient) -> None:
    """Whoever sent the rejection could work out the note's key, and send it to themselves first: delivery leaves a trace."""
    note = letters(1)[0]
    forged = b"Return-Path: <jo@acme.example>\r\n" + note.octets
    connection = Connection(Server("alice", dovecot.host, dovecot.port, "none", "alice", notes=("INBOX",)))
    connection.login(PASSWORD)
    sink = imap_sink.inbox(connection)
    since = sink.place()
    alice.append("INBOX", forged)

    assert (sink.find(note.key, since), sink.keys()) == (None, frozenset())
    sink.put(note.key, note.octets)
    assert sink.withdraw(note.key, note.octets) is None
    alice.select_folder("INBOX", readonly=True)
    assert [row[b"BODY[]"] for row in alice.fetch(alice.search("ALL"), ["BODY.PEEK[]"]).values()] == [forged]
    connection.close()


def _flags(client: IMAPClient, mailbox: str) -> list[tuple[bytes, ...]]:
    client.select_folder(mailbox, readonly=True)
    return list(client.get_flags(client.search("ALL")).values())
