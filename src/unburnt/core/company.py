"""Which company a rejection comes from: what small resolvers find in the mail is weighed against each other.

No single place can be trusted: senders put systems' and recruiters' names where the employer's should be. A name that two
places agree on wins; what only an address hints at counts when the text spells it. An agency is told from its client.
"""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache

from unburnt.core import senders, words
from unburnt.core.clues import Clues
from unburnt.core.findings import (
    ENOUGH,
    RESOLVERS,
    TELLING,
    Finding,
    by_domain,
    is_hinted,
    is_kind,
    is_title,
    parts_of,
    stated_in,
)
from unburnt.core.names import agree, fold, names_organisation, plain, spelled

_LONGEST_WITH_FULL_STOP = 4  # words: "Acme Inc."
_BY_ADDRESS = 1.5  # what a hint in an address adds
_BY_PASSING = 0.8  # what a name loses that only the text holds, while an address hints at another
_OFTEN = 2  # times that a text names its employer rather than somebody else
_BY_ITSELF = 1.6  # weight of a title that is more than a part of a subject
_IN_BOTH = 1.5  # what a title gains when subject and text have it
_LONGEST = 60  # characters of an agency's name
_SHORT = 3  # letters of an acronym
_STATED = frozenset({"body", "subject"})
_SEARCHED = 8000  # characters of the text
_NAME_GOES_ON = re.compile(
    r"(?: (?:[^\W\d_a-zß-ÿ][\w'’.&+-]*|&|&\s[\w'’-]+|of|de|di|du|der|and|und|et|y|e|och|[aoe]n?)){0,6}"
)


def company(clues: Clues, writer: str, titles: Mapping[str, float]) -> str | None:
    """The employer's name in its own spelling; None when nothing is certain enough.

    ``writer`` is not it, nor an agency that writes for a client, nor one of the ``titles`` (folded) that weighs more as
    the position applied for.
    """
    writer = "" if _is_shown_employer(writer, clues) else writer
    found = [f for resolve in RESOLVERS for f in resolve(clues, writer) if f.name and not _is_nobodys(f, clues, writer)]
    weights = {f.name: _weight(f.name, found, clues) for f in found}
    weights = {name: weight for name, weight in weights.items() if weight > _as_title(name, titles)}
    house = _agency(clues, writer)
    if house:
        stated = [title for title, weight in titles.items() if weight > _BY_ITSELF]
        named = [
            f for f in found if f.name in weights and not any(fold(f.name) in title != fold(f.name) for title in stated)
        ]
        client = _client(weights, named, house, clues)
        if client or _speaks_of_client(clues) or (_is_agencys(clues, writer) and not _is_named(house, named, clues)):
            return client
    best = max(weights, key=weights.__getitem__, default="")
    return _spelt(_fullest(best, found, clues), clues) if best and weights[best] >= ENOUGH else None


def _is_shown_employer(writer: str, clues: Clues) -> bool:
    """Whether a name of a person's shape is the employer's: the domain or the tenant bears it, or a pattern of the text.

    A person's name, Alder Rowe, is in the address before the @, or under the text.
    """
    if not writer or not clues.author:
        return False
    local, parts = fold(clues.author.address.partition("@")[0]), [fold(word) for word in writer.split()]
    if clues.system is None:
        return len(parts) > 1 and is_hinted(writer, clues) and not any(part in local for part in parts if len(part) > 2)
    stated = any(fold(f.name) == fold(writer) and f.trust > TELLING for f in stated_in(clues))
    signed = any(
        fold(line).startswith(parts[0]) and not clues.vocabulary.has_team_word(line) for line in clues.signature.lines
    )
    return len(parts) > 1 and (stated or not (parts[0] in local or signed))


def agency(clues: Clues, writer: str, company_name: str | None) -> str | None:
    """The recruiting agency that wrote for the employer, named or not; None when the employer wrote itself."""
    house = _agency(clues, "" if _is_shown_employer(writer, clues) else writer)
    if not house or (company_name and _is_of(company_name, house, clues)):
        return None
    return house if company_name or _speaks_of_client(clues) or _is_agencys(clues, writer) else None


