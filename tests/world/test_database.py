"""The journal's file: there and durable, or refused with its path; nothing that was told to be stored is ever lost."""

import contextlib
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.stand_in import SubjectDecider, message
from tests.world.contracts import NOON, Clock
from unburnt.core.model import Origin, RawMessage
from unburnt.core.reason import Reason
from unburnt.errors import ConfigurationProblem, Exit, TryAgain
from unburnt.world import schema as db
from unburnt.world.database import Database
from unburnt.world.health import Health
from unburnt.world.journal import Journal
from unburnt.world.reminders import Reminders
from unburnt.world.schema import VERSION


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state" / "journal.sqlite"


def journal(database: Database, account: str = "alice") -> Journal:
    return Journal(database, account, Clock(), None)


def record(database: Database, number: int, account: str = "alice") -> Reason:
    raw = RawMessage(Origin(f"{number}", "INBOX", 7, number + 1), message("rejected", number, date=NOON))
    return journal(database, account).record(SubjectDecider().plan(raw, NOON), NOON).reason


def count(path: Path, table: str = "messages") -> int:
    with sqlite3.connect(path) as other:
        (rows,) = other.execute(f"SELECT count(*) FROM {table}").fetchone()
    other.close()
    return int(rows)


def test_only_its_owner_can_read_it(path: Path) -> None:
    """It holds names, companies and letters."""
    Database(path).close()

    assert (path.stat().st_mode & 0o777, path.parent.stat().st_mode & 0o777) == (0o600, 0o700)


def test_a_newer_schema_is_refused_and_left_alone(path: Path) -> None:
    """Field notes L5: an older version could misread it."""
    Database(path).close()
    with sqlite3.connect(path) as other:
        other.execute(f"PRAGMA user_version = {VERSION + 1}")
    other.close()
    with pytest.raises(ConfigurationProblem) as caught:
        Database(path)

    assert str(caught.value) == (
        f"{path}: has schema {VERSION + 1}, written by a newer Unburnt; this one knows {VERSION}. "
        "Upgrade, or use another state directory."
    )
    with sqlite3.connect(path) as other:
        assert other.execute("PRAGMA user_version").fetchone() == (VERSION + 1,)
    other.close()


def no_folder(path: Path) -> None:
    path.parent.write_bytes(b"")


def a_folder(path: Path) -> None:
    path.mkdir(parents=True)


