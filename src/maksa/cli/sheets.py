"""Workbooks that are written row by row: memory does not grow with rows, and a text stays a text.

A cell that begins like a formula or an address is text all the same: what a file of somebody else's holds never runs in the
reader's spreadsheet.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from maksa.model.errors import StorageError
from maksa.snapshot.storage import told_apart

ROWS_LIMIT = 1 << 20  # of a sheet, its header among them; what is more goes on in another
CELL_LIMIT = 32_767  # characters; Excel refuses more

_OPTIONS = {
    "constant_memory": True, "use_zip64": True,
    "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False,
}  # fmt: skip


class Sheets:
    """The sheets of one long table. Made by `workbook`."""

    def __init__(self, book: Any, header: Sequence[str], widths: Sequence[int]) -> None:
        self._book = book
        self._header = header
        self._widths = widths
        self._bold = book.add_format({"bold": True})
        self._begin()

    def write(self, row: Iterable[str | int]) -> None:
        """Appends *row*, in another sheet where this one is full. Raises: StorageError, by `workbook`."""
        if self._row == ROWS_LIMIT:
            self._begin()
        self._sheet.write_row(self._row, 0, [cell[:CELL_LIMIT] if isinstance(cell, str) else cell for cell in row])
        self._row += 1

    def count(self, rows: Iterable[tuple[str, str | int]]) -> None:
        """Ends the table; *rows* of a name and what it is go into a last sheet."""
        sheet = self._book.add_worksheet("counts")
        sheet.right_to_left()
        sheet.set_column(0, 1, 32)
        for place, row in enumerate(rows):
            sheet.write_row(place, 0, row)

    def _begin(self) -> None:
        self._sheet = self._book.add_worksheet()
        for column, width in enumerate(self._widths):
            self._sheet.set_column(column, column, width)
        self._sheet.right_to_left()  # its headers are in two languages; who reads it by hand reads Persian first
        self._sheet.freeze_panes(1, 0)
        self._sheet.autofilter(0, 0, ROWS_LIMIT - 1, len(self._header) - 1)
        self._sheet.write_row(0, 0, self._header, self._bold)
        self._row = 1


@contextmanager
def workbook(path: Path, header: Sequence[str], widths: Sequence[int]) -> Iterator[Sheets]:
    """A workbook that is at *path*, whole, when the block ends. *widths* are of the columns, in characters.

    Raises: StorageError; nothing is at *path* then.
    """
    import xlsxwriter  # type: ignore[import-untyped]  # here: most reports are no workbooks, and it takes a while to import

    refuse_existing(path)
    with told_apart(path), tempfile.TemporaryDirectory(dir=path.parent) as folder:
        fresh = Path(folder) / path.name
        book = xlsxwriter.Workbook(fresh, {"tmpdir": folder, **_OPTIONS})
        yield Sheets(book, header, widths)
        _close(book, path)
        fresh.rename(path)


def refuse_existing(path: Path) -> None:
    """Raises: StorageError, where something is at *path*."""
    if path.exists():
        raise StorageError(path=str(path), reason="is there already; a report never takes the place of a file")


def _close(book: Any, path: Path) -> None:
    from xlsxwriter.exceptions import FileCreateError, XlsxWriterException  # type: ignore[import-untyped]

    try:
        book.close()
    except FileCreateError as error:
        raise error.args[0] from error  # the OSError that it was made of
    except XlsxWriterException as error:
        raise StorageError(path=str(path), reason=str(error)) from error
