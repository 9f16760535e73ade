"""Text → words, numbers, links, addresses and what stands between them: joined again they are the text."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import Enum, auto

_WRAPPED = 45  # a shorter line ends where its author ended it
_TITLE, _TITLE_WORDS = 0.6, 5  # share of capitals from which they say nothing, in so many words
_LONGEST = 200  # of what has no blank in it; a longer one is no prose

_REPLACED = str.maketrans({"´": "'", "`": "'", "ʼ": "'"})
_WORDS = re.compile(r"[^\W_]+")
_PARTS = re.compile(r"\s+|\S+")
_LINK = re.compile(
    r"(?:[a-z][a-z0-9+.-]{1,20}://|www\.|(?:mailto|tel|sms|callto|skype|xmpp|sips?|data|cid|urn):(?=\S))[^\s<>\"]+"
    r"|(?<![\w.@+-])(?:[\w-]{1,63}\.){1,6}[a-z]{2,24}/[^\s<>\"]+"
    r"|(?<![\w.@+-])(?:[\w-]{1,63}\.){0,5}[\w-]{2,63}\.(?!js\b)[a-z]{2,24}(?![\w.+-]{0,64}@)(?!\w)",
    re.IGNORECASE,
)
_CLOSING = ".,;:!?)]}'’”»"
_FIELDS = re.compile(r"[<>()\[\]{},;:\"|/“”„«»]+|[^<>()\[\]{},;:\"|/“”„«»]+")
_RUNS = re.compile(r"[^\W\d_]+|\d+|[\W_]+")
_CODED = re.compile(r"[_\\=&%#]")
_ENDS = re.compile(r"[.!?:…]")
_SMALL_HOST = re.compile(r"[^A-Z]+\Z")


class Kind(Enum):
    """What a piece is."""

    WORD = auto()
    NUMBER = auto()
    CODED = auto()  # letters beside digits or signs, as in requisitions, file names and tokens
    LINK = auto()
    ADDRESS = auto()
    GAP = auto()


@dataclass(frozen=True, slots=True)
class Piece:
    """``opening``: its place gives it a capital, at the beginning of a sentence or in a title."""

    kind: Kind
    text: str
    opening: bool = False


def lines(text: str) -> Iterator[tuple[Piece, ...]]:
    """The pieces of each line."""
    opening = True
    for line in plain(text).split("\n"):
        found = tuple(_line(line, opening=opening))
        yield _titled(found)
        ended = line.rstrip()
        opening = len(ended) < _WRAPPED or ended.endswith((".", "!", "?", ":", ",", ";"))


def plain(text: str) -> str:
    """Letters and digits in their usual form: a name in mathematical bold is that name (UAX #15, form KC)."""
    if text.isascii():
        return text.translate(_REPLACED_IN_ASCII)
    text = _WORDS.sub(lambda word: unicodedata.normalize("NFKC", word[0]), unicodedata.normalize("NFC", text))
    return "".join(c for c in text.translate(_REPLACED) if c == "\n" or unicodedata.category(c) not in _HIDDEN)


_HIDDEN = frozenset({"Mn", "Me", "Cc", "Cf", "Co", "Cs", "Cn"})
_REPLACED_IN_ASCII = _REPLACED | {code: None for code in (*range(0x20), 0x7F) if code != ord("\n")}


def _titled(line: tuple[Piece, ...]) -> tuple[Piece, ...]:
    """In a title every word has a capital, or every other."""
    words = [piece for piece in line if piece.kind is Kind.WORD]
    capitals = sum(piece.text[0].isupper() for piece in words)
    if len(words) < _TITLE_WORDS or capitals <= _TITLE * len(words):
        return line
    return tuple(replace(piece, opening=True) for piece in line)


def _line(line: str, *, opening: bool) -> Iterator[Piece]:
    ended = False
    for part in _PARTS.findall(line.replace("\t", " ")):
        if part.isspace():
            opening = opening or ended
            yield Piece(Kind.GAP, part)
            continue
        ended = False
        for piece in _solid(part):
            yield replace(piece, opening=opening)
            if piece.kind is Kind.GAP:
                ended = bool(_ENDS.search(piece.text))
            elif piece.kind is not Kind.NUMBER:
                opening = ended = False


def _solid(part: str) -> Iterator[Piece]:
    """What has no blanks in it: links first, since anything may stand in them."""
    at = 0
    for link in _LINK.finditer(part):
        end = link.start() + len(link[0].rstrip(_CLOSING))
        yield from _unlinked(part[at : link.start()])
        yield Piece(Kind.LINK, part[link.start() : end])
        at = end
    yield from _unlinked(part[at:])


def _unlinked(part: str) -> Iterator[Piece]:
    for field in _FIELDS.findall(part):
        bare = field.strip(".!?'’*")
        if "@" in field and len(bare) > 1:
            before, _, after = field.partition(bare)
            yield from (Piece(Kind.GAP, before), Piece(Kind.ADDRESS, bare), Piece(Kind.GAP, after))
        else:
            yield from _runs(field)


def _runs(field: str) -> Iterator[Piece]:
    mixed = any(map(str.isdigit, field)) and any(map(str.isalpha, field))
    coded = mixed or len(field) > _LONGEST or _CODED.search(field) is not None
    for run in _RUNS.findall(field):
        if run.isalpha():
            yield Piece(Kind.CODED if coded else Kind.WORD, run)
        else:
            yield Piece(Kind.NUMBER if run.isdecimal() else Kind.GAP, run)
