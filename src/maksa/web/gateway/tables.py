"""The tables of a small store, made by whoever opens it first, and the refusal of those that another maksa has changed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import Connection, MetaData, Table, insert, inspect, select

from maksa.model.errors import SchemaVersionError


def _nothing(_connection: Connection) -> None:
    """A store that is its tables alone."""


@dataclass(frozen=True, slots=True)
class Tables:
    """What a store holds. *counter* has columns `name` and `value`: the row "schema_version", and *counters* from 0."""

    metadata: MetaData
    counter: Table
    version: int
    counters: tuple[str, ...]
    guard: Callable[[Connection], None] = _nothing  # what is made beside the tables, once

    def is_prepared(self, connection: Connection, place: str) -> bool:
        """Whether the tables are there. Raises: SchemaVersionError where they are another maksa's."""
        if not inspect(connection).has_table(self.counter.name):
            return False
        found = connection.scalar(select(self.counter.c.value).where(self.counter.c.name == "schema_version"))
        if found != self.version:
            raise SchemaVersionError(path=place, found=found, known=self.version)
        return True

    def prepare(self, connection: Connection, place: str) -> None:
        """The tables are there, made now if another process has not made them meanwhile. Raises: SchemaVersionError."""
        if self.is_prepared(connection, place):
            return
        self.metadata.create_all(connection)
        self.guard(connection)
        values = {"schema_version": self.version} | dict.fromkeys(self.counters, 0)
        connection.execute(insert(self.counter), [{"name": name, "value": value} for name, value in values.items()])
