"""Tables in text: CSV, TSV and their kin, in whatever encoding and with whatever delimiter they come.

Rules of this file:
- the whole file is decoded once before a row is read: nobody learns at row 300,000 that the letters were wrong;
- a file whose UTF-8 is broken in few places is damaged and refused; only one that is hardly UTF-8 at all is windows-1256;
- the delimiter is the one under which columns are recognised, not the one seen most often.
"""

from __future__ import annotations

import codecs
import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from itertools import chain, islice
from pathlib import Path
from typing import Any, NamedTuple

from maksa.loaders.reasons import reason, row_reason
from maksa.loaders.table.columns import ColumnChoice, Guess, Plan, best_guess, planned
from maksa.loaders.table.form import readable
from maksa.loaders.table.tables import BrokenRecord
from maksa.model.errors import FileUnreadableError
from maksa.model.reasons import Reason

DELIMITERS = (",", ";", "\t", "|")
CELL_LIMIT = 1 << 20  # characters
HEADER_WITHIN = 20  # rows
CHUNK = 1 << 20  # bytes

FALLBACK = "windows-1256"  # what Persian Windows called ANSI; it gives every byte a letter, so it comes last

_MARKS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
_NOT_ASCII = re.compile("[^\x00-\x7f\ufffd]")


@dataclass(frozen=True, slots=True)
class TextTable:
    """A text file with its header found. `header_row` counts from 1."""

    path: Path
    encoding: str
    delimiter: str
    header_row: int
    plan: Plan
    sheet: str = ""

    @property
    def notes(self) -> dict[str, dict[str, Any]]:
        return {"encoding": {"encoding": self.encoding}} if self.encoding == FALLBACK else {}

    def rows(self) -> Iterator[list[str]]:
        stream = records(self.path, self.encoding, self.delimiter)
        for _ in islice(stream, self.header_row):
            pass
        return stream


def opened_text(path: Path, choice: ColumnChoice, terminology_id: str) -> TextTable:
    """The table in the text file at *path*.

    Raises: FileUnreadableError, ColumnMissingError, ColumnAmbiguousError.
    """
    encoding = encoding_of(path)
    guesses: list[tuple[Guess, str]] = []
    for delimiter in DELIMITERS:
        head = islice(records(path, encoding, delimiter), HEADER_WITHIN)
        guess = best_guess(head, choice, terminology_id)
        if guess:
            guesses.append((guess, delimiter))
    if not guesses:
        raise FileUnreadableError(file=str(path), **reason("blank-rows", rows=HEADER_WITHIN).facts)
    guess, delimiter = max(guesses, key=lambda pair: pair[0].score)
    return TextTable(path, encoding, delimiter, guess.row, planned(guess, choice, str(path)))


def records(path: Path, encoding: str, delimiter: str) -> Iterator[list[str]]:
    """The records of a text file, header and blank lines included; a broken one as a BrokenRecord.

    Raises: FileUnreadableError where the file has gone or changed since it was opened.
    """
    csv.field_size_limit(CELL_LIMIT)  # of the process; the module has no other place for it
    with readable(path), path.open(encoding=encoding, newline="", buffering=CHUNK) as file:
        reader = csv.reader(file, delimiter=delimiter, strict=True)
        while True:
            try:
                yield from reader
                return
            except csv.Error as error:
                yield _broken(error, reader.line_num)


def _broken(error: csv.Error, line: int) -> BrokenRecord:
    if "field larger" in str(error):
        return BrokenRecord(reason("long-cell", line=line), fatal=True)
    if "end of data" in str(error):
        return BrokenRecord(reason("open-quote"), fatal=True)
    return BrokenRecord(reason("line", line=line, reason=row_reason(error)), fatal=False)


def encoding_of(path: Path) -> str:
    """The encoding in which the whole file decodes: by its byte order mark, else UTF-8, else windows-1256.

    Raises: FileUnreadableError for NUL bytes, and for text that is damaged in its own encoding.
    """
    with readable(path), path.open("rb") as file:
        head = file.read(4)
    encoding = next((name for mark, name in _MARKS.items() if head.startswith(mark)), "utf-8")
    fault = _fault(path, encoding)
    if fault is None:
        return encoding
    if encoding == "utf-8" and fault.is_foreign and _fault(path, FALLBACK) is None:
        return FALLBACK
    raise FileUnreadableError(file=str(path), **fault.why.facts)


class Fault(NamedTuple):
    """Why a file does not decode; `is_foreign` where it looks like text of another encoding."""

    why: Reason
    is_foreign: bool = False


def _fault(path: Path, encoding: str) -> Fault | None:
    """What is wrong with the file read in *encoding*, None where nothing is."""
    decoder = codecs.getincrementaldecoder(encoding)()
    is_ascii = True  # so far
    with readable(path), path.open("rb") as file:
        for chunk in chain(iter(partial(file.read, CHUNK), b""), [b""]):
            try:
                text = decoder.decode(chunk, not chunk)
            except UnicodeDecodeError as error:
                line = _line_of(path, file.tell() - len(error.object) + error.start)
                is_foreign = is_ascii and _is_foreign(error, encoding)
                why = reason("bytes", encoding=encoding, shown=_hex(error))
                return Fault(reason("line", line=line, reason=why), is_foreign)
            is_ascii = is_ascii and text.isascii()
            if "\0" in text:
                return Fault(reason("nul"))
    return None


def _line_of(path: Path, offset: int) -> int:
    """The line, from 1, in which the byte at *offset* lies."""
    with path.open("rb") as file:
        pieces = iter(lambda: file.read(min(CHUNK, offset - file.tell())), b"")
        return 1 + sum(piece.count(b"\n") for piece in pieces)


def _hex(error: UnicodeDecodeError) -> str:
    return error.object[error.start : error.start + 4].hex(" ")


def _is_foreign(error: UnicodeDecodeError, encoding: str) -> bool:
    """Whether more of the piece fails to decode than decodes, ASCII apart."""
    text = error.object.decode(encoding, "replace")
    return text.count("\ufffd") >= len(_NOT_ASCII.findall(text))
