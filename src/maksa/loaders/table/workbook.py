"""Tables in workbooks: XLSX and XLSM, any sheet, hidden ones too.

Rules of this file:
- calamine reads; what it cannot bear (`bounds`) never reaches it, and its panics come out as our errors;
- a code that the spreadsheet holds as a number, a date or a truth value is handed on as `Retyped`, to be judged by row;
- every other cell becomes the text that a person would have typed: 5, not 5.0.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from maksa.loaders.reasons import reason
from maksa.loaders.table.bounds import checked_workbook
from maksa.loaders.table.columns import ColumnChoice, Guess, Plan, best_guess, planned
from maksa.loaders.table.text import HEADER_WITHIN
from maksa.model.errors import FileUnreadableError, SheetMissingError
from maksa.model.folding import keyboard_form

if TYPE_CHECKING:
    from python_calamine import CalamineSheet, CalamineWorkbook

EXACT_BELOW = 10**15  # a spreadsheet keeps 15 digits of a number


class Retyped(str):
    """A code's text, of a cell that the spreadsheet made a number, a date or a truth value: `value` is the cell."""

    __slots__ = ("value",)

    value: Any

    def __new__(cls, value: Any) -> Retyped:
        made = super().__new__(cls, text_of(value))
        made.value = value
        return made


@dataclass(frozen=True, slots=True)
class WorkbookTable:
    """A sheet with its header found. `header_row` is the sheet's own number of it."""

    content: CalamineSheet
    header_row: int
    plan: Plan
    unread: tuple[str, ...]

    @property
    def sheet(self) -> str:
        return self.content.name

    @property
    def notes(self) -> dict[str, dict[str, Any]]:
        return {"sheets-not-read": {"sheet": self.sheet, "others": ", ".join(self.unread)}} if self.unread else {}

    def rows(self) -> Iterator[list[str]]:
        code = self.plan.roles["code"]
        for cells in islice(self.content.iter_rows(), self.header_row, None):
            row = [cell if cell.__class__ is str else text_of(cell) for cell in cells]
            if cells[code].__class__ is not str:
                row[code] = Retyped(cells[code])
            yield row


def opened_workbook(path: Path, sheet: str | int | None, choice: ColumnChoice, terminology_id: str) -> WorkbookTable:
    """The table in the workbook at *path*: of the asked *sheet*, by name or number from 1, else of the first that has one.

    Raises: FileUnreadableError, SheetMissingError, ColumnMissingError, ColumnAmbiguousError.
    """
    checked_workbook(path)
    with calamine_faults(path):
        return _found_table(path, opened_book(path), sheet, choice, terminology_id)


def opened_book(path: Path) -> CalamineWorkbook:
    from python_calamine import CalamineWorkbook  # of the server's dependencies: not for every import of this room

    return CalamineWorkbook.from_path(str(path))


def _found_table(
    path: Path, book: CalamineWorkbook, sheet: str | int | None, choice: ColumnChoice, terminology_id: str
) -> WorkbookTable:
    names = book.sheet_names
    asked = _seen_first(book) if sheet is None else [_sheet_name(path, names, sheet)]
    best: tuple[Guess, CalamineSheet] | None = None
    for name in asked:
        content = book.get_sheet_by_name(name)
        guess = best_guess(_head(content), choice, terminology_id)
        if guess and (best is None or guess.score[0] > best[0].score[0]):
            best = guess, content
        if guess and guess.is_header:
            break
    if best is None:
        raise FileUnreadableError(file=str(path), **reason("blank-sheets", rows=HEADER_WITHIN, sheets=asked).facts)
    guess, content = best
    unread = () if sheet is not None else tuple(name for name in names if name != content.name)
    return WorkbookTable(content, guess.row, planned(guess, choice, str(path)), unread)


def _seen_first(book: CalamineWorkbook) -> list[str]:
    """The sheets that whoever opens the file sees, then the hidden: a list of last year is often hidden before this one's."""
    from python_calamine import SheetVisibleEnum

    return [
        each.name for each in sorted(book.sheets_metadata, key=lambda each: each.visible != SheetVisibleEnum.Visible)
    ]


def _head(content: CalamineSheet) -> Iterator[list[str]]:
    return (list(map(text_of, cells)) for cells in islice(content.iter_rows(), HEADER_WITHIN))


def _sheet_name(path: Path, names: list[str], asked: str | int) -> str:
    """The sheet of that name, else, for a number, of that place from 1."""
    text = str(asked).strip()
    for name in names:
        if not isinstance(asked, int) and keyboard_form(name).casefold() == keyboard_form(text).casefold():
            return name
    if text.isdecimal() and 0 < int(text) <= len(names):
        return names[int(text) - 1]
    why = reason("no-sheet", sheet=asked, sheets=names)
    raise SheetMissingError(file=str(path), sheet=asked, sheets=names, reason_fa=why.persian)


def text_of(cell: Any) -> str:
    """The cell as a person would have typed it."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < EXACT_BELOW:
        return str(int(cell))
    if isinstance(cell, dt.datetime) and cell.time() == dt.time.min:
        return cell.date().isoformat()
    if isinstance(cell, (dt.date, dt.time)):
        return cell.isoformat()
    return str(cell)


@contextmanager
def calamine_faults(path: Path) -> Iterator[None]:
    """The errors of calamine, and its panics, come out as FileUnreadableError."""
    from python_calamine import CalamineError, PasswordError

    try:
        yield
    except PasswordError as error:
        raise FileUnreadableError(file=str(path), **reason("workbook-locked").facts) from error
    except (CalamineError, OSError) as error:
        raise FileUnreadableError(file=str(path), **reason("workbook-damaged", str(error)).facts) from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # Rust's; no module exports its class
            raise
        raise FileUnreadableError(file=str(path), **reason("workbook-damaged", str(error)).facts) from error
