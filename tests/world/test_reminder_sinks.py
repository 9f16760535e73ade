"""Every sink of reminders under their contract, against the real thing: Dovecot, Radicale, files, a listening web server."""

import re
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, cast

import pytest
from caldav.davclient import DAVClient
from icalendar import Calendar
from imapclient import IMAPClient

from tests.servers.dovecot import PASSWORD, Dovecot
from tests.servers.listener import Listener
from tests.servers.radicale import PASSWORD as SECRET
from tests.servers.radicale import USER, Radicale
from tests.world.contracts import NOON
from tests.world.reminder_contract import ReminderSinkContract
from unburnt.core import calendar, todo_txt
from unburnt.world import imap_sink
from unburnt.world.apprise_sink import Notifications
from unburnt.world.caldav_sink import CaldavCalendar
from unburnt.world.ics_sink import CalendarFiles, Folder, OneFile
from unburnt.world.imap import Connection, Server
from unburnt.world.imap_sink import MarkedMail
from unburnt.world.todo_txt_sink import TodoTxt

THEIRS = (
    b"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:somebody\nX-WR-CALNAME:Home\nBEGIN:VTIMEZONE\nTZID:x\n"
    b"BEGIN:STANDARD\nDTSTART:19700101T000000\nTZOFFSETFROM:+0100\nTZOFFSETTO:+0100\nEND:STANDARD\nEND:VTIMEZONE\n"
    b"begin:vtodo\nUID:0123456789abcdef0123456789abcdef-not-ours@home\nSUMMARY:buy\n  milk\nSTATUS:COMPLETED\nend:vtodo\n"
    b"BEGIN:VEVENT\nDTSTART:20260101T000000Z\nUID:1@home\nDESCRIPTION:BEGIN:VTODO\\nEND:VTODO\nEND:VEVENT\nEND:VCALENDAR\n"
)
TASKS = b"\xef\xbb\xbf(A) 2026-11-01 call M\xc3\xbcller +home key:0123\r\nx 2026-11-02 2026-11-01 water plants\r\n\xff\xfe due:2026-12-24"


def clock() -> datetime:
    return NOON


def todo(key: str, summary: str, due: datetime, *, event: bool) -> bytes:
    return calendar.reminder(
        f"{key}@mail.example", stamp=NOON, due=due, summary=summary, text=f"To do:\n{summary}", event=event
    )


def still_open(octets: bytes) -> list[str]:
    """Of our to-dos, by the library that reads them for most programs."""
    todos = Calendar.from_ical(octets).walk("VTODO")
    return [
        str(each["SUMMARY"]) for each in todos if "home" not in str(each["UID"]) and each["STATUS"] == "NEEDS-ACTION"
    ]


class IcsDesk:
    """A file of the user's calendar, or a folder that has one beside ours."""

    def __init__(self, path: Path, *, folder: bool) -> None:
        self.path, self._folder = path, folder
        path.mkdir() if folder else None
        (path / "mine.ics" if folder else path).write_bytes(THEIRS)

    def sink(self) -> CalendarFiles:
        return CalendarFiles(Folder(self.path) if self._folder else OneFile(self.path), clock)

    def reminder(self, key: str, summary: str, due: datetime) -> bytes:
        return todo(key, summary, due, event=True)

    def open(self) -> list[str]:
        return [summary for path in self._files() for summary in still_open(path.read_bytes())]

    def change(self, key: str) -> None:
        self._edit(key, b"SUMMARY:Check in", b"SUMMARY:Ask Jo")

    def tick(self, key: str) -> None:
        self._edit(key, b"STATUS:NEEDS-ACTION", b"STATUS:COMPLETED")

    def others(self) -> object:
        if self._folder:
            return (self.path / "mine.ics").read_bytes()
        head = THEIRS.removesuffix(b"END:VCALENDAR\n")
        now = self.path.read_bytes()
        return now.startswith(head), now.endswith(b"END:VCALENDAR\n"), len(re.findall(rb"(?m)^END:VCALENDAR", now))

    def _files(self) -> list[Path]:
        return sorted(self.path.glob("*.ics")) if self._folder else [self.path]

    def _edit(self, key: str, what: bytes, instead: bytes) -> None:
        """In the first to-do of that key alone."""
        path = self.path / f"{key}.ics" if self._folder else self.path
        octets = path.read_bytes()
        start = octets.rindex(b"BEGIN:VTODO", 0, octets.index(f"UID:{key}@".encode()))
        assert what in octets[start:]
        path.write_bytes(octets[:start] + octets[start:].replace(what, instead, 1))


