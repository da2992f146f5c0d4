"""What an opened table is to those who read its rows, be it text or a sheet of a workbook."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Protocol

from maksa.loaders.table.columns import Plan
from maksa.model.reasons import Reason


class BrokenRecord(list[str]):
    """A row that could not be told into cells. Where it is `fatal` the rows after it are lost with it."""

    def __init__(self, reason: Reason, *, fatal: bool) -> None:
        super().__init__()
        self.reason = reason
        self.fatal = fatal


class Table(Protocol):
    """A table whose header was found in row `header_row` (from 1). `sheet` is "" for text."""

    @property
    def sheet(self) -> str: ...
    @property
    def header_row(self) -> int: ...
    @property
    def plan(self) -> Plan: ...
    @property
    def notes(self) -> dict[str, dict[str, Any]]:
        """Findings about the whole file: the facts of each, by slug."""
        ...

    def rows(self) -> Iterator[list[str]]:
        """The rows after the header, in order, from the first one each time it is called.

        A row is as long as it is in the file. Its code may be a `Retyped`; a broken row is a `BrokenRecord`.
        """
        ...
