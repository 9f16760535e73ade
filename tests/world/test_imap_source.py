"""What is particular to IMAP: cursors, horizons, first looks, and mail that disappears. On a real Dovecot, through a proxy."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from imapclient import IMAPClient

from tests.accounts import config, deliver, flags_of, keys_in
from tests.servers.dovecot import PASSWORD, Dovecot
from tests.servers.proxy import Proxy
from tests.stand_in import SubjectDecider, message
from tests.test_exactly_once import one_pass
from tests.world.contracts import LARGE, NOON, Clock, messages
from unburnt.core.model import Plan, RawMessage
from unburnt.core.reason import Reason
from unburnt.drain import drain
from unburnt.errors import ConfigurationProblem, ServerUnavailable
from unburnt.world import wire
from unburnt.world.database import Database
from unburnt.world.imap import Connection, Server
from unburnt.world.imap_source import GLANCE, ImapSource
from unburnt.world.journal import Journal
from unburnt.world.ledger import Entry
from unburnt.world.ports import ActionState

FLAGS = ((), (b"\\Seen",), (b"\\Flagged",), (b"\\Seen", b"\\Answered", b"\\Draft"), (b"$Junk", b"Label"))


class Account:
    """A journal in memory, with a clock of its own and a first run of two weeks; it remembers what it is told."""

    def __init__(self) -> None:
        self.clock = Clock()
        self.journal = Journal(Database(None), "alice", self.clock, timedelta(days=14))
        self.plans: list[Plan] = []

    def read(self, connection: Connection, *mailboxes: str) -> list[Plan]:
        """One pass over the mailboxes; what was decided in it."""
        before = len(self.plans)
        source = ImapSource(connection, mailboxes or ("INBOX",), self.journal)
        drain(source, SubjectDecider(), self.journal, self.clock, self, lambda: False)
        return self.plans[before:]

    def planned(self, plan: Plan) -> None:
        self.plans.append(plan)

    def acted(self, entry: Entry, state: ActionState, error: str | None) -> None: ...


@contextmanager
def connected(server: Dovecot | Proxy) -> Iterator[Connection]:
    connection = Connection(Server("alice", server.host, server.port, "none", "alice"))
    try:
        connection.login(PASSWORD)
        yield connection
    finally:
        connection.close()


@pytest.fixture
def account() -> Iterator[Account]:
    made = Account()
    yield made
    made.journal.database.close()


def subjects(plans: list[Plan]) -> list[str]:
    return [plan.envelope.subject for plan in plans]


def test_a_whole_pass_says_what_is_allowed_and_changes_no_flag(
    dovecot: Dovecot, alice: IMAPClient, tmp_path: Path
) -> None:
    """Field notes A7, B1: seen by a proxy between the daemon and the server, over everything that a pass does."""
    for number in range(60):
        deliver(
            alice,
            message("rejected" if number == 30 else "hello", number, date=datetime.now(UTC)),
            flags=FLAGS[number % 5],
        )
    deliver(alice, LARGE.octets, flags=(b"\\Flagged",))
    deliver(
        alice, message("Re: x", 99, in_reply_to="<1@acme.example>", date=datetime.now(UTC)), "Sent", flags=(b"\\Seen",)
    )
    before = {mailbox: flags_of(alice, mailbox) for mailbox in ("INBOX", "Sent", "Trash")}
    with Proxy(dovecot.port) as proxy:
        one_pass(config(proxy, tmp_path))
        one_pass(config(proxy, tmp_path))

    assert proxy.verbs() <= wire.ANYWHERE | {"UID FETCH", "APPEND"}
    assert {"EXAMINE", "UID FETCH", "UID SEARCH", "APPEND"} <= proxy.verbs()
    bodies = [command for command in proxy.commands if "BODY" in command.replace("BODY.PEEK", "")]
    assert bodies == []
    assert {mailbox: flags_of(alice, mailbox) for mailbox in before} == before
    assert len(set(before["INBOX"].values())) == len(FLAGS)
    assert len(keys_in(alice)) == 4


def test_the_first_run_passes_over_old_mail(dovecot: Dovecot, alice: IMAPClient, account: Account) -> None:
    """By INTERNALDATE to the second, whatever the Date field says; what arrives later counts however old it is."""
    edge = NOON - timedelta(days=14)
    for number, at in enumerate((NOON, edge - timedelta(seconds=1), edge, edge - timedelta(days=400), NOON)):
        deliver(alice, message(f"{number}", number, date=NOON - timedelta(days=1000)), at=at)
    with connected(dovecot) as connection:
        assert subjects(account.read(connection)) == ["0", "2", "4"]
        deliver(alice, message("5", 5, date=NOON), at=NOON - timedelta(days=400))
        assert subjects(account.read(connection)) == ["5"]


def test_the_first_run_on_a_large_mailbox_asks_for_recent_mail_only(
    dovecot: Dovecot, alice: IMAPClient, account: Account
) -> None:
    """By the server's index, a day wider than needed since SINCE knows no hours and no zones."""
    edge = NOON - timedelta(days=14)
    for number in range(60):
        deliver(alice, message(f"{number}", number, date=NOON), at=edge + timedelta(hours=6 * (number - 30), seconds=1))
    with Proxy(dovecot.port) as proxy, connected(proxy) as connection:
        plans = account.read(connection)
        asked = [command for command in proxy.commands if "RFC822.SIZE" in command]

    assert subjects(plans) == [f"{number}" for number in range(30, 60)]
    assert sum(command.count(",") + 1 for command in asked) < 60


