"""What a benchmark says: figures beside their floor, as a table for people and as JSON for whoever compares runs."""

from __future__ import annotations

import datetime as dt
import os
import platform
import statistics
import subprocess
from collections.abc import Sequence
from pathlib import Path

import msgspec
from msgspec import Struct

from bench.scale import Scale

OUT = Path(__file__).parent / "out"
ROOT = Path(__file__).parents[1]


class Figure(Struct, kw_only=True):
    """One line of a table.

    `value` is the median over the rounds, in `unit`, and `spread` its least and greatest. `floor` is what it is held
    against in the same rounds, `ratio` the median of the rounds' own ratios. `limit` is of the ratio where there is one,
    else of the value, and `holds` says whether it is kept; None where nothing is asked of the figure.
    """

    name: str
    value: float
    unit: str
    spread: tuple[float, float] | None = None
    floor: str = ""
    ratio: float | None = None
    limit: float | None = None
    holds: bool | None = None


Table = dict[str, dict[str, float]]


class Report(Struct, kw_only=True):
    """`notes` say how it was measured: what a reader must know to believe the figures, or not to.

    `details` are further tables, by title: by row, then by column.
    """

    benchmark: str
    scale: Scale
    figures: list[Figure]
    details: dict[str, Table] = {}
    notes: list[str] = []
    machine: dict[str, str] = {}


def timed(name: str, values: Sequence[float], unit: str, *, limit: float | None = None) -> Figure:
    """The figure of *values*, one for each round, held to *limit* itself: less is better."""
    value = statistics.median(values)
    holds = None if limit is None else value <= limit
    return Figure(name=name, value=value, unit=unit, spread=(min(values), max(values)), limit=limit, holds=holds)


def against(
    name: str,
    values: Sequence[float],
    unit: str,
    *,
    floor: str,
    floors: Sequence[float],
    limit: float | None = None,
    more_is_better: bool = False,
) -> Figure:
    """The figure of *values* against those of the floor in the same rounds; *limit* is the ratio's."""
    ratios = [value / other for value, other in zip(values, floors, strict=True)]
    ratio = statistics.median(ratios)
    holds = None if limit is None else (ratio >= limit if more_is_better else ratio <= limit)
    value = statistics.median(values)
    spread = min(values), max(values)
    return Figure(
        name=name, value=value, unit=unit, spread=spread, floor=floor, ratio=ratio, limit=limit, holds=holds
    )  # fmt: skip


def show(report: Report, folder: Path = OUT) -> None:
    """Prints *report* and writes it to *folder*/NAME.json."""
    report.machine = machine()
    if report.scale.name != "full":
        report.notes.append("limits are for the full scale: nothing is judged here")
        for figure in report.figures:
            figure.holds = None
    print(f"\n{report.benchmark} ({report.scale.name}: {report.scale.concepts:,} concepts)")
    _print_rows([_HEADER, *map(_row, report.figures)])
    for title, table in report.details.items():
        _print_rows(_detail_rows(title, table))
    for note in report.notes:
        print(f"  {note}")
    folder.mkdir(exist_ok=True)
    path = folder / f"{report.benchmark}.json"
    path.write_bytes(msgspec.json.format(msgspec.json.encode(report), indent=1))


_HEADER = ("", "median", "min – max", "floor", "× floor", "limit", "")


def _row(figure: Figure) -> tuple[str, ...]:
    spread = f"{_short(figure.spread[0])} – {_short(figure.spread[1])}" if figure.spread else ""
    is_ratio = figure.ratio is not None
    limit = "" if figure.limit is None else f"{_short(figure.limit)}{' ×' if is_ratio else f' {figure.unit}'}"
    verdict = "" if figure.holds is None else "holds" if figure.holds else "MISSED"
    ratio = f"{figure.ratio:.2f}" if figure.ratio is not None else ""
    return figure.name, f"{_short(figure.value)} {figure.unit}", spread, figure.floor, ratio, limit, verdict


def _short(value: float) -> str:
    """Three digits that matter."""
    if value == 0:
        return "0"
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def _detail_rows(title: str, table: Table) -> list[tuple[str, ...]]:
    columns = next(iter(table.values()))
    return [(title, *columns), *((row, *map(_short, cells.values())) for row, cells in table.items())]


def _print_rows(rows: list[tuple[str, ...]]) -> None:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        print("  " + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


def machine() -> dict[str, str]:
    """What was measured on, and which state of the code."""
    commit = subprocess.run(
        ["git", "describe", "--always", "--dirty"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    return {
        "when": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        "commit": commit.stdout.strip(),
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.release()} {platform.machine()}",
        "cores": str(len(os.sched_getaffinity(0))),
        "load": " ".join(f"{load:.1f}" for load in os.getloadavg()),
    }
