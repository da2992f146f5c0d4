"""What the catalog asks of a database, beyond the SQL that all of them share."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Protocol

from sqlalchemy import Connection, Engine, Table

from maksa.catalog.packing import Block
from maksa.model.errors import StorageError


class Dialect(Protocol):
    """One database of one kind: how to reach it, to fill and read a draft, and what its faults mean."""

    place: str
    """How errors name it: a path, or the URL without its password."""

    errors: tuple[type[Exception], ...]
    """The root of the driver's exceptions."""

    def engine(self, wait_s: float) -> Engine:
        """An engine on which nothing waits for a lock longer than *wait_s*."""

    def insert(self, table: Table) -> Any:
        """The dialect's own INSERT, which knows `on_conflict_do_nothing`."""

    def exclude_preparers(self, connection: Connection) -> None:
        """Lets no other process prepare the tables until this transaction ends."""

    def fill(self, connection: Connection, blocks: Iterable[Block]) -> None:
        """Writes *blocks* into `draft_block` as they come."""

    def clear(self, connection: Connection, number: int) -> None:
        """Drops the concepts of a draft."""

    def stream(self, connection: Connection, number: int) -> Iterator[bytes]:
        """What is packed in each block of a draft, in the order of the list; a few of them are held at a time."""

    def fault(self, error: BaseException) -> type[StorageError] | None:
        """What the driver's *error* says of the storage; None where it says something of our own SQL."""
