"""What a file is by its first bytes, whatever its name says: text, a workbook, or something else that is refused."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from enum import Enum
from pathlib import Path

from maksa.model.errors import FileUnreadableError


class Form(Enum):
    TEXT = "text"
    ZIP = "zip"  # XLSX, or another thing in a zip: `bounds` tells


_ZIP = b"PK\x03\x04"

_REFUSED = {
    b"\x1f\x8b": "it is compressed with gzip; unpack it first",
    b"BZh": "it is compressed with bzip2; unpack it first",
    b"\xfd7zXZ": "it is compressed with xz; unpack it first",
    b"\x28\xb5\x2f\xfd": "it is compressed with zstd; unpack it first",
    b"7z\xbc\xaf": "it is a 7z archive; unpack it first",
    b"Rar!": "it is a RAR archive; unpack it first",
    b"\xd0\xcf\x11\xe0": "it is an old XLS, or locked with a password; save it as XLSX without one",
    b"PK\x05\x06": "it is an empty zip",
    b"%PDF": "it is a PDF; ask its issuer for the table",
}


def form_of(path: Path) -> Form:
    """The form of the file at *path*.

    Raises: FileUnreadableError where there is no file, or it may not be read, is empty, packed, or no table by its magic.
    """
    with readable(path):
        if path.exists() and not path.is_file():
            raise FileUnreadableError(file=str(path), reason="it is not a file")
        with path.open("rb") as file:
            head = file.read(8)
    if not head:
        raise FileUnreadableError(file=str(path), reason="it is empty")
    for magic, reason in _REFUSED.items():
        if head.startswith(magic):
            raise FileUnreadableError(file=str(path), reason=reason)
    return Form.ZIP if head.startswith(_ZIP) else Form.TEXT


@contextmanager
def readable(path: Path) -> Iterator[None]:
    """Errors of the file system within come out as FileUnreadableError naming *path*."""
    try:
        yield
    except OSError as error:
        raise FileUnreadableError(file=str(path), reason=error.strerror or str(error)) from error
    except ValueError as error:  # a NUL in the path
        raise FileUnreadableError(file=str(path), reason=str(error)) from error
