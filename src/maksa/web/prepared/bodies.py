"""Whole versions, ready to send: the body of TerminologiesTermByVersion as a file, with its gzip and zstd twins.

A body is made once for each snapshot and then sent from disk. Concepts stand in it in the order of their last change, so
what changed since a date is the tail of it: a body is cut into segments, one for each date at which something changed, and
a tail is the head, the segments from one on, and the end, in each coding:

    identity   bytes follow bytes
    gzip       one deflate stream, flushed whole around each segment; the trailer of each tail is known (`checksums`)
    zstd       a frame for each piece: frames follow one another (RFC 8878, section 3.1)

Rules of this file:
- a body is a disposable cache: named by the snapshot's digest, made again where it is missing or not readable;
- it is written under other names and renamed, its index last: who finds the index finds the rest.
"""

from __future__ import annotations

import fcntl
import itertools
import os
import struct
import zlib
from bisect import bisect_left
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import BinaryIO

import msgspec
import zstandard
from msgspec import Struct

from maksa.model.shapes import json_decoder
from maksa.snapshot.reader import Snapshot
from maksa.snapshot.storage import told_apart
from maksa.web.file_parts import FilePart, Part
from maksa.web.prepared.checksums import combined
from maksa.wire.ditas.answers import BODY_HEAD, BODY_TAIL, coded_text_writer

FORMAT = 1
IDENTITY, GZIP, ZSTD = "identity", "gzip", "zstd"
_SUFFIXES = {IDENTITY: "body", GZIP: "body.gz", ZSTD: "body.zst"}
_GZIP_END = 8  # bytes of CRC-32 and length behind the stream
_GZIP_HEAD = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\xff"
_PIECE = 1 << 20  # bytes joined before they are compressed and written


class Index(Struct, frozen=True, kw_only=True):
    """Where the pieces of a body are.

    `changed` are the segments' dates in seconds since 1970, oldest first. `offsets[coding]` has the beginning of each
    segment and, last, of the end piece. `trailers` are those of gzip for the tail from each segment on.
    """

    format: int
    changed: list[int]
    offsets: dict[str, list[int]]
    sizes: dict[str, int]
    trailers: list[bytes]


_index_of = json_decoder(Index)


class Body:
    """A prepared body, its files open until `close`. Made by `opened`."""

    __slots__ = ("_files", "digest", "index")

    def __init__(self, digest: str, index: Index, files: dict[str, BinaryIO]) -> None:
        self.digest = digest
        self.index = index
        self._files = files

    def close(self) -> None:
        """Closes the files."""
        for file in self._files.values():
            file.close()

    def segment_since(self, seconds: float) -> int | None:
        """The first segment changed at or after *seconds*; None where nothing is."""
        segment = bisect_left(self.index.changed, seconds)
        return segment if segment < len(self.index.changed) else None

    def parts(self, coding: str, segment: int) -> list[Part]:
        """The parts of the tail from *segment* on, in *coding*; from 0 on it is the whole file."""
        file, size = self._files[coding], self.index.sizes[coding]
        if segment == 0:
            return [FilePart(file, 0, size)]
        starts = self.index.offsets[coding]
        head, start = FilePart(file, 0, starts[0]), starts[segment]
        if coding != GZIP:
            return [head, FilePart(file, start, size - start)]
        return [head, FilePart(file, start, size - start - _GZIP_END), self.index.trailers[segment]]

    def etag(self, coding: str, segment: int) -> bytes:
        """The strong entity tag of the tail from *segment* on, in *coding*."""
        return f'"{self.digest[:32]}-{segment}-{coding}"'.encode()


def opened(snapshot: Snapshot, folder: Path) -> Body:
    """The body of *snapshot* from *folder*, prepared first where it is not there. Blocks while it is prepared.

    Raises: StorageError, SnapshotError.
    """
    digest = snapshot.version.digest
    return existing(folder, digest) or _prepared(snapshot, folder, digest)


def existing(folder: Path, digest: str) -> Body | None:
    """The body of the snapshot with this digest, where it was prepared; a tenth of a millisecond, so asked on the loop."""
    files: dict[str, BinaryIO] = {}
    with ExitStack() as unless_whole:
        try:
            index = _index_of((folder / f"{digest}.index").read_bytes())
            for coding, suffix in _SUFFIXES.items():
                files[coding] = unless_whole.enter_context((folder / f"{digest}.{suffix}").open("rb"))
        except (OSError, ValueError, msgspec.MsgspecError):
            return None  # absent or half gone: it is made again
        sizes = {coding: os.fstat(file.fileno()).st_size for coding, file in files.items()}
        if index.format == FORMAT and sizes == index.sizes:
            unless_whole.pop_all()
            return Body(digest, index, files)
    return None


