"""Which company a rejection comes from: what small resolvers find in the mail is weighed against each other.

No single place can be trusted: senders put systems' and recruiters' names where the employer's should be. A name that two
places agree on wins; what only an address hints at counts when the text spells it. An agency is told from its client.
"""

import re
from collections.abc import Iterator, Mapping

from unburnt.core import words
from unburnt.core.clues import Clues
from unburnt.core.findings import ENOUGH, RESOLVERS, TELLING, Finding, is_title, parts_of
from unburnt.core.names import agree, fold, names_organisation, plain, spelled, supports

_BY_ADDRESS = 1.5  # what a hint in an address adds
_BY_PASSING = 0.8  # what a name loses that only the text holds, while an address hints at another
_BY_ITSELF = 1.6  # weight of a title that is more than a part of a subject
_IN_BOTH = 1.5  # what a title gains when subject and text have it
_LONGEST = 60  # characters of an agency's name
_SHORT = 3  # letters of an acronym
_SEARCHED = 8000  # characters of the text
_NAME_GOES_ON = re.compile(r"(?: (?:[^\W\d_a-zß-ÿ][\w'’.&+-]*|&|of|de|di|du|der|and|und|et|y|e)){0,6}")


def company(clues: Clues, writer: str, titles: Mapping[str, float]) -> str | None:
    """The employer's name in its own spelling; None when nothing is certain enough.

    ``writer`` is not it, nor an agency that writes for a client, nor one of the ``titles`` (folded) that weighs more as
    the position applied for.
    """
    found = [
        f for resolve in RESOLVERS for f in resolve(clues, writer) if f.name and not _is_nobodys(f.name, clues, writer)
    ]
    weights = {f.name: _weight(f.name, found, clues.hints) for f in found}
    weights = {name: weight for name, weight in weights.items() if weight > _as_title(name, titles)}
    house = _agency(clues, writer)
    if house:
        stated = [title for title, weight in titles.items() if weight > _BY_ITSELF]
        named = [
            f for f in found if f.name in weights and not any(fold(f.name) in title != fold(f.name) for title in stated)
        ]
        client = _client(weights, named, house, clues)
        if client or _speaks_of_client(clues):
            return client
    best = max(weights, key=weights.__getitem__, default="")
    return _spelt(_fullest(best, found, clues), clues) if best and weights[best] >= ENOUGH else None


def agency(clues: Clues, writer: str, company_name: str | None) -> str | None:
    """The recruiting agency that wrote for the employer, named or not; None when the employer wrote itself."""
    house = _agency(clues, writer)
    if not house or (company_name and _is_of(company_name, house, clues)):
        return None
    return house if company_name or _speaks_of_client(clues) else None


def _as_title(name: str, titles: Mapping[str, float]) -> float:
    """What speaks for the name being the position's; that subject and text have it does as well for a company."""
    both = 0.0 if words.title().work.search(name) else _IN_BOTH
    return titles.get(fold(name), 0.0) - both


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
    """The longer form of the name, "Fjordlyst Media", "Gemeente Oudemeer", where a mail writes it in full: no phrase."""
    full = (f.name for f in found if _goes_on(name, f, clues) or _leads_up(name, f))
    return max((name, *full), key=lambda candidate: len(candidate.split()))


def _goes_on(name: str, finding: Finding, clues: Clues) -> bool:
    full, rest = finding.name, finding.name[len(name) :]
    return (
        full.casefold().startswith(name.casefold())
        and agree(name, full)
        and _NAME_GOES_ON.fullmatch(rest) is not None
        and not clues.vocabulary.has_team_word(rest)
        and not any(words.company().legal_form.fullmatch(f" {word}") for word in rest.split())
        and (_is_full(finding) or names_organisation(rest) or _times(full, clues) > 1)
    )


def _leads_up(name: str, finding: Finding) -> bool:
    """Whether what stands before the name belongs to it: a kind of organisation, in a place where names stand in full."""
    before = finding.name[: -len(name)] if finding.name.casefold().endswith(f" {name.casefold()}") else ""
    return bool(before) and names_organisation(before.split()[0]) and _is_full(finding)


def _is_full(finding: Finding) -> bool:
    """Whether names stand there in full: before "GmbH" or "Careers"."""
    return finding.place == "display" or (finding.place == "signature" and finding.trust > TELLING)


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
    own = [
        part for part in parts if any(supports(h, part) or supports(h, told.kind.sub("", part)) for h in clues.hints)
    ]
    passed_on = clues.system is not None or _speaks_of_client(clues)
    named = [part for part in (parts if passed_on else own) if told.kind.search(part) and not _is_only_kind(part)]
    consults = any(told.consultant.search(part) for part in parts)
    if not _speaks_of_client(clues) and not ((named or consults) and _is_a_persons(clues, writer)):
        return ""
    best = max(named or own, key=len, default="")
    return " ".join(words.company().legal_form.sub("", best).split())


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
    return words.agency().client.search(clues.paragraphs[:_SEARCHED]) is not None


def _client(weights: Mapping[str, float], found: list[Finding], house: str, clues: Clues) -> str | None:
    """The employer behind an agency; None when the text names none, or the agency itself as what was applied to."""
    named = [f for f in found if f.place in {"body", "subject"} and f.trust > 1]
    written = "\n".join(line for line in clues.paragraphs.split("\n") if line not in clues.signature.lines)
    own = (f.name for f in named if _is_of(f.name, house, clues))
    if any(name in written for name in own) and not _speaks_of_client(clues):
        return None
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
    return agree(name, house) or folded in fold(house) or any(supports(h, name) or folded in h for h in clues.hints)


def _is_nobodys(name: str, clues: Clues, writer: str) -> bool:
    """Whether the name is the writer's or the applicant's, or only says what somebody works as."""
    writer = "" if clues.system and clues.system.tenant and fold(writer) in clues.hints else writer  # target@, Target
    if words.title().work.fullmatch(name):
        return True
    return fold(name) in clues.applicant or (
        bool(writer) and fold(name) in {fold(writer), fold(writer.split(maxsplit=1)[0])}
    )
