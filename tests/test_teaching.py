"""Teaching in the mail client, on a real Dovecot: what is moved into a training mailbox is a vote, and has consequences."""

import signal
import threading
from datetime import UTC, datetime
from email import message_from_bytes
from pathlib import Path

import pytest
from imapclient import IMAPClient

from tests.accounts import config, deliver, flags_of, keys_in
from tests.command import until
from tests.servers.dovecot import Dovecot
from tests.servers.proxy import Proxy
from tests.stand_in import SubjectDecider, message
from tests.test_exactly_once import dying_at, in_a_child, one_pass
from unburnt.config import Config
from unburnt.core.model import Label
from unburnt.reports import Silent
from unburnt.sections import TrainingSection
from unburnt.watch import AccountWatch
from unburnt.wiring import database, utc_now, votes
from unburnt.world.ledger import Ledger
from unburnt.world.ports import ActionState
from unburnt.world.votes import Votes

REJECTION, OTHER = "Unburnt/Rejection", "Unburnt/Not a rejection"
NOW = datetime.now(UTC)


def taught(server: Dovecot | Proxy, folder: Path, **training: bool) -> Config:
    """alice's configuration with training mailboxes; they are made by a first pass."""
    section = TrainingSection.model_validate({"create": True} | training)
    given = config(server, folder).model_copy(update={"training": section})
    one_pass(given)
    return given


def move(client: IMAPClient, subject: str, target: str, source: str = "INBOX") -> None:
    """As a person does it in a mail client."""
    client.select_folder(source)
    client.move(client.search(["SUBJECT", subject]), target)
    client.unselect_folder()


def labelled(given: Config) -> dict[str, list[str]]:
    """The subjects of the user's own labelled mail, by label."""
    found: dict[str, list[str]] = {"rejection": [], "other": []}
    for path in sorted((given.state_directory / "labelled").rglob("*.eml")):
        found[path.parent.name].append(message_from_bytes(path.read_bytes())["Subject"])
    return found


def counted(given: Config) -> dict[str, int]:
    opened = database(given)
    try:
        return votes(given, opened).counts()
    finally:
        opened.close()


def subjects(client: IMAPClient, mailbox: str) -> list[str]:
    client.select_folder(mailbox, readonly=True)
    rows = client.fetch(client.search("ALL"), ["ENVELOPE"])
    return sorted(row[b"ENVELOPE"].subject.decode() for row in rows.values())


def states(given: Config) -> dict[str, ActionState]:
    opened = database(given)
    try:
        return {entry.kind: entry.state for entry in Ledger(opened, "alice").unfinished()}
    finally:
        opened.close()


def test_the_mailboxes_are_made_on_request_only(dovecot: Dovecot, alice: IMAPClient, tmp_path: Path) -> None:
    """And subscribed to, since many clients show no others."""
    one_pass(config(dovecot, tmp_path))
    assert not alice.folder_exists(REJECTION)

    taught(dovecot, tmp_path)

    assert {name for _, _, name in alice.list_sub_folders()} >= {REJECTION, OTHER}


def test_a_vote_for_what_was_passed_over_makes_the_draft(dovecot: Dovecot, alice: IMAPClient, tmp_path: Path) -> None:
    """Moved there in the client: learned once, answered once, however often it is looked at."""
    deliver(alice, message("sad news", date=NOW), flags=(b"\\Flagged",))
    given = taught(dovecot, tmp_path)
    assert keys_in(alice) == []

    move(alice, "sad news", REJECTION)
    for _ in range(3):
        one_pass(given)

    assert len(keys_in(alice)) == 2
    assert labelled(given) == {"rejection": ["sad news"], "other": []}
    assert list(flags_of(alice, REJECTION).values()) == [(b"\\Flagged",)]


