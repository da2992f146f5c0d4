"""Whole concepts, many at a time: what hangs on a thousand of them is read in one statement for each kind of fact.

Rules of this file:
- a kind of fact that a version has none of is not asked for at all: a list of plain codes and displays is one statement;
- memory holds one batch, whatever the size of the list.
"""

from __future__ import annotations

import datetime as dt
import sqlite3
from collections import defaultdict
from collections.abc import Iterator
from contextlib import closing
from functools import cache
from pathlib import Path
from typing import Any

import msgspec

from maksa.model.concept import Concept, Designation, Property
from maksa.snapshot.opening import connection

BATCH = 1_000  # concepts

_CONCEPTS = "SELECT number, code, display, language, status, created, changed FROM concept ORDER BY {order}"
_ASKED = "FROM json_each(?) AS asked CROSS JOIN"
_FACTS = {
    "designation": f"SELECT fact.number, language, fact.value, use {_ASKED} designation AS fact ON fact.number = asked.value",
    "property": f"SELECT fact.number, name, fact.value, kind {_ASKED} property AS fact ON fact.number = asked.value",
    "parent": (
        f"SELECT fact.number, above.code {_ASKED} parent AS fact ON fact.number = asked.value"
        " JOIN concept AS above ON above.number = fact.parent ORDER BY above.code"
    ),
}


def concepts(path: Path, *, as_listed: bool = False) -> Iterator[Concept]:
    """Every concept of the snapshot at *path*, whole, by code; in the order of the publisher's own list where *as_listed*.

    Designations and properties come in their order, parents by code. Raises: sqlite3.DatabaseError, of a damaged file.
    """
    with closing(connection(path)) as db:
        kinds = [kind for kind in _FACTS if db.execute(f"SELECT 1 FROM {kind} LIMIT 1").fetchone()]
        cursor = db.execute(_CONCEPTS.format(order="position, code" if as_listed else "code"))
        while rows := cursor.fetchmany(BATCH):
            yield from _built(rows, _facts(db, kinds, rows))


def wordings(path: Path) -> list[tuple[str, str]]:
    """(language, use) of the designations that the snapshot at *path* has, those that come first in a concept first."""
    return _seen(path, "designation", "language", "use")


def property_names(path: Path) -> list[tuple[str, str]]:
    """(name, kind) of the properties that the snapshot at *path* has, those that come first in a concept first."""
    return _seen(path, "property", "name", "kind")


def _seen(path: Path, table: str, one: str, other: str) -> list[tuple[str, str]]:
    """Each pair of the two columns, by the place that it has where it is first met."""
    with closing(connection(path)) as db:
        pairs = db.execute(f"SELECT DISTINCT {one}, {other} FROM {table}").fetchall()
        first = f"SELECT place FROM {table} WHERE {one} = ? AND {other} = ? LIMIT 1"
        return sorted(pairs, key=lambda pair: (db.execute(first, pair).fetchone(), pair))


def _facts(db: sqlite3.Connection, kinds: list[str], rows: list[tuple[Any, ...]]) -> dict[str, dict[int, list[Any]]]:
    """What hangs on the concepts of *rows*, by kind, then by number."""
    asked = msgspec.json.encode([row[0] for row in rows]).decode()
    return {kind: _by_number(kind, db.execute(_FACTS[kind], (asked,))) for kind in kinds}


def _by_number(kind: str, rows: sqlite3.Cursor) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    if kind == "parent":
        for number, code in rows:
            found[number].append(code)
        return found
    make = Designation if kind == "designation" else Property
    for number, first, value, last in rows:
        found[number].append(make(first, value, last))
    return found


def _built(rows: list[tuple[Any, ...]], facts: dict[str, dict[int, list[Any]]]) -> Iterator[Concept]:
    none: dict[int, list[Any]] = {}
    designations, properties, parents = (facts.get(kind, none).get for kind in _FACTS)
    for number, code, display, language, status, created, changed in rows:
        yield Concept(
            code,
            display,
            language,
            tuple(designations(number, ())),
            tuple(properties(number, ())),
            tuple(parents(number, ())),
            status,
            _moment(created),
            _moment(changed),
        )


@cache
def _moment(seconds: int) -> dt.datetime:
    """As `reader.moment`; a list has as many of them as it has versions."""
    return dt.datetime.fromtimestamp(seconds, dt.UTC)
