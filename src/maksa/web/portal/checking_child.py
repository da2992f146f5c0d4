"""The process that checks one file and ends: `python -m maksa.web.portal.checking_child FOLDER`. See `checking`.

It bounds itself before it looks at the file. What it finds goes into files of FOLDER, the last of them in one rename.
"""

from __future__ import annotations

import os
import resource
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from maksa.check import Columns, FileCheck, Finding, Judged, Place, check_file
from maksa.export import Column
from maksa.export.workbook import write_xlsx
from maksa.model.concept import CodedText
from maksa.model.digits import persian_digits
from maksa.model.errors import ColumnMissingError, MaksaError
from maksa.model.shapes import json_decoder
from maksa.pages.wording import Language, Wording, wording_of
from maksa.snapshot.reader import Snapshot
from maksa.snapshot.shelf import Shelf, View
from maksa.web.portal.checking import (
    CORRECTED,
    CPU_SECONDS,
    JOB,
    MEMORY,
    NAMED,
    REPORT,
    RESULT,
    SHOWN,
    UPLOAD,
    WRITTEN,
    Job,
    Result,
)
from maksa.web.portal.visible import Visible

_NICE = 10  # callers of functions come first
_BARE = {1: Columns(code="1", display="-"), 2: Columns(code="1", display="2")}
"""How a pasted table without a header is read, by its width, where its terminology is named; a wider one has it first."""
_WIDE = Columns(terminology="1", code="2", display="3")


def main(folder: Path) -> None:
    """Checks the upload in *folder* and writes what it found beside it."""
    job = json_decoder(Job)((folder / JOB).read_bytes())
    _bound(Path(job.shelf))
    view = Visible(Shelf.open(job.shelf), job.hidden).view
    try:
        result = _checked(folder, job, view)
    except MaksaError as error:
        result = _failed(error, str(folder / UPLOAD), job.name)
    fresh = folder / f"{RESULT}.new"
    fresh.write_bytes(msgspec.json.encode(result))
    fresh.replace(folder / RESULT)


def _failed(error: MaksaError, path: str, name: str) -> Result:
    """Why there is no check of the file at *path*, which its sender calls *name*."""
    columns = error.facts.get("columns", error.facts.get("candidates", ()))
    return Result(
        name=name,
        fault=error.slug,
        reason=str(error).replace(path, name),
        reason_fa=error.facts.get("reason_fa", ""),
        detail=error.facts.get("detail", "").replace(path, name),
        columns=tuple(column for column in map(str, columns) if column.strip())[:NAMED],
    )


def _bound(shelf: Path) -> None:
    """Sets what this process may use: the lists are mapped, so they count as memory twice over."""
    mapped = sum(file.stat().st_size for file in shelf.glob("*.maksa"))
    limits = {
        resource.RLIMIT_AS: MEMORY + 2 * mapped,
        resource.RLIMIT_CPU: CPU_SECONDS,
        resource.RLIMIT_FSIZE: WRITTEN,
        resource.RLIMIT_CORE: 0,
    }
    for kind, most in limits.items():
        resource.setrlimit(kind, (most, most))
    os.nice(_NICE)


def _checked(folder: Path, job: Job, view: View) -> Result:
    upload = folder / UPLOAD
    columns = Columns(terminology=job.terminology)
    try:
        return _result(folder, job, check_file(upload, view, columns=columns, keeps_edits=True))
    except ColumnMissingError:
        bare = _without_header(upload, job)
        if bare is None:
            raise
        return _result(folder, job, check_file(upload, view, columns=bare, keeps_edits=True))


def _without_header(upload: Path, job: Job) -> Columns | None:
    """How a pasted table without a header may be read; None for a file: its owner can give it one."""
    if not job.is_pasted:
        return None
    width = len(_cells(next(_lines(upload), "")))
    narrow = _BARE.get(width)
    if narrow is not None and job.terminology:
        return msgspec.structs.replace(narrow, terminology=job.terminology)
    return _WIDE if width > 2 and not job.terminology else None


def _lines(upload: Path) -> Iterator[str]:
    return (line for line in upload.read_text("utf-8").splitlines() if line.strip())


def _cells(line: str) -> list[str]:
    """The cells of *line*, by the mark that makes the most of them."""
    return max((line.split(mark) for mark in "\t,;|"), key=len)


def _result(folder: Path, job: Job, checking: FileCheck) -> Result:
    with checking:
        report = _Report(checking, job.language)
        with (folder / REPORT).open("wb") as file:
            write_xlsx(report, file, right_to_left=job.language == "fa")
        if not report.found:
            (folder / REPORT).unlink()
        if checking.summary.corrected:
            checking.write_corrected(folder / CORRECTED)
    summary = msgspec.structs.replace(checking.summary, file=job.name)
    return Result(
        name=job.name,
        summary=summary,
        judged=tuple(report.found),
        has_corrected=bool(summary.corrected),
        has_report=bool(report.found),
    )


class _Report:
    """The findings as a workbook, an `export.Content`; `found` are the first of them, once it has been written."""

    name, member = "report", "found"
    total: int | None = None
    snapshot: Snapshot | None = None
    facts: dict[str, Any] = {}  # noqa: RUF012 # a content has some; this one has none
    columns = tuple(map(Column, (
        "place · جا", "terminology · ترمینولوژی", "code · کد", "display · مقدار", "severity · شدت", "finding · یافته",
        "message", "پیام", "right code · کد درست", "right display · مقدار درست", "suggestions · پیشنهادها",
    )))  # fmt: skip

    def __init__(self, checking: FileCheck, language: Language) -> None:
        self._checking = checking
        self._words = wording_of(language)
        self.found: list[Judged] = []

    def records(self) -> Iterator[Struct]:
        """The texts with findings."""
        for each in self._checking:
            if len(self.found) < SHOWN:
                self.found.append(each)
            yield each

    def rows(self) -> Iterator[tuple[str, ...]]:
        """A row for each finding."""
        for each in self.records():
            assert isinstance(each, Judged)
            for finding in each.verdict.findings:
                yield _row(each, finding, self._words)


def _row(each: Judged, finding: Finding, words: Wording) -> tuple[str, ...]:
    given, right = each.verdict.given, each.verdict.correction or finding.correction
    severity = "refusal · نادرست" if finding.severity == "refusal" else "warning · هشدار"
    suggested = " | ".join(f"{other.code} {other.display}" for other in finding.suggestions)
    return (
        _place(each.place, words), given.terminology_id, given.code, given.display, severity, finding.slug,
        finding.message, finding.message_fa, *_code_and_display(right), suggested,
    )  # fmt: skip


def _place(place: Place, words: Wording) -> str:
    """Where the text stands, as the page of the result says it."""
    parts = (
        f"{words.text('check.at-sheet')} {place.sheet}" if place.sheet else "",
        words.text("check.at-row", n=_number(place.row, words)) if place.row else "",
        words.text("check.at-line", n=_number(place.line, words)) if place.line and not place.row else "",
        place.path,
    )
    return " ".join(filter(None, parts))


def _number(count: int, words: Wording) -> str:
    return persian_digits(str(count)) if words.language == "fa" else str(count)


def _code_and_display(text: CodedText | None) -> tuple[str, str]:
    return (text.code, text.display) if text else ("", "")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
