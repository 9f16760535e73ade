"""drain() and apply(): decide on everything new, then do what is due; brakes, refusals and ends in the middle."""

from collections.abc import Collection, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.stand_in import SubjectDecider, message
from tests.world.contracts import NOON, Clock
from unburnt.core.model import Label, Origin, Plan, RawMessage, Step, Unfetched
from unburnt.core.reason import Reason
from unburnt.drain import apply, drain
from unburnt.errors import CommandRefused, ServerUnavailable, TryAgain
from unburnt.reports import Silent
from unburnt.world.database import Database
from unburnt.world.journal import Journal
from unburnt.world.mailfiles import MaildirDrafts
from unburnt.world.ports import ActionState, Place


class Desk:
    """A journal, a Maildir for drafts that can be told to refuse, and a clock."""

    def __init__(self, path: Path) -> None:
        self.clock = Clock()
        self.journal = Journal(Database(None), "alice", self.clock, None)
        self.drafts = MaildirDrafts(path)
        self.refusal: Exception | None = None
        self.puts: list[str] = []

    def place(self) -> Place:
        return self.drafts.place()

    def find(self, key: str, since: Place) -> str | None:
        return self.drafts.find(key, since)

    def withdraw(self, key: str, octets: bytes) -> str | None:
        return self.drafts.withdraw(key, octets)

    def complete(self, key: str, octets: bytes) -> str | None:
        return self.drafts.complete(key, octets)

    def completed(self, keys: Collection[str]) -> frozenset[str]:
        return self.drafts.completed(keys)

    def keys(self) -> frozenset[str]:
        return self.drafts.keys()

    def put(self, key: str, octets: bytes) -> str:
        self.puts.append(key)
        if self.refusal is not None:
            raise self.refusal
        return self.drafts.put(key, octets)

    def arrive(self, *numbers: int) -> None:
        for number in numbers:
            raw = RawMessage(Origin(f"{number}"), message("rejected", number, date=NOON))
            self.journal.record(SubjectDecider().plan(raw, self.clock()), self.clock())

    def apply(self, limit: int = 20) -> None:
        apply(self.journal, {"drafts": self}, limit, self.clock, Silent(), lambda: False)

    def count(self, kind: str, state: ActionState) -> int:
        return sum(entry.kind == kind and entry.state is state for entry in self.journal.ledger.unfinished())


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = Desk(tmp_path / "Drafts")
    yield made
    made.journal.database.close()


def test_more_letters_than_a_day_may_have_are_held_for_the_next(desk: Desk) -> None:
    """A fault of ours, or a flood of mail, must not fill the user's Drafts; the oldest go first."""
    desk.arrive(1, 2, 3, 4, 5)
    held = []
    for hours in (0, 1, 22, 1, 24, 24):
        desk.clock.wait(hours=hours)
        desk.apply(limit=2)
        held.append(desk.count("draft", ActionState.HELD))

    assert held == [3, 3, 3, 1, 0, 0]
    assert desk.count("connect", ActionState.HELD) == 0
    assert len(desk.puts) == len(set(desk.puts)) == 10


def test_what_the_user_releases_goes_at_once_over_the_limit(desk: Desk) -> None:
    """They have looked at what is held, and want it."""
    desk.arrive(1, 2, 3)
    desk.apply(limit=1)
    (held, *_) = [entry.error for entry in desk.journal.ledger.unfinished() if entry.state is ActionState.HELD]
    assert held == "letters.daily_limit of 1 is reached"
    desk.journal.ledger.release()
    desk.arrive(4)
    desk.apply(limit=1)

    assert desk.count("draft", ActionState.HELD) == 1, "number 4, which nobody released"
    assert len(desk.puts) == 2 * 3


def test_a_refusal_concerns_its_own_action_only(desk: Desk) -> None:
    """And each failure is shown with what the server said."""
    desk.arrive(1)
    desk.refusal = CommandRefused("append failed: [OVERQUOTA] full")
    desk.apply()
    desk.refusal = None
    desk.arrive(2)
    desk.apply()

    assert desk.count("draft", ActionState.FAILED) == 1
    assert [entry.error for entry in desk.journal.ledger.unfinished() if entry.kind == "draft"] == [
        str(CommandRefused("append failed: [OVERQUOTA] full"))
    ]
    assert len(desk.keys()) == 2


def test_a_server_that_asks_for_patience_gets_it(desk: Desk) -> None:
    """No more is said in this pass, and in the next the action that was refused doesn't stand in the way of others."""
    desk.arrive(1, 2)
    desk.refusal = TryAgain("[THROTTLED] Suggested Backoff Time: 60000 milliseconds")
    with pytest.raises(TryAgain):
        desk.apply()
    assert len(desk.puts) == 1
    desk.refusal = None
    desk.apply()

    assert len(desk.keys()) == 3
    assert desk.puts.count(desk.puts[0]) == 1
    desk.clock.wait(minutes=5)
    desk.apply()
    assert len(desk.keys()) == 4


