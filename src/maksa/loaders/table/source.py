"""A table of the outside world, opened: its columns told apart, its concepts streamed, its report kept."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import TracebackType

from maksa.loaders.gathering import Gathering
from maksa.loaders.reasons import reason
from maksa.loaders.table.columns import ColumnChoice
from maksa.loaders.table.form import Form, form_of
from maksa.loaders.table.history import Previous
from maksa.loaders.table.prefixes import PrefixHierarchy, parented
from maksa.loaders.table.rows import Reading
from maksa.loaders.table.tables import Table
from maksa.loaders.table.text import opened_text
from maksa.loaders.table.workbook import opened_workbook
from maksa.model.concept import Concept
from maksa.model.errors import SheetMissingError, SourceError
from maksa.model.finding import LoadReport


def opened_table(path: Path, sheet: str | int | None, columns: ColumnChoice, terminology_id: str) -> Table:
    """The table in the file at *path*, its columns told apart. Raises: as `TableSource` on entering."""
    if form_of(path) is Form.ZIP:
        return opened_workbook(path, sheet, columns, terminology_id)
    if sheet is not None:
        why = reason("no-sheet-in-text", sheet=sheet)
        raise SheetMissingError(file=str(path), sheet=sheet, sheets="none: it is text", reason_fa=why.persian)
    return opened_text(path, columns, terminology_id)


class TableSource:
    """A CSV, TSV or XLSX file as the concepts of one terminology.

    Args:
        terminology_id: whose rows are asked for, where a column names the terminology of each.
        label: of the version that is loaded; it only goes into the report.
        sheet: its name, or its number from 1; None takes the first sheet in which columns are recognised.
        columns: the headers that the operator names; the rest are recognised.
        previous: the last published version, to compare with; None where there is none.
        spill: a file to which every finding is appended as a line of JSON.
        hierarchy: reads parents from codes, for a file without a column of parents.

    As a context manager it opens the file, and closes the spill.
    Raises: on entering, FileUnreadableError, SheetMissingError, ColumnMissingError, ColumnAmbiguousError, and SourceError
    where the rows are all of several other terminologies, or where parents are asked of prefixes and have a column.
    """

    def __init__(
        self,
        path: Path,
        *,
        terminology_id: str,
        label: str = "",
        sheet: str | int | None = None,
        columns: ColumnChoice | None = None,
        previous: Previous | None = None,
        spill: Path | None = None,
        hierarchy: PrefixHierarchy | None = None,
    ) -> None:
        self._path = path
        self._sheet = sheet
        self._columns = columns or ColumnChoice()
        self._previous = previous
        self._spill = spill
        self._hierarchy = hierarchy
        self._report = LoadReport(file=str(path), sheet="", terminology_id=terminology_id, label=label, recognised={})

    def __enter__(self) -> TableSource:
        table = opened_table(self._path, self._sheet, self._columns, self._report.terminology_id)
        self._table = table
        self._report.sheet = table.sheet
        self._report.recognised = table.plan.recognised | self._read_by_prefix(table)
        self._gathering = Gathering(self._report, self._spill)
        self._reading = Reading(table, self._gathering, self._report.terminology_id, self._previous)
        return self

    def _read_by_prefix(self, table: Table) -> dict[str, str]:
        if self._hierarchy is None:
            return {}
        if "parent" in table.plan.roles:
            column = table.plan.recognised["parent"]
            raise SourceError(file=str(self._path), **reason("parents-twice", column=column).facts)
        return {"parent": str(self._hierarchy)}

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._gathering.close()

    @property
    def recognised(self) -> dict[str, str]:
        """The header of each role that a column plays: {"code": "کد", "display": "عنوان", …}."""
        return self._report.recognised

    def concepts(self) -> Iterator[Concept]:
        """The concepts of the rows that are kept, in file order; to be asked for once.

        Codes are unique. Parents name codes, of which some may not be in the file: the report says which.
        Memory does not grow with rows but for the codes, and for a workbook's sheet, which is read whole.
        Raises: FileUnreadableError for a file that cannot be read to its end; DiskFullError, ReadOnlyError of the spill.
        """
        concepts = self._reading.concepts()
        if self._hierarchy is None:
            return concepts
        return parented(concepts, self._codes(), self._hierarchy, self._gathering)

    def _codes(self) -> frozenset[str]:
        """Every code that will be kept, by a reading of its own whose findings are nobody's."""
        report = LoadReport(file=self._report.file, sheet="", terminology_id="", label="", recognised={})
        reading = Reading(self._table, Gathering(report), self._report.terminology_id, None)
        return frozenset(concept.code for concept in reading.concepts())

    def report(self) -> LoadReport:
        """What was read, kept, refused and skipped, and why; complete when `concepts` is exhausted."""
        return self._report
