"""The door of a snapshot: what is refused at it, and the connection behind it."""

from __future__ import annotations

import sqlite3
import struct
import threading
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import quote
from weakref import WeakSet

import msgspec

from maksa.model.errors import (
    FormatVersionError,
    IntegrityError,
    NotASnapshotError,
    SnapshotError,
    SnapshotMissingError,
)
from maksa.model.shapes import json_decoder
from maksa.model.terminology import Version
from maksa.snapshot.format import APPLICATION_ID, FORMAT_VERSION

_version_of = json_decoder(Version)


MAPPED = 1 << 40  # more than any file: SQLite cuts it to its own limit

_HEADER = struct.Struct(">16s44xI4xI")  # SQLite's magic; user_version at byte 60; application_id at byte 68
_MAGIC = b"SQLite format 3\0"


class _Connection(sqlite3.Connection):
    """A connection that closes itself when its last reader is gone, whatever thread that was in."""

    def __del__(self) -> None:
        with suppress(sqlite3.ProgrammingError):  # one that could not be opened
            self.close()


def connection(path: Path) -> sqlite3.Connection:
    """A new read-only connection to the snapshot at *path*: immutable and mapped into memory.

    Raises: SnapshotMissingError, SnapshotError, where it cannot be opened: other threads may read on what they have open.
    """
    try:
        db = sqlite3.connect(
            f"file:{quote(str(path))}?mode=ro&immutable=1",
            uri=True,
            check_same_thread=False,
            isolation_level=None,
            factory=_Connection,
        )
    except sqlite3.OperationalError as error:
        if not path.exists():
            raise SnapshotMissingError(path=str(path)) from error
        raise SnapshotError(path=str(path), reason=str(error)) from error
    db.execute(f"PRAGMA mmap_size = {MAPPED}")
    db.execute("PRAGMA query_only = 1")
    return db


class OwnConnection(threading.local):
    """`db` is a connection to the snapshot at *path* that belongs to the thread that asks, made when it first does.

    From CPython 3.12 on, two threads on one connection may be given one prepared statement, and so each other's rows.
    It is in one transaction for ever, and `cursor` is one for all its look-ups: to begin and end them for each would be a
    seventh of a look-up's time, and nothing that others do to a file that never changes is kept from being seen.
    Each is in *made* too: a connection refers to itself, so that only closing it lets its file go at once.
    """

    def __init__(self, path: Path, made: WeakSet[sqlite3.Connection]) -> None:
        self.db = connection(path)
        made.add(self.db)
        self.db.execute("BEGIN")
        self.cursor = self.db.cursor()


def check_header(path: Path) -> None:
    """Refuses by the first 72 bytes what is not a snapshot of this format."""
    try:
        with path.open("rb") as file:
            head = file.read(_HEADER.size)
    except FileNotFoundError as error:
        raise SnapshotMissingError(path=str(path)) from error
    except OSError as error:
        raise SnapshotError(path=str(path), reason=error.strerror or str(error)) from error
    if len(head) < _HEADER.size:
        raise NotASnapshotError(path=str(path), reason=f"it is {len(head)} bytes long")
    magic, found, application = _HEADER.unpack(head)
    if magic != _MAGIC or application != APPLICATION_ID:
        raise NotASnapshotError(path=str(path), reason="its magic is not a snapshot's")
    if found != FORMAT_VERSION:
        raise FormatVersionError(path=str(path), found=found, known=FORMAT_VERSION)


def version_in(path: Path, db: sqlite3.Connection) -> Version:
    """What the file at *path* says of itself. Raises: NotASnapshotError."""
    row = db.execute("SELECT value FROM fact WHERE name = 'version'").fetchone()
    try:
        return _version_of(row[0] if row else b"")
    except msgspec.MsgspecError as error:
        raise NotASnapshotError(path=str(path), reason=f"its version fact is not readable: {error}") from error


def expect(what: str, path: Path, actual: Any, expected: Any) -> None:
    """Returns where *actual* is what the manifest says. Raises: IntegrityError."""
    if actual != expected:
        raise IntegrityError(path=str(path), what=what, actual=actual, expected=expected)
