"""The octets between us and an IMAP server: every mend that imapclient and imaplib need, and the allow-list.

What each mend is for:
- lines of any length up to a bound of our own: imaplib refuses those over 1,000,000 octets (IMAPdedup issue 65);
- IDLE that sees coalesced, split and early lines and a closed connection (imapclient issues 565, 449, 321);
- time-outs that leave the reader usable (a file object made by ``socket.makefile`` is not, after its first time-out).
"""

import imaplib
import re
import select
import socket
import ssl
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from imapclient import IMAPClient
from imapclient.response_parser import parse_fetch_response

from unburnt.errors import UnburntError

_CHUNK = 65536
_MAX_LINE = 64 * 2**20  # a SEARCH over ten million messages
_KEEPALIVE = (("TCP_KEEPIDLE", 60), ("TCP_KEEPINTVL", 20), ("TCP_KEEPCNT", 4))  # seconds, seconds, probes

ANYWHERE = frozenset(
    "CAPABILITY ID STARTTLS LOGIN AUTHENTICATE LIST NAMESPACE STATUS EXAMINE NOOP IDLE LOGOUT".split()
) | {"UID SEARCH"}


class ForbiddenCommand(UnburntError):
    """A bug of ours that would have broken a promise; nothing was sent."""


@dataclass(frozen=True, slots=True)
class Allowed:
    """What writing is allowed, by mailboxes as named on the wire. Nothing, until somebody says otherwise."""

    append: frozenset[bytes] = frozenset()
    create: frozenset[bytes] = frozenset()  # and subscribe to
    moves: frozenset[tuple[bytes, bytes]] = frozenset()  # from one, into another


class Guard:
    """What may be said to the server. There is no STORE, EXPUNGE, COPY, DELETE or RENAME in it, so there is none.

    SELECT is for UID MOVE alone (RFC 6851), out of mailboxes that something may be moved out of.
    """

    def __init__(self, allowed: Callable[[], Allowed]) -> None:
        self._allowed = allowed
        self._selected = b""  # for writing; b"" while a mailbox is only examined

    def check(self, line: bytes) -> None:
        """Raise ForbiddenCommand unless this first line of a command is allowed."""
        parts = re.fullmatch(rb"[^ \r\n]+ ((?:UID )?[^ \r\n]+)(?: ([^\r\n]*))?(?:\r\n)?", line, re.IGNORECASE)
        if parts is None:
            raise ForbiddenCommand("a command with a line break inside was stopped")
        command, arguments = parts[1].decode("ascii", "replace").upper(), parts[2] or b""
        if not self._allows(command, arguments):
            raise ForbiddenCommand(f"the IMAP command {command} is not among those Unburnt may send; nothing was sent")
        if command in ("SELECT", "EXAMINE"):
            self._selected = _words(arguments)[0] if command == "SELECT" else b""

    def _allows(self, command: str, arguments: bytes) -> bool:
        allowed, words = self._allowed(), _words(arguments)
        match command:
            case "UID FETCH":
                return _peeks(arguments)
            case "APPEND":
                return words[0] in allowed.append
            case "CREATE" | "SUBSCRIBE":
                return words[0] in allowed.create
            case "SELECT":
                return words[0] in {source for source, _ in allowed.moves}
            case "UID MOVE":
                return (self._selected, words[-1]) in allowed.moves
            case _:
                return command in ANYWHERE


def _peeks(arguments: bytes) -> bool:
    """Whether a FETCH leaves \\Seen alone: BODY only as BODY.PEEK, of RFC822 only its size (RFC 9051 section 6.4.5)."""
    items = arguments.upper()
    return not re.search(rb"(?<![A-Z.])BODY\[|RFC822(?!\.SIZE)|BINARY(?!\.PEEK|\.SIZE)", items)


def _words(arguments: bytes) -> list[bytes]:
    """The arguments, quoted strings without their quotes (RFC 9051 section 4.3)."""
    found = re.findall(rb'"((?:[^"\\]|\\.)*)"|([^" ]+)', arguments)
    return [re.sub(rb"\\(.)", rb"\1", quoted) if quoted else bare for quoted, bare in found] or [b""]


class Reader:
    """Lines and literals from a socket, with a buffer that can be asked what it holds."""

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock
        self._buffer = bytearray()

    def read(self, size: int) -> bytes:
        while len(self._buffer) < size:
            if not self._receive():
                break
        return self._take(size)

    def readline(self, _limit: int = -1) -> bytes:
        """One line with its CRLF, or b"" at the end of the connection; half a line is the end too."""
        start = 0
        while (end := self._buffer.find(b"\n", start)) < 0:
            start = len(self._buffer)
            if start > _MAX_LINE:
                raise imaplib.IMAP4.abort("the server sent a line without end")
            if not self._receive():
                return b""
        return self._take(end + 1)

    def line_within(self, seconds: float, wake: int | None = None) -> bool:
        """Whether a whole line is here within that time; sooner with False when the descriptor ``wake`` is readable."""
        deadline = time.monotonic() + seconds
        while b"\n" not in self._buffer:
            if not self._pending():
                left = deadline - time.monotonic()
                watched: list[socket.socket | int] = [self._sock] if wake is None else [self._sock, wake]
                ready = select.select(watched, [], [], max(0.0, left))[0] if left > 0 else []
                if self._sock not in ready:
                    return False
            if not self._receive():
                raise imaplib.IMAP4.abort("the server closed the connection")
        return True

    def close(self) -> None:
        self._buffer.clear()

    def _pending(self) -> bool:
        return isinstance(self._sock, ssl.SSLSocket) and self._sock.pending() > 0

    def _receive(self) -> bool:
        data = self._sock.recv(_CHUNK)
        self._buffer += data
        return bool(data)

    def _take(self, size: int) -> bytes:
        data = bytes(self._buffer[:size])
        del self._buffer[:size]
        return data


