"""What a file is by its first bytes, whatever its name says: text, a workbook, or something else that is refused."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from enum import Enum
from pathlib import Path

from maksa.loaders.reasons import reason
from maksa.model.errors import FileUnreadableError


class Form(Enum):
    TEXT = "text"
    ZIP = "zip"  # XLSX, or another thing in a zip: `bounds` tells


_ZIP = b"PK\x03\x04"

_REFUSED = {
    b"\x1f\x8b": reason("compressed", program="gzip"),
    b"BZh": reason("compressed", program="bzip2"),
    b"\xfd7zXZ": reason("compressed", program="xz"),
    b"\x28\xb5\x2f\xfd": reason("compressed", program="zstd"),
    b"7z\xbc\xaf": reason("archive", program="7z"),
    b"Rar!": reason("archive", program="RAR"),
    b"\xd0\xcf\x11\xe0": reason("old-workbook"),
    b"PK\x05\x06": reason("empty-zip"),
    b"%PDF": reason("pdf"),
}


def form_of(path: Path) -> Form:
    """The form of the file at *path*.

    Raises: FileUnreadableError where there is no file, or it may not be read, is empty, packed, or no table by its magic.
    """
    with readable(path):
        if path.exists() and not path.is_file():
            raise FileUnreadableError(file=str(path), **reason("not-a-file").facts)
        with path.open("rb") as file:
            head = file.read(8)
    if not head:
        raise FileUnreadableError(file=str(path), **reason("empty").facts)
    for magic, why in _REFUSED.items():
        if head.startswith(magic):
            raise FileUnreadableError(file=str(path), **why.facts)
    return Form.ZIP if head.startswith(_ZIP) else Form.TEXT


@contextmanager
def readable(path: Path) -> Iterator[None]:
    """Errors of the file system within come out as FileUnreadableError naming *path*."""
    try:
        yield
    except OSError as error:
        raise FileUnreadableError(file=str(path), **reason("system", error.strerror or str(error)).facts) from error
    except ValueError as error:  # a NUL in the path
        raise FileUnreadableError(file=str(path), **reason("system", str(error)).facts) from error
