"""Sending a prepared body: slices of a mapped file, at the caller's pace, until the caller hangs up."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from maksa.web.asgi import CONTENT_TYPE, HUNG_UP, Header, Receive, Reply
from maksa.web.prepared.bodies import IDENTITY, Body
from maksa.web.prepared.negotiation import coding_for, has_it

SLICE = 256 * 1024  # bytes that a slow caller holds at most


async def send_body(receive: Receive, reply: Reply, body: Body, segment: int, headers: dict[bytes, bytes]) -> None:
    """Sends the tail of *body* from *segment* on in the coding the caller prefers, or a 304 where it has it already."""
    coding = coding_for(headers.get(b"accept-encoding", b"").decode("latin-1"))
    etag = body.etag(coding, segment)
    shared: list[Header] = [
        (b"etag", etag), (b"vary", b"accept-encoding"), (b"cache-control", b"private, no-cache"),
    ]  # fmt: skip
    if has_it(headers.get(b"if-none-match", b"").decode("latin-1"), etag.decode()):
        await reply.begin(304, shared)
        await reply.send({"type": "http.response.body", "body": b""})
        return
    pieces = body.pieces(coding, segment)
    size = sum(map(len, pieces))
    if coding != IDENTITY:
        shared.append((b"content-encoding", coding.encode()))
    await reply.begin(200, [CONTENT_TYPE, (b"content-length", b"%d" % size), *shared])
    body.begin()
    try:
        await send_pieces(receive, reply, pieces)
    finally:
        body.end()


async def send_pieces(receive: Receive, reply: Reply, pieces: Sequence[memoryview]) -> None:
    """Sends mapped *pieces* of files. Their pages are the system's: a slow caller holds one slice and nothing of the worker's."""
    gone = asyncio.ensure_future(receive())
    try:
        for piece in pieces:
            for start in range(0, len(piece), SLICE):
                if gone.done():
                    reply.status = HUNG_UP
                    return
                part = piece[start : start + SLICE]
                reply.size += len(part)
                await reply.send({"type": "http.response.body", "body": part, "more_body": True})
                await asyncio.sleep(0)  # look-ups of others go between two slices
        await reply.send({"type": "http.response.body", "body": b""})
    finally:
        gone.cancel()
