"""Octets of a message to the tree of its parts, within limits that hold before anything recurses."""

import re
from codecs import BOM_UTF8
from email.feedparser import BytesFeedParser
from email.message import Message
from email.policy import Policy, compat32

MAX_OCTETS = 4 * 2**20  # text comes before attachments; what lies behind this is not looked at
MAX_PARTS = 500
MAX_DEPTH = 20
MAX_FIELDS = 1000
MAX_FIELD = 32 * 2**10
_MAX_CONTENT_FIELD = 4096

Part = Message

_CONTENT_FIELD = re.compile(
    rb"^content-[a-z-]{1,40}+:[^\r\n]*+(?:(?:\r\n|\r|\n)[ \t][^\r\n]*+)*+", re.IGNORECASE | re.MULTILINE
)


class Unparsable(ValueError):
    """The octets are no message we can read. Its text is for the user and never quotes the mail."""


def read(octets: bytes) -> Part:
    """The tree of parts, at most MAX_PARTS of them and MAX_DEPTH deep; of a truncated message what is there."""
    made: list[Part] = []

    def part(policy: Policy = compat32) -> Part:
        if len(made) >= MAX_PARTS:
            raise Unparsable(f"it has more than {MAX_PARTS} parts")
        if made and _depth(made[0]) >= MAX_DEPTH:
            raise Unparsable(f"its parts are nested more than {MAX_DEPTH} deep")
        made.append(Message(policy=policy))
        return made[-1]

    parser = BytesFeedParser(part, policy=compat32)
    made.clear()  # the constructor tries its factory once
    taken = octets[:MAX_OCTETS].replace(b"\0", b" ").removeprefix(BOM_UTF8).lstrip(b"\r\n")
    parser.feed(_CONTENT_FIELD.sub(_unless_long, taken))
    return parser.close()


def fields(part: Part) -> dict[str, list[str]]:
    """Field bodies by lower-case name, unfolded; octets above 127 are surrogates. Overlong fields are left out.

    One 100 KB From: costs email.policy.default 17 s (field notes G2), so nothing gets to interpret such a field.
    """
    found: dict[str, list[str]] = {}
    for name, body in list(part.raw_items())[:MAX_FIELDS]:
        if len(body) <= MAX_FIELD:
            found.setdefault(name.lower(), []).append(re.sub(r"[\r\n]+", "", body).strip(" \t"))
    return found


def children(part: Part) -> list[Part]:
    """The parts directly inside a multipart or an attached message."""
    payload = part.get_payload() if part.is_multipart() else []
    return [child for child in payload if isinstance(child, Message)] if isinstance(payload, list) else []


def parameter(part: Part, name: str, field: str = "Content-Type") -> str:
    """A parameter of a MIME field; "" when there is none, or none that email.message can make sense of."""
    try:
        value = part.get_param(name, "", field)
    except (LookupError, TypeError, ValueError):
        return ""
    return value[2] if isinstance(value, tuple) else str(value)


def _depth(root: Part) -> int:
    """How deep the part being read now lies: it is always the last child of a last child."""
    depth = 0
    below = children(root)
    while below:
        depth += 1
        below = children(below[-1])
    return depth


def _unless_long(field: re.Match[bytes]) -> bytes:
    """Parameters are split in quadratic time by email.message on Python before 3.14 (cpython#136063)."""
    return field.group() if len(field.group()) <= _MAX_CONTENT_FIELD else b""
