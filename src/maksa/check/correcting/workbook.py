"""A workbook written anew with its values: every sheet, every cell as text, the corrected ones in their places.

What a workbook has beside values (colours, formulas, widths) is not kept: who wants it corrects his own by the report.
"""

from __future__ import annotations

from pathlib import Path

from maksa.check.correcting.edits import Edits
from maksa.check.reading.workbook import COLUMNS, Row, sheets_of, text_of
from maksa.check.reading.workbook_child import CELL_LIMIT
from maksa.model.errors import StorageError

_OPTIONS = {
    "constant_memory": True, "use_zip64": True,
    "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False,
}  # fmt: skip


def write_workbook(path: Path, edits: Edits, target: Path) -> int:
    """Writes the workbook at *path* to *target* with *edits*; 0, for each can be written. Raises: StorageError."""
    import xlsxwriter  # type: ignore[import-untyped] # for workbooks only: it takes a while to import
    from xlsxwriter.exceptions import FileCreateError, XlsxWriterException  # type: ignore[import-untyped]

    by_sheet: dict[int, dict[int, str]] = {}
    for span, text in edits:
        by_sheet.setdefault(span.end, {})[span.start] = text
    book = xlsxwriter.Workbook(target, {"tmpdir": str(target.parent), **_OPTIONS})
    with sheets_of(path) as sheets:
        for number, (name, rows) in enumerate(sheets):
            sheet = book.add_worksheet(name)
            corrected = by_sheet.get(number, {})
            for place, row in enumerate(rows, 1):
                sheet.write_row(place - 1, 0, _values(row, place, corrected))
    try:
        book.close()
    except FileCreateError as error:
        raise error.args[0] from error  # the OSError that it was made of
    except XlsxWriterException as error:
        raise StorageError(path=str(target), reason=str(error)) from error
    return 0


def _values(row: Row, place: int, corrected: dict[int, str]) -> list[str]:
    first = place * COLUMNS
    return [corrected.get(first + column, text_of(cell))[:CELL_LIMIT] for column, cell in enumerate(row)]
