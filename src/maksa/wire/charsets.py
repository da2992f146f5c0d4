"""Bodies that declare another charset than UTF-8, as old Windows programs do."""

from __future__ import annotations

import re

from maksa.model.errors import NotJsonError
from maksa.wire.members import shown

# Only these: `codecs.lookup` remembers for ever every name it was ever asked, and knows codecs that are no charsets.
_CHARSETS = {
    "utf8": "utf-8", "utf16": "utf-16", "utf16le": "utf-16-le", "utf16be": "utf-16-be",
    "utf32": "utf-32", "utf32le": "utf-32-le", "utf32be": "utf-32-be", "usascii": "ascii", "ascii": "ascii",
    "windows1256": "cp1256", "cp1256": "cp1256", "windows1252": "cp1252", "cp1252": "cp1252",
    "iso88591": "iso-8859-1", "latin1": "iso-8859-1", "iso88596": "iso-8859-6",
}  # fmt: skip

_DECLARED = re.compile(rb";\s*charset\s*=\s*\"?([^\";\s]*)", re.IGNORECASE)


def decoded(body: bytes, content_type: bytes) -> bytes:
    """The body in UTF-8, read by the charset that *content_type* declares; as it is where it declares none or UTF-8.

    Raises: NotJsonError for a charset that is not known here, or a body that is not in it.
    """
    declared = _DECLARED.search(content_type)
    if declared is None:
        return body
    name = declared[1].decode("latin-1")
    charset = _CHARSETS.get(name.lower().replace("-", "").replace("_", ""))
    if charset == "utf-8":
        return body
    if charset is None:
        raise NotJsonError(field="Content-Type", message=f"charset {shown(name)} is not known")
    try:
        return body.decode(charset).encode()
    except UnicodeDecodeError as error:
        raise NotJsonError(field="body", message=f"is not text in {name}: {error.reason} at {error.start}") from error
