"""Reads a workbook in a process of its own and writes its rows to standard output: `python -m … PATH`.

A workbook from a stranger may ask for any memory (one stray cell in the last column of the last row lays out 500 GB), unpack
without end, or make its reader panic. Here it ends a process that has a bound, and nothing else.

Frames are four bytes of length and MessagePack: ["sheet", name], ["rows", [row, …]] each row a list of cells, then ["end"], or
["error", slug of the reason, detail, facts]. A cell is its text, or [slug, text] where a spreadsheet has made of it what no code is.
"""

from __future__ import annotations

import datetime as dt
import os
import sys
import zipfile
from collections.abc import Iterator
from itertools import islice
from typing import Any

import msgspec

MEMORY_LIMIT = 4 << 30  # bytes of address space, or half of what the machine has
UNPACKED_LIMIT = 2 << 30  # bytes; a sheet that is full has some hundred megabytes
SECONDS_LIMIT = 1800  # of the processor
EXACT_BELOW = 10**15  # a spreadsheet keeps 15 digits of a number
CELL_LIMIT = 32_767  # characters; Excel has no longer ones
_CELLS = 20_000  # of a frame


def main(path: str) -> None:
    """Writes the frames of the workbook at *path*."""
    _bound()
    for frame in _frames(path):
        body = msgspec.msgpack.encode(frame)
        sys.stdout.buffer.write(len(body).to_bytes(4, "big") + body)
    sys.stdout.buffer.flush()


def _bound() -> None:
    try:
        import resource  # not on Windows
    except ModuleNotFoundError:
        return
    half = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2
    for kind, most in (
        (resource.RLIMIT_AS, min(MEMORY_LIMIT, half)),
        (resource.RLIMIT_CPU, SECONDS_LIMIT),
        (resource.RLIMIT_CORE, 0),
    ):
        held = resource.getrlimit(kind)[1]  # by whoever started this: it is not for us to allow more
        bound = most if held == resource.RLIM_INFINITY else min(most, held)
        resource.setrlimit(kind, (bound, bound))


def _frames(path: str) -> Iterator[list[Any]]:
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError

    try:
        size = _unpacked(path)
        if size > UNPACKED_LIMIT:
            yield ["error", "workbook-unpacks", "", {"megabytes": size >> 20}]
            return
        book = CalamineWorkbook.from_path(path)
        for name in book.sheet_names:
            yield ["sheet", name]
            sheet = book.get_sheet_by_name(name)
            rows = sheet.iter_rows()
            while some := list(islice(rows, _CELLS // max(1, sheet.width) + 1)):
                yield ["rows", [list(map(cell_of, cells)) for cells in some]]
        yield ["end"]
    except PasswordError:
        yield ["error", "workbook-locked", "", {}]
    except (CalamineError, OSError, ValueError, zipfile.BadZipFile) as error:
        yield ["error", "workbook-damaged", str(error), {}]


def _unpacked(path: str) -> int:
    """The bytes that the workbook says itself it unpacks to; 0 where it is no zip."""
    if not zipfile.is_zipfile(path):
        return 0
    with zipfile.ZipFile(path) as packed:
        return sum(each.file_size for each in packed.infolist())


def cell_of(cell: Any) -> str | list[str]:
    """The cell as a person would have typed it, with what it cannot be if it was to be a code."""
    if isinstance(cell, str):
        return cell[:CELL_LIMIT]
    if isinstance(cell, bool):
        return ["boolean-for-code", "TRUE" if cell else "FALSE"]
    if isinstance(cell, (int, float)):
        if isinstance(cell, float) and not cell.is_integer():
            return repr(cell)
        return str(int(cell)) if abs(cell) < EXACT_BELOW else ["digits-lost", f"{cell:.14E}"]
    if isinstance(cell, dt.datetime) and cell.time() == dt.time.min:
        return ["date-for-code", cell.date().isoformat()]
    return ["date-for-code", cell.isoformat() if isinstance(cell, (dt.date, dt.time)) else str(cell)]


if __name__ == "__main__":
    main(sys.argv[1])
