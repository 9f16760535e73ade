"""What every sink of reminders keeps, whatever is behind it: beside the contract of all sinks, what becomes of an entry."""

from datetime import datetime, timedelta
from typing import Protocol

import pytest

from tests.world.contracts import NOON
from unburnt.world.ports import GONE, ActionSink


class Desk(Protocol):
    """A place where reminders go and others write too, as a test and the user see it."""

    def sink(self) -> ActionSink: ...

    def reminder(self, key: str, summary: str, due: datetime) -> bytes:
        """As the sink wants it."""
        ...

    def open(self) -> list[str]:
        """What is still to be done, by summary, as another program reads it; in no order."""
        ...

    def change(self, key: str) -> None:
        """The user gives it another wording."""
        ...

    def tick(self, key: str) -> None:
        """The user has done it, and says so there."""
        ...

    def others(self) -> object:
        """What others have put there before us, in its octets."""
        ...


KEY, OTHER = "0123456789abcdef" * 2, "fedcba9876543210" * 2
LATER = NOON + timedelta(days=7)
HOSTILE = (
    "Check in\r\nEND:VTODO\r\nEND:VCALENDAR\n\nBcc: x@y.example",
    "x 2026-01-01 (A) due:1999-01-01 key:" + OTHER + " +home @work h:1",
    '\u202eevil\u2028\x00\x1b[31m {{ braces }} <b>&amp; \\n ; , : "',
    "\U0001f600" * 200,
)


class ReminderSinkContract:
    """A sink of reminders. The fixture ``desk`` gives a Desk with entries of others. What it can't do, a class says."""

    keeps = True  # else it tells and forgets
    replaces = True
    ticks = True  # else the user can't say there that something is done

    def test_what_was_put_is_found_by_its_key_and_read_by_others(self, desk: Desk) -> None:
        """Also by a sink made anew, as after a restart."""
        sink = desk.sink()
        place = sink.place()
        assert sink.find(KEY, place) is None
        assert sink.put(KEY, desk.reminder(KEY, "Check in", NOON))
        assert sink.put(OTHER, desk.reminder(OTHER, "Connect", NOON))

        again = desk.sink()
        assert [bool(again.find(key, place)) for key in (KEY, OTHER, "0" * 32)] == [self.keeps, self.keeps, False]
        assert again.keys() == ({KEY, OTHER} if self.keeps else set())
        assert sorted(desk.open()) == ["Check in", "Connect"]
        assert again.completed([KEY, OTHER]) == frozenset()

    def test_put_again_takes_its_place(self, desk: Desk) -> None:
        """A reminder that was put off."""
        sink, others = desk.sink(), desk.others()
        sink.put(KEY, desk.reminder(KEY, "Check in", NOON))
        sink.put(OTHER, desk.reminder(OTHER, "Connect", NOON))
        sink.put(KEY, desk.reminder(KEY, "Check in, later", LATER))

        assert len(desk.open()) == 2 + (not self.replaces)
        assert {"Connect", "Check in, later"} <= set(desk.open())
        assert desk.others() == others

    def test_what_is_untouched_is_taken_back_and_others_entries_stay(self, desk: Desk) -> None:
        """Twice is as good as once: the first time may have ended in a crash."""
        sink, others = desk.sink(), desk.others()
        octets = desk.reminder(KEY, "Check in", NOON)
        sink.put(OTHER, desk.reminder(OTHER, "Connect", NOON))
        sink.put(KEY, octets)

        said = [sink.withdraw(KEY, octets), sink.withdraw(KEY, octets)]
        gone = (None, GONE)  # the second time a mailbox can't tell who took it
        assert said in ([[None, each] for each in gone] if self.keeps else [["a notification can't be taken back"] * 2])
        assert sorted(desk.open()) == ["Connect"] if self.keeps else ["Check in", "Connect"]
        assert desk.others() == others

    def test_what_the_user_has_changed_is_left(self, desk: Desk) -> None:
        """It is theirs now, and the answer says so."""
        if not self.keeps:
            return
        sink, octets = desk.sink(), desk.reminder(KEY, "Check in", NOON)
        sink.put(KEY, octets)
        desk.change(KEY)
        before = desk.open()

        assert sink.withdraw(KEY, octets) == "you have changed it; it was left"
        assert desk.open() == before != []

    def test_what_is_done_is_ticked_off_or_taken_away(self, desk: Desk) -> None:
        """And stays so when it is told twice."""
        sink, others = desk.sink(), desk.others()
        octets = desk.reminder(KEY, "Check in", NOON)
        sink.put(KEY, octets)
        sink.put(OTHER, desk.reminder(OTHER, "Connect", NOON))

        assert [sink.complete(KEY, octets), sink.complete(KEY, octets)] == [None, None]
        assert desk.open() == (["Connect"] if self.keeps else ["Check in", "Connect"])
        assert sink.completed([KEY, OTHER]) == ({KEY} if self.ticks else set())
        assert desk.others() == others

    def test_what_the_user_has_ticked_off_is_told_and_never_comes_back(self, desk: Desk) -> None:
        """Not even when it is put again, and it isn't taken away."""
        sink, octets = desk.sink(), desk.reminder(KEY, "Check in", NOON)
        sink.put(KEY, octets)
        sink.put(OTHER, desk.reminder(OTHER, "Connect", NOON))
        if not self.ticks:
            assert sink.completed([KEY, OTHER]) == frozenset()
            return
        desk.tick(KEY)

        assert sink.completed([KEY, OTHER, "0" * 32]) == {KEY}
        assert sink.put(KEY, desk.reminder(KEY, "Check in, later", LATER))
        assert sink.withdraw(KEY, octets) == "you have ticked it off; it was left"
        assert sink.completed([KEY, OTHER]) == {KEY}
        assert desk.open() == ["Connect"]

    @pytest.mark.parametrize("summary", HOSTILE)
    def test_a_strangers_words_stay_words(self, desk: Desk, summary: str) -> None:
        """Company and role come from a mail. One entry, found by its own key, beside those of others."""
        sink, others = desk.sink(), desk.others()
        octets = desk.reminder(KEY, summary, NOON)
        sink.put(KEY, octets)

        assert len(desk.open()) == 1
        assert sink.keys() == ({KEY} if self.keeps else set())
        assert sink.completed([KEY, OTHER]) == frozenset()
        assert desk.others() == others
        assert sink.complete(KEY, octets) is None
