"""One SQLite file and the one thread that talks to it: durable, versioned, safe to kill at any instruction."""

import contextlib
import sqlite3
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

import sqlalchemy as sa

from unburnt.errors import ConfigurationProblem, TryAgain
from unburnt.world.schema import MIGRATIONS, VERSION, metadata

JOURNAL = "journal.sqlite"  # its name in the state directory
_BUSY_SECONDS = 10
_PAUSE = 0.02
T = TypeVar("T")


class Database:
    """Transactions, one after another, in a thread of their own (SQLite has one writer anyway)."""

    def __init__(self, path: Path | None) -> None:
        """Open or create the file; None keeps it in memory. TryAgain when it can't be written."""
        self.path = path
        self._thread = ThreadPoolExecutor(1, "journal")
        if path is not None:
            try:
                path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
                path.touch(mode=0o600)
            except OSError as error:
                raise TryAgain(
                    f"{path}: the journal can't be written: {error.strerror}. Nothing is done without it."
                ) from error
        url = sa.URL.create("sqlite", database=str(path) if path else ":memory:")
        pool = sa.pool.StaticPool if path is None else None
        arguments = {"timeout": _BUSY_SECONDS, "check_same_thread": False}
        self._engine = sa.create_engine(url, poolclass=pool, connect_args=arguments, hide_parameters=True)  # mail
        sa.event.listen(self._engine, "connect", _pragmas)
        sa.event.listen(self._engine, "begin", _begin_immediate)
        try:
            self.run(self._migrate)
        except BaseException:
            self.close()
            raise

    def run(self, work: Callable[[sa.Connection], T]) -> T:
        """Do ``work`` in one transaction that is on the disk when this returns (synchronous=FULL)."""
        return self._thread.submit(self._transaction, work).result()

    def _transaction(self, work: Callable[[sa.Connection], T]) -> T:
        try:
            with self._engine.begin() as connection:
                return work(connection)
        except sa.exc.OperationalError as error:
            raise TryAgain(
                f"{self.path}: the journal can't be written: {error.orig}. Nothing is done without it."
            ) from error
        except sa.exc.DatabaseError as error:
            raise TryAgain(
                f"{self.path}: the journal is damaged: {error.orig}. Put back a copy, or move it away."
            ) from error

    def _migrate(self, connection: sa.Connection) -> None:
        version = connection.exec_driver_sql("PRAGMA user_version").scalar_one()
        if version > VERSION:
            raise ConfigurationProblem(
                f"{self.path}: has schema {version}, written by a newer Unburnt; this one knows {VERSION}. "
                "Upgrade, or use another state directory."
            )
        if version == VERSION:
            return
        for step in MIGRATIONS[version:] if version else ():
            for statement in step:
                connection.exec_driver_sql(statement)
        metadata.create_all(connection)
        connection.exec_driver_sql(f"PRAGMA user_version = {VERSION}")

    def housekeep(self) -> None:
        """Now and then: let SQLite look after its indexes and fold the write-ahead log in."""
        self._thread.submit(self._housekeep).result()

    def _housekeep(self) -> None:
        # on SQLite's own connection: SQLAlchemy would begin a transaction, in which there is no checkpoint
        with contextlib.closing(self._engine.raw_connection()) as connection:
            for pragma in ("optimize", "wal_checkpoint(TRUNCATE)"):
                connection.cursor().execute(f"PRAGMA {pragma}").fetchall()

    def close(self) -> None:
        self._thread.submit(self._engine.dispose).result()
        self._thread.shutdown()


def _pragmas(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None  # SQLAlchemy's documented way to let "begin" below decide
    _to_wal(connection)
    for pragma in ("synchronous=FULL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _to_wal(connection: sqlite3.Connection) -> None:
    """Two that turn a new file at the same time would wait for each other, so SQLite refuses one at once, without the
    busy timeout (sqlite.org/c3ref/busy_handler.html); that one asks again.
    """
    deadline = time.monotonic() + _BUSY_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                raise
            time.sleep(_PAUSE)
        else:
            return


def _begin_immediate(connection: sa.Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")
