"""The follow-through on a real Dovecot, over months: the daemon's own passes, with a clock that is set forward."""

import json
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest
from imapclient import IMAPClient

from tests.accounts import deliver
from tests.command import unburnt
from tests.servers.dovecot import Dovecot
from tests.test_history import ALICE, NAOMI, body, drafts
from tests.test_history import NO_OF_NAOMI as NO
from tests.test_history import letter as message
from tests.test_watch import written
from tests.world.contracts import Clock
from unburnt import config, wiring
from unburnt.core.planner import Planner
from unburnt.errors import Exit
from unburnt.reports import Silent
from unburnt.watch import AccountWatch
from unburnt.world.database import JOURNAL, Database

TODAY = datetime.now(UTC)


class Months:
    """A daemon that is run now and then, on days of our choosing."""

    def __init__(self, path: Path, planner: Planner) -> None:
        self.path, self._planner, self._clock = path, planner, Clock(TODAY)

    def on_day(self, day: float) -> None:
        """One pass, so many days from now, by a process that was not there before."""
        self._clock.now = TODAY + timedelta(days=day)
        settings = config.load(self.path)
        database = Database(settings.state_directory / JOURNAL)
        (account,) = settings.accounts
        try:
            planner = Planner(
                self._planner.classifier,
                self._planner.packs,
                wiring.profile(settings.profile),
                wiring.recipe(settings, account).policy,
            )
            AccountWatch(settings, account, database, planner, Silent(), self._clock, lambda _watch, _due: None).once()
        finally:
            database.close()

    def reminders(self) -> list[dict[str, str]]:
        done = unburnt("reminders", "--json", "--config", self.path)
        assert done.returncode == Exit.OK, done.stderr
        found: list[dict[str, str]] = json.loads(done.stdout)
        return found

    def reminder(self, purpose: str) -> dict[str, str]:
        (found,) = (each for each in self.reminders() if each["purpose"] == purpose)
        return found

    def say(self, *arguments: str) -> str:
        done = unburnt(*arguments, "--config", self.path)
        assert done.returncode == Exit.OK, done.stderr
        return done.stdout.decode()


@pytest.fixture(scope="module")
def planner() -> Planner:
    return wiring.recipe(None)()


@pytest.fixture
def months(dovecot: Dovecot, alice: IMAPClient, tmp_path: Path, planner: Planner) -> Months:
    """Naomi's no came today, and the first pass went over it."""
    deliver(alice, message(NAOMI, ALICE, "Your application at Harrowmill", NO, 0, 10))
    path = written(dovecot, tmp_path)
    with path.open("a", encoding="utf-8") as file:
        file.write(
            f'[reminders]\nto = ["drafts", "ics"]\nics = "{tmp_path / "calendar"}/"\nstay_in_touch = "6 months"\n'
        )
    ours = Months(path, planner)
    ours.on_day(0)
    return ours


def subjects(alice: IMAPClient, mailbox: str = "Drafts") -> list[str]:
    return sorted(str(each["Subject"]).partition(":")[0] for each in drafts(alice, mailbox))


def calendars(months: Months) -> list[str]:
    return sorted(path.read_text("utf-8") for path in (months.path.parent / "calendar").glob("*.ics"))


def sent(alice: IMAPClient, day: float, text: str, *, answers: int = 0, number: int = 50) -> None:
    octets = message(ALICE, NAOMI, "Re: Your application at Harrowmill", text, -day, number, answers)
    deliver(alice, octets, "Sent", TODAY + timedelta(days=day))


def of(alice: IMAPClient, beginning: str) -> EmailMessage:
    (found,) = (each for each in drafts(alice) if str(each["Subject"]).startswith(beginning))
    return found


def test_a_letter_to_check_in_comes_on_its_day_in_the_same_thread(alice: IMAPClient, months: Months) -> None:
    """Not before, and not twice; the calendar knows all days from the start."""
    assert subjects(alice) == ["LinkedIn", "Re"]
    assert len(calendars(months)) == 4
    thanks = of(alice, "Re:")
    months.on_day(89)
    assert subjects(alice) == ["LinkedIn", "Re"]
    months.on_day(90.01)
    months.on_day(91)
    assert subjects(alice) == ["Check in", "LinkedIn", "Re", "Re"]
    (later,) = (
        each for each in drafts(alice) if each["Subject"] == thanks["Subject"] and each["Date"] != thanks["Date"]
    )
    assert later["In-Reply-To"] == "<10@thread.example>"
    assert later["To"] == thanks["To"]
    assert body(later).partition("\n>")[0] != body(thanks).partition("\n>")[0]
    assert "A letter to check in lies in your Drafts" in body(of(alice, "Check in"))


