"""The ordinary words are kept in the cache, and counted anew whenever they may be others."""

from pathlib import Path

import pytest

from unburnt.core.ordinary import Ordinary
from unburnt.world import packs, vocabulary

TEXT = "From: Priya Corvane <priya@corvane.example>\nSubject: the quarry\n\nThe quarry opens at dawn.\n\nPriya\n"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Two mails, so that their words are ordinary."""
    place = tmp_path / "data"
    for label in ("rejection", "other"):
        (place / label).mkdir(parents=True)
        (place / label / "en-form-quarry--01.eml").write_text(TEXT, "utf-8")
    return place


def loaded(data: Path) -> Ordinary:
    return vocabulary.load(packs.load(), data=data, cache=data.parent / "cache")


def kept(data: Path) -> Path:
    (path,) = (data.parent / "cache").iterdir()
    return path


def test_it_is_counted_once(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second time nothing is read, and all is as it was."""
    first = loaded(data)
    assert "quarry" in first.small
    assert "corvane" in first.names
    monkeypatch.setattr(vocabulary, "examples", None)
    assert loaded(data) == first


def test_other_mail_has_other_words(data: Path) -> None:
    """And one count is kept."""
    before = (loaded(data), kept(data))
    for path in data.rglob("*.eml"):
        path.write_text(TEXT.replace("quarry", "foundry"), "utf-8")
    assert "foundry" in loaded(data).small
    assert "foundry" not in before[0].small
    assert kept(data) != before[1]


@pytest.mark.parametrize("octets", [b"", b"{", b"[]", b'{"small": 1}', b'{"smaller": []}', b"\xff"])
def test_a_damaged_count_is_made_anew(data: Path, octets: bytes) -> None:
    first = loaded(data)
    kept(data).write_bytes(octets)
    assert loaded(data) == first
    assert kept(data).read_bytes() != octets


def test_a_cache_that_cannot_be_written_costs_time_alone(data: Path) -> None:
    (data.parent / "cache").write_text("in the way", "utf-8")
    assert "quarry" in loaded(data).small
