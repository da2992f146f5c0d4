"""The hierarchy inside a snapshot: parents by number, and their closure with depth, built by SQLite in bounded memory."""

from __future__ import annotations

import sqlite3

from maksa.snapshot.format import INDEXES

_NEXT_LEVEL = """
INSERT INTO closure SELECT DISTINCT level.descendant, parent.parent, ? FROM temp.level JOIN parent ON parent.number = level.ancestor
WHERE NOT EXISTS (
    SELECT 1 FROM closure WHERE closure.descendant = level.descendant AND closure.ancestor = parent.parent
)
"""


def build(db: sqlite3.Connection) -> None:
    """Fills `parent` from the codes staged in `named_parent`, then `closure` level by level.

    A parent that names no concept of the version leaves no row: `publish` has judged it before.
    """
    db.execute(
        "INSERT OR IGNORE INTO parent SELECT named_parent.number, concept.number FROM named_parent"
        " JOIN concept ON concept.code = named_parent.parent ORDER BY 1, 2"
    )
    if not db.execute("SELECT 1 FROM parent LIMIT 1").fetchone():
        return
    db.execute("INSERT INTO closure SELECT number, parent, 1 FROM parent")
    depth = 1
    while _deepen(db, depth):
        depth += 1
    db.execute(INDEXES["child"])
    db.execute(INDEXES["closure_down"])


def _deepen(db: sqlite3.Connection, depth: int) -> bool:
    """Adds the ancestors one step above those at *depth*; False where there were none to add."""
    db.execute("DROP TABLE IF EXISTS temp.level")
    db.execute("CREATE TEMP TABLE level AS SELECT descendant, ancestor FROM closure WHERE depth = ?", (depth,))
    return db.execute(_NEXT_LEVEL, (depth + 1,)).rowcount > 0
