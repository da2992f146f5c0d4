"""Every finding of a load in a file of the reader's own: a workbook or JSON, written while the kept lines are read."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import click
import msgspec

from maksa.cli.sheets import refuse_existing, workbook
from maksa.model.finding import Finding, LoadReport
from maksa.model.shapes import json_decoder
from maksa.snapshot.storage import told_apart

KINDS = (".xlsx", ".json")

_HEADER = (
    "severity · شدت", "finding · یافته", "sheet · برگه", "row · ردیف", "column · ستون", "value · مقدار",
    "count · شمار", "message", "پیام",
)  # fmt: skip
_WIDTHS = (14, 26, 20, 10, 20, 40, 10, 70, 70)
_SEVERITIES = {"refusal": "refusal · رد", "warning": "warning · هشدار"}


def refuse_place(path: Path) -> None:
    """Says before a long file is read what would be in the way after it. Raises: click.BadParameter, StorageError."""
    if path.suffix.lower() not in KINDS:
        raise click.BadParameter(f"{str(path)!r} must end in {' or '.join(KINDS)}", param_hint="--report")
    refuse_existing(path)
    with told_apart(path), tempfile.TemporaryDirectory(dir=path.parent):
        return


def write(report: LoadReport, kept: Path, path: Path) -> None:
    """Writes the findings in *kept* (a line of JSON each; no file where there are none) to *path*, by its suffix.

    Raises: StorageError; nothing is at *path* then.
    """
    (_write_workbook if path.suffix.lower() == ".xlsx" else _write_json)(report, kept, path)


def _findings(kept: Path) -> Iterator[Finding]:
    """The findings in their order. Raises: OSError."""
    if not kept.exists():
        return
    with kept.open("rb") as lines:
        yield from map(json_decoder(Finding), lines)


def _write_workbook(report: LoadReport, kept: Path, path: Path) -> None:
    with workbook(path, _HEADER, _WIDTHS) as sheets:
        for each in _findings(kept):
            sheets.write(_row(each))
        sheets.count(_counts(report))


def _row(each: Finding) -> tuple[str | int, ...]:
    place = (each.sheet, each.row or "", each.column, each.value)
    return (_SEVERITIES[each.severity], each.slug, *place, each.count, each.message, each.message_fa)


def _counts(report: LoadReport) -> Iterator[tuple[str, str | int]]:
    yield "file · فایل", report.file
    yield "terminology · ترمینولوژی", report.terminology_id
    yield "version · نسخه", report.label
    yield "rows read · ردیف‌های خوانده", report.read
    yield "kept · پذیرفته", report.kept
    yield "refused · ردشده", report.refused
    yield "skipped · گذشته", report.skipped
    yield from by_count(report)


def by_count(report: LoadReport) -> list[tuple[str, int]]:
    """(slug, how many) of the findings, the commonest first."""
    return sorted(report.counts.items(), key=lambda pair: -pair[1])


def _write_json(report: LoadReport, kept: Path, path: Path) -> None:
    left_out = ("findings", "more")
    facts = {name: getattr(report, name) for name in report.__struct_fields__ if name not in left_out}
    with told_apart(path), tempfile.TemporaryDirectory(dir=path.parent) as folder:
        fresh = Path(folder) / path.name
        with fresh.open("wb") as out:
            out.write(msgspec.json.encode(facts)[:-1] + b', "findings": [')
            for place, each in enumerate(_findings(kept)):
                out.write((b",\n" if place else b"\n") + msgspec.json.encode(each))
            out.write(b"\n]}\n")
        fresh.rename(path)
