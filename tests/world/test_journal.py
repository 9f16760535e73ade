"""The journal: what is written down, what it knows again, where the mailboxes stand, and the life of an action."""

import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from tests.stand_in import SubjectDecider, message
from tests.world.contracts import NOON, Clock
from unburnt.core.model import Origin, Plan, RawMessage, Unfetched
from unburnt.core.reason import Reason
from unburnt.world.database import Database
from unburnt.world.journal import Journal
from unburnt.world.ledger import Ledger
from unburnt.world.ports import GONE, ActionState, Cursor, Place

FIRST_RUN = timedelta(days=14)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state" / "journal.sqlite"


@pytest.fixture
def database(path: Path) -> Iterator[Database]:
    opened = Database(path)
    yield opened
    opened.close()


@pytest.fixture
def journal(database: Database) -> Journal:
    return Journal(database, "alice", Clock(), FIRST_RUN)


def at(uid: int, *names: str, mailbox: str = "INBOX", own: bool = False) -> Origin:
    return Origin(f"alice/{mailbox}/{uid}", mailbox, 7, uid, own, names)


def plan(origin: Origin, number: int = 1, subject: str = "rejected", **settings: str) -> Plan:
    return SubjectDecider().plan(RawMessage(origin, message(subject, number, date=NOON, **settings)), NOON)


def in_order(journal: Journal) -> list[tuple[str, ActionState]]:
    return [(entry.kind, entry.state) for entry in journal.ledger.unfinished()]


def test_a_message_is_recorded_with_its_actions_and_the_cursor_in_one(journal: Journal, path: Path) -> None:
    """What is on the disk when record() returns is all a restart needs."""
    journal.open("INBOX", 7)
    stored = journal.record(plan(at(3)), NOON)

    assert stored.reason is Reason.PLANNED
    with sqlite3.connect(path) as other:
        rows = other.execute(
            "SELECT reason, label, subject, company, role, contact_name, stage, account FROM messages"
        ).fetchall()
        assert rows == [("PLANNED", "rejection", "rejected", "Acme", "Baker", "Jo Roe", "application", "alice")]
        assert other.execute("SELECT kind, state FROM actions ORDER BY kind").fetchall() == [
            ("check_in", "pending"),
            ("connect", "pending"),
            ("draft", "pending"),
        ]
        assert other.execute("SELECT high FROM cursors").fetchall() == [(3,)]
    other.close()


def test_a_copy_is_known_by_its_content_wherever_it_lies(journal: Journal) -> None:
    """Field notes C8: another UID, mailbox or UIDVALIDITY; the copy gets no actions."""
    journal.record(plan(at(3)), NOON)
    copies = [plan(at(4)), plan(at(1, mailbox="Archive")), plan(Origin("mail.mbox#1"))]

    assert [journal.record(copy, NOON).reason for copy in copies] == [Reason.DUPLICATE] * 3
    assert len(in_order(journal)) == 3


def test_a_copy_is_known_by_a_name_of_its_server(journal: Journal) -> None:
    """X-GM-MSGID and EMAILID hold where the content differs, as of a draft and what was sent; each account has its own."""
    journal.record(plan(at(3, "gm:17", "oid:M1")), NOON)
    other = Journal(journal.database, "bob", Clock(), FIRST_RUN)

    assert journal.record(plan(at(4, "oid:M1", "gm:18"), number=2), NOON).reason is Reason.DUPLICATE
    assert journal.record(plan(at(5, "gm:18"), number=3), NOON).reason is Reason.DUPLICATE, "learnt from the copy"
    assert journal.record(plan(at(6, "gm:19"), number=4), NOON).reason is Reason.PLANNED
    assert other.record(plan(at(1, "gm:17"), number=5), NOON).reason is Reason.PLANNED


def test_two_mails_with_one_message_id_are_two(journal: Journal) -> None:
    """Field notes C9: careless senders repeat it."""
    first = message("rejected", 1, date=NOON)
    second = first.replace(b"This is message 1", b"And now for something else")
    reasons = [
        journal.record(SubjectDecider().plan(RawMessage(at(uid), octets), NOON), NOON).reason
        for uid, octets in ((1, first), (2, second))
    ]

    assert reasons == [Reason.PLANNED, Reason.PLANNED]


