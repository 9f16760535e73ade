"""Words of ten languages become one English word each, in all their forms."""

from itertools import combinations

import pytest

from unburnt.core.gloss import gloss, glossary
from unburnt.core.lexicon import LANGUAGES, fold
from unburnt.core.sentences import read, read_one
from unburnt.core.spoken import alone
from unburnt.core.terms import masked, rows_of_glosses

TELLING = ("candidate", "decide", "interview", "job", "not", "other", "receive", "regret", "reject", "select")


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_glossary_is_folded_and_lists_every_word_once(code: str) -> None:
    listed = glossary(code).listed
    assert len(listed) >= 1000
    assert [word for word in listed if fold(word) != word] == []
    assert len(set(listed)) == len(listed)


@pytest.mark.parametrize("code", LANGUAGES)
def test_what_decisions_are_told_with_has_a_word_in_every_language(code: str) -> None:
    said = {one for glosses in glossary(code).glosses.values() for one in glosses}
    assert [one for one in TELLING if one not in said] == []


def test_most_glosses_are_shared() -> None:
    """A gloss that one language has alone teaches the others nothing; English has more words, and may."""
    said = {code: {one for glosses in glossary(code).glosses.values() for one in glosses} for code in LANGUAGES}
    for code in set(LANGUAGES) - {"en"}:
        elsewhere = set[str]().union(*(found for other, found in said.items() if other != code))
        assert len(said[code] - elsewhere) <= 0.12 * len(said[code]), code


@pytest.mark.parametrize(
    ("code", "word", "expected"),
    [
        ("en", "vacancies", ("job",)),
        ("de", "kandidatinnen", ("candidate",)),
        ("de", "entscheidungen", ("decide",)),
        ("pl", "kandydatkom", ("candidate",)),  # listed in other forms only
        ("tr", "yanitlamayiniz", ("not", "reply")),
        ("de", "kandis", ()),  # a short word is no form of a longer one
        ("sv", "qwertyuiop", ()),
        (None, "vacancies", ("job",)),  # an unknown language is read as English
    ],
)
def test_the_gloss_of_a_word(code: str | None, word: str, expected: tuple[str, ...]) -> None:
    assert gloss(code, word) == expected


def test_a_no_has_the_same_glosses_in_all_languages() -> None:
    """What is learned from one of these is known of the others: at least three telling terms in common."""
    noes = {
        "en": "Unfortunately we have decided in favour of another candidate.",
        "de": "Leider haben wir uns für einen anderen Kandidaten entschieden.",
        "es": "Lamentablemente hemos decidido elegir a otro candidato.",
        "fr": "Malheureusement, nous avons décidé de retenir un autre candidat.",
        "it": "Purtroppo abbiamo deciso per un altro candidato.",
        "nl": "Helaas hebben wij besloten voor een andere kandidaat te kiezen.",
        "pl": "Niestety zdecydowaliśmy się na innego kandydata.",
        "pt": "Infelizmente, decidimos por outro candidato.",
        "sv": "Tyvärr har vi beslutat oss för en annan kandidat.",
        "tr": "Maalesef başka bir aday ile devam etmeye karar verdik.",
    }
    said = {
        code: {key for key, _ in alone(code, text).terms if key.startswith("g:~") and " " not in key}
        for code, text in noes.items()
    }
    for one, other in combinations(noes, 2):
        assert len(said[one] & said[other]) >= 3, (one, other, said[one] & said[other])


def test_names_have_no_gloss_and_the_words_of_the_mail_are_shown() -> None:
    """Evidence is for the user, who knows the mail and not its glosses."""
    (clause,) = read_one("de", "Frau Pflege bietet die Stelle an").clauses
    terms = list(rows_of_glosses(masked(clause, "de", frozenset({"pflege"})), "de", clause.mood, ""))
    assert ("g:job", "stelle") in {(term.key, term.shown) for term in terms}
    assert not any("care" in term.key for term in terms)


def test_what_is_quoted_has_a_mood_of_its_own() -> None:
    quoting = 'He showed me what they wrote: "Unfortunately we have chosen another candidate." That was all.'
    _, reading = read("", quoting)
    assert [clause.mood for sentence in reading.sentences for clause in sentence.clauses] == ["", "says ", ""]


def test_a_title_between_quotation_marks_stays_in_its_sentence() -> None:
    _, reading = read("", "Für die Stelle „Leiter Einkauf und Logistik“ haben wir uns anders entschieden.")
    assert len(reading.sentences) == 1


@pytest.mark.parametrize("marks", ["„{}“", "“{}”", "«{}»", "« {} »", "»{}«", '"{}"', "”{}”"])
def test_the_quotation_marks_of_ten_languages(marks: str) -> None:
    text = f"Sie lasen: {marks.format('Wir haben uns für jemand anderen entschieden')} und schwiegen."
    _, reading = read("", text)
    assert [clause.mood for sentence in reading.sentences for clause in sentence.clauses] == ["", "says ", ""]
