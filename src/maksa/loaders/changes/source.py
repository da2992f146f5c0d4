"""A table of changes, opened: each row judged by itself, then against the list that it changes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import TracebackType

from maksa.loaders.changes.applying import Applying
from maksa.loaders.changes.columns import action_of, columns_of
from maksa.loaders.gathering import Gathering
from maksa.loaders.table.codes import Codes
from maksa.loaders.table.columns import ColumnChoice
from maksa.loaders.table.mending import RowMender
from maksa.loaders.table.ownership import Ownership
from maksa.loaders.table.source import opened_table
from maksa.model.change import Change
from maksa.model.concept import Concept
from maksa.model.finding import LoadReport


class ChangeSource:
    """A CSV, TSV or XLSX file as changes to the list of one terminology; all of its rows are held in memory.

    Args:
        terminology_id: whose rows are asked for, where a column names the terminology of each.
        label: of the draft that is changed; it only goes into the report.
        sheet: its name, or its number from 1; None takes the first sheet in which columns are recognised.
        spill: a file to which every finding is appended as a line of JSON.

    As a context manager it opens the file, and closes the spill.
    Raises: on entering, as `TableSource`; ColumnMissingError where there is no column of actions.
    """

    def __init__(
        self,
        path: Path,
        *,
        terminology_id: str,
        label: str = "",
        sheet: str | int | None = None,
        spill: Path | None = None,
    ) -> None:
        self._path = path
        self._sheet = sheet
        self._report = LoadReport(file=str(path), sheet="", terminology_id=terminology_id, label=label, recognised={})
        self._gathering = Gathering(self._report, spill)

    def __enter__(self) -> ChangeSource:
        report = self._report
        self._table = opened_table(self._path, self._sheet, ColumnChoice(), report.terminology_id)
        self._roles = columns_of(self._table.plan, report.file)
        self._columns = self._table.plan.columns
        report.sheet = self._table.sheet
        report.recognised = {role: self._columns[at] for role, at in self._roles.items()}
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._gathering.close()

    def changes(self) -> list[Change]:
        """The changes of the rows that are not refused, in file order; to be asked for once. Raises: FileUnreadableError."""
        for slug, facts in self._table.notes.items():
            self._gathering.add(slug, **facts)
        return list(self._changes())

    def _changes(self) -> Iterator[Change]:
        roles, columns = self._roles, self._columns
        ownership = Ownership(self._table, self._report.terminology_id, self._gathering)
        coded = {roles[role] for role in ("code", "parent") if role in roles}
        mender = RowMender(columns, coded, ownership, self._gathering)
        codes = Codes(self._gathering, columns[roles["code"]])
        for number, given in enumerate(self._table.rows(), self._table.header_row + 1):
            self._report.read += 1
            row = mender.row(given, number)
            if row is not None and (change := self._change(row, number, codes)):
                yield change
        mender.finish()
        ownership.finish()
        codes.finish()

    def _change(self, row: list[str], number: int, codes: Codes) -> Change | None:
        cells = {role: row[at] for role, at in self._roles.items()}
        code = codes.judged(cells["code"], number)
        if code is None:
            return None
        action = action_of(cells["action"])
        if action is None:
            column = self._columns[self._roles["action"]]
            self._gathering.refuse("unknown-action", row=number, column=column, value=cells["action"])
            return None
        more = {role: cells.get(role, "") for role in ("display", "parent", "language", "use")}
        return Change(number, action, code, **more)

    def applied(
        self, changes: Sequence[Change], concepts: Mapping[str, Concept], children: Mapping[str, Sequence[str]]
    ) -> dict[str, Concept | None]:
        """What each changed code is after *changes*, in their order; None where it is retired.

        Rows that cannot be done are refused, and then nothing of the file may be: the report says which.

        Args:
            concepts: those of the draft that the changes name, codes and parents.
            children: the codes below each code to be retired.
        """
        applying = Applying(concepts, self._gathering, self._report.recognised)
        for change in changes:
            applying.apply(change)
        return applying.finished(children)

    def report(self) -> LoadReport:
        """What was read, kept, refused and skipped, and why; complete when the changes were applied."""
        report = self._report
        report.kept = report.read - report.refused - report.skipped
        return report
