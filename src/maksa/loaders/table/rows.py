"""The rows of an opened table as concepts: the one loop that a load of a million rows spends its time in.

Rules of this file:
- rows go in batches, column by column, so that a batch in which nothing is odd costs no call of Python for a row;
- a batch in which anything is odd goes row by row through `judging`, which may be slow and says what it did;
- the codes seen and the parents named are all that stays in memory.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice, repeat
from operator import add
from typing import TypeVar

from maksa.loaders.gathering import Gathering
from maksa.loaders.table.cells import are_plain
from maksa.loaders.table.columns import Plan
from maksa.loaders.table.history import Comparison, Previous
from maksa.loaders.table.judging import RowJudge
from maksa.loaders.table.statuses import status_of
from maksa.loaders.table.tables import Table
from maksa.model.concept import Concept, Designation, Property
from maksa.model.folding import language_of

T = TypeVar("T")

BATCH = 256  # rows


class Reading:
    """One pass over a table; the gathering's report is complete when `concepts` is exhausted.

    Raises: SourceError where the rows are all of other terminologies (on making it).
    """

    def __init__(self, table: Table, gathering: Gathering, terminology_id: str, previous: Previous | None) -> None:
        plan = self._plan = table.plan
        self._table = table
        self._gathering = gathering
        self._judge = RowJudge(table, terminology_id, gathering)
        compared = plan.columns[plan.code], plan.columns[plan.display]
        self._comparison = None if previous is None else Comparison(previous, gathering, *compared)

    def concepts(self) -> Iterator[Concept]:
        """The concepts of the rows that are kept, in file order."""
        for slug, facts in self._table.notes.items():
            self._gathering.add(slug, **facts)
        rows, report, number = self._table.rows(), self._gathering.report, self._table.header_row + 1
        while batch := list(islice(rows, BATCH)):
            good, numbers = self._judged(batch, number)
            number += len(batch)
            report.read += len(batch)
            report.kept += len(good)
            if self._comparison is not None:
                self._compare(self._comparison, good, numbers)
            yield from built(good, self._plan)
        self._judge.finish()
        if self._comparison is not None:
            self._comparison.finish(self._judge.kept)

    def _judged(self, batch: list[list[str]], number: int) -> tuple[list[list[str]], Iterable[int]]:
        """The rows of *batch* to keep, mended, and their numbers; the first row of the batch is *number*."""
        numbers = range(number, number + len(batch))
        if are_plain(batch, len(self._plan.columns)) and self._judge.takes_all(batch, numbers):
            return batch, numbers
        judged = [(row, at) for at, given in zip(numbers, batch, strict=True) if (row := self._judge.judged(given, at))]
        return [row for row, _ in judged], [at for _, at in judged]

    def _compare(self, comparison: Comparison, rows: list[list[str]], numbers: Iterable[int]) -> None:
        code, display = self._plan.code, self._plan.display
        for row, number in zip(rows, numbers, strict=True):
            comparison.concept(row[code], row[display], number)


def built(rows: list[list[str]], plan: Plan) -> Iterator[Concept]:
    """The concepts of *rows* whose cells are clean."""
    code, display = plan.code, plan.display
    parent, status = plan.roles.get("parent"), plan.roles.get("status")
    displays = [row[display] for row in rows]
    return map(
        Concept,
        [row[code] for row in rows],
        displays,
        map(language_of, displays),
        joined([_designations(rows, displays, language, at) for language, at in plan.others]),
        joined([_properties(rows, name, at) for name, at in plan.properties]),
        repeat(()) if parent is None else [(row[parent],) if row[parent] else () for row in rows],
        repeat("active") if status is None else [status_of(row[status]) or "active" for row in rows],
    )


def _designations(rows: list[list[str]], displays: list[str], language: str, at: int) -> list[tuple[Designation, ...]]:
    """The further wording at *at* of each row; none where it is blank, or the display again."""
    return [
        (Designation(language, row[at]),) if row[at] and row[at] != display else ()
        for row, display in zip(rows, displays, strict=True)
    ]


def _properties(rows: list[list[str]], name: str, at: int) -> list[tuple[Property, ...]]:
    return [(Property(name, row[at]),) if row[at] else () for row in rows]


def joined(columns: list[list[tuple[T, ...]]]) -> Iterable[tuple[T, ...]]:
    """The tuples of several columns joined by row; empty ones without end where there is no column."""
    if not columns:
        return repeat(())
    first, *more = columns
    for column in more:
        first = list(map(add, first, column))
    return first
