"""`unburnt watch` as a process, on a real Dovecot: the daemon's manners."""

import os
import signal
import sqlite3
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from imapclient import IMAPClient

from tests import mail
from tests.accounts import config, deliver, flags_of, keys_in
from tests.command import NotifySocket, daemon, lines, unburnt, until
from tests.servers.dovecot import Dovecot, free_port
from tests.servers.proxy import Proxy
from tests.stand_in import message


def rejection(number: int = 1) -> bytes:
    """Of today."""
    return mail.rejection(number, datetime.now(UTC))


def written(given: object, folder: Path, **account: object) -> Path:
    """The configuration of an account on this server, as a file."""
    settings = config(given, folder, **account)  # type: ignore[arg-type]
    each = settings.accounts[0]
    path = folder / "config.toml"
    path.write_text(
        f"""
[profile]
name = "Alice Doe"
[[accounts]]
name = "{each.name}"
address = "{each.address}"
username = "{each.username}"
host = "{each.host}"
port = {each.port}
security = "none"
password_command = "{each.password_command}"
poll = "{account.get("poll", "30m")}"
[state]
directory = "{settings.state_directory}"
""",
        encoding="utf-8",
    )
    return path


def test_the_daemon_drafts_what_was_there_and_what_arrives(dovecot: Dovecot, alice: IMAPClient, tmp_path: Path) -> None:
    """IDLE wakes it (it polls every 30 minutes); flags of watched mail stay what they were; only allowed verbs are said."""
    deliver(alice, rejection(1))
    with Proxy(dovecot.port) as proxy, daemon(written(proxy, tmp_path)):
        until(lambda: len(keys_in(alice)) == 2, "the letter and the note of the backlog")
        deliver(alice, rejection(2), flags=(b"\\Flagged",))
        until(lambda: len(keys_in(alice)) == 4, "the letter and the note of what arrived")

        assert proxy.verbs() <= {
            "CAPABILITY",
            "AUTHENTICATE",
            "ID",
            "LIST",
            "NAMESPACE",
            "EXAMINE",
            "NOOP",
            "UID SEARCH",
            "UID FETCH",
            "IDLE",
            "APPEND",
        }
    assert sorted(flags_of(alice).values()) == [(), (b"\\Flagged",)]
    assert set(flags_of(alice, "Drafts").values()) == {(b"\\Draft", b"\\Seen")}


