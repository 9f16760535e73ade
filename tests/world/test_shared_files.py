"""Calendar files and todo.txt, which others write too: nothing of theirs is lost, and nothing of ours."""

import subprocess
import sys
import threading
from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path

import pytest

from tests.world.contracts import NOON
from tests.world.reminder_contract import KEY, OTHER
from tests.world.test_reminder_sinks import TASKS, clock, still_open, todo
from unburnt.core import todo_txt
from unburnt.errors import CommandRefused
from unburnt.world import shared_file
from unburnt.world.ics_sink import CalendarFiles, Folder, OneFile
from unburnt.world.todo_txt_sink import TodoTxt

WRITER = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from unburnt.core.calendar import reminder
from unburnt.world.ics_sink import CalendarFiles, OneFile
noon = datetime(2026, 11, 20, 12, tzinfo=UTC)
sink = CalendarFiles(OneFile(Path(sys.argv[1])), lambda: noon)
for number in range(25):
    key = f"{sys.argv[2]}{number:031x}"
    sink.put(key, reminder(f"{key}@x", stamp=noon, due=noon, summary=key, text="", event=True))
"""


def line(key: str, summary: str = "Check in") -> bytes:
    return todo_txt.task(summary, key, date(2026, 11, 22), date(2026, 11, 23)).encode()


def names(folder: Path) -> list[str]:
    return sorted(entry.name for entry in folder.iterdir())


def test_two_processes_and_two_threads_lose_nothing(tmp_path: Path) -> None:
    """Each reads, changes and writes the whole file; only one at a time."""
    path = tmp_path / "calendar.ics"
    sink = CalendarFiles(OneFile(path), clock)

    def put(first: str) -> None:
        for number in range(25):
            key = f"{first}{number:031x}"
            sink.put(key, todo(key, key, NOON, event=True))

    others = [subprocess.Popen([sys.executable, "-c", WRITER, str(path), first]) for first in "ab"]
    threads = [threading.Thread(target=put, args=(first,)) for first in "cd"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert [other.wait(60) for other in others] == [0, 0]
    expected = {f"{first}{number:031x}" for first in "abcd" for number in range(25)}
    assert sink.keys() == expected
    assert set(still_open(path.read_bytes())) == expected


def test_an_editor_that_knows_no_locks_is_not_written_over(tmp_path: Path) -> None:
    """What it saves between our reading and our writing is read again first."""
    path = tmp_path / "todo.txt"
    path.write_bytes(b"mine\n")
    edits = iter([b"mine\nedited meanwhile\n"])

    def add(octets: bytes) -> bytes:
        if (edit := next(edits, None)) is not None:
            path.write_bytes(edit)
        return octets + b"ours\n"

    shared_file.change(path, add)

    assert path.read_bytes() == b"mine\nedited meanwhile\nours\n"


def test_one_who_never_rests_is_left_alone(tmp_path: Path) -> None:
    """The action fails and is tried again later."""
    path = tmp_path / "todo.txt"

    def add(octets: bytes) -> bytes:
        path.write_bytes(octets + b"theirs\n")
        return octets + b"ours\n"

    with pytest.raises(CommandRefused, match="something else keeps writing it"):
        shared_file.change(path, add)
    assert b"ours" not in path.read_bytes()


def test_a_link_stays_a_link_and_a_mode_a_mode(tmp_path: Path) -> None:
    """Into a folder that is synchronised, say; a new file is its owner's alone."""
    (real := tmp_path / "synchronised" / "todo.txt").parent.mkdir()
    real.write_bytes(b"mine\n")
    real.chmod(0o664)
    (link := tmp_path / "todo.txt").symlink_to(real)
    TodoTxt(link, clock).put(KEY, line(KEY))
    TodoTxt(tmp_path / "new" / "todo.txt", clock).put(KEY, line(KEY))

    assert link.is_symlink()
    assert real.read_bytes() == b"mine\n" + line(KEY) + b"\n"
    assert real.stat().st_mode & 0o777 == 0o664
    assert (tmp_path / "new" / "todo.txt").stat().st_mode & 0o777 == 0o600
    assert names(real.parent) == ["todo.txt"]


