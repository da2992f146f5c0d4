"""What a disk or a database says when it will not, told apart in the house's own errors."""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from maksa.model.errors import DiskFullError, LockedError, ReadOnlyError, StorageError

_FULL = {errno.ENOSPC, errno.EDQUOT}
_READ_ONLY = {errno.EROFS, errno.EACCES, errno.EPERM}


@contextmanager
def told_apart(path: Path) -> Iterator[None]:
    """Within it, a full disk, a read-only or locked place and other faults of storage come out as StorageError."""
    try:
        yield
    except OSError as error:
        raise _of_number(error.errno or 0)(path=str(path), reason=error.strerror or str(error)) from error
    except sqlite3.OperationalError as error:
        raise _of_code(error.sqlite_errorcode & 0xFF)(path=str(path), reason=str(error)) from error


def _of_number(number: int) -> type[StorageError]:
    if number in _FULL:
        return DiskFullError
    return ReadOnlyError if number in _READ_ONLY else StorageError


def _of_code(code: int) -> type[StorageError]:
    kinds: dict[int, type[StorageError]] = {
        sqlite3.SQLITE_FULL: DiskFullError,
        sqlite3.SQLITE_READONLY: ReadOnlyError,
        sqlite3.SQLITE_BUSY: LockedError,
        sqlite3.SQLITE_LOCKED: LockedError,
    }
    return kinds.get(code, StorageError)


def content_of(path: Path) -> bytes:
    """The bytes of the file at *path*, none where there is no such file. Raises: StorageError."""
    with told_apart(path):
        try:
            return path.read_bytes()
        except FileNotFoundError:
            return b""
