"""`unburnt init`, `label` and `review` as a user runs them, against a real Dovecot."""

import os
import pty
import re
import subprocess
import sys
from datetime import UTC, datetime
from email.utils import format_datetime
from pathlib import Path

from imapclient import IMAPClient

from tests import mail
from tests.accounts import deliver, flags_of, keys_in
from tests.command import PATIENCE, unburnt
from tests.servers.dovecot import Dovecot
from tests.test_watch import written
from unburnt.errors import Exit

NOW = datetime.now(UTC)


def news(number: int = 1) -> bytes:
    """A no that no model knows."""
    lines = (
        "From: Jo Roe <jo@acme.example>",
        "To: alice@mail.example",
        "Subject: The curtain",
        f"Message-ID: <curtain{number}@acme.example>",
        f"Date: {format_datetime(NOW)}",
        "",
        f"The kettle sings in other kitchens, number {number}.",
    )
    return "".join(f"{line}\r\n" for line in lines).encode()


def doubting(config: Path) -> Path:
    """A classifier that is sure of nothing."""
    with config.open("a", encoding="utf-8") as file:
        file.write("[classifier]\nthreshold = 0.999\nunsure = 0.0001\n")
    return config


def labelled(config: Path) -> list[str]:
    state = Path(re.search(r'(?m)^directory = "(.*)"$', config.read_text())[1])  # type: ignore[index]
    return sorted(path.parent.name for path in (state / "labelled").rglob("*.eml"))


def test_init_makes_the_training_mailboxes(dovecot: Dovecot, alice: IMAPClient, tmp_path: Path) -> None:
    """And says what is there when it is run again."""
    config = written(dovecot, tmp_path)
    first, second = unburnt("init", "--config", config), unburnt("init", "--config", config)

    assert (first.returncode, second.returncode) == (Exit.OK, Exit.OK), first.stderr
    assert alice.folder_exists("Unburnt/Rejection")
    assert alice.folder_exists("Unburnt/Not a rejection")
    assert b"Unburnt/Rejection made" in first.stdout
    assert b"Unburnt/Rejection is there" in second.stdout


def test_votes_from_the_terminal_make_drafts_and_take_them_back(
    dovecot: Dovecot, alice: IMAPClient, tmp_path: Path
) -> None:
    """For what the daemon had passed over, named by file and by Message-ID, and against what it had answered.

    Flags stay what they were.
    """
    for octets in (news(1), news(2), mail.rejection(1, NOW)):
        deliver(alice, octets)
    config = written(dovecot, tmp_path)
    assert unburnt("watch", "--once", "--config", config).returncode == Exit.OK
    answered = keys_in(alice)
    assert len(answered) == 2

    (file := tmp_path / "news.eml").write_bytes(news(1))
    (against := tmp_path / "no.eml").write_bytes(mail.rejection(1, NOW))
    for vote in (
        ("rejection", file),
        ("rejection", "--message-id", "<curtain2@acme.example>"),
        ("other", against),
    ):
        voted = unburnt("label", *vote, "--config", config)
        assert voted.returncode == Exit.OK, voted.stderr
    unburnt("watch", "--once", "--config", config)

    assert len(keys_in(alice)) == 4
    assert not set(keys_in(alice)) & set(answered)
    assert keys_in(alice, "Trash") == answered
    assert labelled(config) == ["other", "rejection", "rejection"]
    assert list(flags_of(alice).values()) == [(), (), ()]


def test_label_says_what_it_could_not_take(dovecot: Dovecot, tmp_path: Path) -> None:
    """The others count."""
    config = written(dovecot, tmp_path)
    (good := tmp_path / "good.eml").write_bytes(news())
    (empty := tmp_path / "empty.eml").write_bytes(b"")
    done = unburnt("label", "rejection", empty, good, "--config", config)

    assert done.returncode == Exit.USAGE
    assert b"empty.eml: it is empty" in done.stderr
    assert labelled(config) == ["rejection"]
    for wrong in ((), (good, "--message-id", "<1@x>"), (tmp_path / "nowhere.eml",), ("--message-id", "<none@x>")):
        assert unburnt("label", "other", *wrong, "--config", config).returncode == Exit.USAGE


def reviewed(config: Path, keys: str) -> str:
    """What a terminal shows when these keys are pressed."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "unburnt", "review", "--config", str(config)], stdin=theirs, stdout=theirs, stderr=theirs
    )
    os.close(theirs)
    os.write(ours, keys.encode())
    shown = b""
    try:
        while data := os.read(ours, 4096):
            shown += data
    except OSError:  # its end has closed
        pass
    process.wait(PATIENCE)
    os.close(ours)
    assert process.returncode == Exit.OK, shown
    return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", shown.decode())


def test_review_takes_one_key_each_and_keeps_what_was_decided(
    dovecot: Dovecot, alice: IMAPClient, tmp_path: Path
) -> None:
    """A rejection, another thing, one skipped; then nothing is left to ask. Evidence is shown."""
    for number in (1, 2, 3):
        deliver(alice, mail.rejection(number, NOW), flags=(b"\\Flagged",))
    config = doubting(written(dovecot, tmp_path))
    unburnt("watch", "--once", "--config", config)

    first = reviewed(config, "rq")
    second = reviewed(config, "mbos")
    third = reviewed(config, "")

    assert "1 of 3" in first
    assert "unsure, probability" in first
    assert "weight" in first
    assert "1 of 2" in second
    assert "Nothing to review" in third
    assert labelled(config) == ["other", "rejection"]
    assert set(flags_of(alice).values()) == {(b"\\Flagged",)}


def test_review_reads_answers_from_a_pipe_too(dovecot: Dovecot, alice: IMAPClient, tmp_path: Path) -> None:
    deliver(alice, mail.rejection(1, NOW))
    config = doubting(written(dovecot, tmp_path))
    unburnt("watch", "--once", "--config", config)

    assert unburnt("review", "--config", config, given=b"o\n").returncode == Exit.OK
    assert labelled(config) == ["other"]


def test_review_passes_over_what_is_gone(dovecot: Dovecot, alice: IMAPClient, tmp_path: Path) -> None:
    """And finds what was moved within the watched mailboxes by its Message-ID."""
    deliver(alice, mail.rejection(1, NOW))
    config = doubting(written(dovecot, tmp_path))
    unburnt("watch", "--once", "--config", config)
    alice.select_folder("INBOX")
    alice.delete_messages(alice.search("ALL"))
    alice.expunge()
    alice.unselect_folder()

    assert "is no longer there" in reviewed(config, "r")

    deliver(alice, mail.rejection(1, NOW))
    assert "unsure, probability" in reviewed(config, "r")
    assert labelled(config) == ["rejection"]
