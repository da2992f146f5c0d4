"""Differences as a workbook, written while they pass by: memory does not grow with rows."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import xlsxwriter  # type: ignore[import-untyped]
from xlsxwriter.exceptions import FileCreateError, XlsxWriterException  # type: ignore[import-untyped]

from maksa.cli.differences import row_of
from maksa.model.difference import Comparison, Difference
from maksa.model.errors import StorageError
from maksa.snapshot.storage import told_apart

ROWS_LIMIT = 1 << 20  # of a sheet, its header among them; what is more goes on in another
CELL_LIMIT = 32_767  # characters; Excel refuses more

_HEADER = ("kind · نوع", "code · کد", "display · مقدار", "before · پیش از این", "after · اکنون")
_WIDTHS = (14, 20, 60, 60, 60)
_OPTIONS = {
    "constant_memory": True, "use_zip64": True,
    "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False,
}  # fmt: skip
_DISPLAYED = {
    "added": "added · افزوده", "retired": "retired · کنارگذاشته", "relabelled": "relabelled · مقدار دیگر",
    "moved": "moved · جابه‌جا", "status": "status · وضعیت", "properties": "properties · ویژگی‌ها",
    "designations": "designations · عنوان‌های دیگر",
}  # fmt: skip


def written(comparison: Comparison, path: Path) -> Iterator[Difference]:
    """The differences of *comparison* as they are, each in the workbook at *path* too, which is whole when they end.

    Raises: StorageError; nothing is at *path* then.
    """
    if path.exists():
        raise StorageError(path=str(path), reason="is there already; a workbook never takes the place of a file")
    with told_apart(path), tempfile.TemporaryDirectory(dir=path.parent) as folder:
        fresh = Path(folder) / path.name
        book = xlsxwriter.Workbook(fresh, {"tmpdir": folder, **_OPTIONS})
        yield from _filled(book, comparison)
        _close(book, path)
        fresh.rename(path)


def _close(book: Any, path: Path) -> None:
    try:
        book.close()
    except FileCreateError as error:
        raise error.args[0] from error  # the OSError that it was made of
    except XlsxWriterException as error:
        raise StorageError(path=str(path), reason=str(error)) from error


def _filled(book: Any, comparison: Comparison) -> Iterator[Difference]:
    sheet, row = _sheet(book), 1
    for difference in comparison:
        if row == ROWS_LIMIT:
            sheet, row = _sheet(book), 1
        sheet.write_row(row, 0, [cell[:CELL_LIMIT] for cell in row_of(difference)])
        row += 1
        yield difference
    _count(book, comparison)


def _sheet(book: Any) -> Any:
    sheet = book.add_worksheet()
    bold = book.add_format({"bold": True})
    for column, width in enumerate(_WIDTHS):
        sheet.set_column(column, column, width)
    sheet.freeze_panes(1, 0)
    sheet.write_row(0, 0, _HEADER, bold)
    return sheet


def _count(book: Any, comparison: Comparison) -> None:
    sheet = book.add_worksheet("counts")
    sheet.set_column(0, 1, 32)
    facts = {"terminology · ترمینولوژی": comparison.terminology_id}
    facts |= {"earlier · پیشین": comparison.earlier, "later · پسین": comparison.later}
    rows: list[tuple[str, str | int]] = [*facts.items()]
    rows += [(_DISPLAYED[kind], count) for kind, count in comparison.counts.items()]
    for place, row in enumerate(rows):
        sheet.write_row(place, 0, row)
