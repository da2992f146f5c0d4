"""Whether rows are what RF2 says: looked at by column while nothing is odd, row by row where something is."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache
from itertools import repeat
from typing import Any

from maksa.loaders.gathering import Gathering
from maksa.loaders.snomed.files import File
from maksa.loaders.table.cells import are_plain, mended

_LENGTHS = set(range(6, 19))  # digits of an identifier

Columns = list[list[str]]


def columns_of(lines: list[str], file: File) -> Columns | None:
    """The cells of *lines* by column; None where any row is not sound.

    All lines are split at once: a list for each row would cost as much again.
    """
    width, kind = file.width, file.kind
    if set(map(str.count, lines, repeat("\t"))) != {width - 1}:
        return None
    cells = "\t".join(lines).split("\t")
    columns = [cells[at::width] for at in range(width)]
    is_sound = (
        set(columns[2]) <= {"0", "1"}
        and all(map(_is_date, set(columns[1])))
        and all(_are_sctids(columns[kind.at(each)]) for each in kind.sctids)
        and (not kind.text or are_plain([columns[kind.at(kind.text)]], len(lines)))
    )
    return columns if is_sound else None


def sound_cells(text: str, line: int, file: File, gathering: Gathering) -> list[str] | None:
    """The cells of one row, its text mended; None where it is refused, and counted so."""
    cells = text.split("\t")
    if len(cells) != file.width:
        gathering.refuse("cell-count", row=line, cells=len(cells), width=file.width)
    elif not _is_date(cells[1]):
        gathering.refuse("not-a-date", row=line, column="effectiveTime", value=cells[1])
    elif cells[2] not in ("0", "1"):
        gathering.refuse("not-a-flag", row=line, column="active", value=cells[2])
    elif wrong := next((each for each in file.kind.sctids if not _are_sctids([cells[file.kind.at(each)]])), ""):
        gathering.refuse("not-an-sctid", row=line, column=wrong, value=cells[file.kind.at(wrong)])
    elif not file.kind.text or _mend(cells, line, file, gathering):
        return cells
    return None


def _mend(cells: list[str], line: int, file: File, gathering: Gathering) -> bool:
    """Whether the text of the row can be kept; it is mended in its place."""
    at = file.kind.at(file.kind.text)

    def note(slug: str, **facts: Any) -> None:
        gathering.add(slug, row=line, column=file.kind.text, value=cells[at], **facts)

    text = mended(cells[at], note, is_code=False)
    gathering.report.refused += text is None
    cells[at] = text or ""
    return text is not None


def _are_sctids(column: list[str]) -> bool:
    joined = "".join(column)
    return joined.isascii() and joined.isdigit() and set(map(len, column)) <= _LENGTHS


@lru_cache(4096)  # releases have a few hundred different ones
def _is_date(cell: str) -> bool:
    """Whether the cell is a day of the calendar, YYYYMMDD."""
    if len(cell) != 8 or not (cell.isascii() and cell.isdigit()):
        return False
    try:
        dt.date(int(cell[:4]), int(cell[4:6]), int(cell[6:]))
    except ValueError:
        return False
    return True
