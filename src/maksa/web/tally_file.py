"""A small SQLite file in the home's `run/` to which every worker adds what it counted.

Rules of this file:
- it is written once a minute and off the hot path: a request pays nothing for it;
- it is no promise: where it cannot be written the service goes on, and one that is damaged is begun anew.
"""

from __future__ import annotations

import contextlib
import logging
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec

_log = logging.getLogger("maksa.web")

_FAULTS = (sqlite3.Error, msgspec.MsgspecError)  # the second: a value that is not what this maksa wrote


class TallyFile:
    """A worker's hand on the file at *path*, whose one table *table* makes; *what* names it in the log."""

    def __init__(self, path: Path, table: str, what: str) -> None:
        self._path = path
        self._table = table
        self._what = what
        self._is_failing = False

    def add(self, write: Callable[[sqlite3.Connection], None]) -> bool:
        """Whether *write* was done, in one transaction. The first failure of a row of them is logged."""
        try:
            self._transact(write)
        except _FAULTS as error:
            if not self._is_failing:
                _log.warning("%s: %s cannot be written: %s", self._path, self._what, error)
            self._is_failing = True
            self._begin_anew(error)
            return False
        self._is_failing = False
        return True

    def _transact(self, write: Callable[[sqlite3.Connection], None]) -> None:
        with contextlib.closing(sqlite3.connect(self._path, timeout=5, isolation_level=None)) as db:
            db.execute("PRAGMA journal_mode = WAL")
            db.execute("PRAGMA synchronous = NORMAL")
            db.execute(self._table)
            db.execute("BEGIN IMMEDIATE")
            write(db)
            db.execute("COMMIT")

    def _begin_anew(self, error: Exception) -> None:
        """Takes away a file that is no tally, or no more; a lock or a full disk is no reason."""
        if type(error) is sqlite3.DatabaseError or isinstance(error, msgspec.MsgspecError):
            for path in (self._path, *(self._path.with_name(self._path.name + end) for end in ("-wal", "-shm"))):
                with contextlib.suppress(OSError):
                    path.unlink(missing_ok=True)


def rows(path: Path, statement: str, values: tuple[object, ...]) -> list[tuple[Any, ...]]:
    """What *statement* finds in the file at *path*; nothing where there is none, or it cannot be read."""
    if not path.exists():
        return []
    try:
        with contextlib.closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=1)) as db:
            return db.execute(statement, values).fetchall()
    except sqlite3.Error:
        return []