def _as_title(name: str, titles: Mapping[str, float]) -> float:
    """What speaks for the name being the position's; that subject and text have it does as well for a company."""
    both = 0.0 if words.title().work.search(name) else _IN_BOTH
    return titles.get(fold(name), 0.0) - both


def _weight(name: str, found: list[Finding], clues: Clues) -> float:
    """The best trust of each place that agrees with the name, and a little for an address that hints at it."""
    places: dict[str, float] = {}
    for finding in found:
        if agree(name, finding.name):
            trust = finding.trust if fold(name) == fold(finding.name) else finding.trust * 0.9
            places[finding.place] = max(places.get(finding.place, 0.0), trust)
    if is_hinted(name, clues):
        return sum(places.values()) + _BY_ADDRESS
    passing = clues.hints and places.keys() == {"body"} and (" " not in name or _times(name, clues) < _OFTEN)
    return sum(places.values()) - (_BY_PASSING if passing else 0.0)


def _fullest(name: str, found: list[Finding], clues: Clues) -> str:
    """The longer form of the name, "Fjordlyst Media", "Gemeente Oudemeer", where a mail writes it in full: no phrase."""
    full = [f.name for f in found if _goes_on(name, f, clues)]
    led = (_leading_up(form, f) for form in (name, *full) for f in found)
    return max((name, *full, *led), key=lambda candidate: len(candidate.split()))


def _goes_on(name: str, finding: Finding, clues: Clues) -> bool:
    full, rest = finding.name, finding.name[len(name) :]
    return (
        full.casefold().startswith(name.casefold())
        and agree(name, full)
        and (_NAME_GOES_ON.fullmatch(rest) is not None or names_organisation(rest.split()[-1] if rest else ""))
        and not clues.vocabulary.has_team_word(rest)
        and not any(words.company().legal_form.fullmatch(f" {word}") for word in rest.split())
        and ". " not in rest
        and not words.company().unlike.search(rest)
        and not _is_in_address(full, clues)
        and (_is_full(finding) or names_organisation(rest) or _times(full, clues) > 1)
    )


def _is_in_address(name: str, clues: Clues) -> bool:
    """Whether it is a house that something is at: Acme House, 8 High Street."""
    return re.search(rf"{re.escape(name)},? \d", clues.paragraphs) is not None


def _leading_up(name: str, finding: Finding) -> str:
    """The name from a kind of organisation on that stands before it, in a place where names stand in full."""
    if not _is_full(finding) or not finding.name.casefold().endswith(f" {name.casefold()}"):
        return ""
    before = finding.name[: -len(name)].split()
    kind = next((at for at, word in enumerate(before) if names_organisation(word)), len(before))
    return " ".join((*before[kind:], finding.name[-len(name) :])) if kind < len(before) else ""


def _is_full(finding: Finding) -> bool:
    """Whether names stand there in full: before "GmbH" or "Careers", or on a line under the writer's name."""
    return finding.place == "display" or (finding.place == "signature" and finding.trust >= TELLING)


def _times(name: str, clues: Clues) -> int:
    return f"{clues.subject}\n{clues.paragraphs}".count(name)


def _spelt(name: str, clues: Clues) -> str:
    """A name in capitals as the text spells it, "Acme Logistics"; if it doesn't, "LOGISTICS" isn't part of an acronym."""
    if not name.isupper() or len(name) < 5:
        return name
    if (quiet := spelled(fold(name), f"{clues.paragraphs}\n{clues.subject}")) and not quiet.isupper():
        return quiet
    shouted = " " in name and names_organisation(name)
    return " ".join(word.capitalize() if len(word) > _SHORT else word for word in name.split()) if shouted else name


def _agency(clues: Clues, writer: str) -> str:
    """The name of the recruiting agency that wrote; "" when none did, as far as can be told."""
    told, parts = words.agency(), tuple(_organisation_lines(clues, writer))
    own = [part for part in parts if is_hinted(part, clues) or is_hinted(told.kind.sub("", part), clues)]
    passed_on = clues.system is not None or _speaks_of_client(clues)
    named = [part for part in (parts if passed_on else own) if told.kind.search(part) and not _is_only_kind(part)]
    consults = any(told.consultant.search(part) for part in parts)
    trades = _is_agencys(clues, writer)
    if not _speaks_of_client(clues) and not (trades or ((named or consults) and _is_a_persons(clues, writer))):
        return ""
    best = max((part for part in named or own if not _is_sentence(part)), key=len, default="")
    house = " ".join(words.company().legal_form.sub("", best).split())
    return house or (by_domain(clues) if trades or _speaks_of_client(clues) else "")


