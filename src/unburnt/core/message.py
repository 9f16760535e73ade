"""The letter and the notes as RFC 5322 messages, ready for Drafts.

The header is written here and not by ``email.message.EmailMessage``, which turns a Message-ID longer than a line into
encoded words in References and In-Reply-To (CPython issue 79986; Outlook's are that long, and the thread breaks),
decodes what looks like an encoded word in a Subject, and folds addresses wrongly in the Python of Debian 12
(CVE-2025-1795). Ten lines with ``email.header`` do what is needed, the same way in every version.
"""

import quopri
import re
import textwrap
from base64 import encodebytes
from collections.abc import Iterator, Mapping
from datetime import datetime
from email.header import Header
from email.utils import format_datetime, quote
from itertools import islice
from typing import Any

from unburnt.core.facts import spoken_date
from unburnt.core.model import Mail
from unburnt.core.printable import clean, printable
from unburnt.core.template import render

ID_DOMAIN = "localhost.invalid"  # RFC 2606: where there is no account address to take the domain from
_ADDRESS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@[A-Za-z0-9.-]{1,253}")
_MESSAGE_ID = re.compile(r"<[!-;=?-~]{1,900}>")  # longer ones don't fit a line of 998 octets (section 2.1.1)
_REFERENCES = 20
_REPLY_PREFIX = re.compile(r"(?:re|r|aw|antw|sv|vs|odp|ynt|res|rif)(?:\[\d{1,3}\])? ?: ?", re.IGNORECASE)
_SUBJECT = 500
_LINE = 72
_FIELD_LINE = 76
_QUOTED_LINES = 60
_QUOTED_CHARACTERS = 16_000
_DATE = re.compile(rb"^Date: [^\r\n]*", re.MULTILINE)
_CALENDAR_FIELDS = (
    'Content-Type: text/calendar; charset=utf-8; name="reminder.ics"',
    'Content-Disposition: attachment; filename="reminder.ics"',
    "Content-Transfer-Encoding: base64",
)


def draft(fields: tuple[str, ...], body: str) -> bytes:
    """A letter: flowed text (RFC 3676)."""
    return _octets((*fields, *_text_fields("; format=flowed")), _quoted_printable(body))


def note(fields: tuple[str, ...], text: str) -> bytes:
    """A note of text alone."""
    return _lines(fields) + _text_part(text)


def note_with_calendar(fields: tuple[str, ...], text: str, calendar: bytes, key: str) -> bytes:
    """A note with a calendar file for whoever keeps a calendar."""
    boundary = f"=_{key}"  # "=_" can stand in neither quoted-printable nor base64 (RFC 2045 section 6.7)
    parts = (_text_part(text), _octets(_CALENDAR_FIELDS, _base64(calendar)))
    mixed = f'Content-Type: multipart/mixed; boundary="{boundary}"'
    return _octets((*fields, mixed), _multipart(boundary, parts))


def fields(
    key: str, date: datetime, domain: str, thread: tuple[str, ...], *, author: str, to: str, subject: str
) -> tuple[str, ...]:
    """The header of a draft in this thread; what is "" or () is left out."""
    optional = (
        ("From", author),
        ("To", to),
        ("Subject", _unstructured(subject)),
        ("In-Reply-To", thread[-1] if thread else ""),
        ("References", "\r\n ".join(thread)),
    )
    return (
        "MIME-Version: 1.0",
        f"Date: {format_datetime(date)}",
        f"Message-ID: <{key}@{domain}>",
        *(f"{name}: {value}" for name, value in optional if value),
        f"X-Draft-Key: {key}",  # names no program: it goes out with the letter
    )


def redated(octets: bytes, date: datetime) -> bytes:
    """The same message for another day."""
    header, blank, body = octets.partition(b"\r\n\r\n")
    return _DATE.sub(f"Date: {format_datetime(date)}".encode(), header, count=1) + blank + body


def domain_of(address: str) -> str:
    """The domain for message ids."""
    return address.rpartition("@")[2].lower() if is_address(address) else ID_DOMAIN


def body(text: str, mail: Mail, words: Mapping[str, Any], *, quoted: bool) -> str:
    """The letter as flowed lines, with the mail that it answers quoted below, as mail clients do."""
    lines = list(_flowed(text))
    if quoted and mail.text.strip():
        lines += ["", *_attribution(mail, words), *_quoted(mail.text)]
    return "\n".join(lines) + "\n"


def reply_subject(subject: str) -> str:
    """The subject of a reply (section 3.6.5): one "Re: ", whatever prefixes of whatever language stood there."""
    rest = clean(subject, _SUBJECT)
    while prefix := _REPLY_PREFIX.match(rest):
        rest = rest[prefix.end() :]
    return f"Re: {rest}".strip()


