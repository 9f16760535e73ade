"""Words become cues, clauses get a mood, in ten languages."""

import pytest

from unburnt.core import sentences
from unburnt.core.lexicon import LANGUAGES, lexicon


def test_every_lexicon_has_the_same_cues() -> None:
    """A notion that is missing in one language would be a hole in all that is learned across them."""
    cues = {code: {cue for phrases in lexicon(code).phrases.values() for cue, _ in phrases} for code in LANGUAGES}
    assert len(LANGUAGES) == 10
    assert all(found == cues["en"] for found in cues.values())


@pytest.mark.parametrize(
    ("text", "moods"),
    [
        ("If you are not selected, we will tell you.", ["if ", "if "]),
        ("We have chosen someone else, but if you like, call me.", ["", "if ", "if "]),
        ("We will be in touch.", ["will "]),
        ("Falls Sie nicht ausgewählt werden, melden wir uns bei Ihnen.", ["if ", "if "]),
        ("Si no has sido seleccionado, te lo diremos por correo.", ["if ", "if "]),
        ("Die Stelle wurde besetzt.", [""]),
        ("Vi har fattat beslut om anställning av en handläggare.", [""]),
        ("Om du inte går vidare, hör vi av oss.", ["if ", "if "]),
        ("We could only ask a handful to come in.", [""]),
        ("Unfortunately, we chose another candidate.", ["", ""]),
    ],
)
def test_the_mood_of_a_clause(text: str, moods: list[str]) -> None:
    """A clause after a conditional one shares its mood, unless it tells a decision."""
    _, reading = sentences.read("", text)
    assert [clause.mood for sentence in reading.sentences for clause in sentence.clauses] == moods
