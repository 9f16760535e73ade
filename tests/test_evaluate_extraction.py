"""`unburnt evaluate --extraction`: who, what and whom to thank, beside what people have read in the mail."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.command import unburnt
from tests.mail import receipt, rejection
from unburnt.errors import UnburntError, UsageProblem
from unburnt.evaluate.answers import ANSWERS, COLUMNS, NOTHING, Facts
from unburnt.evaluate.command import Wish, evaluate
from unburnt.evaluate.compared import Compared, loosely, same, wrong
from unburnt.evaluate.extraction import row, rows
from unburnt.evaluate.floors import FloorFallen
from unburnt.world.corpus import CorpusProblem

PRIYA = "priya.natarajan@corvane.example"
HEADER = "\t".join(COLUMNS)
RIGHT = ("Corvane", "Pastry Chef", "", "Priya Natarajan", "Head of Kitchen", "", "", PRIYA)
KEYS = "source unanswered total by_system by_language wrong unread floors".split()
ROW = "name mails company role requisition contact title phone linkedin recipient".split()


def line(name: str, *told: str) -> str:
    return "\t".join((name, *told))


def as_folder(place: Path, **told: tuple[str, ...]) -> Path:
    """Rejections by Priya under these names, and what is said that each tells; "empty" and "receipt" are what they say."""
    for label in ("rejection", "other"):
        (place / label).mkdir(parents=True)
    (place / "other" / "shop.eml").write_bytes(receipt())
    octets = {"empty": b"", "receipt": receipt()}
    for number, name in enumerate(told):
        (place / "rejection" / f"{name}.eml").write_bytes(octets.get(name, rejection(number)))
    lines = [HEADER, *(line(name, *said) for name, said in told.items() if said)]
    (place / ANSWERS).write_text("\n".join(lines) + "\n", "utf-8")
    return place


def measured(*words: str | Path) -> dict[str, Any]:
    """The object of `--json`, of a run that must succeed."""
    done = unburnt("evaluate", "--extraction", "--json", *words)
    assert done.returncode == 0, done.stderr.decode()
    said: dict[str, Any] = json.loads(done.stdout)
    return said


def share(figure: dict[str, Any]) -> tuple[int, int]:
    return figure["count"], figure["of"]


def test_a_folder_is_measured_by_its_answers(tmp_path: Path) -> None:
    """Right, wrong, invented; a mail without an answer counts nowhere, and nothing is found in one that can't be read."""
    path = as_folder(
        tmp_path,
        right=RIGHT,
        elsewhere=("Millhouse", "Baker", "R-17", "Tom Baker", "", "", "", "-"),
        silent=("", "", "", "", "", "", "", PRIYA),
        empty=RIGHT,
        unanswered=(),
    )
    said = measured("--on", path)
    total = said["total"]

    assert (list(said), list(total), total["mails"], said["unanswered"]) == (KEYS, ROW, 4, 1)
    assert total["company"]["told"] == 3
    assert share(total["company"]["answered"]) == (2, 3)
    assert share(total["company"]["right_when_answered"]) == (1, 3)
    assert share(total["company"]["right"]) == (1, 3)
    assert share(total["company"]["invented"]) == (1, 1)
    assert share(total["recipient"]["addressed"]) == (2, 3)
    assert share(total["recipient"]["right"]) == (2, 4)
    assert (total["recipient"]["wrong_address"], total["recipient"]["to_a_machine"]) == (1, 0)
    assert [each["name"] for each in said["unread"]] == ["empty"]
    assert said["wrong"][0]["name"] == "elsewhere"  # before "empty": a letter that goes astray comes first
    assert {each["name"] for each in said["wrong"]} >= {"empty", "silent"}
    assert said["wrong"][0]["mistakes"][0] == {
        "field": "company",
        "wanted": "Millhouse",
        "found": "Corvane",
        "loosely": False,
    }
    assert said["wrong"][0]["mistakes"][-1] == {"field": "recipient", "wanted": None, "found": PRIYA, "loosely": False}


def test_what_the_classifier_would_say_is_no_matter(tmp_path: Path) -> None:
    """Mail labelled a rejection is read as one, and rows are those of its sender and language."""
    said = measured("--on", as_folder(tmp_path, receipt=("", "", "", "", "", "", "", "-"), right=RIGHT))

    assert said["unread"] == []
    assert [(each["name"], each["mails"]) for each in said["by_system"]] == [("own domain", 2)]
    assert [(each["name"], each["mails"]) for each in said["by_language"]] == [("en", 2)]


