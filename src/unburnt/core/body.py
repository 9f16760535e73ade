"""The text a person would read, out of the tree of parts."""

import binascii
import codecs
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from email.errors import MessageError

from unburnt.core import html
from unburnt.core.mime import Part, children

_MAX_TEXT = 2 * 2**20
_STUB = 0.25  # of the HTML's length: a plain part shorter than that is no alternative to it
_STUB_LENGTH = 400
_STUB_WORDS = re.compile(
    r"(?:view|read|see|open|display)\b.{0,60}\b(?:html|browser|online)|html.{0,40}(?:e-?mail|client|viewer|format|capable|enabled)"
    r"|not support html|im browser|html-(?:format|e-?mail)|navigateur|navegador|nel browser",
    re.IGNORECASE,
)
# Python's other codecs are no charsets of mail (rot13, hex, unicode_escape), or take quadratic time (punycode, idna).
_CHARSET = re.compile(
    r"utf-(?:7|8|(?:16|32)(?:-[bl]e)?)|ascii|iso8859-\d{1,2}|cp\d{3,5}|koi8-[rtu]|gb2312|gbk|gb18030|hz|big5(?:hkscs)?"
    r"|euc_\w{2,12}|shift_jis\w{0,6}|iso2022_\w{2,6}|mac-\w{3,12}|tis-620|johab|kz1048|ptcp154"
)
_HTML = re.compile(r"\s{0,100}<(?:!doctype html|html)\b", re.IGNORECASE)  # called plain by mistake
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]"
)
_NON_ASCII = re.compile(
    "[\x00-\x7f]?[^\x00-\x7f]{1,128}"
)  # runs, as ordering marks takes time by the square of their number
_BLANK_LINES = re.compile(r"\n{3,}")
_LINE_END = re.compile("\r\n|[\r\x85\u2028\u2029]")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")


@dataclass(frozen=True, slots=True)
class Body:
    """A part's text and whether it, or its better alternative, is HTML."""

    text: str = ""
    is_html: bool = False
    from_html: bool = False


def body(part: Part) -> Body:
    """The text of a part and everything in it but attachments (RFC 2046 section 5.1, RFC 2183)."""
    kind = part.get_content_type()
    if _is_attached(part):
        return Body()
    if kind.startswith("multipart/"):
        found = [b for b in (body(child) for child in children(part)) if b.text]
        return _chosen(found) if kind == "multipart/alternative" else _joined(found)
    if kind not in {"text/plain", "text/html"}:
        return Body()
    text = _decoded(part)
    if kind == "text/html" or _HTML.match(text):
        return Body(tidy(html.text_of(text)), is_html=True, from_html=True)
    return Body(tidy(_reflowed(part, text)))


def attachments(part: Part) -> Iterator[str]:
    """The content types of all that is no text of the message itself."""
    if part.get_content_maintype() == "multipart" and not _is_attached(part):
        for child in children(part):
            yield from attachments(child)
    elif _is_attached(part) or part.get_content_type() not in {"text/plain", "text/html"}:
        yield tidy(part.get_content_type())[:100]


def tidy(text: str) -> str:
    r"""Line ends \n, no controls, invisible characters or lone surrogates, no trailing or doubled blanks, NFC."""
    text = _LINE_END.sub("\n", text).encode("utf-8", "replace").decode("utf-8")
    text = _CONTROL.sub("", _INVISIBLE.sub("", text).replace("\xa0", " "))
    text = _NON_ASCII.sub(lambda run: unicodedata.normalize("NFC", run.group()), text)
    return _BLANK_LINES.sub("\n\n", "\n".join(line.rstrip() for line in text.split("\n"))).strip("\n")


