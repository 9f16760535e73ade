"""Mail → terms, each with a weight, and with the words a person would recognise it by.

Six kinds: words in a row; their glosses in a row; cues that stand together in a clause or sentence; cues of one clause
followed by those of the next; cues in a mail about a job, or about something else; facts of the header. Every term counts once, and a
little less where there are many, so that neither length nor repetition tells anything: others that were all short
once made every long mail look like a rejection.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain

from unburnt.core import senders
from unburnt.core.model import Mail
from unburnt.core.sentences import Clause, Reading, read
from unburnt.core.spoken import Spoken, spoken
from unburnt.core.terms import (
    PERSONS,
    PLOT,
    SentenceTerms,
    Term,
    counted,
    names,
    shown,
    topic,
    turns,
)

_OF_SUBJECT = "S:"
_WEIGHT_OF_TOPIC = 0.7
_WEIGHT_OF_HEADER = 1.5

_USUAL_TERMS, _FEWEST_TERMS = 1000, 100
_DAMPING = 0.25
_REPLIES = ("re:", "aw:", "sv:", "antw:", "odp:", "ynt:", "rif:", "res:")
_FORWARDS = ("fwd:", "fw:", "wg:", "tr:", "rv:", "i:", "enc:", "pd:", "vb:", "vs:", "ilt:", "doorst:")


@dataclass(frozen=True, slots=True)
class Document:
    """A mail as the estimators see it; ``language`` is None where none of ours is spoken."""

    language: str | None
    terms: tuple[Term, ...]
    sentences: tuple[Spoken, ...]


def document(mail: Mail) -> Document:
    """The terms of a mail, each once, and those of its sentences."""
    subject, text = read(mail.envelope.subject, mail.text)
    named, about = names(mail), topic(subject, text)
    told = tuple(counted(sentence, text.language, named, "") for sentence in text.sentences)
    titled = (counted(sentence, subject.language, named, _OF_SUBJECT) for sentence in subject.sentences)
    terms: dict[str, Term] = {}
    for term in chain(_of_text(told, ""), _of_text(titled, _OF_SUBJECT), _of_topic(text, about), _of_header(mail)):
        terms.setdefault(term.key, term)
    damped = (_USUAL_TERMS / max(_FEWEST_TERMS, len(terms))) ** _DAMPING
    weighed = tuple(Term(term.key, term.weight * damped, term.shown) for term in terms.values())
    return Document(text.language, weighed, tuple(spoken(subject, told, named, about)))


def _of_text(sentences: Iterable[SentenceTerms], mark: str) -> Iterator[Term]:
    before: Clause | None = None
    for sentence in sentences:
        yield from sentence.cues
        for part in sentence.clauses:
            yield from chain(part.words, part.glosses, part.cues)
            if part.clause.kinds & PLOT:
                if before is not None:
                    yield from turns(before, part.clause, mark)
                before = part.clause


def _of_topic(text: Reading, about: str) -> Iterator[Term]:
    """What is told, marked by what the mail is about: papers and loans are refused in the words that jobs are."""
    for sentence in text.sentences:
        for clause in sentence.clauses:
            for cue in sorted(clause.kinds - PERSONS - {"job", "object"}):
                yield Term(f"d:{about}:{clause.mood}{cue}", _WEIGHT_OF_TOPIC, shown(clause, (cue,)))


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
