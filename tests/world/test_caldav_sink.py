"""CalDAV beyond the contract, against Radicale: which calendar, which versions, and what is said of trouble."""

import socket
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from tests.servers.radicale import PASSWORD, USER, Radicale
from tests.world.contracts import NOON
from tests.world.reminder_contract import KEY, LATER, OTHER
from tests.world.test_reminder_sinks import clock, todo
from unburnt.errors import CommandRefused, ConfigurationProblem
from unburnt.world.caldav_sink import CaldavCalendar

TODO = todo(KEY, "Check in", NOON, event=False)


def sink(url: str, secret: Callable[[], str] = lambda: PASSWORD) -> CaldavCalendar:
    return CaldavCalendar(url, USER, secret, clock)


def todos(client: Any, name: str) -> list[str]:
    (calendar,) = (each for each in client.get_principal().get_calendars() if each.get_display_name() == name)
    return [each.data for each in calendar.get_todos(include_completed=True)]


@pytest.mark.parametrize("where", ["", "alice/"])
def test_the_calendar_follow_ups_is_made_once_and_then_used(radicale: Radicale, client: Any, where: str) -> None:
    """Where the URL is that of the server or of the user. The user's other calendars stay as they are."""
    client.get_principal().make_calendar(name="Home")
    sink(radicale.url + where).put(KEY, TODO)
    sink(radicale.url + where).put(OTHER, todo(OTHER, "Connect", NOON, event=False))

    assert sorted(each.get_display_name() or "" for each in client.get_principal().get_calendars()) == [
        "Follow-ups",
        "Home",
    ]
    assert (len(todos(client, "Follow-ups")), len(todos(client, "Home"))) == (2, 0)
    (stored,) = (each for each in todos(client, "Follow-ups") if KEY in each)
    assert stored.count("BEGIN:VTODO") == stored.count("BEGIN:VALARM") == 1
    assert "VEVENT" not in stored


def test_an_entry_that_another_program_filed_elsewhere_is_found_by_its_uid(radicale: Radicale, client: Any) -> None:
    """Two entries of one UID are forbidden (RFC 4791 section 4.1), and would ring twice."""
    calendar = client.get_principal().make_calendar(name="Home")
    client.put(f"{calendar.url}moved-by-someone.ics", TODO.decode(), {"Content-Type": "text/calendar"})
    mine = sink(str(calendar.url))
    receipt = mine.put(KEY, todo(KEY, "Check in, later", LATER, event=False))

    assert receipt.endswith("/moved-by-someone.ics")
    (stored,) = todos(client, "Home")
    assert "Check in\\, later" in stored


def test_what_the_user_saves_meanwhile_is_not_lost(radicale: Radicale, client: Any) -> None:
    """Between our reading and our writing they ticked it off: If-Match has the server refuse, and later it is seen."""
    mine = sink(radicale.url)
    mine.put(KEY, TODO)
    there = mine._lying(KEY)
    assert there is not None
    assert there.condition
    client.put(there.url, TODO.decode().replace("NEEDS-ACTION", "COMPLETED"), {"Content-Type": "text/calendar"})

    with pytest.raises(CommandRefused, match="somebody else has just changed the entry"), mine._troubles():
        mine._store(there.url, TODO, there.condition)
    assert mine.completed([KEY]) == {KEY}


def test_trouble_is_told_in_words_and_concerns_the_action_alone(radicale: Radicale) -> None:
    """And never with the password."""
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        deaf = f"http://127.0.0.1:{nobody.getsockname()[1]}/"
        cases = {
            "the server refuses the user name or the password": sink(radicale.url, lambda: f"not {PASSWORD}"),
            "the server knows no calendar at this url": sink(f"{radicale.url}{USER}/nowhere/"),
            "the server can't be reached: ConnectionError": sink(deaf),
        }
        for words, broken in cases.items():
            attempts: list[Callable[[], object]] = [
                partial(broken.put, KEY, TODO),
                broken.keys,
                partial(broken.complete, KEY, TODO),
            ]
            for attempt in attempts:
                with pytest.raises(CommandRefused) as caught:
                    attempt()
                assert str(caught.value) == f"reminders.caldav: {words}"
                assert caught.value.__suppress_context__


def test_a_missing_password_fails_the_action_and_is_asked_for_again(radicale: Radicale, client: Any) -> None:
    """The keyring may be unlocked by then."""
    locked = [ConfigurationProblem("reminders.caldav: no password found")]

    def secret() -> str:
        if locked:
            raise locked.pop()
        return PASSWORD

    mine = sink(radicale.url, secret)
    with pytest.raises(CommandRefused, match="no password found"):
        mine.put(KEY, TODO)

    assert mine.put(KEY, TODO)
