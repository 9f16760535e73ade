"""`unburnt export-labels`: what it writes, what it refuses, and what it leaves out."""

import json
import re
from pathlib import Path

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


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """Of a user who has voted on two rejections of one sender and on a receipt, and whose third file is broken."""
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


def test_labelled_mail_is_written_without_names(config: Path, tmp_path: Path) -> None:
    """As labelled mail again, each sender a family that tells nothing; what can't be read is told and left out."""
    done = unburnt("export-labels", tmp_path / "out", "--redact", "--config", config, "--json")
    assert done.returncode == Exit.OK, done.stderr.decode()
    said = json.loads(done.stdout)
    assert said["counts"] == {"rejection": 2, "other": 1}
    assert ["--0000000000000003.eml: it is empty" in line for line in said["unread"]] == [True]
    found = {one.name: one for one in examples(tmp_path / "out")}
    assert sorted(f"{one.label}/{name}.eml" for name, one in found.items()) == sorted(said["files"])
    of_one_sender = [one for one in found.values() if one.label is Label.REJECTION]
    assert len({one.family for one in of_one_sender}) == 1
    assert all(re.fullmatch(r"(en|de)-given-g[0-9a-f]{10}--0[12]", name) for name in found)
    for one in of_one_sender:
        assert "we have decided to go ahead with another candidate" in one.mail.text
        assert not re.search(r"(?i)priya|natarajan|corvane|alice", f"{one.mail}")


def test_it_asks_to_be_read_first(config: Path, tmp_path: Path) -> None:
    """And two exports can't be told to be of one sender."""
    said = unburnt("export-labels", tmp_path / "one", "--redact", "--config", config).stdout.decode()
    assert "Read these before you send them; a program can miss a name." in said
    assert str(tmp_path / "one") in said
    unburnt("export-labels", tmp_path / "two", "--redact", "--config", config)
    one, two = ({example(path).family for path in paths(tmp_path / name)} for name in ("one", "two"))
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
