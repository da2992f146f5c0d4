"""The rows of a release's files, judged and staged: of each component the state that counts.

Rules of this file:
- a batch in which nothing is odd goes in whole; one in which anything is odd goes row by row, and each refusal is said;
- of several states of a component the latest counts: in Full files there are many, in a Snapshot one, unless an extension
  in the same folder has a later one;
- the same component twice in one file with the same date, or at all in a Snapshot, is a fault: the first is kept.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from itertools import chain, compress, repeat
from typing import Any, TypeVar

from maksa.loaders.gathering import Gathering
from maksa.loaders.release import Release
from maksa.loaders.snomed.files import Choice, File
from maksa.loaders.snomed.soundness import Columns, columns_of, sound_cells
from maksa.loaders.staging import told_apart

_TOGETHER = 50  # rows of one statement

Staged = tuple[Any, ...]
"""A row as its table has it: its key, its line, the number of its file, its date and state, and the rest."""


class Stager:
    """Fills the tables of *db* from the files of *choice*, up to the date *as_of* (YYYYMMDD; "" for all)."""

    def __init__(
        self, release: Release, choice: Choice, db: sqlite3.Connection, gathering: Gathering, as_of: str
    ) -> None:
        self._release = release
        self._choice = choice
        self._db = db
        self._gathering = gathering
        self._as_of = as_of

    def stage(self, kinds: set[str]) -> None:
        """Stages the files of *kinds*. Raises: FileUnreadableError, StorageError."""
        for number, file in enumerate(self._choice.files):
            if file.kind.name in kinds:
                with self._gathering.within(file.name):
                    self._stage(number, file)

    def _stage(self, number: int, file: File) -> None:
        line = 1
        for batch in self._release.batches(file.name):
            numbers: Sequence[int] = range(max(line, 2), line + len(batch))  # the first is the header
            lines = batch[numbers[0] - line :] if numbers else []
            line += len(batch)
            if "" in lines:
                numbers, lines = _unzipped([row for row in zip(numbers, lines, strict=True) if row[1]])
            if lines:
                self._gathering.report.read += len(lines)
                self._insert(file, self._staged(number, file, numbers, lines))

    def _staged(self, number: int, file: File, numbers: Sequence[int], lines: list[str]) -> list[Staged]:
        """Those of *lines* that are sound and wanted, as they are staged; the others are counted."""
        columns = columns_of(lines, file)
        if columns is None:
            judged = (
                (at, sound_cells(text, at, file, self._gathering)) for at, text in zip(numbers, lines, strict=True)
            )
            sound = [(at, cells) for at, cells in judged if cells]
            if not sound:
                return []
            numbers, rows = _unzipped(sound)
            columns = list(map(list, zip(*rows, strict=True)))
        keys, others = file.kind.places
        staged = zip(
            *(columns[at] for at in keys),
            numbers,
            repeat(number, len(numbers)),
            *(columns[at] for at in others),
            strict=True,
        )
        wanted = self._wanted(columns, file)
        return list(compress(staged, wanted) if wanted else staged)

    def _wanted(self, columns: Columns, file: File) -> list[bool]:
        """Of each row, whether it is of the time asked for and of those of its kind that are read; empty where all are."""
        wanted: list[bool] = []
        if self._as_of:
            wanted = [date <= self._as_of for date in columns[1]]
        column, value = file.kind.without
        if column and value in (cells := columns[file.kind.at(column)]):
            wanted = [cell != value and (not wanted or wanted[at]) for at, cell in enumerate(cells)]
        return wanted

    def _insert(self, file: File, staged: list[Staged]) -> None:
        kind = file.kind
        staged.sort()  # by key, then line: neighbours on a page of the table
        sql = kind.insert if self._choice.release_type == "Snapshot" else kind.replace
        whole = len(staged) - len(staged) % _TOGETHER
        together = (list(chain.from_iterable(staged[at : at + _TOGETHER])) for at in range(0, whole, _TOGETHER))
        with told_apart():
            inserted = self._db.executemany(sql(_TOGETHER), together).rowcount if whole else 0
            inserted += self._db.executemany(sql(), staged[whole:]).rowcount if staged[whole:] else 0
            if inserted < len(staged):
                self._tell_lost(file, staged)

    def _tell_lost(self, file: File, staged: list[Staged]) -> None:
        """Judges the rows that did not go in because another has their key."""
        kind = file.kind
        for row in staged:
            key, (line, number, date) = row[: len(kind.key)], row[len(kind.key) :][:3]
            stored_line, stored_number, stored_date = self._db.execute(kind.stored, key).fetchone()
            if (stored_line, stored_number) == (line, number):
                continue
            is_snapshot = self._choice.release_type == "Snapshot"
            if stored_number == number and (is_snapshot or date == stored_date):
                self._gathering.refuse(
                    "repeated-component", row=line, column=kind.key[-1], value=key[-1], first_row=stored_line
                )
            elif date > stored_date:
                self._db.execute(kind.replace(), row)


T = TypeVar("T")


def _unzipped(numbered: list[tuple[int, T]]) -> tuple[list[int], list[T]]:
    return [number for number, _ in numbered], [each for _, each in numbered]


def kept_rows(db: sqlite3.Connection, tables: set[str]) -> Iterator[int]:
    """How many rows of each table are in force: all of concepts, of the rest the active ones."""
    for table in sorted(tables):
        condition = "" if table == "concept" else " WHERE active = '1'"
        yield db.execute(f"SELECT count(*) FROM {table}{condition}").fetchone()[0]