def test_what_is_no_calendar_is_left_as_it_is(tmp_path: Path) -> None:
    """Somebody's file at the configured path, or one half written by another program."""
    for octets in (b"shopping list\n", b"BEGIN:VCALENDAR\nBEGIN:VTODO\nEND:VCALENDAR\n", b"BEGIN:VCALENDAR\n"):
        (path := tmp_path / "calendar.ics").write_bytes(octets)
        sink = CalendarFiles(OneFile(path), clock)
        put = partial(sink.put, KEY, todo(KEY, "Check in", NOON, event=True))
        attempts: list[Callable[[], object]] = [put, partial(sink.complete, KEY, b""), sink.keys]
        for attempt in attempts:
            with pytest.raises(CommandRefused, match=r"calendar\.ics: "):
                attempt()
        assert path.read_bytes() == octets


@pytest.mark.parametrize("where", ["a file/below", "a folder"])
def test_a_place_that_can_not_be_written_refuses(tmp_path: Path, where: str) -> None:
    """With its reason, for this action alone."""
    (tmp_path / "a file").write_bytes(b"")
    (tmp_path / "a folder").mkdir()
    for sink, octets in (
        (CalendarFiles(OneFile(tmp_path / where), clock), todo(KEY, "Check in", NOON, event=True)),
        (TodoTxt(tmp_path / where, clock), line(KEY)),
    ):
        with pytest.raises(CommandRefused, match=r"can't be read or written: (Not|Is) a directory"):
            sink.put(KEY, octets)


def test_a_folder_keeps_one_file_for_each_and_none_for_what_was_taken_back(tmp_path: Path) -> None:
    """Readable by vdirsyncer: named by key, and no empty calendar remains."""
    sink, octets = CalendarFiles(Folder(tmp_path / "new"), clock), todo(KEY, "Check in", NOON, event=True)
    sink.put(KEY, octets)
    sink.put(OTHER, todo(OTHER, "Connect", NOON, event=True))
    assert names(tmp_path / "new") == [f"{KEY}.ics", f"{OTHER}.ics"]
    assert sink.withdraw(KEY, octets) is None

    assert names(tmp_path / "new") == [f"{OTHER}.ics"]


def test_a_task_that_was_archived_is_done(tmp_path: Path) -> None:
    """`todo.sh archive` moves ticked lines into done.txt; they don't come back."""
    path = tmp_path / "todo.txt"
    sink = TodoTxt(path, clock)
    (tmp_path / "done.txt").write_bytes(b"x 2026-11-24 " + line(KEY) + b"\n")
    path.write_bytes(TASKS)
    sink.put(KEY, line(KEY))

    assert sink.completed([KEY, OTHER]) == {KEY}
    assert sink.find(KEY, sink.place())
    assert path.read_bytes() == TASKS


def test_line_ends_are_those_of_the_file(tmp_path: Path) -> None:
    """Ours too, also when a line is replaced or ticked off."""
    path = tmp_path / "todo.txt"
    sink = TodoTxt(path, clock)
    for start, end in ((b"mine\r\n", b"\r\n"), (b"mine\n", b"\n"), (b"", b"\n"), (b"mine", b"\n")):
        path.write_bytes(start)
        first = start + (b"" if start.endswith(b"\n") or not start else end)
        sink.put(KEY, line(KEY))
        assert path.read_bytes() == first + line(KEY) + end
        sink.put(KEY, line(KEY, "Later"))
        assert path.read_bytes() == first + line(KEY, "Later") + end
        sink.complete(KEY, b"")
        assert path.read_bytes() == first + b"x 2026-11-20 " + line(KEY, "Later") + end
