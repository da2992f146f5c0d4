"""Files that the desk hands out: streamed, named after what they are of, kept by nobody on the way."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from urllib.parse import quote

from starlette.responses import Response, StreamingResponse

from maksa.desk.jobs import Job
from maksa.desk.views.asking import Ask
from maksa.pages.headers import SAFETY

_MEDIA = {"csv": "text/csv; charset=utf-8", "json": "application/x-ndjson; charset=utf-8"}
_RUNS = ("=", "+", "-", "@", "\t", "\r")


def csv_lines(header: Iterable[object], rows: Iterable[Iterable[object]]) -> Iterator[bytes]:
    """CSV line by line, as spreadsheets read it: a byte order mark first, and nothing that they would run as a formula."""
    yield b"\xef\xbb\xbf" + _line(header)
    for row in rows:
        yield _line(_tame(cell) for cell in row)


def downloaded(ask: Ask, what: str, job: Job | None, chunks: Iterator[bytes], form: str) -> Response:
    """*chunks* as a file: findings-eRX-10000.csv."""
    name = "-".join([what, job.terminology_id, job.label] if job else [what]).replace("/", "_")
    plain = "".join(
        letter if letter.isascii() and letter.isprintable() and letter not in '"\\' else "_" for letter in name
    )
    disposition = f"attachment; filename=\"{plain}.{form}\"; filename*=UTF-8''{quote(name)}.{form}"
    headers = {**SAFETY, "Content-Disposition": disposition}
    return ask.finished(StreamingResponse(chunks, headers=headers, media_type=_MEDIA[form]))


def page_number(ask: Ask) -> int:
    """The page that the query names, 1 where it names none."""
    text = ask.query.get("page", "1")
    return max(1, int(text)) if text.isascii() and text.isdigit() and len(text) < 8 else 1


def _line(cells: Iterable[object]) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerow(cells)
    return out.getvalue().encode("utf-8", "replace")


def _tame(value: object) -> object:
    return f"'{value}" if isinstance(value, str) and value.startswith(_RUNS) else value
