"""Files that are made while they are sent: a chunk at a time, in a thread, for as long as the reader takes them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

from starlette.responses import Response, StreamingResponse

from maksa.export import Content, Format, disposition, file_name
from maksa.pages.headers import SAFETY
from maksa.web.portal.asking import Ask


def sent(ask: Ask, content: Content, form: Format) -> Response:
    """*content* as a file in *form*, to be kept under its own name. Raises: ExtraMissingError."""
    headers = {**SAFETY, "Content-Disposition": disposition(file_name(content, form)), "Cache-Control": "no-cache"}
    return StreamingResponse(_chunks(ask, form.chunks(content)), 200, headers, form.media_type)


async def _chunks(ask: Ask, chunks: Iterator[bytes]) -> AsyncIterator[bytes]:
    while chunk := await ask.in_thread(next, chunks, b""):
        yield chunk
