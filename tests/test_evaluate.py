"""`unburnt evaluate` as a user runs it: on labelled sets of every form, and on the shipped mail."""

import gzip
import json
import mailbox
import re
from pathlib import Path
from typing import Any

import pytest

from tests.command import unburnt
from tests.mail import RECEIPT_TEXT, REJECTION_TEXT, receipt, rejection
from unburnt.core.kind import OF_DATA
from unburnt.core.model import Kind
from unburnt.errors import UsageProblem
from unburnt.evaluate.command import Wish, evaluate
from unburnt.world.corpus import shipped


def evaluated(*words: str | Path, seconds: float = 120) -> dict[str, Any]:
    """The object of `--json`, of a run that must succeed."""
    done = unburnt("evaluate", "--json", *words, seconds=seconds)
    assert done.returncode == 0, done.stderr.decode()
    said: dict[str, Any] = json.loads(done.stdout)
    return said


def as_folder(place: Path) -> Path:
    """Two rejections and two others, one rejection among the others, and a file that is no message."""
    for label, name, octets in (
        ("rejection", "a", rejection(1)),
        ("rejection", "en-form-corvane--01", rejection(2)),
        ("other", "c", receipt(3)),
        ("other", "en-receipt-millhouse--01", receipt(4)),
        ("other", "mislabelled", rejection(5)),
        ("other", "empty", b""),
    ):
        (place / label).mkdir(parents=True, exist_ok=True)
        (place / label / f"{name}.eml").write_bytes(octets)
    return place


def as_mbox(place: Path) -> Path:
    box = mailbox.mbox(place / "set.mbox")
    for label, octets in (
        (b"rejection", rejection(1)),
        (b"Rejection", rejection(2)),
        (b"other", receipt(3)),
        (b"other", receipt(4)),
        (b"other", rejection(5)),
    ):
        box.add(b"X-Label: " + label + b"\r\n" + octets)
    box.flush()
    with (place / "set.mbox").open("ab") as file:
        file.write(b"\nFrom nobody Thu Jan  1 00:00:00 1970\nX-Label: other\n\n")
    return place / "set.mbox"


