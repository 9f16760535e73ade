"""One message found again in an account: by the UID it was seen under, else by its Message-ID."""

from collections.abc import Sequence

from unburnt.core.model import Origin, RawMessage
from unburnt.errors import CommandRefused
from unburnt.world.imap import Connection


def by_uid(connection: Connection, source: str) -> RawMessage | None:
    """The message of an Origin's source, ``account/mailbox/uid``, if the UID is still there."""
    mailbox, _, uid = source.removeprefix(f"{connection.server.account}/").rpartition("/")
    if not mailbox or not uid.isdecimal():
        return None
    return _fetched(connection, mailbox, int(uid))


def by_message_id(connection: Connection, mailboxes: Sequence[str], message_id: str) -> RawMessage | None:
    """The first message with this Message-ID in these mailboxes, then in All Mail and the archive."""
    further = (connection.mailbox("all"), connection.mailbox("archive"))
    for mailbox in dict.fromkeys((*mailboxes, *filter(None, further))):
        if _examined(connection, mailbox):
            for uid in connection.search("HEADER", "Message-ID", message_id):
                if (found := _fetched(connection, mailbox, uid)) is not None:
                    return found
    return None


def _fetched(connection: Connection, mailbox: str, uid: int) -> RawMessage | None:
    if not _examined(connection, mailbox):
        return None
    for _, row in connection.fetch([uid], ["BODY.PEEK[]"]):
        if octets := row.get(b"BODY[]"):
            return RawMessage(Origin(f"{connection.server.account}/{mailbox}/{uid}", mailbox), octets)
    return None


def _examined(connection: Connection, mailbox: str) -> bool:
    try:
        connection.examine(mailbox)
    except CommandRefused:  # it has been removed or renamed
        return False
    return True
