"""The catalog in PostgreSQL, for those who keep their records there; psycopg 3."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import psycopg
from sqlalchemy import URL, Connection, Engine, NullPool, Table, create_engine
from sqlalchemy.dialects.postgresql import insert as postgresql_insert

from maksa.catalog.packing import Block
from maksa.model.errors import DiskFullError, LockedError, ReadOnlyError, StorageError

_PAGE = 20  # blocks fetched at a time
_PREPARERS = 0x4D4B5341  # an advisory lock of our own: "MKSA"

_KINDS: dict[str, type[StorageError]] = {
    "53100": DiskFullError,
    "25006": ReadOnlyError,
    "55P03": LockedError,
    "40P01": LockedError,
}
"""By SQLSTATE. Source: PostgreSQL's manual, appendix A."""


class PostgreSQL:
    """`Dialect` of a PostgreSQL server."""

    errors: tuple[type[Exception], ...] = (psycopg.Error,)

    def __init__(self, url: URL) -> None:
        self._url = url.set(drivername="postgresql+psycopg")
        self.place = url.render_as_string(hide_password=True)

    def engine(self, wait_s: float) -> Engine:
        options = f"-c lock_timeout={max(1, round(wait_s * 1000))} -c timezone=UTC"
        return create_engine(self._url, poolclass=NullPool, connect_args={"options": options})

    def insert(self, table: Table) -> Any:
        return postgresql_insert(table)

    def exclude_preparers(self, connection: Connection) -> None:
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_PREPARERS})")

    def fill(self, connection: Connection, blocks: Iterable[Block]) -> None:
        with _raw(connection).cursor() as cursor, cursor.copy("COPY draft_block FROM STDIN") as copy:
            for block in blocks:
                copy.write_row(block)

    def clear(self, connection: Connection, number: int) -> None:
        connection.exec_driver_sql("DELETE FROM draft_block WHERE version = %s", (number,))

    def stream(self, connection: Connection, number: int) -> Iterator[bytes]:
        sql = "SELECT packed FROM draft_block WHERE version = %s ORDER BY first"
        with _raw(connection).cursor(name="draft") as cursor:
            cursor.itersize = _PAGE
            for (packed,) in cursor.execute(sql, (number,)):
                yield packed

    def fault(self, error: BaseException) -> type[StorageError] | None:
        """Classes 22, 23 and 42 are faults of data and syntax: ours."""
        state = getattr(error, "sqlstate", None) or ""
        return None if state[:2] in ("22", "23", "42") else _KINDS.get(state, StorageError)


def _raw(connection: Connection) -> psycopg.Connection[Any]:
    """The driver's own connection, for COPY and for a cursor on the server."""
    raw: psycopg.Connection[Any] = connection.connection.driver_connection  # type: ignore[assignment]
    return raw
