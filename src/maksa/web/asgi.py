"""The few shapes of ASGI that this room speaks, and the reply to one request."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping, Sequence
from typing import Any

from maksa.model.errors import BodyTooLargeError
from maksa.wire.ditas.statuses import JSON_TYPE, refusal

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Header = tuple[bytes, bytes]

HUNG_UP = 499
"""The status of a request whose caller closed the connection: logged and counted, never sent."""

ZERO_COPY = "http.response.zerocopysend"
"""The extension, and the type of a message, by which the server sends a part of a file itself. Source: ASGI, extensions."""

TAKEN = "taken"
"""What the server adds to such a message once it is done with it: the bytes that the caller's connection took."""

CONTENT_TYPE: Header = (b"content-type", JSON_TYPE)


class HungUpError(Exception):
    """The caller closed the connection before the request was whole."""


class Reply:
    """What is sent back for one request, with its requestId. `status` and `size` say what was sent, for the journal.

    `sends_files` says whether `send` takes parts of files, as the request's *scope* has offered.
    """

    __slots__ = ("request_id", "send", "sends_files", "size", "status")

    def __init__(self, send: Send, request_id: str, scope: Scope | None = None) -> None:
        self.send = send
        self.request_id = request_id
        self.sends_files = scope is not None and ZERO_COPY in scope.get("extensions", ())
        self.status = 0
        self.size = 0

    async def json(self, status: int, body: bytes, more: Sequence[Header] = ()) -> None:
        """Sends *body* whole."""
        self.status = status
        self.size = len(body)
        headers = [
            CONTENT_TYPE,
            (b"content-length", b"%d" % len(body)),
            (b"requestId", self.request_id.encode()),
            *more,
        ]
        await self.send({"type": "http.response.start", "status": status, "headers": headers})
        await self.send({"type": "http.response.body", "body": body})

    async def refuse(
        self, status: int, violations: Sequence[tuple[str, str]] = (), *, retry_after_s: float = 0
    ) -> None:
        """Sends the gateway's no."""
        more = [(b"retry-after", b"%d" % max(1, round(retry_after_s)))] if retry_after_s else []
        await self.json(status, refusal(status, violations), more)

    async def begin(self, status: int, headers: Sequence[Header]) -> None:
        """Sends the head of an answer whose body follows in parts, or of one without."""
        self.status = status
        await self.send(
            {
                "type": "http.response.start",
                "status": status,
                "headers": [(b"requestId", self.request_id.encode()), *headers],
            }
        )


async def body_of(receive: Receive, headers: dict[bytes, bytes], limit: int) -> bytes:
    """The whole body of a request. Raises: BodyTooLargeError before it is kept, HungUpError."""
    message = await receive()
    body: bytes = message.get("body", b"")
    if message["type"] == "http.request" and not message.get("more_body", False) and len(body) <= limit:
        return body
    declared = headers.get(b"content-length", b"0")
    return await _gathered(message, receive, limit, int(declared) if declared.isdigit() else 0)


async def _gathered(message: Message, receive: Receive, limit: int, declared: int) -> bytes:
    parts: list[bytes] = []
    size = 0
    while True:
        if message["type"] != "http.request":
            raise HungUpError
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        if max(size, declared) > limit:
            raise BodyTooLargeError(field="body", message=f"is {max(size, declared)} bytes; {limit} are the most")
        if not message.get("more_body", False):
            return b"".join(parts)
        message = await receive()
