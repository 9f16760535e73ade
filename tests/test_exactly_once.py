"""Kill −9 at every step of a pass, then run again: one letter, one note, flags untouched. On a real Dovecot."""

import os
import signal
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from imapclient import IMAPClient

from tests.accounts import config, deliver, flags_of, keys_in
from tests.servers.dovecot import Dovecot
from tests.servers.proxy import Proxy
from tests.stand_in import SubjectDecider, message
from unburnt.config import Config
from unburnt.errors import UnburntError
from unburnt.reports import Silent
from unburnt.watch import AccountWatch
from unburnt.wiring import database, utc_now
from unburnt.world.database import Database
from unburnt.world.ledger import Ledger
from unburnt.world.ports import ActionState
from unburnt.world.wire import Wire


def one_pass(given: Config) -> None:
    """What `unburnt watch --once` does for the first account."""
    opened = database(given)
    try:
        AccountWatch(
            given, given.accounts[0], opened, SubjectDecider(), Silent(), utc_now, lambda _watch, _due: None
        ).once()
    finally:
        opened.close()


def in_a_child(work: Callable[[], None]) -> int:
    """Run it in a forked process; the signal that ended it, 0 for none."""
    child = os.fork()
    if child == 0:
        try:
            work()
            os._exit(0)
        except BaseException:  # noqa: BLE001  # the parent must hear of it, not pytest's copy of itself
            os._exit(70)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0, "the pass failed by itself"
    return os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0


def dying_at(step: int, work: Callable[[], None]) -> Callable[[], None]:
    """``work``, killed before or after its n-th transaction or line to the server, whichever comes n-th."""
    taken = 0

    def tick() -> None:
        nonlocal taken
        taken += 1
        if taken == step:
            os.kill(os.getpid(), signal.SIGKILL)

    def around(method: Callable[..., Any]) -> Callable[..., Any]:
        def wrapped(*args: Any, **kwargs: Any) -> Any:
            tick()
            result = method(*args, **kwargs)
            tick()
            return result

        return wrapped

    def run() -> None:
        Database.run = around(Database.run)  # type: ignore[method-assign]
        Wire.send = around(Wire.send)  # type: ignore[method-assign]
        work()

    return run


@pytest.mark.timeout(400)  # seconds: some dozen passes, each a process of its own, beside other tests
def test_a_kill_at_any_step_leaves_one_letter_and_one_note(dovecot: Dovecot, alice: IMAPClient, tmp_path: Path) -> None:
    """Field notes A1, C2: the pass is killed at step 1, 2, 3 … until it gets through, each time on a fresh mailbox."""
    deliver(alice, message("rejected", 1, date=datetime.now(UTC)))
    deliver(alice, message("hello", 2, date=datetime.now(UTC)), flags=(b"\\Flagged",))
    flags = flags_of(alice)
    step, killed = 0, True
    while killed:
        step += 1
        (folder := tmp_path / str(step)).mkdir()
        given = config(dovecot, folder)
        killed = in_a_child(dying_at(step, lambda given=given: one_pass(given))) == signal.SIGKILL  # type: ignore[misc]
        assert in_a_child(lambda given=given: one_pass(given)) == 0  # type: ignore[misc]

        assert len(set(keys_in(alice))) == len(keys_in(alice)) == 2, f"after a kill at step {step}"
        assert flags_of(alice) == flags
        _empty(alice, "Drafts")
    assert step > 40, "a pass has more steps than that; the kill is not where it should be"


@pytest.mark.parametrize("fault", ["swallow", "cut"])
def test_a_lost_answer_to_append_makes_no_second_draft(
    dovecot: Dovecot, alice: IMAPClient, tmp_path: Path, fault: str
) -> None:
    """Field notes C1: the server stored the draft, or didn't, and its answer never came."""
    deliver(alice, message("rejected", 1, date=datetime.now(UTC)))
    faults = iter([fault])
    with Proxy(dovecot.port, lambda command, _: next(faults, None) if command.startswith("APPEND") else None) as proxy:
        given = config(proxy, tmp_path)
        with pytest.raises(UnburntError):
            one_pass(given)
        one_pass(given)
        one_pass(given)

    assert len(keys_in(alice)) == len(set(keys_in(alice))) == 2