def test_a_letter_cools_off_over_restarts_and_not_for_who_has_answered(
    dovecot: Dovecot, alice: IMAPClient, tmp_path: Path, planner: Planner
) -> None:
    """Two rejections today; each pass is another process. What the user answers in the meantime falls away."""
    other = NO.replace("Grain Buyer", "Head Miller").replace("Harrowmill", "Stonebrook")
    deliver(alice, message(NAOMI, ALICE, "Your application at Harrowmill", NO, 0, 10))
    deliver(alice, message("Ivo Lind <ivo@stonebrook.example>", ALICE, "Your application", other, 0, 20))
    path = written(dovecot, tmp_path)
    with path.open("a", encoding="utf-8") as file:
        file.write('[letters]\ncool_off = "1d"\n')
    ours = Months(path, planner)
    ours.on_day(0)
    ours.on_day(0.9)
    assert subjects(alice) == ["LinkedIn", "LinkedIn"]
    sent(alice, 0.95, "Dear Naomi,\n\nthank you for letting me know.\n\nAlice", answers=10)
    ours.on_day(1.1)
    ours.on_day(1.2)
    assert subjects(alice) == ["LinkedIn", "LinkedIn", "Re"]
    assert "ivo@stonebrook.example" in str(of(alice, "Re:")["To"])


def test_what_fell_due_while_the_machine_slept_comes_once(alice: IMAPClient, months: Months) -> None:
    months.on_day(700)
    months.on_day(701)
    assert subjects(alice) == ["Check in", "LinkedIn", "Re", "Re", "Stay in touch", "Stay in touch, the last time"]


def test_the_letter_of_thanks_moves_nothing_and_a_later_one_does(alice: IMAPClient, months: Months) -> None:
    """From Sent; the calendar's entry moves too, and the reminder says why."""
    sent(alice, 2, "Dear Naomi,\n\nthank you for letting me know.\n\nAlice", answers=10)
    months.on_day(3)
    assert months.reminder("check_in")["why"] is None
    sent(alice, 40, "Dear Naomi,\n\nI saw your talk on wheat and liked it.\n\nAlice", answers=10, number=51)
    months.on_day(41)
    moved = months.reminder("check_in")
    day = TODAY + timedelta(days=130)

    assert moved["due"][:10] == f"{day:%Y-%m-%d}"
    assert moved["why"] == f"you wrote to them on {TODAY + timedelta(days=40):%-d %B %Y}"
    assert sum(f"DUE:{day:%Y%m%d}T" in text for text in calendars(months)) == 1
    months.on_day(100)
    assert "Check in" not in subjects(alice)
    months.on_day(131)
    assert "Check in" in subjects(alice)
    assert of(alice, "Check in")["Date"].startswith(f"{day:%a, %d %b %Y}")


def test_a_day_that_the_user_chose_is_moved_by_nothing(alice: IMAPClient, months: Months) -> None:
    """Not even by contact since; what was put off to an earlier day comes then."""
    sent(alice, 40, "Dear Naomi,\n\nI saw your talk on wheat and liked it.\n\nAlice", answers=10)
    months.on_day(41)
    chosen = TODAY + timedelta(days=100)
    months.say("snooze", months.reminder("check_in")["key"][:8], f"{chosen:%Y-%m-%d}")
    months.on_day(42)
    assert months.reminder("check_in")["why"] == "you have put it off"
    months.on_day(101)
    assert "Check in" in subjects(alice)


def test_a_new_application_makes_the_reminders_fall_away(alice: IMAPClient, months: Months) -> None:
    text = """Dear Harrowmill team,

I would like to apply for the position of Flour Buyer at Harrowmill. My CV is attached.

Kind regards,
Alice Doe"""
    octets = message(ALICE, "jobs@harrowmill.example", "Application: Flour Buyer", text, -60, 60)
    deliver(alice, octets, "Sent", TODAY + timedelta(days=60))
    months.on_day(61)
    dropped = [each for each in months.reminders() if each["state"] == "dropped"]

    assert {each["purpose"] for each in dropped} == {"check_in", "stay_in_touch", "stay_in_touch_again"}
    assert all(each["why"].startswith("you have applied there again on ") for each in dropped)
    months.on_day(400)
    assert subjects(alice) == ["LinkedIn", "Re"]
    assert len(calendars(months)) == 1


def test_done_takes_an_untouched_note_away_and_ticks_the_calendar(alice: IMAPClient, months: Months) -> None:
    key = months.reminder("connect")["key"]
    assert "done" in months.say("done", key[:8])
    months.on_day(1)

    assert subjects(alice) == ["Re"]
    assert subjects(alice, "Trash") == ["LinkedIn"]
    assert sum("STATUS:COMPLETED" in text for text in calendars(months)) == 1
    assert unburnt("done", key[:8], "--config", months.path).returncode == Exit.USAGE