def as_lines(place: Path) -> Path:
    def parts(sender: str, subject: str, text: str) -> dict[str, str]:
        return {"from": sender, "subject": subject, "body": text}

    priya = "Priya Natarajan <priya.natarajan@corvane.example>"
    rows: list[dict[str, Any]] = [
        {"label": 1, "eml": rejection(1).decode()},
        {
            "label": "rejection",
            **parts(priya, "Your application for Pastry Chef at Corvane", REJECTION_TEXT),
            "kind": "form",
        },
        {
            "label": 0,
            "id": 17,
            "date": "Wed, 18 Nov 2026 09:30:00 +0000",
            **parts("orders@millhouse.example", "Your order", RECEIPT_TEXT),
        },
        {"label": "other", "eml": receipt(4).decode(), "kind": "receipt", "lang": "en"},
        {"label": "other", "eml": rejection(5).decode()},
        {"label": "other", "eml": ""},
    ]
    path = place / "set.jsonl"
    path.write_text("\n\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    return path


def as_gzip(place: Path) -> Path:
    path = place / "set.jsonl.gz"
    path.write_bytes(gzip.compress(as_lines(place).read_bytes()))
    return path


@pytest.mark.parametrize("form", [as_folder, as_mbox, as_lines, as_gzip])
def test_a_labelled_set_is_judged_whatever_its_form(form: Any, tmp_path: Path) -> None:
    """The same six messages: five judged, one wrong, one that can't be read listed and counted nowhere."""
    said = evaluated("--on", form(tmp_path))
    figures = said["figures"]

    assert (figures["mails"], figures["rejections"], figures["others"]) == (5, 2, 3)
    assert (figures["precision"]["count"], figures["precision"]["of"], figures["recall"]["count"]) == (2, 3, 2)
    assert [(wrong["is_rejection"], wrong["verdict"]["label"]) for wrong in said["wrong"]] == [(False, "rejection")]
    assert said["wrong"][0]["verdict"]["evidence"]
    assert [unread["error"] != "" for unread in said["unread"]] == [True]


def test_what_the_set_says_of_a_mail_is_what_groups_it(tmp_path: Path) -> None:
    """Kind and language by the file's name or the object's keys; the sender by the mail."""
    for path in (as_folder(tmp_path / "folder"), as_lines(tmp_path)):
        figures = evaluated("--on", path)["figures"]
        assert {group["name"] for group in figures["by_kind"]} == {"form", "receipt", "not said"}
        assert {group["name"] for group in figures["by_language"]} == {"en"}
        assert "a person" in {group["name"] for group in figures["by_system"]}


def test_the_keys_are_a_promise(tmp_path: Path) -> None:
    """What machines may count on."""
    said = evaluated("--on", as_folder(tmp_path))

    assert list(said) == ["measured", "source", "figures", "kinds", "wrong", "unread", "learning_curve", "floors"]
    assert said["kinds"] is None
    assert set(said["figures"]) >= {
        "precision",
        "recall",
        "average_precision",
        "calibration_error",
        "brier",
        "unsure",
        "mailbox",
    }
    assert list(said["figures"]["precision"]) == ["count", "of", "value", "low", "high"]
    assert list(said["wrong"][0])[:6] == ["name", "is_rejection", "kind", "language", "system", "family"]


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        (
            "a.jsonl",
            b'{"label": 1, "eml": "x"}\n{"label": "maybe", "eml": "x"}',
            ["a.jsonl, line 2", '"label"', "rejection"],
        ),
        ("a.jsonl", b'{"label": [1], "eml": "x"}', ["line 1", '"label"']),
        ("a.jsonl", b'{"label": 1}', ["line 1", '"eml"', '"subject"']),
        ("a.jsonl", b'{"label": 1, "subject": "x", "from": "y"}', ["line 1", "body"]),
        ("a.jsonl", b'{"label": 1, "eml": 7}', ["line 1", '"eml" should be a text']),
        ("a.jsonl", b'{"label": 1, "eml": "x"}\n{"label"', ["line 2", "no JSON"]),
        ("a.jsonl", b'{"label": 1, "eml": "x"}\n[1]', ["line 2", "no object"]),
        ("a.jsonl", b'{"label": 1, "eml": "x"}\n' + b"[" * 100_000, ["line 2", "no JSON"]),
        ("a.gz", gzip.compress(b'{"label": 1, "eml": "x"}', mtime=0)[:-12], ["damaged"]),
        ("a.mbox", b"From a Thu Jan  1 00:00:00 1970\nSubject: x\n\ny\n", ["a.mbox#1", "X-Label"]),
        ("a.mbox", b"From a Thu Jan  1 00:00:00 1970\nX-Label: no\nSubject: x\n\ny\n", ["a.mbox#1", "'no'"]),
        (
            "a.mbox",
            b"From a Thu Jan  1 00:00:00 1970\nX-Label: other\nX-Label: rejection\n\ny\n",
            ["a.mbox#1", "'other' and 'rejection'"],
        ),
        ("a.txt", b"hello", ["a.txt", "no labelled set", "mbox", "JSON lines"]),
        ("a.jsonl", b'{"label": 1, "eml": ""}', ["no message that can be judged"]),
    ],
)
def test_what_is_no_labelled_set_is_said_with_its_place(
    name: str, content: bytes, said: list[str], tmp_path: Path
) -> None:
    """File, line, and what is wanted there; no page is left behind."""
    (tmp_path / name).write_bytes(content)
    with pytest.raises(UsageProblem) as caught:
        evaluate(Wish(on=tmp_path / name, report=tmp_path / "page.html"), None)

    assert [word for word in said if word not in str(caught.value)] == []
    assert [path.name for path in tmp_path.iterdir()] == [name]


