"""A row in which something is odd, looked at cell by cell: mended and kept, refused, or skipped, and never silently."""

from __future__ import annotations

from collections.abc import Collection
from functools import partial

from maksa.loaders.gathering import Gathering
from maksa.loaders.reasons import reason
from maksa.loaders.table.cells import mended
from maksa.loaders.table.ownership import Ownership
from maksa.loaders.table.tables import BrokenRecord
from maksa.model.errors import FileUnreadableError


class RowMender:
    """Mends the rows of one table with these *columns*; the cells at *coded* must match other cells exactly."""

    def __init__(
        self, columns: tuple[str, ...], coded: Collection[int], ownership: Ownership, gathering: Gathering
    ) -> None:
        self._columns = columns
        self._coded = coded
        self._ownership = ownership
        self._gathering = gathering
        self._blank = 0
        self._first_blank = 0

    def row(self, row: list[str], number: int) -> list[str] | None:
        """The row as it will be kept, as long as the header; None where it was refused or skipped, and counted so.

        Raises: FileUnreadableError where the file cannot be read past this row.
        """
        if isinstance(row, BrokenRecord):
            self._refuse_broken(row, number)
            return None
        if self.is_blank(row, number) or self._ownership.is_foreign(row):
            return None
        width = len(self._columns)
        if any(map(str.strip, row[width:])):
            self._gathering.refuse("too-many-cells", row=number, value=row[width], cells=len(row), width=width)
            return None
        if len(row) < width:
            self._gathering.add("too-few-cells", row=number, value=row[-1], cells=len(row), width=width)
        return self._cells(row[:width] + [""] * (width - len(row)), number)

    def is_blank(self, row: list[str], number: int) -> bool:
        """Whether the row is wholly blank; it is counted as skipped then."""
        if any(map(str.strip, row)):
            return False
        self._first_blank = self._first_blank or number
        self._blank += 1
        self._gathering.report.skipped += 1
        return True

    def finish(self) -> None:
        """Gathers one warning for all blank rows."""
        if self._blank:
            self._gathering.add("blank-rows", row=self._first_blank, count=self._blank)

    def _refuse_broken(self, row: BrokenRecord, number: int) -> None:
        if row.fatal:
            file = self._gathering.report.file
            raise FileUnreadableError(file=file, **reason("row", row=number, reason=row.reason).facts, row=number)
        why = row.reason
        self._gathering.refuse("broken-record", row=number, reason=why.english, reason_fa=why.persian)

    def _cells(self, row: list[str], number: int) -> list[str] | None:
        cells = [self._cell(cell, at, number) for at, cell in enumerate(row)]
        kept = [cell for cell in cells if cell is not None]
        if len(kept) == len(cells):
            return kept
        self._gathering.report.refused += 1
        return None

    def _cell(self, cell: str, at: int, number: int) -> str | None:
        if cell.__class__ is not str:
            return cell  # Retyped: judged as a code
        note = partial(self._gathering.add, row=number, column=self._columns[at], value=cell)
        return mended(cell, note, is_code=at in self._coded)
