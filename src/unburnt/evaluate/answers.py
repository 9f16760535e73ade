"""What rejections tell, as people have read them: answers.tsv beside labelled mail."""

from collections.abc import Collection
from dataclasses import dataclass, fields
from pathlib import Path

from unburnt.core.model import Rejection
from unburnt.world.corpus import CorpusProblem

ANSWERS = "answers.tsv"
_NOBODY = "-"


@dataclass(frozen=True, slots=True)
class Facts:
    """What a rejection tells: "" is nothing (for the recipient: nobody), None is what nobody has looked for."""

    company: str | None = None
    role: str | None = None
    requisition: str | None = None
    contact: str | None = None
    title: str | None = None
    phone: str | None = None
    linkedin: str | None = None
    recipient: str | None = None


FIELDS = tuple(field.name for field in fields(Facts))
NOTHING = Facts(*("" for _ in FIELDS))
COLUMNS = ("name", *FIELDS)


def facts_of(rejection: Rejection) -> Facts:
    """What the program found."""
    contact = rejection.contact
    return Facts(
        company=rejection.company or "",
        role=rejection.role or "",
        requisition=rejection.requisition or "",
        contact=contact.name if contact else "",
        title=contact.title if contact else "",
        phone=contact.phone if contact else "",
        linkedin=contact.linkedin if contact else "",
        recipient=rejection.recipient.address or "",
    )


def address_of(said: str) -> str:
    """A recipient as people write it."""
    return "" if said == _NOBODY else said


def read(directory: Path, names: Collection[str]) -> dict[str, Facts]:
    """The answers by the names of the mails, which are those of ``names``. CorpusProblem names the line that is wrong."""
    path = directory / ANSWERS
    found: dict[str, Facts] = {}
    first, *lines = _lines(path)
    if first.split("\t") != [*COLUMNS]:
        raise CorpusProblem(f"{path}, line 1: should name the columns: {' TAB '.join(COLUMNS)}")
    for number, line in enumerate(lines, 2):
        name, facts = _answer(line, f"{path}, line {number}")
        if name not in names:
            raise CorpusProblem(f"{path}, line {number}: there is no rejection/{name}.eml")
        if name in found:
            raise CorpusProblem(f"{path}, line {number}: {name} has an answer already")
        found[name] = facts
    return found


def _lines(path: Path) -> list[str]:
    """Not splitlines(): a mail may hold any of the characters that it takes for ends of lines."""
    try:
        return path.read_text("utf-8").removesuffix("\n").split("\n")
    except FileNotFoundError:
        raise CorpusProblem(f"{path}: is missing; it says what the rejections beside it tell") from None
    except OSError as error:
        raise CorpusProblem(f"{path}: can't be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise CorpusProblem(f"{path}: is no UTF-8: {error}") from error


def _answer(line: str, where: str) -> tuple[str, Facts]:
    if line.count("\t") != len(FIELDS):
        raise CorpusProblem(f"{where}: has {line.count(chr(9))} tabs; wanted: {' TAB '.join(COLUMNS)}")
    name, *said = (value.strip() for value in line.split("\t"))
    facts = dict(zip(FIELDS, said, strict=True))
    recipient = facts["recipient"]
    if recipient != _NOBODY and (recipient.count("@") != 1 or " " in recipient):
        raise CorpusProblem(f"{where}: the recipient should be one address, or {_NOBODY} for nobody")
    return name, Facts(**facts | {"recipient": address_of(recipient)})
