"""Rows as texts: how a moment and several texts stand in one cell, and how they are read out of it again. Pure.

Rules of this file:
- several texts are parted by `|`; a `|` or `\\` inside one has a `\\` before it, where the column may hold several;
- a moment is ISO 8601 in UTC: 2021-07-28T12:00:00Z;
- a cell that a spreadsheet would take for a formula can be guarded by a `'` before it, and only such a cell is.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import Any

from maksa.export.content import Column

_ESCAPED = re.compile(r"[|\\]")
_PARTS = re.compile(r"(?:[^|\\]|\\.)*", re.DOTALL)
_FORMULA = re.compile(r"[=+\-@\t\r]")
_NUMBER = re.compile(r"[+-]?[0-9][0-9.,]*")


def textual(rows: Sequence[tuple[Any, ...]], columns: Sequence[Column]) -> Iterable[tuple[str, ...]]:
    """*rows*, of which there is one at least, with each cell as its text. Column by column: a row costs no call of its own."""
    made = [_AS_TEXT[column.kind](cells) for column, cells in zip(columns, zip(*rows, strict=True), strict=True)]
    return zip(*made, strict=True)


def joined(texts: Iterable[str]) -> str:
    """Several texts in one cell."""
    return "|".join(_ESCAPED.sub(r"\\\g<0>", text) for text in texts)


def parted(cell: str) -> tuple[str, ...]:
    """The texts of a cell that `joined` made; none of an empty one. The last `\\` of a cell that has one too many is dropped."""
    if not cell:
        return ()
    if "|" not in cell and "\\" not in cell:
        return (cell,)
    return tuple(re.sub(r"\\(.?)", r"\1", part, flags=re.DOTALL) for part in _pieces(cell))


def _pieces(cell: str) -> Iterable[str]:
    at = 0
    while at <= len(cell):
        found = _PARTS.match(cell, at)
        assert found is not None, "the expression matches nothing too"
        end = found.end()
        if end < len(cell) and cell[end] == "\\":  # the last of the cell, before nothing
            end += 1
        yield cell[at:end]
        at = end + 1


def guarded(cell: str) -> str:
    """The cell with a `'` before it where a spreadsheet could run it. Plain numbers, +98 or -5, are let be."""
    return f"'{cell}" if is_dangerous(cell) else cell


def unguarded(cell: str) -> str:
    """The cell that `guarded` was given."""
    return cell[1:] if cell.startswith("'") and is_dangerous(cell) else cell


def is_dangerous(cell: str) -> bool:
    """Whether the cell, any `'` before it aside, begins as formulas do and is no number."""
    bare = cell.lstrip("'")
    return _FORMULA.match(bare) is not None and _NUMBER.fullmatch(bare) is None


@lru_cache(maxsize=1 << 12)  # a list has as many moments as versions
def iso(moment: dt.datetime) -> str:
    """The moment in UTC, to the second."""
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"


def _as_they_are(cells: Sequence[str]) -> Sequence[str]:
    return cells


def _numbers(cells: Sequence[int]) -> list[str]:
    return list(map(str, cells))


def _moments(cells: Sequence[dt.datetime | None]) -> list[str]:
    return [iso(cell) if cell else "" for cell in cells]


def _several(cells: Sequence[tuple[str, ...]]) -> list[str]:
    texts = ["|".join(cell) for cell in cells]
    single = "".join(texts)
    if "\\" not in single and single.count("|") == sum(len(cell) - 1 for cell in cells if cell):
        return texts  # no text of this batch needs a mark
    return [joined(cell) for cell in cells]


_AS_TEXT: dict[str, Callable[[Sequence[Any]], Sequence[str]]] = {
    "text": _as_they_are, "number": _numbers, "moment": _moments, "texts": _several, "facts": _several,
}  # fmt: skip
