"""Octets to Mail: every message gives a Mail or Unparsable, nothing else, whatever a stranger put in it.

`mime` makes the tree of parts and keeps the limits, `body` finds the text, `quoting` parts it from the history;
mail-parser interprets addresses and dates, and gets to see nothing else: it logs the fields it fails to decode.
"""

import re
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

import mailparser

from unburnt.core.authentication import dmarc
from unburnt.core.body import attachments, body
from unburnt.core.charset import decoded_words, one_line, tidy, to_unicode
from unburnt.core.invitation import meetings
from unburnt.core.mime import Unparsable, fields, read
from unburnt.core.model import Address, Envelope, Mail, RawMessage
from unburnt.core.quoting import split

__all__ = ["Unparsable", "identity", "parse"]

_MAX_LINE = 998  # RFC 5322 section 2.1.1
_MAX_NAME = 200
_MAX_ADDRESS = 320
_MAX_ADDRESSES = 500
_MAX_REFERENCES = 100
_MAX_DELIVERIES = 20
_MAX_VALUE = 500
_IDENTIFYING = 4000
_YEARS = range(1980, 2101)

_ADDRESSES = ("from", "to", "cc", "reply-to")
_DELIVERIES = ("delivered-to", "x-original-to", "envelope-to")

_MESSAGE_ID = re.compile(r"<[^<>]{1,996}>")
_BARE_MESSAGE_ID = re.compile(r"[^<>,;\"()@]{1,500}@[^<>,;\"()@]{1,500}")
_CONTROL = r"\x00-\x1f\x7f-\x9f"
_ADDR_SPEC = re.compile(rf"[^@\s<>,;:()\"\\{_CONTROL}]+@[^@\s<>,;()\"\\{_CONTROL}]+")

Fields = dict[str, list[str]]


def parse(raw: RawMessage) -> Mail:
    """The message as a Mail; Unparsable, with a reason for the user, when it is none."""
    try:
        return _parse(raw)
    except Unparsable:
        raise
    except Exception as error:  # noqa: BLE001  # libraries fail on hostile mail in ways nobody has listed
        raise Unparsable(f"it can't be read ({type(error).__name__})") from None


def identity(envelope: Envelope, written: str) -> str:
    """What all copies of a message share, and two messages with one Message-ID do not; ``written`` is text and quotes.

    Delivery adds fields, changes line ends and transfer encodings, wraps lines: blanks and quote marks don't count.
    """
    date = envelope.date.astimezone(UTC).isoformat() if envelope.date else ""
    author = envelope.author.address.lower() if envelope.author else ""
    text = re.sub(r"[\s>]+", "", written)[:_IDENTIFYING]
    facts = (envelope.message_id or "", date, author, " ".join(envelope.subject.split()), text)
    return sha256("\0".join(facts).encode()).hexdigest()[:32]


def _parse(raw: RawMessage) -> Mail:
    if not raw.octets.strip():
        raise Unparsable("it is empty")
    root = read(raw.octets)
    found = fields(root)
    if not found:
        raise Unparsable("it has no header")
    content = body(root)
    if not content.text and not {"from", "subject", "date"} & found.keys():
        raise Unparsable("it has no author, no subject, no date and no text")
    view = _view(found)
    envelope = _envelope(found, view)
    text, quoted = split(content.text)
    return Mail(
        envelope=envelope,
        identity=identity(envelope, content.text),
        text=text,
        quoted=quoted,
        to=_addresses(view.to),
        cc=_addresses(view.cc),
        reply_to=_addresses(view.reply_to),
        sender=_sender(found),
        references=_ids(found, "references"),
        is_html=content.is_html,
        attachments=tuple(attachments(root)),
        flags=raw.flags,
        meetings=meetings(root),
        dmarc=dmarc(root),
        **_delivery(found),
        **_automation(found),
    )


def _view(found: Fields) -> Any:
    """mail-parser's reading of the first From, To, …"""
    lines = [f"{name}: {_unicode(found[name][0])}\r\n" for name in (*_ADDRESSES, "date") if found.get(name)]
    return mailparser.parse_from_bytes("".join(lines).encode() + b"\r\n")


def _envelope(found: Fields, view: Any) -> Envelope:
    ids = _ids(found, "message-id")
    several_authors = len(set(found.get("from", []))) > 1
    return Envelope(
        message_id=ids[0] if ids else None,
        date=view.date if isinstance(view.date, datetime) and view.date.year in _YEARS else None,
        author=None if several_authors else _only(_addresses(view.from_)),
        subject=_text(found, "subject", limit=_MAX_LINE),
        in_reply_to=_ids(found, "in-reply-to", "references"),
    )


def _addresses(pairs: list[tuple[str, str]]) -> tuple[Address, ...]:
    """Only what surely is one address (CVE-2023-27043): one "@", and nothing that could end or split it."""
    return tuple(
        Address(one_line(decoded_words(name), _MAX_NAME), address)
        for name, address in pairs[:_MAX_ADDRESSES]
        if len(address) <= _MAX_ADDRESS and _ADDR_SPEC.fullmatch(address)
    )


def _only(addresses: tuple[Address, ...]) -> Address | None:
    return addresses[0] if len(addresses) == 1 else None


def _sender(found: Fields) -> Address | None:
    """mail-parser takes Sender for unstructured text; it has the syntax of From (RFC 5322 section 3.6.2)."""
    return _only(_addresses(_view({"from": found["sender"]}).from_)) if "sender" in found else None


def _ids(found: Fields, *names: str) -> tuple[str, ...]:
    """The msg-ids of these fields, each once, without blanks; a field that lacks the brackets gets them."""
    ids: dict[str, None] = {}
    for name in names:
        value = "".join(tidy(_unicode(" ".join(found.get(name, [])))).split())
        bare = [f"<{value}>"] if _BARE_MESSAGE_ID.fullmatch(value) else []
        ids.update(dict.fromkeys(_MESSAGE_ID.findall(value) or bare))
    return tuple(i for i in ids if len(i.encode()) <= _MAX_LINE)[:_MAX_REFERENCES]


def _delivery(found: Fields) -> dict[str, Any]:
    """Whom it was delivered to, and where bounces go: the last hop writes the first field."""
    deliveries = [value for name in _DELIVERIES for value in found.get(name, [])][:_MAX_DELIVERIES]
    path = found.get("return-path")
    return {
        "delivered_to": tuple(dict.fromkeys(filter(None, map(_path, deliveries)))),
        "return_path": _path(path[0]) if path else None,
    }


def _automation(found: Fields) -> dict[str, Any]:
    """What the fields for machines say."""
    return {
        "list_id": _text(found, "list-id").lower(),
        "list_post": _text(found, "list-post").lower(),
        "list_unsubscribe": _text(found, "list-unsubscribe").lower(),
        "auto_submitted": _text(found, "auto-submitted").lower(),
        "precedence": _text(found, "precedence").lower(),
        "mailer": _text(found, "x-mailer", "user-agent"),
        "template": _text(found, "x-linkedin-template", "x-template"),
    }


def _text(found: Fields, *names: str, limit: int = _MAX_VALUE) -> str:
    """The first of these fields that there is, decoded, on one line."""
    values = (found[name][0] for name in names if name in found)
    return one_line(decoded_words(_unicode(next(values, ""))), limit)


def _path(value: str) -> str:
    return one_line(_unicode(value), _MAX_ADDRESS).strip("<> ")


def _unicode(body: str) -> str:
    """A field body as text: above ASCII it should be UTF-8 (RFC 6532) and often is something else."""
    return to_unicode(body.encode("ascii", "surrogateescape"))
