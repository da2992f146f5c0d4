"""What a version changed, counted: its file knows it without the one before it."""

from __future__ import annotations

from contextlib import closing
from functools import lru_cache
from itertools import takewhile
from pathlib import Path

from msgspec import Struct

from maksa.snapshot.opening import connection
from maksa.snapshot.reader import Snapshot


class Impact(Struct, frozen=True, gc=False):
    """How many codes a version added, gave another display (or brought back), and retired."""

    added: int
    relabelled: int
    retired: int


def impact_of(snapshot: Snapshot) -> Impact:
    """What the version changed when it was published. Only changed rows are read, and once for each file."""
    return _counted(snapshot.path, int(snapshot.version.published_at.timestamp()))


@lru_cache(maxsize=1024)
def _counted(path: Path, at: int) -> Impact:
    newest_first = "SELECT created, changed FROM concept ORDER BY number DESC"
    with closing(connection(path)) as own:
        rows = list(takewhile(lambda row: row[1] == at, own.execute(newest_first)))
        (retired,) = own.execute("SELECT count(*) FROM former WHERE retired = ?", (at,)).fetchone()
    added = sum(created == changed for created, changed in rows)
    return Impact(added, len(rows) - added, int(retired))
