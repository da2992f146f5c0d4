"""Tables in workbooks: every sheet that has the columns, hidden ones too, read in a process of its own."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import chain, islice
from pathlib import Path
from typing import IO, Any

from maksa.check.reading.columns import HEADER_WITHIN, Columns, Plan, planned, told
from maksa.check.reading.found import NOWHERE, Found, Note, Place, Span, Spans, Unreadable
from maksa.check.reading.reasons import reason, unreadable
from maksa.model.errors import ColumnAmbiguousError, ColumnMissingError
from maksa.model.shapes import msgpack_decoder

_CHILD = "maksa.check.reading.workbook_child"
COLUMNS = 1 << 14  # of a sheet: a span's start is row × this + column, its end the number of the sheet

Cell = str | list[str]
Row = list[Cell]


@dataclass(frozen=True, slots=True)
class WorkbookSource:
    """A workbook. Which of its sheets are read is known when it has been read: `notes` name the others."""

    path: Path
    choice: Columns
    form: str = "workbook"
    unread: list[str] = field(default_factory=list)
    plans: list[Plan] = field(default_factory=list)

    @property
    def notes(self) -> tuple[Note, ...]:
        """Which columns were taken, and the sheets without such columns."""
        names = ", ".join(self.unread), "، ".join(f"«{each}»" for each in self.unread)
        unread = (Note(f"sheets not read: {names[0]}", f"برگه‌های خوانده‌نشده: {names[1]}"),) if self.unread else ()
        return *unread, *dict.fromkeys(note for plan in self.plans for note in told(plan))

    def texts(self, *, with_spans: bool = False) -> Iterator[Found | Unreadable]:
        """As `Source.texts`. Raises: FileUnreadableError; ColumnMissingError where no sheet has the columns."""
        self.unread.clear()
        self.plans.clear()
        fault: ColumnMissingError | ColumnAmbiguousError | None = None
        is_read = False
        with sheets_of(self.path) as sheets:
            for number, (name, rows) in enumerate(sheets):
                head = list(islice(rows, HEADER_WITHIN))
                try:
                    plan = planned([list(map(text_of, row)) for row in head], self.choice, f"{self.path}, sheet {name}")
                except (ColumnMissingError, ColumnAmbiguousError) as error:
                    fault = fault or (error if any(head) else None)
                    self.unread.append(name)
                    continue
                is_read = True
                self.plans.append(plan)
                yield from _texts(name, number if with_spans else None, plan, chain(head, rows))
        if not is_read:
            raise fault or unreadable(self.path, reason("workbook-empty"))

    def written(self, text: str, span: Span, original: bytes) -> bytes | None:
        """*text* itself: a workbook is written anew."""
        del span, original
        return text.encode()


def _texts(sheet: str, number: int | None, plan: Plan, rows: Iterator[Row]) -> Iterator[Found]:
    """The coded texts of one sheet; with their cells' places where it has a *number*."""
    for place, row in enumerate(rows, 1):
        if place <= plan.header_row or not any(row):
            continue
        code = _at(row, plan.code)
        damage, code_text = ("", code) if isinstance(code, str) else (code[0], code[1])
        terminology = plan.fixed if plan.terminology is None else text_of(_at(row, plan.terminology))
        display = None if plan.display is None else text_of(_at(row, plan.display))
        spans = NOWHERE if number is None else _spans(plan, place, number)
        yield Found(terminology, code_text, display, Place(sheet, place), damage, spans)


def _spans(plan: Plan, row: int, sheet: int) -> Spans:
    first, second, third = (
        None if column is None else Span(row * COLUMNS + column, sheet)
        for column in (plan.terminology, plan.code, plan.display)
    )
    return first, second, third


def _at(row: Row, column: int) -> Cell:
    return row[column] if column < len(row) else ""


def text_of(cell: Cell) -> str:
    """The text of a cell, whatever a spreadsheet has made of it."""
    return cell if isinstance(cell, str) else cell[1]


@contextmanager
def sheets_of(path: Path) -> Iterator[Iterator[tuple[str, Iterator[Row]]]]:
    """The sheets of a workbook, each with its rows, which must be read before the next one is asked for.

    Raises: FileUnreadableError.
    """
    command = [sys.executable, "-m", _CHILD, str(path)]
    with subprocess.Popen(  # noqa: S603 # our own module, a path for its argument
        command, stdout=subprocess.PIPE, stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as child:
        assert child.stdout is not None, "it was asked for"
        try:
            yield _sheets(path, _frames(path, child.stdout))
        finally:
            child.kill()


def _frames(path: Path, stream: IO[bytes]) -> Iterator[list[Any]]:
    """What the child says, without its end. Raises: FileUnreadableError where it says an error or ends before its end."""
    decode = msgpack_decoder(list)
    while len(size := stream.read(4)) == 4:
        frame = decode(stream.read(int.from_bytes(size, "big")))
        if frame[0] == "end":
            return
        if frame[0] == "error":
            raise unreadable(path, reason(frame[1], frame[2], **frame[3]))
        yield frame
    raise unreadable(path, reason("workbook-gave-up"))


def _sheets(path: Path, frames: Iterator[list[Any]]) -> Iterator[tuple[str, Iterator[Row]]]:
    del path
    waiting: list[list[Any]] = []

    def rows() -> Iterator[Row]:
        for frame in frames:
            if frame[0] == "sheet":
                waiting.append(frame)
                return
            yield from frame[1]

    first = next(frames, None)
    if first is not None:
        waiting.append(first)
    while waiting:
        name = waiting.pop()[1]
        own = rows()
        yield name, own
        for _ in own:  # those that nobody wanted
            pass
