"""The rows of a draft whose list is not in the order of its codes, put in that order: on disk, so that memory does not grow."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from itertools import islice

from maksa.model.errors import DiskFullError, StorageError

_BATCH = 1_000  # rows
_TABLE = """
PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -16384;
CREATE TABLE packed (code TEXT NOT NULL, value BLOB NOT NULL); BEGIN;
"""


def by_code(rows: Iterable[tuple[str, bytes]]) -> Iterator[bytes]:
    """The values of (code, value) by the UTF-8 bytes of the code; those of one code as they came.

    They lie in a temporary file meanwhile, which no crash leaves. Raises: DiskFullError, StorageError (of that file).
    """
    stream = iter(rows)
    with closing(_table()) as db:
        while batch := list(islice(stream, _BATCH)):  # what the rows raise is not of this file
            with _told_apart():
                db.executemany("INSERT INTO packed VALUES (?,?)", batch)
        with _told_apart():
            for (value,) in db.execute("SELECT value FROM packed ORDER BY code, rowid"):
                yield value


def _table() -> sqlite3.Connection:
    with _told_apart():
        db = sqlite3.connect("", isolation_level=None)
        db.executescript(_TABLE)
        return db


@contextmanager
def _told_apart() -> Iterator[None]:
    """Within it, what the temporary folder refuses comes out as DiskFullError or StorageError."""
    try:
        yield
    except sqlite3.OperationalError as error:
        full = error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_FULL
        kind = DiskFullError if full else StorageError
        raise kind(path="the temporary folder in which a draft is sorted", reason=str(error)) from error
