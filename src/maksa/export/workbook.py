"""XLSX, row by row: every cell is a text, and no text is made a number, an address or a formula.

Rules of this file:
- a sheet ends at 1,048,576 rows, its header among them; what is more goes on in another sheet, under the same header;
- a text of more than 32,767 characters is cut there: Excel refuses the whole workbook otherwise;
- while it is written a workbook is in temporary files, not in memory.
"""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Iterator, Sequence
from itertools import chain, islice
from typing import IO, Any

from maksa.export.content import Column, Content
from maksa.export.extras import of_extra
from maksa.export.text import textual

ROWS_LIMIT = 1 << 20
CELL_LIMIT = 32_767
EXTRA = "analysis"
CHUNK = 1 << 18  # bytes

_BATCH = 1_000  # rows
_OPTIONS = {
    "constant_memory": True, "use_zip64": True,
    "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False,
}  # fmt: skip
_WIDTHS = {"display": 60, "code": 20}  # characters
_WIDTH = 24
_CREATED = dt.datetime(1980, 1, 1)  # noqa: DTZ001 # as the archive's own dates: the same version is the same bytes


def xlsx_chunks(content: Content) -> Iterator[bytes]:
    """The content as a workbook, which is made whole in a temporary file before its first chunk.

    Raises: ExtraMissingError, at once; with the first chunk OSError, where temporary files find no room.
    """
    _xlsxwriter()
    return _chunks(content)


def _xlsxwriter() -> Any:
    with of_extra(EXTRA):
        import xlsxwriter  # type: ignore[import-untyped]
    return xlsxwriter


def _chunks(content: Content) -> Iterator[bytes]:
    with tempfile.TemporaryFile() as file:
        write_xlsx(content, file)
        file.seek(0)
        while chunk := file.read(CHUNK):
            yield chunk


def write_xlsx(content: Content, file: IO[bytes], rows_limit: int = ROWS_LIMIT, *, right_to_left: bool = False) -> None:
    """Writes the content as a workbook into *file*, its first column at the right if *right_to_left*. Raises: as `xlsx_chunks`."""
    with tempfile.TemporaryDirectory() as folder, _xlsxwriter().Workbook(file, {"tmpdir": folder, **_OPTIONS}) as book:
        book.set_properties(_properties(content))
        bold = book.add_format({"bold": True})
        rows = _rows(content)
        _fill(_sheet(book, right_to_left), content.columns, islice(rows, rows_limit - 1), bold)
        for row in rows:
            more = chain([row], islice(rows, rows_limit - 2))
            _fill(_sheet(book, right_to_left), content.columns, more, bold)


def _properties(content: Content) -> dict[str, Any]:
    """What the workbook says of itself under «Properties»: of a version who issues it, and as its comment the licence."""
    created = {"created": _CREATED}
    if content.snapshot is None:
        return created
    said = {
        "title": content.snapshot.version.title,
        "author": content.snapshot.imprint.issuer,
        "comments": content.snapshot.imprint.licence,
    }
    return created | {name: text for name, text in said.items() if text}


def _sheet(book: Any, right_to_left: bool) -> Any:
    sheet = book.add_worksheet()
    if right_to_left:
        sheet.right_to_left()
    return sheet


def _rows(content: Content) -> Iterator[tuple[str, ...]]:
    rows = content.rows()
    while batch := list(islice(rows, _BATCH)):
        yield from textual(batch, content.columns)


def _fill(sheet: Any, columns: Sequence[Column], rows: Iterator[tuple[str, ...]], bold: Any) -> None:
    for at, column in enumerate(columns):
        sheet.set_column(at, at, _WIDTHS.get(column.name, _WIDTH))
    sheet.freeze_panes(1, 0)
    sheet.write_row(0, 0, [column.name for column in columns], bold)
    for place, row in enumerate(rows, 1):
        for at, cell in enumerate(row):
            if cell:
                sheet.write_string(place, at, cell[:CELL_LIMIT])
