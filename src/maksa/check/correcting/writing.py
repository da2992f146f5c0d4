"""Writing a corrected copy: text files by their bytes, workbooks by their values."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from maksa.check.correcting.edits import Edits
from maksa.check.correcting.workbook import write_workbook
from maksa.check.reading.found import Source
from maksa.check.reading.reasons import reason, unreadable
from maksa.check.reading.workbook import WorkbookSource
from maksa.model.errors import StorageError
from maksa.snapshot.storage import told_apart

_CHUNK = 1 << 20  # bytes

Stamp = tuple[int, int]


def stamp_of(path: Path) -> Stamp:
    """What tells a file from the same file changed. Raises: FileUnreadableError."""
    try:
        seen = path.stat()
    except OSError as error:
        raise unreadable(path, reason("system", error.strerror or str(error))) from error
    return seen.st_mtime_ns, seen.st_size


def refuse_existing(path: Path) -> None:
    """Raises: StorageError, where something is at *path*."""
    if path.exists():
        raise StorageError(path=str(path), reason="is there already; a corrected file never takes the place of a file")


def write_corrected(source: Source, path: Path, edits: Edits, stamp: Stamp, target: Path) -> int:
    """Writes the file at *path* to *target* with *edits*; how many of them could not be written.

    Args:
        stamp: of the file when it was read.

    Raises: StorageError, FileUnreadableError where the file has changed since; nothing is at *target* then.
    """
    refuse_existing(target)
    if stamp_of(path) != stamp:
        raise unreadable(path, reason("changed"))
    with _whole(target) as fresh:
        if isinstance(source, WorkbookSource):
            return write_workbook(path, edits, fresh)
        with path.open("rb") as file, fresh.open("wb") as out:
            return _spliced(file, out, edits, source)


@contextmanager
def _whole(target: Path) -> Iterator[Path]:
    """A path to write to, which is *target* when the block ends well."""
    with told_apart(target), tempfile.TemporaryDirectory(dir=target.parent) as folder:
        fresh = Path(folder) / target.name
        yield fresh
        fresh.rename(target)


def _spliced(file: IO[bytes], out: IO[bytes], edits: Edits, source: Source) -> int:
    left_out = 0
    at = 0
    for span, text in edits:
        _copy(file, out, span.start - at)
        original = file.read(span.end - span.start)
        replacement = source.written(text, span, original)
        left_out += replacement is None
        out.write(original if replacement is None else replacement)
        at = span.end
    _copy(file, out, None)
    return left_out


def _copy(file: IO[bytes], out: IO[bytes], count: int | None) -> None:
    """Copies *count* bytes, all that are left where it is None."""
    read: Callable[[int], bytes] = file.read
    while count is None or count > 0:
        chunk = read(_CHUNK if count is None else min(count, _CHUNK))
        if not chunk:
            return
        out.write(chunk)
        if count is not None:
            count -= len(chunk)
