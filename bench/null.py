"""The floor of one request: an ASGI callable that reads the body and answers 151 bytes, on the service's server library.

The settings are those of `maksa.web.serving`, but for the protocol class, which is the library's own.
"""

from __future__ import annotations

import sys
from collections.abc import Awaitable, Callable
from typing import Any

import uvicorn

BODY = b"{" + b" " * 149 + b"}"
_START = {
    "type": "http.response.start",
    "status": 200,
    "headers": [
        (b"content-type", b"application/json;charset=UTF-8"),
        (b"content-length", b"%d" % len(BODY)),
        (b"requestId", b"00000000-0000-4000-8000-000000000000"),
    ],
}
_REST = {"type": "http.response.body", "body": BODY}


async def application(
    _scope: dict[str, Any],
    receive: Callable[[], Awaitable[dict[str, Any]]],
    send: Callable[[dict[str, Any]], Awaitable[None]],
) -> None:
    """Reads all, answers always the same."""
    while (await receive()).get("more_body"):
        pass
    await send(_START)
    await send(_REST)


def serve(application: Any) -> None:
    """Runs *application* on the port that the command line names, until it is ended."""
    uvicorn.run(
        application,
        port=int(sys.argv[1]),
        interface="asgi3",
        loop="uvloop",
        http="httptools",
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        timeout_keep_alive=75,
    )


if __name__ == "__main__":
    serve(application)
