"""A release of many files, as its issuer sends it: a zip, the folder it was unpacked into, or one file of it.

Rules of this file:
- nothing is unpacked to disk: a member is read where it lies, in pieces, so that memory does not grow with it;
- a release that is damaged, locked, a bomb, or has names that climb out of it is refused whole, before a member is read;
- every error names the release, the member, and the line where there is one.
"""

from __future__ import annotations

import os
import re
import stat
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from types import TracebackType
from typing import IO

from maksa.loaders.reasons import reason
from maksa.model.errors import FileUnreadableError
from maksa.model.reasons import Reason

BYTES_LIMIT = 64 << 30  # of all members, unpacked
RATIO_LIMIT = 200  # unpacked to packed; the densest tables of real releases are at 40
RATIO_FROM = 50 << 20  # bytes; a small release may be as dense as it likes
MEMBERS_LIMIT = 100_000
DEPTH_LIMIT = 16  # folders in folders
LINE_LIMIT = 1 << 20  # bytes
CHUNK = 4 << 20  # bytes

_ZIP = b"PK\x03\x04"
_ENCRYPTED = 0x1  # of a zip entry's flags
_BOM = b"\xef\xbb\xbf"
_CLIMBS = re.compile(r"^/|^[A-Za-z]:|\\|\x00|(?:^|/)\.\.(?:/|$)")
_NOT_OURS = re.compile(r"(?:^|/)(?:__MACOSX/|\.|Thumbs\.db$|desktop\.ini$)", re.IGNORECASE)  # what desktops add


class Release:
    """The members of the release at *path*, by name. As a context manager it is open until the end of the block.

    `names` are paths within the release, with slashes, in order; what desktop programs add of their own is not among
    them.

    Raises: FileUnreadableError (on entering) for what is no release or must not be trusted.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.names: tuple[str, ...] = ()
        self._archive: zipfile.ZipFile | None = None
        self._folder = path
        self._is_lone = False

    def __enter__(self) -> Release:
        with self._faults(""):
            if self.path.is_dir():
                found = list(_walked(self.path))
            elif _is_zip(self.path):
                self._archive = zipfile.ZipFile(self.path)
                found = self._checked(self._archive)
            else:
                self._folder, self._is_lone, found = self.path.parent, True, [self.path.name]
            self.names = tuple(sorted(name for name in found if not _NOT_OURS.search(name)))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._archive is not None:
            self._archive.close()

    def named(self, pattern: re.Pattern[str]) -> list[str]:
        """The members whose own name, without its folders, *pattern* matches wholly; in order. A lone file may have any name."""
        if self._is_lone:
            return list(self.names)
        return [name for name in self.names if pattern.fullmatch(name.rpartition("/")[2])]

    def place(self, name: str) -> str:
        """How a message names a member: the release, and the path in it."""
        return f"{self.path}: {name}" if name and name != self.path.name else str(self.path)

    def refusal(self, name: str, why: Reason) -> FileUnreadableError:
        """The error that says *why* of a member; in Persian the reason names it."""
        if name and name != self.path.name:
            why = why._replace(persian=reason("inside", member=name, reason=why).persian)
        return FileUnreadableError(file=self.place(name), **why.facts)

    @contextmanager
    def open(self, name: str) -> Iterator[IO[bytes]]:
        """The bytes of a member. Raises: FileUnreadableError, also for what the block reads."""
        with self._faults(name), self._stream(name) as stream:
            yield stream

    def _stream(self, name: str) -> IO[bytes]:
        return (self._folder / name).open("rb") if self._archive is None else self._archive.open(name)

    def batches(self, name: str) -> Iterator[list[str]]:
        """The lines of a member in batches of about four megabytes, decoded, without their ends (LF or CRLF).

        Raises: FileUnreadableError, with the line, for what is not UTF-8, for NULs, and for a line over the limit.
        """
        done, tail = 0, b""
        with self.open(name) as stream:
            while chunk := stream.read(CHUNK):
                whole, ended, tail = _parted(tail + chunk)
                if len(tail) > LINE_LIMIT:
                    line = done + 1 + whole.count(10) + ended
                    raise self.refusal(name, reason("line", line=line, reason=reason("long-line")))
                if ended:
                    yield self._decoded(name, whole, done)
                    done += whole.count(b"\n") + 1
            if tail:
                yield self._decoded(name, tail, done)

    def lines(self, name: str) -> Iterator[str]:
        """The lines of a member, as `batches` has them."""
        return chain.from_iterable(self.batches(name))

    def _decoded(self, name: str, raw: bytes, done: int) -> list[str]:
        if not done and raw.startswith(_BOM):
            raw = raw[len(_BOM) :]
        try:
            text = raw.decode()
        except UnicodeDecodeError as error:
            line, shown = done + 1 + raw.count(b"\n", 0, error.start), raw[error.start : error.start + 4].hex(" ")
            why = reason("bytes", encoding="UTF-8", shown=shown)
            raise self.refusal(name, reason("line", line=line, reason=why)) from error
        if "\0" in text:
            line = done + 1 + text.count("\n", 0, text.index("\0"))
            raise self.refusal(name, reason("line", line=line, reason=reason("nul-here")))
        if "\r" in text:
            text = text.replace("\r\n", "\n").removesuffix("\r")
        return text.split("\n")

    def _checked(self, archive: zipfile.ZipFile) -> list[str]:
        """The names of the archive's files, once none of them is one that must not be trusted."""
        entries = archive.infolist()
        if len(entries) > MEMBERS_LIMIT:
            raise self.refusal("", reason("zip-members", count=len(entries)))
        unpacked, packed = sum(each.file_size for each in entries), sum(each.compress_size for each in entries)
        if unpacked > BYTES_LIMIT or (unpacked > RATIO_FROM and unpacked > RATIO_LIMIT * packed):
            raise self.refusal("", reason("release-unpacks", packed=packed, unpacked=unpacked))
        seen: set[str] = set()
        for entry in entries:
            if fault := _fault(entry, seen):
                raise self.refusal(repr(entry.filename)[1:-1][:200], fault)
            seen.add(entry.filename.casefold())
        return [each.filename for each in entries if not each.is_dir()]

    @contextmanager
    def _faults(self, name: str) -> Iterator[None]:
        """Within it, what the disk or the zip refuses comes out as FileUnreadableError with the place."""
        try:
            yield
        except OSError as error:
            raise self.refusal(name, reason("system", error.strerror or str(error))) from error
        except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError, ValueError) as error:
            if isinstance(error, UnicodeError):
                raise
            why = reason("zip-damaged", str(error) or type(error).__name__)
            raise self.refusal(name, why) from error


