"""Differences as a workbook, written while they pass by: memory does not grow with rows."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from maksa.cli.differences import row_of
from maksa.cli.sheets import workbook
from maksa.model.difference import Comparison, Difference

_HEADER = ("kind · نوع", "code · کد", "display · مقدار", "before · پیش از این", "after · اکنون")
_WIDTHS = (14, 20, 60, 60, 60)
_DISPLAYED = {
    "added": "added · افزوده", "retired": "retired · کنارگذاشته", "relabelled": "relabelled · مقدار دیگر",
    "moved": "moved · جابه‌جا", "status": "status · وضعیت", "properties": "properties · ویژگی‌ها",
    "designations": "designations · عنوان‌های دیگر",
}  # fmt: skip


def written(comparison: Comparison, path: Path) -> Iterator[Difference]:
    """The differences of *comparison* as they are, each in the workbook at *path* too, which is whole when they end.

    Raises: StorageError; nothing is at *path* then.
    """
    with workbook(path, _HEADER, _WIDTHS) as sheets:
        for difference in comparison:
            sheets.write(row_of(difference))
            yield difference
        sheets.count(_counts(comparison))


def _counts(comparison: Comparison) -> Iterator[tuple[str, str | int]]:
    yield "terminology · ترمینولوژی", comparison.terminology_id
    yield "earlier · پیشین", comparison.earlier
    yield "later · پسین", comparison.later
    for kind, count in comparison.counts.items():
        yield _DISPLAYED[kind], count
