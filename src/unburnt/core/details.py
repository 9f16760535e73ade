"""What a signature tells of the person above it: title, telephone number, profile on LinkedIn."""

import re
from collections.abc import Iterator

from unburnt.core import words
from unburnt.core.clues import Clues
from unburnt.core.model import Person
from unburnt.core.names import agree, fold, names_organisation, supports
from unburnt.core.people import same_name
from unburnt.core.signature import is_contact_line

_PROFILE = re.compile(r"(?:https?://)?(?:[a-z]{2,3}\.)?linkedin\.com/in/[\w%.~-]{2,100}/?", re.IGNORECASE)
_PHONE = re.compile(r"(?<![\w/.@-])(?:\+|00)?\(?\d[\d ()./-]{5,20}\d(?![\w@])")
_FEWEST_DIGITS, _MOST_DIGITS = 6, 15  # ITU-T E.164
_PARTS = re.compile(r"\s*[|·•]\s*|\s+[–—-]\s+")
_AT = re.compile(r"\s+(?:@|at|of|bei|bij|chez|presso|en|na|no|da|de|van|hos|på|w|z)\s+(?=\S)", re.IGNORECASE)
_NO_TITLE = re.compile(r"\d|[.!?:;]$|^\W|[(\[]")
_SHORTEST, _LONGEST = 3, 80
_MOST_WORDS = 7
_TELLING = 4  # letters of a first word that an address begins with
_BELOW = 3  # lines under the name in which the title may stand


def details(clues: Clues, name: str, address: str, company: str | None) -> Person:
    """The person with what the signature says of them."""
    lines = clues.signature.lines
    profile = _PROFILE.search("\n".join(lines)) or _PROFILE.search(clues.paragraphs)
    return Person(
        name,
        address,
        title=_title(lines, name, company, clues),
        phone=_phone(lines),
        linkedin=_with_scheme(profile[0]) if profile else "",
    )


def _title(lines: tuple[str, ...], name: str, company: str | None, clues: Clues) -> str:
    """What somebody works as, beside the name or under it; else the line there, if it looks like a title."""
    at = next((i for i in range(len(lines) - 1, -1, -1) if _is_name_line(lines[i], name)), None)
    if at is None:
        return ""
    beside = re.split(r",\s+|" + _PARTS.pattern, lines[at], maxsplit=1)[1:]
    places = [_without_employer(line, company, clues) for line in (*beside, *lines[at + 1 : at + 1 + _BELOW])]
    parts = [part for place in places for part in place if _may_be_title(part, company)]
    nearest = next((place for place in places if place), ())
    near = (part for part in nearest if _may_be_title(part, company) and _looks_like_title(part, clues))
    works = (part for part in parts if words.title().work.search(part))
    return next(near, "") or next(works, "")


def _looks_like_title(part: str, clues: Clues) -> bool:
    if words.title().work.search(part):
        return True
    return not (_NO_TITLE.search(part) or _is_team(part, clues) or names_organisation(part))


def _is_team(part: str, clues: Clues) -> bool:
    return not clues.vocabulary.team.sub("", part).strip()


def _is_name_line(line: str, name: str) -> bool:
    if "@" in line or "://" in line:
        return False
    head = re.split(r"[,(|·•]|\s[–—-]\s", line, maxsplit=1)[0]
    return fold(name) in fold(line) or (len(head.split()) <= _MOST_WORDS and same_name(head, name))


def _without_employer(line: str, company: str | None, clues: Clues) -> tuple[str, ...]:
    """The parts of a line that don't name the employer: "Director, Sales | Acme" is a director of sales."""
    return tuple(part for each in _PARTS.split(line) if (part := ", ".join(_kept(each, company, clues))))


def _kept(text: str, company: str | None, clues: Clues) -> Iterator[str]:
    for piece in text.split(", "):
        at = next((m for m in _AT.finditer(piece) if _is_employer(piece[m.end() :], company, clues)), None)
        kept = (piece[: at.start()] if at else piece).strip(" ,.")
        if kept and not is_contact_line(kept) and not _is_employer(kept, company, clues):
            yield kept


def _is_employer(text: str, company: str | None, clues: Clues) -> bool:
    first = fold(text.split(maxsplit=1)[0]) if text.split() else ""
    if len(first) >= _TELLING and any(hint.startswith(first) for hint in clues.hints):
        return True
    own = bool(company) and (agree(text, company or "") or fold(text) == fold(company or ""))
    return own or any(supports(hint, text) for hint in clues.hints) or clues.vocabulary.has_legal_form(text)


def _may_be_title(part: str, company: str | None) -> bool:
    return (
        _SHORTEST <= len(part) <= _LONGEST
        and len(part.split()) <= _MOST_WORDS
        and not is_contact_line(part)
        and not (company and fold(company) in fold(part))
    )


def _phone(lines: tuple[str, ...]) -> str:
    for line in lines:
        for match in _PHONE.finditer(line):
            if _FEWEST_DIGITS <= sum(c.isdigit() for c in match[0]) <= _MOST_DIGITS:
                return match[0].strip(" ./-")
    return ""


def _with_scheme(address: str) -> str:
    return address if address.lower().startswith("http") else f"https://{address}"
