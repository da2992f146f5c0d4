"""Writing a snapshot: concepts stream in by code, a frozen file comes out.

Rules of this file:
- memory does not grow with rows: batches go in as they come, sorting is SQLite's;
- the file is complete and on disk before its digest is told; whoever renames it into the shelf is `publish`.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from itertools import count, islice
from pathlib import Path
from types import TracebackType

import msgspec
from msgspec import Struct

from maksa.model.concept import Concept, FormerConcept
from maksa.model.concept_map import ConceptMap, MapEntry
from maksa.model.folding import language_of
from maksa.model.terminology import Imprint, Version
from maksa.snapshot import hierarchy, maps, search_index
from maksa.snapshot.bulk import insert
from maksa.snapshot.format import APPLICATION_ID, FORMAT_VERSION, INDEXES, TABLES
from maksa.snapshot.storage import told_apart

BATCH = 5_000  # rows

Progress = Callable[[str, int], None]
"""Called with a phase ("concepts", "indexes", "hierarchy", "search", "digest") and the rows done in it so far."""


class Row(Struct, frozen=True, gc=False):
    """A concept to be written, with what history knows of it; dates in whole seconds since 1970 UTC."""

    concept: Concept
    created: int
    changed: int
    position: int


_Numbered = tuple[int, Row]
"""A row with the number that its concept has in this version."""


class SnapshotWriter:
    """A snapshot in the making at *path*, which must not exist.

    *changes* are the last version's (changed, count) pairs, oldest first (`Snapshot.changes`): they tell how many
    numbers to keep free for concepts that did not change, so that numbers rise in the wire's order in one pass.
    As a context manager it removes its file unless `finish` was reached.
    """

    def __init__(
        self, path: Path, *, changes: Sequence[tuple[int, int]] = (), progress: Progress | None = None
    ) -> None:
        self.path = path
        self.concepts = 0
        self._facts: dict[str, str] = {}
        self._progress = progress or _unheard
        self._next: dict[int, int] = {}
        free = 1
        for changed, concepts in changes:
            self._next[changed] = free
            free += concepts
        self._free = free
        with told_apart(path):
            self._db = sqlite3.connect(path, isolation_level=None)
            self._prepare()

    def _prepare(self) -> None:
        self._db.executescript(
            f"""
            PRAGMA application_id = {APPLICATION_ID};
            PRAGMA user_version = {FORMAT_VERSION};
            PRAGMA journal_mode = OFF;
            PRAGMA synchronous = OFF;
            PRAGMA locking_mode = EXCLUSIVE;
            PRAGMA cache_size = -32768;
            BEGIN;
            {TABLES}
            CREATE TEMP TABLE named_parent (number INTEGER NOT NULL, parent TEXT NOT NULL);
            """
        )

    def __enter__(self) -> SnapshotWriter:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._db.close()
        if error is not None:
            self.path.unlink(missing_ok=True)

    def write(self, rows: Iterable[Row]) -> None:
        """Adds *rows*, which come in code order. Raises: StorageError."""
        stream = iter(rows)
        with told_apart(self.path):
            while batch := list(islice(stream, BATCH)):
                self._write(batch)
                self.concepts += len(batch)
                self._progress("concepts", self.concepts)

    def _write(self, batch: list[Row]) -> None:
        numbered = self._numbered(batch)
        insert(self._db, "concept", _concepts(numbered))
        insert(self._db, "designation", _designations(numbered))
        insert(self._db, "property", _properties(numbered))
        insert(self._db, "named_parent", _parents(numbered))

    def _numbered(self, batch: list[Row]) -> list[_Numbered]:
        """Each row with its number: the next one of those kept for concepts changed when it was."""
        dates = {row.changed for row in batch}
        counters = {date: count(self._next.get(date, self._free)) for date in dates}
        numbered = [(next(counters[row.changed]), row) for row in batch]
        self._next.update((date, next(counters[date])) for date in dates)
        return numbered

    def write_former(self, concepts: Iterable[FormerConcept]) -> None:
        """Adds the codes that earlier versions had and this one has not. Raises: StorageError."""
        with told_apart(self.path):
            self._db.executemany("INSERT INTO former VALUES (?,?,?,?,?,?)", map(_former_columns, concepts))

    def write_map(self, concept_map: ConceptMap, entries: Iterable[MapEntry]) -> None:
        """Makes this the snapshot of a map, in place of concepts; *entries* as `maps.write` takes them. Raises: StorageError."""
        with told_apart(self.path):
            self.concepts = maps.write(self._db, entries)
            self._facts["map"] = msgspec.json.encode(concept_map).decode()

    def write_imprint(self, imprint: Imprint) -> None:
        """Says in the file who issues the list and under which licence; nothing of what is not known."""
        self._facts |= {name: text for name, text in msgspec.structs.asdict(imprint).items() if text}

    def finish(self, version: Version) -> Version:
        """*version* with its count, digest and size: the file is indexed, closed and on disk. Raises: StorageError."""
        version = msgspec.structs.replace(version, concepts=self.concepts, digest="", size=0)
        with told_apart(self.path):
            self._progress("indexes", 0)
            self._index()
            self._progress("hierarchy", 0)
            hierarchy.build(self._db)
            self._progress("search", 0)
            search_index.build(self._db, lambda done: self._progress("search", done))
            self._progress("digest", 0)
            self._facts["version"] = msgspec.json.encode(version).decode()
            self._db.executemany("INSERT INTO fact VALUES (?,?)", sorted(self._facts.items()))
            self._db.execute("COMMIT")
            self._db.close()
            return sealed(self.path, version)

    def _index(self) -> None:
        self._db.execute(INDEXES["concept_number"])
        if self._db.execute("SELECT 1 FROM property LIMIT 1").fetchone():
            self._db.execute(INDEXES["property_value"])


def _unheard(_phase: str, _done: int) -> None:
    """Nobody wants to know how far it is."""


def sealed(path: Path, version: Version) -> Version:
    """*version* with the digest and size of the file at *path*, which is on disk when this returns."""
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        os.fsync(file.fileno())
        size = os.fstat(file.fileno()).st_size
    return msgspec.structs.replace(version, digest=digest, size=size)


def _concepts(numbered: list[_Numbered]) -> list[tuple[str, int, str, str, int, int, str, int]]:
    return [
        (
            concept.code, number, concept.display, concept.language or language_of(concept.display),
            row.created, row.changed, concept.status, row.position,
        )
        for number, row in numbered
        for concept in (row.concept,)
    ]  # fmt: skip


def _designations(numbered: list[_Numbered]) -> list[tuple[int, int, str, str, str]]:
    return [
        (number, place, other.language, other.use, other.value)
        for number, row in numbered
        for place, other in enumerate(row.concept.designations, 1)
    ]


def _properties(numbered: list[_Numbered]) -> list[tuple[int, int, str, str, str]]:
    return [
        (number, place, fact.name, fact.kind, fact.value)
        for number, row in numbered
        for place, fact in enumerate(row.concept.properties, 1)
    ]


def _parents(numbered: list[_Numbered]) -> list[tuple[int, str]]:
    return [(number, parent) for number, row in numbered for parent in row.concept.parents]


def _former_columns(concept: FormerConcept) -> tuple[str, str, str, int, int, int]:
    return (
        concept.code, concept.display, concept.last_version,
        _seconds(concept.created), _seconds(concept.changed), _seconds(concept.retired),
    )  # fmt: skip


def _seconds(moment: dt.datetime) -> int:
    return int(moment.timestamp())