def test_nothing_that_the_daemon_keeps_is_a_pickle(dovecot: Dovecot, alice: IMAPClient, tmp_path: Path) -> None:
    """APScheduler's own stores keep pickled jobs (field notes I5); here jobs live in memory and what is due in the journal."""
    deliver(alice, rejection())
    with daemon(written(dovecot, tmp_path)):
        until(lambda: len(keys_in(alice)) == 2, "the letter and the note")

    state = tmp_path / "state"
    with sqlite3.connect(state / "journal.sqlite") as journal:
        tables = {name for (name,) in journal.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    assert "actions" in tables
    assert {name for name in tables if "job" in name or "apscheduler" in name} == set()
    assert [path for path in state.rglob("*") if path.is_file() and path.read_bytes()[:1] == b"\x80"] == []


def test_readiness_is_told_before_the_model_is_there_and_sigterm_ends_it(dovecot: Dovecot, tmp_path: Path) -> None:
    """READY=1 comes with an empty cache, STOPPING=1 after SIGTERM, and the end within ten seconds (field notes L1)."""
    with tempfile.TemporaryDirectory() as short:  # a socket's path must be short
        manager = NotifySocket(Path(short) / "notify")
        environment = {"NOTIFY_SOCKET": str(manager.path), "XDG_CACHE_HOME": str(tmp_path / "no-model-yet")}
        with daemon(written(dovecot, tmp_path), environment=environment) as process:
            assert manager.hears("READY=1")
            process.send_signal(signal.SIGTERM)
            assert manager.hears("STOPPING=1")
            assert process.wait(10) == 0


def test_an_account_has_one_watch(dovecot: Dovecot, tmp_path: Path) -> None:
    """A second one ends at once with 75; after kill −9 of the first the account is free (field notes C7)."""
    path = written(dovecot, tmp_path)
    with daemon(path) as process:
        until((tmp_path / "state" / "journal.sqlite").exists, "the first watch")
        second = unburnt("watch", "--once", "--config", path)
        assert (second.returncode, b"another unburnt" in second.stderr) == (75, True)
        process.kill()
        process.wait()
    assert unburnt("watch", "--once", "--config", path).returncode == 0


def test_workers_die_with_their_parent(dovecot: Dovecot, alice: IMAPClient, tmp_path: Path) -> None:
    """Kill −9 of the daemon leaves no process of it behind."""
    deliver(alice, rejection())
    with daemon(written(dovecot, tmp_path)) as process:
        until(lambda: len(keys_in(alice)) == 2, "work for the worker")
        children = _descendants(process.pid)
        process.kill()
        process.wait()
    assert children
    until(lambda: not any(_alive(child) for child in children), "the end of the workers")


@pytest.mark.parametrize(
    ("account", "code", "word"),
    [
        pytest.param({"password_command": "echo wrong"}, 77, b"refuses the login", id="login refused"),
        pytest.param({"port": free_port()}, 69, b"refused", id="nobody listens"),
        pytest.param({"password_command": "false"}, 78, b"password_command", id="no password"),
    ],
)
def test_trouble_has_its_exit_code(
    dovecot: Dovecot, tmp_path: Path, account: dict[str, object], code: int, word: bytes
) -> None:
    """One line on standard error, no traceback, no secret."""
    done = unburnt("watch", "--once", "--config", written(dovecot, tmp_path, **account))

    assert (done.returncode, word in done.stderr, b"Traceback" in done.stderr, b"wrong" in done.stderr) == (
        code,
        True,
        False,
        False,
    )


def test_a_refused_login_ends_the_daemon_and_is_not_tried_again(dovecot: Dovecot, tmp_path: Path) -> None:
    """Field notes J4: hammering a login locks accounts."""
    with Proxy(dovecot.port) as proxy:
        path = written(proxy, tmp_path, password_command="echo wrong")
        with daemon(path) as process:
            assert process.wait(30) == 77
        assert proxy.connections == 1
    said = unburnt("status", "--config", path)
    assert b"login refused" in said.stdout


def test_a_lost_connection_is_made_again(dovecot: Dovecot, alice: IMAPClient, tmp_path: Path) -> None:
    """Field notes E1: the server hangs up in IDLE; what arrives afterwards is handled, and the processor rests meanwhile."""
    with Proxy(dovecot.port) as proxy, daemon(written(proxy, tmp_path)) as process:
        until(lambda: any(command.startswith("IDLE") for command in proxy.commands), "IDLE")
        proxy.hang_up(reset=True)
        before, started = _processor_seconds(process.pid), time.monotonic()
        deliver(alice, rejection())
        until(lambda: len(keys_in(alice)) == 2, "the draft after the reconnection")

        assert proxy.connections == 2
        # the main process alone: its worker had a model to load
        assert _processor_seconds(process.pid) - before < 0.5 * (time.monotonic() - started)


def test_due_reminders_come_after_a_restart(dovecot: Dovecot, alice: IMAPClient, tmp_path: Path) -> None:
    """Field notes K1: a check-in that came due while nothing ran is saved once on return."""
    deliver(alice, rejection())
    path = written(dovecot, tmp_path)
    assert unburnt("watch", "--once", "--config", path).returncode == 0
    _make_due(tmp_path / "state" / "journal.sqlite")
    for _ in range(2):
        assert unburnt("watch", "--once", "--config", path).returncode == 0

    assert len(keys_in(alice)) == len(set(keys_in(alice))) == 3


def test_what_the_user_answered_gets_no_letter(dovecot: Dovecot, alice: IMAPClient, tmp_path: Path) -> None:
    """A reply in Sent settles it, before anything is written."""
    deliver(alice, rejection())
    reply = message("Re: x", author="alice@mail.example", in_reply_to="<1@corvane.example>", date=datetime.now(UTC))
    deliver(alice, reply, "Sent")
    assert unburnt("watch", "--once", "--config", written(dovecot, tmp_path)).returncode == 0

    assert keys_in(alice) == []


def test_the_first_run_leaves_old_mail_alone(dovecot: Dovecot, alice: IMAPClient, tmp_path: Path) -> None:
    """By INTERNALDATE, 14 days unless told otherwise."""
    deliver(alice, rejection(1), at=datetime.now(UTC) - timedelta(days=20))
    deliver(alice, rejection(2), at=datetime.now(UTC) - timedelta(days=2))
    assert unburnt("watch", "--once", "--config", written(dovecot, tmp_path)).returncode == 0

    assert len(keys_in(alice)) == 2


def test_scan_and_a_daemon_get_along(dovecot: Dovecot, alice: IMAPClient, tmp_path: Path) -> None:
    """A dry run reads beside it; `--apply` leaves it a request, and the daemon reads everything, old mail too."""
    deliver(alice, rejection(), at=datetime.now(UTC) - timedelta(days=20))
    path = written(dovecot, tmp_path)
    with daemon(path):
        until((tmp_path / "state" / "journal.sqlite").exists, "the daemon")
        dry = lines("scan", "alice", "--json", "--config", path)
        assert [(line["label"], len(line["actions"])) for line in dry] == [("rejection", 4)]
        asked = unburnt("scan", "alice", "--apply", "--config", path)
        assert b"daemon will do it" in asked.stdout
        until(lambda: len(keys_in(alice)) == 2, "the daemon's work")


def _make_due(journal: Path) -> None:
    import sqlite3

    with sqlite3.connect(journal) as database:
        database.execute("UPDATE actions SET due = 0 WHERE kind = 'check_in'")


def _descendants(pid: int) -> list[int]:
    """The children of a process, and theirs."""
    try:
        children = [
            int(word)
            for task in Path(f"/proc/{pid}/task").iterdir()
            for word in (task / "children").read_text().split()
        ]
    except OSError:
        return []
    return children + [grandchild for child in children for grandchild in _descendants(child)]


def _alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def _processor_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
