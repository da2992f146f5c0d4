"""Answers made of files: sent at the caller's pace, until the caller hangs up.

Rules of this file:
- where the connection offers it, the kernel sends the file itself (`sendfile`); else it is read a slice at a time;
- a slow caller holds one slice of the worker's memory at most;
- files are open and not mapped: one that is cut short under us fails its answer, where a mapping would end the worker.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterable, Iterator
from typing import BinaryIO

from msgspec import Struct

from maksa.web.asgi import HUNG_UP, TAKEN, ZERO_COPY, Message, Receive, Reply

SLICE = 256 * 1024  # bytes that a slow caller holds at most
_BY_KERNEL = 16 * 1024 * 1024  # bytes sent by the kernel between two looks at whether the caller is there


class FilePart(Struct, frozen=True):
    """`size` bytes of an open `file` from `start` on."""

    file: BinaryIO
    start: int
    size: int

    def read(self) -> bytes:
        """The bytes themselves."""
        return os.pread(self.file.fileno(), self.size, self.start)


Part = bytes | FilePart


def size_of(parts: Iterable[Part]) -> int:
    """The bytes of all *parts*."""
    return sum(len(part) if isinstance(part, bytes) else part.size for part in parts)


async def send_parts(receive: Receive, reply: Reply, parts: Iterable[Part]) -> None:
    """Sends *parts* as the body that *reply* began. Raises: OSError where a file ends too early."""
    gone = asyncio.ensure_future(receive())
    try:
        for piece in _pieces(parts, _BY_KERNEL if reply.sends_files else SLICE):
            if gone.done():
                reply.status = HUNG_UP
                return
            if await _sent(reply, piece) < size_of([piece]):
                reply.status = HUNG_UP
                return
            if not reply.sends_files:
                await asyncio.sleep(0)  # look-ups of others go between two slices
        await reply.send({"type": "http.response.body", "body": b""})
    finally:
        gone.cancel()


async def _sent(reply: Reply, piece: Part) -> int:
    """Sends *piece*; the bytes of it that the caller was sent, which may be fewer where the kernel sends."""
    message = _message(piece, by_kernel=reply.sends_files)
    taken = 0
    try:
        await reply.send(message)
        taken = size_of([piece])
    finally:
        taken = int(message.get(TAKEN, taken))
        reply.size += taken
    return taken


def _pieces(parts: Iterable[Part], size: int) -> Iterator[Part]:
    """The *parts*, those of files cut into pieces of *size*."""
    for part in parts:
        if isinstance(part, bytes):
            yield part
            continue
        for start in range(0, part.size, size):
            yield FilePart(part.file, part.start + start, min(size, part.size - start))


def _message(piece: Part, *, by_kernel: bool) -> Message:
    if isinstance(piece, bytes):
        return {"type": "http.response.body", "body": piece, "more_body": True}
    if by_kernel:
        return {
            "type": ZERO_COPY, "file": piece.file, "offset": piece.start, "count": piece.size, "more_body": True,
        }  # fmt: skip
    content = piece.read()
    if len(content) < piece.size:
        raise OSError(f"{piece.file.name}: ends before byte {piece.start + piece.size}")
    return {"type": "http.response.body", "body": content, "more_body": True}
