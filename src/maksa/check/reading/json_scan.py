"""JSON read as a stream of tokens, each with its place in the file: of any size, and a bounded depth.

Strings may hold raw line breaks, which JSON forbids and old programs write. Everything else is held to the grammar.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import IO

from maksa.check.reading.reasons import around, reason
from maksa.model.reasons import Reason

CHUNK = 1 << 20  # bytes
TEXT_LIMIT = 16 << 20  # bytes of one string: a document embedded in a message fits
DEPTH_LIMIT = 512

_TOKEN = re.compile(
    rb"[ \t\r\n]*(?:"
    rb'("[^"\\]*(?:\\.[^"\\]*)*")'  # 1: a string
    rb"|([{}\[\]:,])"  # 2
    rb"|(-?[0-9][0-9.eE+-]*|true|false|null)"  # 3: any other scalar
    rb")",
    re.DOTALL,
)
_BEGINS = re.compile(rb'[ \t\r\n]*(?:["{}\[\]:,\-0-9tfn]|\Z)')


class NotJsonAtError(ValueError):
    """The bytes are no JSON from *offset* on."""

    def __init__(self, offset: int, why: Reason) -> None:
        self.reason = around("not-json", why, byte=offset)
        super().__init__(self.reason.english)
        self.offset = offset


Token = tuple[str, bytes, int, int]
"""(kind, bytes, start, end): the kind is the punctuation itself, '"' for a string, "1" for another scalar."""


_KINDS = {ord(mark): mark for mark in "{}[]:,"}


def tokens(file: IO[bytes], base: int = 0) -> Iterator[Token]:
    """The tokens from here to the end of *file*, which is at *base*. Raises: NotJsonAtError."""
    match = _TOKEN.match
    buffer, at = b"", 0
    is_last = False
    while True:
        found = match(buffer, at)
        kind = found.lastindex if found else 0
        if found is None or (kind == 3 and not is_last and found.end() == len(buffer)):
            if is_last or _BEGINS.match(buffer, at) is None:
                _check_end(buffer, at, base)
                return
            if len(buffer) - at > TEXT_LIMIT:
                raise NotJsonAtError(base + at, reason("json-long-text", megabytes=TEXT_LIMIT >> 20))
            more = file.read(max(CHUNK, len(buffer) - at))  # ever more, so that a long text is not read over and over
            base, buffer, at, is_last = base + at, buffer[at:] + more, 0, not more
            continue
        start, at = found.span(kind or 0)
        raw = found[kind or 0]
        yield '"' if kind == 1 else "1" if kind == 3 else _KINDS[raw[0]], raw, base + start, base + at


def _check_end(buffer: bytes, at: int, base: int) -> None:
    """Raises: NotJsonAtError, where something stands after *at* that is no token."""
    rest = buffer[at : at + 40].lstrip(b" \t\r\n")
    if rest:
        raise NotJsonAtError(base + at, reason("json-no-token", shown=rest[:20].decode(errors="replace")))
