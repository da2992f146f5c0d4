"""Many rows into a table at the least cost: many in a statement, and what they have in common bound once for all of them.

Rows of one list are much alike: the same names of properties in the same places, the same status, the same date. A value that
stands in the same place of every statement is one parameter of it, however many rows have it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from itertools import chain
from typing import Any

_TOGETHER = (
    48  # rows of one statement; a multiple of what concepts have of properties, mostly, so that names stand in line
)

Rows = Sequence[tuple[Any, ...]]


def insert(db: sqlite3.Connection, table: str, rows: Rows) -> None:
    """Inserts *rows*, which all have a value for each column of *table*, in their order."""
    if not rows:
        return
    width = len(rows[0])
    whole = len(rows) - len(rows) % _TOGETHER
    if whole:
        marks, values = _together(rows[:whole], width * _TOGETHER)
        lines = (f"({','.join(marks[at : at + width])})" for at in range(0, len(marks), width))
        db.executemany(f"INSERT INTO {table} VALUES {','.join(lines)}", values)
    db.executemany(f"INSERT INTO {table} VALUES ({','.join('?' * width)})", rows[whole:])


def _together(rows: Rows, size: int) -> tuple[list[str], Iterator[tuple[Any, ...]]]:
    """The parameter of each of the *size* places of a statement, and the values of each statement's parameters."""
    flat = list(chain.from_iterable(rows))
    places = [flat[at::size] for at in range(size)]
    shared: dict[tuple[type, Any], int] = {}
    own: list[list[Any]] = []
    numbers = [
        shared.setdefault((type(values[0]), values[0]), len(shared)) if values.count(values[0]) == len(values) else None
        for values in places
    ]
    marks: list[str] = []
    for values, number in zip(places, numbers, strict=True):
        if number is None:
            own.append(values)
        marks.append(f"?{len(shared) + len(own) if number is None else number + 1}")
    common = tuple(value for _, value in shared)
    statements = zip(*own, strict=True) if own else iter([()] * len(places[0]))
    return marks, (common + values for values in statements)
