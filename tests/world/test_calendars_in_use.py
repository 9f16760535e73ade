"""Reminders in calendars, the whole way: from a rejection in Dovecot to a to-do in Radicale, and back when it is done."""

from pathlib import Path
from typing import Any

import pytest
from icalendar import Calendar
from imapclient import IMAPClient

from tests.accounts import deliver
from tests.servers.dovecot import Dovecot
from tests.servers.radicale import PASSWORD, USER, Radicale
from tests.test_following import TODAY, Months, sent, subjects
from tests.test_following import planner as planner  # noqa: PLC0414  # the fixture
from tests.test_history import ALICE, NAOMI
from tests.test_history import NO_OF_NAOMI as NO
from tests.test_history import letter as message
from tests.test_watch import written
from unburnt.core.planner import Planner


@pytest.fixture
def months(
    dovecot: Dovecot, alice: IMAPClient, radicale: Radicale, client: Any, tmp_path: Path, planner: Planner
) -> Months:
    """A no that came today, reminders in Drafts and on the server."""
    deliver(alice, message(NAOMI, ALICE, "Your application at Harrowmill", NO, 0, 10))
    path, secret = written(dovecot, tmp_path), tmp_path / "caldav.password"
    secret.write_text(PASSWORD, "utf-8")
    with path.open("a", encoding="utf-8") as file:
        file.write(
            f'[reminders]\nto = ["drafts", "ics", "caldav", "todo.txt"]\nics = "{tmp_path}/all.ics"\n'
            f'todo_txt = "{tmp_path}/todo.txt"\n[reminders.caldav]\nurl = "{radicale.url}"\nusername = "{USER}"\n'
            f'password_command = "cat {secret}"\n'
        )
    ours = Months(path, planner)
    ours.on_day(0)
    return ours


def todos(client: Any) -> dict[str, Any]:
    """What the calendar program shows, by the first word of its summary."""
    (calendar,) = (each for each in client.get_principal().get_calendars() if each.get_display_name() == "Follow-ups")
    found = calendar.get_todos(include_completed=True)
    return {str(each.icalendar_component["summary"]).split(":")[0]: each for each in found}


def test_a_reminder_lives_in_all_calendars_at_once(alice: IMAPClient, months: Months, client: Any) -> None:
    """Made, moved by contact since, ticked off by the user in one of them, and then done in all and in Drafts."""
    shown, folder = todos(client), months.path.parent
    assert set(shown) == {"LinkedIn", "Check in"}
    sent(alice, 40, "Dear Naomi,\n\nI saw your talk on wheat and liked it.\n\nAlice", answers=10, number=51)
    months.on_day(41)
    due = todos(client)["Check in"].icalendar_component.decoded("due")
    assert (due - TODAY).days in {129, 130}
    assert f"due:{due:%Y-%m-%d}" in (folder / "todo.txt").read_text("utf-8")
    assert f"DUE:{due:%Y%m%dT%H%M%SZ}" in (folder / "all.ics").read_text("utf-8")

    todos(client)["LinkedIn"].complete()
    months.on_day(42)
    assert months.reminder("connect")["state"] == "done"
    assert subjects(alice) == ["Re"]
    lines = (folder / "todo.txt").read_text("utf-8").splitlines()
    assert [line.startswith("x ") for line in lines] == ["LinkedIn" in line for line in lines]
    assert (folder / "all.ics").read_text("utf-8").count("STATUS:COMPLETED") == 1

    months.say("drop", months.reminder("check_in")["key"])
    months.on_day(43)
    assert set(todos(client)) == {"LinkedIn"}
    assert "Check in" not in (folder / "todo.txt").read_text("utf-8")


def test_a_calendar_server_accepts_the_file(months: Months, client: Any, radicale: Radicale) -> None:
    """As others read it, and as a whole calendar put on a server."""
    octets = (months.path.parent / "all.ics").read_bytes()
    calendar = Calendar.from_ical(octets)
    assert (len(calendar.walk("VTODO")), len(calendar.walk("VEVENT")), len(calendar.walk("VALARM"))) == (2, 2, 4)

    answer = client.put(f"{radicale.url}{USER}/uploaded/", octets.decode(), {"Content-Type": "text/calendar"})
    assert answer.status in {200, 201, 204}
    uploaded = client.calendar(url=f"{radicale.url}{USER}/uploaded/")
    assert len(uploaded.get_todos()) == len(uploaded.get_events()) == 2


def test_a_server_that_is_away_holds_up_nothing_else(
    alice: IMAPClient, months: Months, client: Any, tmp_path: Path
) -> None:
    """Its actions wait and say why; Drafts, files and lists go on, and all is there when it comes back."""
    text = months.path.read_text("utf-8")
    url = next(line for line in text.splitlines() if line.startswith("url = "))
    months.path.write_text(text.replace(url, 'url = "http://127.0.0.1:9/"'), "utf-8")
    other = NO.replace("Grain Buyer", "Head Miller").replace("Harrowmill", "Stonebrook")
    deliver(alice, message("Ivo Lind <ivo@stonebrook.example>", ALICE, "Your application at Stonebrook", other, 0, 20))
    months.on_day(1)
    assert len((tmp_path / "todo.txt").read_text("utf-8").splitlines()) == 4
    assert "the server can't be reached" in months.say("status")

    months.path.write_text(text, "utf-8")
    months.on_day(2)
    assert len((months.path.parent / "todo.txt").read_text("utf-8").splitlines()) == 4
    (calendar,) = client.get_principal().get_calendars()
    assert len(calendar.get_todos()) == 4
