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
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.header import Header
from email.utils import format_datetime, quote
from hashlib import sha256
from itertools import islice
from typing import Any

from unburnt.core import calendar, letter, note
from unburnt.core.language import LanguagePack
from unburnt.core.letter import clean, printable
from unburnt.core.model import AddReminder, Mail, Profile, Purpose, Rejection, SaveDraft

_TOMORROW = timedelta(days=1)
_ID_DOMAIN = "localhost.invalid"  # RFC 2606: where there is no account address to take the domain from
_ADDRESS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@[A-Za-z0-9.-]{1,253}")
_MESSAGE_ID = re.compile(r"<[!-;=?-~]{1,900}>")  # longer ones don't fit a line of 998 octets (section 2.1.1)
_REFERENCES = 20
_REPLY_PREFIX = re.compile(r"(?:re|r|aw|antw|sv|vs|odp|ynt|res|rif)(?:\[\d{1,3}\])? ?: ?", re.IGNORECASE)
_SUBJECT = 500
_LINE = 72
_FIELD_LINE = 76
_QUOTED_LINES = 60
_QUOTED_CHARACTERS = 16_000
_CALENDAR_FIELDS = (
    'Content-Type: text/calendar; charset=utf-8; name="reminder.ics"',
    'Content-Disposition: attachment; filename="reminder.ics"',
    "Content-Transfer-Encoding: base64",
)


def key(identity: str, kind: str, sink: str = "drafts") -> str:
    """What an action is known by, for ever: the message it answers, what it is, and where it goes."""
    parts = (identity, kind) if sink == "drafts" else (identity, kind, sink)
    return sha256("\0".join(parts).encode()).hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class Writer:
    """Writes for one account and one user. The same mail gives the same octets, at any time but for a late opening."""

    profile: Profile
    address: str  # the account's own; "" in a scan without an account, whose drafts then have no From
    addresses: tuple[str, ...]
    packs: tuple[LanguagePack, ...]
    language: str
    feedback: str

    def letter(self, mail: Mail, rejection: Rejection, *, due: datetime, now: datetime) -> SaveDraft:
        """The letter of thanks, addressed only where somebody reads it, with the rejection quoted below."""
        made = key(mail.identity, "letter")
        code = letter.language(self.language, rejection.language, self.packs)
        occasion = letter.Occasion(self.profile, self.feedback, max(due, now))
        text = letter.write(mail, rejection, occasion, letter.words_of(code, self.packs), self.packs)
        attribution = _attribution(mail, letter.words_of(code, self.packs))
        body = "\n".join((*_flowed(text), "", *attribution, *_quoted(mail.text))) + "\n"
        to = _mailbox(rejection.recipient.name, rejection.recipient.address or "")
        subject = reply_subject(mail.envelope.subject)
        fields = self._fields(made, mail, due=due, author=self._addressee(mail), to=to, subject=subject)
        return SaveDraft(made, due, _octets((*fields, *_text_fields("; format=flowed")), _quoted_printable(body)), text)

    def connect(self, mail: Mail, rejection: Rejection, *, due: datetime, sink: str) -> AddReminder:
        """The note to connect on LinkedIn, with a calendar file for the day after, since the note says so."""
        made = key(mail.identity, Purpose.CONNECT, sink)
        said = self._note(Purpose.CONNECT, mail, rejection)
        uid, tomorrow = f"{made}@{self._domain()}", due + _TOMORROW
        event = calendar.reminder(uid, stamp=due, due=tomorrow, summary=said.subject, text=said.text, link=said.link)
        boundary = f"=_{made}"  # "=_" can stand in neither quoted-printable nor base64 (RFC 2045 section 6.7)
        parts = (_text_part(said.text), _octets(_CALENDAR_FIELDS, _base64(event)))
        mixed = _octets((f'Content-Type: multipart/mixed; boundary="{boundary}"',), _multipart(boundary, parts))
        octets = self._note_header(made, mail, due, said) + mixed
        return AddReminder(made, due, Purpose.CONNECT, said.subject, said.text, octets, sink)

    def check_in(self, mail: Mail, rejection: Rejection, *, due: datetime, sink: str) -> AddReminder:
        """The note to write again after some months. It is stored when it is due, so it needs no calendar."""
        made = key(mail.identity, Purpose.CHECK_IN, sink)
        said = self._note(Purpose.CHECK_IN, mail, rejection)
        octets = self._note_header(made, mail, due, said) + _text_part(said.text)
        return AddReminder(made, due, Purpose.CHECK_IN, said.subject, said.text, octets, sink)

    def _note(self, purpose: Purpose, mail: Mail, rejection: Rejection) -> note.Note:
        return note.write(purpose, mail, rejection, self.profile, packs=self.packs, setting=self.language)

    def _note_header(self, made: str, mail: Mail, due: datetime, said: note.Note) -> bytes:
        """Of a message to oneself, in the same thread."""
        oneself = _mailbox(self.profile.name, self.address)
        return _lines(self._fields(made, mail, due=due, author=self.address, to=oneself, subject=said.subject))

    def _fields(self, made: str, mail: Mail, *, due: datetime, author: str, to: str, subject: str) -> tuple[str, ...]:
        thread = _references(mail)
        optional = (
            ("From", _mailbox(self.profile.name, author)),
            ("To", to),
            ("Subject", _unstructured(subject)),
            ("In-Reply-To", thread[-1] if thread else ""),
            ("References", "\r\n ".join(thread)),
        )
        return (
            "MIME-Version: 1.0",
            f"Date: {format_datetime(due)}",
            f"Message-ID: <{made}@{self._domain()}>",
            *(f"{name}: {value}" for name, value in optional if value),
            f"X-Draft-Key: {made}",  # names no program: it goes out with the letter
        )

    def _addressee(self, mail: Mail) -> str:
        """The user's address that the rejection was sent to, else the account's."""
        own = {address.lower(): address for address in self.addresses}
        sent_to = (*(each.address for each in (*mail.to, *mail.cc)), *mail.delivered_to)
        return next((own[each.lower()] for each in sent_to if each.lower() in own), self.address)

    def _domain(self) -> str:
        return self.address.rpartition("@")[2].lower() if _is_address(self.address) else _ID_DOMAIN


def reply_subject(subject: str) -> str:
    """The subject of a reply (section 3.6.5): one "Re: ", whatever prefixes of whatever language stood there."""
    rest = clean(subject, _SUBJECT)
    while prefix := _REPLY_PREFIX.match(rest):
        rest = rest[prefix.end() :]
    return f"Re: {rest}".strip()


def _references(mail: Mail) -> tuple[str, ...]:
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


def _mailbox(name: str, address: str) -> str:
    """A mailbox of section 3.4 as it stands in a header, or "" for an address that is in any way doubtful."""
    name = clean(name, _LINE)
    if not _is_address(address) or not name:
        return address if _is_address(address) else ""
    phrase = f'"{quote(name)}"' if _is_plain(name) else _encoded(name)
    fits = len(phrase) + len(address) < _LINE - len("From: <>") and "\n" not in phrase
    return f"{phrase} <{address}>" if fits else f"{phrase}\r\n <{address}>"


def _is_address(text: str) -> bool:
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
        values = letter.spoken_date(mail.envelope.date, words) | {"author": who}
        yield from _flowed(letter.render(words["attribution"], values))


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