def test_what_another_account_passed_on_is_not_lost(journal: Journal) -> None:
    """One mail in two accounts: one letter, by the account it was sent to, whichever sees it first."""
    bob = Journal(journal.database, "bob", Clock(), FIRST_RUN)
    passed_on = replace(plan(at(3)), reason=Reason.OTHER_ACCOUNT, actions=())
    assert journal.record(passed_on, NOON).reason is Reason.OTHER_ACCOUNT

    assert bob.record(plan(Origin("bob/INBOX/1", "INBOX", 9, 1)), NOON).reason is Reason.PLANNED
    assert len(in_order(bob)) == 3
    assert bob.record(plan(Origin("bob/INBOX/2", "INBOX", 9, 2)), NOON).reason is Reason.DUPLICATE
    assert journal.record(replace(passed_on, origin=at(4)), NOON).reason is Reason.DUPLICATE
    assert in_order(journal) == []


def test_what_the_user_has_answered_needs_no_letter(journal: Journal) -> None:
    """By In-Reply-To and References of their own mail; the reply may be read before or after the letter is planned."""
    reply = plan(at(1, mailbox="Sent", own=True), number=9, in_reply_to="<1@acme.example> <5@acme.example>")
    assert not journal.answered("<1@acme.example>")
    assert journal.record(reply, NOON).reason is Reason.OWN_MESSAGE

    assert journal.answered("<1@acme.example>")
    assert journal.answered("<5@acme.example>")
    assert not journal.answered("<2@acme.example>")
    assert not journal.answered(None)
    assert journal.record(plan(at(3)), NOON).reason is Reason.ALREADY_ANSWERED
    assert in_order(journal) == []


def test_what_a_stranger_answers_is_not_answered(journal: Journal) -> None:
    """In-Reply-To of mail from others says nothing about the user."""
    journal.record(plan(at(1), number=9, subject="hello", in_reply_to="<1@acme.example>"), NOON)

    assert not journal.answered("<1@acme.example>")


def test_a_mailbox_is_opened_with_a_horizon_that_stays(database: Database) -> None:
    """Mail from before the first run is passed over, after a new UIDVALIDITY too (field notes D1)."""
    clock = Clock()
    journal = Journal(database, "alice", clock, FIRST_RUN)
    assert journal.cursor("INBOX") is None
    journal.open("INBOX", 7)
    journal.record(plan(at(3)), NOON)
    clock.wait(days=100)

    assert journal.cursor("INBOX") == Cursor(7, 3, (), NOON - FIRST_RUN)
    assert journal.open("INBOX", 8) == Cursor(8, 0, (), NOON - FIRST_RUN)
    assert journal.cursor("INBOX") == Cursor(8, 0, (), NOON - FIRST_RUN)
    journal.passed_over("INBOX", 8, 5, set())
    assert journal.cursor("INBOX") == Cursor(8, 5, (), None), "it has been read through; what comes now is new"
    assert journal.open("INBOX", 9) == Cursor(9, 0, (), NOON - FIRST_RUN)
    assert journal.cursor("Archive") is None
    assert Journal(database, "bob", clock, FIRST_RUN).cursor("INBOX") is None
    assert Journal(database, "carol", clock, None).open("INBOX", 1).horizon is None


def test_a_cursor_never_goes_back(journal: Journal) -> None:
    """And what is recorded under an older UIDVALIDITY doesn't move it (field notes D5)."""
    journal.open("INBOX", 7)
    journal.record(plan(at(5)), NOON)
    journal.record(plan(at(4), number=2), NOON)
    journal.passed_over("INBOX", 6, 99, set())
    assert journal.cursor("INBOX") == Cursor(7, 5, (), NOON - FIRST_RUN)
    journal.passed_over("INBOX", 7, 3, set())

    assert journal.cursor("INBOX") == Cursor(7, 5)


def test_the_horizon_counts_until_a_mailbox_was_read_through_once(journal: Journal) -> None:
    """Then whatever arrives is handled, old as it may be (field notes A3); a new UIDVALIDITY brings the horizon back."""
    journal.open("INBOX", 7)
    journal.passed_over("INBOX", 7, 0, set())
    settled = journal.cursor("INBOX")

    assert settled is not None
    assert settled.horizon is None
    assert journal.open("INBOX", 8).horizon == NOON - FIRST_RUN


