"""Servers that several tests of the world need."""

import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, cast

import pytest
from caldav.davclient import DAVClient
from imapclient import IMAPClient

from tests.servers.listener import Listener
from tests.servers.odd import OddServer
from tests.servers.radicale import PASSWORD, USER, Radicale
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
def client(radicale: Radicale) -> Iterator[Any]:
    """The user's own calendar program; all calendars go when it goes."""
    with DAVClient(radicale.url, username=USER, password=PASSWORD, timeout=10, enable_rfc6764=False) as opened:
        yield (client := cast(Any, opened))
        for calendar in client.get_principal().get_calendars():
            calendar.delete()


@pytest.fixture
def listener() -> Iterator[Listener]:
    """Takes what notifications are sent to it."""
    server = Listener()
    yield server
    server.stop()
