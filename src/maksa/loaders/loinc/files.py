"""Which files of a LOINC release are read, each told by its header; and their records.

Source: LOINC Users' Guide, «LOINC Database Structure» and «Accessory Files»; the readme of each accessory file.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from typing import NamedTuple

from maksa.loaders.gathering import Gathering
from maksa.loaders.reasons import reason, row_reason
from maksa.loaders.release import Release
from maksa.model.errors import FileUnreadableError

HEAD = 8192  # bytes; the widest header has a quarter of that

TERM = ("LOINC_NUM", "COMPONENT", "PROPERTY", "TIME_ASPCT", "SYSTEM", "SCALE_TYP", "METHOD_TYP", "CLASS")
_HIERARCHY = ("PATH_TO_ROOT", "SEQUENCE", "IMMEDIATE_PARENT", "CODE", "CODE_TEXT")
_MAP = ("LOINC", "MAP_TO")
_CSV = re.compile(r".+\.csv", re.IGNORECASE)
_VARIANT = re.compile(r"([a-z]{2,3})([A-Z]{2})[0-9]*LinguisticVariant\.csv")


class Files(NamedTuple):
    """The names of a release's files; "" for one that is not there. `variants` are (BCP 47 tag, name)."""

    terms: str
    hierarchy: str
    replaced: str
    variants: tuple[tuple[str, str], ...]


def found(release: Release) -> Files:
    """The files of *release*. Raises: FileUnreadableError where it has no table of terms."""
    headers = {name: header for name in release.named(_CSV) if (header := header_of(release, name))}
    terms = [name for name, header in headers.items() if is_terms(header)]
    if not terms:
        raise release.refusal("", reason("no-loinc"))
    return Files(
        max(terms, key=lambda name: len(headers[name])),  # LoincTableCore.csv is the same table with fewer columns
        _first(headers, _HIERARCHY),
        _first(headers, _MAP),
        tuple((tag, name) for name, header in headers.items() if header[: len(TERM)] == TERM and (tag := _tag(name))),
    )


def is_terms(header: tuple[str, ...]) -> bool:
    """Whether it is the header of the table of terms: a linguistic variant has no status."""
    return header[: len(TERM)] == TERM and "STATUS" in header


def is_release(release: Release) -> bool:
    """Whether the release has a table of LOINC terms."""
    try:
        return any(is_terms(header_of(release, name)) for name in release.named(_CSV))
    except FileUnreadableError:
        return False


def header_of(release: Release, name: str) -> tuple[str, ...]:
    """The header of a CSV file; empty for what is none."""
    with release.open(name) as stream:
        head = stream.readline(HEAD)
    try:
        return tuple(next(csv.reader([head.decode("utf-8-sig")]), ()))
    except (UnicodeDecodeError, csv.Error):
        return ()


def _first(headers: dict[str, tuple[str, ...]], begins: tuple[str, ...]) -> str:
    return next((name for name, header in headers.items() if header[: len(begins)] == begins), "")


def _tag(name: str) -> str:
    """The language of a linguistic variant, by its file's name: frCA8LinguisticVariant.csv is fr-CA."""
    matched = _VARIANT.fullmatch(name.rpartition("/")[2])
    return f"{matched[1]}-{matched[2]}" if matched else ""


def records(release: Release, name: str, gathering: Gathering) -> Iterator[tuple[int, dict[str, str]]]:
    """(row, cells by header) of each record of a file; a row of another width is refused and said.

    Raises: FileUnreadableError for quotes that never close and cells without end.
    """
    header: list[str] | None = None
    reader = csv.reader((f"{line}\n" for line in release.lines(name)), strict=True)
    try:
        for row, cells in enumerate(reader, 1):
            if header is None:
                header = cells
            elif len(cells) == len(header):
                yield row, dict(zip(header, cells, strict=True))
            elif cells:
                gathering.report.read += 1
                gathering.refuse("cell-count", row=row, cells=len(cells), width=len(header))
    except csv.Error as error:
        why = reason("line", line=reader.line_num, reason=row_reason(error))
        raise release.refusal(name, why) from error
