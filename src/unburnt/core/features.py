"""Mail → terms, each with a weight, and with the words a person would recognise it by.

Five kinds: words in a row; cues that stand together in a clause or sentence; cues of one clause followed by those of
the next; cues in a mail about a job, or about something else; facts of the header. Every term counts once, and a
little less where there are many, so that neither length nor repetition tells anything: others that were all short
once made every long mail look like a rejection.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from itertools import combinations, product

from unburnt.core import senders
from unburnt.core.lexicon import LANGUAGES, fold, lexicon
from unburnt.core.model import Mail
from unburnt.core.sentences import Clause, Mood, Reading, Sentence, read

_WEIGHT_OF_WORDS = 1.0
_WEIGHT_OF_COMMON_WORDS = 0.3
_WEIGHT_OF_CUES = 1.0
_WEIGHT_OF_MANNERS = 0.4
_WEIGHT_OF_TURNS = 0.7
_WEIGHT_OF_TOPIC = 0.7
_WEIGHT_OF_HEADER = 1.5

_LONGEST_ROW = 2
_MOST_TOGETHER = 3
_NAME = "Nn"
_MASKS = frozenset({_NAME, "0", "xlink", "xaddress", "^", "$"})
_SHORTEST_NAME = 3
_TITLE = 0.6  # share of capitals from which they say nothing
_NOUNS_HAVE_CAPITALS = frozenset({"de"})
_PERSONS = frozenset({"we", "you"})  # in nearly every clause: three together with one of them say what two do
_MANNERS = frozenset({"we", "you", "i", "thanks"})
_USUAL_TERMS, _FEWEST_TERMS = 1000, 100
_DAMPING = 0.25
_SUBJECT_COUNTS = 3
_CLEARLY = 3
_PLOT = frozenset(  # the cues a story is told by, less the pronouns and the polite ones
    "not regret advance select refuse others closed apply decided received invite glad object many weigh told own i".split()
)
_REPLIES = ("re:", "aw:", "sv:", "antw:", "odp:", "ynt:", "rif:", "res:")
_FORWARDS = ("fwd:", "fw:", "wg:", "tr:", "rv:", "i:", "enc:", "pd:", "vb:", "vs:", "ilt:", "doorst:")


@dataclass(frozen=True, slots=True)
class Term:
    """What is counted, how much it counts, and what is shown of it."""

    key: str
    weight: float
    shown: str


@dataclass(frozen=True, slots=True)
class Document:
    """A mail as the estimator sees it; ``language`` is None where none of ours is spoken."""

    language: str | None
    terms: tuple[Term, ...]


def document(mail: Mail) -> Document:
    """The terms of a mail, each once."""
    subject, text = read(mail.envelope.subject, mail.text)
    names = _names(mail)
    terms: dict[str, Term] = {}
    found_in = (_of_text(text, names, ""), _of_text(subject, names, "S:"), _of_topic(subject, text), _of_header(mail))
    for found in found_in:
        for term in found:
            terms.setdefault(term.key, term)
    damped = (_USUAL_TERMS / max(_FEWEST_TERMS, len(terms))) ** _DAMPING
    return Document(text.language, tuple(replace(term, weight=term.weight * damped) for term in terms.values()))


def _names(mail: Mail) -> frozenset[str]:
    """What the sender is called: the employer, the recruiter, the system. A model should know none by name."""
    author = mail.envelope.author
    words = re.findall(r"[^\W\d_]+", fold(f"{author.name} {author.address}")) if author else ()
    return frozenset(word for word in words if len(word) >= _SHORTEST_NAME)


def _of_text(reading: Reading, names: frozenset[str], mark: str) -> Iterator[Term]:
    before: Clause | None = None
    for sentence in reading.sentences:
        yield from _together_in_sentence(sentence, mark)
        for clause in sentence.clauses:
            yield from _rows(_masked(clause, reading.language, names), clause.mood, mark)
            yield from _together(clause, mark)
            if clause.kinds & _PLOT:
                if before is not None:
                    yield from _turns(before, clause, mark)
                before = clause


def _rows(words: tuple[str, ...], mood: Mood, mark: str) -> Iterator[Term]:
    common = _common()
    for length in range(1, _LONGEST_ROW + 1):
        for at in range(len(words) - length + 1):
            if not _MASKS.issuperset(words[at : at + length]):
                row = words[at : at + length]
                weight = _WEIGHT_OF_COMMON_WORDS if common.issuperset(row) else _WEIGHT_OF_WORDS
                yield Term(f"{mark}w:{mood}{' '.join(row)}", weight, " ".join(row).strip("^$ "))


def _masked(clause: Clause, language: str | None, names: frozenset[str]) -> tuple[str, ...]:
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


def _together(clause: Clause, mark: str) -> Iterator[Term]:
    kinds = sorted(clause.kinds - {"if", "will"} if clause.mood is not Mood.STATED else clause.kinds)
    for count in range(1, _MOST_TOGETHER + 1):
        for cues in combinations(kinds if count < _MOST_TOGETHER else sorted(set(kinds) - _PERSONS), count):
            yield Term(f"{mark}c:{clause.mood}{'+'.join(cues)}", _weight(cues), _shown(clause, cues))


def _together_in_sentence(sentence: Sentence, mark: str) -> Iterator[Term]:
    mood = Mood.CONDITIONAL if any(clause.mood is Mood.CONDITIONAL for clause in sentence.clauses) else Mood.STATED
    for cues in combinations(sorted(sentence.kinds), 2):
        shown = " … ".join(filter(None, (_shown(clause, cues) for clause in sentence.clauses)))
        yield Term(f"{mark}s:{mood}{'+'.join(cues)}", _weight(cues), shown)


def _weight(cues: tuple[str, ...]) -> float:
    """Less for what polite people say in any mail: who speaks to whom, and thanks."""
    polite = len(_MANNERS.intersection(cues))
    if polite == 0:
        return _WEIGHT_OF_CUES
    return _WEIGHT_OF_MANNERS if polite == len(cues) else (_WEIGHT_OF_CUES + _WEIGHT_OF_MANNERS) / 2


@cache
def _common() -> frozenset[str]:
    return _MASKS.union(*(lexicon(code).common for code in LANGUAGES))


def _turns(before: Clause, clause: Clause, mark: str) -> Iterator[Term]:
    for one, next_ in product(sorted(before.kinds & _PLOT), sorted(clause.kinds & _PLOT)):
        shown = f"{_shown(before, (one,))} … {_shown(clause, (next_,))}"
        yield Term(f"{mark}t:{before.mood}{one}>{clause.mood}{next_}", _WEIGHT_OF_TURNS, shown)


def _of_topic(subject: Reading, text: Reading) -> Iterator[Term]:
    """What is told, marked by what the mail is about: papers and loans are refused in the words that jobs are."""
    topic = _topic(subject, text)
    for sentence in text.sentences:
        for clause in sentence.clauses:
            for cue in sorted(clause.kinds - _PERSONS - {"job", "object"}):
                yield Term(f"d:{topic}:{clause.mood}{cue}", _WEIGHT_OF_TOPIC, _shown(clause, (cue,)))


def _topic(subject: Reading, text: Reading) -> str:
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


def _shown(clause: Clause, cues: tuple[str, ...]) -> str:
    """The words of these cues, in their order."""
    at = sorted({at for start, end, cue in clause.cues if cue in cues for at in range(start, end)})
    parts: list[str] = []
    for place, here in enumerate(at):
        joined = place > 0 and here == at[place - 1] + 1
        parts.append(("" if not parts else " " if joined else " … ") + clause.words[here])
    return "".join(parts)


def _of_header(mail: Mail) -> Iterator[Term]:
    for fact in _facts(mail):
        yield Term(f"h:{fact}", _WEIGHT_OF_HEADER, fact)


def _facts(mail: Mail) -> Iterator[str]:
    subject = mail.envelope.subject.lower()
    author = mail.envelope.author
    system = senders.system_of(author.domain) if author else None
    if system is not None:
        yield f"sent by {system.brand}"
    told = (
        ("no system known for hiring", system is None),
        ("an address that no person reads", author is not None and senders.is_machine(author.address)),
        ("HTML", mail.is_html),
        ("List-Unsubscribe", bool(mail.list_unsubscribe)),
        ("List-Id", bool(mail.list_id)),
        ("In-Reply-To", bool(mail.envelope.in_reply_to)),
        ("quotes an earlier mail", bool(mail.quoted)),
        ("attachments", bool(mail.attachments)),
        ("Auto-Submitted", bool(mail.auto_submitted)),
        ("Precedence", bool(mail.precedence)),
        ("a reply by its subject", subject.startswith(_REPLIES)),
        ("forwarded by its subject", subject.startswith(_FORWARDS)),
    )
    yield from (fact for fact, holds in told if holds)
    if mail.template:
        yield f"template {mail.template[:60]}"