@pytest.mark.parametrize("way", ["moved out of the inbox", "put there from elsewhere"])
def test_a_vote_between_the_last_look_and_idle_counts_at_once(
    dovecot: Dovecot, alice: IMAPClient, tmp_path: Path, way: str
) -> None:
    """News told between two commands isn't told again (field notes A4): the watch looks before it waits for the next poll."""
    deliver(alice, message("sad news", date=NOW))
    given = taught(dovecot, tmp_path)
    waits = threading.Event()

    def before_it_waits(_watch: AccountWatch, _due: datetime | None) -> None:
        if waits.is_set():
            return
        waits.set()
        if way == "moved out of the inbox":
            move(alice, "sad news", REJECTION)
        else:
            deliver(alice, message("sad news", date=NOW), REJECTION)

    opened = database(given)
    watch = AccountWatch(given, given.accounts[0], opened, SubjectDecider(), Silent(), utc_now, before_it_waits)
    thread = threading.Thread(target=watch.run)
    thread.start()
    try:
        until(lambda: labelled(given)["rejection"] == ["sad news"], "the vote", 20)
    finally:
        watch.stop()
        thread.join()
        opened.close()


def test_a_vote_before_the_daemon_saw_the_mail_counts_too(dovecot: Dovecot, alice: IMAPClient, tmp_path: Path) -> None:
    """And a copy that arrives in the inbox later is the same message."""
    given = taught(dovecot, tmp_path)
    deliver(alice, message("rejected", 1, date=NOW), OTHER)
    deliver(alice, message("news", 2, date=NOW), REJECTION)
    one_pass(given)
    drafts = keys_in(alice)
    deliver(alice, message("rejected", 1, date=NOW))
    deliver(alice, message("news", 2, date=NOW))
    one_pass(given)

    assert len(drafts) == 2
    assert keys_in(alice) == drafts


def test_a_vote_against_takes_the_drafts_back(dovecot: Dovecot, alice: IMAPClient, tmp_path: Path) -> None:
    """Letter and note lie in Trash then, unexpunged; the reminder for later falls away; nothing else in Drafts is touched."""
    deliver(alice, message("rejected", date=NOW))
    deliver(alice, message("my own draft", 5, date=NOW), "Drafts", flags=(b"\\Draft",))
    with Proxy(dovecot.port) as proxy:
        given = taught(proxy, tmp_path)
        keys = keys_in(alice)
        assert len(keys) == 2

        move(alice, "rejected", OTHER)
        one_pass(given)

        assert proxy.verbs() & {"STORE", "UID STORE", "EXPUNGE", "UID EXPUNGE", "COPY", "UID COPY", "CLOSE"} == set()
        assert "UID MOVE" in proxy.verbs()
    assert keys_in(alice) == []
    assert keys_in(alice, "Trash") == keys
    assert subjects(alice, "Drafts") == ["my own draft"]
    assert states(given) == {}


def test_a_draft_that_the_user_changed_is_left(dovecot: Dovecot, alice: IMAPClient, tmp_path: Path) -> None:
    """A client saves a changed draft as a new message with the old header; its octets are not ours any more."""
    deliver(alice, message("rejected", date=NOW))
    given = taught(dovecot, tmp_path)
    alice.select_folder("Drafts")
    uids = alice.search(["NOT", "SUBJECT", "LinkedIn"])
    changed = alice.fetch(uids, ["BODY.PEEK[]"])[uids[0]][b"BODY[]"].replace(b"Thank you.", b"Thank you so much.")
    alice.delete_messages([uids[0]])
    alice.expunge()
    alice.append("Drafts", changed, (b"\\Draft",))
    alice.unselect_folder()

    move(alice, "rejected", OTHER)
    one_pass(given)

    assert len(keys_in(alice)) == 1
    assert len(keys_in(alice, "Trash")) == 1


def test_without_move_they_are_left_and_that_is_said(dovecot: Dovecot, alice: IMAPClient, tmp_path: Path) -> None:
    """RFC 6851 is the one way that neither copies nor expunges."""
    deliver(alice, message("rejected", date=NOW))
    with Proxy(dovecot.port, hide=("MOVE",)) as proxy:
        given = taught(proxy, tmp_path)
        move(alice, "rejected", OTHER)
        one_pass(given)

    opened = database(given)
    left = Ledger(opened, "alice").left()
    opened.close()
    assert len(keys_in(alice)) == 2
    assert {entry.error for entry in left} == {"the server can't move it to Trash (RFC 6851); delete it by hand"}


