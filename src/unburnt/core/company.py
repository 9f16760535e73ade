"""Which company a rejection comes from: an ordered list of small resolvers whose findings are weighed against each other.

No single place can be trusted: senders put systems' and recruiters' names where the employer's should be. A name that two
places agree on wins; what only an address hints at counts when the text spells it.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from unburnt.core import senders, words
from unburnt.core.clues import Clues, matches
from unburnt.core.names import agree, fold, names_organisation, supports, words_of

_ENOUGH = 2.0  # weight below which a name would be a guess
_BY_ADDRESS = 1.5  # what a hint in an address adds
_BY_PASSING = 0.8  # what a name loses that only the text holds, while an address hints at another
_RANK = 0.05  # what a pattern loses for each one before it
_TELLING = 2.0  # trust of a signature line with a legal form or a team in it
_LONGEST_LABEL = 24
_SHORT = 3  # letters: an abbreviation, and maybe a word of the text by chance
_SPELLED_WORDS = 6
_SPELLED_IN = 20_000
_WORD = re.compile(r"[^\W_][\w'’.+-]*|&")
_NEXT_WORDS = re.compile(r"(?: [^\W\d_a-zß-ÿ][\w'’-]*){1,3}")
_TITLE_CASE = re.compile(r"[^\W\d_a-zß-ÿ][\w'’.&-]*(?: (?:[^\W_a-zß-ÿ][\w'’.&-]*|&|of|and)){1,5}")
_AT = re.compile(r"^\W*(?:from|at|of|von|vom|bei|de|di|da|van|z|ze|från|på|hos|chez|en|em)\s", re.IGNORECASE)
_NAME_GOES_ON = re.compile(r"(?: (?:[^\W_a-zß-ÿ][\w'’.&+-]*|&|of|de|di|du|der|and|und|et|y|e)){0,6}")
_LINK = re.compile(r"(?:https?:|www\.)\S+|\S+@\S+|\S+/\S{12,}")
_PARTS = re.compile(r"\s+[-–—|/·•@]+\s+|\s?[|:]\s|\s//\s|\s<>\s|(?<=\w{4})\.\s")
_TOGETHER = re.compile(r"\s(?:&|and|und|et|y|e|i|och|en|ve)\s")
_COMMA = re.compile(r",\s")
_AGENCY = re.compile(
    r"\b(?:recruitment|recruiters|staffing|(?:executive )?search|headhunt\w+|employment agency|personalberatung|personalvermittlung"
    r"|zeitarbeit|detachering|uitzend\w+|agenzia per il lavoro|bemanning\w*|cabinet de recrutement|seçme ve yerleştirme)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Finding:
    """A name, the place where it was found and how much that place is worth."""

    name: str
    place: str
    trust: float


Resolver = Callable[[Clues, str], Iterator[Finding]]


def company(clues: Clues, writer: str, titles: Mapping[str, float]) -> str | None:
    """The employer's name in its own spelling; None when nothing is certain enough.

    ``writer`` is not it, and neither is one of the ``titles`` (folded) that weighs more as the position applied for.
    """
    found = [
        f for resolve in RESOLVERS for f in resolve(clues, writer) if f.name and not _is_nobodys(f.name, clues, writer)
    ]
    weights = {f.name: _weight(f.name, found, clues.hints) for f in found}
    names = [name for name, weight in weights.items() if weight > titles.get(fold(name), 0.0)]
    best = max(names, key=weights.__getitem__, default="")
    if not best or weights[best] < _ENOUGH:
        return None
    return _fullest(_client(best, weights, found, clues, writer), found, clues)


def _weight(name: str, found: list[Finding], hints: tuple[str, ...]) -> float:
    """The best trust of each place that agrees with the name, and a little for an address that hints at it."""
    places: dict[str, float] = {}
    for finding in found:
        if agree(name, finding.name):
            trust = finding.trust if fold(name) == fold(finding.name) else finding.trust * 0.9
            places[finding.place] = max(places.get(finding.place, 0.0), trust)
    if any(supports(hint, name) for hint in hints):
        return sum(places.values()) + _BY_ADDRESS
    return sum(places.values()) - (_BY_PASSING if hints and places.keys() == {"body"} else 0.0)


def _fullest(name: str, found: list[Finding], clues: Clues) -> str:
    """The longer form of the name, "Fjordlyst Media", where a mail writes it in full: not a phrase of the text."""
    full = (
        f.name
        for f in found
        if f.name.casefold().startswith(name.casefold())
        and agree(name, f.name)
        and _NAME_GOES_ON.fullmatch(f.name[len(name) :])
        and (_is_full(f) or names_organisation(f.name[len(name) :]) or _times(f.name, clues) > 1)
    )
    return max((name, *full), key=lambda candidate: len(candidate.split()))


def _is_full(finding: Finding) -> bool:
    """Whether names stand there in full: before "GmbH" or "Careers"."""
    return finding.place == "display" or (finding.place == "signature" and finding.trust > _TELLING)


def _times(name: str, clues: Clues) -> int:
    return f"{clues.subject}\n{clues.paragraphs}".count(name)


def _client(best: str, weights: Mapping[str, float], found: list[Finding], clues: Clues, writer: str) -> str:
    """The employer behind an agency's consultant, when subject and text both name it; else ``best``."""
    if not writer or not _AGENCY.search(" ".join((clues.display, *clues.signature.lines))):
        return best
    text = {f.name for f in found if f.place == "body"}
    subject = {f.name for f in found if f.place == "subject"}
    clients = [name for name in text & subject if not agree(name, best) and weights.get(name, 0.0) >= _ENOUGH]
    return max(clients, key=weights.__getitem__, default=best)


