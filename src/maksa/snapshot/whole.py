"""Whole concepts, many at a time: what hangs on a thousand of them is read in one statement for each kind of fact.

Rules of this file:
- a kind of fact that a version has none of is not asked for at all: a list of plain codes and displays is one statement;
- memory holds one batch, whatever the size of the list.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator
from contextlib import closing
from functools import cache
from pathlib import Path
from typing import NamedTuple

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


class Batch(NamedTuple):
    """Some concepts, in order, and what hangs on them by their numbers, each concept's in its order.

    `concepts` are (number, code, display, language, status, created, changed; both in seconds), `designations` (number,
    language, value, use), `properties` (number, name, value, kind), `parents` (number, code).
    """

    concepts: list[tuple[int, str, str, str, str, int, int]]
    designations: list[tuple[int, str, str, str]]
    properties: list[tuple[int, str, str, str]]
    parents: list[tuple[int, str]]


def batches(path: Path, *, as_listed: bool = False) -> Iterator[Batch]:
    """Every concept of the snapshot at *path*, by code; in the order of the publisher's own list where *as_listed*.

    Raises: sqlite3.DatabaseError, of a damaged file.
    """
    with closing(connection(path)) as db:
        held = {kind for kind in _FACTS if db.execute(f"SELECT 1 FROM {kind} LIMIT 1").fetchone()}
        cursor = db.execute(_CONCEPTS.format(order="position, code" if as_listed else "code"))
        while rows := cursor.fetchmany(BATCH):
            numbers = msgspec.json.encode([row[0] for row in rows]).decode()
            facts = (db.execute(sql, (numbers,)).fetchall() if kind in held else [] for kind, sql in _FACTS.items())
            yield Batch(rows, *facts)


def concepts(path: Path, *, as_listed: bool = False) -> Iterator[Concept]:
    """Every concept of the snapshot at *path*, whole, in the order of `batches`; parents by code. Raises: as `batches`."""
    for batch in batches(path, as_listed=as_listed):
        yield from _built(batch)


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


def _built(batch: Batch) -> Iterator[Concept]:
    designations: dict[int, list[Designation]] = defaultdict(list)
    for number, language, value, use in batch.designations:
        designations[number].append(Designation(language, value, use))
    properties: dict[int, list[Property]] = defaultdict(list)
    for number, name, value, kind in batch.properties:
        properties[number].append(Property(name, value, kind))
    parents: dict[int, list[str]] = defaultdict(list)
    for number, code in batch.parents:
        parents[number].append(code)
    for number, code, display, language, status, created, changed in batch.concepts:
        yield Concept(
            code,
            display,
            language,
            tuple(designations.get(number, ())),
            tuple(properties.get(number, ())),
            tuple(parents.get(number, ())),
            status,
            moment_of(created),
            moment_of(changed),
        )


@cache
def moment_of(seconds: int) -> dt.datetime:
    """The aware UTC time of a stored number of seconds; a list has as many of them as versions."""
    return dt.datetime.fromtimestamp(seconds, dt.UTC)
