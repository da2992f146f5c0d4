"""The rows of a release's files, judged and staged: of each component the state that counts.

Rules of this file:
- a batch in which nothing is odd goes in whole; one in which anything is odd goes row by row, and each refusal is said;
- of several states of a component the latest counts: in Full files there are many, in a Snapshot one, unless an extension
  in the same folder has a later one;
- the same component twice in one file with the same date, or at all in a Snapshot, is a fault: the first is kept.
"""

from __future__ import annotations

import datetime as dt
import sqlite3
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import chain, compress, repeat
from operator import itemgetter
from typing import Any

from maksa.loaders.gathering import Gathering
from maksa.loaders.release import Release
from maksa.loaders.snomed.files import Choice, File
from maksa.loaders.snomed.kinds import Cells
from maksa.loaders.staging import told_apart
from maksa.loaders.table.cells import are_plain, mended

_LENGTHS = set(range(6, 19))  # digits of an identifier
_TOGETHER = 50  # rows of one statement

Staged = tuple[Any, ...]
"""The cells that a table has of a row, then the number of its file and its line."""


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
            lines = range(max(line, 2), line + len(batch))  # the first is the header
            rows = [text.split("\t") for text in batch[lines.start - line :]]
            line += len(batch)
            self._insert(file, self._staged(number, file, lines, rows))

    def _staged(self, number: int, file: File, lines: Iterable[int], rows: list[list[str]]) -> list[Staged]:
        """Those of *rows* that are sound and wanted, as they are staged; the others are counted."""
        if [""] in rows:  # as after the last line's end
            lines, rows = _split([(line, cells) for line, cells in zip(lines, rows, strict=True) if cells != [""]])
        self._gathering.report.read += len(rows)
        if not _are_sound(rows, file):
            lines, rows = _split([row for row in zip(lines, rows, strict=True) if self._is_sound(*row, file)])
        if not rows:
            return []
        columns = list(zip(*rows, strict=True))
        staged = zip(*(columns[at] for at in file.kind.staged), repeat(number), lines, strict=False)
        wanted = self._wanted(columns, file)
        return list(compress(staged, wanted) if wanted else staged)

    def _wanted(self, columns: list[Cells], file: File) -> list[bool]:
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
        staged.sort(key=itemgetter(slice(0, len(kind.key))))  # neighbours on a page of the table
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
            key, date, number, line = row[: len(kind.key)], row[len(kind.key)], row[-2], row[-1]
            stored, stored_number, stored_line = self._db.execute(kind.stored, key).fetchone()
            if (stored_number, stored_line) == (number, line):
                continue
            in_file = stored_number == number
            if in_file and (date == stored or self._choice.release_type == "Snapshot"):
                name = kind.key[-1]
                self._gathering.refuse(
                    "repeated-component",
                    row=int(line),
                    column=name,
                    value=str(key[-1]),
                    first_row=stored_line,
                )
            elif date > stored:
                self._db.execute(kind.replace(), row)

    def _is_sound(self, line: int, cells: list[str], file: File) -> bool:
        """Whether the row may be staged, its text mended; else it is refused."""
        if len(cells) != file.width:
            self._gathering.refuse("cell-count", row=line, cells=len(cells), width=file.width)
        elif not _is_date(cells[1]):
            self._gathering.refuse("not-a-date", row=line, column="effectiveTime", value=cells[1])
        elif cells[2] not in ("0", "1"):
            self._gathering.refuse("not-a-flag", row=line, column="active", value=cells[2])
        elif wrong := next((each for each in file.kind.sctids if not _is_sctid(cells[file.kind.at(each)])), ""):
            self._gathering.refuse("not-an-sctid", row=line, column=wrong, value=cells[file.kind.at(wrong)])
        else:
            return self._is_text_sound(line, cells, file)
        return False

    def _is_text_sound(self, line: int, cells: list[str], file: File) -> bool:
        if not file.kind.text:
            return True
        column, at = file.kind.text, file.kind.at(file.kind.text)

        def note(slug: str, **facts: Any) -> None:
            self._gathering.add(slug, row=line, column=column, value=cells[at], **facts)

        text = mended(cells[at], note, is_code=False)
        self._gathering.report.refused += text is None
        cells[at] = text or ""
        return text is not None


def _are_sound(rows: list[list[str]], file: File) -> bool:
    """Whether all rows pass what `_is_sound` asks of each, looked at by column."""
    if not rows or set(map(len, rows)) != {file.width}:
        return not rows
    columns: list[Cells] = list(zip(*rows, strict=True))
    kind = file.kind
    if not (set(columns[2]) <= {"0", "1"} and all(map(_is_date, set(columns[1])))):
        return False
    if not all(_are_sctids(columns[kind.at(each)]) for each in kind.sctids):
        return False
    return not kind.text or are_plain([list(columns[kind.at(kind.text)])], len(rows))


def _split(numbered: list[tuple[int, list[str]]]) -> tuple[list[int], list[list[str]]]:
    return [line for line, _ in numbered], [cells for _, cells in numbered]


def _are_sctids(column: Cells) -> bool:
    joined, lengths = "".join(column), set(map(len, column))
    return joined.isascii() and joined.isdigit() and lengths <= _LENGTHS


def _is_sctid(cell: str) -> bool:
    return len(cell) in _LENGTHS and cell.isascii() and cell.isdigit()


@cache
def _is_date(cell: str) -> bool:
    """Whether the cell is a day of the calendar, YYYYMMDD; releases have few different ones."""
    if len(cell) != 8 or not (cell.isascii() and cell.isdigit()):
        return False
    try:
        dt.date(int(cell[:4]), int(cell[4:6]), int(cell[6:]))
    except ValueError:
        return False
    return True


def kept_rows(db: sqlite3.Connection, tables: set[str]) -> Iterator[int]:
    """How many rows of each table are in force: all of concepts, of the rest the active ones."""
    for table in sorted(tables):
        condition = "" if table == "concept" else " WHERE active = '1'"
        yield db.execute(f"SELECT count(*) FROM {table}{condition}").fetchone()[0]
