"""A call of this very service, made for a reader: in the same process, through the same gate, from the reader's own address.

Rules of this file:
- the gate sees the reader, not the portal: the scope is the reader's own, with another path, other headers and another body;
- an answer is kept up to a bound, and what is longer is cut off as if the caller had hung up.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

from msgspec import Struct
from starlette.requests import Request

from maksa.web.asgi import HungUpError, Message

MOST = 256 * 1024  # bytes of an answer that are shown
_OF_THE_READER = (b"host", b"x-forwarded-for", b"x-forwarded-proto")  # by which the gate knows who asks


class Answer(Struct, frozen=True):
    """What came back. `is_cut`: the body was longer, and this is its beginning. Names of headers are in small letters."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    is_cut: bool = False


async def called(request: Request, path: str, headers: Mapping[str, str], body: bytes) -> Answer:
    """What this service answers to a POST of *body* to *path*, asked by whoever sent *request*."""
    own = [pair for pair in request.scope["headers"] if pair[0] in _OF_THE_READER]
    given = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()]
    scope: dict[str, Any] = {
        **request.scope,
        "method": "POST",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "extensions": {},  # what the reader's connection offers, such as to send files, this end does not
        "headers": [*own, *given, (b"content-length", b"%d" % len(body))],
    }
    line = _Line(body)
    await scope["app"](scope, line.receive, line.send)
    return line.answer()


class _Line:
    """The other end of a call."""

    def __init__(self, body: bytes) -> None:
        self._body: bytes | None = body
        self._status = 0
        self._headers: tuple[tuple[str, str], ...] = ()
        self._received = bytearray()

    async def receive(self) -> Message:
        if self._body is None:
            await asyncio.Event().wait()  # the reader is still there for as long as the call lasts
        body, self._body = self._body, None
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._status = message["status"]
            self._headers = tuple(
                (name.decode("latin-1").lower(), value.decode("latin-1")) for name, value in message["headers"]
            )
            return
        self._received += message.get("body", b"")
        if len(self._received) > MOST:
            raise HungUpError

    def answer(self) -> Answer:
        return Answer(self._status, self._headers, bytes(self._received[:MOST]), len(self._received) > MOST)
