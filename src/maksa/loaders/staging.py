"""A temporary database in which a loader joins tables too long for memory; gone when it is closed, or the process ends."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from maksa.model.errors import DiskFullError, StorageError

_CACHE = 64 << 10  # KiB
_PRAGMAS = f"PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -{_CACHE};"


def staging(tables: str) -> sqlite3.Connection:
    """An empty database with *tables*, in a file without a name: no other process sees it, no crash leaves it.

    It lies in SQLite's temporary folder (SQLITE_TMPDIR, else /var/tmp, else /tmp). There is no way back in it: what was
    written stays. Raises: DiskFullError, StorageError.
    """
    with told_apart():
        db = sqlite3.connect("", isolation_level=None)
        db.executescript(f"{_PRAGMAS} {tables}")
        db.execute("BEGIN")
        return db


@contextmanager
def told_apart() -> Iterator[None]:
    """Within it, what the temporary folder refuses comes out as DiskFullError or StorageError."""
    try:
        yield
    except sqlite3.OperationalError as error:
        full = error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_FULL
        kind = DiskFullError if full else StorageError
        raise kind(path="the temporary folder of this load", reason=str(error)) from error
