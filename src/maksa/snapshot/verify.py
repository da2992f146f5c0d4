"""Proof that a shelf is whole: every byte of every file that the manifest names."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from maksa.model.errors import IntegrityError, NotASnapshotError, SnapshotError, SnapshotMissingError
from maksa.model.terminology import Version
from maksa.snapshot import manifest as manifests
from maksa.snapshot.manifest import file_of
from maksa.snapshot.maps import opened


def check_bytes(path: Path, version: Version) -> None:
    """Returns where the file's SHA-256 is the one that the manifest says. Raises: SnapshotMissingError, IntegrityError."""
    try:
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
    except FileNotFoundError as error:
        raise SnapshotMissingError(path=str(path)) from error
    except OSError as error:
        raise SnapshotError(path=str(path), reason=error.strerror or str(error)) from error
    if digest != version.digest:
        raise IntegrityError(path=str(path), what="SHA-256", actual=digest, expected=version.digest)


def check_version(folder: Path, version: Version) -> None:
    """Returns where the snapshot of *version* is whole: bytes, format, facts, SQLite's own check, count of concepts.

    Raises: SnapshotError and its kinds.
    """
    path = file_of(folder, version)
    check_bytes(path, version)
    snapshot = opened(path, version)
    try:
        snapshot.check()
    except sqlite3.DatabaseError as error:
        raise NotASnapshotError(path=str(path), reason=str(error)) from error
    finally:
        snapshot.close()


def verify(folder: Path) -> Iterator[tuple[Version, SnapshotError | None]]:
    """Each version that the manifest lists, with what is wrong with it or None, in order of publication.

    Raises: ManifestError, FormatVersionError, before the first.
    """
    for version in manifests.read(folder).versions:
        try:
            check_version(folder, version)
        except SnapshotError as error:
            yield version, error
        else:
            yield version, None
