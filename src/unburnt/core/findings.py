"""Where senders leave the employer's name: each resolver finds what one place of the mail holds, and trusts it so far."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from unburnt.core import senders, words
from unburnt.core.clues import Clues, matches
from unburnt.core.names import agree, fold, names_organisation, spelled, supports, words_of

ENOUGH = 2.0  # weight below which a name would be a guess
TELLING = 2.0  # trust of a signature line below the writer's name
_RANK = 0.05  # what a pattern loses for each one before it
_WITH_FORM = 2.5  # of a signature line with a legal form or a team in it
_STANDING = 2.3  # of one under the writer's name that is an organisation's: more than what a domain alone is worth
_DEPARTMENT = 1.0  # of what stands behind a title on its line, and of any other
_SHOWN = 3.6  # of what both address and display name spell: a little more than a display name
_LONGEST_LABEL = 24
_SHORT = 3  # letters: an abbreviation, and maybe a word of the text by chance
_TITLE_CASE = re.compile(r"[^\W\d_a-zß-ÿ][\w'’.&-]*(?: (?:[^\W_a-zß-ÿ][\w'’.&-]*|&|of|and)){1,5}")
_AT = re.compile(r"^\W*(?:from|at|of|von|vom|bei|de|di|da|van|z|ze|från|på|hos|chez|en|em)\s", re.IGNORECASE)
_FOR = re.compile(r"^(?:for|für|pour|per|para|voor|dla|för)\s+(?:the\s+)?", re.IGNORECASE)
_PARTS = re.compile(r"\s+[-–—|/·•@]+\s+|\s?[|:]\s|\s//\s|\s<>\s|(?<=\w{4})\.\s")
_TOGETHER = re.compile(r"\s(?:&|and|und|et|y|e|i|och|en|ve)\s")
_COMMA = re.compile(r",\s")


@dataclass(frozen=True, slots=True)
class Finding:
    """A name, the place where it was found and how much that place is worth."""

    name: str
    place: str
    trust: float


Resolver = Callable[[Clues, str], Iterator[Finding]]


def parts_of(line: str) -> Iterator[str]:
    """What dashes, bars and commas separate."""
    return (part for whole in _PARTS.split(line) for part in _COMMA.split(whole))


def is_title(part: str) -> bool:
    """Whether it says what somebody works as, though a kind of organisation is in it: College Librarian."""
    work, last = words.title().work, part.split()[-1:]
    return bool(last and work.fullmatch(last[0])) or (work.search(part) is not None and not names_organisation(last[0]))


def _from_body(clues: Clues, _writer: str) -> Iterator[Finding]:
    for pack in clues.packs:
        for rank, name in matches(pack.body, "company", clues.paragraphs):
            yield Finding(clues.vocabulary.company(name), "body", 2.5 - _RANK * rank)


def _from_subject(clues: Clues, _writer: str) -> Iterator[Finding]:
    for pack in clues.packs:
        for rank, name in matches(pack.subject, "company", clues.subject):
            yield Finding(clues.vocabulary.company(name), "subject", 2.5 - _RANK * rank)


def _from_display(clues: Clues, writer: str) -> Iterator[Finding]:
    """The display name less the person in it, worth most where the sender's system puts the employer there."""
    employer = clues.system.employer if clues.system else ("display",)
    trust = 1.5 if "display" not in employer else 3.5 if employer[0] == "display" else 2.5
    display = clues.display.replace(writer, " ") if writer else clues.display
    first, *more = _PARTS.split(display)
    display = " - ".join(more) if _signs(first, clues) else display
    shown = _AT.sub("", display).split()
    if len(shown) > 1 and shown[-1].islower() and fold(shown[-1]) in clues.hints:
        shown.pop()  # a tenant's short name after the long one
    yield Finding(clues.vocabulary.company(" ".join(shown)), "display", trust)


def _signs(name: str, clues: Clues) -> bool:
    """Whether a name of a person's shape stands over a title in the signature: then it is a person's."""
    lines = clues.signature.lines
    titled = (line for line, below in pairwise(lines) if words.title().work.search(below))
    return bool(clues.vocabulary.person(name)) and " " in name.strip() and fold(name) in map(fold, titled)


