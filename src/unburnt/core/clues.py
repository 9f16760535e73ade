"""What the extraction looks at, made once from a Mail: the places where senders leave names."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from unburnt.core import senders
from unburnt.core.language import LanguagePack, packs_for
from unburnt.core.model import Address, Mail
from unburnt.core.names import Vocabulary, fold
from unburnt.core.signature import Signature, signature

_SEARCHED = 16 * 1024  # characters: names stand early, and a longer text is history or an attack
_SUBJECT = 300
_WRAPPED = 70  # columns; where the next word would have fitted, the author ended the line
_LABELLED = re.compile(r"[A-ZÀ-Þ]\w{2,20}: \w.{0,90}$")  # "Employer: Acme", one of a list
_HITS = 12  # of one pattern: more is a list of jobs, or an attack
_REPLY = re.compile(
    r"^\s*(?:(?:re|fwd?|aw|wg|tr|rv|sv|vs|odp|pd|ynt|ilt|res|enc|antw|betr|r|i)\s?:\s*"
    r"|\[(?:ext|external|extern|(?-i:[a-z][a-z0-9_.-]{2,39}))\]\s*){1,5}",  # a gateway's mark, or a mailing list's
    re.IGNORECASE,
)
_AFFIXES = re.compile(
    r"^(?:get|try|join|hello|team|we-?are)-?(?=\w{4})|(?<=\w{3})-?(?:careers?|jobs?|hr|hq|talent|recruiting|recruitment|emplois?|karriere)$"
)


@dataclass(frozen=True, slots=True)
class Clues:
    """The mail as the resolvers need it."""

    author: Address | None
    subject: str  # without "Re:"
    paragraphs: str  # the text with wrapped lines joined
    signature: Signature
    hints: tuple[str, ...]  # what addresses carry of the employer's name, folded: haldenrowe, accurateb
    packs: tuple[LanguagePack, ...]  # the mail's language, then English
    vocabulary: Vocabulary
    applicant: frozenset[str]  # folded names of those the mail is for
    system: senders.System | None  # whose address the author's is

    @property
    def display(self) -> str:
        return self.author.name if self.author else ""


def gather(mail: Mail, language: str | None, packs: tuple[LanguagePack, ...]) -> Clues:
    """The clues of one mail."""
    text = mail.text[:_SEARCHED]
    author = mail.envelope.author
    return Clues(
        author=author,
        subject=_REPLY.sub("", mail.envelope.subject[:_SUBJECT]).strip(),
        paragraphs=paragraphs(text),
        signature=signature(text, packs),
        hints=tuple(dict.fromkeys(h for a in (author, *mail.reply_to[:2]) if a for h in _hints(a) if len(h) > 2)),
        packs=packs_for(language, packs),
        vocabulary=Vocabulary.of(packs, senders.known().never_employer - _own_name(mail, text)),
        applicant=frozenset(fold(address.name) for address in mail.to if address.name),
        system=senders.system_of(author.domain) if author else None,
    )


def _own_name(mail: Mail, text: str) -> frozenset[str]:
    """A recruiting system or job site hires people itself: its brand is a name in another's mail, if subject and text have it."""
    author = mail.envelope.author
    own = senders.system_of(author.domain) if author else None
    shown = f"{mail.envelope.subject[:_SUBJECT]} {author.name if author else ''}"
    brands = (system.brand for system in senders.known().systems if system is not own)
    return frozenset(
        fold(b)
        for b in brands
        if b in shown and re.search(rf"\b(?:to|at|in|from|joining|bei|chez|en) {re.escape(b)}\b", text)
    )


def matches(patterns: Sequence[re.Pattern[str]], group: str, text: str) -> Iterator[tuple[int, str]]:
    """What the patterns capture under this name, each with the pattern's rank."""
    for rank, pattern in enumerate(patterns):
        if group in pattern.groupindex:
            for match in islice(pattern.finditer(text), _HITS):
                if match[group]:
                    yield rank, match[group]


def paragraphs(text: str) -> str:
    """The text with hard-wrapped lines joined, so that a phrase is found across the wrap; other line ends stay."""
    joined: list[str] = []
    before = ""
    for raw in text.split("\n"):
        line = " ".join(raw.split())
        wrapped = before and line and (len(before) + line.find(" ") >= _WRAPPED or line[0].islower())
        if wrapped and not _LABELLED.match(line):
            joined[-1] += " " + line
        else:
            joined.append(line)
        before = line
    return "\n".join(joined)


def _hints(address: Address) -> Iterator[str]:
    system = senders.system_of(address.domain)
    if system is not None:
        tenant = system.tenant.search(address.address.lower()) if system.tenant else None
        if tenant is not None and not senders.is_machine(tenant["tenant"] + "@"):
            yield fold(tenant["tenant"])
    elif not senders.is_freemail(address.domain):
        label = senders.label(address.domain)
        yield fold(_AFFIXES.sub("", label))
        yield fold(label)
