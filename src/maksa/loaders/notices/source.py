"""A letter's table read: title, number, date, remarks, whichever way round number and date stand.

Source: letter 110/130 of 1400/05/07, «لیست کدینگ ابلاغ شده نسخه الکترونیک»: its header reads date, number, and its rows number, date.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Collection, Iterator
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from maksa.loaders.gathering import Gathering
from maksa.loaders.headed import HeadedSheet, headed_sheets
from maksa.loaders.reasons import reason
from maksa.loaders.table.cells import mended
from maksa.model.errors import FileUnreadableError, RequestError, SourceError
from maksa.model.finding import LoadReport
from maksa.model.terminology import Notice

FORM = "table of notices (ابلاغیه‌ها)"
ROLES = {
    "title": ("عنوان", "عنوان کدینگ", "title"),
    "number": ("شماره", "شماره نامه", "شماره ابلاغیه", "number"),
    "date": ("تاریخ", "تاریخ نامه", "تاریخ ابلاغیه", "date"),
    "remarks": ("توضیحات", "ملاحظات", "remarks"),
    "code": ("کد", "code"),  # a table that has codes is a list, and no table of notices
}
_DAY = re.compile(r"\d{4}[-/]\d{1,2}[-/]\d{1,2}")

DayOf = Callable[[str], dt.date]
"""Reads a day as letters write it, 1400/05/06. Raises: RequestError. The calendars are wire's: this room knows none."""


def _accepts(roles: Collection[str]) -> bool:
    return {"title", "number", "date"} <= set(roles) and "code" not in roles


def recognises(path: Path) -> bool:
    """Whether the file has a sheet with the columns title, number and date, and none of codes."""
    try:
        return bool(headed_sheets(path, ROLES, _accepts)[0])
    except (SourceError, ValueError):
        return False


class NoticeSource:
    """The notices of a CSV, TSV or XLSX file: of every sheet that has the columns.

    Args:
        day_of: reads a date.
    Raises: on entering, FileUnreadableError for a file in which no sheet has the columns.
    """

    def __init__(self, path: Path, *, day_of: DayOf, spill: Path | None = None) -> None:
        self._path = path
        self._day_of = day_of
        self._report = LoadReport(file=str(path), sheet="", terminology_id="", label="", recognised={"form": FORM})
        self._gathering = Gathering(self._report, spill)

    def __enter__(self) -> Self:
        self._sheets, _ = headed_sheets(self._path, ROLES, _accepts)
        if not self._sheets:
            raise FileUnreadableError(file=str(self._path), **reason("no-notice-columns").facts)
        first = self._sheets[0]
        self._report.recognised |= {role: first.columns[at] for role, at in first.places.items()}
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._gathering.close()

    def notices(self) -> Iterator[Notice]:
        """The notices in the file's order; to be asked for once. A row without a title, or with a date that is none, is refused."""
        for sheet in self._sheets:
            self._report.sheet = sheet.name
            for number, row in sheet.rows():
                self._report.read += 1
                if notice := self._notice(sheet, row, number):
                    self._report.kept += 1
                    yield notice

    def report(self) -> LoadReport:
        """What was read, kept and refused, and why; complete when `notices` is exhausted."""
        return self._report

    def _notice(self, sheet: HeadedSheet, row: list[str], number: int) -> Notice | None:
        cells = {role: self._cell(sheet, row, role, number) for role in ROLES}
        if None in cells.values():
            self._report.refused += 1
            return None
        title, letter, day, remarks = (cells[role] or "" for role in ("title", "number", "date", "remarks"))
        if not title:
            self._gathering.refuse("blank-title", row=number, column="title", value=letter)
            return None
        if _DAY.fullmatch(letter) and not _DAY.fullmatch(day):
            self._gathering.add("swapped-cells", row=number, column="number", value=letter, other=day)
            letter, day = day, letter
        try:
            date = self._day_of(day) if day else None
        except RequestError as error:
            self._gathering.refuse("malformed-date", row=number, column="date", value=day, reason=str(error))
            return None
        return Notice(number=letter, date=date, title=title, remarks=remarks)

    def _cell(self, sheet: HeadedSheet, row: list[str], role: str, number: int) -> str | None:
        """The cell, "" where there is no such column; None where it cannot be kept."""
        at = sheet.places.get(role)
        if at is None:
            return ""

        def note(slug: str, **facts: Any) -> None:
            self._gathering.add(slug, row=number, column=sheet.columns[at], value=row[at], **facts)

        return mended(str(row[at]), note, is_code=False)