class Wire(imaplib.IMAP4):
    """imaplib's connection with our reader, our socket and the guard before every command."""

    def __init__(self, host: str, port: int, context: ssl.SSLContext | None, timeout: float, guard: Guard) -> None:
        """``context`` None is plain TCP, to be upgraded by STARTTLS or on this machine only."""
        self._context, self._seconds, self._guard, self._starts = context, timeout, guard, False
        super().__init__(host, port)

    def open(self, host: str = "", port: int = 143, timeout: float | None = None) -> None:
        del timeout
        self.host, self.port = host, port
        self.sock = socket.create_connection((host, port), self._seconds)
        for name, value in _KEEPALIVE:
            self.sock.setsockopt(socket.IPPROTO_TCP, getattr(socket, name), value)
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if self._context is not None:
            self.sock = self._context.wrap_socket(self.sock, server_hostname=host)
        self.reader = Reader(self.sock)

    def secure(self, context: ssl.SSLContext) -> None:
        """STARTTLS (RFC 9051 section 6.2.1). What was buffered before the handshake is not authentic: thrown away."""
        kind, _ = self._simple_command("STARTTLS")
        if kind != "OK":
            raise self.error("the server refuses STARTTLS")
        self.sock = context.wrap_socket(self.sock, server_hostname=self.host)
        self.reader = Reader(self.sock)
        self._get_capabilities()

    def read(self, size: int) -> bytes:
        return self.reader.read(size)

    def readline(self) -> bytes:
        return self.reader.readline()

    def shutdown(self) -> None:
        self.reader.close()
        self.sock.close()

    def _new_tag(self) -> bytes:
        self._starts = True
        tag: bytes = super()._new_tag()  # type: ignore[misc]  # typeshed leaves it out
        return tag

    def send(self, data: Any) -> None:
        if self._starts:
            self._guard.check(bytes(data))
            self._starts = False
        self.sock.sendall(data)

    def idle_until(self, seconds: float, wake: int | None) -> bool:
        """IDLE (RFC 2177) until something is said, time is over or ``wake`` is readable; whether something was said.

        DONE is answered within the socket's time-out, or the connection counts as lost.
        """
        tag = self._new_tag()
        self.send(tag + b" IDLE\r\n")
        news = self._continuation(tag)
        if not news:
            deadline = time.monotonic() + seconds
            while self.reader.line_within(deadline - time.monotonic(), wake):
                if not self.reader.readline().startswith(b"* OK"):  # "Still here"
                    news = True
                    break
        self.send(b"DONE\r\n")
        while not (line := self._line()).startswith(tag + b" "):
            news = news or not line.startswith(b"* OK")
        return news

    def _continuation(self, tag: bytes) -> bool:
        """Read up to "+ idling"; whether the server had something to say before it."""
        news = False
        while not (line := self._line()).startswith(b"+"):
            if line.startswith(tag + b" "):
                raise self.error("the server refuses IDLE")
            news = True
        return news

    def _line(self) -> bytes:
        line = self.readline()
        if not line:
            raise self.abort("the server closed the connection")
        if line.startswith(b"* BYE"):
            raise self.abort(line[6:].decode("ascii", "replace").strip())
        return line


class Client(IMAPClient):  # type: ignore[misc]  # imapclient has no type information
    """IMAPClient over our wire. Give it lists of ints only: ranges fail in 4.x (issue 666)."""

    def __init__(self, host: str, port: int, context: ssl.SSLContext | None, timeout: float, guard: Guard) -> None:
        self._wire_arguments = (host, port, context, timeout, guard)
        super().__init__(host, port, ssl=context is not None, ssl_context=context, timeout=timeout)
        self.wire.debug = 0  # imapclient has imaplib log every line, passwords included (field notes J5)

    def _create_IMAP4(self) -> Wire:  # noqa: N802  # imapclient's name for its hook
        return Wire(*self._wire_arguments)

    @property
    def wire(self) -> Wire:
        wire: Wire = self._imap
        return wire

    def rows(self, uids: Sequence[int], items: Sequence[str]) -> dict[int, dict[bytes, Any]]:
        """UID FETCH. fetch() takes the sequence number of an unsolicited FETCH for a UID (imapclient issue 334)."""
        self.wire.untagged_responses.pop("FETCH", None)  # from before; sequence numbers may have changed since
        kind, data = self.wire.uid("FETCH", ",".join(map(str, uids)), f"({' '.join(items)})")
        self._checkok("fetch", kind, data)
        found = parse_fetch_response(data, self.normalise_times, uid_is_key=False)
        return {row[b"UID"]: row for row in found.values() if row.get(b"UID") in set(uids)}
