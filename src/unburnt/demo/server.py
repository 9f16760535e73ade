"""A real IMAP server in this process: pymap's in-memory backend on a free loopback port, in a thread of its own."""

import asyncio
import threading
from argparse import Namespace
from types import TracebackType
from typing import Any, Self

from unburnt.errors import UsageProblem

_START_SECONDS = 15


class EmbeddedServer:
    """``with EmbeddedServer("sam", "secret") as server:`` gives host and port; nothing outlives it."""

    host = "127.0.0.1"

    def __init__(self, user: str, password: str) -> None:
        self.user, self.password, self.port = user, password, 0
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._serve, name="imap-server", daemon=True)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._error: BaseException | None = None

    def __enter__(self) -> Self:
        try:
            import pymap.backend.dict  # noqa: F401
        except ImportError as error:
            raise UsageProblem(
                "The demo needs its IMAP server: pip install 'unburnt[demo]' (or start it with ./run demo)."
            ) from error
        self._thread.start()
        if not self._ready.wait(_START_SECONDS) or self._error is not None:
            raise UsageProblem(f"the embedded IMAP server did not start: {self._error}")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(5)

    def _serve(self) -> None:
        try:
            asyncio.run(self._main())
        except Exception as error:  # noqa: BLE001  # handed to the thread that waits
            self._error = error
            self._ready.set()

    async def _main(self) -> None:
        from proxyprotocol.reader import ProxyProtocolReader
        from proxyprotocol.version import ProxyProtocolVersion
        from pymap.backend.dict import DictBackend
        from pymap.imap import IMAPServer

        self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        arguments = Namespace(
            host=self.host,
            port=0,
            cert=None,
            key=None,
            tls=False,
            proxy_protocol=None,
            inherited_sockets=None,
            debug=False,
            passlib_cfg=None,
            demo_data=False,
            demo_user=self.user,
            demo_password=self.password,
        )
        backend, config = await DictBackend.init(arguments)
        config.apply_context()
        serve = IMAPServer(backend.login, config)
        sessions: set[asyncio.Task[None] | None] = set()

        async def session(*streams: Any) -> None:
            sessions.add(task := asyncio.current_task())  # proxyprotocol keeps no reference: Python 3.13 collects it
            try:
                await serve(*streams)
            finally:
                sessions.discard(task)

        answer = ProxyProtocolReader(ProxyProtocolVersion.get("noop")).get_callback(session)
        async with await asyncio.start_server(answer, host=self.host, port=0) as server:
            self.port = server.sockets[0].getsockname()[1]
            self._ready.set()
            await self._stop.wait()
        await self._hang_up()

    async def _hang_up(self) -> None:
        """End the sessions that are still open, so that the loop closes without a word."""
        others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
