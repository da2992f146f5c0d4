"""The floor of one page: Starlette answers a fixed page of the size given, compressed beforehand, on the service's server library."""

from __future__ import annotations

import gzip
import random

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bench.null import serve

SIZE = 4096  # bytes on the wire: a page of the portal has about as many

_PAGE = gzip.compress(random.Random("maksa").randbytes(SIZE), 1, mtime=0)
_HEADERS = {"Content-Encoding": "gzip", "Cache-Control": "private, no-cache"}


async def page(_request: Request) -> Response:
    """Always the same."""
    return Response(_PAGE, headers=_HEADERS, media_type="text/html")


if __name__ == "__main__":
    serve(Starlette(routes=[Route("/", page)]))
