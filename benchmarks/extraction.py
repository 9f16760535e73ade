"""How long what a mail tells takes to be found: over the labelled mail, and on texts written to make it slow.

usage: .venv/bin/python benchmarks/extraction.py [ROUNDS]
"""

import statistics
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from rich.console import Console
from rich.table import Table

from unburnt.core.extract import extract
from unburnt.core.language import LanguagePack, choose
from unburnt.core.model import Address, Envelope, Mail, Origin, RawMessage
from unburnt.core.parse import parse
from unburnt.world import packs

LABELLED = Path(__file__).parents[1] / "classifier_data"
OWN = ("sam@mail.example",)
SIZE = 64 * 1024
EACH = 4  # every fourth labelled mail

HOSTILE = {
    "a word in small letters, again and again": "a ",
    "capital words": "Capital Words Without End ",
    "capital letters joined": "A & B of the C and D ",
    "one word without end": "a",
    "one capital without end": "A",
    "brackets opened": "(",
    "brackets opened and filled": "Engineer (m/w ",
    "quotation marks": 'position "',
    "answers to answers": "Re: ",
    "dashes": "Role - ",
    "dots": "St. ",
    "numbers": "R-123456/7-",
    "digits": "1",
    "dates": "2026-11-",
    "new lines": "\n",
    "lines of a signature": "Kind regards,\nA B\n",
    "at signs": "a@",
    "applications": "application for the position of ",
    "applications to a company": "Thank you for applying to Acme and ",
    "clients": "our client our ",
    "interviews": "thank you for the interview ",
    "blanks": "x" + " " * 200,
    "letters with accents": "İÄŁ ",
}


def labelled() -> list[Mail]:
    return [
        parse(RawMessage(Origin(path.name), path.read_bytes())) for path in sorted(LABELLED.glob("*/*.eml"))[::EACH]
    ]


def hostile() -> Iterator[tuple[str, Mail]]:
    """Mails of nothing but the piece: as text, subject and display name."""
    for name, piece in HOSTILE.items():
        text = (piece * (SIZE // len(piece) + 1))[:SIZE]
        author = Address(text[:2000], "careers@acme.example")
        envelope = Envelope("<1@acme.example>", None, author, text[:2000])
        yield name, Mail(envelope, identity="1", text=text, quoted="")


def seconds(mail: Mail, language: str | None, phrases: tuple[LanguagePack, ...]) -> float:
    started = time.perf_counter()
    extract(mail, language, phrases, OWN)
    return time.perf_counter() - started


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    phrases = packs.load()
    table = Table("", "times", "median", "99th percentile", "slowest", title="milliseconds to extract from one mail")

    read = [(mail, choose(mail)) for mail in labelled()]
    best = sorted(min(seconds(mail, code, phrases) for _ in range(rounds)) for mail, code in read)
    _row(table, "labelled mail", best)
    for name, mail in hostile():
        _row(table, name, sorted(seconds(mail, pack.code, phrases) for pack in phrases))
    Console().print(table)


def _row(table: Table, name: str, taken: list[float]) -> None:
    values = (statistics.median(taken), taken[int(len(taken) * 0.99)], taken[-1])
    table.add_row(name, str(len(taken)), *(f"{value * 1000:,.1f}" for value in values))


if __name__ == "__main__":
    main()
