"""How much of what rejections tell was found. Pure: the same mail gives the same figures."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from unburnt.core import senders
from unburnt.evaluate.answers import FIELDS
from unburnt.evaluate.compared import Compared, loosely, same
from unburnt.evaluate.intervals import Share, wilson


@dataclass(frozen=True, slots=True)
class Found:
    """One fact over many mails. Of those that tell it: answered, right, and ``loosely`` right (one answer contains the other).

    ``right_when_answered`` is of all answers, those included that were ``invented`` for mail that tells nothing.
    """

    told: int
    answered: Share
    right_when_answered: Share
    right: Share
    loosely: Share
    invented: Share


@dataclass(frozen=True, slots=True)
class Letters:
    """Whom letters went to. ``right`` is of all mails, nobody where it is nobody; the last two have to be 0."""

    told: int
    addressed: Share
    right_when_addressed: Share
    right: Share
    wrong_address: int
    to_a_machine: int


@dataclass(frozen=True, slots=True)
class Row:
    """Mail that has something in common."""

    name: str
    mails: int
    company: Found
    role: Found
    requisition: Found
    contact: Found
    title: Found
    phone: Found
    linkedin: Found
    recipient: Letters


def rows(compared: Iterable[Compared], by: Callable[[Compared], str]) -> tuple[Row, ...]:
    """The largest first."""
    parts: dict[str, list[Compared]] = {}
    for each in compared:
        parts.setdefault(by(each) or "not said", []).append(each)
    ordered = sorted(parts.items(), key=lambda item: (-len(item[1]), item[0]))
    return tuple(row(name, own) for name, own in ordered)


def row(name: str, compared: Sequence[Compared]) -> Row:
    found = {field: _found(field, _pairs(field, compared)) for field in FIELDS if field != "recipient"}
    return Row(name=name, mails=len(compared), **found, recipient=_letters(compared))


def _pairs(field: str, compared: Iterable[Compared]) -> list[tuple[str, str]]:
    """(wanted, found) where somebody has looked."""
    pairs = ((getattr(each.wanted, field), getattr(each.found, field) or "") for each in compared)
    return [(wanted, found) for wanted, found in pairs if wanted is not None]


def _found(field: str, pairs: Sequence[tuple[str, str]]) -> Found:
    told = [(wanted, found) for wanted, found in pairs if wanted]
    answered = sum(bool(found) for _, found in told)
    right = sum(same(field, wanted, found) for wanted, found in told)
    invented = sum(bool(found) for wanted, found in pairs if not wanted)
    return Found(
        told=len(told),
        answered=wilson(answered, len(told)),
        right_when_answered=wilson(right, answered + invented),
        right=wilson(right, len(told)),
        loosely=wilson(sum(loosely(field, wanted, found) for wanted, found in told), len(told)),
        invented=wilson(invented, len(pairs) - len(told)),
    )


def _letters(compared: Sequence[Compared]) -> Letters:
    """An address is judged by its looks too where nobody has said whose it should be."""
    pairs = _pairs("recipient", compared)
    addressed = [same("recipient", wanted, found) for wanted, found in pairs if found]
    told = [bool(found) for wanted, found in pairs if wanted]
    return Letters(
        told=len(told),
        addressed=wilson(sum(told), len(told)),
        right_when_addressed=wilson(sum(addressed), len(addressed)),
        right=wilson(sum(same("recipient", wanted, found) for wanted, found in pairs), len(pairs)),
        wrong_address=len(addressed) - sum(addressed),
        to_a_machine=sum(senders.is_machine(each.found.recipient) for each in compared if each.found.recipient),
    )
