"""An export of maksa opened: a table with its headers, or JSON; each row or record a concept, whole."""

from __future__ import annotations

import codecs
from collections.abc import Callable, Collection, Iterator
from pathlib import Path

from maksa.loaders.exported.records import imprint_of, is_json, records
from maksa.loaders.headed import HeadedSheet, headed_sheets
from maksa.loaders.reasons import reason
from maksa.loaders.source import Source
from maksa.loaders.table.codes import lost_in
from maksa.loaders.table.statuses import status_of
from maksa.loaders.table.workbook import Retyped
from maksa.model.concept import Concept, Designation, Property
from maksa.model.errors import SourceError
from maksa.model.folding import language_of
from maksa.model.tabular import CONCEPT, FactColumn, WordingColumn, column_of, parted, unguarded
from maksa.model.terminology import Imprint

FORM = "an export of maksa"
ROLES = {name: (name,) for name in CONCEPT}

_HEAD = 1 << 14  # bytes
_ZIP = b"PK\x03\x04"
_Reader = Callable[[str], str]


def accepts(roles: Collection[str]) -> bool:
    """Whether a sheet in which these headers were found is of the form."""
    return set(CONCEPT) <= set(roles)


def recognises(path: Path) -> bool:
    """Whether the file is an export, by its headers or its first record."""
    try:
        return path.is_file() and (
            is_json(path) or (_may_be_table(path) and bool(headed_sheets(path, ROLES, accepts)[0]))
        )
    except (SourceError, OSError, ValueError):
        return False


def _may_be_table(path: Path) -> bool:
    """Whether it is a workbook, or a text whose beginning has the headers: other texts are not read through for this."""
    with path.open("rb") as file:
        head = file.read(_HEAD)
    return head.startswith(_ZIP) or all(name.encode() in head for name in CONCEPT)


class ExportedSource(Source):
    """The concepts of an export. Raises: on entering, FileUnreadableError for a file that cannot be read."""

    columns = ("code", "display")

    def _opened(self) -> dict[str, str]:
        if is_json(self._path):
            self._sheets: list[HeadedSheet] = []
            return {"form": f"{FORM} (JSON)"}
        self._sheets, _ = headed_sheets(self._path, ROLES, accepts)
        if not self._sheets:
            raise SourceError(file=str(self._path), **reason("no-export-columns", names=tuple(CONCEPT)).facts)
        self._report.sheet = ", ".join(sheet.name for sheet in self._sheets)
        return {"form": f"{FORM} (table)", **{name: name for name in CONCEPT}}

    def _imprints(self) -> dict[str, Imprint]:
        return {} if self._sheets else {"": imprint_of(self._path)}

    def _found(self) -> Iterator[tuple[int, Concept]]:
        if not self._sheets:
            yield from records(self._path, self._gathering)
        for sheet in self._sheets:
            yield from self._of_sheet(sheet)

    def _of_sheet(self, sheet: HeadedSheet) -> Iterator[tuple[int, Concept]]:
        read: _Reader = unguarded if _is_marked(self._path) else str
        build = Row(sheet)
        code, status = sheet.places["code"], sheet.places["status"]
        for number, cells in sheet.rows():
            given = cells[code]
            if isinstance(given, Retyped) and (slug := lost_in(given)):
                self._report.read += 1
                self._gathering.refuse(slug, row=number, column="code", value=given)
                continue
            row = list(map(read, cells))
            if status_of(row[status]) is None:
                self._gathering.add("unknown-status", row=number, column="status", value=row[status])
            yield number, build.concept(row)


def _is_marked(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(3) == codecs.BOM_UTF8


class Row:
    """How the rows of one sheet are read."""

    def __init__(self, sheet: HeadedSheet) -> None:
        self._at = sheet.places
        meant = [(column_of(name), name, at) for name, at in sheet.others.items()]
        self._wordings = [(column, at) for column, _, at in meant if isinstance(column, WordingColumn)]
        self._facts = [(column, at) for column, _, at in meant if isinstance(column, FactColumn)]
        self._added = [(name, at) for column, name, at in meant if column is None]

    def concept(self, row: list[str]) -> Concept:
        """The concept of a row, as it stands there."""
        display = row[self._at["display"]]
        return Concept(
            row[self._at["code"]],
            display,
            row[self._at["language"]] or language_of(display),
            tuple(Designation(of.language, text, of.use) for of, at in self._wordings for text in parted(row[at])),
            tuple(self._properties(row)),
            parted(row[self._at["parents"]]),
            status_of(row[self._at["status"]]) or "active",
        )

    def _properties(self, row: list[str]) -> Iterator[Property]:
        for of, at in self._facts:
            for text in parted(row[at]):
                yield Property(of.name, text, of.kind)
        for name, at in self._added:
            if row[at]:
                yield Property(name, row[at])
