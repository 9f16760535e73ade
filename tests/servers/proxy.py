"""A proxy between us and an IMAP server that records every command and can misbehave at a chosen moment."""

import re
import select
import socket
import struct
import threading
from collections.abc import Callable
from types import TracebackType
from typing import Self

_COMMAND = re.compile(rb"^([A-Z0-9]+) ((?:UID )?[A-Z]+)(.*?)\r\n", re.IGNORECASE | re.DOTALL)

_BEGINNING = re.compile(rb"[A-Z0-9]+ [A-Z][^\r\n]*")


class Proxy:
    """``fault(command, connection)`` is asked for each command; what it returns is done to the server's answer.

    None passes it on; "swallow" lets the server act, keeps its answer and cuts; "cut" cuts before the server sees it;
    "silence" passes nothing on in either direction from then on. ``hide`` names capabilities that the client doesn't
    hear of.
    """

    host = "127.0.0.1"

    def __init__(
        self,
        port: int,
        fault: Callable[[str, int], str | None] = lambda _command, _connection: None,
        hide: tuple[str, ...] = (),
    ) -> None:
        self._target, self._fault = port, fault
        self._hidden = [(f" {name} ".encode(), f" X{name[1:]} ".encode()) for name in hide]  # of the same length
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        self.commands: list[str] = []
        self.connections = 0
        self._begun: dict[int, bytes] = {}  # by connection: a command whose line end is still to come
        self._open: list[socket.socket] = []
        self._closing = threading.Event()
        threading.Thread(target=self._accept, daemon=True).start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._closing.set()
        self._listener.close()
        self.hang_up()

    def verbs(self) -> set[str]:
        """The commands seen, without their arguments."""
        return {
            " ".join(command.split()[:2]) if command.upper().startswith("UID") else command.split()[0]
            for command in self.commands
        }

    def hang_up(self, *, reset: bool = False) -> None:
        """End all connections, politely or not."""
        for sock in self._open:
            _close(sock, reset=reset)
        self._open.clear()

    def _accept(self) -> None:
        while not self._closing.is_set():
            try:
                client, _ = self._listener.accept()
                server = socket.create_connection(("127.0.0.1", self._target))
            except OSError:
                return
            self.connections += 1
            self._open += [client, server]
            threading.Thread(target=self._serve, args=(client, server, self.connections), daemon=True).start()

    def _serve(self, client: socket.socket, server: socket.socket, number: int) -> None:
        state: str | None = None
        try:
            while True:
                ready, _, _ = select.select([client, server], [], [])
                for sock in ready:
                    data = sock.recv(65536)
                    if not data:
                        raise ConnectionError
                    if sock is client:
                        state = self._said(data, number) or state
                        if state == "cut":
                            raise ConnectionError
                        if state != "silence":
                            server.sendall(data)
                    elif state == "swallow" and b" OK " in data:
                        raise ConnectionError
                    elif state != "silence":
                        client.sendall(self._masked(data))
        except (OSError, ValueError):
            _close(client, reset=True)
            _close(server, reset=False)

    def _masked(self, data: bytes) -> bytes:
        for name, mask in self._hidden:
            data = data.replace(name, mask)
        return data

    def _said(self, data: bytes, number: int) -> str | None:
        data = self._begun.pop(number, b"") + data
        match = _COMMAND.match(data)
        if match is None:
            if _BEGINNING.fullmatch(data):  # imapclient sends the line end of a SEARCH by itself
                self._begun[number] = data
            return None
        command = (match[2] + match[3]).decode("latin-1")
        self.commands.append(
            command if not command.upper().startswith(("LOGIN", "AUTHENTICATE")) else command.split()[0]
        )
        return self._fault(command, number)


def _close(sock: socket.socket, *, reset: bool) -> None:
    try:
        if reset:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        else:
            sock.shutdown(socket.SHUT_RDWR)
        sock.close()
    except OSError:
        return
