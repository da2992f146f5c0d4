"""Which form a file has, by its first bytes."""

from __future__ import annotations

from pathlib import Path

from maksa.check.reading.columns import Columns
from maksa.check.reading.delimited import opened_delimited
from maksa.check.reading.found import Source
from maksa.check.reading.json_source import JsonLinesSource, JsonSource, is_lines
from maksa.check.reading.opening import head_of
from maksa.check.reading.reasons import reason, unreadable
from maksa.check.reading.workbook import WorkbookSource
from maksa.check.reading.xml_source import XmlSource

_WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
_XML = (b"<", b"\xef\xbb\xbf<", b"\xff\xfe<\x00", b"\xfe\xff\x00<")
_JSON = (b"{", b"[", b"\xef\xbb\xbf{", b"\xef\xbb\xbf[")
_JSON_IN_UTF_16 = (b"\xff\xfe{\0", b"\xff\xfe[\0", b"\xfe\xff\0{", b"\xfe\xff\0[", b"{\0", b"[\0", b"\0{", b"\0[")


def opened(path: Path, columns: Columns | None = None) -> Source:
    """The file of coded texts at *path*. Of a table, *columns* says which is what.

    Raises: FileUnreadableError, ColumnMissingError, ColumnAmbiguousError.
    """
    head = head_of(path)
    start = head.lstrip(b" \t\r\n")
    if not start.removeprefix(b"\xef\xbb\xbf"):
        raise unreadable(path, reason("empty"))
    choice = columns or Columns()
    if head.startswith(_WORKBOOKS):
        return WorkbookSource(path, choice)
    if start.startswith(_XML):
        return XmlSource(path)
    if head.startswith(_JSON_IN_UTF_16):
        raise unreadable(path, reason("json-utf-16"))
    if start.startswith(_JSON):
        return JsonLinesSource(path) if is_lines(path) else JsonSource(path)
    return opened_delimited(path, choice)
