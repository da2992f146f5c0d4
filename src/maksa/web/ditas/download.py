"""Sending a prepared body: slices of a mapped file, at the caller's pace, until the caller hangs up."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from maksa.web.asgi import Header, Receive, Send
from maksa.web.ditas.bodies import Body

SLICE = 256 * 1024  # bytes that a slow caller holds at most


async def send_pieces(
    receive: Receive, send: Send, body: Body, pieces: Sequence[memoryview], headers: list[Header]
) -> bool:
    """Sends *pieces* as one answer of known length; whether the caller stayed to its end.

    The pages of the file are the system's: a slow caller holds one slice and nothing of the worker's memory.
    """
    body.begin()
    gone = asyncio.ensure_future(receive())
    try:
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        for piece in pieces:
            for start in range(0, len(piece), SLICE):
                if gone.done():
                    return False
                await send({"type": "http.response.body", "body": piece[start : start + SLICE], "more_body": True})
                await asyncio.sleep(0)
        await send({"type": "http.response.body", "body": b"", "more_body": False})
        return True
    finally:
        gone.cancel()
        body.end()
