"""`unburnt letters`: the words as people see them, and their own words before ours."""

import json
import os
import stat
from pathlib import Path

import pytest

from tests import mail
from tests.command import unburnt
from unburnt.core.letter import MOVES, TONES
from unburnt.core.situation import Situation
from unburnt.errors import Exit

CONFIG = """
[profile]
name = "Sam Doe"
strengths = "I turn scattered data into reports that people trust and act on."
[[accounts]]
name = "personal"
address = "alice@mail.example"
host = "imap.mail.example"
[state]
directory = "{}"
"""


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "config.toml"
    path.write_text(CONFIG.format(tmp_path / "state"), encoding="utf-8")
    return path


def own(config: Path, text: str, code: str = "en") -> Path:
    """The user's own words for a language."""
    path = config.parent / "letters" / f"{code}.toml"
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_the_matrix_is_every_letter_and_nothing_else(config: Path, tmp_path: Path) -> None:
    """Ten languages, eleven situations, three tones, known and unknown; with the facts that each was given."""
    out = tmp_path / "new" / "matrix"
    told = json.loads(unburnt("letters", "matrix", "--out", out, "--json", "--config", config).stdout)
    names = {path.name for path in out.iterdir()}

    assert names == {each["file"] for each in told}
    assert len(names) == 10 * len(Situation) * len(TONES) * 2 >= 400
    letter = (out / "en.interview.warm.known.txt").read_text("utf-8")
    (facts,) = (each["facts"] for each in told if each["file"] == "en.interview.warm.known.txt")
    assert facts["role"] in letter
    assert facts["strengths"] in letter
    assert letter.endswith(f"\n{facts['name']}\n")
    assert "> " not in letter


def test_the_list_tells_languages_situations_and_what_is_yours(config: Path) -> None:
    own(config, '[closing]\nwarm = "Cheers,"\n')
    said = json.loads(unburnt("letters", "list", "--json", "--config", config).stdout)
    shown = unburnt("letters", "list", "--config", config).stdout.decode()

    assert said["situations"] == list(Situation)
    assert said["moves"] == list(MOVES)
    english, german = (next(row for row in said["languages"] if row["language"] == code) for code in ("en", "de"))
    assert (english["familiar"], english["yours"]) == (False, ["closing"])
    assert (german["familiar"], german["yours"]) == (True, [])
    assert all(row["voices"] > 100 for row in said["languages"])
    assert "closing" in shown


def test_your_own_words_go_before_ours(config: Path, tmp_path: Path) -> None:
    """A closing, one move of one situation and tone, a whole letter; the rest stays."""
    own(
        config,
        """
[closing]
warm = "Cheers,"
[thanks.form]
warm = ["Thank you for your answer about {{ job }}, which was kind of you and quick."]
[layout]
personal = "Dear all, {{ thanks }}\\n\\n{{ value }} {{ door }} Write soon about {{ role or 'the job' }}."
""",
    )
    shown = unburnt("letters", "show", "en", "form", "--config", config).stdout.decode()
    letter = tmp_path / "no.eml"
    letter.write_bytes(mail.rejection())
    preview = unburnt("letters", "preview", letter, "--config", config).stdout.decode()

    assert shown.count("Cheers,\nSam Doe") == 2
    assert "Thank you for your answer about the role of Data Analyst at Greyharbour, which was kind" in " ".join(
        shown.split()
    )
    formal = unburnt("letters", "show", "en", "form", "--tone", "formal", "--config", config).stdout.decode()
    assert "quick" not in formal
    personal = unburnt("letters", "show", "en", "personal", "--config", config).stdout.decode()
    assert "Write soon about Data Analyst." in personal
    assert "Write soon about the job." in personal
    assert preview.count("Cheers,\nSam Doe") == 2, "to send now, and to check in"


