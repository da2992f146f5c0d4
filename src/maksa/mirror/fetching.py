"""One snapshot fetched: by ranges, resumed where it was cut, and proved by its digest before it counts.

Rules of this file:
- what has come stays on disk under the digest it is to have, and the next attempt, of this sync or another, asks for the rest;
- bytes that an earlier attempt left are summed with those that follow: if the whole is wrong, it is fetched once more from its
  beginning; if it is wrong then, it is the upstream that is wrong;
- the file is on disk, not in a cache of the system's, when it is handed on.
"""

from __future__ import annotations

import hashlib
import os
import re
from pathlib import Path
from typing import BinaryIO

import httpx2

from maksa.mirror.line import Line
from maksa.model.errors import IntegrityError, RemoteError, TransportError, UnreadableAnswerError
from maksa.model.terminology import Version
from maksa.snapshot.format import SUFFIX
from maksa.snapshot.maps import opened
from maksa.snapshot.storage import told_apart

PART = ".part"
_PIECE = 1 << 20  # bytes read at a time, and of the file's buffer
_RANGE = re.compile(r"bytes (\d+)-\d+/(\d+)")


def part_of(staging: Path, version: Version) -> Path:
    """Where the snapshot of *version* is while it comes."""
    return staging / f"{version.digest}{PART}"


def fetch(line: Line, version: Version, staging: Path) -> Path:
    """The file of the snapshot of *version*, in *staging*: whole, proved and on disk.

    Raises: IntegrityError where the upstream gives other bytes than its manifest says, RemoteError, AccessError,
        StorageError, HoursEndedError. What has come by then stays.
    """
    path = part_of(staging, version)
    with told_apart(path):
        fetched = _Fetched(path, version)
        was_begun = fetched.size > 0
        line.course.resumed += fetched.size
        _complete(line, version, fetched)
        if was_begun and not fetched.is_right:
            fetched.start_again()
            _complete(line, version, fetched)
        fetched.settle(line.address(version.digest + SUFFIX))
    opened(path, version).close()  # its facts are the manifest's
    return path


def _complete(line: Line, version: Version, fetched: _Fetched) -> None:
    repetition = line.repetition()
    while fetched.size < version.size:
        before = fetched.size
        try:
            _fetch_rest(line, version, fetched)
        except RemoteError as error:
            if fetched.size > before:
                repetition = line.repetition()  # it goes on, however slowly
            line.course.pause(repetition.pause_after(error))


def _fetch_rest(line: Line, version: Version, fetched: _Fetched) -> None:
    """Asks for the bytes that are not there yet and takes what comes."""
    headers = {"Range": f"bytes={fetched.size}-", "If-Range": f'"{version.digest}"'} if fetched.size else {}
    with line.opened(version.digest + SUFFIX, headers) as response, fetched.path.open("r+b", buffering=_PIECE) as file:
        if response.status_code == 200:
            fetched.start_again()
        else:
            _check_range(response, version, fetched.size)
        file.seek(fetched.size)
        for piece in response.iter_raw():
            fetched.take(file, piece)
            line.course.progress(f"fetching {version.terminology_id} {version.label}", fetched.size)
            line.course.receive(len(piece))
    if fetched.size < version.size:
        raise TransportError(place=line.address(""), reason="an answer ended before its end")


def _check_range(response: httpx2.Response, version: Version, start: int) -> None:
    """Returns where what comes is the rest of the file from *start* on. Raises: UnreadableAnswerError."""
    given = response.headers.get("Content-Range", "")
    found = _RANGE.fullmatch(given)
    if found is None or (int(found[1]), int(found[2])) != (start, version.size):
        raise UnreadableAnswerError(
            reason=f"Content-Range is {given!r}, bytes {start}- of {version.size} were asked for"
        )


class _Fetched:
    """What has come of a snapshot: its file, how much of it there is, and its sum so far."""

    def __init__(self, path: Path, version: Version) -> None:
        self.path = path
        self._version = version
        self._sum = hashlib.sha256()
        self.size = 0
        with path.open("ab+") as file:
            if file.tell() > version.size:
                file.truncate(0)
            file.seek(0)
            while piece := file.read(_PIECE):
                self._sum.update(piece)
                self.size += len(piece)

    @property
    def is_right(self) -> bool:
        return self._sum.hexdigest() == self._version.digest

    def start_again(self) -> None:
        """Forgets what has come."""
        os.truncate(self.path, 0)
        self._sum = hashlib.sha256()
        self.size = 0

    def take(self, file: BinaryIO, piece: bytes) -> None:
        """Adds *piece*. Raises: UnreadableAnswerError where there is more than the manifest says."""
        if self.size + len(piece) > self._version.size:
            raise UnreadableAnswerError(reason=f"more comes than the {self._version.size} bytes of the manifest")
        file.write(piece)
        self._sum.update(piece)
        self.size += len(piece)

    def settle(self, address: str) -> None:
        """Puts the whole on disk. Raises: IntegrityError where it is not what the manifest says; it is gone then."""
        if not self.is_right:
            self.path.unlink()
            raise IntegrityError(
                path=address, what="SHA-256", actual=self._sum.hexdigest(), expected=self._version.digest
            )
        with self.path.open("rb") as file:
            os.fsync(file.fileno())
