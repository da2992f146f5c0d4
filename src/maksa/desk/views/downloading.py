"""Files that the desk hands out: streamed, named after what they are of, kept by nobody on the way."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from urllib.parse import quote

from starlette.responses import Response, StreamingResponse

from maksa.desk.jobs import Job
from maksa.desk.views.asking import Ask
from maksa.pages.headers import SAFETY

_MEDIA = {"csv": "text/csv; charset=utf-8", "json": "application/x-ndjson; charset=utf-8"}
_PIECE = 1 << 16  # bytes


def as_csv(lines: Iterable[str]) -> Iterator[bytes]:
    """CSV as spreadsheets read it: a byte order mark first."""
    yield b"\xef\xbb\xbf"
    for line in lines:
        yield line.encode("utf-8", "replace")


def downloaded(ask: Ask, what: str, job: Job | None, lines: Iterator[bytes], form: str) -> Response:
    """*lines* as a file: findings-eRX-10000.csv."""
    name = "-".join([what, job.terminology_id, job.label] if job else [what]).replace("/", "_")
    plain = "".join(
        letter if letter.isascii() and letter.isprintable() and letter not in '"\\' else "_" for letter in name
    )
    disposition = f"attachment; filename=\"{plain}.{form}\"; filename*=UTF-8''{quote(name)}.{form}"
    headers = {**SAFETY, "Content-Disposition": disposition}
    return ask.finished(StreamingResponse(in_pieces(lines), headers=headers, media_type=_MEDIA[form]))


def in_pieces(lines: Iterable[bytes]) -> Iterator[bytes]:
    """*lines* put together: each piece goes through a thread, which takes longer than to make a line."""
    held = bytearray()
    for line in lines:
        held += line
        if len(held) >= _PIECE:
            yield bytes(held)
            held.clear()
    yield bytes(held)


def page_number(ask: Ask) -> int:
    """The page that the query names, 1 where it names none."""
    text = ask.query.get("page", "1")
    return max(1, int(text)) if text.isascii() and text.isdigit() and len(text) < 8 else 1
