"""Opening a file of coded texts: its form by its content, its letters by its bytes."""

from __future__ import annotations

import codecs
import io
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from itertools import chain
from pathlib import Path
from typing import NamedTuple

from maksa.check.reading.reasons import reason, unreadable
from maksa.model.reasons import Reason

CHUNK = 1 << 20  # bytes
LINE_LIMIT = 4 << 20  # characters of a line of a table
FALLBACK = "windows-1256"  # what Persian Windows called ANSI; it gives every byte a letter, so it comes last
_FOREIGN = 20  # broken places of text that is hardly UTF-8 at all: with fewer in a thousand letters it is damaged UTF-8


class Encoding(NamedTuple):
    """How the bytes of a text file are letters: `mark` stands before them, `codec` knows none."""

    codec: str
    mark: bytes = b""


_MARKED = (
    Encoding("utf-8", codecs.BOM_UTF8), Encoding("utf-16-le", codecs.BOM_UTF16_LE), Encoding("utf-16-be", codecs.BOM_UTF16_BE)
)  # fmt: skip


@contextmanager
def readable(path: Path) -> Iterator[None]:
    """Within it, what the system or a decoder says of *path* comes out as FileUnreadableError."""
    try:
        yield
    except OSError as error:
        raise unreadable(path, reason("system", error.strerror or str(error))) from error
    except UnicodeDecodeError as error:
        raise unreadable(path, reason("encoding", encoding=error.encoding, byte=error.start)) from error


def head_of(path: Path, size: int = 4096) -> bytes:
    """The first bytes. Raises: FileUnreadableError."""
    with readable(path), path.open("rb") as file:
        return file.read(size)


def encoding_of(path: Path) -> Encoding:
    """The encoding in which the whole file decodes: by its mark, else UTF-8, UTF-16 by its NUL bytes, or windows-1256.

    Raises: FileUnreadableError for text that is damaged in its own encoding, and for what holds NUL bytes.
    """
    head = head_of(path)
    encoding = next((each for each in _MARKED if head.startswith(each.mark)), None) or _unmarked(head)
    fault = _fault(path, encoding.codec)
    if not fault:
        return encoding
    if encoding == Encoding("utf-8") and _is_foreign(path) and not _fault(path, FALLBACK):
        return Encoding(FALLBACK)
    raise unreadable(path, fault)


def _unmarked(head: bytes) -> Encoding:
    """UTF-16 where every other byte of the Latin letters is NUL, as a database's export writes it without a mark; else UTF-8."""
    high, low = head[::2].count(0), head[1::2].count(0)
    if max(high, low) * 8 < len(head) or min(high, low):
        return Encoding("utf-8")
    return Encoding("utf-16-be" if high else "utf-16-le")


@contextmanager
def text_of(path: Path, encoding: Encoding) -> Iterator[io.TextIOWrapper]:
    """The text of *path* after its mark, its line ends as they are. Raises: FileUnreadableError."""
    with readable(path), path.open("rb") as file:
        file.seek(len(encoding.mark))
        with io.TextIOWrapper(file, encoding=encoding.codec, newline="") as text:
            yield text


def lines_of(file: io.TextIOWrapper, path: Path) -> Iterator[str]:
    """The lines of *file*, each with its end. Raises: FileUnreadableError for one that would fill the memory."""
    read = partial(file.readline, LINE_LIMIT)
    for number, line in enumerate(iter(read, ""), 1):
        if len(line) == LINE_LIMIT:
            raise unreadable(path, reason("long-line", line=number, megabytes=LINE_LIMIT >> 20))
        yield line


def _fault(path: Path, encoding: str) -> Reason | None:
    """What is wrong with the file read in *encoding*; None where nothing is."""
    decoder = codecs.getincrementaldecoder(encoding)()
    done = 0
    with readable(path), path.open("rb") as file:
        for chunk in chain(iter(partial(file.read, CHUNK), b""), [b""]):
            try:
                text = decoder.decode(chunk, not chunk)
            except UnicodeDecodeError as error:
                return reason("encoding-about", encoding=encoding, byte=done + error.start)
            if "\0" in text:
                return reason("nul-bytes")
            done += len(chunk)
    return None


def _is_foreign(path: Path) -> bool:
    """Whether the letters of the first megabyte past ASCII are hardly ever UTF-8."""
    text = head_of(path, CHUNK).decode("utf-8", "replace")
    letters = sum(letter > "\x7f" for letter in text)
    return text.count("\ufffd") * 1000 > letters * _FOREIGN