def no_database(path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(b"From: somebody else\n" * 1000)


def torn(path: Path) -> None:
    """All but the first pages overwritten."""
    database = Database(path)
    for number in range(5):
        record(database, number)
    database.close()
    octets = path.read_bytes()
    path.write_bytes(octets[:8192] + b"\xff" * (len(octets) - 8192))


@pytest.mark.parametrize(
    ("spoil", "why"),
    [
        (no_folder, "the journal can't be written: "),
        (a_folder, "the journal can't be written: unable to open database file"),
        (no_database, "the journal is damaged: file is not a database"),
        (torn, "the journal is damaged: database disk image is malformed"),
    ],
)
def test_without_a_sound_file_nothing_is_done(path: Path, spoil: Callable[[Path], None], why: str) -> None:
    """Field notes L4: "try again" with the path and the reason; what lies there is not touched."""
    spoil(path)
    before = path.read_bytes() if path.is_file() else None
    with pytest.raises(TryAgain) as caught:
        record(Database(path), 99)

    assert str(caught.value).startswith(f"{path}: {why}")
    assert caught.value.exit_code == Exit.TRY_AGAIN
    assert (path.read_bytes() if path.is_file() else None) == before


def test_a_full_disk_loses_nothing_and_is_got_over(path: Path) -> None:
    """The message stays unrecorded, with its actions and its cursor, and goes through when there is room."""
    database = Database(path)
    journal(database).open("INBOX", 7)
    record(database, 0)
    before = {table: count(path, table) for table in ("messages", "actions")}
    pages = database.run(lambda db: db.exec_driver_sql("PRAGMA page_count").scalar_one())
    database.run(lambda db: db.exec_driver_sql(f"PRAGMA max_page_count = {pages}"))
    number = 0
    try:
        for number in range(1, 50):
            record(database, number)
            before = {table: count(path, table) for table in before}
    except TryAgain as error:
        assert str(error).startswith(f"{path}: the journal can't be written: database or disk is full")  # noqa: PT017

    assert {table: count(path, table) for table in before} == before
    cursor = journal(database).cursor("INBOX")
    assert cursor is not None
    assert 1 < cursor.high == before["messages"] == number < 49
    database.run(lambda db: db.exec_driver_sql("PRAGMA max_page_count = 100000"))
    assert record(database, before["messages"]) is Reason.PLANNED
    database.close()


def test_what_fails_in_the_middle_leaves_no_trace(path: Path) -> None:
    """One transaction: all of it or nothing."""
    database = Database(path)

    def half(connection: sa.Connection) -> None:
        connection.exec_driver_sql("INSERT INTO replies VALUES ('<1@x>', 0)")
        raise KeyError

    with pytest.raises(KeyError):
        database.run(half)

    assert count(path, "replies") == 0
    database.close()


WRITER = """
import sys
from pathlib import Path
sys.path[:0] = {path!r}
from tests.world.test_database import Database, record
database = Database(Path(sys.argv[1]))
print("open", flush=True)
for number in range(int(sys.argv[2]), int(sys.argv[3])):
    record(database, number)
    print(number, flush=True)
"""


def writer(path: Path, first: int, last: int) -> subprocess.Popen[str]:
    words = [sys.executable, "-c", WRITER.format(path=sys.path), str(path), str(first), str(last)]
    return subprocess.Popen(words, stdout=subprocess.PIPE, text=True)


def test_two_processes_share_one_journal(path: Path) -> None:
    """A daemon and a command beside it, from the first moment on, when neither finds a file."""
    both = [writer(path, 0, 40), writer(path, 20, 60)]
    said = [process.communicate(timeout=60)[0].split() for process in both]

    assert [process.returncode for process in both] == [0, 0]
    assert [len(words) for words in said] == [41, 41]
    assert (count(path), count(path, "actions")) == (60, 180)


def test_what_was_stored_survives_a_kill(path: Path) -> None:
    """At any moment: what record() returned from is there, and the file is sound."""
    process = writer(path, 0, 10_000)
    assert process.stdout is not None
    stored = -1
    for line in process.stdout:
        stored = int(line) if line.strip().isdigit() else -1
        if stored == 25:
            os.kill(process.pid, signal.SIGKILL)
    process.wait()
    process.stdout.close()
    database = Database(path)
    found = database.run(lambda db: db.exec_driver_sql("SELECT count(*) FROM messages").scalar_one())

    assert found in {stored + 1, stored + 2}
    assert database.run(lambda db: db.exec_driver_sql("PRAGMA integrity_check").scalar_one()) == "ok"
    assert record(database, stored + 2) is Reason.PLANNED
    database.close()


def test_housekeeping_folds_the_log_in(path: Path) -> None:
    """Else it grows for as long as the daemon runs; and work goes on as before."""
    database = Database(path)
    for number in range(30):
        record(database, number)
    log = path.with_name(path.name + "-wal")
    assert log.stat().st_size > 100_000
    database.housekeep()

    assert log.stat().st_size == 0
    assert record(database, 30) is Reason.PLANNED
    assert record(database, 30) is Reason.DUPLICATE
    database.close()


def test_errors_quote_no_mail(path: Path) -> None:
    """SQLAlchemy would show the values of a statement that failed, and tracebacks its error."""
    database = Database(path)
    record(database, 1)
    with pytest.raises(TryAgain) as caught:
        database.run(lambda db: db.exec_driver_sql("INSERT INTO replies VALUES (?, 1, 2)", ("the subject of a mail",)))

    assert "the subject of a mail" not in str(caught.value) + str(caught.value.__cause__)
    database.close()


def test_the_cap_on_connections_holds_across_restarts(path: Path) -> None:
    """Field notes E5, L3: a crash loop must not hammer the server; each account has its own count."""
    clock, allowed = Clock(), []
    for _ in range(5):
        database = Database(path)
        health = Health(database, "alice")
        allowed.append(health.may_connect_at(3, clock()) - NOON)
        if health.may_connect_at(3, clock()) <= clock():
            health.connecting(clock())
        clock.wait(minutes=10)
        database.close()
    database = Database(path)
    health = Health(database, "alice")

    minutes = [span / timedelta(minutes=1) for span in allowed]
    assert minutes == [0, 10, 20, 60, 60]
    assert health.may_connect_at(3, NOON + timedelta(minutes=60)) == NOON + timedelta(minutes=60)
    assert health.may_connect_at(2, NOON + timedelta(minutes=40)) == NOON + timedelta(minutes=70), "a lower cap"
    assert health.may_connect_at(None, NOON) == NOON
    assert Health(database, "bob").may_connect_at(1, NOON) == NOON
    database.close()


def test_a_clock_that_was_wrong_blocks_no_connection(path: Path) -> None:
    """Field notes L4: connections counted next year don't count today, when the clock has been set right."""
    database = Database(path)
    health = Health(database, "alice")
    for _ in range(3):
        health.connecting(NOON + timedelta(days=365))

    assert health.may_connect_at(2, NOON) == NOON
    database.close()


def test_requests_are_kept_until_answered(path: Path) -> None:
    """Another process leaves them, for the daemon that holds the account's lock."""
    mine, other = Database(path), Database(path)
    Health(other, "alice").ask("scan", NOON)
    Health(other, "bob").ask("scan", NOON)
    ((number, kind),) = Health(mine, "alice").asked()
    assert kind == "scan"
    Health(mine, "alice").answered(number)

    assert Health(mine, "alice").asked() == []
    assert len(Health(mine, "bob").asked()) == 1
    mine.close()
    other.close()


def test_an_older_journal_gets_its_notes_as_reminders(path: Path) -> None:
    """Schema 3 knew notes only: what waits or was put is open, what was taken back is dropped; letters are none."""
    Database(path).close()
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.executescript("""
            DROP TABLE reminders; DROP INDEX ix_actions_reminder; ALTER TABLE actions DROP COLUMN reminder;
            INSERT INTO messages (id, identity, account, source, reason, at) VALUES (1, 'a', 'me', 'x', 'PLANNED', 0);
        """)
        for key, kind, state in (("1", "draft", "done"), ("2", "connect", "withdrawn"), ("3", "check_in", "pending")):
            row = (key, kind, state, f"about {key}")
            connection.execute(
                "INSERT INTO actions (key, message, account, kind, sink, due, state, summary, text, octets) "
                "VALUES (?, 1, 'me', ?, 'drafts', 90.0, ?, ?, '', x'00')",
                row,
            )
        connection.execute("PRAGMA user_version = 3")
        connection.commit()
    database = Database(path)
    found = {each.key: (each.purpose, each.state, each.summary) for each in Reminders(database).all()}
    Reminders(database).done("3")
    kept = database.run(lambda c: c.execute(sa.select(db.actions.c.key, db.actions.c.state)).all())
    database.close()

    assert found == {"2": ("connect", "dropped", "about 2"), "3": ("check_in", "open", "about 3")}
    assert dict(map(tuple, kept)) == {"1": "done", "2": "withdrawn", "3": "dropped"}
