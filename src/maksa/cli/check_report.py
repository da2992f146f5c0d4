"""Every finding of a checked file in a file of the reader's own: a workbook or JSON, written while the texts pass by."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from maksa.check import FileCheck, Finding, Judged, Summary
from maksa.cli.sheets import workbook
from maksa.model.concept import CodedText
from maksa.snapshot.storage import told_apart

_HEADER = (
    "sheet · برگه", "row · ردیف", "line · خط", "path · نشانی", "terminology · ترمینولوژی", "code · کد", "display · مقدار",
    "severity · شدت", "finding · یافته", "message", "پیام",
    "right terminology · ترمینولوژی درست", "right code · کد درست", "right display · مقدار درست", "suggestions · پیشنهادها",
)  # fmt: skip
_WIDTHS = (14, 8, 8, 30, 20, 16, 40, 14, 22, 70, 70, 20, 16, 40, 70)
_SEVERITIES = {"refusal": "refusal · نادرست", "warning": "warning · هشدار"}


def reported(checking: FileCheck, path: Path | None) -> Iterator[Judged]:
    """The texts of *checking* that have findings, each in the file at *path* too, which is whole when they end.

    Raises: StorageError; nothing is at *path* then.
    """
    if path is None:
        yield from checking
    elif path.suffix.lower() == ".xlsx":
        yield from _in_workbook(checking, path)
    else:
        yield from _in_json(checking, path)


def facts_of(each: Judged) -> dict[str, Any]:
    """A text that has findings as --json and the report print it."""
    verdict = each.verdict
    return {
        "place": each.place,
        "given": verdict.given,
        "valid": verdict.is_valid,
        "version": verdict.version,
        "display": verdict.display,
        "findings": verdict.findings,
        "correction": verdict.correction,
    }


def _in_workbook(checking: FileCheck, path: Path) -> Iterator[Judged]:
    with workbook(path, _HEADER, _WIDTHS) as sheets:
        for each in checking:
            for finding in each.verdict.findings:
                sheets.write(_row(each, finding))
            yield each
        sheets.count(_counts(checking.summary))


def _row(each: Judged, finding: Finding) -> tuple[str | int, ...]:
    place, given = each.place, each.verdict.given
    right = each.verdict.correction or finding.correction
    return (
        place.sheet, place.row or "", place.line or "", place.path, *_parts(given),
        _SEVERITIES[finding.severity], finding.slug, finding.message, finding.message_fa,
        *(_parts(right) if right else ("", "", "")),
        " | ".join(" ".join(_parts(other)) for other in finding.suggestions),
    )  # fmt: skip


def _parts(text: CodedText) -> tuple[str, str, str]:
    return text.terminology_id, text.code, text.display


def _counts(summary: Summary) -> Iterator[tuple[str, str | int]]:
    yield "file · فایل", summary.file
    yield "checked · سنجیده", summary.checked
    yield "valid · معتبر", summary.valid
    yield "with warnings · با هشدار", summary.warned
    yield "refused · ردشده", summary.refused
    yield "certain corrections · اصلاح قطعی", summary.corrected
    yield from summary.counts.items()


def _in_json(checking: FileCheck, path: Path) -> Iterator[Judged]:
    with told_apart(path), tempfile.TemporaryDirectory(dir=path.parent) as folder:
        fresh = Path(folder) / path.name
        with fresh.open("wb") as out:
            out.write(b'{"found": [')
            for place, each in enumerate(checking):
                out.write((b",\n" if place else b"\n") + msgspec.json.encode(facts_of(each)))
                yield each
            out.write(b'\n], "summary": ' + msgspec.json.encode(checking.summary) + b"}\n")
        fresh.rename(path)
