"""Rows as texts: a moment is ISO 8601 in UTC, 2021-07-28T12:00:00Z; several texts are joined as `model.tabular` does. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import Any

from maksa.export.content import Column, Row
from maksa.model.tabular import joined


def textual(rows: Sequence[Row], columns: Sequence[Column]) -> Iterable[tuple[str, ...]]:
    """*rows*, of which there is one at least, with each cell as its text. Column by column: a row costs no call of its own."""
    made = [_AS_TEXT[column.kind](cells) for column, cells in zip(columns, zip(*rows, strict=True), strict=True)]
    return zip(*made, strict=True)


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
