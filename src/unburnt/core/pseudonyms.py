"""Invented names for those of a mail: the same for the same, by the order of appearance, and never one that stands in it.

They are plain ASCII and belong to no language in particular, so that they tell nothing of whom they stand for.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain, count, islice, product

from unburnt.core.names import fold, spellings

_GIVEN = tuple("Alex Robin Kim Sasha Noa Dana Sam Charlie Jules Mika Toni Luca Andrea Remy Kit Ari".split())
_FAMILY = tuple("Moore Winter Palmer Reed Linden Stone Marlow Fields Hale Brook Vale Archer Thorne Wells".split())
_EMPLOYER = tuple("Northwind Bluepeak Lumora Fernhill Tidewell Oakmere Solvana Quarrystone Maplecove".split())
_BEGINNING = tuple("Bal Cor Del Fen Gar Hol Jor Kel Lor Mar Nor Pel Quin Ral Sel Tor Ul Vel Wen Zan".split())
_ENDING = tuple("dora bery ceno gory himo niru lova mund sura tuva".split())

_MOST_NAMES = 150  # that words are compared with; a mail that bears more wants to cost time
_SHORTEST_WITHIN = 5  # letters of a name that is looked for inside words
_SHORTEST_FORM = 4
_CHANGED = 2  # letters of a name that an ending may change: Paweł, Pawła
_FEWEST_SHARED = 3
_LONGEST_ENDING = 4  # Kowalski, Kowalskiego


def _invented() -> Iterator[str]:
    """As many as are asked for."""
    for syllables in count(1):
        for *endings, beginning in product(*[_ENDING] * syllables, _BEGINNING):
            yield "".join((beginning, *endings))


@dataclass(slots=True)
class Pseudonyms:
    """The stand-ins of one mail. ``taken`` are its words, folded: an invented name that stands in it hides nothing."""

    taken: frozenset[str]
    _names: dict[str, str] = field(default_factory=dict)  # folded → stand-in, of those that are surely names
    _things: dict[str, str] = field(default_factory=dict)  # the same, of words that may be a name
    _found: dict[tuple[str, int], str] = field(default_factory=dict)
    _used: set[str] = field(default_factory=set)
    _invented: Iterator[str] = field(default_factory=_invented)

    def person(self, words: Iterable[str]) -> None:
        """Learn a person's name: the first word is given, the others are of the family."""
        for at, word in enumerate(words):
            self._learn(word, _FAMILY if at else _GIVEN)

    def employer(self, words: Iterable[str]) -> None:
        """Learn an employer's name."""
        for word in words:
            self._learn(word, _EMPLOYER)

    def knows(self, word: str) -> bool:
        """Whether it is a name, or has one in it."""
        return bool(self._like(fold(word), 0))

    def resembles(self, word: str, *, written_small: bool) -> bool:
        """Whether it may be a form of a name, "Kowalskiego"; in small letters it has to show more of it."""
        return bool(self._like(fold(word), 1 if written_small else _CHANGED))

    def of(self, word: str) -> str:
        """The stand-in of a word, in capitals or small letters as the word is."""
        folded = fold(word)
        found = self._like(folded, _CHANGED) or self._things.get(folded)
        if not found:
            found = self._things[folded] = self._next(())
        return found.upper() if word.isupper() and len(word) > 1 else found.lower() if word.islower() else found

    def _learn(self, word: str, pool: tuple[str, ...]) -> None:
        folded = fold(word)
        if folded and folded not in self._names:
            self._found.clear()
            found = self._next(pool)
            for spelling in (folded, *sorted(spellings(word))):
                self._names.setdefault(spelling, found)

    def _next(self, pool: tuple[str, ...]) -> str:
        """The first of the pool, or else an invented word, that neither stands in the mail nor has been given."""
        candidates = chain((name for name in pool if name.lower() not in self._used), self._invented)
        found = next(name for name in candidates if name.lower() not in self.taken)
        self._used.add(found.lower())
        return found

    def _like(self, folded: str, changed: int) -> str:
        """The stand-in of the name that a word is, or has in it, or is with so many letters changed at its end."""
        if folded in self._names:
            return self._names[folded]
        if (folded, changed) not in self._found:
            near = (name for name in islice(self._names, _MOST_NAMES) if _is_like(folded, name, changed))
            self._found[folded, changed] = self._names.get(max(near, key=len, default=""), "")
        return self._found[folded, changed]


def _is_like(word: str, name: str, changed: int) -> bool:
    if len(name) >= _SHORTEST_WITHIN and name in word:
        return True
    if changed == 0 or len(name) < _SHORTEST_FORM or len(word) > len(name) + _LONGEST_ENDING:
        return False
    shared = max(_FEWEST_SHARED + (changed < _CHANGED), len(name) - changed)
    return word[:shared] == name[:shared]