def test_a_postponed_message_is_pending_when_its_wait_is_over(database: Database) -> None:
    """It doesn't hold up the cursor; it settles when recorded, when gone, or after its last try."""
    clock = Clock()
    journal = Journal(database, "alice", clock, None)
    journal.open("INBOX", 7)
    for uid in (2, 3, 4):
        assert journal.postpone(Unfetched(at(uid), "no"), clock()) is None
    assert journal.cursor("INBOX") == Cursor(7, 4, (2, 3, 4))
    journal.record(plan(at(3)), NOON)
    journal.passed_over("INBOX", 7, 4, {4})
    assert journal.cursor("INBOX") == Cursor(7, 4, (2,))

    tries, waited = 1, timedelta()
    while (told := journal.postpone(Unfetched(at(2), "still no"), clock())) is None:
        assert journal.cursor("INBOX") == Cursor(7, 4, ()), "it waits"
        tries += 1
        while journal.cursor("INBOX") == Cursor(7, 4, ()):
            clock.wait(minutes=10)
            waited += timedelta(minutes=10)
    assert (told.reason, told.error, told.origin) == (Reason.UNFETCHABLE, "still no", at(2))
    assert (tries, waited > timedelta(days=1)) == (5, True)
    clock.wait(days=99)
    assert journal.cursor("INBOX") == Cursor(7, 4, ())


def test_what_can_not_be_read_in_a_scan_is_set_aside_at_once_and_as_often_as_scanned(journal: Journal) -> None:
    """A scan has no cursor and no later try; the second one used to end with "the journal is damaged"."""
    scanned = replace(at(2), uidvalidity=0)
    reasons = [told.reason for _ in range(2) if (told := journal.postpone(Unfetched(scanned, "no"), NOON)) is not None]

    assert reasons == [Reason.UNFETCHABLE] * 2


def states(
    journal: Journal, kind: str, act: Callable[[str], object] | None = None, later: timedelta = timedelta()
) -> str:
    """Do something to the one action of this kind; its state, and whether it is due then."""
    (entry,) = [entry for entry in journal.ledger.unfinished() if entry.kind == kind]
    if act is not None:
        act(entry.key)
    (entry,) = [entry for entry in journal.ledger.unfinished() if entry.kind == kind]
    due = entry.key in {entry.key for entry in journal.ledger.due(NOON + later, {"drafts"})}
    return f"{entry.state}{' due' if due else ''}"


def test_the_life_of_an_action(journal: Journal) -> None:
    """Pending until due, intended until done, held until its time or the user's word, failed until its wait is over."""
    journal.record(plan(at(3)), NOON)
    ledger, place = journal.ledger, Place("Drafts", 7, 12)

    assert states(journal, "draft") == "pending due"
    assert states(journal, "check_in") == "pending"
    assert states(journal, "check_in", later=timedelta(days=90)) == "pending due"
    assert states(journal, "draft", lambda key: ledger.intend(key, place)) == "intended due"
    (entry,) = [entry for entry in ledger.due(NOON, {"drafts"}) if entry.kind == "draft"]
    assert (entry.place, entry.message_id, entry.company) == (place, "<1@acme.example>", "Acme")
    for attempt, minutes in enumerate((5, 30, 120, 720, 720)):
        (entry,) = [entry for entry in ledger.unfinished() if entry.kind == "draft"]
        assert entry.attempts == attempt
        ledger.fail(entry, "over quota", NOON)
        assert states(journal, "draft", later=timedelta(minutes=minutes, seconds=-1)) == "failed"
        assert states(journal, "draft", later=timedelta(minutes=minutes)) == "failed due"
    assert states(journal, "draft", lambda key: ledger.hold(key, "a brake", None), timedelta(days=9999)) == "held"
    assert ledger.release() == 1
    assert states(journal, "draft") == "held due"
    assert states(journal, "draft", lambda key: ledger.hold(key, "x", NOON + timedelta(hours=1))) == "held"
    assert states(journal, "draft", later=timedelta(hours=1)) == "held due"
    ledger.receive(entry.key, "Drafts/7/12", NOON)
    (other,) = [entry for entry in ledger.unfinished() if entry.kind == "connect"]
    ledger.drop(other.key, "not wanted")
    assert in_order(journal) == [("check_in", ActionState.PENDING)]
    assert ledger.due(NOON + timedelta(days=9999), {"fax"}) == [], "nothing for a sink there is not"