def _is_sentence(part: str) -> bool:
    """Whether it says something of the house, instead of naming it."""
    return part.endswith(".") and len(part.split()) > _LONGEST_WITH_FULL_STOP


def _is_agencys(clues: Clues, writer: str) -> bool:
    """Whether a person wrote for what its domain or its signature calls an agency."""
    told, label = words.agency(), senders.label(clues.author.domain) if clues.author and not clues.system else ""
    parts = (part for line in (clues.display, *clues.signature.lines) for part in parts_of(plain(line)))
    return _is_a_persons(clues, writer) and (
        told.label.search(label) is not None or any(told.house.search(part.strip(" .,")) for part in parts)
    )


def _is_named(house: str, named: list[Finding], clues: Clues) -> bool:
    """Whether the text speaks of the agency as of what was applied to."""
    written = "\n".join(line for line in clues.paragraphs.split("\n") if line not in clues.signature.lines)
    own = (f.name for f in named if f.place in _STATED and f.trust > 1 and _is_of(f.name, house, clues))
    return any(name in written for name in own)


def _is_only_kind(part: str) -> bool:
    return is_title(part) or words.agency().kind.fullmatch(part) is not None


def _is_a_persons(clues: Clues, writer: str) -> bool:
    return bool(writer) or (clues.signature.closed and bool(clues.vocabulary.person(clues.signature.lines[0])))


def _organisation_lines(clues: Clues, writer: str) -> Iterator[str]:
    """The parts of the display name and of the signature, less the writer: where an agency names itself."""
    shown = clues.display.replace(writer, " ") if writer else clues.display
    for line in (shown, *clues.signature.lines):
        for part in parts_of(plain(line)):
            name = part.strip(" ,-–|·()")
            if 2 < len(name) <= _LONGEST and not name.islower() and not words.company().sentence.search(name):
                yield name


def _speaks_of_client(clues: Clues) -> bool:
    return _names_client(f"{clues.subject}\n{clues.paragraphs[:_SEARCHED]}")


@lru_cache(maxsize=8)
def _names_client(text: str) -> bool:
    """The last few are kept: of one mail it is asked again and again, and costs more than all else here."""
    return words.agency().client.search(text) is not None


def _client(weights: Mapping[str, float], found: list[Finding], house: str, clues: Clues) -> str | None:
    """The employer behind an agency; None when the text names none, or the agency itself as what was applied to."""
    if _is_named(house, found, clues) and not _speaks_of_client(clues):
        return None
    named = [f for f in found if f.place in _STATED and f.trust > 1]
    others = (f for f in named if not _is_of(f.name, house, clues) and _is_no_person(f.name, clues))
    best = max(others, key=lambda f: (weights[f.name], f.trust), default=None)
    return best.name if best else None


def _is_no_person(name: str, clues: Clues) -> bool:
    """Whether it isn't the person whom the consultant heard from: its kind, the subject or a second mention says so."""
    if is_title(name) or words.title().never.match(name):
        return False
    return names_organisation(name) or name in clues.subject or _times(name, clues) > 1


def _is_of(name: str, house: str, clues: Clues) -> bool:
    folded = fold(name)
    return (
        agree(name, house) or folded in fold(house) or is_hinted(name, clues) or any(folded in h for h in clues.hints)
    )


def _is_nobodys(finding: Finding, clues: Clues, writer: str) -> bool:
    """Whether the name is the writer's or the applicant's, or only says what somebody works as, or for: "the Trust"."""
    name = finding.name
    if finding.place != "display" and " " not in name and is_kind(name) and not is_hinted(name, clues):
        return True
    if words.title().work.fullmatch(name):
        return True
    return fold(name) in clues.applicant or (
        bool(writer) and fold(name) in {fold(writer), fold(writer.split(maxsplit=1)[0])}
    )
