"""`unburnt demo` as a user runs it, and the mailbox it shows."""

import csv
from pathlib import Path

import pytest

from tests.command import lines, unburnt
from unburnt.demo import postman

TRUTH = Path(__file__).parent / "demo_truth.tsv"
MAIL = Path(postman.__file__).parents[1] / "demo_mail"


@pytest.fixture(scope="module")
def truth() -> list[dict[str, str]]:
    """What is true of every message of the demo, by whoever wrote it."""
    with TRUTH.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t"))


def test_the_demo_shows_the_whole_job() -> None:
    """Without configuration or network: the backlog, arrivals noticed by IDLE, the table, a letter and its reminder."""
    done = unburnt("demo")
    shown = done.stdout.decode()

    assert (done.returncode, b"Traceback" in done.stderr) == (0, False)
    assert shown.count("noticed by IDLE") == len(postman.mail("arriving"))
    for word in ("Sam Doe: 92 messages", "DUPLICATE", "Subject: Re: ", "reminder.ics"):
        assert word in shown
    assert shown.count("letter, note") >= 12


def test_the_mailbox_is_as_varied_as_a_job_seeker_s(truth: list[dict[str, str]]) -> None:
    """At least 80 messages, at least 20 rejections among them, and all of them have a truth."""
    inbox = [row for row in truth if row["path"].startswith("INBOX/")]

    assert len(inbox) == len(postman.mail("INBOX")) >= 80
    assert sum(row["label"] == "rejection" for row in inbox) >= 20
    assert {row["path"] for row in truth} == {f"{path.parent.name}/{path.name}" for path in MAIL.glob("*/*.eml")}


def test_no_letter_of_the_demo_goes_astray(truth: list[dict[str, str]]) -> None:
    """Every address a letter would go to is the one a person would choose; companies are right when told."""
    expected = {row["path"]: row for row in truth}
    said = lines("scan", "--json", "--now", "2026-11-22", MAIL / "INBOX", MAIL / "arriving")
    addressed, companies = {}, {}
    for line in said:
        row = expected["/".join(line["source"].split("/")[-2:])]
        if line["label"] == "rejection" and row["label"] == "rejection":
            if line["recipient"]["address"] is not None:
                addressed[row["path"]] = (line["recipient"]["address"], row["recipient"])
            companies[row["path"]] = (line["company"], row["company"])

    assert len(addressed) >= 8
    assert [path for path, (given, right) in addressed.items() if given != right] == []
    assert [path for path, (given, right) in companies.items() if given and right not in (given, f"{given} GmbH")] == []
