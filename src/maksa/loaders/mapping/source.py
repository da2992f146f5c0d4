"""A table of a map, opened: its rows as entries, judged one by one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import TracebackType

from maksa.loaders.fhir.concept_map import RELATIONSHIPS
from maksa.loaders.gathering import Gathering
from maksa.loaders.reasons import column_ambiguous, column_missing
from maksa.loaders.table.codes import Codes
from maksa.loaders.table.columns import ColumnChoice
from maksa.loaders.table.mending import RowMender
from maksa.loaders.table.ownership import Ownership
from maksa.loaders.table.source import opened_table
from maksa.loaders.table.tables import Table
from maksa.model.concept_map import MapEntry, Relationship
from maksa.model.errors import ColumnAmbiguousError, ColumnMissingError
from maksa.model.finding import LoadReport
from maksa.model.folding import folded

HEADERS = {
    "relationship": ("relationship", "equivalence", "رابطه", "نسبت"),
    "order": ("order", "priority", "map priority", "ترتیب"),
    "group": ("group", "map group", "گروه"),
    "rule": ("rule", "map rule", "قاعده"),
    "advice": ("advice", "map advice", "comment", "توضیح"),
}
_ROLES = {"code": "source codes", "display": "target codes"}
_SAID = {folded(said): relationship for said, relationship in RELATIONSHIPS.items()}


class MapTableSource:
    """A CSV, TSV or XLSX file as the entries of one map.

    Args:
        source_column, target_column: the headers of the two codes.
        map_id, label: of the version that is loaded; they only go into the report.
        relationship: of the rows in which none is written.
        sheet: its name, or its number from 1; None takes the first sheet with the two columns.
        spill: a file to which every finding is appended as a line of JSON.

    As a context manager it opens the file, and closes the spill.
    Raises: on entering, as `TableSource`.
    """

    def __init__(
        self,
        path: Path,
        *,
        source_column: str,
        target_column: str,
        map_id: str,
        label: str = "",
        relationship: Relationship = "related-to",
        sheet: str | int | None = None,
        spill: Path | None = None,
    ) -> None:
        self._path = path
        self._choice = ColumnChoice(code=source_column, display=target_column)
        self._relationship: Relationship = relationship
        self._sheet = sheet
        self._report = LoadReport(file=str(path), sheet="", terminology_id=map_id, label=label, recognised={})
        self._gathering = Gathering(self._report, spill)

    def __enter__(self) -> MapTableSource:
        self._table = self._opened()
        plan = self._table.plan
        self._columns = plan.columns
        headers = [folded(header) for header in plan.columns]
        found = {role: at for role, names in HEADERS.items() for name in names for at in _places(headers, name)}
        self._roles = {**found, "source": plan.code, "target": plan.display}
        self._report.sheet = self._table.sheet
        self._report.recognised = {role: plan.columns[at] for role, at in self._roles.items()}
        return self

    def _opened(self) -> Table:
        """The table. What it lacks is told by a map's own words: it is read as one of codes and displays."""
        try:
            return opened_table(self._path, self._sheet, self._choice, "")
        except ColumnMissingError as error:
            role = _ROLES.get(error.of, error.of)
            raise column_missing(error.file, role, error.columns, asked=error.asked, row=error.row) from None
        except ColumnAmbiguousError as error:
            raise column_ambiguous(error.file, _ROLES.get(error.role, error.role), error.candidates) from None

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._gathering.close()

    def entries(self) -> Iterator[MapEntry]:
        """The entries of the rows that are kept, in file order; to be asked for once. A blank target is none.

        The pairs of codes are all that stays in memory. Raises: FileUnreadableError.
        """
        roles, report, seen = self._roles, self._report, dict[tuple[str, str], int]()
        for slug, facts in self._table.notes.items():
            self._gathering.add(slug, **facts)
        ownership = Ownership(self._table, "", self._gathering)
        mender = RowMender(self._columns, {roles["source"], roles["target"]}, ownership, self._gathering)
        codes = Codes(self._gathering, self._columns[roles["source"]])
        for number, given in enumerate(self._table.rows(), self._table.header_row + 1):
            report.read += 1
            row = mender.row(given, number)
            source = codes.judged(row[roles["source"]], number) if row else None
            if row is None or source is None or self._is_repeated(seen, source, row, number):
                continue
            if entry := self._entry(source, row, number):
                report.kept += 1
                yield entry
        mender.finish()
        codes.finish()

    def _is_repeated(self, seen: dict[tuple[str, str], int], source: str, row: list[str], number: int) -> bool:
        """Whether an earlier row has the same pair; the row is refused then, and counted so."""
        target = row[self._roles["target"]]
        first = seen.setdefault((source, target), number)
        if first == number:
            return False
        column = self._columns[self._roles["source"]]
        self._gathering.refuse(
            "repeated-entry", row=number, column=column, value=source, target=target, first_row=first
        )
        return True

    def _entry(self, source: str, row: list[str], number: int) -> MapEntry | None:
        cells = {role: row[at] for role, at in self._roles.items()}
        numbers = self._number(cells, "order", number), self._number(cells, "group", number)
        if None in numbers:
            return None
        order, group = (each or 1 for each in numbers)
        relationship = self._said(cells, number) if cells["target"] else "not-related-to"
        more = cells.get("rule", ""), cells.get("advice", "")
        return MapEntry(source, cells["target"], relationship, order, group, *more)

    def _said(self, cells: dict[str, str], number: int) -> Relationship:
        said = cells.get("relationship", "")
        found = _SAID.get(folded(said)) if said else self._relationship
        if found is None:
            column = self._columns[self._roles["relationship"]]
            self._gathering.add("unknown-relationship", row=number, column=column, value=said)
        return found or "related-to"

    def _number(self, cells: dict[str, str], role: str, number: int) -> int | None:
        """The whole number in a cell, 1 where it is blank; None where it is none, and then the row was refused."""
        said = cells.get(role, "")
        if not said:
            return 1
        if said.isdecimal():
            return int(said)
        self._gathering.refuse("not-a-number", row=number, column=self._columns[self._roles[role]], value=said)
        return None

    def report(self) -> LoadReport:
        """What was read, kept, refused and skipped, and why; complete when `entries` is exhausted."""
        return self._report


def _places(headers: list[str], name: str) -> list[int]:
    return [at for at, header in enumerate(headers) if header == folded(name)]