def test_an_unchanged_mailbox_costs_a_search_and_nothing_else(
    dovecot: Dovecot, alice: IMAPClient, account: Account
) -> None:
    """Field notes A9, F1: n:* names the last message even when there is none from n on."""
    for number in range(3):
        deliver(alice, message("hello", number, date=NOON), at=NOON)
    with Proxy(dovecot.port) as proxy, connected(proxy) as connection:
        assert len(account.read(connection)) == 3
        proxy.commands.clear()
        assert account.read(connection) == []
        alice.select_folder("INBOX")
        alice.add_flags(alice.search("ALL"), [b"\\Seen"])
        assert account.read(connection) == []
        said = [" ".join(command.split()[:2]) for command in proxy.commands]

    assert said == ['EXAMINE "INBOX"', "UID SEARCH"] * 2


def test_a_large_message_is_read_whole_only_if_it_may_be_a_rejection(
    dovecot: Dovecot, alice: IMAPClient, account: Account
) -> None:
    """Most large messages are settled by their beginning; 128 KB of each is asked for at first."""
    other = LARGE.octets.replace(b"rejected", b"holidays", 1)
    for octets in (other, LARGE.octets):
        deliver(alice, octets, at=NOON)
    with Proxy(dovecot.port) as proxy, connected(proxy) as connection:
        plans = account.read(connection)
        fetched = [command for command in proxy.commands if "BODY" in command]

    assert [plan.reason for plan in plans] == [Reason.NOT_A_REJECTION, Reason.PLANNED]
    uids = sorted(flags_of(alice))
    assert fetched == [f"UID FETCH {uids[0]},{uids[1]} (BODY.PEEK[]<0.131072>)", f"UID FETCH {uids[1]} (BODY.PEEK[])"]


def test_mail_that_is_expunged_while_we_read_is_let_go(dovecot: Dovecot, alice: IMAPClient, account: Account) -> None:
    """Field notes A6: between SEARCH and FETCH, and between the facts and the body."""
    for number in range(5):
        deliver(alice, message(f"{number}", number, date=NOON), at=NOON)
    first = min(flags_of(alice))

    def expunge(command: str, _connection: int) -> None:
        gone = {"RFC822": first + 1, "BODY": first + 3}
        for uid in [uid for word, uid in gone.items() if command.startswith("UID FETCH") and word in command]:
            alice.select_folder("INBOX")
            alice.delete_messages([uid])
            alice.expunge()
            alice.unselect_folder()

    with Proxy(dovecot.port, expunge) as proxy, connected(proxy) as connection:
        plans = account.read(connection)
        again = account.read(connection)

    assert [subject for subject in subjects(plans) if subject in "024"] == ["0", "2", "4"]
    assert "1" not in subjects(plans)
    assert {plan.reason for plan in plans} == {Reason.NOT_A_REJECTION}
    assert again == []


def test_a_message_at_which_the_server_hangs_up_holds_up_no_other(
    dovecot: Dovecot, alice: IMAPClient, account: Account
) -> None:
    """Dovecot does so at a file it can't read: the others are handled, the bad one is tried a few times, then told."""
    for number in range(5):
        deliver(alice, message(f"{number}", number, date=NOON), at=NOON)
    box = dovecot.home / "mail" / "alice" / "Maildir"
    bad = next(path for path in sorted([*box.glob("new/*"), *box.glob("cur/*")]) if b"Subject: 2" in path.read_bytes())
    bad.chmod(0)
    losses = 0
    for minutes in (0, 0, 0, 5, 10, 60, 360, 1440, 1440):
        account.clock.wait(minutes=minutes)
        try:
            with connected(dovecot) as connection:
                account.read(connection)
        except ServerUnavailable:
            losses += 1
    bad.unlink()

    assert subjects(account.plans[:4]) == ["0", "1", "3", "4"]
    assert [plan.reason for plan in account.plans[4:]] == [Reason.UNFETCHABLE]
    assert losses == 6


