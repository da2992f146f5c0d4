"""A map inside a snapshot: how its entries are written, and read in both directions."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from functools import cached_property
from itertools import groupby
from operator import attrgetter
from pathlib import Path

import msgspec

from maksa.model.concept_map import ConceptMap, MapEntry
from maksa.model.errors import NotASnapshotError
from maksa.model.shapes import json_decoder
from maksa.model.terminology import Version
from maksa.snapshot.format import INDEXES
from maksa.snapshot.opening import connection
from maksa.snapshot.reader import Snapshot

# Learned at import: two threads must not meet it first at once.
_concept_map_of = json_decoder(ConceptMap)


_ENTRY = "SELECT source, target, relationship, place, grp, rule, advice FROM map_entry"


def write(db: sqlite3.Connection, entries: Iterable[MapEntry]) -> int:
    """How many *entries* went into the snapshot behind *db*. They come by source, those of one source in their order.

    `order` is counted anew from 1 within each source.
    """
    cursor = db.executemany("INSERT INTO map_entry VALUES (?,?,?,?,?,?,?)", _rows(entries))
    db.execute(INDEXES["map_target"])
    return cursor.rowcount


def _rows(entries: Iterable[MapEntry]) -> Iterator[tuple[str, int, str, str, int, str, str]]:
    for source, together in groupby(entries, key=attrgetter("source")):
        for place, each in enumerate(together, 1):
            yield source, place, each.target, each.relationship, each.group, each.rule, each.advice


class MapSnapshot(Snapshot):
    """One published version of a map, open for reading."""

    _counted = "map_entry"

    @cached_property
    def concept_map(self) -> ConceptMap:
        """What the map is between. Raises: NotASnapshotError."""
        row = self._db.execute("SELECT value FROM fact WHERE name = 'map'").fetchone()
        try:
            return _concept_map_of(row[0] if row else b"")
        except msgspec.MsgspecError as error:
            raise NotASnapshotError(path=str(self.path), reason=f"its map fact is not readable: {error}") from error

    def entries_from(self, source: str) -> list[MapEntry]:
        """The entries of the code *source*, in their order."""
        return self._entries("source = ? ORDER BY place", source)

    def entries_to(self, target: str) -> list[MapEntry]:
        """The entries whose target is the code *target*, by source."""
        return self._entries("target = ? ORDER BY source, place", target)

    def _entries(self, condition: str, code: str) -> list[MapEntry]:
        return [MapEntry(*row) for row in self._db.execute(f"{_ENTRY} WHERE {condition}", (code,))]

    def entries(self) -> Iterator[MapEntry]:
        """Every entry, by source, then in order."""
        with closing(connection(self.path)) as own:
            for row in own.execute(f"{_ENTRY} ORDER BY source, place"):
                yield MapEntry(*row)

    def codes(self, side: str) -> Iterator[str]:
        """Each code of one *side*, "source" or "target", once, by code; the absence of a target is none."""
        assert side in ("source", "target"), side
        with closing(connection(self.path)) as own:
            for (code,) in own.execute(f"SELECT DISTINCT {side} FROM map_entry WHERE {side} <> '' ORDER BY {side}"):
                yield code


def opened(path: Path, version: Version) -> Snapshot:
    """The snapshot of *version* at *path*, a `MapSnapshot` where it is a map. Raises: as `Snapshot.open`."""
    return (MapSnapshot if version.kind == "map" else Snapshot).open(path, version)
