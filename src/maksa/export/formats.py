"""The forms a content is exported in, as one table: how each is named, what it is to a browser, and who writes it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

from maksa.export.columnar import parquet_chunks
from maksa.export.content import Content
from maksa.export.delimited import csv_chunks, excel_csv_chunks
from maksa.export.lines import json_chunks, jsonl_chunks
from maksa.export.workbook import xlsx_chunks

_CHUNK = 1 << 20  # bytes


def snapshot_chunks(content: Content) -> Iterator[bytes]:
    """The bytes of the version's snapshot file: its SHA-256 is the version's digest, and maksa opens it as it is.

    Raises: TypeError for a content that is no version; OSError.
    """
    if content.snapshot is None:
        raise TypeError(f"{content.name} is no version: it has no snapshot")
    with content.snapshot.path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            yield chunk


class Format(NamedTuple):
    """A form. `suffix` begins with a dot; `chunks` gives the file's bytes as an iterator, to be read once,
    by any thread and by several in turn; no chunk is empty.

    `is_text`: it can be shown on a terminal. `of_versions`: only a version has it, not the difference of two.
    """

    name: str
    suffix: str
    media_type: str
    says: str
    chunks: Callable[[Content], Iterator[bytes]]
    is_text: bool = False
    of_versions: bool = False


_OFFICE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

FORMATS: dict[str, Format] = {
    each.name: each
    for each in (
        Format("csv", ".csv", "text/csv; charset=utf-8; header=present", "CSV", csv_chunks, is_text=True),
        Format(
            "csv-excel", ".csv", "text/csv; charset=utf-8; header=present", "CSV for Excel", excel_csv_chunks, is_text=True
        ),
        Format("xlsx", ".xlsx", _OFFICE, "a workbook", xlsx_chunks),
        Format("jsonl", ".jsonl", "application/jsonl", "JSON, a line for each record", jsonl_chunks, is_text=True),
        Format("json", ".json", "application/json", "one JSON document", json_chunks, is_text=True),
        Format("parquet", ".parquet", "application/vnd.apache.parquet", "Parquet", parquet_chunks),
        Format(
            "snapshot", ".maksa", "application/vnd.sqlite3", "the snapshot file itself", snapshot_chunks, of_versions=True
        ),
    )
}  # fmt: skip


def format_of(path: Path) -> Format | None:
    """The form that the ending of *path* means, in any case; None where it means none."""
    return next((each for each in FORMATS.values() if each.suffix == path.suffix.lower()), None)


def file_name(content: Content, form: Format) -> str:
    """The name of the content's file, as eRX-10000.csv: letters that some system refuses in a name are `_` in it."""
    refused = '<>:"/\\|?*'
    name = "".join("_" if letter in refused or not letter.isprintable() else letter for letter in content.name)
    return name.strip(". ") + form.suffix


def disposition(name: str) -> str:
    """The header Content-Disposition of a download named *name*, for old programs in ASCII and for the rest in UTF-8.

    Source: RFC 6266, section 4.3 and appendix D.
    """
    plain = "".join(
        letter if letter.isascii() and letter.isprintable() and letter not in '"\\%' else "_" for letter in name
    )
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
