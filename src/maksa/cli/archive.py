"""A home in one file: a tar of the shelf's files, the two databases and the settings.

Rules of this file:
- a backup reads one manifest and the files it names, which never change, so it may be made while everything runs;
- what is restored is proved before it takes the home's place: names, then every digest;
- neither ever writes over what is there.
"""

from __future__ import annotations

import io
import os
import re
import shutil
import sqlite3
import tarfile
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import msgspec

from maksa.home import Home
from maksa.model.errors import FileUnreadableError, MaksaError, StorageError
from maksa.snapshot import manifest as manifests
from maksa.snapshot import notices as shelf_notices
from maksa.snapshot.manifest import Manifest, file_of
from maksa.snapshot.storage import told_apart
from maksa.snapshot.verify import verify

_DATABASES = ("catalog.db", "accounts.db")
_SETTINGS = "maksa.toml"
_MEMBER = re.compile(r"shelf/(manifest\.json|notices\.json|[0-9a-f]{64}\.maksa)|catalog\.db|accounts\.db|maksa\.toml")

Told = Callable[[str, int], None]


def write(home: Home, file: Path, told: Told) -> int:
    """Writes the home into *file*, which must not exist; how many versions went in. Raises: SnapshotError, StorageError."""
    if file.exists():
        raise StorageError(path=str(file), reason="is there already; a backup never writes over a file")
    manifest = manifests.read(home.shelf)
    fresh = file.with_name(f"{file.name}.new")
    with told_apart(file), _gone_on_error(fresh):
        with fresh.open("xb") as opened:
            fresh.chmod(0o600)  # it holds accounts
            with tarfile.open(fileobj=opened, mode="w") as tar:
                _write_shelf(tar, home, manifest, told)
                _write_rest(tar, home)
            opened.flush()
            os.fsync(opened.fileno())
        fresh.rename(file)
    return len(manifest.versions)


def _write_shelf(tar: tarfile.TarFile, home: Home, manifest: Manifest, told: Told) -> None:
    names = dict.fromkeys(file_of(home.shelf, version) for version in manifest.versions)
    for done, path in enumerate(names, 1):
        tar.add(path, f"shelf/{path.name}")
        told("snapshots", done)
    _add(tar, f"shelf/{manifests.NAME}", msgspec.json.encode(manifest))
    _add(tar, f"shelf/{shelf_notices.NAME}", msgspec.json.encode(shelf_notices.read(home.shelf)))


def _add(tar: tarfile.TarFile, name: str, content: bytes) -> None:
    entry = tarfile.TarInfo(name)
    entry.size = len(content)
    tar.addfile(entry, io.BytesIO(content))


def _write_rest(tar: tarfile.TarFile, home: Home) -> None:
    """The databases as they are at one moment each, and the settings."""
    with tempfile.TemporaryDirectory() as folder:
        for name in _DATABASES:
            if (home.path / name).exists():
                copy = Path(folder) / name
                _copy_database(home.path / name, copy)
                tar.add(copy, name)
    if home.settings_file.exists():
        tar.add(home.settings_file, _SETTINGS)


def _copy_database(source: Path, copy: Path) -> None:
    with closing(sqlite3.connect(f"{source.as_uri()}?mode=ro", uri=True)) as old, closing(sqlite3.connect(copy)) as new:
        old.backup(new)


def read(file: Path, home: Home, told: Told) -> int:
    """Makes the home from *file*; how many versions it has. Raises: SourceError, SnapshotError, StorageError."""
    if home.path.exists() and any(home.path.iterdir()):
        raise StorageError(path=str(home.path), reason="is not empty; a backup is restored into a home of its own")
    home.path.parent.mkdir(parents=True, exist_ok=True)
    fresh = home.path.with_name(f"{home.path.name}.restoring")
    with told_apart(home.path), _gone_on_error(fresh):
        fresh.mkdir(mode=0o700)
        (fresh / "shelf").mkdir()
        _unpack(file, fresh, told)
        versions = _proved(fresh / "shelf", told)
        if home.path.exists():
            home.path.rmdir()
        fresh.rename(home.path)
    return versions


def _unpack(file: Path, folder: Path, told: Told) -> None:
    try:
        with tarfile.open(file, "r:") as tar:
            for done, entry in enumerate(tar, 1):
                if not entry.isfile() or not _MEMBER.fullmatch(entry.name):
                    raise FileUnreadableError(file=str(file), reason=f"{entry.name!r} is no part of a backup")
                target = folder / entry.name
                content = tar.extractfile(entry)
                if content is None:
                    raise AssertionError("a regular file has content")
                with target.open("xb") as opened:
                    target.chmod(0o600)
                    shutil.copyfileobj(content, opened)
                    opened.flush()
                    os.fsync(opened.fileno())
                told("files", done)
    except (tarfile.TarError, FileNotFoundError, IsADirectoryError, FileExistsError, EOFError) as error:
        raise FileUnreadableError(file=str(file), reason=f"not a backup: {error}") from error


def _proved(shelf: Path, told: Told) -> int:
    """How many versions the shelf has, each of them whole. Raises: SnapshotError of the first that is not."""
    if not (shelf / manifests.NAME).exists():
        raise FileUnreadableError(file=str(shelf.parent), reason="the backup has no manifest")
    shelf_notices.read(shelf)
    count = 0
    for count, (_, fault) in enumerate(verify(shelf), 1):  # the count is the answer
        if fault is not None:
            raise fault
        told("verified", count)
    return count


@contextmanager
def _gone_on_error(path: Path) -> Iterator[None]:
    """Takes away what was half made at *path* when the block fails, by a signal too."""
    try:
        yield
    except (MaksaError, OSError, sqlite3.Error, KeyboardInterrupt):
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)
        raise
