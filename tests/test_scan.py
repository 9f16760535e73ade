"""`unburnt scan` and `unburnt explain` as a user runs them."""

import json
import mailbox
import shlex
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from tests.command import lines, unburnt
from tests.mail import WHEN, receipt, rejection
from unburnt.core.reason import Reason

KEYS = [
    "source",
    "message_id",
    "date",
    "author",
    "subject",
    "label",
    "probability",
    "reason",
    "language",
    "company",
    "role",
    "requisition",
    "agency",
    "contact",
    "recipient",
    "stage",
    "process",
    "evidence",
    "actions",
    "error",
]
NOW = ("--now", "2026-11-20")


@pytest.fixture
def mbox(tmp_path: Path) -> Path:
    """A rejection, a receipt, a copy of the rejection, something unreadable."""
    box = mailbox.mbox(tmp_path / "mail.mbox")
    for octets in (rejection(), receipt(), b"Received: by elsewhere\r\n" + rejection()):
        box.add(octets)
    box.flush()
    with (tmp_path / "mail.mbox").open("ab") as file:
        file.write(b"\nFrom nobody Thu Jan  1 00:00:00 1970\n\n\x00\x00\n")
    return tmp_path / "mail.mbox"


def test_every_message_has_a_line_in_the_source_s_order(mbox: Path) -> None:
    """Copies and the unreadable too; exactly the promised keys, null for what isn't known."""
    said = lines("scan", "--json", mbox, *NOW)

    assert [list(line) for line in said] == [KEYS] * 4
    assert [line["source"] for line in said] == [f"{mbox}#{number}" for number in (1, 2, 3, 4)]
    assert [line["reason"] for line in said] == ["PLANNED", "NOT_A_REJECTION", "DUPLICATE", "UNPARSABLE"]


def test_a_rejection_is_told_in_full(mbox: Path) -> None:
    """Who, what for, whom to thank and why, how far it went, and what is planned."""
    first = lines("scan", "--json", "--with-text", mbox, *NOW)[0]

    known = ("message_id", "date", "author", "label", "language", "company", "role", "contact", "stage", "error")
    priya = {"name": "Priya Natarajan", "address": "priya.natarajan@corvane.example"}
    assert {key: first[key] for key in known} == {
        "message_id": "<1@corvane.example>",
        "date": "2026-11-18T09:30:00Z",
        "author": priya,
        "label": "rejection",
        "language": "en",
        "company": "Corvane",
        "role": "Pastry Chef",
        "contact": priya | {"title": "Head of Kitchen", "phone": None, "linkedin": None},
        "stage": "interview",
        "error": None,
    }
    assert first["recipient"]["address"] == priya["address"]
    assert first["recipient"]["why"]
    assert 0.5 < first["probability"] <= 1
    assert all(isinstance(term, str) and isinstance(weight, float) for term, weight in first["evidence"])
    assert [(action["kind"], action["purpose"], action["due"][:10]) for action in first["actions"]] == [
        ("draft", "thanks", "2026-11-18"),
        ("draft", "check_in", "2027-02-16"),
        ("reminder", "connect", "2026-11-18"),
        ("reminder", "check_in", "2027-02-16"),
    ]
    assert "Pastry Chef" in first["actions"][0]["text"]


def test_what_is_no_rejection_or_unreadable_tells_nothing_it_does_not_know(mbox: Path) -> None:
    """Null, never guessed; the unreadable says why, and the exit code is 0 all the same."""
    said = lines("scan", "--json", mbox, *NOW)
    fields = ("company", "role", "contact", "recipient", "stage", "actions")
    nothing = dict.fromkeys(fields) | {"actions": []}

    for line in (said[1], said[3]):
        assert {key: line[key] for key in fields} == nothing
    assert (said[3]["label"], said[3]["probability"], bool(said[3]["error"])) == (None, None, True)


def test_a_copy_changes_the_reason_and_what_is_planned_alone(mbox: Path) -> None:
    """Label and probability are the classifier's."""
    said = lines("scan", "--json", mbox, *NOW)

    assert {key for key in KEYS if said[0][key] != said[2][key]} == {"source", "reason", "actions"}


def test_the_same_mail_at_the_same_time_gives_the_same_plan(mbox: Path) -> None:
    """Octet by octet: keys, times and texts."""
    assert (
        unburnt("scan", "--json", "--with-text", mbox, *NOW).stdout
        == unburnt("scan", "--json", "--with-text", mbox, *NOW).stdout
    )


def test_age_leaves_the_reminder_only(tmp_path: Path) -> None:
    """Older than letters.max_age."""
    path = tmp_path / "old.eml"
    path.write_bytes(rejection(date=WHEN - timedelta(days=90)))
    (line,) = lines("scan", "--json", path, *NOW)

    assert (line["label"], line["reason"], {action["kind"] for action in line["actions"]}) == (
        "rejection",
        "TOO_OLD",
        {"reminder"},
    )