@pytest.mark.parametrize(
    "mailbox",
    [
        "with blanks",
        'quote"d',
        "back\\slash",
        "Entwürfe",
        "日本語",
        "br[a]ckets",
        "a&b",
        "per%cent",
        "st*r",
        "{3}",
        " led",
        "R/D (x)",
    ],
)
def test_a_mailbox_may_have_any_name(dovecot: Dovecot, alice: IMAPClient, tmp_path: Path, mailbox: str) -> None:
    """Field notes G9: watched, and as Drafts, of which the allow-list knows the name as it is on the wire."""
    alice.create_folder(mailbox)
    try:
        deliver(alice, message("rejected", 1, date=datetime.now(UTC)), mailbox)
        given = config(dovecot, tmp_path, mailboxes=[mailbox], drafts=mailbox)
        one_pass(given)

        assert given.accounts[0].drafts == mailbox
        assert len(keys_in(alice, mailbox)) == 2
    finally:
        alice.unselect_folder()
        alice.delete_folder(mailbox)


@pytest.mark.parametrize("setting", ["drafts", "mailboxes"])
def test_a_mailbox_that_does_not_exist_is_told_with_those_that_do(
    dovecot: Dovecot, alice: IMAPClient, tmp_path: Path, setting: str
) -> None:
    """A typing error in the configuration is the user's to mend, so trying again is no use."""
    wrong: dict[str, dict[str, Any]] = {"drafts": {"drafts": "Draft"}, "mailboxes": {"mailboxes": ["INBOX", "Draft"]}}
    with pytest.raises(ConfigurationProblem) as caught:
        one_pass(config(dovecot, tmp_path, **wrong[setting]))

    assert str(caught.value) == (
        f"accounts (alice).{setting}: the mailbox 'Draft' does not exist; there are 'Archive', 'Drafts', 'INBOX', 'Sent', 'Trash'"
    )


def test_two_thousand_messages_at_once(dovecot: Dovecot, alice: IMAPClient, account: Account) -> None:
    """All come, in order, and once."""
    for start in range(0, 2000, 500):
        batch = [{"msg": message(f"{number}", number, date=NOON), "date": NOON} for number in range(start, start + 500)]
        alice.multiappend("INBOX", batch)
    with connected(dovecot) as connection:
        source = ImapSource(connection, ("INBOX",), account.journal)
        seen, again = messages(source), messages(source)

    assert [raw.octets for raw in seen] == [message(f"{number}", number, date=NOON) for number in range(2000)]
    assert again == []


def test_a_scan_of_everything_moves_no_cursor(dovecot: Dovecot, alice: IMAPClient, account: Account) -> None:
    """Without cursors all comes, old mail too, and the next pass is what it would have been."""
    for number, days in enumerate((0, 90)):
        deliver(alice, message(f"{number}", number, date=NOON), at=NOON - timedelta(days=days))
    with connected(dovecot) as connection:
        everything = messages(ImapSource(connection, ("INBOX",), None))
        plans = account.read(connection)

    assert [raw.octets for raw in everything] == [message(f"{number}", number, date=NOON) for number in range(2)]
    assert {raw.origin.uidvalidity for raw in everything} == {0}
    assert subjects(plans) == ["0"]


def test_for_the_history_only_the_beginning_is_read(dovecot: Dovecot, alice: IMAPClient) -> None:
    """What Sent is read for is which messages have been answered, and what was applied for."""
    reply = message("Re: x", 1, in_reply_to="<7@acme.example>", date=NOON)
    deliver(alice, reply + b"This is a long story.\r\n" * 3000, "Sent")
    with connected(dovecot) as connection:
        (seen,) = messages(ImapSource(connection, ("Sent",), None, own=True, look=GLANCE))

    assert isinstance(seen, RawMessage)
    assert seen.origin.own
    assert b"<7@acme.example>" in seen.octets
    assert b"a long story" in seen.octets
    assert len(seen.octets) == GLANCE
    assert not seen.complete
