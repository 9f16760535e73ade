"""Where senders leave the employer's name: each resolver finds what one place of the mail holds, and trusts it so far."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice, pairwise

from unburnt.core import senders, words
from unburnt.core.clues import Clues, matches
from unburnt.core.names import agree, carries, fold, names_organisation, spelled, supports, words_of

ENOUGH = 2.0  # weight below which a name would be a guess
TELLING = 2.0  # trust of a signature line below the writer's name
_RANK = 0.05  # what a pattern loses for each one before it
_WITH_FORM = 2.5  # of a signature line with a legal form or a team in it
_STANDING = 2.3  # of one under the writer's name that is an organisation's: more than what a domain alone is worth
_DEPARTMENT = 1.0  # of what stands behind a title on its line, and of any other
_SHOWN = 3.6  # of what both address and display name spell: a little more than a display name
_STATED = 9.0  # of what a list names as the employer: more than a portal whose name is everywhere
_LISTED = 3
_LONGEST_LABEL = 24
_SHORT = 3  # letters: an abbreviation, and maybe a word of the text by chance
_TITLE_CASE = re.compile(r"[^\W\d_a-zß-ÿ][\w'’.&-]*(?: (?:[^\W_a-zß-ÿ][\w'’.&-]*|&|of|and)){1,5}")
_TENANT = re.compile(r"(?=.*[aeiouy].*[aeiouy])[a-z]{6,20}")  # no abbreviation
_NAME = re.compile(r"[^\W\d_a-zß-ÿ][\w'’.&-]*")
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


def stated_in(clues: Clues) -> Iterator[Finding]:
    """What the patterns of the languages find."""
    return (finding for resolve in (_from_body, _from_subject) for finding in resolve(clues, ""))


def is_hinted(name: str, clues: Clues) -> bool:
    """Whether an address points to the name."""
    return any(supports(hint, name) or carries(hint, name) for hint in clues.hints)


def _from_body(clues: Clues, _writer: str) -> Iterator[Finding]:
    for pack in clues.packs:
        for rank, name in matches(pack.body, "company", clues.paragraphs):
            yield Finding(_less_team(name, clues), "body", 2.5 - _RANK * rank)


def _less_team(name: str, clues: Clues) -> str:
    """The company in a name that a pattern took out of "Acme University Recruiting"."""
    team = f"{name} Recruiting"
    return clues.vocabulary.company(team if team in clues.paragraphs else name)


def _from_list(clues: Clues, _writer: str) -> Iterator[Finding]:
    """ "Employer: Acme" in a list of what the mail is about."""
    for match in islice(words.company().labelled.finditer(clues.paragraphs), _LISTED):
        yield Finding(clues.vocabulary.company(match["company"]), "list", _STATED)


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
    shown = (display if is_hinted(display, clues) else _AT.sub("", display)).split()
    if len(shown) > 1 and shown[-1].islower() and fold(shown[-1]) in clues.hints:
        shown.pop()  # a tenant's short name after the long one
    name = clues.vocabulary.company(" ".join(shown))
    yield Finding(name, "display", _DEPARTMENT if _is_department(name, clues) else trust)


def _is_department(name: str, clues: Clues) -> bool:
    """Whether a part of an organisation is shown, "Fellowships Office", or a "Chef", that the domain doesn't bear."""
    if clues.system or not clues.hints or (is_hinted(name, clues) and not is_kind(name)):
        return False
    department = words.company().department
    if department.search(name) or (department.search(clues.display) and not names_organisation(name)):
        return True
    return is_title(name) or is_kind(name)


def is_kind(name: str) -> bool:
    """Whether the name only says what kind of organisation it is: "Trust", "Kitchen Services"."""
    return all(map(names_organisation, name.split()))


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
        if registered := words.company().registered.match(line.text):
            yield Finding(clues.vocabulary.company(registered["company"]), "signature", _WITH_FORM)
        for part in dict.fromkeys((whole, *strong, *(p for each in strong for p in _COMMA.split(each)))):
            if "," not in part and not is_title(part):
                name = clues.vocabulary.company(part)
                yield Finding(name, "signature", _trust(part, name, line, clues))


def _trust(part: str, name: str, line: _Line, clues: Clues) -> float:
    """What a part of a signature line is worth."""
    whole, hinted = part == line.text, is_hinted(name, clues)
    if clues.vocabulary.has_legal_form(part):
        return _WITH_FORM
    if clues.vocabulary.has_team_word(part):
        return _WITH_FORM if hinted or _could_have_team(name, clues) else _DEPARTMENT
    if not hinted and (sum(map(str.isdigit, name)) > 2 or (not whole and is_title(_COMMA.split(line.text)[0]))):
        return _DEPARTMENT
    if (line.signed or clues.signature.closed) and (names_organisation(part) or (line.signed and hinted)):
        return _STANDING
    if line.below_title and whole and " " in name and not any(map(str.isdigit, name)):
        return _STANDING
    return TELLING if line.below_name and whole and not _is_phrase(name) else _DEPARTMENT


def _could_have_team(name: str, clues: Clues) -> bool:
    """Whether a team of that name would be a company's: "Hub", "Shared Services" or "voorzitter" is told nowhere else."""
    if _is_phrase(name) or name[:1].islower() or words.company().department.search(name):
        return False
    if " " in name and not is_kind(name):
        return True
    return f"{clues.subject}\n{clues.display}\n{clues.paragraphs}".count(name) > 1


def _is_phrase(name: str) -> bool:
    """Whether most of its words are in small letters: "Sent from my iPhone"."""
    told = [word[0].islower() for word in name.split() if len(word) > _SHORT]
    return 2 * sum(told) > len(told)


def _from_subject_parts(clues: Clues, _writer: str) -> Iterator[Finding]:
    """A part of the subject, "Pebblegate - Product Analyst", is worth something if another place confirms it.

    By itself it counts only from systems that put the employer there, and where it is written as a name.
    """
    there = clues.system is not None and clues.system.employer[0] == "subject"
    parts = _PARTS.split(clues.subject)
    for part in parts_of(clues.subject):
        titled = any(is_title(other) for other in parts if other != part)
        named = _TITLE_CASE.fullmatch(part) or (titled and _NAME.fullmatch(part))
        alone = there and len(parts) > 1 and named and not words.title().work.search(part)
        yield Finding(clues.vocabulary.company(part), "subject", ENOUGH if alone else 1.0)


def _from_domain(clues: Clues, _writer: str) -> Iterator[Finding]:
    """The author's own domain, or a system's tenant, when nothing better is to be had."""
    tenant = clues.hints[0] if clues.system and clues.hints else ""
    name = words_of(tenant) if _TENANT.fullmatch(tenant) else by_domain(clues)
    yield Finding(clues.vocabulary.company(name), "domain", 0.6)


def by_domain(clues: Clues) -> str:
    """The author's own domain, written as a name; "" of a mail provider's or a system's."""
    label = senders.label(clues.author.domain) if clues.author and not clues.system else ""
    if not clues.author or senders.is_freemail(clues.author.domain) or len(label) > _LONGEST_LABEL:
        return ""
    return clues.vocabulary.company(words_of(label))


# In the order in which they win a tie.
RESOLVERS: tuple[Resolver, ...] = (
    _from_body,
    _from_list,
    _from_subject,
    _from_display,
    _from_address,
    _from_signature,
    _from_subject_parts,
    _from_domain,
)