@pytest.mark.parametrize(
    ("wish", "said"),
    [
        (Wish(on=Path("nowhere")), "nowhere"),
        (Wish(on=Path()), "rejection/"),
        (Wish(report=Path("nowhere/page.html")), "folder that exists"),
        (Wish(floors=Path("nowhere.toml")), "nowhere.toml"),
        (Wish(on=Path(), learning_curve=True), "--learning-curve"),
    ],
)
def test_wrong_usage_is_told_before_the_work(
    wish: Wish, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody waits half a minute for it."""
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UsageProblem, match=said):
        evaluate(wish, None)


def test_a_fallen_floor_ends_with_1_after_all_is_told(tmp_path: Path) -> None:
    """The table names it, and so does standard error."""
    floors = tmp_path / "quality.toml"
    floors.write_text(
        "slack = 0.005\n[average_precision]\nsv = 0.5\n[at_threshold]\nprecision = 0.9\nrecall = 0.9\n", "utf-8"
    )
    done = unburnt(
        "evaluate", "--on", as_folder(tmp_path / "set"), "--floors", floors, "--report", tmp_path / "page.html"
    )
    shown = " ".join(done.stdout.decode().split())

    assert done.returncode == 1
    assert "precision at the threshold ≥ 0.900 0.667 has fallen" in shown
    assert "recall at the threshold ≥ 0.900 1.000 holds" in shown
    assert "average precision, sv ≥ 0.500 not measured has fallen" in shown
    assert b"precision at the threshold" in done.stderr
    assert "has fallen" in (tmp_path / "page.html").read_text("utf-8")


def test_errors_are_listed_with_their_evidence(tmp_path: Path) -> None:
    """On request; else there is a hint."""
    path = as_folder(tmp_path)
    listed, hinted = unburnt("evaluate", "--on", path, "--errors"), unburnt("evaluate", "--on", path)

    assert b"mislabelled" in listed.stdout
    assert b"Head Waiter at Corvane" in listed.stdout
    assert re.search(r"candidate[^,\n]* \+0\.\d\d", listed.stdout.decode())
    assert b"mislabelled" not in hinted.stdout
    assert b"1 false drafts, 0 rejections missed" in hinted.stdout


def test_the_user_s_own_threshold_counts(tmp_path: Path) -> None:
    """The model in force is the one with their settings."""
    config = tmp_path / "config.toml"
    config.write_text(
        '[profile]\nname = "A"\n[classifier]\nthreshold = 0.9999\nunsure = 0.2\n'
        '[[accounts]]\nname = "a"\naddress = "a@mail.example"\nhost = "localhost"\n',
        encoding="utf-8",
    )
    figures = evaluated("--on", as_folder(tmp_path / "set"), "--config", config)["figures"]

    assert (figures["threshold"], figures["unsure_from"], figures["recall"]["count"]) == (0.9999, 0.2, 0)


@pytest.mark.timeout(600)  # seconds: it reads all of the labelled mail
def test_shipped_mail_out_of_family_holds_its_floors() -> None:
    """classifier_data/quality.toml: they may only rise. Every mail is counted once."""
    said = evaluated("--floors", shipped() / "quality.toml", seconds=500)
    figures, kinds = said["figures"], said["kinds"]

    assert [floor["name"] for floor in said["floors"] if not floor["holds"]] == []
    assert figures["mails"] == sum(1 for _ in shipped().glob("*/*.eml"))
    assert (
        figures["average_precision"]["low"]
        < figures["average_precision"]["value"]
        < figures["average_precision"]["high"]
    )
    assert figures["mailbox"]["left_out"] == 0
    assert {group["name"] for group in figures["by_language"]} == set("de en es fr it nl pl pt sv tr".split())
    assert kinds["mails"] == kinds["accuracy"]["of"] == sum(row["mails"] for row in kinds["by_kind"])
    assert kinds["mails"] == sum(1 for path in shipped().glob("other/*.eml") if "-own-" not in path.name)
    assert list(kinds["by_kind"][0]) == ["kind", "mails", "precision", "recall"]
    assert {row["kind"] for row in kinds["by_kind"]} == {Kind.OTHER, *OF_DATA.values()}
    assert kinds["accuracy"]["low"] > kinds["by_kind"][0]["mails"] / kinds["mails"]  # better than one answer for all


def test_help_teaches() -> None:
    """What a labelled set is, how kinds are grouped, and the code of a fallen floor."""
    shown = " ".join(unburnt("evaluate", "--help", environment={"COLUMNS": "200"}).stdout.decode().split())

    for word in ("X-Label: rejection or other", '"eml"', "acknowledgement", "newsletter", "exit code 1", "Wilson"):
        assert word in shown
