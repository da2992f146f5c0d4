"""A small database, the accounts' or the desk's: transactions that read or write, its faults in the house's own errors."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

from sqlalchemy import Connection, Table
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from maksa.model.errors import LockedError
from maksa.web.gateway.dialect import dialect_of
from maksa.web.gateway.schema import TABLES
from maksa.web.gateway.tables import Tables

APART_S = 60.0
"""How far the clocks of two who use one store may be apart: of threads, which wait for it after they have looked at theirs, and of
machines. What is dated further ahead is of a clock that was wrong, and would hold until then."""


class Store:
    """The store at *url* (sqlite:///… or postgresql://…), its *tables* prepared. Any thread may use it.

    *setting* is the one that names the URL, for errors. No transaction waits for another's lock longer than *wait_s*.
    Raises: SettingsError (a URL of another kind), SchemaVersionError, StorageError.
    """

    def __init__(
        self, url: str, *, wait_s: float = 5.0, tables: Tables = TABLES, setting: str = "accounts_url"
    ) -> None:
        self._tables = tables
        self._dialect = dialect_of(url, wait_s, setting)
        self._writer = self._dialect.engine.execution_options(writes=True)
        self.place = self._dialect.place
        with ExitStack() as undone:
            undone.callback(self.close)
            self._prepare()
            undone.pop_all()

    def close(self) -> None:
        self._dialect.engine.dispose()

    def insert(self, table: Table) -> Any:
        """An INSERT that knows `on_conflict_do_update`."""
        return self._dialect.insert(table)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A transaction that changes nothing. Raises: StorageError (LockedError, ReadOnlyError, …)."""
        with self._told_apart(), self._dialect.engine.begin() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that is committed at the end of the block, or leaves nothing.

        Raises: StorageError (LockedError, ReadOnlyError, DiskFullError, …).
        """
        with self._told_apart(), self._writer.begin() as connection:
            yield connection

    def _prepare(self) -> None:
        with self.reading() as connection:
            if self._tables.is_prepared(connection, self.place):
                return
        with self.writing() as connection:
            self._dialect.exclude_preparers(connection)
            self._tables.prepare(connection, self.place)

    @contextmanager
    def _told_apart(self) -> Iterator[None]:
        try:
            yield
        except PoolTimeoutError as error:
            raise LockedError(path=self.place, reason="every connection is in use") from error
        except DBAPIError as error:
            kind = self._dialect.fault(error.orig or error)
            if kind is None:
                raise
            raise kind(path=self.place, reason=str(error.orig).strip()) from error
