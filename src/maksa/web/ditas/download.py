"""Sending a prepared body: in the coding the caller prefers, or not at all where the caller has it."""

from __future__ import annotations

from maksa.web.asgi import CONTENT_TYPE, Header, Receive, Reply
from maksa.web.file_parts import send_parts, size_of
from maksa.web.prepared.bodies import IDENTITY, Body
from maksa.web.prepared.negotiation import coding_for, has_it


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
    parts = body.parts(coding, segment)
    if coding != IDENTITY:
        shared.append((b"content-encoding", coding.encode()))
    await reply.begin(200, [CONTENT_TYPE, (b"content-length", b"%d" % size_of(parts)), *shared])
    await send_parts(receive, reply, parts)
