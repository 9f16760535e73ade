"""Senders who put it in words of their own (wordings.toml): what a user teaches by votes.

Forty mails each, no two alike: every mail takes another role, name and date, and one sentence of each row. The first half
are votes, the second half stays unseen.
"""

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from unburnt.core.model import Label, Mail, Origin, RawMessage
from unburnt.core.parse import parse

VOTED, UNSEEN = range(20), range(20, 40)

_NAMES = "Alma Bruno Cleo Dario Edda Fritz Greta Hanno Ines Jonas Kaja Linus Mira Nils Olga Paul Ronja Sven Tilda Ulf".split()
_ROWS = ("greeting", "opening", "no", "wishes", "close")


@dataclass(frozen=True, slots=True)
class Wording:
    """How one sender puts it; ``rows`` are the paragraphs, each in several versions."""

    name: str
    label: Label
    author: str
    subjects: tuple[str, ...]
    roles: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    @classmethod
    def of(cls, name: str, told: dict[str, str | list[str]]) -> Self:
        """That of a section of the file."""
        subjects, roles, *rows = (tuple(told[key]) for key in ("subjects", "roles", *_ROWS))
        return cls(name, Label(str(told["label"])), str(told["author"]), subjects, roles, tuple(rows))

    def mail(self, number: int, without: str = "") -> bytes:
        """The message with this number, of forty; perhaps without one of its paragraphs."""
        role = self.roles[number % len(self.roles)]
        picked = [
            row[(number * (place + 1) + number // len(row)) % len(row)]
            for place, (row, name) in enumerate(zip(self.rows, _ROWS, strict=True))
            if name != without
        ]
        text = "\n\n".join(picked).format(name=_NAMES[number % len(_NAMES)], role=role, day=1 + number % 28)
        header = (
            f"From: {self.author}\nTo: you@mail.example\nSubject: {self.subjects[number % len(self.subjects)]}\n"
            f"Date: {1 + number % 28:02} Oct 2026 09:{number:02}:00 +0000\n"
            f"Message-ID: <{self.name}.{number}@mail.example>\nContent-Type: text/plain; charset=utf-8\n\n"
        )
        return f"{header.format(role=role)}{text}\n".encode()

    def mails(self, numbers: range, without: str = "") -> list[Mail]:
        return [parse(RawMessage(Origin(f"{self.name} {number}"), self.mail(number, without))) for number in numbers]


WORDINGS = {
    name: Wording.of(name, told)
    for name, told in tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8")).items()
}
THEATRE = WORDINGS["theatre"]
