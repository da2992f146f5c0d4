"""The hierarchy of a snapshot, level by level: what hangs below a concept, or stands at the top."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

from maksa.model.tree import Branch
from maksa.snapshot.opening import connection
from maksa.snapshot.reader import Snapshot

# Put in order first, counted as they are read: who reads a page of them does not wait for the counts of all. (LIMIT keeps
# SQLite from making one question of the two.)
_BRANCHES = """
SELECT code, display,
    (SELECT count(*) FROM parent AS below WHERE below.parent = place.number),
    (SELECT count(*) FROM closure WHERE ancestor = place.number)
FROM (SELECT number, code, display FROM concept WHERE {condition} ORDER BY position, code LIMIT -1) AS place
"""
_BELOW = "number IN (SELECT number FROM parent WHERE parent = (SELECT number FROM concept WHERE code = ?))"
_TOP = "NOT EXISTS (SELECT 1 FROM parent WHERE parent.number = concept.number)"


def below(snapshot: Snapshot, code: str) -> Iterator[Branch]:
    """The concepts whose parent is *code*, in the publisher's order."""
    return _branches(snapshot, _BELOW, code)


def top(snapshot: Snapshot) -> Iterator[Branch]:
    """The concepts without a parent, in the publisher's order: all of a list that has no hierarchy."""
    return _branches(snapshot, _TOP)


def _branches(snapshot: Snapshot, condition: str, *parameters: str) -> Iterator[Branch]:
    with closing(connection(snapshot.path)) as own:
        for row in own.execute(_BRANCHES.format(condition=condition), parameters):
            yield Branch(*row)
