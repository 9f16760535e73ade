"""Servers that several tests of the world need."""

import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from imapclient import IMAPClient

from tests.servers.listener import Listener
from tests.servers.odd import OddServer
from tests.servers.radicale import Radicale
from tests.servers.scripted import ScriptedServer
from unburnt.demo.server import EmbeddedServer
from unburnt.world.imap import Connection, Server


@pytest.fixture(scope="session")
def pymap() -> Iterator[EmbeddedServer]:
    """pymap, with sam's INBOX and Drafts."""
    pytest.importorskip("pymap")
    with EmbeddedServer("sam", "secret") as server:
        with IMAPClient(server.host, port=server.port, ssl=False) as client:
            client.login("sam", "secret")
            if not client.folder_exists("Drafts"):
                client.create_folder("Drafts")
        yield server


@pytest.fixture
def connected() -> Iterator[Callable[..., Connection]]:
    """Connect to an odd server and log in; a mailbox may be named as Drafts."""
    opened = []

    def connect(odd: OddServer, drafts: str = "") -> Connection:
        server = ScriptedServer(odd)
        opened.append(connection := Connection(Server("odd", server.host, server.port, "none", "sam", drafts)))
        connection.login("secret")
        return connection

    yield connect
    for connection in opened:
        connection.close()


@pytest.fixture(scope="session")
def radicale() -> Iterator[Radicale]:
    """A real CalDAV server with one user."""
    if (why := Radicale.available()) is not None:
        pytest.skip(why)
    with tempfile.TemporaryDirectory(prefix="radicale-") as home:
        server = Radicale(Path(home))
        yield server
        server.stop()


@pytest.fixture
def listener() -> Iterator[Listener]:
    """Takes what notifications are sent to it."""
    server = Listener()
    yield server
    server.stop()
