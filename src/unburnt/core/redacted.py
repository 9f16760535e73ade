"""What is left of a mail once nobody is named in it, and its octets: to be read by a person before it is given away."""

from dataclasses import dataclass
from datetime import datetime
from email.header import Header
from email.utils import format_datetime
from hashlib import sha256
from html import escape
from quopri import encodestring

_APPLICANT = "applicant@mail.example"
_LONGEST_LINE = 998  # octets, RFC 5322 section 2.1.1
_FIELD_LINE = 76


@dataclass(frozen=True, slots=True)
class Redacted:
    """``author`` and ``reply_to`` are display name and address; ``marks`` are fields that a machine has set."""

    author: tuple[str, str] | None
    reply_to: tuple[str, str] | None
    subject: str
    date: datetime | None
    marks: tuple[tuple[str, str], ...]
    text: str
    is_html: bool

    def octets(self) -> bytes:
        """As a message. Its text stands there as it is, in UTF-8, wherever lines are short enough for mail."""
        content = (_page(self.text) if self.is_html else f"{self.text}\n").encode()
        legible = all(len(line) <= _LONGEST_LINE for line in content.split(b"\n"))
        body = content if legible else encodestring(content)
        fields = (
            ("From", _mailbox(self.author)),
            ("To", _APPLICANT),
            ("Reply-To", _mailbox(self.reply_to)),
            ("Subject", _unstructured(self.subject)),
            ("Date", format_datetime(self.date) if self.date else ""),
            ("Message-ID", f"<{sha256(content).hexdigest()[:20]}@mail.example>"),
            *self.marks,
            ("MIME-Version", "1.0"),
            ("Content-Type", f"text/{'html' if self.is_html else 'plain'}; charset=utf-8"),
            ("Content-Transfer-Encoding", "8bit" if legible else "quoted-printable"),
        )
        header = "".join(f"{name}: {value}\n" for name, value in fields if value)
        return f"{header}\n".encode("ascii") + body


def _mailbox(address: tuple[str, str] | None) -> str:
    if address is None:
        return ""
    name, spec = address
    return f"{_encoded(name)}\n <{spec}>" if name else spec


def _unstructured(text: str) -> str:
    return text if text.isascii() and len(text) < _FIELD_LINE and "=?" not in text else _encoded(text)


def _encoded(text: str) -> str:
    """As an encoded word even where ASCII would do: a phrase has characters that mean something (RFC 5322 section 3.2.3)."""
    return Header(text, "utf-8", maxlinelen=_FIELD_LINE).encode(linesep="\n")


def _page(text: str) -> str:
    """The least HTML that reads as the same text."""
    paragraphs = (escape(paragraph).replace("\n", "<br>\n") for paragraph in text.split("\n\n"))
    return "<html><body>\n" + "".join(f"<p>{paragraph}</p>\n" for paragraph in paragraphs) + "</body></html>\n"
