"""The few shapes of ASGI that this room speaks, and how a whole answer is sent."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from maksa.wire.ditas.statuses import JSON_TYPE

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Header = tuple[bytes, bytes]

_JSON: Header = (b"content-type", JSON_TYPE)


async def send_json(send: Send, status: int, body: bytes, request_id: bytes, more: list[Header] | None = None) -> None:
    """Sends *body* as one answer with its requestId."""
    headers = [_JSON, (b"content-length", b"%d" % len(body)), (b"requestId", request_id)]
    if more:
        headers += more
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