def test_a_lost_connection_leaves_the_intent_and_the_next_pass_looks_first(desk: Desk) -> None:
    """Whether the server has stored it is not known: it is looked for, and put if it isn't there."""
    desk.arrive(1)
    desk.refusal = ServerUnavailable("gone")
    with pytest.raises(ServerUnavailable):
        desk.apply()
    assert desk.count("connect", ActionState.INTENDED) + desk.count("draft", ActionState.INTENDED) == 1
    first = desk.puts[0]
    octets = next(entry.octets for entry in desk.journal.ledger.unfinished() if entry.key == first)
    desk.drafts.put(first, octets)
    desk.refusal = None
    desk.apply()

    assert desk.puts.count(first) == 1
    assert len(desk.keys()) == 2


def test_a_letter_is_dropped_when_the_user_has_answered_meanwhile(desk: Desk) -> None:
    """The reminder isn't: there is still somebody to stay in touch with."""
    desk.arrive(1)
    reply = message("Re: rejected", 9, in_reply_to="<1@acme.example>", date=NOON)
    plan = SubjectDecider().plan(RawMessage(Origin("sent", own=True), reply), NOON)
    desk.journal.record(plan, NOON)
    desk.apply()

    assert len(desk.puts) == 1
    assert [entry.kind for entry in desk.journal.ledger.unfinished()] == ["check_in"]


class Large:
    """A source of one message whose beginning is read and whose whole the server never gives."""

    def __init__(self, number: int) -> None:
        self.raw = RawMessage(
            Origin("alice/INBOX/3", "INBOX", 7, number), message("rejected", number, date=NOON), complete=False
        )

    def heads(self) -> Iterator[RawMessage | Unfetched]:
        yield self.raw

    def full(self, raw: RawMessage) -> RawMessage:
        del raw
        raise ServerUnavailable("hung up")


def test_a_message_at_whose_whole_the_server_hangs_up_is_postponed(desk: Desk) -> None:
    """Otherwise every pass would end at it, and no mail behind it would ever be read."""
    desk.journal.open("INBOX", 7)
    for days in (0, 0, 1, 1, 1, 1):
        desk.clock.wait(days=days)
        with pytest.raises(ServerUnavailable):
            drain(Large(3), SubjectDecider(), desk.journal, desk.clock, Silent(), lambda: False)
    cursor = desk.journal.cursor("INBOX")
    assert cursor is not None
    desk.clock.wait(days=9)

    assert (cursor.high, desk.journal.cursor("INBOX")) == (3, cursor)
    rows = desk.journal.database.run(lambda db: db.exec_driver_sql("SELECT reason, error FROM messages").all())
    assert [tuple(row) for row in rows] == [(Reason.UNFETCHABLE, "hung up")]


class Slow:
    """A decider that takes a look at what is stored already, each time it is asked."""

    def __init__(self, journal: Journal) -> None:
        self.journal = journal
        self.seen: list[int] = []

    def plan(self, raw: RawMessage, now: datetime, told: Label | None = None, past: tuple[Step, ...] = ()) -> Plan:
        cursor = self.journal.cursor("INBOX")
        self.seen.append(cursor.high if cursor else 0)
        return SubjectDecider().plan(raw, now, told)


def test_each_decision_is_stored_before_the_next_is_made(desk: Desk) -> None:
    """So that a kill costs one message's work at most; and a wish to stop is heard between any two."""
    raws = [RawMessage(Origin(f"{n}", "INBOX", 7, n), message("hello", n, date=NOON)) for n in range(1, 9)]

    class Source:
        def heads(self) -> Iterator[RawMessage | Unfetched]:
            yield from raws

        def full(self, raw: RawMessage) -> RawMessage:
            return raw

    desk.journal.open("INBOX", 7)
    decider, left = Slow(desk.journal), iter([False] * 4 + [True])
    drain(Source(), decider, desk.journal, desk.clock, Silent(), lambda: next(left))

    assert decider.seen == [0, 1, 2, 3, 4]
    cursor = desk.journal.cursor("INBOX")
    assert cursor is not None
    assert cursor.high == 5


def test_the_limit_counts_a_day_of_24_hours(desk: Desk) -> None:
    """Not the calendar's: midnight lets nothing go."""
    desk.arrive(1, 2)
    desk.apply(limit=1)
    desk.clock.wait(hours=23, minutes=59)
    desk.arrive(3)
    desk.apply(limit=1)
    assert desk.count("draft", ActionState.HELD) == 2
    assert desk.journal.ledger.next_due(desk.clock()) == NOON + timedelta(hours=24)
    desk.clock.wait(minutes=1)
    desk.apply(limit=1)

    assert desk.count("draft", ActionState.HELD) == 1