def _is_zip(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(4) == _ZIP


def _parted(piece: bytes) -> tuple[bytes, bool, bytes]:
    """The whole lines of *piece* without the last end, whether there are any, and what follows them."""
    whole, end, tail = piece.rpartition(b"\n")
    return whole, bool(end), tail


def _fault(entry: zipfile.ZipInfo, seen: set[str]) -> Reason | None:
    """Why this entry makes its zip untrustworthy; None where it does not."""
    name = entry.filename
    if _CLIMBS.search(name):
        return reason("climbs")
    if stat.S_ISLNK(entry.external_attr >> 16):
        return reason("link")
    if name.count("/") > DEPTH_LIMIT:
        return reason("lies-deep", limit=DEPTH_LIMIT)
    if entry.flag_bits & _ENCRYPTED:
        return reason("member-locked")
    return reason("twice") if name.casefold() in seen else None


def _walked(folder: Path) -> Iterator[str]:
    """The files of a folder, by their paths in it. Raises: FileUnreadableError for links, odd files and great depth."""
    waiting = [("", 0)]
    found = 0
    while waiting:
        inner, depth = waiting.pop()
        with os.scandir(folder / inner) as entries:
            for entry in entries:
                name = f"{inner}{entry.name}"
                found += 1
                if why := _odd(entry, depth, found):
                    raise FileUnreadableError(file=f"{folder}: {name}", **why.facts)
                if entry.is_dir(follow_symlinks=False):
                    waiting.append((f"{name}/", depth + 1))
                else:
                    yield name


def _odd(entry: os.DirEntry[str], depth: int, found: int) -> Reason | None:
    """Why this entry makes its folder untrustworthy; None where it does not."""
    if found > MEMBERS_LIMIT:
        return reason("folder-members", limit=MEMBERS_LIMIT)
    if depth > DEPTH_LIMIT:
        return reason("lies-deep", limit=DEPTH_LIMIT)
    if entry.is_symlink():
        return reason("link")
    is_plain = entry.is_dir(follow_symlinks=False) or entry.is_file(follow_symlinks=False)
    return None if is_plain else reason("odd")
