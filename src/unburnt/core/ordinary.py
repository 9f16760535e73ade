"""Words that are nobody's name: those that many mails use, as far as none of these mails has them in a name."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache

from unburnt.core import pieces, senders, words
from unburnt.core.language import LanguagePack
from unburnt.core.lexicon import LANGUAGES, lexicon
from unburnt.core.names import fold
from unburnt.core.pieces import Kind

_FEWEST = 2  # mails, for a word in small letters, where names hardly stand
_FEWEST_CAPITALS = 3
_NAMED = 6  # how many times more often a word has to be none than a name
_NEVER_SMALL, _ONE_IN = 8, 600  # mails, for a word that always has a capital: Monday, London; of so many at least one,
# since invented names recur too: Okonkwo came up in twelve mails of eleven thousand
_NOUNS_HAVE_CAPITALS = "de"
_NOUN_ENDINGS = tuple("ung ungen heit heiten keit keiten schaft schaften tion tionen".split())
_SHORTEST_NOUN = 7
_HEAD, _TAIL = 4, 5  # letters of the parts of a compound; Zimmermann is none
_JOINTS = ("", "s", "n", "en", "es", "e")
_REPLIES = frozenset("re fwd fw aw wg sv antw odp ynt rif res tr rv enc pd vb vs ilt doorst".split())


@dataclass(frozen=True, slots=True)
class Used:
    """The words of one mail, folded, without those of names."""

    language: str | None
    small: frozenset[str]
    capital: frozenset[str]  # inside sentences
    opening: frozenset[str]  # with a capital that says nothing
    names: frozenset[str]
    greeted: frozenset[str]  # what stands beside "Dear"


@dataclass(frozen=True, slots=True)
class Ordinary:
    """Folded words. ``names`` are those that were somebody's and hardly anything else."""

    small: frozenset[str] = frozenset()
    capital: frozenset[str] = frozenset()
    nouns: frozenset[str] = frozenset()
    beginnings: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()
    teams: frozenset[str] = frozenset()  # what display names have beside a name: team, careers, at
    months: frozenset[str] = frozenset()

    def in_address(self, word: str) -> bool:
        """Whether it says what an address or a team is for, and nobody's name."""
        return (folded := fold(word)) in self.teams or folded in _function()

    def small_word(self, word: str) -> bool:
        """Whether it is a word rather than a name, written small."""
        folded = fold(word)
        return folded in self.small or folded in self.capital or folded in _common()

    def capitalised(self, word: str, language: str | None, *, opening: bool) -> bool:
        """Whether it is a word although it has a capital; ``opening``: its place would give any word one."""
        folded = fold(word)
        if folded in self.capital or folded in self.months or self.in_address(word):
            return True
        if opening and folded in self.beginnings:
            return True
        if opening and (folded in _common() or (folded in self.small and folded not in self.names)):
            return True
        if language == _NOUNS_HAVE_CAPITALS and folded not in self.names and word[1:].islower():
            return self._is_noun(folded)
        return _is_title(word)

    def _is_noun(self, folded: str) -> bool:
        if folded in self.nouns or (len(folded) >= _SHORTEST_NOUN and folded.endswith(_NOUN_ENDINGS)):
            return True
        return any(self._is_compound(folded[:at], folded[at:]) for at in range(_HEAD, len(folded) - _TAIL + 1))

    def _is_compound(self, head: str, tail: str) -> bool:
        heads = (head[: len(head) - len(joint)] for joint in _JOINTS if head.endswith(joint))
        return self._is_part(tail) and any(map(self._is_part, heads))

    def _is_part(self, folded: str) -> bool:
        return folded in self.nouns or folded in self.small


def used(text: str, language: str | None, names: frozenset[str], greeted: frozenset[str]) -> Used:
    """The words of a text, less the names in its mail."""
    small, capital, opening = set[str](), set[str](), set[str]()
    for piece in (piece for line in pieces.lines(text) for piece in line if piece.kind is Kind.WORD):
        folded = fold(piece.text)
        if folded not in names and len(folded) > 1:
            (small if piece.text.islower() else opening if piece.opening else capital).add(folded)
    return Used(language, frozenset(small), frozenset(capital), frozenset(opening), names, greeted)


def ordinary(mails: Iterable[Used], packs: Iterable[LanguagePack]) -> Ordinary:
    """What is ordinary in these mails, of which no two may be variants of one."""
    kept, packs = tuple(mails), tuple(packs)
    never_small = max(_NEVER_SMALL, len(kept) // _ONE_IN)
    small, capital, opening, named, greeted = (
        Counter(word for mail in kept for word in getattr(mail, use))
        for use in ("small", "capital", "opening", "names", "greeted")
    )
    named += Counter({word: count for word, count in greeted.items() if count < never_small})
    german = Counter(word for mail in kept if mail.language == _NOUNS_HAVE_CAPITALS for word in mail.capital)
    rarely = {word for word, count in named.items() if _NAMED * count < small[word] + capital[word] + opening[word]}
    names = frozenset(named) - rarely
    return Ordinary(
        small=_in(small, _FEWEST),
        capital=(_in(capital, never_small) | (_in(capital, _FEWEST_CAPITALS) & _in(small, _FEWEST))) - names,
        nouns=_in(german, _FEWEST) - frozenset(named),
        beginnings=_in(opening, never_small) - names,
        names=names,
        teams=_folded(phrase for pack in packs for phrase in pack.team_words),
        months=_folded(month for pack in packs for month in pack.letters.get("months", ())),
    )


def _in(counted: Counter[str], fewest: int) -> frozenset[str]:
    return frozenset(word for word, count in counted.items() if count >= fewest)


def _folded(phrases: Iterable[str]) -> frozenset[str]:
    return frozenset(fold(word) for phrase in phrases for word in phrase.replace("-", " ").split())


@lru_cache(maxsize=4096)
def _is_title(word: str) -> bool:
    """Whether it stands beside names: Engineer, Mr, GmbH."""
    person, company = words.person().before, words.company().legal_form
    return any((words.title().work.fullmatch(word), person.fullmatch(f"{word} "), company.fullmatch(f" {word}")))


@cache
def _common() -> frozenset[str]:
    return frozenset(fold(word) for code in LANGUAGES for word in lexicon(code).common)


@cache
def _function() -> frozenset[str]:
    """Words of addresses and teams, brands of systems, prefixes of subjects: they tell nobody's name."""
    known = senders.known()
    listed = known.shared_words | known.machine_words | known.machine_whole | frozenset(known.machine_anywhere)
    return listed | known.never_employer | _REPLIES
