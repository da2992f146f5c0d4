"""Files whose columns have fixed meanings: every sheet of a workbook, hidden ones too, or one text, found by their headers.

Rules of this file:
- a header compares as everywhere in this room: without regard to case, blanks, punctuation, Arabic or Persian letters;
- a sheet without the columns that are required is no sheet of this form: it is left to its caller to say so;
- cells are text as a person would have typed them; what a spreadsheet made of a code stays a `Retyped`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

from maksa.loaders.reasons import reason
from maksa.loaders.table.bounds import checked_workbook
from maksa.loaders.table.columns import header_key
from maksa.loaders.table.form import Form, form_of
from maksa.loaders.table.tables import BrokenRecord
from maksa.loaders.table.text import DELIMITERS, HEADER_WITHIN, encoding_of, records
from maksa.loaders.table.workbook import Retyped, calamine_faults, opened_book, text_of
from maksa.model.errors import FileUnreadableError

Roles = Mapping[str, Sequence[str]]
"""The headers by which a column's role is known, the best first: {"title": ("عنوان", "title"), …}."""

Accepts = Callable[[Collection[str]], bool]
"""Whether a sheet in which these roles were found is of the form."""


class HeadedSheet(NamedTuple):
    """A sheet of the form. `places` are positions by role from 0; `columns` the headers as they are written."""

    name: str
    columns: tuple[str, ...]
    places: dict[str, int]
    rows: Callable[[], Iterator[tuple[int, list[str]]]]
    """The rows after the header with their numbers, blank ones left out, each as long as the header."""

    @property
    def others(self) -> dict[str, int]:
        """The columns that play no role and have a header."""
        taken = set(self.places.values())
        return {name: at for at, name in enumerate(self.columns) if name and at not in taken}


def headed_sheets(path: Path, roles: Roles, accepts: Accepts) -> tuple[list[HeadedSheet], list[str]]:
    """The sheets of the form in the file's order, and the names of the others. A text is one sheet named "".

    Raises: FileUnreadableError.
    """
    if form_of(path) is Form.ZIP:
        return _of_workbook(path, roles, accepts)
    encoding = encoding_of(path)
    for delimiter in DELIMITERS:
        sheet = _headed("", partial(records, path, encoding, delimiter), path, roles, accepts)
        if sheet:
            return [sheet], []
    return [], [""]


def _of_workbook(path: Path, roles: Roles, accepts: Accepts) -> tuple[list[HeadedSheet], list[str]]:
    checked_workbook(path)
    found: list[HeadedSheet] = []
    others: list[str] = []
    with calamine_faults(path):
        book = opened_book(path)
        for name in book.sheet_names:
            content = book.get_sheet_by_name(name)
            sheet = _headed(name, content.iter_rows, path, roles, accepts)
            if sheet:
                found.append(sheet)
            else:
                others.append(name)
    return found, others


def _headed(
    name: str, rows: Callable[[], Iterable[Sequence[Any]]], path: Path, roles: Roles, accepts: Accepts
) -> HeadedSheet | None:
    """The sheet, its header the first row in which the form's columns are; None where no row of the first ones has them."""
    for number, cells in enumerate(islice(rows(), HEADER_WITHIN), 1):
        columns = tuple(" ".join(text_of(cell).split()) for cell in cells)
        places = _places(columns, roles)
        if accepts(places.keys()):
            return HeadedSheet(name, columns, places, partial(_after, rows, number, len(columns), path))
    return None


def _places(columns: Sequence[str], roles: Roles) -> dict[str, int]:
    keys = [header_key(column) for column in columns]
    places: dict[str, int] = {}
    for role, names in roles.items():
        at = next((keys.index(key) for key in map(header_key, names) if key in keys), None)
        if at is not None and at not in places.values():
            places[role] = at
    return places


def _after(
    rows: Callable[[], Iterable[Sequence[Any]]], header: int, width: int, path: Path
) -> Iterator[tuple[int, list[str]]]:
    for number, cells in enumerate(islice(rows(), header, None), header + 1):
        if isinstance(cells, BrokenRecord):
            why = reason("row", row=number, reason=cells.reason)
            raise FileUnreadableError(file=str(path), **why.facts, row=number)
        row = [cell if cell.__class__ is str else _retyped(cell) for cell in cells[:width]]
        if any(map(str.strip, row)):
            yield number, row + [""] * (width - len(row))


def _retyped(cell: Any) -> str:
    return Retyped(cell) if text_of(cell) else ""
