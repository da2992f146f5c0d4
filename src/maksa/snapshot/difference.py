"""Two snapshots side by side in one connection: which codes differ, found by SQLite without reading what is the same.

Rules of this file:
- SQL only tells which codes to look at; what a difference is, is said once, in `model.difference`;
- a table that is empty in both files is not compared at all: lists of plain codes and displays are the fast path.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from heapq import merge
from operator import attrgetter
from urllib.parse import quote

from maksa.model.concept import Concept
from maksa.model.difference import Difference, differences
from maksa.snapshot.opening import MAPPED, connection
from maksa.snapshot.reader import Snapshot

_FACTS = {"designation": ("language", "use", "value"), "property": ("name", "kind", "value")}

_LACKS = """EXISTS (
    SELECT 1 FROM {one}.{table} AS a WHERE a.number = {one_number}
    AND NOT EXISTS (SELECT 1 FROM {other}.{table} AS b WHERE b.number = {other_number} AND {same})
)"""

_LACKS_PARENT = """EXISTS (
    SELECT 1 FROM {one}.parent AS a JOIN {one}.concept AS above ON above.number = a.parent WHERE a.number = {one_number}
    AND NOT EXISTS (
        SELECT 1 FROM {other}.concept AS same JOIN {other}.parent AS b ON b.parent = same.number
        WHERE same.code = above.code AND b.number = {other_number}
    )
)"""

_HERE = """
SELECT new.code, new.display, new.status, old.display, old.status, {rich}
FROM later.concept AS new LEFT JOIN main.concept AS old ON old.code = new.code
WHERE old.code IS NULL OR old.display <> new.display OR old.status <> new.status OR {rich}
ORDER BY new.code
"""

_GONE = """
SELECT old.code, old.display FROM main.concept AS old
WHERE NOT EXISTS (SELECT 1 FROM later.concept AS new WHERE new.code = old.code) ORDER BY old.code
"""


def between(earlier: Snapshot, later: Snapshot) -> Iterator[Difference]:
    """What *later* has otherwise than *earlier*, by code, within a code in the order of `KINDS`.

    Memory does not grow with rows. 350,000 concepts take half a second, with designations, properties and parents four.
    """
    with closing(_both(earlier, later)) as db:
        yield from merge(_here(db, earlier, later), _gone(db), key=attrgetter("code"))


def _both(earlier: Snapshot, later: Snapshot) -> sqlite3.Connection:
    """A connection in which *earlier* is `main` and *later* is `later`; both immutable."""
    db = connection(earlier.path)
    db.execute("ATTACH ? AS later", (f"file:{quote(str(later.path))}?mode=ro&immutable=1",))
    db.execute(f"PRAGMA later.mmap_size = {MAPPED}")
    return db


def _here(db: sqlite3.Connection, earlier: Snapshot, later: Snapshot) -> Iterator[Difference]:
    for code, display, status, old_display, old_status, is_rich in db.execute(_HERE.format(rich=_rich(db))):
        if old_display is None:
            yield from differences(None, Concept(code, display))
        elif is_rich:
            yield from differences(earlier.concept(code), later.concept(code))
        else:
            yield from differences(Concept(code, old_display, status=old_status), Concept(code, display, status=status))


def _gone(db: sqlite3.Connection) -> Iterator[Difference]:
    for code, display in db.execute(_GONE):
        yield from differences(Concept(code, display), None)


def _rich(db: sqlite3.Connection) -> str:
    """The condition under which two concepts differ in more than display and status."""
    facts = [
        (_LACKS, {"table": table, "same": " AND ".join(f"a.{column} = b.{column}" for column in columns)})
        for table, columns in _FACTS.items()
        if _holds(db, table)
    ]
    if _holds(db, "parent"):
        facts.append((_LACKS_PARENT, {}))
    return " OR ".join(lacks.format(**side, **parts) for lacks, parts in facts for side in _SIDES) or "0"


_SIDES = (
    {"one": "main", "one_number": "old.number", "other": "later", "other_number": "new.number"},
    {"one": "later", "one_number": "new.number", "other": "main", "other_number": "old.number"},
)


def _holds(db: sqlite3.Connection, table: str) -> bool:
    """Whether either file has a row in *table*."""
    return any(db.execute(f"SELECT 1 FROM {schema}.{table} LIMIT 1").fetchone() for schema in ("main", "later"))
