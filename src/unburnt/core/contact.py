"""The person behind a rejection: in the display name, or under the closing phrase. A team or a company is no person."""

import re

from unburnt.core import senders, words
from unburnt.core.clues import Clues
from unburnt.core.model import Address
from unburnt.core.names import agree, fold, supports
from unburnt.core.signature import is_contact_line

_FROM_COMPANY = re.compile(
    r"^(\S+(?: \S+)?) (?:from|at|of|@|von|vom|bei|de|di|da|van|z|ze|från|på|hos|chez|en|em) (.{2,60})$", re.IGNORECASE
)
_AND_COMPANY = re.compile(r"^([^-–—|(@,/·:]{2,50}?)\s*(?:\s[-–—|@/·]\s|[(|,:@]\s?)(.{2,80}?)\)?$")
_LAST_FIRST = re.compile(r"^([^\s,]{2,30}), ([^\s,()]{2,30})(?:\s+[-(/|].*)?$")
_FOR_ANOTHER = re.compile(  # "Im Auftrag", "For the board:": whom they sign for; the signer follows
    r"^(?:im auftrag|i\.\s?a\.?|p\.\s?p\.|i\.\s?o\.|o\.\s?b\.\s?v\.?)$|:$"
    r"|^(?:für|for|pour|per (?:il|la|conto)|namens|z up|voor|por|pelo|pela|w imieniu|på uppdrag)\s",
    re.IGNORECASE,
)
_SAME_START = 5
_LAST = 7  # lines in which somebody may have signed without a closing phrase


def writer(clues: Clues) -> str:
    """The person whom the display name of From names; "" when it names none."""
    author = clues.author
    if author is None or not author.name or len(author.name) > 120:
        return ""
    if name := _turned(author, clues):
        return name
    beside = _AND_COMPANY.match(author.name)
    if beside and (name := clues.vocabulary.person(beside[1])):
        return name if _is_person(name, author, clues) else ""
    of = _FROM_COMPANY.match(author.name)
    if of and _is_company(of[2], clues) and (name := clues.vocabulary.person(of[1])):
        return name
    name = clues.vocabulary.person(author.name)
    return name if name and _is_person(name, author, clues) else ""


def _turned(author: Address, clues: Clues) -> str:
    """ "Roe, Jane" as Jane Roe, if the address has either: a directory's order, not a name and a department."""
    match = _LAST_FIRST.match(author.name)
    local = fold(author.address.partition("@")[0])
    if match is None or not any(len(fold(word)) > 2 and fold(word) in local for word in match.groups()):
        return ""
    return clues.vocabulary.person(f"{match[2]} {match[1]}")


def _is_company(name: str, clues: Clues) -> bool:
    """Whether "van Parcel Puffin" is where somebody works rather than a family name: an address or the subject says so."""
    folded = fold(name)
    begins = any(folded[:_SAME_START] == hint[:_SAME_START] for hint in clues.hints if len(hint) >= _SAME_START)
    return (
        begins
        or any(supports(hint, name) for hint in clues.hints)
        or (len(folded) > 3 and folded in fold(clues.subject))
    )


def _is_person(name: str, author: Address, clues: Clues) -> bool:
    """Whether a name of a person's shape is one: the address or the signature bears it, and it isn't the domain's."""
    local, parts = fold(author.address.partition("@")[0]), [fold(word) for word in name.split()]
    if any(supports(hint, name) for hint in clues.hints) and fold(name) != local:
        return False
    if clues.system and fold(name) in clues.hints:
        return False  # Target <target@myworkday.com>
    if not (clues.system or senders.is_machine(author.address) or senders.is_shared(author.address)):
        return True
    if len(parts[0]) > 2 and parts[0] in local and parts[0] not in senders.known().shared_words:
        return True
    employers = clues.system is not None and clues.system.employer[0] == "display"
    return not employers and len(parts) > 1 and parts[0] not in fold(clues.subject) and _signed_by(parts[0], clues)


def _signed_by(first: str, clues: Clues) -> bool:
    return any(
        fold(line.split()[0]) == first or fold(clues.vocabulary.person(line)).startswith(first)
        for line in clues.signature.lines
    )


def person(clues: Clues, written_by: str, company: str | None) -> str:
    """The name of the person who signed, as full as the mail has it; else of whom From names; "" when there is none."""
    signed = _signer(clues, company)
    if not signed:
        return written_by
    if not written_by or _same(signed, written_by):
        return max(signed, written_by, key=lambda name: (len(name.split()), len(name)))
    return signed if len(signed.split()) > 1 and clues.signature.closed else written_by


def _same(one: str, other: str) -> bool:
    """Whether two forms of a name are one person's: Benedikt, R. Kolbe and Regina Kolbe."""
    ones, others = [fold(word) for word in one.split()], [fold(word) for word in other.split()]
    return ones[0] == others[0] or (ones[-1] == others[-1] and ones[0][:1] == others[0][:1])


def _signer(clues: Clues, company: str | None) -> str:
    if not clues.signature.closed:
        return _unclosed(clues, company)
    lines = clues.signature.lines
    at = 1 if len(lines) > 1 and _FOR_ANOTHER.search(lines[0]) else 0
    name = _name_in(lines[at], clues, company)
    fuller = [n for line in lines[at + 1 :] if name and (n := _name_in(line, clues, company)) and agree(name, n)]
    return max((name, *fuller), key=lambda candidate: len(candidate.split()))


def _unclosed(clues: Clues, company: str | None) -> str:
    """A name on a line of its own near the end, with its bearer's work, employer or telephone under it."""
    lines = clues.signature.lines
    for at in range(max(len(lines) - _LAST, 1), len(lines) - 1):
        name = _name_in(lines[at], clues, company)
        alone = len(name.split()) > 1 and fold(name) == fold(lines[at]) and not words.title().work.search(name)
        if alone and any(_tells_of_work(line, company) for line in lines[at + 1 : at + 3]):
            return name
    return ""


def _tells_of_work(line: str, company: str | None) -> bool:
    employer = bool(company) and fold(company or "") in fold(line)
    return employer or is_contact_line(line) or words.title().work.search(line) is not None


def _name_in(line: str, clues: Clues, company: str | None) -> str:
    name = clues.vocabulary.person(line)
    if not name or fold(name) in clues.applicant or (company and (agree(name, company) or fold(name) in fold(company))):
        return ""
    return "" if any(supports(hint, name) for hint in clues.hints) and len(name.split()) < 2 else name