def test_in_json_lines_null_counts_in_no_figure(tmp_path: Path) -> None:
    """Nobody has looked for it, so what is found there is neither right nor invented."""
    told: list[dict[str, Any]] = [
        {
            "id": "a",
            "company": "Corvane Ltd.",
            "role": None,
            "contact_name": "Priya Natarajan",
            "contact_address": PRIYA,
        },
        {"id": "b", "company": "", "role": "Pastry Chef", "contact_name": None, "contact_address": "-"},
        {"id": "c", "company": None, "role": None, "contact_name": None, "contact_address": None},
        {"id": "d", "label": 0, "company": "Corvane"},
    ]
    path = tmp_path / "set.jsonl"
    path.write_text("\n".join(json.dumps({"label": 1, "eml": rejection().decode()} | each) for each in told), "utf-8")
    said = measured("--on", path)
    total = said["total"]

    assert (total["mails"], said["unanswered"]) == (2, 1)
    assert share(total["company"]["right"]) == (1, 1)
    assert share(total["company"]["invented"]) == (1, 1)
    assert (share(total["role"]["right"]), total["role"]["invented"]["of"]) == ((1, 1), 0)
    assert (share(total["contact"]["right"]), total["title"]["told"], total["title"]["invented"]["of"]) == (
        (1, 1),
        0,
        0,
    )
    assert (share(total["recipient"]["right"]), total["recipient"]["wrong_address"]) == ((1, 2), 1)
    assert share(total["recipient"]["addressed"]) == (1, 1)
    assert [each["name"] for each in said["wrong"]] == [f"{path}#b"]


@pytest.mark.parametrize(
    ("field", "one", "other", "is_same", "is_loosely"),
    [
        ("company", "Fjordlyst Media GmbH", "FJORDLYST MEDIA", True, True),
        ("company", "Łódzka Giełda, Inc.", "Lodzka Gielda", True, True),
        ("company", "Fjordlyst", "Fjordlyst Media", False, True),
        ("company", "Ada", "Adamant Works", False, False),
        ("company", "", "Corvane", False, False),
        ("role", "Développeur·se – Back-end", "developpeurse back end", True, True),
        ("role", "Senior Data Engineer", "Data Engineer", False, True),
        ("role", "Data Engineer", "Data Analyst", False, False),
        ("requisition", "R-2231", "R2231", True, True),
        ("contact", "Zoë Müller", "zoe muller", True, True),
        ("contact", "王芳", "王芳", True, True),
        ("contact", "王芳", "李芳", False, False),
        ("phone", "+49 30 123-45", "+49 (30) 12345", True, True),
        ("linkedin", "https://www.linkedin.com/in/zoe/", "linkedin.com/in/Zoe?trk=mail", True, True),
        ("recipient", "Zoe@corvane.example", "zoe@Corvane.example", True, True),
        ("recipient", "zoe@corvane.example", "zoe@corvane.example.net", False, False),
        ("recipient", "zoe@corvane.example", "", False, False),
    ],
)
def test_spelling_is_no_mistake(field: str, one: str, other: str, is_same: bool, is_loosely: bool) -> None:
    """Case, accents, punctuation and legal forms; an address is the same but for its case, or it is another."""
    assert (same(field, one, other), same(field, other, one)) == (is_same, is_same)
    assert (loosely(field, one, other), loosely(field, other, one)) == (is_loosely, is_loosely)


def compared(system: str, wanted: Facts, found: Facts) -> Compared:
    return Compared("a", system, "en", "Zoë <zoe@corvane.example>", "News", wanted, found, "")


def test_letters_astray_are_counted_whoever_wrote_the_answers() -> None:
    """A machine by its look even where nobody said whose address it should be; nobody is an answer, too."""
    said = [
        compared("Greenhouse", Facts(recipient=""), NOTHING),
        compared("Greenhouse", Facts(recipient=""), Facts(recipient="zoe@corvane.example")),
        compared("Greenhouse", Facts(recipient="zoe@corvane.example"), NOTHING),
        compared("Lever", Facts(company="Corvane"), Facts("Corvane", recipient="no-reply@hire.lever.co")),
    ]
    letters = row("all", said).recipient

    assert (letters.told, letters.addressed.count, letters.right.count, letters.right.of) == (1, 0, 1, 3)
    assert (letters.right_when_addressed.of, letters.wrong_address, letters.to_a_machine) == (1, 1, 1)
    assert [(each.name, each.mails) for each in rows(said, lambda each: each.system)] == [
        ("Greenhouse", 3),
        ("Lever", 1),
    ]
    assert [wrong(each).is_misdirected for each in said] == [False, True, False, False]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", ["line 1", "name TAB company"]),
        (f"{line('a', *RIGHT)}\n".encode(), ["line 1", "columns"]),
        (f"{HEADER}\n{line('a', *RIGHT[:-1])}\n".encode(), ["line 2", "7 tabs", "wanted"]),
        (f"{HEADER}\n{line('a', *RIGHT)}\n\n".encode(), ["line 3", "0 tabs"]),
        (f"{HEADER}\n{line('b', *RIGHT)}\n".encode(), ["line 2", "rejection/b.eml"]),
        (f"{HEADER}\n{line('shop', *RIGHT)}\n".encode(), ["line 2", "rejection/shop.eml"]),
        (f"{HEADER}\n{line('a', *RIGHT)}\n{line('a', *RIGHT)}\n".encode(), ["line 3", "a has an answer already"]),
        (f"{HEADER}\n{line('a', *RIGHT[:-1], '')}\n".encode(), ["line 2", "recipient", "- for nobody"]),
        (f"{HEADER}\n{line('a', *RIGHT[:-1], 'a@b.example, c@d.example')}\n".encode(), ["line 2", "one address"]),
        (f"{HEADER}\n".encode() + b"a\t\xff", ["no UTF-8"]),
    ],
)
def test_answers_are_read_strictly(content: bytes, said: list[str], tmp_path: Path) -> None:
    """File, line, and what is wanted there."""
    path = as_folder(tmp_path, a=RIGHT)
    (path / ANSWERS).write_bytes(content)
    with pytest.raises(CorpusProblem) as caught:
        evaluate(Wish(on=path, extraction=True), None)

    assert [word for word in (str(path / ANSWERS), *said) if word not in str(caught.value)] == []


