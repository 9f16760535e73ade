"""Words become cues, clauses get a mood, in ten languages."""

from collections import defaultdict

import pytest

from tests.shipped import some_of
from unburnt.core import sentences
from unburnt.core.lexicon import LANGUAGES, lexicon
from unburnt.core.sentences import language_of


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


def test_shipped_mail_is_read_in_its_own_language() -> None:
    """Nearly all of it: mail in no language that is known is never drafted for, whatever it says.

    Turkish puts into endings what others have small words for; one mail in fourteen was in no language once.
    """
    found: dict[str, list[bool]] = defaultdict(list)
    for each in some_of(1500):
        found[each.language].append(language_of(each.mail.envelope.subject, each.mail.text) == each.language)
    assert {language: sum(right) for language, right in found.items() if sum(right) < 0.97 * len(right)} == {}


def test_official_turkish_has_few_small_words() -> None:
    """And those it has are known."""
    text = "Kurumumuzca ilan edilen büro personeli alımına ilişkin sözlü sınav sonuçları komisyonca değerlendirilmiş"
    assert language_of("Büro personeli", f"{text}, adınıza asıl listede yer verilmemiştir.") == "tr"
