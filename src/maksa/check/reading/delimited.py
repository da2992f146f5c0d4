"""Tables in text: CSV, TSV and their kin, in whatever encoding and with whatever delimiter they come."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache, partial
from itertools import count, islice
from pathlib import Path

from maksa.check.reading.columns import HEADER_WITHIN, Columns, Plan, planned, told
from maksa.check.reading.found import NOWHERE, Found, Note, Place, Span, Spans, Unreadable
from maksa.check.reading.opening import Encoding, encoding_of, lines_of, text_of
from maksa.check.reading.reasons import reason, unreadable
from maksa.model.errors import ColumnAmbiguousError, ColumnMissingError
from maksa.model.reasons import Reason

DELIMITERS = (",", ";", "\t", "|")
_CELL_LIMIT = 1 << 20  # characters
_NEEDS_QUOTES = re.compile(r'["\r\n]|^\s|\s$')
_ARABIC = str.maketrans({"ی": "ي", "ک": "ك"})  # windows-1256 has no other


@dataclass(frozen=True, slots=True)
class DelimitedSource:
    """A text file whose columns are known."""

    path: Path
    encoding: Encoding
    delimiter: str
    plan: Plan
    hidden: int = 0  # rows that a spreadsheet does not show
    form: str = "csv"

    @property
    def notes(self) -> tuple[Note, ...]:
        """Which columns were taken, and which encoding where it is not UTF-8."""
        codec = self.encoding.codec
        read = () if codec == "utf-8" else (Note(f"read as {codec}", f"با کدگذاری «{codec}» خوانده شد"),)
        return *read, *told(self.plan)

    def texts(self, *, with_spans: bool = False) -> Iterator[Found | Unreadable]:
        """As `Source.texts`; blank rows are passed over, a short row lacks its last parts."""
        plan = self.plan
        needed = max(plan.code, plan.terminology or 0, plan.display or 0)
        for number, row, record, fault in self._records(with_spans=with_spans):
            place = Place("", number - self.hidden)
            if fault:
                yield Unreadable(place, fault)
                continue
            if len(row) <= needed:
                if not any(map(str.strip, row)):
                    continue
                row += [""] * (needed + 1 - len(row))
            terminology = plan.fixed if plan.terminology is None else row[plan.terminology]
            display = None if plan.display is None else row[plan.display]
            spans = NOWHERE if record is None else partial(self._spans, record)
            yield Found(terminology, row[plan.code], display, place, "", spans)

    def _records(self, *, with_spans: bool) -> Iterator[tuple[int, list[str], Record | None, Reason | None]]:
        """(number of the row, its cells, the text it is made of where spans are wanted, why it cannot be read or None).

        They come after the header. Raises: FileUnreadableError where a quote is not closed: what comes after it is lost.
        """
        csv.field_size_limit(_CELL_LIMIT)  # of the process; the module has no other place for it
        with text_of(self.path, self.encoding) as file:
            plain = lines_of(file, self.path)
            lines = _Lines(plain, self.encoding) if with_spans else None
            reader = csv.reader(lines or plain, delimiter=self.delimiter, strict=True)
            for number in count(1):
                row, fault = _next_of(reader, self.path)
                if row is None:
                    return
                record = lines.taken() if lines else None
                if number > self.plan.header_row:
                    yield number, row, record, fault

    def _spans(self, record: Record) -> Spans:
        """Where the parts of a row lie."""
        cells = list(_cells(record.text, self.delimiter))
        terminology, code, display = self.plan.terminology, self.plan.code, self.plan.display
        places = (
            None if place is None or place >= len(cells) else record.span(*cells[place])
            for place in (terminology, code, display)
        )
        return next(places), next(places), next(places)

    def written(self, text: str, span: Span, original: bytes) -> bytes | None:
        """*text* as a cell, in quotes where the original is or it must be; None where the encoding has not its letters."""
        del span
        codec = self.encoding.codec
        is_quoted = original.decode(codec, "replace").startswith('"')
        if is_quoted or self.delimiter in text or _NEEDS_QUOTES.search(text):
            text = '"' + text.replace('"', '""') + '"'
        try:
            return text.encode(codec)
        except UnicodeEncodeError:
            pass
        try:
            return text.translate(_ARABIC).encode(codec)
        except UnicodeEncodeError:
            return None


@dataclass(frozen=True, slots=True)
class Record:
    """A record as it stands in the file: its text, its first byte, its encoding."""

    text: str
    start: int
    codec: str

    def span(self, begin: int, end: int) -> Span:
        """The bytes of the characters from *begin* up to *end*."""
        first = self.start + len(self.text[:begin].encode(self.codec))
        return Span(first, first + len(self.text[begin:end].encode(self.codec)))


class _Lines:
    """The lines of a file, remembered until a record is made of them."""

    def __init__(self, lines: Iterator[str], encoding: Encoding) -> None:
        self._read = lines
        self._codec = encoding.codec
        self._at = len(encoding.mark)
        self._lines: list[str] = []

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        line = next(self._read)
        self._lines.append(line)
        return line

    def taken(self) -> Record:
        """The record of the lines since this was last asked."""
        record = Record("".join(self._lines), self._at, self._codec)
        self._at += len(record.text.encode(self._codec))
        self._lines.clear()
        return record


def _next_of(reader: Iterator[list[str]], path: Path) -> tuple[list[str] | None, Reason | None]:
    """The next record, and why it cannot be told into cells; None for both at the end. Raises: FileUnreadableError."""
    before: int = getattr(reader, "line_num", 0)
    try:
        return next(reader, None), None
    except csv.Error as error:
        fault = str(error)
    if "field larger" in fault:
        raise unreadable(path, reason("open-quote-or-long-cell", line=before + 1, megabytes=_CELL_LIMIT >> 20))
    if "end of data" in fault:
        raise unreadable(path, reason("open-quote", line=before + 1))
    return [], reason("text-after-quote" if "expected after" in fault else "no-cells", fault)


@lru_cache(maxsize=8)
def _cell_of(delimiter: str) -> re.Pattern[str]:
    mark = re.escape(delimiter)
    return re.compile(rf'("(?:[^"]|"")*"|[^{mark}\r\n]*)({mark}|\r\n?|\n|\Z)')


def _cells(record: str, delimiter: str) -> Iterator[tuple[int, int]]:
    """Where each cell of *record* begins and ends, its quotes among it."""
    at, pattern = 0, _cell_of(delimiter)
    while found := pattern.match(record, at):
        yield found.span(1)
        at = found.end()
        if found[2] != delimiter:
            return


def opened_delimited(path: Path, choice: Columns) -> DelimitedSource:
    """The table in the text file at *path*: the delimiter is the one under which columns are found.

    Raises: FileUnreadableError, ColumnMissingError, ColumnAmbiguousError.
    """
    encoding = encoding_of(path)
    fault: ColumnMissingError | ColumnAmbiguousError | None = None
    widest = 0
    found: list[tuple[int, DelimitedSource]] = []
    for delimiter in DELIMITERS:
        rows = _head(path, encoding, delimiter)
        width = max(map(len, rows), default=0)
        try:
            plan = planned(rows, choice, str(path))
        except (ColumnMissingError, ColumnAmbiguousError) as error:
            if width > widest:
                fault, widest = error, width
            continue
        if width > 1 or plan.fixed or plan.display is None:
            hidden = int(rows[0][:1] == [f"sep={delimiter}"] or rows[0][:2] == ["sep=", ""])  # Excel's own line
            found.append((width, DelimitedSource(path, encoding, delimiter, plan, hidden)))
    if found:  # "code<tab>value" is one column under a comma, and its header nearly a name that is known
        return max(found, key=lambda pair: (len(pair[1].plan.header), pair[0]))[1]
    raise fault or ColumnMissingError(file=str(path), role="code", columns=[])


def _head(path: Path, encoding: Encoding, delimiter: str) -> list[list[str]]:
    """The first rows, as far as they can be told into cells."""
    csv.field_size_limit(_CELL_LIMIT)
    rows: list[list[str]] = []
    with text_of(path, encoding) as file, suppress(csv.Error):
        rows.extend(islice(csv.reader(lines_of(file, path), delimiter=delimiter), HEADER_WITHIN))
    return rows
