"""The hierarchy inside a snapshot: parents by number, and their closure with depth.

The closure is walked in memory, one concept at a time, and comes out in the order of its table's key, so that SQLite only
appends: half the time of joining it level by level, and eight bytes of memory for each parent instead of a temporary table.
"""

from __future__ import annotations

import sqlite3
from functools import cache

from maksa.model.ancestry import Ancestry
from maksa.snapshot.format import INDEXES

_TOGETHER = 60  # rows of one statement at most: as many statements stay prepared (sqlite3 keeps 128)


def build(db: sqlite3.Connection) -> None:
    """Fills `parent` from the codes staged in `named_parent`, then `closure`.

    A parent that names no concept of the version leaves no row: `publish` has judged it before.
    """
    db.execute(
        "INSERT OR IGNORE INTO parent SELECT named_parent.number, concept.number FROM named_parent"
        " JOIN concept ON concept.code = named_parent.parent ORDER BY 1, 2"
    )
    ancestry = Ancestry()
    for number, parent in db.execute("SELECT number, parent FROM parent"):
        ancestry.add(number, parent)
    if len(ancestry):
        _insert(db, ancestry)
        db.execute(INDEXES["child"])
        db.execute(INDEXES["closure_down"])


def _insert(db: sqlite3.Connection, ancestry: Ancestry) -> None:
    execute = db.cursor().execute
    for number, ancestors, depths in ancestry.closure():
        for at in range(0, len(ancestors), _TOGETHER):
            some = ancestors[at : at + _TOGETHER]
            execute(_statement(len(some)), (number, *some, *depths[at : at + _TOGETHER]))


@cache
def _statement(count: int) -> str:
    """Inserts *count* ancestors of one descendant: its number, the ancestors, then their depths are the values."""
    rows = (f"(?1,?{at + 2},?{count + at + 2})" for at in range(count))
    return f"INSERT INTO closure VALUES {','.join(rows)}"
