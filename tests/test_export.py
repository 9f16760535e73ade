"""`unburnt export-labels`: what it writes, what it refuses, and what it leaves out."""

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.command import unburnt
from tests.mail import rejection
from unburnt.core.model import Label
from unburnt.errors import Exit
from unburnt.world.corpus import example, examples, paths, shipped

_CONFIG = """\
[profile]
name = "Alice Doe"
[[accounts]]
name = "alice"
address = "alice@mail.example"
host = "localhost"
[state]
directory = "{state}"
"""


def _voted(tmp_path: Path) -> Path:
    """The configuration of a user who has voted on two rejections of one sender and on a receipt, and whose third file is broken."""
    labelled = tmp_path / "state" / "labelled"
    receipt = next(path for path in paths(shipped()) if path.name.startswith("de-") and path.parent.name == "other")
    files = {
        "rejection/en-vote-s0a0a0a0a--0000000000000001.eml": rejection(1),
        "rejection/en-vote-s0a0a0a0a--0000000000000002.eml": rejection(2),
        "rejection/en-vote-s0b0b0b0b--0000000000000003.eml": b"",
        "other/de-vote-s0c0c0c0c--0000000000000004.eml": receipt.read_bytes(),
    }
    for name, octets in files.items():
        (labelled / name).parent.mkdir(parents=True, exist_ok=True)
        (labelled / name).write_bytes(octets)
    (given := tmp_path / "config.toml").write_text(_CONFIG.format(state=tmp_path / "state"), encoding="utf-8")
    return given


@pytest.fixture
def config(tmp_path: Path) -> Path:
    return _voted(tmp_path)


@dataclass(frozen=True)
class Exports:
    """Of the same mail, one after the other; of the first the object of `--json`, of the second the text."""

    one: Path
    two: Path
    object: dict[str, Any]
    text: str


@pytest.fixture(scope="module")
def exports(tmp_path_factory: pytest.TempPathFactory) -> Exports:
    place = tmp_path_factory.mktemp("exports")
    given, one, two = _voted(place), place / "one", place / "two"
    first = unburnt("export-labels", one, "--redact", "--config", given, "--json")
    second = unburnt("export-labels", two, "--redact", "--config", given)
    assert (first.returncode, second.returncode) == (Exit.OK, Exit.OK), (first.stderr + second.stderr).decode()
    return Exports(one, two, json.loads(first.stdout), second.stdout.decode())


def test_labelled_mail_is_written_without_names(exports: Exports) -> None:
    """As labelled mail again, each sender a family that tells nothing; what can't be read is told and left out."""
    said = exports.object
    assert said["counts"] == {"rejection": 2, "other": 1}
    assert ["--0000000000000003.eml: it is empty" in line for line in said["unread"]] == [True]
    found = {one.name: one for one in examples(exports.one)}
    assert sorted(f"{one.label}/{name}.eml" for name, one in found.items()) == sorted(said["files"])
    of_one_sender = [one for one in found.values() if one.label is Label.REJECTION]
    assert len({one.family for one in of_one_sender}) == 1
    assert all(re.fullmatch(r"(en|de)-given-g[0-9a-f]{10}--0[12]", name) for name in found)
    for one in of_one_sender:
        assert "we have decided to go ahead with another candidate" in one.mail.text
        assert not re.search(r"(?i)priya|natarajan|corvane|alice", f"{one.mail}")


def test_it_asks_to_be_read_first(exports: Exports) -> None:
    """And two exports can't be told to be of one sender."""
    assert "Read these before you send them; a program can miss a name." in exports.text
    assert str(exports.two) in exports.text
    one, two = ({example(path).family for path in paths(place)} for place in (exports.one, exports.two))
    assert len(one) == len(two) == 2
    assert one & two == set()


def test_nothing_is_written_unredacted_or_over_something(config: Path, tmp_path: Path) -> None:
    """Without --redact, into a folder with something in it, and without labelled mail."""
    bare = unburnt("export-labels", tmp_path / "out", "--config", config)
    assert (bare.returncode, (tmp_path / "out").exists()) == (Exit.USAGE, False)
    assert str(tmp_path / "state" / "labelled") in bare.stderr.decode()
    (full := tmp_path / "full").mkdir()
    (full / "note.txt").write_text("mine", encoding="utf-8")
    assert unburnt("export-labels", full, "--redact", "--config", config).returncode == Exit.USAGE
    assert [path.name for path in full.iterdir()] == ["note.txt"]
    config.write_text(_CONFIG.format(state=tmp_path / "nobody"), encoding="utf-8")
    assert unburnt("export-labels", tmp_path / "out", "--redact", "--config", config).returncode == Exit.USAGE
