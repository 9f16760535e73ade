"""A labelled mail with the classifier's answer: what every figure is made from."""

from dataclasses import dataclass

from unburnt.core import senders
from unburnt.core.charset import one_line
from unburnt.core.model import Address, Label, Verdict

_MOST_OF_A_NAME = 300


@dataclass(frozen=True, slots=True)
class Judged:
    """``kind`` and ``language`` are "" where nobody said; ``family`` is what a bootstrap draws."""

    name: str
    is_rejection: bool
    kind: str
    language: str
    system: str
    family: str
    author: str
    subject: str
    verdict: Verdict

    @property
    def is_drafted(self) -> bool:
        return self.verdict.label is Label.REJECTION

    @property
    def is_false_draft(self) -> bool:
        return self.is_drafted and not self.is_rejection

    @property
    def is_missed(self) -> bool:
        return self.is_rejection and not self.is_drafted


@dataclass(frozen=True, slots=True)
class Unread:
    """A labelled message that can't be judged, and why; it counts in no figure."""

    name: str
    error: str


def system(author: Address | None) -> str:
    """Who sent it: a known system, a person by the look of the address, or neither."""
    known = senders.system_of(author.domain) if author else None
    if known is not None:
        return known.brand
    return "a person" if author and not senders.is_machine(author.address) else "no system known"


def named(source: str) -> str:
    """A place for people and for UTF-8: file names can hold anything, escape sequences too."""
    return one_line(source, _MOST_OF_A_NAME)


def shown(author: Address | None) -> str:
    """An author as people read it."""
    if author is None:
        return ""
    return f"{author.name} <{author.address}>" if author.name else author.address