def test_odd_characters_end_no_line(tmp_path: Path) -> None:
    """A name may hold any; only a line feed ends a line."""
    path = as_folder(tmp_path, right=("Corvane\N{LINE SEPARATOR}", *RIGHT[1:]))
    (path / ANSWERS).write_bytes((path / ANSWERS).read_bytes().replace(b"\n", b"\r\n"))

    assert share(measured("--on", path)["total"]["company"]["right"]) == (1, 1)


@pytest.mark.parametrize(
    ("wish", "said"),
    [
        (Wish(extraction=True, on=Path("set"), learning_curve=True), "--learning-curve"),
        (Wish(extraction=True, on=Path("set"), report=Path("page.html")), "--report"),
        (Wish(extraction=True, on=Path("set"), floors=Path("other.toml")), r"other.toml: has no floor.*\[extraction\]"),
        (Wish(extraction=True, on=Path("bare")), "answers.tsv: is missing"),
        (Wish(extraction=True, on=Path("no.jsonl")), 'no rejection there has an answer; wanted: .*"contact_address"'),
        (Wish(extraction=True, on=Path("bad.jsonl")), 'bad.jsonl, line 1: "company" should be a text'),
    ],
)
def test_wrong_usage_is_told(wish: Wish, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With what is wanted instead."""
    as_folder(tmp_path / "set", right=RIGHT)
    (as_folder(tmp_path / "bare", right=RIGHT) / ANSWERS).unlink()
    (tmp_path / "other.toml").write_text("calibration_error = 0.1\n", "utf-8")
    (tmp_path / "no.jsonl").write_text('{"label": 1, "eml": "x"}\n{"label": 0, "eml": "x", "company": "A"}', "utf-8")
    (tmp_path / "bad.jsonl").write_text('{"label": 1, "eml": "x", "company": 7}', "utf-8")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UnburntError, match=said) as caught:
        evaluate(wish, None)
    assert isinstance(caught.value, UsageProblem | CorpusProblem)


def test_floors_of_the_extraction_are_its_own(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Slack is for shares: it excuses no letter. Floors of the classifier aren't measured here, nor these there."""
    path = as_folder(tmp_path / "set", right=RIGHT, astray=(*RIGHT[:-1], "-"))
    floors = tmp_path / "quality.toml"
    floors.write_text(
        "slack = 0.6\n[average_precision]\nsv = 0.9\n[extraction]\ncompany_right_of_all = 1.0\n"
        "recipient_right_of_all = 1.0\nwrong_recipients = 0\nletters_to_machines = 0\n",
        "utf-8",
    )
    with pytest.raises(FloorFallen, match=r"1 fell below its floor: wrong recipients$"):
        evaluate(Wish(on=path, extraction=True, floors=floors), None)
    shown = " ".join(capsys.readouterr().out.split())

    assert "company right of all ≥ 1.000 1.000 holds" in shown
    assert "recipient right of all ≥ 1.000 0.500 holds" in shown
    assert "wrong recipients ≤ 0 1 has fallen" in shown
    assert "letters to machines ≤ 0 0 holds" in shown
    with pytest.raises(FloorFallen, match=r"1 fell below its floor: average precision, sv$"):
        evaluate(Wish(on=path, floors=floors), None)


def test_errors_are_listed_with_both_answers(tmp_path: Path) -> None:
    """On request; else there is a hint. Mail is shown as text, not as markup."""
    path = as_folder(tmp_path, elsewhere=("[red]Millhouse", "Pastry Chef and Baker", *RIGHT[2:-1], "-"))
    listed = unburnt("evaluate", "--extraction", "--on", path, "--errors").stdout.decode()
    hinted = unburnt("evaluate", "--extraction", "--on", path).stdout.decode()

    assert "[red]Millhouse → Corvane" in listed
    assert "Pastry Chef and Baker → " in listed
    assert f"nobody → {PRIYA}" in listed
    assert "not all is right in 1 of them: --errors lists them" in hinted
    assert "Millhouse" not in hinted
