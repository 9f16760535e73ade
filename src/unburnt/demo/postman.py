"""Fills the demo's mailbox and delivers to it, as the world outside would: by APPEND, never by our own connection."""

import re
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime
from importlib import resources
from types import TracebackType
from typing import Self

from imapclient import IMAPClient

from unburnt.demo.server import EmbeddedServer

_DATE = re.compile(rb"^Date:[ \t]*(.+?)(?=\r?$)", re.MULTILINE | re.IGNORECASE)
_WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Letter:
    """A message to be delivered, and when it was sent."""

    octets: bytes
    date: datetime


def mail(mailbox: str) -> list[Letter]:
    """The written messages of "INBOX", "Sent" or "arriving", in their order."""
    folder = resources.files("unburnt") / "demo_mail" / mailbox
    entries = sorted((entry for entry in folder.iterdir() if entry.name.endswith(".eml")), key=lambda entry: entry.name)
    return [_letter(entry.read_bytes()) for entry in entries]


def _letter(octets: bytes) -> Letter:
    match = _DATE.search(octets)
    if match is None:
        raise ValueError("a message of the demo has no Date")
    return Letter(octets, parsedate_to_datetime(match[1].decode("ascii")))


def moved(letters: list[Letter], weeks: int) -> Iterator[Letter]:
    """The same messages, so many weeks later: whole weeks, so that the weekdays they speak of stay true."""
    for letter in letters:
        date = letter.date + weeks * _WEEK
        field = b"Date: " + format_datetime(date).encode("ascii")
        before, after = _DATE.split(letter.octets, maxsplit=1)[::2]
        yield Letter(before + field + after, date)


def weeks_until(now: datetime, letters: list[Letter]) -> int:
    """How many weeks to move the newest of them to the last seven days."""
    newest = max(letter.date for letter in letters)
    return (now - newest) // _WEEK


class Postman:
    """A second client of the same server."""

    def __init__(self, server: EmbeddedServer) -> None:
        self._client = IMAPClient(server.host, port=server.port, ssl=False, timeout=20)
        # 3 ms an APPEND instead of 46: pymap reads the command and its literal apart
        self._client.socket().setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._client.login(server.user, server.password)

    def create(self, *mailboxes: str) -> None:
        for name in mailboxes:
            self._client.create_folder(name)

    def deliver(self, mailbox: str, letter: Letter) -> None:
        flags = (b"\\Seen",) if mailbox == "Sent" else ()
        self._client.append(mailbox, letter.octets, flags, letter.date.astimezone(UTC))

    def read(self, mailbox: str) -> list[bytes]:
        """All messages of a mailbox, without marking them."""
        self._client.select_folder(mailbox, readonly=True)
        rows = self._client.fetch(self._client.search("ALL"), ["BODY.PEEK[]"])
        return [row[b"BODY[]"] for _, row in sorted(rows.items())]

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._client.logout()
