"""Which sinks a configuration gives, and that one which can't work doesn't keep the others from it."""

from pathlib import Path
from typing import Any

import pytest
from imapclient import IMAPClient

from tests.accounts import config
from tests.servers.dovecot import Dovecot
from tests.world.contracts import NOON
from tests.world.reminder_contract import KEY
from tests.world.test_reminder_sinks import todo
from unburnt import wiring
from unburnt.config import Config
from unburnt.errors import CommandRefused
from unburnt.world.ics_sink import CalendarFiles, Folder

ALL = ("drafts", "inbox", "ics", "caldav", "todo.txt", "notify")


def reminding(given: Config, folder: Path, *to: str, **more: Any) -> Config:
    """The configuration with other settings in ``[reminders]``."""
    reminders = {
        "to": to,
        "ics": str(folder / "follow-ups.ics"),
        "todo_txt": str(folder / "todo.txt"),
        "caldav": {"url": "http://127.0.0.1:1/", "password_command": "false"},
        "notify": {"command": "false"},
    }
    return Config.model_validate(given.model_dump(by_alias=True) | {"reminders": reminders | more})


@pytest.mark.parametrize(
    ("to", "there"), [((), ("drafts",)), (("ics", "inbox"), ("drafts", "ics", "inbox")), (ALL, ALL)]
)
def test_each_sink_that_is_wanted_is_there_and_drafts_always(
    dovecot: Dovecot, alice: IMAPClient, tmp_path: Path, to: tuple[str, ...], there: tuple[str, ...]
) -> None:
    """Letters go to Drafts wherever reminders go. Nothing else is asked of anything yet."""
    given = reminding(config(dovecot, tmp_path), tmp_path, *to)
    connection = wiring.connect(given.accounts[0], given.training, given.reminders)
    try:
        sinks = wiring.sinks(connection, given)
        assert sorted(sinks) == sorted(there)
        assert wiring.reminder_sinks(given).keys() == sinks.keys() - {"drafts", "inbox"}
        assert wiring.reminder_sinks(None) == {}
        if "inbox" in sinks:
            assert sinks["inbox"].put(KEY, b"X-Draft-Key: " + KEY.encode() + b"\r\n\r\n").startswith("INBOX/")
    finally:
        connection.close()


def test_a_sink_without_its_secret_fails_alone(dovecot: Dovecot, tmp_path: Path) -> None:
    """The calendar's command and the notifications' fail; the file is written all the same."""
    sinks = wiring.reminder_sinks(reminding(config(dovecot, tmp_path), tmp_path, *ALL))
    for name in ("caldav", "notify"):
        with pytest.raises(CommandRefused, match=f"reminders.{name}.*command ended with exit code 1"):
            sinks[name].put(KEY, b"Check in")

    assert sinks["ics"].put(KEY, todo(KEY, "Check in", NOON, event=True)) == str(tmp_path / "follow-ups.ics")


@pytest.mark.parametrize(("given", "folder"), [("new/", True), ("there", True), ("file.ics", False), ("new", False)])
def test_a_folder_of_calendar_files_is_named_as_one_or_is_one(
    dovecot: Dovecot, tmp_path: Path, given: str, folder: bool
) -> None:
    """All else is a file."""
    (tmp_path / "there").mkdir()
    ours = reminding(config(dovecot, tmp_path), tmp_path, "ics", ics=f"{tmp_path}/{given}")
    sink = wiring.reminder_sinks(ours)["ics"]

    assert isinstance(sink, CalendarFiles)
    assert isinstance(sink._shelf, Folder) is folder
