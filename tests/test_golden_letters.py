"""Letters as they are sent: golden_letters/<language>.<situation>.<tone>.<known>.txt, read and liked by a person.

``pytest --update-golden`` rewrites them: read the diff aloud before you keep it.
"""

from pathlib import Path

import pytest

from unburnt.matrix import samples
from unburnt.world import packs

GOLDEN = Path(__file__).parent / "golden_letters"
NAMES = sorted(path.stem for path in GOLDEN.glob("*.txt"))


@pytest.mark.parametrize("name", NAMES)
def test_letter_is_the_golden_one(name: str, request: pytest.FixtureRequest) -> None:
    code, situation, tone, known = name.split(".")
    (text,) = (
        sample.text
        for sample in samples(packs.load(), tone, (code,))
        if (sample.situation, sample.is_known) == (situation, known == "known")
    )
    path = GOLDEN / f"{name}.txt"
    if request.config.getoption("--update-golden"):
        path.write_text(text + "\n", encoding="utf-8")
    assert text + "\n" == path.read_text(encoding="utf-8")


def test_every_language_has_one_and_every_situation() -> None:
    parts = [name.split(".") for name in NAMES]
    assert {code for code, *_ in parts} == {pack.code for pack in packs.load()}
    assert {situation for _, situation, *_ in parts} == {
        sample.situation for sample in samples(packs.load(), "warm", ("en",))
    }
