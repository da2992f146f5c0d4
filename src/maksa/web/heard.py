"""What a request says before its body is read, from ASGI's scope or straight from the parser."""

from __future__ import annotations

from msgspec import Struct

from maksa.web.asgi import Scope

RawHeaders = list[tuple[bytes, bytes]]


class Heard(Struct, gc=False):
    """The head of a request. `named` has the last value of each header; `raw` all of them, in their order.

    `peer` is the other end of the connection, "" where it has gone; names of headers are in small letters.
    """

    method: str
    query: bytes
    raw: RawHeaders
    named: dict[bytes, bytes]
    peer: str
    scheme: str


def heard_from(scope: Scope) -> Heard:
    """The head of the request that *scope* describes."""
    client = scope["client"]
    raw = scope["headers"]
    return Heard(scope["method"], scope["query_string"], raw, dict(raw), client[0] if client else "", scope["scheme"])
