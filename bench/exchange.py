"""One request and its answer over a plain socket, timed: what a caller waits for, with next to nothing of the caller's own."""

from __future__ import annotations

import re
import socket
from time import perf_counter

from msgspec import Struct

LENGTH = re.compile(rb"(?i)\r\ncontent-length: *(\d+)")
_PIECE = 1 << 20  # bytes


class Answer(Struct, frozen=True):
    """`first_s` to the first byte, `whole_s` to the last; `body` is empty where it was not to be kept."""

    status: int
    size: int  # bytes of the body
    first_s: float
    whole_s: float
    body: bytes = b""


class Line:
    """A kept connection to 127.0.0.1:*port*."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=60)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._buffer = bytearray(_PIECE)

    def __enter__(self) -> Line:
        return self

    def __exit__(self, *_error: object) -> None:
        self._socket.close()

    def ask(self, request: bytes, *, is_kept: bool = False) -> Answer:
        """The answer to *request*; *is_kept*: with its body. Raises: ConnectionError, TimeoutError."""
        view = memoryview(self._buffer)
        began = perf_counter()
        self._socket.sendall(request)
        head = self._some(view)
        first = perf_counter()
        while (end := head.find(b"\r\n\r\n")) < 0:
            head += self._some(view)
        length = LENGTH.search(head, 0, end)
        size = int(length[1]) if length else 0
        body = bytearray(head[end + 4 :])
        read = len(body)
        while read < size:
            count = self._socket.recv_into(view)
            if not count:
                raise ConnectionError(f"closed after {read} of {size} bytes")
            read += count
            if is_kept:
                body += view[:count]
        status = int(head[9:12])
        return Answer(status, size, first - began, perf_counter() - began, bytes(body) if is_kept else b"")

    def _some(self, view: memoryview) -> bytes:
        count = self._socket.recv_into(view)
        if not count:
            raise ConnectionError("closed before an answer")
        return bytes(view[:count])
