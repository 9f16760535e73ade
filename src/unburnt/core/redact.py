"""A labelled mail without what it tells of people: names, addresses, numbers and links have stand-ins.

Better one word too many than one too few: a word with a capital is a name unless it is known to be none. What a model
learns from stays: the words, the kind of sender, and the fields that a machine has set.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

from unburnt.core import named, pieces, senders
from unburnt.core.extract import extract
from unburnt.core.language import LanguagePack, choose
from unburnt.core.model import Address, Mail
from unburnt.core.names import fold
from unburnt.core.ordinary import Ordinary
from unburnt.core.pieces import Kind, Piece
from unburnt.core.pseudonyms import Pseudonyms
from unburnt.core.redacted import Redacted

_KEPT = 24_000  # characters; neither the classifier nor the extraction looks further
_SUBJECT = 300
_LINKED_TO = "https://link.example"
_LETTERS = re.compile(r"[^\W\d_]+")
_INITIAL = re.compile(r"(?<!\w)([^\W\d_])\.(?=\s?[^\W\d_])")
_HEXADECIMAL = re.compile(r"[a-f]{8,}")
_UNITS = frozenset("st nd rd th am pm h min k km kg er e eme d uhr".split())
_SHORTEST_FORM = 4
_HAVE_CAPITALS = ("LATIN", "GREEK", "CYRILLIC", "ARMENIAN", "FULLWIDTH")
_SUBMITTED = ("no", "auto-replied", "auto-generated", "auto-notified")  # RFC 3834 section 5, RFC 5436 section 2.7.1
_PRECEDENCES = ("bulk", "list", "junk", "auto_reply")


def redact(mail: Mail, packs: tuple[LanguagePack, ...], ordinary: Ordinary) -> Redacted:
    """The mail with stand-ins, the same for the same throughout."""
    language = choose(mail)
    text, subject = _cut(pieces.plain(mail.text), _KEPT), _cut(pieces.plain(mail.envelope.subject), _SUBJECT)
    stand_ins = Pseudonyms(_folded(f"{text} {subject}") | named.header_words(mail))
    found = extract(mail, language, packs, ())
    named.learn(mail, text, found, packs, ordinary, stand_ins)
    work = _Redaction(stand_ins, ordinary, language, _folded(found.role or ""))
    envelope = mail.envelope
    return Redacted(
        author=work.mailbox(envelope.author) if envelope.author else None,
        reply_to=work.mailbox(mail.reply_to[0]) if mail.reply_to else None,
        subject=work.prose(subject),
        date=_day(envelope.date) if envelope.date else None,
        marks=tuple(_marks(mail)),
        text=work.prose(text),
        is_html=mail.is_html,
    )


def _cut(text: str, most: int) -> str:
    """Its beginning, up to a blank: half an address would not be known for one."""
    return text if len(text) <= most else re.sub(r"\S*\Z", "", text[:most])


def _folded(text: str) -> frozenset[str]:
    return frozenset(fold(word) for word in _LETTERS.findall(text))


def _day(date: datetime) -> datetime:
    return date.astimezone(UTC).replace(hour=12, minute=0, second=0, microsecond=0)


def _marks(mail: Mail) -> Iterator[tuple[str, str]]:
    """The fields for machines: that they are there is what a model learns from."""
    if mail.envelope.in_reply_to:
        yield "In-Reply-To", "<earlier@mail.example>"
    if mail.list_id:
        yield "List-Id", "<list.mail.example>"
    if mail.list_unsubscribe:
        yield "List-Unsubscribe", f"<{_LINKED_TO}/unsubscribe>"
    if mail.auto_submitted:
        yield "Auto-Submitted", _one_of(_SUBMITTED, mail.auto_submitted, "auto-generated")
    if mail.precedence:
        yield "Precedence", _one_of(_PRECEDENCES, mail.precedence, "bulk")


def _one_of(known: tuple[str, ...], written: str, default: str) -> str:
    return next((word for word in known if word == written.partition(";")[0].strip()), default)


@dataclass(frozen=True, slots=True)
class _Redaction:
    """Of one mail. ``role`` are the folded words of the position applied for."""

    stand_ins: Pseudonyms
    ordinary: Ordinary
    language: str | None
    role: frozenset[str]
    links: dict[str, str] = field(default_factory=dict)

    def prose(self, text: str) -> str:
        """A text with stand-ins."""
        written = _INITIAL.sub(lambda found: "X." if found[1].isupper() else found[0], text)
        return "\n".join(map(self._line, pieces.lines(written)))

    def mailbox(self, address: Address) -> tuple[str, str]:
        """Display name and address."""
        words = re.sub(r"\d", "0", pieces.plain(address.name.partition("@")[0]))
        name = _LETTERS.sub(lambda word: self._of_name(word[0]), words)
        return re.sub(r"=\?|\?=", " ", name), self.address(address.address)

    def address(self, address: str) -> str:
        """An address that tells no more than whether people, a team or a machine read it, and of which system it is."""
        local, _, domain = pieces.plain(address).rpartition("@")
        return f"{self._local(local, address)}@{self._domain(domain.lower())}"

    def _local(self, local: str, address: str) -> str:
        words = [self._of_name(word).lower() for word in _LETTERS.findall(local) if len(word) > 1]
        kept = ".".join(word for word in words if word.isascii())[:60] or "someone"
        if senders.is_machine(f"{kept}@mail.example") != senders.is_machine(address):
            return "no-reply" if senders.is_machine(address) else "someone"
        return kept

    def _domain(self, domain: str) -> str:
        if senders.is_freemail(domain):
            return "mail.example"
        system = senders.system_of(domain)
        if system is not None:
            return next(own for own in system.domains if domain == own or domain.endswith(f".{own}"))
        words = [self._of_name(word).lower() for word in _LETTERS.findall(senders.label(domain))]
        return ("-".join(word for word in words if word.isascii())[:60] or "somewhere") + ".example"

    def _of_name(self, word: str) -> str:
        """A word of a name or an address."""
        return word if self.ordinary.in_address(word) and not self.stand_ins.knows(word) else self.stand_ins.of(word)

    def _line(self, line: tuple[Piece, ...]) -> str:
        return "".join(self._piece(piece, line[at - 1] if at else None) for at, piece in enumerate(line))

    def _piece(self, piece: Piece, before: Piece | None) -> str:
        match piece.kind:
            case Kind.NUMBER:
                return "0" * len(piece.text)
            case Kind.LINK:
                return self.links.setdefault(piece.text, f"{_LINKED_TO}/{len(self.links) + 1}")
            case Kind.ADDRESS:
                return self.address(piece.text)
            case Kind.CODED:
                return self._coded(piece.text, before)
            case Kind.WORD:
                return self._word(piece)
            case _:
                return re.sub(r"=\?|\?=", " ", re.sub(r"[^\W_]", "0", piece.text))

    def _coded(self, text: str, before: Piece | None) -> str:
        """Letters beside digits: a unit, an ordinary word, or else part of what somebody can be found by."""
        unit = before is not None and before.kind is Kind.NUMBER and text.lower() in _UNITS
        known = len(text) > 2 and (self._is_word(text, opening=True) or self.ordinary.small_word(text))
        return text if unit or (known and not self.stand_ins.knows(text)) else "x" * len(text)

    def _word(self, piece: Piece) -> str:
        word = piece.text
        if not all(unicodedata.name(c, "").startswith(_HAVE_CAPITALS) for c in word):
            return self.stand_ins.of(word) if self.stand_ins.knows(word) else "x" * len(word)
        if word.islower():
            return self.stand_ins.of(word) if self._is_small_name(word) else word
        if len(word) == 1:
            return word
        if self.stand_ins.knows(word):
            return self.stand_ins.of(word)
        return word if self._is_word(word, opening=piece.opening) else self.stand_ins.of(word)

    def _is_word(self, word: str, *, opening: bool) -> bool:
        opening = opening or word.isupper() or fold(word) in self.role
        return self.ordinary.capitalised(word, self.language, opening=opening)

    def _is_small_name(self, word: str) -> bool:
        if len(word) < 3 or self.ordinary.small_word(word):
            return False
        if self.stand_ins.knows(word) or _HEXADECIMAL.fullmatch(word):
            return True
        return len(word) >= _SHORTEST_FORM and self.stand_ins.resembles(word, written_small=True)
