"""Which rows are kept: whole batches where nothing is odd, else row by row, each refusal and mending said."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from operator import eq

from maksa.loaders.gathering import Gathering
from maksa.loaders.table.cells import are_plain
from maksa.loaders.table.codes import Codes
from maksa.loaders.table.mending import RowMender
from maksa.loaders.table.ownership import Ownership
from maksa.loaders.table.parentage import Parentage
from maksa.loaders.table.statuses import status_of
from maksa.loaders.table.tables import Table

CODED_ROLES = ("code", "parent")  # their cells must match other cells exactly


class RowJudge:
    """Judges the rows of one table, which come in order.

    Raises: SourceError where the rows are all of other terminologies (on making it).
    """

    def __init__(self, table: Table, terminology_id: str, gathering: Gathering) -> None:
        plan = table.plan
        roles, columns = plan.roles, plan.columns
        coded = {roles[role] for role in CODED_ROLES if role in roles}
        self._gathering = gathering
        self._columns, self._code, self._display, self._others = columns, plan.code, plan.display, plan.others
        self._parent, self._status = roles.get("parent"), roles.get("status")
        self._ownership = Ownership(table, terminology_id, gathering)
        self._mender = RowMender(columns, coded, self._ownership, gathering)
        self._codes = Codes(gathering, columns[plan.code])
        self._parentage = Parentage(gathering, "" if self._parent is None else columns[self._parent])

    @property
    def kept(self) -> Mapping[str, int]:
        """The row of each code that was kept."""
        return self._codes.rows

    def takes_all(self, rows: list[list[str]], numbers: Iterable[int]) -> bool:
        """Whether all of these plain rows are kept as they are; if not, none is taken yet."""
        codes = [row[self._code] for row in rows]
        parents = [] if self._parent is None else [row[self._parent] for row in rows]
        if not (
            "" not in [row[self._display] for row in rows]
            and not any(map(eq, codes, parents))
            and self._ownership.owns_all(rows)
            and (self._status is None or all(status_of(row[self._status]) for row in rows))
            and self._codes.take_all(codes, numbers)
        ):
            return False
        if self._parent is not None:
            self._parentage.add_all(codes, parents)
        return True

    def judged(self, given: list[str], number: int) -> list[str] | None:
        """The row as it is kept, its display filled; None where it was refused or skipped, and counted so.

        Raises: FileUnreadableError where the file cannot be read past this row.
        """
        row = given if are_plain([given], len(self._columns)) else self._mender.row(given, number)
        if row is None or self._mender.is_blank(row, number) or self._ownership.is_foreign(row):
            return None
        code = self._codes.judged(row[self._code], number)
        if code is None or not self._has_display(row, number) or self._is_own_parent(row, number):
            return None
        row[self._code] = code
        self._codes.rows[code] = number
        if self._parent is not None:
            self._parentage.add_all([code], [row[self._parent]])
        if self._status is not None and status_of(row[self._status]) is None:
            column = self._columns[self._status]
            self._gathering.add("unknown-status", row=number, column=column, value=row[self._status])
        return row

    def _has_display(self, row: list[str], number: int) -> bool:
        """Whether the row has a display, another wording standing in for a blank one; else it is refused."""
        if row[self._display]:
            return True
        column = self._columns[self._display]
        for _, at in self._others:
            if row[at]:
                row[self._display] = row[at]
                other = self._columns[at]
                self._gathering.add("display-stands-in", row=number, column=column, value=row[at], other=other)
                return True
        self._gathering.refuse("blank-display", row=number, column=column, code=row[self._code])
        return False

    def _is_own_parent(self, row: list[str], number: int) -> bool:
        """Whether the row names itself for a parent; it is refused then."""
        if self._parent is None or row[self._parent] != row[self._code]:
            return False
        column = self._columns[self._parent]
        self._gathering.refuse("own-parent", row=number, column=column, value=row[self._parent])
        return True

    def finish(self) -> None:
        """Gathers the findings that need the whole file."""
        self._mender.finish()
        self._ownership.finish()
        self._codes.finish()
        self._parentage.finish(self._codes.rows)
