"""What clauses and sentences are counted by: words in a row, cues that stand together, cues of one clause and the next."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import combinations, pairwise, product
from typing import NamedTuple

from unburnt.core.gloss import gloss
from unburnt.core.lexicon import LANGUAGES, fold, lexicon
from unburnt.core.model import Mail
from unburnt.core.sentences import Clause, Mood, Reading, Sentence

_WEIGHT_OF_WORDS = 1.0
_WEIGHT_OF_COMMON_WORDS = 0.3
_WEIGHT_OF_GLOSSES = 0.7
_WEIGHT_OF_CUES = 1.0
_WEIGHT_OF_MANNERS = 0.4
_WEIGHT_OF_TURNS = 0.7

_MOST_TOGETHER = 3
_NAME = "Nn"
_MASKS = frozenset({_NAME, "0", "xlink", "xaddress", "^", "$"})
_SHORTEST_NAME = 3
_TITLE = 0.6  # share of capitals from which they say nothing
_NOUNS_HAVE_CAPITALS = frozenset({"de"})
PERSONS = frozenset({"we", "you"})  # in nearly every clause: three together with one of them say what two do
_MANNERS = frozenset({"we", "you", "i", "thanks"})
_SUBJECT_COUNTS = 3
_CLEARLY = 3
PLOT = frozenset(  # the cues a story is told by, less the pronouns and the polite ones
    "not regret advance select refuse others closed apply decided received invite glad object many weigh told own i".split()
)


class Term(NamedTuple):
    """What is counted, how much it counts, and what is shown of it. A tuple: a mail has some five hundred."""

    key: str
    weight: float
    shown: str


@dataclass(frozen=True, slots=True)
class ClauseTerms:
    """What a clause is counted by. ``words`` and ``glosses`` are single ones and two in a row, ``cues`` up to three together."""

    clause: Clause
    words: tuple[Term, ...]
    glosses: tuple[Term, ...]
    cues: tuple[Term, ...]


@dataclass(frozen=True, slots=True)
class SentenceTerms:
    """The same of a sentence; ``cues`` are pairs that may stand in different clauses."""

    sentence: Sentence
    clauses: tuple[ClauseTerms, ...]
    cues: tuple[Term, ...]


def counted(sentence: Sentence, language: str | None, named: frozenset[str], mark: str) -> SentenceTerms:
    """All terms of a sentence, their keys beginning with ``mark``."""
    clauses = []
    for clause in sentence.clauses:
        words = masked(clause, language, named)
        glossed = rows_of_glosses(words, language, clause.mood, mark)
        found = (rows(words, clause.mood, mark), glossed, together(clause, mark))
        clauses.append(ClauseTerms(clause, *map(tuple, found)))
    return SentenceTerms(sentence, tuple(clauses), tuple(together_in_sentence(sentence, mark)))


def names(mail: Mail) -> frozenset[str]:
    """What the sender is called: the employer, the recruiter, the system. A model should know none by name."""
    author = mail.envelope.author
    words = re.findall(r"[^\W\d_]+", fold(f"{author.name} {author.address}")) if author else ()
    return frozenset(word for word in words if len(word) >= _SHORTEST_NAME)


def rows(words: Sequence[str], mood: str, mark: str) -> Iterator[Term]:
    """Words, and two in a row."""
    common, beginning = _common(), f"{mark}w:{mood}"
    for start, end in in_a_row(words):
        row = words[start:end]
        weight = _WEIGHT_OF_COMMON_WORDS if common.issuperset(row) else _WEIGHT_OF_WORDS
        joined = " ".join(row)
        yield Term(beginning + joined, weight, joined.strip("^$ "))


def rows_of_glosses(words: Sequence[str], language: str | None, mood: str, mark: str) -> Iterator[Term]:
    """The same of their glosses; what is shown is the words."""
    glosses, glossed = glossed_in(words, language)
    beginning = f"{mark}g:{mood}"
    for start, end in in_a_row(glosses):
        shown = " ".join(dict.fromkeys(glossed[start:end])).strip("^$ ")
        yield Term(beginning + " ".join(glosses[start:end]), _WEIGHT_OF_GLOSSES, shown)


def glossed_in(words: Sequence[str], language: str | None) -> tuple[list[str], list[str]]:
    """The glosses of masked words, and the word that each belongs to; words without a gloss are left out."""
    said = [(one, word) for word in words for one in ((word,) if word in _MASKS else gloss(language, word))]
    return [one for one, _ in said], [word for _, word in said]


def in_a_row(words: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Where each word, and each two in a row, begin and end; masks alone tell nothing."""
    for at, word in enumerate(words):
        if word not in _MASKS:
            yield at, at + 1
    for at, (word, next_) in enumerate(pairwise(words)):
        if word not in _MASKS or next_ not in _MASKS:
            yield at, at + 2


