"""Parts of files sent by the kernel, from its page cache to the socket: ASGI's extension `http.response.zerocopysend`.

Rules of this file:
- it is offered where nothing stands between us and the socket: not under TLS, not where the system has no `sendfile`;
- a turn of the loop sends one stretch at most, so look-ups of others go between two;
- the socket is waited for under a number of its own: uvloop lets nobody watch one that a transport has.
"""

from __future__ import annotations

import asyncio
import errno
import os
from typing import TYPE_CHECKING, Any

from maksa.web.asgi import TAKEN, ZERO_COPY

if TYPE_CHECKING:
    from uvicorn._types import ASGI3Application
    from uvicorn.protocols.http.httptools_impl import RequestResponseCycle

_STRETCH = 2 * 1024 * 1024  # bytes of a file sent in one turn of the loop
_SLICE = 256 * 1024  # bytes read at once where the kernel does not send
_OF_THE_LINE = (errno.ETIMEDOUT, errno.EHOSTUNREACH, errno.ENETUNREACH, errno.ENETDOWN)
_CANNOT = (errno.EINVAL, errno.ENOSYS, errno.EOPNOTSUPP)  # some file systems
_LOOK_AGAIN_S = 0.005  # until earlier answers to this caller are out


class _CannotError(Exception):
    """The kernel does not send this file."""


def is_possible(transport: asyncio.Transport) -> bool:
    """Whether the kernel can send files over *transport*."""
    is_bare = transport.get_extra_info("sslcontext") is None and transport.get_extra_info("socket") is not None
    return is_bare and hasattr(os, "sendfile")


class FileSender:
    """`send` of one answer, which takes parts of files too. `left` is what of the present part the caller has not taken yet."""

    def __init__(
        self, cycle: RequestResponseCycle, transport: asyncio.Transport, loop: asyncio.AbstractEventLoop
    ) -> None:
        self._cycle = cycle
        self._plain_send: Any = None
        self._transport = transport
        self._loop = loop
        self._sent: asyncio.Future[None] | None = None
        self._file = self._offset = self._socket = -1
        self.left = 0

    def around(self, app: ASGI3Application) -> ASGI3Application:
        """*app*, to which sending files is offered."""

        async def offered(scope: Any, receive: Any, send: Any) -> None:
            scope["extensions"] = {ZERO_COPY: {}}
            self._plain_send = send
            await app(scope, receive, self.send)

        return offered

    async def send(self, message: Any) -> None:
        """Sends *message*. Raises: OSError where the file ends too early, RuntimeError where the part does not fit the head."""
        if message["type"] != ZERO_COPY:
            await self._plain_send(message)
            return
        count = message["count"]
        cycle = self._cycle
        if not cycle.response_started or cycle.chunked_encoding or count > cycle.expected_content_length:
            raise RuntimeError("a part of a file wants a head with a Content-Length that covers it")
        cycle.expected_content_length -= count
        message[TAKEN] = 0
        await self._earlier_answers_are_out()
        if not self._is_over():
            try:
                await self._send_file(message["file"].fileno(), message["offset"], count)
            finally:
                message[TAKEN] = count - self.left
                self.left = 0
        if not message.get("more_body", False):
            await self._plain_send({"type": "http.response.body", "body": b""})

    def stop(self) -> None:
        """The connection is lost: whoever waits for the part goes on."""
        if self._sent is not None and not self._sent.done():
            self._sent.set_result(None)

    def _is_over(self) -> bool:
        return self._cycle.disconnected or self._transport.is_closing()

    async def _earlier_answers_are_out(self) -> None:
        """The head of this answer, and what came before it, must not be overtaken."""
        pause_s = 0.0
        while self._transport.get_write_buffer_size() and not self._is_over():
            await asyncio.sleep(pause_s)
            pause_s = _LOOK_AGAIN_S

    async def _send_file(self, file: int, offset: int, count: int) -> None:
        self._file, self._offset, self.left = file, offset, count
        try:
            self._socket = os.dup(self._transport.get_extra_info("socket").fileno())
        except OSError:  # no number is left: the system's limit of open files
            await self._read_and_send()
            return
        self._sent = self._loop.create_future()
        try:
            self._send_stretch()
            if not self._sent.done():
                self._loop.add_writer(self._socket, self._send_stretch)
            await self._sent
        except _CannotError:
            await self._read_and_send()
        finally:
            self._loop.remove_writer(self._socket)
            os.close(self._socket)
            self._sent = None

    async def _read_and_send(self) -> None:
        """Sends what is left of the part as any body is sent, for files that the kernel does not send."""
        self._cycle.expected_content_length += self.left
        while self.left and not self._is_over():
            content = os.pread(self._file, min(self.left, _SLICE), self._offset)
            if not content:
                raise self._too_short()
            await self._plain_send({"type": "http.response.body", "body": content, "more_body": True})
            self._offset += len(content)
            self.left -= len(content)
            await asyncio.sleep(0)

    def _too_short(self) -> OSError:
        return OSError(f"the file ends at byte {self._offset}, {self.left} bytes before its time")

    def _send_stretch(self) -> None:
        """Sends what the socket takes now."""
        if self._sent is None or self._sent.done():
            return
        try:
            sent = os.sendfile(self._socket, self._file, self._offset, min(self.left, _STRETCH))
            if not sent:
                raise self._too_short()
        except BlockingIOError:
            return
        except ConnectionError:
            self._transport.abort()  # which stops us
            return
        except OSError as error:
            if error.errno in _OF_THE_LINE:
                self._transport.abort()
            else:
                self._sent.set_exception(_CannotError() if error.errno in _CANNOT else error)
            return
        self._offset += sent
        self.left -= sent
        if not self.left:
            self._sent.set_result(None)