def test_what_is_ticked_off_in_the_calendar_is_done_everywhere(alice: IMAPClient, months: Months) -> None:
    key = months.reminder("connect")["key"]
    (path,) = (
        path
        for path in (months.path.parent / "calendar").glob("*.ics")
        if "SUMMARY:LinkedIn" in path.read_text("utf-8")
    )
    path.write_text(path.read_text("utf-8").replace("STATUS:NEEDS-ACTION", "STATUS:COMPLETED"), "utf-8", newline="")
    months.on_day(1)

    assert (months.reminder("connect")["key"], months.reminder("connect")["state"]) == (key, "done")
    assert subjects(alice) == ["Re"]


def test_a_note_that_was_put_off_comes_again_on_its_day(alice: IMAPClient, months: Months) -> None:
    months.say("snooze", months.reminder("connect")["key"][:8], "2w")
    months.on_day(1)
    assert subjects(alice) == ["Re"]
    months.on_day(15)
    months.on_day(16)
    assert subjects(alice) == ["LinkedIn", "Re"]
    assert of(alice, "LinkedIn")["Date"].startswith(f"{TODAY + timedelta(days=14):%a, %d %b %Y}")


def test_a_note_that_the_user_changed_is_left(alice: IMAPClient, months: Months) -> None:
    """Whatever is said of its reminder."""
    alice.select_folder("Drafts")
    (uid,) = (uid for uid in alice.search(["SUBJECT", "LinkedIn"]))
    octets = (
        alice.fetch([uid], ["BODY.PEEK[]"])[uid][b"BODY[]"]
        .replace(b"No hurry", b"Hurry")
        .replace(b"You came", b"I came")
    )
    alice.delete_messages([uid])
    alice.expunge([uid])
    deliver(alice, octets, "Drafts", flags=(b"\\Draft", b"\\Seen"))
    months.say("done", months.reminder("connect")["key"][:8])
    months.on_day(1)

    assert subjects(alice) == ["LinkedIn", "Re"]
    assert months.reminder("connect")["state"] == "done"


def test_dropped_takes_the_letter_back_too(alice: IMAPClient, months: Months) -> None:
    months.on_day(91)
    months.say("drop", months.reminder("check_in")["key"][:8])
    months.on_day(92)
    assert subjects(alice) == ["LinkedIn", "Re"]
    assert subjects(alice, "Trash") == ["Check in", "Re"]


def test_a_rejection_by_telephone_gets_the_same_letter_and_reminders(alice: IMAPClient, months: Months) -> None:
    """Told in the terminal, saved by the daemon; once, however often it is told."""
    told = ("add", "Oakridge Mills", "--role", "Miller", "--person", "Tom Hill", "--address", "tom@oakridge.example")
    for _ in range(2):
        months.say(*told, "--stage", "final", "--on", f"{TODAY:%Y-%m-%d}")
    months.on_day(1)
    found = [each for each in drafts(alice) if "oakridge" in str(each["To"])]

    (draft,) = found
    assert str(draft["To"]) == "Tom Hill <tom@oakridge.example>"
    assert str(draft["Subject"]) == "Thank you: Miller"
    assert draft["In-Reply-To"] is None
    assert "Dear Tom Hill," in body(draft)
    assert "Oakridge Mills" in body(draft)
    assert len([each for each in months.reminders() if each["company"] == "Oakridge Mills"]) == 4
    assert "Oakridge Mills" in months.say("reminders")


@pytest.mark.parametrize("wrong", [(" ",), ("Oakridge", "--address", "tom"), ("Oakridge", "--account", "nobody")])
def test_what_can_not_be_entered_is_told(months: Months, wrong: tuple[str, ...]) -> None:
    done = unburnt("add", *wrong, "--config", months.path)
    assert (done.returncode, b"Traceback" in done.stderr) == (Exit.USAGE, False)
    assert len(months.reminders()) == 4


def test_reminders_that_are_none_are_told(months: Months) -> None:
    for prefix in ("abc", "zzzzzzzz", "0"):
        done = unburnt("drop", prefix, "--config", months.path)
        assert done.returncode == Exit.USAGE
        assert b"`unburnt reminders` shows" in done.stderr
    key = months.reminder("connect")["key"]
    past = unburnt("snooze", key, "2020-01-01", "--config", months.path)
    assert past.returncode == Exit.USAGE
    assert b"into the past" in past.stderr
