"""The sentences of a mail, each with terms of its own: what an estimator looks at that asks of one sentence whether it says no.

Beside its words and cues a sentence is told by those of its neighbours and by what the mail is about: "we went with
someone else" means one thing after "your application" and another after "your quote".
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from unburnt.core.sentences import Mood, Reading, Sentence, read_one
from unburnt.core.terms import SentenceTerms, counted

_MOST = 120  # sentences of a mail
_OF_SUBJECT = "S"
_ANY_MOOD = "~"
_OF_GLOSSES = 1.0
_OF_TOPIC = 0.7
_OF_NEIGHBOURS = 0.5
_LENGTH = 5.6  # of a sentence's vector, whatever its number of terms
_COUNTS = 0.6  # what a sentence's decision counts beside its mail's
_LEAST_DECISION, _MOST_DECISION = -5.0, 2.5


@dataclass(frozen=True, slots=True)
class Spoken:
    """One sentence: its words as written, without punctuation, and its terms with their weights."""

    written: str
    terms: tuple[tuple[str, float], ...]
    is_subject: bool = False


def spoken(subject: Reading, text: Sequence[SentenceTerms], named: frozenset[str], about: str) -> Iterator[Spoken]:
    """The subject's first sentence, marked as such, then those of the text."""
    body = text[:_MOST]
    for sentence in subject.sentences[:1]:
        first = body[0].sentence if body else None
        yield _spoken(counted(sentence, subject.language, named, _OF_SUBJECT), about, (None, first), _OF_SUBJECT)
    around = [None, *(each.sentence for each in body), None]
    for told, before, after in zip(body, around, around[2:], strict=False):
        yield _spoken(told, about, (before, after), "")


def weighed(decision: float) -> float:
    """What the decision on its most decisive sentence adds to that on a mail: bounded, since a mail may quote or report."""
    return _COUNTS * min(_MOST_DECISION, max(_LEAST_DECISION, decision))


def alone(language: str, text: str) -> Spoken:
    """A sentence without a mail around it."""
    return _spoken(counted(read_one(language, text), language, frozenset(), ""), "", (None, None), "")


def _spoken(told: SentenceTerms, about: str, neighbours: tuple[Sentence | None, Sentence | None], mark: str) -> Spoken:
    sentence = told.sentence
    terms: dict[str, float] = {}
    for part in told.clauses:
        for term in part.words:
            terms[term.key] = max(terms.get(term.key, 0.0), term.weight)
        stated = f"{mark}g:{part.clause.mood}"
        for term in part.glosses:
            terms[term.key] = terms[f"{mark}g:{_ANY_MOOD}{term.key.removeprefix(stated)}"] = _OF_GLOSSES
        terms |= {term.key: term.weight for term in part.cues}
    terms |= {term.key: term.weight for term in told.cues}
    if about:
        terms |= {f"{about}:{cue}": _OF_TOPIC for cue in sentence.kinds} | {f"about:{about}": 1.0}
    for side, neighbour in zip(("before", "after"), neighbours, strict=True):
        terms |= {f"{side}:{cue}": _OF_NEIGHBOURS for cue in (neighbour.kinds if neighbour else ())}
    if mark:
        terms["subject"] = 1.0
    if any(clause.mood is Mood.QUOTED for clause in sentence.clauses):
        terms["quoted"] = 1.0
    scale = _LENGTH / (1 + len(terms)) ** 0.5
    written = " ".join(word for clause in sentence.clauses for word in clause.written)
    return Spoken(written, tuple((key, weight * scale) for key, weight in sorted(terms.items())), bool(mark))
