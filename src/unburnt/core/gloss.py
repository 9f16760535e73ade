"""Words → glosses: what a word would be in English, one word for all its forms, in ten languages (glosses/XX.toml).

Mail in one language is little to learn from; glossed, what is learned in one helps in the others (a bilingual dictionary
serves for that: Shi, Mihalcea and Tian, "Cross Language Text Classification by Model Translation and Semi-Supervised
Learning", EMNLP 2010). English is glossed too, so that a post, a role and a vacancy are one thing. Order stays that of
the language, and words without a sense of their own have no gloss. "not answer" is two.
"""

import tomllib
from bisect import bisect
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from itertools import takewhile

from unburnt.core.lexicon import LANGUAGES

_FEWEST_SHARED = 5  # letters that a form nobody listed has in common with a listed one
_LONGEST_ENDING, _LONGEST_ENDING_LISTED = 3, 4  # what may follow them


@dataclass(frozen=True, slots=True)
class Glossary:
    """Folded words and their glosses; ``listed`` in order."""

    glosses: dict[str, tuple[str, ...]]
    listed: tuple[str, ...]


def gloss(language: str | None, word: str) -> tuple[str, ...]:
    """The gloss of a folded word, empty where there is none. What isn't in our languages is read as English."""
    return _gloss(language if language in LANGUAGES else "en", word)


@lru_cache(maxsize=100_000)
def _gloss(code: str, word: str) -> tuple[str, ...]:
    own = glossary(code)
    found = own.glosses.get(word)
    return found if found is not None else own.glosses.get(_akin(own.listed, word), ())


def _akin(listed: tuple[str, ...], word: str) -> str:
    """The listed word that shares the longest beginning, if it may be another form of the same; else ""."""
    at = bisect(listed, word)
    shared, other = max((_shared(word, one), one) for one in (*listed[max(0, at - 1) : at + 1], ""))
    most = max(_FEWEST_SHARED, len(word) - _LONGEST_ENDING, len(other) - _LONGEST_ENDING_LISTED)
    return other if shared >= most else ""


def _shared(one: str, other: str) -> int:
    """How many letters both begin with."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


@cache
def glossary(code: str) -> Glossary:
    """The glossary of a language."""
    listed: dict[str, str] = tomllib.loads(files("unburnt.core").joinpath(f"glosses/{code}.toml").read_text("utf-8"))
    glosses = {word: tuple(said.split()) for said, words in listed.items() for word in words.split()}
    return Glossary(glosses, tuple(sorted(glosses)))
