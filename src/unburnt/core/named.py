"""Who a mail names: the people and employers of its header, those that are greeted, sign it or turn somebody down."""

import re
from collections.abc import Iterable, Iterator

from unburnt.core import pieces, senders
from unburnt.core.language import LanguagePack, choose
from unburnt.core.model import Address, Mail, Rejection
from unburnt.core.names import Vocabulary, fold
from unburnt.core.ordinary import Ordinary
from unburnt.core.pieces import Kind
from unburnt.core.pseudonyms import Pseudonyms
from unburnt.core.signature import signature

_MOST_ADDRESSES = 40
_GREETING_LINES, _GREETING_WORDS = 2, 7
_SIGNATURE_LINES, _SIGNATURE_WORDS = 3, 5  # so many lines where there is no closing phrase
_SHORTEST = 3  # letters of a name in an address
_LETTERS = re.compile(r"[^\W\d_]+")


def learn(
    mail: Mail, text: str, found: Rejection, packs: tuple[LanguagePack, ...], ordinary: Ordinary, into: Pseudonyms
) -> None:
    """Give everybody a stand-in whom the mail surely names; ``found`` is what the extraction has found."""
    vocabulary = Vocabulary.of(packs, senders.known().never_employer)
    into.employer(word for word in _words(found.company or "") if not ordinary.in_address(word))
    into.person(_words(found.contact.name if found.contact else ""))
    for address in addresses(mail):
        names = [word for word in _words(pieces.plain(address.name)) if not ordinary.in_address(word)]
        kind = into.person if vocabulary.person(address.name) else into.employer
        kind(word for word in names if not into.knows(word))
    for spec in (*(address.address for address in addresses(mail)), *_written(text)):
        into.person(word for word in _local(spec, ordinary) if not into.knows(word))
        into.employer(word for word in _domain(spec, ordinary) if not into.knows(word))
    language = choose(mail)
    for line in (*greeting(text), *signed(text, packs)):
        unusual = _unusual(line, ordinary, language)
        into.person(word for word in unusual if not into.resembles(word, written_small=word.islower()))


def addresses(mail: Mail) -> tuple[Address, ...]:
    """Of the header, the author first."""
    one = tuple(address for address in (mail.envelope.author, mail.sender) if address is not None)
    paths = (Address("", path) for path in (*mail.delivered_to, mail.return_path or "") if "@" in path)
    return (*one, *mail.reply_to, *mail.to, *mail.cc, *paths)[:_MOST_ADDRESSES]


def header_words(mail: Mail) -> frozenset[str]:
    """The folded words of all names and addresses of the header."""
    written = " ".join(f"{address.name} {address.address}" for address in addresses(mail))
    return frozenset(fold(word) for word in _words(pieces.plain(written)))


def greeting(text: str) -> tuple[str, ...]:
    """The first lines, if they are short."""
    first = [line for line in text.split("\n") if line.strip()][:_GREETING_LINES]
    return tuple(line for line in first if len(_words(line)) <= _GREETING_WORDS)


def signed(text: str, packs: tuple[LanguagePack, ...]) -> tuple[str, ...]:
    """The short lines under the closing phrase; without one the last, if they are short."""
    found = signature(text, packs)
    lines = found.lines if found.closed else found.lines[-_SIGNATURE_LINES:]
    return tuple(line for line in lines if len(_words(line)) <= _SIGNATURE_WORDS)


def signers(text: str, packs: tuple[LanguagePack, ...]) -> frozenset[str]:
    """The folded words of lines in the signature that look like a person's name."""
    vocabulary = Vocabulary.of(packs, senders.known().never_employer)
    return frozenset(fold(word) for line in signed(text, packs) for word in _words(vocabulary.person(line)))


def greeted(text: str) -> frozenset[str]:
    """The folded words with a capital in the greeting, its first word aside."""
    return frozenset(fold(word) for line in greeting(text) for word in _words(line)[1:] if not word.islower())


def _unusual(line: str, ordinary: Ordinary, language: str | None) -> Iterator[str]:
    """The words of a line that only a name accounts for."""
    words = [piece for found in pieces.lines(line) for piece in found if piece.kind is Kind.WORD]
    for at, piece in enumerate(words):
        if len(piece.text) < 2:
            continue
        if piece.text.islower():
            known = ordinary.small_word(piece.text) or ordinary.in_address(piece.text) or len(piece.text) < _SHORTEST
        else:
            known = ordinary.capitalised(piece.text, language, opening=at == 0 and len(words) > 1)
        if not known:
            yield piece.text


def _written(text: str) -> Iterable[str]:
    found = (piece.text for line in pieces.lines(text) for piece in line if piece.kind is Kind.ADDRESS)
    return list(dict.fromkeys(found))[:_MOST_ADDRESSES]


def _local(address: str, ordinary: Ordinary) -> Iterator[str]:
    words = _words(pieces.plain(address.rpartition("@")[0]))
    return (word for word in words if len(word) >= _SHORTEST and not ordinary.in_address(word))


def _domain(address: str, ordinary: Ordinary) -> Iterator[str]:
    """The words of a domain that its owner chose, the system's and the mail provider's aside."""
    domain = pieces.plain(address.rpartition("@")[2].lower())
    if senders.is_freemail(domain):
        return
    system = senders.system_of(domain)
    own = next((d for d in system.domains if domain.endswith(d)), "") if system else senders.organisation(domain)
    for word in _words(domain.removesuffix(own)):
        if len(word) >= _SHORTEST and not ordinary.in_address(word) and not ordinary.small_word(word):
            yield word
    if system is None:
        yield from (word for word in _words(senders.label(domain)) if not ordinary.in_address(word))


def _words(text: str) -> tuple[str, ...]:
    return tuple(_LETTERS.findall(text))