def to_unicode(octets: bytes, charset: str | None) -> str:
    """By the declared charset if it is one and fits, else UTF-8, else windows-1252, which takes anything."""
    name = _charset(charset)
    if name not in {None, "ascii", "utf-8", "iso8859-1"}:
        return octets.decode(name or "", "replace")
    try:
        return codecs.utf_8_decode(octets, "strict", name != "utf-8")[0]  # a text may be cut off within a character
    except UnicodeDecodeError:
        text = octets.decode("utf-8", "replace")
    mostly_utf8 = text.count("\ufffd") * 2 < sum(c > "\x7f" for c in text)
    return text if name == "utf-8" and mostly_utf8 else octets.decode("cp1252", "replace")


def _is_attached(part: Part) -> bool:
    """Also a text that has a file name."""
    if part.get_content_disposition() == "attachment":
        return True
    return part.get_content_maintype() == "text" and bool(part.get_filename())


def _joined(found: list[Body]) -> Body:
    """One after the other, each once: some senders call an alternative mixed."""
    distinct = {re.sub(r"\W+", "", b.text): b for b in reversed(found)}
    kept = list(reversed(distinct.values()))
    return Body("\n\n".join(b.text for b in kept), any(b.is_html for b in found), any(b.from_html for b in kept))


def _chosen(found: list[Body]) -> Body:
    """The plain text, unless it is only a stub beside the HTML."""
    plain = next((b for b in found if not b.from_html), Body())
    rich = next((b for b in reversed(found) if b.from_html), Body())
    if not rich.text or (plain.text and not _is_stub(plain.text, rich.text)):
        return Body(plain.text, plain.is_html or rich.is_html, from_html=False)
    return rich


def _is_stub(plain: str, rich: str) -> bool:
    return len(plain) < _STUB * len(rich) or (len(plain) < _STUB_LENGTH and bool(_STUB_WORDS.search(plain)))


def _decoded(part: Part) -> str:
    """A part's text, by its transfer encoding and charset, as far as they make sense."""
    encoding = str(part.get("Content-Transfer-Encoding", "")).strip().lower()
    if encoding == "base64":
        del part["Content-Transfer-Encoding"]  # email.message gives up on base64 that was cut off
    octets = part.get_payload(decode=True)
    if not isinstance(octets, bytes):
        return ""
    if encoding == "base64":
        octets = _from_base64(octets[: 2 * _MAX_TEXT])
    return to_unicode(octets[:_MAX_TEXT], _parameter(part, "charset"))


def _from_base64(octets: bytes) -> bytes:
    """RFC 2045 section 6.8: other characters are ignored, padding ends the data."""
    data = re.sub(rb"[^A-Za-z0-9+/]+", b"", octets.partition(b"=")[0])
    return binascii.a2b_base64(data[: len(data) - (len(data) % 4 == 1)] + b"=" * (-len(data) % 4))


def _charset(declared: str | None) -> str | None:
    try:
        name = codecs.lookup((declared or "").strip(" '\"")).name
    except (LookupError, ValueError):
        return None
    return name if _CHARSET.fullmatch(name) else None


def _parameter(part: Part, name: str) -> str | None:
    try:
        value = part.get_param(name)
    except (MessageError, LookupError, ValueError):
        return None
    return value[2] if isinstance(value, tuple) else str(value) if value else None


def _reflowed(part: Part, text: str) -> str:
    """format=flowed joined again (RFC 3676 section 4.2): a line ending in a space goes on in the next of its depth."""
    if (_parameter(part, "format") or "").lower() != "flowed":
        return text
    space = "" if (_parameter(part, "delsp") or "").lower() == "yes" else " "
    paragraphs: list[list[str]] = []
    flowing: str | None = None  # the quote marks of the paragraph that is not finished
    for line in _LINE_END.sub("\n", text).split("\n"):
        content = line.lstrip(">")
        marks = line[: len(line) - len(content)]
        content = content.removeprefix(" ")  # stuffed
        if flowing != marks or content == "-- ":
            paragraphs.append([f"{marks} "] if marks else [])
        flows = content.endswith(" ") and content != "-- "
        paragraphs[-1].append(content[:-1] + space if flows else content)
        flowing = marks if flows else None
    return "\n".join("".join(paragraph) for paragraph in paragraphs)
