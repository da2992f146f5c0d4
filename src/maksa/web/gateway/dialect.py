"""The two kinds of database that may hold accounts, or the desk, in what they differ.

An error of either names the statement and never its values: they are hashes, names and addresses, and errors are logged.
"""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path
from typing import Any, Protocol

from sqlalchemy import URL, Connection, Engine, Table, create_engine, event, make_url
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.exc import ArgumentError, NoSuchModuleError

from maksa.model.errors import DiskFullError, LockedError, ReadOnlyError, SettingsError, StorageError
from maksa.settings import masked

_OF_SQLITE: dict[int, type[StorageError]] = {
    sqlite3.SQLITE_FULL: DiskFullError,
    sqlite3.SQLITE_READONLY: ReadOnlyError,
    sqlite3.SQLITE_BUSY: LockedError,
    sqlite3.SQLITE_LOCKED: LockedError,
}
_OURS = {sqlite3.SQLITE_ERROR, sqlite3.SQLITE_CONSTRAINT, sqlite3.SQLITE_MISUSE, sqlite3.SQLITE_RANGE}

_OF_POSTGRESQL: dict[str, type[StorageError]] = {
    "53100": DiskFullError,
    "25006": ReadOnlyError,
    "55P03": LockedError,
    "40P01": LockedError,
}
"""By SQLSTATE. Source: PostgreSQL's manual, appendix A."""

_LIFE_SIGNS = {
    "keepalives_idle": 10, "keepalives_interval": 5, "keepalives_count": 3, "tcp_user_timeout": 15_000
}  # fmt: skip
"""How soon a server whose machine is gone without a word is given up: in half a minute, not in the system's quarter of an hour.

Source: PostgreSQL's manual, 34.1.2, parameter key words.
"""

_PREPARERS = 0x4D4B5347  # PostgreSQL's number of an advisory lock of our own: "MKSG"


class Dialect(Protocol):
    """One database of one kind."""

    place: str
    """How errors name it: a path, or the URL without its password."""

    engine: Engine

    def insert(self, table: Table) -> Any:
        """The dialect's own INSERT, which knows `on_conflict_do_update`."""

    def exclude_preparers(self, connection: Connection) -> None:
        """Lets no other process prepare the tables until this transaction ends."""

    def fault(self, error: BaseException) -> type[StorageError] | None:
        """What the driver's *error* says of the storage; None where it says something of our own SQL."""


class SQLite:
    """An SQLite file in WAL mode: readers never wait, and a writer takes its lock at once."""

    def __init__(self, url: URL, wait_s: float) -> None:
        self._path = Path(url.database or ":memory:").absolute()
        self.place = str(self._path)
        self.engine = create_engine(url, connect_args={"timeout": wait_s}, hide_parameters=True)
        event.listen(self.engine, "connect", _prepare_sqlite)
        event.listen(self.engine, "begin", _begin_sqlite)

    def insert(self, table: Table) -> Any:
        return sqlite_insert(table)

    def exclude_preparers(self, connection: Connection) -> None:
        """Nothing to do: a transaction that writes is alone."""

    def fault(self, error: BaseException) -> type[StorageError] | None:
        code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
        parent = self._path.parent
        if code == sqlite3.SQLITE_CANTOPEN and parent.is_dir() and not os.access(parent, os.W_OK):
            return ReadOnlyError
        return None if code in _OURS else _OF_SQLITE.get(code, StorageError)


class PostgreSQL:
    """A PostgreSQL server, through psycopg 3. No lock is waited for longer than *wait_s*."""

    def __init__(self, url: URL, wait_s: float) -> None:
        self.place = str(masked(url.render_as_string()))
        own = url.query.get("options", "")  # what the operator has put in the URL stands
        options = {
            "options": f"{own} -c lock_timeout={max(1, round(wait_s * 1000))}",
            "connect_timeout": max(1, round(wait_s)),
            **{name: value for name, value in _LIFE_SIGNS.items() if name not in url.query},
        }
        # a connection that has lain idle is tried first: the server may have been restarted meanwhile
        self.engine = create_engine(url, pool_pre_ping=True, connect_args=options, hide_parameters=True)

    def insert(self, table: Table) -> Any:
        return postgresql_insert(table)

    def exclude_preparers(self, connection: Connection) -> None:
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_PREPARERS})")

    def fault(self, error: BaseException) -> type[StorageError] | None:
        """Classes 22, 23 and 42 are faults of data and syntax: ours."""
        state = getattr(error, "sqlstate", None) or ""
        return None if state[:2] in ("22", "23", "42") else _OF_POSTGRESQL.get(state, StorageError)


def dialect_of(given: str, wait_s: float, setting: str = "accounts_url") -> Dialect:
    """The dialect of a URL, which *setting* names.

    Raises: SettingsError where it is of another kind, or its driver is not installed.
    """
    try:
        url = make_url(given)
        kind = url.drivername.partition("+")[0]
        if kind == "sqlite":
            return SQLite(url, wait_s)
        if kind == "postgresql":
            return PostgreSQL(url.set(drivername="postgresql+psycopg"), wait_s)
    except (ArgumentError, NoSuchModuleError) as error:
        raise SettingsError(place=setting, reason="not a URL: sqlite:///… or postgresql://…") from error
    except ImportError as error:
        raise SettingsError(place=setting, reason="PostgreSQL needs maksa[postgresql]") from error
    raise SettingsError(place=setting, reason=f"{kind!r} is neither sqlite nor postgresql")


def _prepare_sqlite(raw: sqlite3.Connection, _record: object) -> None:
    raw.isolation_level = None  # the driver begins no transaction of its own; `_begin_sqlite` does
    for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON"):
        raw.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    """A writer takes its lock at once: one that had read first could not wait for another."""
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