class TodoDesk:
    """A list with tasks of the user's own, in a file with their mode and line ends, the last line without one."""

    def __init__(self, path: Path) -> None:
        self.path = path
        path.write_bytes(TASKS)
        path.chmod(0o640)

    def sink(self) -> TodoTxt:
        return TodoTxt(self.path, clock)

    def reminder(self, key: str, summary: str, due: datetime) -> bytes:
        return todo_txt.task(summary, key, NOON.date(), due.date()).encode()

    def open(self) -> list[str]:
        lines = [line.decode("utf-8", "replace") for line in self.path.read_bytes().split(b"\r\n")]
        ours = [line for line in lines if "+unburnt" in line and not line.startswith("x ")]
        return [line.partition(" +unburnt")[0].partition(" ")[2] for line in ours]

    def change(self, key: str) -> None:
        self._edit(key, lambda line: b"(B) " + line)

    def tick(self, key: str) -> None:
        self._edit(key, lambda line: b"x 2026-11-30 " + line)

    def others(self) -> object:
        return self.path.read_bytes().startswith(TASKS), self.path.stat().st_mode & 0o777

    def _edit(self, key: str, by: Callable[[bytes], bytes]) -> None:
        lines = self.path.read_bytes().splitlines(keepends=True)
        self.path.write_bytes(b"".join(by(line) if f"key:{key}".encode() in line else line for line in lines))


class CaldavDesk:
    """A calendar on Radicale that the user has made and filled, and another program that works with it."""

    def __init__(self, radicale: Radicale) -> None:
        self._client: Any = DAVClient(radicale.url, username=USER, password=SECRET, timeout=10, enable_rfc6764=False)
        self._calendar = cast(Any, self._client.get_principal().make_calendar(name="Home"))
        theirs = THEIRS.replace(b"begin:vtodo", b"BEGIN:VTODO").replace(b"end:vtodo", b"END:VTODO")
        self._calendar.save_todo(ical=theirs.partition(b"BEGIN:VEVENT")[0].decode() + "END:VCALENDAR\n")

    def sink(self) -> CaldavCalendar:
        return CaldavCalendar(str(self._calendar.url), USER, lambda: SECRET, clock)

    def reminder(self, key: str, summary: str, due: datetime) -> bytes:
        return todo(key, summary, due, event=False)

    def open(self) -> list[str]:
        return [summary for each in self._calendar.get_todos() for summary in still_open(each.data.encode())]

    def change(self, key: str) -> None:
        self._edit(key, "SUMMARY:Check in", "SUMMARY:Ask Jo")

    def tick(self, key: str) -> None:
        self._edit(key, "STATUS:NEEDS-ACTION", "STATUS:COMPLETED\r\nCOMPLETED:20261125T080000Z\r\nPERCENT-COMPLETE:100")

    def others(self) -> object:
        return sorted(each.data for each in self._calendar.get_todos(include_completed=True) if "@home" in each.data)

    def remove(self) -> None:
        self._calendar.delete()
        self._client.close()

    def _edit(self, key: str, what: str, instead: str) -> None:
        (mine,) = (each for each in self._calendar.get_todos() if f"UID:{key}@" in each.data)
        assert what in mine.data.replace("\n", "\r\n").replace("\r\r", "\r")
        mine.data = mine.data.replace(what, instead, 1)
        mine.save()


