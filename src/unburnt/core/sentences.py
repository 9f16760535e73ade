"""Text → sentences of clauses of words, each clause with its cues and its mood.

A no is a clause that states a decision. "If you are not selected" and "we will write to those who were not selected"
have the same words in another mood, so the mood is kept with everything that is counted. What stands between quotation
marks is a sentence by itself, in a mood of its own: somebody else says it.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice

from unburnt.core.lexicon import LANGUAGES, Hit, fold, lexicon, speakers

_LOOKED_AT = 20_000  # characters; no decision has been seen to come later
_MOST_SENTENCES = 250
_MOST_WORDS = 60  # of a sentence; a longer one is a table or a list
_WRAPPED = 45  # a shorter line ends where its author ended it
_ENOUGH_WORDS = 12
_FEW_COMMON = 0.08

_URL = re.compile(r"(?:https?://|www\.)[^\s<>\"]{1,2000}|<[^\s<>@]{1,2000}>", re.IGNORECASE)
_ADDRESS = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}")
_NUMBER = re.compile(r"\d[\d.,:/]{0,30}")
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff]"
)
_QUOTED = re.compile(
    r"[\"„“”«»] ?((?:[^\s\"„“”«»]{1,40} ){4,80}[^\s\"„“”«»]{0,40}) ?[\"“”«»]"
)  # five words or more: no title
_SAID_WITH = frozenset("we you i not regret decided refuse others thanks if will".split())  # cues that no title has
_END = re.compile(r"(?<=[.!?…])[\"'”»)]{0,2}\s+")
_CLAUSE = re.compile(
    r"\s*[,;:()–—]\s+|\s+[-–—]\s+|\s+(?=(?:but|however|aber|mais|pero|maar|mas|porém|ma|ale|jednak|men|ama|ancak|fakat)\s)",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W\d_]+(?:'t\b)?|\d+|[?]")


class Mood(StrEnum):
    """How a clause is meant; the value marks its terms."""

    STATED = ""
    CONDITIONAL = "if "
    EXPECTED = "will "
    QUOTED = "says "


@dataclass(frozen=True, slots=True)
class Clause:
    """Words as written (numbers, links and addresses masked), folded ones, and the cues in them."""

    written: tuple[str, ...]
    words: tuple[str, ...]
    cues: tuple[Hit, ...]
    kinds: frozenset[str]  # of the cues
    mood: Mood


Line = tuple[str, bool]  # a sentence, and whether it is quoted


@dataclass(frozen=True, slots=True)
class Sentence:
    clauses: tuple[Clause, ...]

    @property
    def kinds(self) -> frozenset[str]:
        return frozenset[str]().union(*(clause.kinds for clause in self.clauses))


@dataclass(frozen=True, slots=True)
class Reading:
    """A text as far as the classifier looks; ``language`` is None where none of ours is spoken."""

    language: str | None
    sentences: tuple[Sentence, ...]


def read(subject: str, text: str) -> tuple[Reading, Reading]:
    """Subject and text, read in the language of the text."""
    paragraphs = tuple(_paragraphs(text[:_LOOKED_AT]))
    code = _language(subject, paragraphs)
    lines = (line for paragraph in paragraphs for line in _cut(code, paragraph))
    return _reading(code, ((subject, False),)), _reading(code, lines)


def language_of(subject: str, text: str) -> str | None:
    """The language of a text, as `read` finds it."""
    return _language(subject, _paragraphs(text[:_LOOKED_AT]))


def read_one(language: str, text: str) -> Sentence:
    """One sentence by itself, in a language that is known."""
    lines = (line for paragraph in _paragraphs(text) for line in _cut(language, paragraph))
    return Sentence(tuple(clause for line in lines for clause in _sentence(language, line).clauses))


def _reading(code: str | None, lines: Iterable[Line]) -> Reading:
    sentences = (_sentence(code or "en", line) for line in islice(lines, _MOST_SENTENCES))
    return Reading(code, tuple(sentence for sentence in sentences if sentence.clauses))


def _language(subject: str, paragraphs: Iterable[str]) -> str | None:
    """The language whose frequent words make up most of them; None when it isn't ours, or there are too few."""
    words = _WORD.findall(fold(" ".join((subject, *paragraphs))))
    counted = Counter(code for word in words for code in speakers().get(word, ()))
    code, most = max(counted.items(), key=lambda item: (item[1], item[0] in LANGUAGES, item[0]), default=("", 0))
    floor = _FEW_COMMON * len(words) if len(words) >= _ENOUGH_WORDS else 1
    return code if most >= max(1, floor) and code in LANGUAGES else None


def _paragraphs(text: str) -> Iterator[str]:
    """Lines that a mail program wrapped are put together."""
    text = _INVISIBLE.sub("", text)
    text = _NUMBER.sub("0", _ADDRESS.sub(" Xaddress ", _URL.sub(" Xlink ", text)))
    paragraph: list[str] = []
    for line in [*text.split("\n"), ""]:
        written = " ".join(line.split()).lstrip("-*•·> ")  # long runs of blanks would cost _CLAUSE their square
        if written:
            paragraph.append(written)
        if paragraph and (len(written) < _WRAPPED or written.endswith((".", "!", "?", ":"))):
            yield " ".join(paragraph)
            paragraph = []


def _cut(code: str | None, paragraph: str) -> Iterator[Line]:
    """The sentences of a paragraph. What somebody says in it, between quotation marks, is cut out; a title isn't."""
    start = 0
    for match in _QUOTED.finditer(paragraph):
        words = tuple(_WORD.findall(fold(match[1])))
        if any(cue in _SAID_WITH for _, _, cue in lexicon(code or "en").hits(words)):
            yield from _ended(paragraph[start : match.start()], quoted=False)
            yield from _ended(match[1], quoted=True)
            start = match.end()
    yield from _ended(paragraph[start:], quoted=False)


def _ended(text: str, *, quoted: bool) -> Iterator[Line]:
    return ((sentence, quoted) for sentence in _END.split(text) if any(map(str.isalpha, sentence)))


def _sentence(code: str, line: Line) -> Sentence:
    clauses: list[Clause] = []
    text, quoted = line
    budget = _MOST_WORDS
    for part in _CLAUSE.split(text):
        written = tuple(_WORD.findall(part.replace("’", "'")))[:budget]
        budget -= len(written)
        if written:
            clauses.append(_clause(code, written, clauses[-1] if clauses else None, quoted=quoted))
    return Sentence(tuple(clauses))


def _clause(code: str, written: tuple[str, ...], before: Clause | None, *, quoted: bool) -> Clause:
    words = tuple(fold(word) for word in written)
    cues = tuple(lexicon(code).hits(words))
    kinds = frozenset(cue for _, _, cue in cues)
    return Clause(written, words, cues, kinds, Mood.QUOTED if quoted else _mood(kinds, before))


def _mood(kinds: frozenset[str], before: Clause | None) -> Mood:
    """A clause after a conditional one shares its mood, unless it tells a decision or regrets one."""
    if "if" in kinds:
        return Mood.CONDITIONAL
    if kinds & {"decided", "regret", "refuse"}:
        return Mood.STATED
    if before is not None and before.mood is Mood.CONDITIONAL:
        return Mood.CONDITIONAL
    return Mood.EXPECTED if "will" in kinds else Mood.STATED