def _prepared(snapshot: Snapshot, folder: Path, digest: str) -> Body:
    """Makes the body, or waits for whoever is making it."""
    with told_apart(folder):
        folder.mkdir(parents=True, exist_ok=True)
        with (folder / f"{digest}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            body = existing(folder, digest)
            if body is None:
                _make(snapshot, folder, digest)
                body = existing(folder, digest)
    if body is None:
        raise AssertionError(f"{folder}/{digest}: just made, and not readable")
    return body


def _make(snapshot: Snapshot, folder: Path, digest: str) -> None:
    """Writes the three files and their index, under other names first."""
    fresh = {coding: folder / f"{digest}.{suffix}.new" for coding, suffix in _SUFFIXES.items()}
    with (
        fresh[IDENTITY].open("wb") as identity,
        fresh[GZIP].open("wb") as gzip,
        fresh[ZSTD].open("wb") as zstd,
    ):
        index = _written(snapshot, _Plain(identity), _Gzip(gzip), _Zstd(zstd))
    for coding, path in fresh.items():
        path.replace(folder / f"{digest}.{_SUFFIXES[coding]}")
    index_file = folder / f"{digest}.index.new"
    index_file.write_bytes(msgspec.json.encode(index))
    index_file.replace(folder / f"{digest}.index")


def _written(snapshot: Snapshot, plain: _Plain, gzip: _Gzip, zstd: _Zstd) -> Index:
    """Streams the concepts of *snapshot* into the three files, segment by segment."""
    outputs = (plain, gzip, zstd)
    checks: list[tuple[int, int]] = []  # (CRC-32, length) of each piece
    changed: list[int] = []
    offsets: list[list[int]] = [[], [], []]

    def piece(parts: Iterator[bytes]) -> None:
        check = length = 0
        for part in parts:
            check, length = zlib.crc32(part, check), length + len(part)
            for output in outputs:
                output.write(part)
        for output in outputs:
            output.flush()
        checks.append((check, length))

    piece(iter([BODY_HEAD]))
    for date, parts in _segments(snapshot):
        changed.append(date)
        for output, starts in zip(outputs, offsets, strict=True):
            starts.append(output.size)
        piece(parts)
    for output, starts in zip(outputs, offsets, strict=True):
        starts.append(output.size)
    piece(iter([BODY_TAIL]))
    trailers = _trailers(checks)
    gzip.end(trailers[0])
    codings = (IDENTITY, GZIP, ZSTD)
    return Index(
        format=FORMAT,
        changed=changed,
        offsets=dict(zip(codings, offsets, strict=True)),
        sizes={coding: output.size for coding, output in zip(codings, outputs, strict=True)},
        trailers=trailers,
    )


def _segments(snapshot: Snapshot) -> Iterator[tuple[int, Iterator[bytes]]]:
    """(date, bytes in parts) of each segment; each but the last ends in a comma."""
    coded_text = coded_text_writer(snapshot.version.terminology_id)
    last = max((date for date, _ in snapshot.changes()), default=0)
    for date, rows in itertools.groupby(snapshot.rows(), key=lambda row: row[2]):
        yield date, _joined((coded_text(display, code) for code, display, _ in rows), b"" if date == last else b",")


def _joined(items: Iterator[bytes], end: bytes) -> Iterator[bytes]:
    """The *items* with commas between them and *end* after them, in parts of about a megabyte."""
    first = True
    while batch := list(itertools.islice(items, _PIECE // 128)):
        yield (b"" if first else b",") + b",".join(batch)
        first = False
    yield end


def _trailers(checks: list[tuple[int, int]]) -> list[bytes]:
    """The gzip trailers of the tails from each segment on: CRC-32 and length of head + segments + end."""
    head, *segments, (check, length) = checks
    trailers: list[bytes] = []
    for segment_check, segment_length in reversed(segments):
        check = combined(segment_check, check, length)
        length += segment_length
        whole = combined(head[0], check, length)
        trailers.append(struct.pack("<II", whole, (head[1] + length) & 0xFFFFFFFF))
    return trailers[::-1]


class _Plain:
    """The body as it is."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.size = 0

    def write(self, part: bytes) -> None:
        self._put(part)

    def flush(self) -> None:
        """Ends a piece: what follows can be read without what went before."""

    def _put(self, part: bytes) -> None:
        self._file.write(part)
        self.size += len(part)


class _Gzip(_Plain):
    """One deflate stream in a gzip member."""

    def __init__(self, file: BinaryIO) -> None:
        super().__init__(file)
        self._deflate = zlib.compressobj(6, zlib.DEFLATED, -zlib.MAX_WBITS)
        self._put(_GZIP_HEAD)

    def write(self, part: bytes) -> None:
        self._put(self._deflate.compress(part))

    def flush(self) -> None:
        self._put(self._deflate.flush(zlib.Z_FULL_FLUSH))

    def end(self, trailer: bytes) -> None:
        self._put(self._deflate.flush(zlib.Z_FINISH) + trailer)


class _Zstd(_Plain):
    """A frame for each piece."""

    def __init__(self, file: BinaryIO) -> None:
        super().__init__(file)
        self._start: Callable[[], zstandard.ZstdCompressionObj] = zstandard.ZstdCompressor(level=3).compressobj
        self._frame = self._start()

    def write(self, part: bytes) -> None:
        self._put(self._frame.compress(part))

    def flush(self) -> None:
        self._put(self._frame.flush())
        self._frame = self._start()