class InboxDesk:
    """alice's INBOX with mail of others, some of which say they were ours."""

    def __init__(self, client: IMAPClient, dovecot: Dovecot) -> None:
        self._client, self._dovecot = client, dovecot
        self._opened: list[Connection] = []
        client.append(
            "INBOX", b"Received: from x\r\nFrom: jo@acme.example\r\nX-Draft-Key: " + b"0" * 32 + b"\r\n\r\nHello.\r\n"
        )

    def sink(self) -> MarkedMail:
        server = Server("alice", self._dovecot.host, self._dovecot.port, "none", "alice", notes=("INBOX",))
        self._opened.append(connection := Connection(server))
        connection.login(PASSWORD)
        return imap_sink.inbox(connection)

    def reminder(self, key: str, summary: str, due: datetime) -> bytes:
        text = "".join(letter for letter in summary if letter.isprintable())
        return f"From: alice@mail.example\r\nX-Draft-Key: {key}\r\nX-Due: {due}\r\n\r\n{text}\r\n".encode()

    def open(self) -> list[str]:
        return [body.partition(b"\r\n\r\n")[2].strip().decode() for body in self._all() if b"X-Due" in body]

    def change(self, key: str) -> None:
        """As mail programs do it: another message, and the old one deleted."""
        self._client.select_folder("INBOX")
        for uid in self._client.search(["HEADER", "X-Draft-Key", key]):
            body = self._client.fetch([uid], ["BODY.PEEK[]"])[uid][b"BODY[]"]
            self._client.append("INBOX", body.replace(b"Check in", b"Ask Jo"))
            self._client.delete_messages([uid])
        self._client.expunge()
        self._client.unselect_folder()

    def tick(self, key: str) -> None:
        raise NotImplementedError

    def others(self) -> object:
        return [body for body in self._all() if b"X-Due" not in body]

    def close(self) -> None:
        for connection in self._opened:
            connection.close()

    def _all(self) -> list[bytes]:
        self._client.select_folder("INBOX", readonly=True)
        return [row[b"BODY[]"] for row in self._client.fetch(self._client.search("ALL"), ["BODY.PEEK[]"]).values()]


class PhoneDesk:
    """A web server that takes apprise's notifications."""

    def __init__(self, listener: Listener) -> None:
        self._listener = listener

    def sink(self) -> Notifications:
        return Notifications(lambda: f"json://127.0.0.1:{self._listener.port}/token-{SECRET}\n")

    def reminder(self, key: str, summary: str, due: datetime) -> bytes:
        return f"{' '.join(summary.split())}\nGreyharbour, Data Analyst, {due:%d %B}".encode()

    def open(self) -> list[str]:
        return [said["title"] for said in self._listener.heard]

    def change(self, key: str) -> None:
        raise NotImplementedError

    def tick(self, key: str) -> None:
        raise NotImplementedError

    def others(self) -> object:
        return None


class TestCalendarFile(ReminderSinkContract):
    @pytest.fixture
    def desk(self, tmp_path: Path) -> IcsDesk:
        return IcsDesk(tmp_path / "calendar.ics", folder=False)


class TestFolderOfCalendarFiles(ReminderSinkContract):
    @pytest.fixture
    def desk(self, tmp_path: Path) -> IcsDesk:
        return IcsDesk(tmp_path / "calendar", folder=True)


class TestTodoTxt(ReminderSinkContract):
    @pytest.fixture
    def desk(self, tmp_path: Path) -> TodoDesk:
        return TodoDesk(tmp_path / "todo.txt")


class TestCaldav(ReminderSinkContract):
    @pytest.fixture
    def desk(self, radicale: Radicale) -> Iterator[CaldavDesk]:
        yield (desk := CaldavDesk(radicale))
        desk.remove()


class TestInbox(ReminderSinkContract):
    replaces = ticks = False

    @pytest.fixture
    def desk(self, dovecot: Dovecot, alice: IMAPClient) -> Iterator[InboxDesk]:
        yield (desk := InboxDesk(alice, dovecot))
        desk.close()


class TestNotifications(ReminderSinkContract):
    keeps = replaces = ticks = False

    @pytest.fixture
    def desk(self, listener: Listener) -> PhoneDesk:
        return PhoneDesk(listener)
