"""The catalog's database: transactions that read or write, and its faults in the house's own errors."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import URL, Connection, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError

from maksa.catalog import older, schema
from maksa.catalog.dialect import Dialect
from maksa.catalog.sqlite import SQLite
from maksa.model.errors import SettingsError


class Database:
    """The database at *url*, its tables prepared. No transaction waits for another's lock longer than *wait_s*.

    Raises: SettingsError (a URL of another kind), StorageError (SchemaVersionError where a newer maksa made it).
    """

    def __init__(self, url: str, wait_s: float) -> None:
        self.dialect = _dialect(url)
        self._faults: tuple[type[Exception], ...] = (DBAPIError, *self.dialect.errors)
        self._engine = self.dialect.engine(wait_s)
        with self.reading() as connection:
            prepared = schema.is_prepared(connection, self.dialect.place)
        if not prepared:
            with self.writing() as connection:
                self.dialect.exclude_preparers(connection)
                self._prepare(connection)

    def _prepare(self, connection: Connection) -> None:
        """The tables are there, made or carried over now if another process has not done it meanwhile."""
        found = schema.found_version(connection, self.dialect.place)
        if found == 0:
            schema.create(connection)
        elif found < schema.SCHEMA_VERSION:
            older.carry_over(connection, self.dialect, found)

    def close(self) -> None:
        self._engine.dispose()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A transaction that sees one state of the catalog. Raises: StorageError."""
        with self.told_apart(), self._engine.begin() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that is committed at the end of the block, or leaves nothing. Raises: StorageError."""
        with self.told_apart(), self._engine.execution_options(writes=True).begin() as connection:
            yield connection

    @contextmanager
    def told_apart(self) -> Iterator[None]:
        """Within it, a fault of the database comes out as StorageError; what is wrong with our own SQL, as it is."""
        try:
            yield
        except self._faults as error:
            cause = getattr(error, "orig", None) or error
            kind = self.dialect.fault(cause)
            if kind is None:
                raise
            raise kind(path=self.dialect.place, reason=str(cause).strip()) from error


def _dialect(given: str) -> Dialect:
    try:
        url = make_url(given)
    except ArgumentError as error:
        raise SettingsError(place="the catalog's URL", reason="not a URL: sqlite:///… or postgresql://…") from error
    kind = url.drivername.partition("+")[0]
    if kind == "sqlite":
        return SQLite(url)
    if kind == "postgresql":
        return _postgresql(url)
    raise SettingsError(place="the catalog's URL", reason=f"{kind!r} is neither sqlite nor postgresql")


def _postgresql(url: URL) -> Dialect:
    """Imported when asked for: its driver comes with maksa[postgresql] only."""
    try:
        from maksa.catalog.postgresql import PostgreSQL
    except ImportError as error:
        raise SettingsError(place="the catalog's URL", reason="PostgreSQL needs maksa[postgresql]") from error
    return PostgreSQL(url)