def masked(clause: Clause, language: str | None, names: frozenset[str]) -> tuple[str, ...]:
    """The words with names masked, those of the sender and those that only a capital tells; ^ and $ are the ends."""
    cued = {at for start, end, _ in clause.cues for at in range(start, end)}
    capitals = sum(word[0].isupper() for word in clause.written)
    telling = language not in _NOUNS_HAVE_CAPITALS and capitals <= _TITLE * len(clause.written)
    masked = ["^"]
    for at, (written, word) in enumerate(zip(clause.written, clause.words, strict=True)):
        named = word in names or (telling and at > 0 and written[0].isupper() and word != "i")
        if not named or at in cued:
            masked.append(word)
        elif masked[-1] != _NAME:
            masked.append(_NAME)
    return (*masked, "$")


def together(clause: Clause, mark: str) -> Iterator[Term]:
    kinds = sorted(clause.kinds - {"if", "will"} if clause.mood is not Mood.STATED else clause.kinds)
    for count in range(1, _MOST_TOGETHER + 1):
        for cues in combinations(kinds if count < _MOST_TOGETHER else sorted(set(kinds) - PERSONS), count):
            yield Term(f"{mark}c:{clause.mood}{'+'.join(cues)}", _weight(cues), shown(clause, cues))


def together_in_sentence(sentence: Sentence, mark: str) -> Iterator[Term]:
    mood = Mood.CONDITIONAL if any(clause.mood is Mood.CONDITIONAL for clause in sentence.clauses) else Mood.STATED
    for cues in combinations(sorted(sentence.kinds), 2):
        both = " … ".join(filter(None, (shown(clause, cues) for clause in sentence.clauses)))
        yield Term(f"{mark}s:{mood}{'+'.join(cues)}", _weight(cues), both)


def _weight(cues: tuple[str, ...]) -> float:
    """Less for what polite people say in any mail: who speaks to whom, and thanks."""
    polite = len(_MANNERS.intersection(cues))
    if polite == 0:
        return _WEIGHT_OF_CUES
    return _WEIGHT_OF_MANNERS if polite == len(cues) else (_WEIGHT_OF_CUES + _WEIGHT_OF_MANNERS) / 2


@cache
def _common() -> frozenset[str]:
    return _MASKS.union(*(lexicon(code).common for code in LANGUAGES))


def turns(before: Clause, clause: Clause, mark: str) -> Iterator[Term]:
    for one, next_ in product(sorted(before.kinds & PLOT), sorted(clause.kinds & PLOT)):
        both = f"{shown(before, (one,))} … {shown(clause, (next_,))}"
        yield Term(f"{mark}t:{before.mood}{one}>{clause.mood}{next_}", _WEIGHT_OF_TURNS, both)


def shown(clause: Clause, cues: tuple[str, ...]) -> str:
    """The words of these cues, in their order."""
    at = sorted({at for start, end, cue in clause.cues if cue in cues for at in range(start, end)})
    parts: list[str] = []
    for place, here in enumerate(at):
        joined = place > 0 and here == at[place - 1] + 1
        parts.append(("" if not parts else " " if joined else " … ") + clause.words[here])
    return "".join(parts)


def topic(subject: Reading, text: Reading) -> str:
    """Whether words of jobs or of other things are the more, the subject's counting threefold."""
    counted = {"job": 0, "object": 0}
    for reading, weight in ((subject, _SUBJECT_COUNTS), (text, 1)):
        for cue in (cue for sentence in reading.sentences for clause in sentence.clauses for _, _, cue in clause.cues):
            if cue in counted:
                counted[cue] += weight
    jobs, others = counted["job"], counted["object"]
    if jobs + others == 0:
        return "nothing"
    if jobs >= _CLEARLY * others:
        return "a job"
    if others >= _CLEARLY * jobs:
        return "something else"
    return "rather a job" if jobs >= others else "rather something else"