def test_an_append_that_always_ends_the_connection_holds_up_no_other(
    dovecot: Dovecot, alice: IMAPClient, tmp_path: Path
) -> None:
    """The first action is cut off twice; then it has to wait, with its error, and the second is done all the same."""
    deliver(alice, message("rejected", 1, date=datetime.now(UTC)))
    with Proxy(
        dovecot.port, lambda command, number: "cut" if command[:6] == "APPEND" and number < 3 else None
    ) as proxy:
        given = config(proxy, tmp_path)
        for _ in range(2):
            with pytest.raises(UnburntError):
                one_pass(given)
        one_pass(given)

    assert len(keys_in(alice)) == 1
    opened = database(given)
    (waiting,) = [entry for entry in Ledger(opened, "alice").unfinished() if entry.state is ActionState.INTENDED]
    opened.close()
    assert (waiting.attempts, bool(waiting.error)) == (2, True)


def test_a_draft_that_the_user_deleted_stays_deleted(dovecot: Dovecot, alice: IMAPClient, tmp_path: Path) -> None:
    """Field notes C4: the journal, not the mailbox, decides whether a draft is due."""
    deliver(alice, message("rejected", 1, date=datetime.now(UTC)))
    given = config(dovecot, tmp_path)
    one_pass(given)
    _empty(alice, "Drafts")
    one_pass(given)

    assert keys_in(alice) == []


def test_a_new_uidvalidity_makes_no_second_draft_and_loses_nothing(
    dovecot: Dovecot, alice: IMAPClient, tmp_path: Path
) -> None:
    """Field notes D1: everything is read again and recognised; what is new is handled."""
    deliver(alice, message("rejected", 1, date=datetime.now(UTC)))
    given = config(dovecot, tmp_path)
    one_pass(given)
    dovecot.new_uidvalidity("alice", "INBOX", int(datetime.now(UTC).timestamp()) + 7)
    deliver(alice, message("rejected", 2, date=datetime.now(UTC)))
    one_pass(given)

    assert len(keys_in(alice)) == len(set(keys_in(alice))) == 4


def test_copies_count_once_and_namesakes_twice(dovecot: Dovecot, alice: IMAPClient, tmp_path: Path) -> None:
    """Field notes C8, C9: a second delivery has other Received lines; another mail may share a Message-ID."""
    date = datetime.now(UTC)
    first = message("rejected", 1, date=date)
    namesake = first.replace(b"This is message 1.", b"Something else entirely.")
    for octets in (first, b"Received: from somewhere by elsewhere; " + b"x\r\n" + first, namesake):
        deliver(alice, octets)
    one_pass(config(dovecot, tmp_path))

    assert len(keys_in(alice)) == 4


def test_a_lost_journal_repeats_nothing(dovecot: Dovecot, alice: IMAPClient, tmp_path: Path) -> None:
    """A new state directory finds the drafts of the old one; what it can't find it holds for the user."""
    for number in (1, 2):
        deliver(alice, message("rejected", number, date=datetime.now(UTC)))
    (old := tmp_path / "old").mkdir()
    (new := tmp_path / "new").mkdir()
    one_pass(config(dovecot, old))
    before = keys_in(alice)
    alice.select_folder("Drafts")
    alice.delete_messages([alice.search("ALL")[0]])
    alice.expunge()
    alice.unselect_folder()
    given = config(dovecot, new)
    one_pass(given)

    assert len(before) == 4
    assert len(keys_in(alice)) == 3
    opened = database(given)
    held = [entry for entry in Ledger(opened, "alice").unfinished() if entry.state is ActionState.HELD]
    opened.close()
    assert len(held) == 3, "the deleted one and the two check-ins, which no sink holds yet"


def _empty(client: IMAPClient, mailbox: str) -> None:
    client.select_folder(mailbox)
    if uids := client.search("ALL"):
        client.delete_messages(uids)
        client.expunge()
    client.unselect_folder()
