"""CSV, in UTF-8 and with CRLF, every cell in quotes: a text with a comma, a quote or a line break in it stays one cell.

Two flavours: for programs as it is; for Excel with a byte order mark, by which Excel knows Persian letters, and with a
`'` before cells that it could run as formulas. `maksa load` knows the one from the other by the mark.
Source: RFC 4180; «CSV injection», OWASP.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from maksa.export.content import Content
from maksa.export.text import textual
from maksa.model.tabular import guarded

BATCH = 1_000  # rows of a chunk


def csv_chunks(content: Content) -> Iterator[bytes]:
    """The content as CSV in chunks of some hundred kilobytes, the header in the first. Memory holds one of them."""
    yield _lines([tuple(column.name for column in content.columns)])
    for batch in _batches(content):
        yield _lines(batch)


def excel_csv_chunks(content: Content) -> Iterator[bytes]:
    """As `csv_chunks`, for Excel. It still makes numbers of codes: `00012` shows as 12; a workbook does not do that."""
    yield codecs.BOM_UTF8 + _lines([tuple(guarded(column.name) for column in content.columns)])
    for batch in _batches(content):
        yield _lines([tuple(map(guarded, row)) for row in batch])


def _batches(content: Content) -> Iterator[list[tuple[str, ...]]]:
    rows = content.rows()
    while batch := list(islice(rows, BATCH)):
        yield list(textual(batch, content.columns))


def _lines(rows: list[tuple[str, ...]]) -> bytes:
    """*rows* as lines, joined without looking at each cell: a tenth of what csv.writer takes."""
    text = _quoted(rows)
    if text.count('"') > 2 * len(rows) * len(rows[0]):  # some cell has quotes of its own
        text = _quoted([[cell.replace('"', '""') for cell in row] for row in rows])
    return text.encode()


def _quoted(rows: Iterable[Sequence[str]]) -> str:
    return '"' + '"\r\n"'.join(map('","'.join, rows)) + '"\r\n'
