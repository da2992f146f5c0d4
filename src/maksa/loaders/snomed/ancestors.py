"""The is-a relationships of a release as a whole: parents that it does not have, and circles."""

from __future__ import annotations

import sqlite3

from maksa.loaders.gathering import Gathering
from maksa.loaders.snomed.ids import IS_A
from maksa.loaders.staging import told_apart
from maksa.loaders.table.parentage import PATH_SHOWN
from maksa.model.ancestry import Ancestry

_PAIRS = f"""
SELECT child.rowid, parent.rowid, relationship.sourceId, relationship.destinationId, relationship.file, relationship.line
FROM relationship JOIN concept AS child ON child.id = sourceId LEFT JOIN concept AS parent ON parent.id = destinationId
WHERE relationship.active = '1' AND typeId = '{IS_A}'
"""


def tell(db: sqlite3.Connection, gathering: Gathering, files: list[str]) -> None:
    """Gathers a warning for each parent that is not there, and a blocking refusal for a circle. Raises: StorageError.

    A circle is said once: whoever mends it sees the next one.
    """
    ancestry = Ancestry()
    with told_apart():
        for child, parent, code, destination, file, line in db.execute(_PAIRS):
            if parent is None:
                with gathering.within(files[file]):
                    gathering.add("orphan-parent", row=line, column="destinationId", value=destination, code=code)
            else:
                ancestry.add(child, parent)
        circle = [
            db.execute("SELECT id FROM concept WHERE rowid = ?", (number,)).fetchone()[0] for number in ancestry.cycle()
        ]
    if circle:
        shown = " → ".join(circle[:PATH_SHOWN]) + (" → …" if len(circle) > PATH_SHOWN else "")
        gathering.report.blocking += 1
        gathering.add("parent-cycle", column="destinationId", value=circle[0], path=shown)
