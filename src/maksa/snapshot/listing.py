"""A snapshot's list a page at a time, by code: from a code on, or up to one."""

from __future__ import annotations

from contextlib import closing

from maksa.snapshot.opening import connection
from maksa.snapshot.reader import Snapshot

Line = tuple[str, str, str, str, str, str]
"""code, display, its language, status, a wording in another language, that language; the last two "" where there is none."""

_OTHER = (
    "FROM designation AS d WHERE d.number = concept.number AND d.language <> concept.language ORDER BY place LIMIT 1"
)
_LINES = f"""
SELECT code, display, language, status, coalesce((SELECT value {_OTHER}), ''), coalesce((SELECT d.language {_OTHER}), '')
FROM concept WHERE code {{side}} ? ORDER BY code {{order}} LIMIT ?
"""


def lines_after(snapshot: Snapshot, code: str, limit: int) -> list[Line]:
    """The first *limit* lines whose code is past *code*, by code."""
    return _lines(snapshot, _LINES.format(side=">", order=""), code, limit)


def lines_before(snapshot: Snapshot, code: str, limit: int) -> list[Line]:
    """The last *limit* lines whose code is before *code*, by code."""
    return _lines(snapshot, _LINES.format(side="<", order="DESC"), code, limit)[::-1]


def is_hierarchical(snapshot: Snapshot) -> bool:
    """Whether any concept has a parent."""
    with closing(connection(snapshot.path)) as own:
        return own.execute("SELECT 1 FROM parent LIMIT 1").fetchone() is not None


def _lines(snapshot: Snapshot, statement: str, code: str, limit: int) -> list[Line]:
    with closing(connection(snapshot.path)) as own:
        return own.execute(statement, (code, limit)).fetchall()