def test_the_next_time_something_is_due(journal: Journal) -> None:
    """Wakes the daemon; what waits for the user's word wakes nobody."""
    ledger = journal.ledger
    assert ledger.next_due(NOON) is None
    journal.record(plan(at(3)), NOON)
    assert ledger.next_due(NOON - timedelta(hours=1)) == NOON
    assert ledger.next_due(NOON + timedelta(hours=1)) == NOON + timedelta(hours=1), "never in the past"
    for entry in ledger.due(NOON, {"drafts"}):
        ledger.hold(entry.key, "x", None)
    assert ledger.next_due(NOON) == NOON + timedelta(days=90)
    ledger.release()

    assert ledger.next_due(NOON) == NOON


def test_drafts_this_journal_never_wrote_mean_that_it_was_lost(journal: Journal) -> None:
    """Until a whole pass went through, what can't be told apart is held; only the user's word lets it go."""
    keys = [action.key for action in plan(at(1)).actions]
    assert not journal.ledger.reconcile(frozenset())
    assert journal.ledger.reconcile(frozenset(keys[:1]))
    assert journal.ledger.reconcile(frozenset(keys[:1])), "still so, after a crash in the pass"
    journal.record(plan(at(1)), NOON)
    journal.record(plan(at(2), number=2), NOON)
    journal.ledger.recovered()
    journal.record(plan(at(3), number=3), NOON)

    kinds = sorted(in_order(journal))
    assert [state for kind, state in kinds if kind == "draft"] == [ActionState.HELD, ActionState.PENDING]
    assert [state for kind, state in kinds if kind == "connect"] == [ActionState.HELD] * 2 + [ActionState.PENDING]
    held = [entry for entry in journal.ledger.unfinished() if entry.state is ActionState.HELD]
    assert all("younger than drafts found on the server" in (entry.error or "") for entry in held)
    assert not {entry.key for entry in held} & {
        entry.key for entry in journal.ledger.due(NOON + timedelta(days=999), {"drafts"})
    }
    assert not journal.ledger.reconcile(frozenset(keys)), "what is known, or was told before, is no news"
    assert journal.ledger.release() == len(held)


def test_accounts_that_share_a_drafts_mailbox_know_each_others_keys(journal: Journal) -> None:
    """Two addresses of one mailbox, configured as two accounts, are no lost journal."""
    journal.record(plan(at(1)), NOON)
    keys = frozenset(action.key for action in plan(at(1)).actions)

    assert not Ledger(journal.database, "bob").reconcile(keys)


@pytest.mark.parametrize(
    ("before", "left", "after"),
    [
        (ActionState.INTENDED, GONE, ActionState.INTENDED),  # an APPEND that a crash may have cut off: look again
        (ActionState.DONE, GONE, ActionState.DONE),  # the user has deleted it: it isn't made anew
        (ActionState.DONE, None, ActionState.PENDING),  # it lies in Trash, taken back by us
    ],
)
def test_what_a_vote_took_back_is_restored_as_it_was(
    journal: Journal, before: ActionState, left: str | None, after: ActionState
) -> None:
    """Against, then for: beginning to take it back must not pass for its having been there."""
    journal.open("INBOX", 7)
    given = plan(at(3))
    journal.record(given, NOON)
    key = next(entry.key for entry in journal.ledger.unfinished() if entry.kind == "draft")
    journal.ledger.intend(key, Place("Drafts", 1, 1))
    if before is ActionState.DONE:
        journal.ledger.receive(key, "Drafts/1/1", NOON)

    journal.revise(replace(given, reason=Reason.VOTED_OTHER, actions=()), NOON)
    journal.ledger.withdrawing(key)
    journal.ledger.withdrawn(key, left, NOON)
    journal.revise(given, NOON)
    assert journal.ledger.state(key) is after
