"""A form with a file, taken as it comes: small fields into memory, the file onto disk, neither past its bound.

Rules of this file:
- what stands before the file is judged before a byte of the file is kept: whoever may not, fills no disk;
- one file, its name made harmless; an upload that breaks off leaves nothing.
Source: RFC 7578.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import IO

from msgspec import Struct
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

from maksa.desk.jobs import file_name
from maksa.model.errors import BodyTooLargeError, MalformedParameterError, MissingParameterError
from maksa.snapshot.storage import told_apart

FIELD_LIMIT = 4096  # bytes; the parser bounds the heads of parts
_PARTS = 40

Judge = Callable[[dict[str, str]], None]


class Upload(Struct, frozen=True):
    """What was sent. `file` is the name it is kept under."""

    fields: dict[str, str]
    file: str
    size: int


async def taken(chunks: AsyncIterator[bytes], content_type: str, folder: Path, *, limit: int, judge: Judge) -> Upload:
    """The form in *chunks*, its file kept in *folder*.

    Args:
        limit: bytes that the file may have.
        judge: called once with the fields before the file; what it raises ends the upload.

    Raises: MalformedParameterError, MissingParameterError, BodyTooLargeError, StorageError; what *judge* raises. Nothing is
        in *folder* then.
    """
    kind, options = parse_options_header(content_type)
    if kind != b"multipart/form-data" or b"boundary" not in options:
        raise MalformedParameterError(field="body", message="is no form with a file")
    parts = _Parts(folder, limit, judge)
    try:
        with told_apart(folder):
            parser = MultipartParser(options[b"boundary"], parts.callbacks())  # type: ignore[arg-type]  # a plain dict
            async for chunk in chunks:
                parser.write(chunk)
            parser.finalize()
            return parts.whole()
    except FormParserError as error:
        parts.discard()
        raise MalformedParameterError(field="body", message="is not a whole form") from error
    except BaseException:
        parts.discard()
        raise


class _Parts:
    """The parts of a form as the parser tells of them."""

    def __init__(self, folder: Path, limit: int, judge: Judge) -> None:
        self._folder = folder
        self._limit = limit
        self._judge = judge
        self._fields: dict[str, str] = {}
        self._file: IO[bytes] | None = None
        self._kept = ""
        self._size = 0
        self._header = b""
        self._value = b""
        self._disposition = b""
        self._name = ""
        self._text = b""
        self._parts = 0
        self._is_whole = False

    def callbacks(self) -> dict[str, Callable[..., None]]:
        names = (
            "part_begin", "part_data", "part_end", "header_field", "header_value", "header_end", "headers_finished", "end",
        )  # fmt: skip
        return {f"on_{name}": getattr(self, name) for name in names}

    def part_begin(self) -> None:
        self._parts += 1
        if self._parts > _PARTS:
            raise MalformedParameterError(field="body", message=f"has more than {_PARTS} parts")
        self._disposition = self._text = b""
        self._name = ""

    def header_field(self, data: bytes, start: int, end: int) -> None:
        self._header += data[start:end].lower()

    def header_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def header_end(self) -> None:
        if self._header == b"content-disposition":
            self._disposition = self._value
        self._header = self._value = b""

    def headers_finished(self) -> None:
        _, options = parse_options_header(self._disposition)
        self._name = options.get(b"name", b"").decode("utf-8", "replace")
        if b"filename" in options:
            self._begin_file(options[b"filename"].decode("utf-8", "replace"))

    def _begin_file(self, given: str) -> None:
        if self._kept:
            raise MalformedParameterError(field=self._name, message="is a second file; one is taken at a time")
        if not given:
            raise MissingParameterError(field=self._name, message="is missing: choose a file")
        self._judge(self._fields)
        self._kept = file_name(given)
        self._file = (self._folder / self._kept).open("xb")

    def part_data(self, data: bytes, start: int, end: int) -> None:
        if self._file is None:
            self._text += data[start:end]
            if len(self._text) > FIELD_LIMIT:
                raise BodyTooLargeError(field=self._name, message=f"is over {FIELD_LIMIT} bytes")
            return
        self._size += end - start
        if self._size > self._limit:
            raise BodyTooLargeError(field=self._name, message=f"is over {self._limit:,} bytes, the most that are taken")
        self._file.write(data[start:end])

    def part_end(self) -> None:
        if self._file is None:
            self._fields[self._name] = self._text.decode("utf-8", "replace")
        else:
            self._file.close()
            self._file = None

    def end(self) -> None:
        self._is_whole = True

    def whole(self) -> Upload:
        """Raises: MissingParameterError, MalformedParameterError."""
        if not self._is_whole:
            raise MalformedParameterError(field="body", message="is not a whole form")
        if not self._kept:
            raise MissingParameterError(field="file", message="is missing: choose a file")
        return Upload(self._fields, self._kept, self._size)

    def discard(self) -> None:
        """Leaves nothing behind."""
        if self._file is not None:
            self._file.close()
        if self._kept:
            (self._folder / self._kept).unlink(missing_ok=True)
