"""A rejection's facts beside those that were found in it: what every figure of the scoreboard is made from."""

import re
from dataclasses import dataclass

from unburnt.core import words
from unburnt.core.names import fold
from unburnt.evaluate.answers import FIELDS, Facts

_BETWEEN_WORDS = re.compile(r"[\s/|,;:()\[\]–—-]+")
_WEB = re.compile(r"^(?:https?://)?(?:[a-z]{2,3}\.)?|[?#].*$")


@dataclass(frozen=True, slots=True)
class Compared:
    """A rejection: what it tells, and what was found. ``why`` is the reason for its recipient, or for none."""

    name: str
    system: str
    language: str
    author: str
    subject: str
    wanted: Facts
    found: Facts
    why: str


@dataclass(frozen=True, slots=True)
class Mistake:
    """A fact that was missed, invented or found otherwise; None is nothing, or nobody."""

    field: str
    wanted: str | None
    found: str | None
    loosely: bool


@dataclass(frozen=True, slots=True)
class Wrong:
    """A rejection in which not all was found right."""

    name: str
    system: str
    language: str
    author: str
    subject: str
    why: str
    mistakes: tuple[Mistake, ...]

    @property
    def is_misdirected(self) -> bool:
        """Whether its letter went to somebody else."""
        return any(mistake.field == "recipient" and mistake.found for mistake in self.mistakes)


def wrong(each: Compared) -> Wrong:
    """What is wrong with it, which may be nothing."""
    mistakes = []
    for field in FIELDS:
        wanted, found = getattr(each.wanted, field), getattr(each.found, field) or ""
        if wanted is not None and not same(field, wanted, found):
            mistakes.append(Mistake(field, wanted or None, found or None, loosely(field, wanted, found)))
    return Wrong(each.name, each.system, each.language, each.author, each.subject, each.why, tuple(mistakes))


def same(field: str, wanted: str, found: str) -> bool:
    """Whether both say the same to a person: spelling and layout aside."""
    return _key(field, wanted) == _key(field, found)


def loosely(field: str, wanted: str, found: str) -> bool:
    """Whether one holds the words of the other: Fjordlyst, Fjordlyst Media. An address is right or wrong."""
    if field == "recipient" or not wanted or not found:
        return same(field, wanted, found)
    one, other = (f" {' '.join(filter(None, map(fold, _BETWEEN_WORDS.split(text))))} " for text in (wanted, found))
    return same(field, wanted, found) or (min(one, other, key=len).strip() != "" and (one in other or other in one))


def _key(field: str, text: str) -> str:
    text = text.casefold().strip()
    match field:
        case "recipient":
            return text
        case "linkedin":
            return _WEB.sub("", text).rstrip("/")
        case "phone":
            return re.sub(r"\D", "", text)
        case "company":
            return fold(words.company().legal_form.sub("", text)) or text
        case _:
            return fold(text) or text
