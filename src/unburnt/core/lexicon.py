"""Words → cues: the few notions that a decision on an application is told with, in ten languages (cues/XX.toml).

A cue is a list of phrases, parted by commas. An asterisk stands for any ending (``regret*``) or beginning (``*n't``) of
a word, ``^`` for the beginning of a clause: there a Swedish "om" means if, elsewhere mostly about. Marks and case don't
count, since people drop them. The tables are part of the program as code is, read once.
"""

import re
import tomllib
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

LANGUAGES = ("de", "en", "es", "fr", "it", "nl", "pl", "pt", "sv", "tr")

_SPELLED = str.maketrans(
    {"ł": "l", "Ł": "l", "ı": "i", "ø": "o", "Ø": "o", "ß": "ss", "’": "'", "‘": "'", "´": "'", "ʼ": "'", "`": "'"}
)
_PHRASE_WORD = re.compile(r"\^|\*?[^\W_]+(?:'t\b)?\*?")
_BEGINNING = "^"
_LONGEST_WORD = 40  # cut: German compounds end before, tracking tokens don't

Hit = tuple[int, int, str]  # from word, to word, cue


def fold(text: str) -> str:
    """Lower case without marks."""
    if text.isascii():
        return text.lower().replace("`", "'")
    plain = unicodedata.normalize("NFKD", text.translate(_SPELLED).lower())
    return "".join(c for c in plain if not unicodedata.combining(c))


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The cues of one language. ``phrases`` by their first word, stems and endings by its letters."""

    code: str
    common: frozenset[str]
    phrases: dict[str, tuple[tuple[str, tuple[str, ...]], ...]]
    starred: tuple[str, ...]  # the keys of ``phrases`` with an asterisk in front
    longest: int  # of the keys that end in an asterisk

    def hits(self, words: tuple[str, ...]) -> Iterator[Hit]:
        """Every phrase that occurs in these folded words."""
        for at, word in enumerate((_BEGINNING, *words), -1):
            for cue, rest in _beginning_with(self.code, word[:_LONGEST_WORD]):
                end = at + 1 + len(rest)
                if end <= len(words) and all(map(_fits, words[at + 1 : end], rest)):
                    yield max(at, 0), end, cue


@cache
def lexicon(code: str) -> Lexicon:
    """The lexicon of a language."""
    data = tomllib.loads(files("unburnt.core").joinpath(f"cues/{code}.toml").read_text("utf-8"))
    phrases: dict[str, list[tuple[str, tuple[str, ...]]]] = {}
    for cue, listed in data["cues"].items():
        for phrase in listed.split(","):
            first, *rest = _PHRASE_WORD.findall(fold(phrase))
            phrases.setdefault(first, []).append((cue, tuple(rest)))
    return Lexicon(
        code,
        frozenset(_PHRASE_WORD.findall(fold(data["common"]))),
        {first: tuple(found) for first, found in phrases.items()},
        tuple(first for first in phrases if first.startswith("*")),
        max(len(first) for first in phrases),
    )


@cache
def speakers() -> dict[str, tuple[str, ...]]:
    """Words that are frequent in any text → the languages: ours, and those that might be taken for ours."""
    elsewhere = tomllib.loads(files("unburnt.core").joinpath("cues/elsewhere.toml").read_text("utf-8"))
    listed = {code: frozenset(_PHRASE_WORD.findall(fold(words))) for code, words in elsewhere.items()}
    listed |= {code: lexicon(code).common for code in LANGUAGES}
    words = sorted(frozenset[str]().union(*listed.values()))
    return {word: tuple(code for code, common in listed.items() if word in common) for word in words}


@lru_cache(maxsize=100_000)
def _beginning_with(code: str, word: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    own = lexicon(code)
    found = own.phrases.get(word, ())
    for end in range(1, min(len(word), own.longest) + 1):
        found += own.phrases.get(word[:end] + "*", ())
    for pattern in own.starred:
        if _fits(word, pattern):
            found += own.phrases[pattern]
    return found


def _fits(word: str, pattern: str) -> bool:
    if pattern.startswith("*"):
        return pattern.strip("*") in word if pattern.endswith("*") else word.endswith(pattern[1:])
    return word.startswith(pattern[:-1]) if pattern.endswith("*") else word == pattern
