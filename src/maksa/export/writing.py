"""A content as a file on disk: whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from secrets import token_hex
from typing import IO, TypeVar

from msgspec import Struct

from maksa.export.content import Column, Content, Row
from maksa.export.formats import FORMATS, Format, format_of
from maksa.model.errors import StorageError
from maksa.snapshot.storage import told_apart

T = TypeVar("T")

_TOLD_EVERY = 1_000  # records

Progress = Callable[[int], None]
"""Told how many records are written so far."""


def write(content: Content, path: Path, form: Format | None = None, *, progress: Progress | None = None) -> Path:
    """*path*, where the content is now, in place of what was there: the new file is put there in one rename.

    Args:
        form: one of `FORMATS`; if not given, the one that the ending of *path* means.

    Raises: StorageError and its kinds; ExtraMissingError; SnapshotError. What was at *path* is there as before then.
    """
    chosen = form or format_of(path)
    if chosen is None:
        endings = ", ".join(dict.fromkeys(each.suffix for each in FORMATS.values()))
        raise StorageError(path=str(path), reason=f"its ending means no form of export; there are {endings}")
    with atomic(path) as file:
        for chunk in chosen.chunks(_Told(content, progress) if progress else content):
            file.write(chunk)
    return path


@contextmanager
def atomic(path: Path) -> Iterator[IO[bytes]]:
    """A file that takes the place of the one at *path* when the block ends, on disk; if it ends in an error, nothing does.

    Raises: StorageError and its kinds.
    """
    with told_apart(path):
        if path.is_dir():
            raise StorageError(path=str(path), reason="is a folder; name a file in it")
        fresh = path.with_name(f".{path.name[:60]}.{token_hex(4)}.part")
        try:
            with fresh.open("xb") as file:
                yield file
                file.flush()
                os.fsync(file.fileno())
            fresh.replace(path)
        finally:
            fresh.unlink(missing_ok=True)


class _Told:
    """A content that says how many of its records were taken."""

    def __init__(self, content: Content, progress: Progress) -> None:
        self._content = content
        self._progress = progress
        self.name, self.member, self.facts, self.total = content.name, content.member, content.facts, content.total
        self.columns: tuple[Column, ...] = content.columns
        self.snapshot = content.snapshot

    def records(self) -> Iterator[Struct]:
        return self._told(self._content.records())

    def rows(self) -> Iterator[Row]:
        return self._told(self._content.rows())

    def _told(self, many: Iterator[T]) -> Iterator[T]:
        count = 0
        for count, each in enumerate(many, 1):
            yield each
            if count % _TOLD_EVERY == 0:
                self._progress(count)
        self._progress(count)
