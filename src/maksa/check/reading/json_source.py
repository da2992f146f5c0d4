"""Files of JSON: one value of any depth, or one on each line."""

from __future__ import annotations

import codecs
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from maksa.check.reading.found import Found, Note, Place, Span, Unreadable
from maksa.check.reading.json_scan import TEXT_LIMIT, NotJsonAtError, tokens
from maksa.check.reading.json_texts import coded_texts
from maksa.check.reading.opening import readable
from maksa.check.reading.reasons import unreadable

_HEAD = 1 << 16  # bytes in which a second line is looked for


@dataclass(frozen=True, slots=True)
class JsonSource:
    """One JSON value, or several after each other."""

    path: Path
    form: str = "json"
    notes: tuple[Note, ...] = ()

    def texts(self, *, with_spans: bool = False) -> Iterator[Found | Unreadable]:
        """As `Source.texts`; spans cost nothing here. Raises: FileUnreadableError, naming the byte."""
        del with_spans
        with readable(self.path), self.path.open("rb") as file:
            base = _after_mark(file)
            try:
                yield from coded_texts(tokens(file, base))
            except NotJsonAtError as error:
                raise unreadable(self.path, error.reason) from error

    def written(self, text: str, span: Span, original: bytes) -> bytes | None:
        """*text* as a JSON string, in the letters of the original."""
        del span
        return as_json(text, original)


@dataclass(frozen=True, slots=True)
class JsonLinesSource:
    """One JSON value on each line; a line that is none spoils no other."""

    path: Path
    form: str = "json-lines"
    notes: tuple[Note, ...] = ()

    def texts(self, *, with_spans: bool = False) -> Iterator[Found | Unreadable]:
        """As `Source.texts`; spans cost nothing here."""
        del with_spans
        with readable(self.path), self.path.open("rb") as file:
            at = _after_mark(file)
            for number in count(1):
                line = file.readline(TEXT_LIMIT)
                if not line:
                    return
                try:
                    yield from coded_texts(tokens(io.BytesIO(line), at), number)
                except NotJsonAtError as error:
                    yield Unreadable(Place(line=number), error.reason)
                at += len(line)

    def written(self, text: str, span: Span, original: bytes) -> bytes | None:
        """*text* as a JSON string, in the letters of the original."""
        del span
        return as_json(text, original)


def as_json(text: str, original: bytes) -> bytes:
    r"""*text* as a JSON string: its letters escaped where *original* has escapes (\u0627) and none of its own."""
    escaped = original.isascii() and b"\\u" in original
    return json.dumps(text, ensure_ascii=escaped).encode("utf-8", "backslashreplace")


def is_lines(path: Path) -> bool:
    """Whether a file that begins as JSON has a whole value on its first line, and more lines that are not blank."""
    with readable(path), path.open("rb") as file:
        head = file.read(_HEAD).removeprefix(codecs.BOM_UTF8)
    lines = [line for line in head.split(b"\n") if line.strip()]
    return len(lines) > 1 and _is_value(lines[0])


def _is_value(line: bytes) -> bool:
    try:
        json.loads(line, strict=False)
    except (ValueError, RecursionError):
        return False
    return True


def _after_mark(file: io.BufferedReader) -> int:
    """How many bytes of a mark stand before the text; *file* is after them."""
    if file.read(3) == codecs.BOM_UTF8:
        return 3
    file.seek(0)
    return 0
