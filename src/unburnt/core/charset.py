"""Octets to Unicode text, by what they are rather than by what they are declared to be."""

import binascii
import codecs
import re
import unicodedata
from itertools import groupby

# Python's other codecs are no charsets of mail (rot13, hex, unicode_escape), or take quadratic time (punycode, idna).
_CHARSET = re.compile(
    r"utf-(?:7|8|(?:16|32)(?:-[bl]e)?)|ascii|iso8859-\d{1,2}|cp\d{3,5}|koi8-[rtu]|gb2312|gbk|gb18030|hz|big5(?:hkscs)?"
    r"|euc_\w{2,12}|shift_jis\w{0,6}|iso2022_\w{2,6}|mac-\w{3,12}|tis-620|johab|kz1048|ptcp154"
)
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]"
)
_NON_ASCII = re.compile("[\x00-\x7f]?[^\x00-\x7f]{1,128}")  # bounded: to order n marks takes time by the square of n
_LINE_END = re.compile("\r\n|[\r\x85\u2028\u2029]")
_BLANK_LINES = re.compile(r"\n{3,}")
_BLANKS_AND_CONTROLS = re.compile(r"[\s\x00-\x1f\x7f-\x9f]+")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_ENCODED_WORD = re.compile(r"=\?([^?\s]{1,80})\?([bq])\?([^?]*)\?=", re.IGNORECASE)
_ENCODED_WORDS = re.compile(rf"{_ENCODED_WORD.pattern}(?:\s*{_ENCODED_WORD.pattern})*", re.IGNORECASE)


def to_unicode(octets: bytes, charset: str | None = None) -> str:
    """By the declared charset if it is one and fits, else UTF-8, else windows-1252, which takes anything."""
    name = _known(charset)
    if name not in {None, "ascii", "utf-8", "iso8859-1"}:
        return octets.decode(name or "", "replace")
    try:
        return codecs.utf_8_decode(octets, "strict", name != "utf-8")[0]  # a text may be cut off within a character
    except UnicodeDecodeError:
        text = octets.decode("utf-8", "replace")
    mostly_utf8 = text.count("\ufffd") * 2 < sum(c > "\x7f" for c in text)
    return text if name == "utf-8" and mostly_utf8 else octets.decode("cp1252", "replace")


def from_base64(data: bytes) -> bytes:
    """RFC 2045 section 6.8: other characters are ignored, padding ends the data. It may be cut off anywhere."""
    data = re.sub(rb"[^A-Za-z0-9+/]+", b"", data.partition(b"=")[0])
    return binascii.a2b_base64(data[: len(data) - (len(data) % 4 == 1)] + b"=" * (-len(data) % 4))


def decoded_words(text: str) -> str:
    """Encoded words decoded, within quotes as well, where RFC 2047 section 5 has none and many senders put them."""
    return _ENCODED_WORDS.sub(lambda words: _decoded(words.group()), text)


def tidy(text: str) -> str:
    r"""Line ends \n, no controls, invisible characters or lone surrogates, no trailing or doubled blanks, NFC."""
    text = _LINE_END.sub("\n", text).encode("utf-8", "replace").decode("utf-8")
    text = _CONTROL.sub("", _INVISIBLE.sub("", text).replace("\xa0", " "))
    text = _NON_ASCII.sub(lambda run: unicodedata.normalize("NFC", run.group()), text)
    return _BLANK_LINES.sub("\n\n", "\n".join(line.rstrip() for line in text.split("\n"))).strip("\n")


def one_line(text: str, limit: int) -> str:
    """Tidy, with every run of blanks, line ends and controls a single space."""
    return _BLANKS_AND_CONTROLS.sub(" ", tidy(_BLANKS_AND_CONTROLS.sub(" ", text))).strip()[:limit].rstrip()


def _decoded(words: str) -> str:
    """Neighbours of one charset are decoded together: a character may be split between them (against section 5)."""
    octets = (
        (charset.partition("*")[0], from_base64(text.encode()) if encoding in "bB" else _from_q(text))
        for charset, encoding, text in _ENCODED_WORD.findall(words)
    )
    return "".join(to_unicode(b"".join(o for _, o in group), c) for c, group in groupby(octets, lambda word: word[0]))


def _from_q(text: str) -> bytes:
    return binascii.a2b_qp(text.encode(), header=True)


def _known(charset: str | None) -> str | None:
    try:
        name = codecs.lookup((charset or "").strip(" '\"")).name
    except (LookupError, ValueError):  # ValueError: a NUL in the name
        return None
    return name if _CHARSET.fullmatch(name) else None