def _from_address(clues: Clues, _writer: str) -> Iterator[Finding]:
    """What an address hints at, in the spelling of the text."""
    for hint in clues.hints:
        trust = 3.0 if len(hint) > _SHORT else 2.0
        written = [s for text in (clues.paragraphs, clues.subject) if (s := spelled(hint, text))]
        best = min(written, key=str.isupper, default="")
        shown = spelled(hint, clues.display)
        yield Finding(clues.vocabulary.company(best), "address", trust)
        yield Finding(clues.vocabulary.company(shown), "display", _SHOWN)


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of the signature, and what stands above it."""

    text: str
    signed: bool  # the writer's name, somewhere
    below_name: bool
    below_title: bool  # what the writer is, or the team


def _signature_lines(clues: Clues, writer: str) -> Iterator[_Line]:
    work, before, signed = words.title().work, "", False
    for text in clues.signature.lines:
        above = clues.vocabulary.person(_TOGETHER.split(before)[0])  # the first of "Ana & Leroy"
        below_name = bool(above) and not work.search(text)
        signed = signed or (bool(writer) and agree(above, writer)) or (clues.signature.closed and below_name)
        of_team = fold(before) in clues.vocabulary.team_only and not clues.vocabulary.person(text)
        yield _Line(text, signed, below_name, of_team or (signed and work.search(before) is not None))
        before = text


def _from_signature(clues: Clues, writer: str) -> Iterator[Finding]:
    """Lines under the closing phrase: "The Acme Team", "Head of Data, Acme", "Acme Ltd, 1 High Street"."""
    for line in _signature_lines(clues, writer):
        strong = _PARTS.split(_FOR.sub("", line.text))
        whole = strong[0] if len(strong) == 1 else line.text
        for part in dict.fromkeys((whole, *strong, *(p for each in strong for p in _COMMA.split(each)))):
            if "," not in part and not is_title(part):
                name = clues.vocabulary.company(part)
                yield Finding(name, "signature", _trust(part, name, line, clues))


def _trust(part: str, name: str, line: _Line, clues: Clues) -> float:
    """What a part of a signature line is worth."""
    whole, hinted = part == line.text, any(supports(hint, name) for hint in clues.hints)
    if clues.vocabulary.has_team_word(part) or clues.vocabulary.has_legal_form(part):
        return _WITH_FORM
    if not hinted and (sum(map(str.isdigit, name)) > 2 or (not whole and is_title(_COMMA.split(line.text)[0]))):
        return _DEPARTMENT
    if (line.signed or clues.signature.closed) and (names_organisation(part) or (line.signed and hinted)):
        return _STANDING
    if line.below_title and whole and " " in name and not any(map(str.isdigit, name)):
        return _STANDING
    return TELLING if line.below_name and whole else _DEPARTMENT


def _from_subject_parts(clues: Clues, _writer: str) -> Iterator[Finding]:
    """A part of the subject, "Pebblegate - Product Analyst", is worth something if another place confirms it.

    By itself it counts only from systems that put the employer there, and where it is written as a name.
    """
    there = clues.system is not None and clues.system.employer[0] == "subject"
    parts = _PARTS.split(clues.subject)
    for part in parts_of(clues.subject):
        alone = there and len(parts) > 1 and _TITLE_CASE.fullmatch(part) and not words.title().work.search(part)
        yield Finding(clues.vocabulary.company(part), "subject", ENOUGH if alone else 1.0)


def _from_domain(clues: Clues, _writer: str) -> Iterator[Finding]:
    """The author's own domain, written as a name, when nothing better is to be had."""
    label = senders.label(clues.author.domain) if clues.author else ""
    if (
        clues.author
        and not clues.system
        and not senders.is_freemail(clues.author.domain)
        and len(label) <= _LONGEST_LABEL
    ):
        yield Finding(clues.vocabulary.company(words_of(label)), "domain", 0.6)


# In the order in which they win a tie.
RESOLVERS: tuple[Resolver, ...] = (
    _from_body,
    _from_subject,
    _from_display,
    _from_address,
    _from_signature,
    _from_subject_parts,
    _from_domain,
)
