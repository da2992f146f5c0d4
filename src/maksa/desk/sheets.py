"""Rows as CSV that a spreadsheet may open: what begins like a formula is kept from being one.

Source: OWASP, CSV Injection.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator

_RUNS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")  # wide ones run where keyboards have them


def csv_lines(header: Iterable[object], rows: Iterable[Iterable[object]]) -> Iterator[str]:
    """*header*, then each of *rows*, a line each."""
    out = io.StringIO()
    write = csv.writer(out).writerow
    write(header)
    yield _taken(out)
    for row in rows:
        write([_tame(cell) for cell in row])
        yield _taken(out)


def _taken(out: io.StringIO) -> str:
    """What was written, which is then no longer there."""
    text = out.getvalue()
    out.seek(0)
    out.truncate()
    return text


def _tame(cell: object) -> object:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_RUNS) else cell