def test_faults_of_your_words_are_told_at_once_and_stop_everything(config: Path) -> None:
    """All of them, with place and remedy, before any letter is written."""
    path = own(
        config,
        """
closing = "Bye"
salutation = "Hi"
[thanks.form]
warm = ["Thank you for {{ jobb }}."]
gruff = ["No."]
[thanks.forms]
warm = ["x"]
[value.any]
plain = "not a list"
""",
    )
    other = own(config, "[greeting]\nwarm = 'Hallo {{ person'", "de")
    third = own(config, "a = 1", "xx")
    for command in (("letters", "check"), ("letters", "show", "en"), ("scan", os.devnull)):
        done = unburnt(*command, "--config", config)
        assert done.returncode == Exit.CONFIGURATION
        said = done.stderr.decode()
        assert f"{path}: [closing]: should be a table of strings" in said
        assert f"{path}: there is no 'salutation'; known are " in said
        assert f"{path}: [thanks.forms]: there is no such situation" in said
        assert f"{path}: [thanks.form]: there is no tone 'gruff'" in said
        assert f"{path}: [value.any] plain: should be a list of voices" in said
        assert f"{other}: greeting.warm: " in said
        assert f"{third}: there are no letters in 'xx'" in said
    own(config, '[thanks.form]\nwarm = ["Thank you for {{ jobb }}."]')
    other.unlink()
    third.unlink()
    said = unburnt("letters", "check", "--config", config).stderr.decode()
    assert f"{path}: thanks.form.warm 1: there is no fact 'jobb'; known are " in said


def test_check_shows_twenty_letters_and_finds_what_should_not_be_sent(config: Path) -> None:
    good = unburnt("letters", "check", "en", "--config", config)
    assert good.returncode == Exit.OK, good.stderr
    assert good.stdout.decode().count("Sam Doe") >= 10
    assert good.stdout.decode().count(" words ──") == 20
    assert "en: no faults" in good.stdout.decode()

    own(config, '[thanks.form]\nwarm = ["Thank you, {{ company }}! But why? I beg you to reconsider {{ role }} ."]')
    bad = unburnt("letters", "check", "--config", config)
    said = bad.stdout.decode()
    assert bad.returncode == Exit.CONFIGURATION
    assert "an exclamation mark" in said
    assert "a word that reproaches or pleads: 'why'" in said
    assert "a seam" in said


def test_edit_begins_with_our_words_and_checks_afterwards(config: Path, tmp_path: Path) -> None:
    editor = tmp_path / "editor"
    editor.write_text("#!/bin/sh\nsed -i 's/Thank you/Many thanks/' \"$1\"\n", encoding="utf-8")
    editor.chmod(editor.stat().st_mode | stat.S_IXUSR)
    done = unburnt("letters", "edit", "en", "thanks", "--config", config, environment={"VISUAL": str(editor)})
    written = (config.parent / "letters" / "en.toml").read_text("utf-8")

    assert done.returncode == Exit.OK, done.stdout + done.stderr
    assert "[thanks.form]" in written
    assert "[door." not in written
    assert "Many thanks" in written
    assert "en: no faults" in done.stdout.decode()
    shown = unburnt("letters", "show", "en", "test", "--config", config).stdout.decode()
    assert "Many thanks" in shown
    again = unburnt("letters", "edit", "en", "thanks", "--config", config, environment={"VISUAL": "true"})
    assert (config.parent / "letters" / "en.toml").read_text("utf-8") == written, again.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ("show", "xx"),
        ("show", "en", "nowhere"),
        ("show", "en", "--tone", "gruff"),
        ("edit", "en", "nothing"),
        ("check", "xx"),
    ],
)
def test_what_there_is_none_of_is_told_with_what_there_is(config: Path, arguments: tuple[str, ...]) -> None:
    done = unburnt("letters", *arguments, "--config", config)
    assert done.returncode == Exit.USAGE
    assert b"there is no " in done.stderr
    assert b"; there are " in done.stderr


def test_what_is_no_rejection_can_be_previewed_and_what_is_no_mail_not(config: Path, tmp_path: Path) -> None:
    path = tmp_path / "x.eml"
    path.write_bytes(b"")
    done = unburnt("letters", "preview", path, "--config", config)
    assert done.returncode == Exit.USAGE
    assert str(path).encode() in done.stderr
