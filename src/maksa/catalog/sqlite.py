"""The catalog in an SQLite file: the default, with nothing to install."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, NullPool, Table, create_engine, event
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from maksa.catalog.packing import Block
from maksa.model.errors import DiskFullError, LockedError, ReadOnlyError, StorageError

_PRAGMAS = (
    "page_size = 16384",  # of a new file: a draft is written, read and dropped a quarter faster than in pages of 4096
    "journal_mode = WAL",  # readers go on while a draft is written
    "synchronous = FULL",
    "foreign_keys = ON",
    "secure_delete = OFF",  # some builds overwrite what is deleted, at twice the time
    "cache_size = -16384",  # KiB
    "journal_size_limit = 16777216",  # bytes the log keeps after a large draft
)

_OTHERS = """
SELECT EXISTS (SELECT 1 FROM draft_block WHERE version < ?) OR EXISTS (SELECT 1 FROM draft_block WHERE version > ?)
"""

_KINDS: dict[int, type[StorageError]] = {
    sqlite3.SQLITE_FULL: DiskFullError,
    sqlite3.SQLITE_READONLY: ReadOnlyError,
    sqlite3.SQLITE_BUSY: LockedError,
    sqlite3.SQLITE_LOCKED: LockedError,
}

_OURS = {sqlite3.SQLITE_ERROR, sqlite3.SQLITE_CONSTRAINT, sqlite3.SQLITE_MISUSE, sqlite3.SQLITE_RANGE}


class SQLite:
    """`Dialect` of an SQLite file."""

    errors: tuple[type[Exception], ...] = (sqlite3.Error,)

    def __init__(self, url: URL) -> None:
        self._url = url
        self._path = Path(url.database or ":memory:").absolute()
        self.place = str(self._path)

    def engine(self, wait_s: float) -> Engine:
        engine = create_engine(self._url, poolclass=NullPool, connect_args={"timeout": wait_s})
        event.listen(engine, "connect", _prepare)
        event.listen(engine, "begin", _begin)
        return engine

    def insert(self, table: Table) -> Any:
        return sqlite_insert(table)

    def exclude_preparers(self, connection: Connection) -> None:
        """Nothing to do: a transaction that writes is alone (`_begin`)."""

    def fill(self, connection: Connection, blocks: Iterable[Block]) -> None:
        _raw(connection).executemany("INSERT INTO draft_block VALUES (?,?,?,?)", blocks)

    def clear(self, connection: Connection, number: int) -> None:
        """A table that is emptied whole is emptied at once, and mostly there is one draft at a time."""
        if _raw(connection).execute(_OTHERS, (number, number)).fetchone() == (0,):
            connection.exec_driver_sql("DELETE FROM draft_block")
        else:
            connection.exec_driver_sql("DELETE FROM draft_block WHERE version = ?", (number,))

    def stream(self, connection: Connection, number: int) -> Iterator[bytes]:
        sql = "SELECT packed FROM draft_block WHERE version = ? ORDER BY first"
        return (packed for (packed,) in _raw(connection).execute(sql, (number,)))

    def fault(self, error: BaseException) -> type[StorageError] | None:
        code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
        folder = self._path.parent
        if code == sqlite3.SQLITE_CANTOPEN and folder.is_dir() and not os.access(folder, os.W_OK):
            return ReadOnlyError
        return None if code in _OURS else _KINDS.get(code, StorageError)


def _raw(connection: Connection) -> sqlite3.Connection:
    """The driver's own connection: SQLAlchemy's executemany makes a list of the rows first."""
    raw: sqlite3.Connection = connection.connection.driver_connection  # type: ignore[assignment]
    return raw


def _prepare(raw: sqlite3.Connection, _record: object) -> None:
    raw.isolation_level = None  # the driver begins no transaction of its own; `_begin` does
    for pragma in _PRAGMAS:
        raw.execute(f"PRAGMA {pragma}")


def _begin(connection: Connection) -> None:
    """A writer takes its lock at once: one that had read first could not wait for another."""
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