def references(mail: Mail) -> tuple[str, ...]:
    """The thread up to this mail (section 3.6.4), a long one without its middle; () for a mail without Message-ID."""
    replied_to = mail.envelope.message_id or ""
    if not _MESSAGE_ID.fullmatch(replied_to):
        return ()
    earlier = mail.references or mail.envelope.in_reply_to
    if not mail.references and len(earlier) > 1:
        earlier = ()  # it answers several messages, which is no line of descent
    ids = (each for each in earlier if _MESSAGE_ID.fullmatch(each) and each != replied_to)
    thread = (*dict.fromkeys(ids), replied_to)
    return thread if len(thread) <= _REFERENCES else (thread[0], *thread[1 - _REFERENCES :])


def mailbox(name: str, address: str) -> str:
    """A mailbox of section 3.4 as it stands in a header, or "" for an address that is in any way doubtful."""
    name = clean(name, _LINE)
    if not is_address(address) or not name:
        return address if is_address(address) else ""
    phrase = f'"{quote(name)}"' if _is_plain(name) else _encoded(name)
    fits = len(phrase) + len(address) < _LINE - len("From: <>") and "\n" not in phrase
    return f"{phrase} <{address}>" if fits else f"{phrase}\r\n <{address}>"


def is_address(text: str) -> bool:
    return _ADDRESS.fullmatch(text) is not None and not {"", "-"} & set(text.replace("@", ".").split("."))


def _is_plain(text: str) -> bool:
    """Whether it may stand unencoded; what only looks like an encoded word may not, or a reader would decode it."""
    return text.isascii() and "=?" not in text


def _unstructured(text: str) -> str:
    return _folded(text, "us-ascii") if _is_plain(text) else _encoded(text)


def _encoded(text: str) -> str:
    """As encoded words (RFC 2047)."""
    return _folded(text, "utf-8")


def _folded(text: str, charset: str) -> str:
    return Header(text, charset, maxlinelen=_FIELD_LINE, header_name="Subject").encode(linesep="\r\n")


def _attribution(mail: Mail, words: Mapping[str, Any]) -> Iterator[str]:
    """Who wrote what is quoted below, and when: as flowed lines, none when the author is unknown."""
    author = mail.envelope.author
    if author and (who := clean(author.name or author.address)):
        values = spoken_date(mail.envelope.date, words) | {"author": who}
        yield from _flowed(render(words["attribution"], values))


def _flowed(text: str, depth: int = 0) -> Iterator[str]:
    """Lines of format=flowed, quoted to some depth. A space at the end of a line is a soft break (RFC 3676)."""
    for line in text.split("\n"):
        wrapped = textwrap.wrap(line, _LINE - 1 - depth, break_long_words=False, break_on_hyphens=False) or [""]
        for part in (*(f"{part} " for part in wrapped[:-1]), wrapped[-1]):
            stuffed = part and (depth > 0 or part.startswith((" ", ">", "From ")))  # section 4.4
            yield f"{'>' * depth}{' ' if stuffed else ''}{part}"


def _quoted(text: str) -> Iterator[str]:
    """The beginning of the mail as quoted lines, older quotes one level deeper."""
    lines = (printable(line) for line in text[:_QUOTED_CHARACTERS].strip().split("\n"))
    flowed = (flowed for line in lines for flowed in _requoted(line))
    return islice(flowed, _QUOTED_LINES)


def _requoted(line: str) -> Iterator[str]:
    depth = len(prefix.group().replace(" ", "")) if (prefix := re.match(r">[> ]{0,40}", line)) else 0
    return _flowed(line[prefix.end() :] if prefix else line, depth + 1)


def _text_fields(parameters: str = "") -> tuple[str, str]:
    return (f"Content-Type: text/plain; charset=utf-8{parameters}", "Content-Transfer-Encoding: quoted-printable")


def _text_part(text: str) -> bytes:
    """Not flowed: a link and the lines to paste stay whole."""
    return _octets(_text_fields(), _quoted_printable(f"{text}\n"))


def _octets(fields: tuple[str, ...], body: bytes) -> bytes:
    return _lines(fields) + b"\r\n" + body


def _lines(fields: tuple[str, ...]) -> bytes:
    return "".join(f"{field}\r\n" for field in fields).encode("ascii")


def _multipart(boundary: str, parts: tuple[bytes, ...]) -> bytes:
    return b"".join(f"--{boundary}\r\n".encode() + part for part in parts) + f"--{boundary}--\r\n".encode()


def _quoted_printable(text: str) -> bytes:
    return quopri.encodestring(text.replace("\n", "\r\n").encode())


def _base64(octets: bytes) -> bytes:
    return encodebytes(octets).replace(b"\n", b"\r\n")
