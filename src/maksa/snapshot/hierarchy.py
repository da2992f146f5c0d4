"""The hierarchy inside a snapshot: parents by number, and their closure with depth.

The closure is walked in memory, one concept at a time, and comes out in the order of its table's key, so that SQLite only
appends: half the time of joining it level by level, and eight bytes of memory for each parent instead of a temporary table.
"""

from __future__ import annotations

import sqlite3
from itertools import islice

from maksa.model.ancestry import Ancestry
from maksa.snapshot.bulk import insert
from maksa.snapshot.format import INDEXES

_BATCH = 50_000  # rows


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
        closure = ancestry.closure()
        while batch := list(islice(closure, _BATCH)):
            insert(db, "closure", batch)
        db.execute(INDEXES["child"])
        db.execute(INDEXES["closure_down"])
