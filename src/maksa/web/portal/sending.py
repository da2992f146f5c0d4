"""Files that are made while they are sent: a chunk at a time, in a thread, for as long as the reader takes them.

What the setting `portal_view_only` names is shown and not handed out: no page gives it as a file.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

from starlette.responses import Response, StreamingResponse

from maksa.export import Content, Format, disposition, file_name
from maksa.model.terminology import key_of
from maksa.pages.headers import SAFETY
from maksa.web.portal.asking import Ask


def is_handed_out(ask: Ask, terminology_id: str) -> bool:
    """Whether files of this terminology may be given to readers."""
    return key_of(terminology_id) not in {key_of(each) for each in ask.site.settings.portal_view_only}


def sent(ask: Ask, content: Content, form: Format) -> Response:
    """*content* as a file in *form*, to be kept under its own name. Raises: ExtraMissingError."""
    headers = {**SAFETY, "Content-Disposition": disposition(file_name(content, form)), "Cache-Control": "no-cache"}
    return StreamingResponse(_chunks(ask, form.chunks(content)), 200, headers, form.media_type)


async def _chunks(ask: Ask, chunks: Iterator[bytes]) -> AsyncIterator[bytes]:
    while chunk := await ask.in_thread(next, chunks, b""):
        yield chunk