@pytest.mark.parametrize("again", [1, 2])
def test_the_later_vote_counts(dovecot: Dovecot, alice: IMAPClient, tmp_path: Path, again: int) -> None:
    """From one training mailbox into the other and back, each a vote that takes the place of the one before (H3)."""
    deliver(alice, message("news", date=NOW))
    given = taught(dovecot, tmp_path)
    move(alice, "news", REJECTION)
    one_pass(given)
    here, there = REJECTION, OTHER
    for _ in range(again):
        move(alice, "news", there, here)
        one_pass(given)
        here, there = there, here

    label = "rejection" if here == REJECTION else "other"
    assert labelled(given)[label] == ["news"]
    assert sum(counted(given).values()) == 1
    assert len(keys_in(alice)) == (2 if label == "rejection" else 0)


@pytest.mark.parametrize("order", [(REJECTION, OTHER), (OTHER, REJECTION)])
def test_of_two_votes_at_once_the_careful_one_counts(
    dovecot: Dovecot, alice: IMAPClient, tmp_path: Path, order: tuple[str, str]
) -> None:
    """Gmail: both labels on one message; which came first can't be told, so the order doesn't matter (H4)."""
    deliver(alice, message("news", date=NOW))
    given = taught(dovecot, tmp_path)
    alice.select_folder("INBOX")
    for mailbox in order:
        alice.copy(alice.search("ALL"), mailbox)
    alice.unselect_folder()
    one_pass(given)

    assert labelled(given) == {"rejection": [], "other": ["news"]}
    assert keys_in(alice) == []


def test_leaving_a_training_mailbox_is_no_vote(dovecot: Dovecot, alice: IMAPClient, tmp_path: Path) -> None:
    """Neither to Trash nor to the inbox nor by deletion (H1)."""
    for number, subject in enumerate(("one", "two", "three"), 1):
        deliver(alice, message(subject, number, date=NOW))
    given = taught(dovecot, tmp_path)
    for subject in ("one", "two", "three"):
        move(alice, subject, REJECTION)
    one_pass(given)
    before, drafts = labelled(given), keys_in(alice)
    move(alice, "one", "Trash", REJECTION)
    move(alice, "two", "INBOX", REJECTION)
    alice.select_folder(REJECTION)
    alice.delete_messages(alice.search("ALL"))
    alice.expunge()
    alice.unselect_folder()
    one_pass(given)

    assert labelled(given) == before
    assert sorted(before["rejection"]) == ["one", "three", "two"]
    assert keys_in(alice) == drafts


def test_a_new_uidvalidity_makes_no_vote(dovecot: Dovecot, alice: IMAPClient, tmp_path: Path) -> None:
    """An old copy in the one mailbox doesn't outvote a later vote in the other (H2)."""
    deliver(alice, message("news", date=NOW))
    given = taught(dovecot, tmp_path)
    alice.select_folder("INBOX")
    alice.copy(alice.search("ALL"), REJECTION)
    one_pass(given)
    alice.copy(alice.search("ALL"), OTHER)
    alice.unselect_folder()
    one_pass(given)
    assert labelled(given) == {"rejection": [], "other": ["news"]}

    alice.rename_folder(REJECTION, "Unburnt/aside")
    alice.create_folder(REJECTION)
    alice.select_folder("Unburnt/aside")
    alice.copy(alice.search("ALL"), REJECTION)
    alice.unselect_folder()
    one_pass(given)

    assert labelled(given) == {"rejection": [], "other": ["news"]}


def test_own_mail_and_unreadable_mail_teach_nothing(dovecot: Dovecot, alice: IMAPClient, tmp_path: Path) -> None:
    """The daemon's own drafts neither (H7); the rest is learned all the same."""
    deliver(alice, message("rejected", date=NOW))
    given = taught(dovecot, tmp_path)
    alice.select_folder("Drafts")
    alice.copy(alice.search("ALL"), REJECTION)
    alice.unselect_folder()
    deliver(alice, b"\r\n", REJECTION)
    deliver(alice, message("sad", 3, date=NOW), REJECTION)
    one_pass(given)

    assert labelled(given)["rejection"] == ["sad"]


