"""A server that says exactly what it is told to, octet by octet."""

import socket
import threading
import time
from collections.abc import Callable

Talk = Callable[["Conversation"], None]


class Conversation:
    """One client, as the script sees it."""

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock
        self._file = sock.makefile("rb")
        self.heard: list[bytes] = []

    def hear(self) -> bytes:
        """The next line of the client; its tag comes first."""
        line = self._file.readline()
        self.heard.append(line)
        return line

    def answer(self, *untagged: bytes, status: bytes = b"OK done") -> bytes:
        """Hear a command and answer it; returns the command."""
        line = self.hear()
        self.say(b"".join(part + b"\r\n" for part in untagged) + line.split(b" ", 1)[0] + b" " + status + b"\r\n")
        return line

    def say(self, *parts: bytes, pause: float = 0.0) -> None:
        """Send the parts as separate segments."""
        for part in parts:
            self._sock.sendall(part)
            time.sleep(pause)

    def hang_up(self) -> None:
        self._sock.shutdown(socket.SHUT_RDWR)


class ScriptedServer:
    """Greets, advertises IDLE and plays ``talk`` to the first client."""

    host = "127.0.0.1"

    def __init__(self, talk: Talk) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        self.error: BaseException | None = None
        self._thread = threading.Thread(target=self._play, args=(talk,), daemon=True)
        self._thread.start()

    def _play(self, talk: Talk) -> None:
        sock, _ = self._listener.accept()
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        with sock:
            sock.sendall(b"* OK [CAPABILITY IMAP4rev1 IDLE] ready\r\n")
            conversation = Conversation(sock)
            conversation.answer(b"* CAPABILITY IMAP4rev1 IDLE")
            try:
                talk(conversation)
            except OSError as error:
                self.error = error
        self._listener.close()
