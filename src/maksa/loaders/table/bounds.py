"""What is judged of a zipped workbook before it is opened: how many bytes it declares, and how far out its cells lie.

calamine lays a sheet out as one rectangle in memory: a stray cell in the last column of the last row, which a slip of
the hand can make, asks for 500 GB and ends the process. So the rectangle is measured first, in the sheet's XML.
This is against accidents, and against bombs of the usual make; whoever takes workbooks from strangers reads them in
another process.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from maksa.loaders.reasons import reason
from maksa.model.errors import FileUnreadableError

BYTES_LIMIT = 2 << 30  # unpacked
RATIO_LIMIT = 200  # unpacked to packed
RATIO_FROM = 50 << 20  # bytes; a small workbook may be as dense as it likes
CELLS_LIMIT = 26 << 20  # 26 columns down to the last row, at 32 bytes each in calamine's rectangle
CHUNK = 1 << 20  # bytes
HEAD = 1 << 16  # bytes
OVERLAP = 64  # bytes; longer than any reference to a cell

# Few sheets have a cell past column Z or row 999,999: where this finds nothing, the rectangle is within the limit.
_FAR = re.compile(rb' r="(?:[A-Z]{2}|[A-Z]?[0-9]{7})')
_COUNT = re.compile(rb'[cC]ount="([0-9]{9,})"')  # calamine makes room for as many as a part says it has
_REFERENCE = re.compile(rb' r="([A-Z]*)([0-9]+)"')


def checked_workbook(path: Path) -> None:
    """Returns where the zip at *path* is a workbook that can be laid out in memory.

    Raises: FileUnreadableError for another kind of zip, a damaged or locked one, a bomb, and too wide a sheet.
    """
    with zip_faults(path), zipfile.ZipFile(path) as archive:
        entries = archive.infolist()
        _check_kind(path, {entry.filename for entry in entries})
        _check_sizes(path, entries)
        for entry in entries:
            if entry.filename.endswith(".xml"):
                _check_part(path, archive, entry)


def _check_kind(path: Path, names: set[str]) -> None:
    if "xl/workbook.xml" in names:
        return
    kind = next((slug for name, slug in _OTHER_ZIPS.items() if name in names), "no-workbook")
    raise FileUnreadableError(file=str(path), **reason("save-as-table", reason=reason(kind)).facts)


_OTHER_ZIPS = {
    "xl/workbook.bin": "xlsb",
    "word/document.xml": "document",
    "ppt/presentation.xml": "presentation",
    "content.xml": "open-document",
}


def _check_sizes(path: Path, entries: list[zipfile.ZipInfo]) -> None:
    unpacked = sum(entry.file_size for entry in entries)
    packed = sum(entry.compress_size for entry in entries)
    if unpacked > BYTES_LIMIT or (unpacked > RATIO_FROM and unpacked > RATIO_LIMIT * packed):
        why = reason("workbook-unpacks", packed=packed, unpacked=unpacked)
        raise FileUnreadableError(file=str(path), **why.facts)


def _check_part(path: Path, archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> None:
    with archive.open(entry) as part:
        head = part.read(HEAD)
    if found := _COUNT.search(head):
        why = reason("too-many-entries", part=entry.filename, count=int(found[1]))
        raise FileUnreadableError(file=str(path), **why.facts)
    if b"worksheet" in head:
        with archive.open(entry) as part:
            is_far_flung = any(map(_FAR.search, _pieces(part)))
        if is_far_flung:
            _check_rectangle(path, archive, entry)


def _check_rectangle(path: Path, archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> None:
    rows = columns = 1
    with archive.open(entry) as part:
        for piece in _pieces(part):
            for letters, digits in _REFERENCE.findall(piece):
                rows = max(rows, int(digits))
                columns = max(columns, _number(letters))
    if rows * columns > CELLS_LIMIT:
        why = reason("too-wide", part=entry.filename, rows=rows, columns=columns)
        raise FileUnreadableError(file=str(path), **why.facts)


def _pieces(part: IO[bytes]) -> Iterator[bytes]:
    """The part in pieces, each with the end of the one before, so that no reference is cut."""
    tail = b""
    while chunk := part.read(CHUNK):
        yield tail + chunk
        tail = chunk[-OVERLAP:]


def _number(letters: bytes) -> int:
    number = 0
    for letter in letters[:4]:
        number = number * 26 + letter - ord("A") + 1
    return number


@contextmanager
def zip_faults(path: Path) -> Iterator[None]:
    """Whatever zipfile says of a damaged or locked archive comes out as FileUnreadableError."""
    try:
        yield
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError) as error:
        raise FileUnreadableError(file=str(path), **reason("workbook-damaged", str(error)).facts) from error
    except RuntimeError as error:
        raise FileUnreadableError(file=str(path), **reason("workbook-locked-said", str(error)).facts) from error
