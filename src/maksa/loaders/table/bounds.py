"""What is judged of a zipped workbook before it is opened: its bytes are declared, and so are its cells.

calamine lays a sheet out as one rectangle in memory: a stray cell in the last column of the last row, which a slip of
the hand can make, asks for 500 GB and ends the process. So the rectangle is measured first, in the sheet's XML.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from maksa.model.errors import FileUnreadableError

BYTES_LIMIT = 2 << 30  # unpacked
RATIO_LIMIT = 200  # unpacked to packed
RATIO_FROM = 50 << 20  # bytes; a small workbook may be as dense as it likes
CELLS_LIMIT = 20_000_000  # about 30 bytes each in calamine's rectangle
CHUNK = 1 << 20  # bytes
OVERLAP = 64  # bytes; longer than any reference to a cell

_WIDE = re.compile(rb' r="([A-Z]{2,})[0-9]')
_ROW_NUMBER = re.compile(rb'row [^>]*?\br="([0-9]+)"')


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
                with archive.open(entry) as part:
                    _check_part(path, entry.filename, part)


def _check_kind(path: Path, names: set[str]) -> None:
    if "xl/workbook.xml" in names:
        return
    kind = next((said for name, said in _OTHER_ZIPS.items() if name in names), "a zip that holds no workbook")
    raise FileUnreadableError(file=str(path), reason=f"it is {kind}; save the table as XLSX or CSV")


_OTHER_ZIPS = {
    "xl/workbook.bin": "an XLSB workbook",
    "word/document.xml": "a Word document",
    "ppt/presentation.xml": "a presentation",
    "content.xml": "an OpenDocument file",
}


def _check_sizes(path: Path, entries: list[zipfile.ZipInfo]) -> None:
    unpacked = sum(entry.file_size for entry in entries)
    packed = sum(entry.compress_size for entry in entries)
    if unpacked > BYTES_LIMIT or (unpacked > RATIO_FROM and unpacked > RATIO_LIMIT * packed):
        raise FileUnreadableError(
            file=str(path), reason=f"it would unpack from {packed:,} to {unpacked:,} bytes; that is no workbook"
        )


def _check_part(path: Path, name: str, part: IO[bytes]) -> None:
    """Reads a part to its end, which checks its sum too; a sheet's is measured on the way."""
    chunk = part.read(CHUNK)
    if b"worksheet" not in chunk[:4096]:
        return
    rows = columns = 1
    while chunk:
        columns = max([columns, *map(_number, _WIDE.findall(chunk))])
        rows = max(rows, _last_row(chunk))
        if rows * columns > CELLS_LIMIT:
            reason = f"{name} is {rows:,} rows by {columns:,} columns; clear its stray cells"
            raise FileUnreadableError(file=str(path), reason=reason)
        more = part.read(CHUNK)
        chunk = more and chunk[-OVERLAP:] + more


def _last_row(chunk: bytes) -> int:
    at = max(chunk.rfind(b"<row "), chunk.rfind(b":row "))  # with or without a prefix of its namespace
    found = _ROW_NUMBER.match(chunk, at + 1) if at >= 0 else None
    return int(found[1]) if found else 0


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
        raise FileUnreadableError(file=str(path), reason=f"it is a damaged workbook: {error}") from error
    except RuntimeError as error:
        raise FileUnreadableError(file=str(path), reason=f"it is locked with a password: {error}") from error
