"""The text a person would read, out of the tree of parts."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from unburnt.core import html
from unburnt.core.charset import from_base64, one_line, tidy, to_unicode
from unburnt.core.mime import Part, children, parameter

_MAX_TEXT = 2 * 2**20
_MAX_TYPE = 100
_STUB = 0.25  # of the HTML's length: a plain part shorter than that is no alternative to it
_STUB_LENGTH = 400
_STUB_WORDS = re.compile(
    r"(?:view|read|see|open|display)\b.{0,60}\b(?:html|browser|online)|html.{0,40}(?:e-?mail|client|viewer|format|capable|enabled)"
    r"|not support html|im browser|html-(?:format|e-?mail)|navigateur|navegador|nel browser",
    re.IGNORECASE,
)
_HTML = re.compile(r"\s{0,100}<(?:!doctype html|html)\b", re.IGNORECASE)  # called plain by mistake


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
    text = decoded(part)
    if kind == "text/html" or _HTML.match(text):
        return Body(tidy(html.text_of(text)), is_html=True, from_html=True)
    return Body(tidy(_reflowed(part, text)))


def attachments(part: Part) -> Iterator[str]:
    """The content types of all that is no text of the message itself."""
    if part.get_content_maintype() == "multipart" and not _is_attached(part):
        for child in children(part):
            yield from attachments(child)
    elif _is_attached(part) or part.get_content_type() not in {"text/plain", "text/html"}:
        yield one_line(part.get_content_type(), _MAX_TYPE)


def _is_attached(part: Part) -> bool:
    """Also a text that has a file name."""
    if part.get_content_disposition() == "attachment":
        return True
    named = parameter(part, "filename", "Content-Disposition") or parameter(part, "name")
    return part.get_content_maintype() == "text" and bool(named)


def _joined(found: list[Body]) -> Body:
    """One after the other, each once: some senders call an alternative mixed."""
    distinct = {re.sub(r"\W+", "", b.text): b for b in reversed(found)}
    kept = list(reversed(distinct.values()))
    return Body(
        "\n\n".join(b.text for b in kept)[:_MAX_TEXT], any(b.is_html for b in found), any(b.from_html for b in kept)
    )


def _chosen(found: list[Body]) -> Body:
    """The plain text, unless it is only a stub beside the HTML."""
    plain = next((b for b in found if not b.from_html), Body())
    rich = next((b for b in reversed(found) if b.from_html), Body())
    if not rich.text or (plain.text and not _is_stub(plain.text, rich.text)):
        return Body(plain.text, plain.is_html or rich.is_html, from_html=False)
    return rich


def _is_stub(plain: str, rich: str) -> bool:
    return len(plain) < _STUB * len(rich) or (len(plain) < _STUB_LENGTH and bool(_STUB_WORDS.search(plain)))


def decoded(part: Part) -> str:
    """A part's text, by its transfer encoding and charset, as far as they make sense."""
    encoding = str(part.get("Content-Transfer-Encoding", "")).strip().lower()
    if encoding == "base64":
        del part["Content-Transfer-Encoding"]  # email.message gives up on base64 that was cut off
    octets = part.get_payload(decode=True)
    if not isinstance(octets, bytes):
        return ""
    if encoding == "base64":
        octets = from_base64(octets[: 2 * _MAX_TEXT])
    return to_unicode(octets[:_MAX_TEXT], parameter(part, "charset"))


def _reflowed(part: Part, text: str) -> str:
    """format=flowed joined again (RFC 3676 section 4.2): a line ending in a space goes on in the next of its depth."""
    if parameter(part, "format").lower() != "flowed":
        return text
    space = "" if parameter(part, "delsp").lower() == "yes" else " "
    paragraphs: list[list[str]] = []
    flowing: str | None = None  # the quote marks of the paragraph that is not finished
    for line in text.splitlines():
        content = line.lstrip(">")
        marks = line[: len(line) - len(content)]
        content = content.removeprefix(" ")  # stuffed
        if flowing != marks or content == "-- ":
            paragraphs.append([f"{marks} "] if marks else [])
        flows = content.endswith(" ") and content != "-- "
        paragraphs[-1].append(content[:-1] + space if flows else content)
        flowing = marks if flows else None
    return "\n".join("".join(paragraph) for paragraph in paragraphs)