def _is_nobodys(name: str, clues: Clues, writer: str) -> bool:
    """Whether the name is the writer's or the applicant's, or only says what somebody works as."""
    if words.title().work.fullmatch(name):
        return True
    return fold(name) in clues.applicant or (
        bool(writer) and fold(name) in {fold(writer), fold(writer.split(maxsplit=1)[0])}
    )


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
    shown = (_AT.sub("", clues.display.replace(writer, " ")) if writer else clues.display).split()
    if len(shown) > 1 and shown[-1].islower() and fold(shown[-1]) in clues.hints:
        shown.pop()  # a tenant's short name after the long one
    yield Finding(clues.vocabulary.company(" ".join(shown)), "display", trust)


def _from_address(clues: Clues, _writer: str) -> Iterator[Finding]:
    """What an address hints at, in the spelling of the text."""
    for hint in clues.hints:
        spelled = [s for text in (clues.paragraphs, clues.subject, clues.display) if (s := _spelled(hint, text))]
        best = min(spelled, key=str.isupper, default="")
        yield Finding(clues.vocabulary.company(best), "address", 3.0 if len(hint) > _SHORT else 2.0)


def _from_signature(clues: Clues, _writer: str) -> Iterator[Finding]:
    """Lines under the closing phrase: "The Acme Team", "Head of Data, Acme", "Acme Ltd, 1 High Street"."""
    before = ""
    for line in clues.signature.lines:
        first = _TOGETHER.split(before)[0]  # of "Ana & Leroy"
        below_name = bool(clues.vocabulary.person(first)) and not words.title().work.search(line)
        strong = _PARTS.split(line)
        for part in dict.fromkeys((line, *strong, *(p for whole in strong for p in _COMMA.split(whole)))):
            telling = clues.vocabulary.has_team_word(part) or clues.vocabulary.has_legal_form(part)
            trust = 2.5 if telling else _TELLING if below_name and part == line else 1.0
            yield Finding(clues.vocabulary.company(part), "signature", trust)
        before = line


def _from_subject_parts(clues: Clues, _writer: str) -> Iterator[Finding]:
    """A part of the subject, "Pebblegate - Product Analyst", is worth something if another place confirms it.

    By itself it counts only from systems that put the employer there, and where it is written as a name.
    """
    there = clues.system is not None and clues.system.employer[0] == "subject"
    parts = _PARTS.split(clues.subject)
    for part in (p for whole in parts for p in _COMMA.split(whole)):
        alone = there and len(parts) > 1 and _TITLE_CASE.fullmatch(part) and not words.title().work.search(part)
        yield Finding(clues.vocabulary.company(part), "subject", _ENOUGH if alone else 1.0)


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


def _spelled(hint: str, text: str) -> str:
    """The words of the text that make up the hint, "Halden & Rowe" for haldenrowe; one in capitals only if there is no other."""
    text = _LINK.sub(" ", text[:_SPELLED_IN])
    words = [(match.start(), match.end(), fold(match[0])) for match in _WORD.finditer(text)]
    shouted = ""
    for first, (start, _, opening) in enumerate(words):
        if not opening or not hint.startswith(opening) or text[start].islower():
            continue
        for end in _ends(hint, words[first : first + _SPELLED_WORDS]):
            spelled = text[start:end] + _organisation_after(text[end : end + 60])
            if not spelled.isupper() or len(spelled) < 5:
                return spelled
            shouted = shouted or spelled
    return shouted


def _ends(hint: str, words: list[tuple[int, int, str]]) -> Iterator[int]:
    """Where a run of words that makes up the hint ends; "&", "and" and the like may be missing in the address."""
    solid = sparse = ""
    for _, end, word in words:
        solid += word
        sparse += "" if word in {"and", "und", "et", "y", "og", "och"} else word
        if hint in {solid, sparse}:
            yield end


def _organisation_after(text: str) -> str:
    """ " Asset Management", where the name goes on with what kind of organisation it is."""
    following = _NEXT_WORDS.match(text)
    words = following[0].split() if following else []
    last = max((i + 1 for i, word in enumerate(words) if names_organisation(word)), default=0)
    return "".join(f" {word}" for word in words[:last])