def test_every_kind_of_source_is_read(tmp_path: Path) -> None:
    """A Maildir with its flags, a folder of .eml files, standard input."""
    maildir = mailbox.Maildir(tmp_path / "Maildir")
    answered = mailbox.MaildirMessage(rejection())
    answered.set_subdir("cur")
    answered.set_flags("RS")
    maildir.add(answered)
    (tmp_path / "folder" / "deeper").mkdir(parents=True)
    (tmp_path / "folder" / "deeper" / "a.eml").write_bytes(receipt())
    (tmp_path / "folder" / "b.eml").write_bytes(rejection())

    assert [line["reason"] for line in lines("scan", "--json", tmp_path / "Maildir", *NOW)] == ["ALREADY_ANSWERED"]
    assert [line["reason"] for line in lines("scan", "--json", tmp_path / "folder", *NOW)] == [
        "PLANNED",
        "NOT_A_REJECTION",
    ]
    (piped,) = lines("scan", "--json", "-", *NOW, given=rejection())
    assert (piped["source"], piped["reason"]) == ("-", "PLANNED")


def test_limits_choose_among_the_messages(mbox: Path) -> None:
    """By number, and by Date."""
    assert len(lines("scan", "--json", "--limit", "2", mbox)) == 2
    assert len(lines("scan", "--json", "--since", "2026-11-18", mbox)) == 3
    assert len(lines("scan", "--json", "--since", "2026-11-19", mbox)) == 0


def test_people_get_a_table_with_totals(mbox: Path) -> None:
    """What matters as rows, the rest as numbers by reason."""
    shown = unburnt("scan", mbox, *NOW).stdout.decode()

    for word in (
        "Corvane, Pastry Chef",
        "letter, note, check-in later",
        "1 NOT_A_REJECTION",
        "1 DUPLICATE",
        "1 UNPARSABLE",
    ):
        assert word in " ".join(shown.split())


def test_apply_saves_into_the_drafts_of_a_maildir_once(tmp_path: Path) -> None:
    """A second run changes nothing, not even after the user deleted the draft."""
    mailbox.Maildir(tmp_path / "Maildir").add(rejection(date=WHEN))
    config = tmp_path / "config.toml"
    config.write_text(
        f"""
[profile]
name = "Alice Doe"
[[accounts]]
name = "alice"
address = "alice@mail.example"
host = "localhost"
[state]
directory = "{tmp_path / "state"}"
""",
        encoding="utf-8",
    )
    drafts = tmp_path / "Maildir" / ".Drafts" / "cur"
    for _ in range(2):
        assert unburnt("scan", "--apply", tmp_path / "Maildir", "--config", config, *NOW).returncode == 0
        assert len(list(drafts.iterdir())) == 2
    for draft in drafts.iterdir():
        draft.unlink()
    unburnt("scan", "--apply", tmp_path / "Maildir", "--config", config, *NOW)

    assert list(drafts.iterdir()) == []
    assert len(list((tmp_path / "Maildir" / "new").iterdir())) == 1


def test_the_name_of_an_account_beats_a_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`./x` is the path."""
    (tmp_path / "work").write_bytes(rejection())
    config = tmp_path / "config.toml"
    account = 'name = "work"\naddress = "a@b.example"\nhost = "127.0.0.1"\nport = 1\nsecurity = "none"\npassword_command = "echo x"'
    config.write_text(f'[profile]\nname = "A"\n[[accounts]]\n{account}\n', encoding="utf-8")
    monkeypatch.chdir(tmp_path)

    assert unburnt("scan", "work", "--config", config).returncode == 69
    assert [line["source"] for line in lines("scan", "./work", "--json", "--config", config)] == ["work"]


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["scan", "no-such-thing"], 64, b"no-such-thing"),
        (["scan"], 64, b"SOURCE"),
        (["scan", "--frobnicate", "x"], 64, b"--frobnicate"),
        (["frobnicate"], 64, b"frobnicate"),
        (["status"], 78, b"no configuration"),
        (["watch", "--config", "/nowhere/config.toml"], 78, b"/nowhere/config.toml"),
        (["--version"], 0, b"unburnt 0."),
        (["--help"], 0, b"78"),
    ],
)
def test_exit_codes(words: list[str], code: int, said: bytes) -> None:
    """One table for all commands, and never a traceback."""
    done = unburnt(*words)

    assert (done.returncode, said in done.stdout + done.stderr, b"Traceback" in done.stderr) == (code, True, False)


def test_help_explains_every_reason() -> None:
    """The list stands in --help."""
    shown = unburnt("scan", "--help", environment={"COLUMNS": "200"}).stdout.decode()

    assert [reason for reason in Reason if reason not in shown] == []


def test_explain_shows_mail_verdict_rejection_and_plan(tmp_path: Path) -> None:
    """In words and as JSON; the letter itself is there to read."""
    path = tmp_path / "one.eml"
    path.write_bytes(rejection())
    said = json.loads(unburnt("explain", "--json", path).stdout)
    shown = unburnt("explain", path).stdout.decode()

    assert (said["company"], said["mail"]["to"], bool(said["evidence"])) == ("Corvane", ["alice@mail.example"], True)
    for word in ("message", "verdict", "rejection", "plan", "Pastry Chef", "Dear Priya Natarajan"):
        assert word in shown


def test_a_reader_that_has_seen_enough_is_no_error(tmp_path: Path) -> None:
    """`unburnt scan --json … | head -1`."""
    for number in range(60):
        (tmp_path / f"{number:03}.eml").write_bytes(receipt(number))
    done = subprocess.run(
        f"{shlex.quote(sys.executable)} -m unburnt scan --json {shlex.quote(str(tmp_path))} | head -1",
        shell=True,
        capture_output=True,
        check=False,
        timeout=60,
    )

    assert (len(done.stdout.splitlines()), done.stderr) == (1, b"")