def test_what_a_sender_writes_is_no_vote(dovecot: Dovecot, alice: IMAPClient, tmp_path: Path) -> None:
    """Whatever its header and text claim, and whichever mailbox names it mentions (H10)."""
    given = taught(dovecot, tmp_path)
    claims = b"X-Label: rejection\r\nX-Unburnt-Vote: rejection\r\nX-Gmail-Labels: Unburnt/Rejection\r\nKeywords: Unburnt/Rejection\r\n"
    deliver(alice, claims + message("Unburnt/Rejection", date=NOW), flags=(b"Unburnt/Rejection",))
    one_pass(given)

    assert labelled(given) == {"rejection": [], "other": []}
    assert keys_in(alice) == []


def test_what_was_learned_goes_back_where_it_came_from(dovecot: Dovecot, alice: IMAPClient, tmp_path: Path) -> None:
    """training.return: what was moved there; what was copied, or came from elsewhere, stays."""
    for number, subject in enumerate(("moved", "copied"), 1):
        deliver(alice, message(subject, number, date=NOW), flags=(b"\\Seen",))
    given = taught(dovecot, tmp_path, **{"return": True})
    move(alice, "moved", OTHER)
    alice.select_folder("INBOX")
    alice.copy(alice.search(["SUBJECT", "copied"]), OTHER)
    alice.unselect_folder()
    deliver(alice, message("from elsewhere", 3, date=NOW), OTHER)
    one_pass(given)
    one_pass(given)

    assert subjects(alice, "INBOX") == ["copied", "moved"]
    assert subjects(alice, OTHER) == ["copied", "from elsewhere"]
    assert set(flags_of(alice).values()) == {(b"\\Seen",)}
    assert sum(counted(given).values()) == 3


@pytest.mark.timeout(400)  # seconds: some dozen passes, each a process of its own, beside other tests
def test_a_kill_at_any_step_of_learning_counts_each_vote_once(
    dovecot: Dovecot, alice: IMAPClient, tmp_path: Path
) -> None:
    """One vote for, one against, killed at step 1, 3, 5 …: the same files, drafts and Trash as without a kill.

    The even steps are the ends of what the odd ones begin: nothing lies between an end and the next beginning.
    """
    step, killed = -1, True
    while killed:
        step += 2
        for mailbox in ("INBOX", "Drafts", "Trash", REJECTION, OTHER):
            if alice.folder_exists(mailbox):
                alice.select_folder(mailbox)
                alice.delete_messages(alice.search("ALL"))
                alice.expunge()
        alice.unselect_folder()
        deliver(alice, message("news", 1, date=NOW))
        deliver(alice, message("rejected", 2, date=NOW))
        (folder := tmp_path / str(step)).mkdir()
        given = taught(dovecot, folder)
        move(alice, "news", REJECTION)
        move(alice, "rejected", OTHER)
        killed = in_a_child(dying_at(step, lambda given=given: one_pass(given))) == signal.SIGKILL  # type: ignore[misc]
        assert in_a_child(lambda given=given: one_pass(given)) == 0  # type: ignore[misc]

        assert labelled(given) == {"rejection": ["news"], "other": ["rejected"]}, f"after a kill at step {step}"
        assert (len(keys_in(alice)), len(keys_in(alice, "Trash"))) == (2, 2), f"after a kill at step {step}"
        assert counted(given) == {Label.REJECTION: 1, Label.OTHER: 1}
    assert step > 60, "a pass has more steps than that; the kill is not where it should be"


def test_a_file_left_on_the_wrong_side_is_swept_away(dovecot: Dovecot, alice: IMAPClient, tmp_path: Path) -> None:
    """A kill between the row of a later vote and the removal of the earlier file."""
    deliver(alice, message("news", date=NOW))
    given = taught(dovecot, tmp_path)
    move(alice, "news", OTHER)
    one_pass(given)
    kept = next((given.state_directory / "labelled" / "other").iterdir())
    (aside := given.state_directory / "labelled" / "rejection").mkdir(exist_ok=True)
    (aside / kept.name).write_bytes(kept.read_bytes())

    opened = database(given)
    Votes(opened, given.state_directory).sweep()
    opened.close()

    assert labelled(given) == {"rejection": [], "other": ["news"]}
