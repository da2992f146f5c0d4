"""A home in one file: a tar of the shelf's files, the two databases, the settings, the key that signs and who is followed.

Rules of this file:
- a backup reads the databases first, then one manifest and the files it names, which never change: so it may be made while
  everything runs, and a draft that is published meanwhile is in it as a draft, as a version, or as both;
- what upstreams have said is read after that manifest, all of it as it was at one moment;
- what goes in is proved by its digest, and what is restored is proved before it takes the home's place: names, then digests;
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
from contextlib import ExitStack, closing, contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from maksa.home import Home
from maksa.model.errors import FileUnreadableError, SnapshotError, StorageError
from maksa.snapshot import document, notices, signing
from maksa.snapshot import manifest as manifests
from maksa.snapshot.document import sync_folder
from maksa.snapshot.manifest import Manifest, file_of
from maksa.snapshot.storage import content_of, told_apart
from maksa.snapshot.verify import check_bytes, verify

_DATABASES = ("catalog.db", "accounts.db", "desk.db")
_OTHERS = ("maksa.toml", "signing.key", "desk.key", "mirror")
_MEMBER = re.compile(
    r"shelf/([0-9a-f]{64}\.maksa|(\.mirror-[\w-]{1,50}/)?(\w{1,50}\.json|(manifest|notices)-[0-9a-f]{64}\.sig"
    r"|bound-[0-9a-f]{64}(\.json|-[0-9a-f]{64}\.sig)))"
    r"|mirror/[\w-]{1,50}(\.account)?\.json|(catalog|accounts|desk)\.db|maksa\.toml|(signing|desk)\.key",
    re.ASCII,
)
_BROKEN = (tarfile.TarError, ValueError, OverflowError, RecursionError, EOFError)  # what tarfile says of garbage

Told = Callable[[str, int], None]


def write(home: Home, file: Path, told: Told) -> int:
    """Writes the home into *file*, which must not exist; how many versions went in. Raises: SnapshotError, StorageError."""
    if not home.path.is_dir():
        raise StorageError(path=str(home.path), reason="there is no such home")
    if file.exists():
        raise StorageError(path=str(file), reason="is there already; a backup never writes over a file")
    with told_apart(file), ExitStack() as undone:
        number, name = tempfile.mkstemp(prefix=f".{file.name}.", dir=file.parent)  # its owner alone may read it
        undone.callback(Path(name).unlink, missing_ok=True)
        with os.fdopen(number, "wb") as opened:
            versions = _write(opened, home, file.parent, told)
            opened.flush()
            os.fsync(opened.fileno())
        Path(name).rename(file)
        sync_folder(file.parent)
    return versions


def _write(opened: BinaryIO, home: Home, beside: Path, told: Told) -> int:
    with tarfile.open(fileobj=opened, mode="w", format=tarfile.GNU_FORMAT) as tar:
        _write_databases(tar, home, beside)
        for path in (home.settings_file, home.signing_key, home.desk_key):
            if path.exists():
                tar.add(path, path.relative_to(home.path).as_posix())
        path = home.shelf / manifests.NAME  # read before what was followed: what it lists of an upstream is in that
        listed = content_of(path) or manifests.encoded(Manifest())
        for path, content in _followed(home).items():
            _write_part(tar, path.relative_to(home.path).as_posix(), content)
        return _write_shelf(tar, home.shelf, listed, told)


def _followed(home: Home) -> dict[Path, bytes]:
    """Who is followed, with which account, and what each has said: not how it stands, which the next sync tells.

    All of it as it was at one moment: a sync that is at work replaces one file after the other, and they bind one another.
    """
    before, found = None, dict[Path, bytes]()
    while (now := _states(home)) != before:
        before, found = now, {path: content_of(path) for path in now}
    return found


def _states(home: Home) -> dict[Path, tuple[int, int]]:
    """The files of what is followed, and what is another of each once it was replaced."""
    states: dict[Path, tuple[int, int]] = {}
    for path in (*home.mirrors.glob("*.json"), *home.shelf.glob(".mirror-*/*.*")):
        if _MEMBER.fullmatch(path.relative_to(home.path).as_posix()):
            with suppress(FileNotFoundError):
                state = path.stat()
                states[path] = (state.st_ino, state.st_mtime_ns)
    return states


def _write_databases(tar: tarfile.TarFile, home: Home, beside: Path) -> None:
    """Each database as it is at one moment."""
    with tempfile.TemporaryDirectory(prefix=".backup-", dir=beside) as folder:
        for name in _DATABASES:
            if (home.path / name).exists():
                copy = Path(folder) / name
                _copy_database(home.path / name, copy)
                tar.add(copy, name)


def _copy_database(source: Path, copy: Path) -> None:
    try:
        with closing(_reading(source)) as old, closing(sqlite3.connect(copy)) as new:
            old.backup(new)
    except sqlite3.DatabaseError as error:
        if error.sqlite_errorcode == sqlite3.SQLITE_NOTADB:
            raise StorageError(path=str(source), reason=str(error)) from error
        raise


def _reading(source: Path) -> sqlite3.Connection:
    """A connection that reads *source*, which is not locked. Where nobody can write beside it, it is read as it lies."""
    db = sqlite3.connect(f"{source.as_uri()}?mode=ro", uri=True, timeout=10.0)
    try:
        db.execute("SELECT count(*) FROM sqlite_master")
    except sqlite3.OperationalError as error:
        db.close()
        if error.sqlite_errorcode != sqlite3.SQLITE_CANTOPEN or source.with_name(f"{source.name}-wal").exists():
            raise
        return sqlite3.connect(f"{source.as_uri()}?mode=ro&immutable=1", uri=True)
    return db


def _write_shelf(tar: tarfile.TarFile, shelf: Path, content: bytes, told: Told) -> int:
    """How many versions went in. The manifest, *content*, comes last, to the letter, as do the notices: they may be signed."""
    path = shelf / manifests.NAME
    manifest = manifests.decoded(path, content)
    files = {file_of(shelf, version): version for version in manifest.versions}
    for done, (snapshot, version) in enumerate(files.items(), 1):
        check_bytes(snapshot, version)
        tar.add(snapshot, f"shelf/{snapshot.name}")
        told("snapshots", done)
    letters = shelf / notices.NAME
    if letters.exists():
        _write_document(tar, letters, letters.read_bytes())
    _write_document(tar, path, content)
    return len(manifest.versions)


def _write_document(tar: tarfile.TarFile, path: Path, content: bytes) -> None:
    signature = document.signature_of(path, content)
    for name, part in ((signing.name_of(path.name, content), signature), (path.name, content)):
        if part:
            _write_part(tar, f"shelf/{name}", part)


def _write_part(tar: tarfile.TarFile, name: str, content: bytes) -> None:
    entry = tarfile.TarInfo(name)
    entry.size = len(content)
    tar.addfile(entry, io.BytesIO(content))


def read(file: Path, home: Home, told: Told) -> int:
    """Makes the home from *file*; how many versions it has. Raises: SourceError, SnapshotError, StorageError."""
    with told_apart(home.path), ExitStack() as undone:
        if not home.path.exists():
            home.made()
            undone.callback(_forget, home.path)
        elif any(home.path.iterdir()):
            raise StorageError(
                path=str(home.path),
                reason="is not empty; a backup is restored into a home of its own: --home DIR names one",
            )
        fresh = Path(tempfile.mkdtemp(prefix=".restoring-", dir=home.path))  # inside: a home may be a disk of its own
        undone.callback(shutil.rmtree, fresh, ignore_errors=True)
        (fresh / "shelf").mkdir()
        _unpack(file, fresh, told)
        with _named(file, fresh):
            versions = _proved(file, fresh / "shelf", told)
        for name in (*_DATABASES, *_OTHERS, "shelf"):  # the shelf last, and at once: without it there is no home
            if (fresh / name).exists():
                undone.callback(_remove, home.path / name)
                (fresh / name).rename(home.path / name)
        undone.pop_all()
        fresh.rmdir()
        sync_folder(home.path)
    return versions


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


def _forget(made: Path) -> None:
    with suppress(OSError):
        made.rmdir()


def _unpack(file: Path, folder: Path, told: Told) -> None:
    try:
        with _opened(file) as opened, tarfile.open(fileobj=opened, mode="r:") as tar:
            for done, entry in enumerate(tar, 1):
                _check_entry(file, entry, folder)
                _unpack_entry(tar, entry, folder / entry.name)
                told("files", done)
    except _BROKEN as error:
        raise FileUnreadableError(file=str(file), reason=f"not a backup, or not all of one: {error}") from error


def _opened(file: Path) -> BinaryIO:
    try:
        return file.open("rb")
    except OSError as error:
        raise FileUnreadableError(file=str(file), reason=error.strerror) from error


def _check_entry(file: Path, entry: tarfile.TarInfo, folder: Path) -> None:
    """Refuses every entry that `write` would not have written: another name, a link, a hole, a second one."""
    if not _MEMBER.fullmatch(entry.name) or not entry.isreg() or entry.issparse() or entry.size < 0:
        raise FileUnreadableError(file=str(file), reason=f"{entry.name!r} is no part of a backup")
    if (folder / entry.name).exists():
        raise FileUnreadableError(file=str(file), reason=f"{entry.name!r} is in it twice")


def _unpack_entry(tar: tarfile.TarFile, entry: tarfile.TarInfo, target: Path) -> None:
    content = tar.extractfile(entry)
    if content is None:
        raise AssertionError("a regular file has content")
    target.parent.mkdir(mode=0o700, exist_ok=True)
    with target.open("xb") as opened:
        target.chmod(0o600)
        shutil.copyfileobj(content, opened)
        opened.flush()
        os.fsync(opened.fileno())


@contextmanager
def _named(file: Path, folder: Path) -> Iterator[None]:
    """Within it, what is wrong with a file unpacked into *folder* is said of the *file* that it came from."""
    try:
        yield
    except SnapshotError as fault:
        where = fault.path.replace(str(folder), str(file))
        raise type(fault)(**(fault.facts | {"path": where})) from fault


def _proved(file: Path, shelf: Path, told: Told) -> int:
    """How many versions the shelf has, each of them whole. Raises: SnapshotError of the first that is not."""
    if not (shelf / manifests.NAME).exists():
        raise FileUnreadableError(file=str(file), reason="not a backup, or not all of one: it has no manifest")
    notices.read(shelf)
    count = 0
    for count, (_, fault) in enumerate(verify(shelf), 1):  # the count is the answer
        if fault is not None:
            raise fault
        told("verified", count)
    return count
