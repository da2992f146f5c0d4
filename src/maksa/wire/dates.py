"""Dates as people and the guide write them: Jalali or Gregorian, by the clock of Tehran. Inside, times are aware UTC.

Rules of this file:
- a year below 1700 is Jalali, any other Gregorian;
- a date that does not exist is refused, never moved to another;
- seconds are the finest grain: a fraction is cut off, so that "since" never begins too late.
"""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Struct
from persiantools.jdatetime import JalaliDate

from maksa.model.errors import MalformedParameterError, ManyRequestErrors, MissingParameterError, RequestError
from maksa.wire.members import shown


def _tehran() -> ZoneInfo:
    """Tehran's clock by the tables that maksa is installed with.

    The machine's own may be older than 1401, when Iran gave up summer time: every date of a summer would be an hour off.
    """
    package = find_spec("tzdata")
    assert package is not None, "maksa is installed with tzdata"
    assert package.submodule_search_locations, "tzdata is a package of files"
    with (Path(package.submodule_search_locations[0]) / "zoneinfo/Asia/Tehran").open("rb") as table:
        return ZoneInfo.from_file(table, key="Asia/Tehran")


TEHRAN = _tehran()
FIRST_GREGORIAN_YEAR = 1700


class FromDate(Struct, frozen=True, gc=False, omit_defaults=True, rename={
    "iso_string": "iSOStringField", "year": "yearField", "month": "monthField", "day": "dayField",
    "hour": "hourField", "minute": "minuteField", "second": "secondField",
}):  # fmt: skip
    """The guide's `FromDate`, in its order. None is an absent member. Source: guide, tables 9 and 11."""

    iso_string: str | None = None
    year: int | None = None
    month: int | None = None
    day: int | None = None
    hour: int | None = None
    minute: int | None = None
    second: int | None = None


def since_of(fields: FromDate) -> dt.datetime:
    """The moment that *fields* mean, aware, UTC. The numbers win; the text is read only where there is no year.

    Missing month and day are 1, missing time is 0. Where Tehran put its clock forward at midnight (until 1401), the
    missing time of that day is the first moment it has.

    Raises: MissingParameterError without year and text; MalformedParameterError, or ManyRequestErrors with one for each
        number that is out of range.
    Source: contract, section 2 (`FromDate`).
    """
    if fields.year is not None:
        return _since_of_numbers(fields.year, fields)
    if fields.iso_string and fields.iso_string.strip():
        return read_date(fields.iso_string, field="FromDate.iSOStringField")
    raise MissingParameterError(field="FromDate.yearField", message="is missing, and iSOStringField too")


def _since_of_numbers(year: int, fields: FromDate) -> dt.datetime:
    given = msgspec.structs.asdict(fields) | {"year": year}
    clock = _Clock(**{part: given[part] for part in _Clock._fields if given[part] is not None})
    faults = [_malformed(f"FromDate.{part}Field", message) for part, message in clock.faults()]
    if faults:
        raise faults[0] if len(faults) == 1 else ManyRequestErrors(errors=faults)
    return clock.moment(TEHRAN)


def read_date(text: str, *, field: str = "DATE") -> dt.datetime:
    """The moment that *text* means, aware, UTC: `1400/05/06`, `1400-05-06 10:30`, ISO 8601 with or without an offset.

    Without an offset the clock is Tehran's. Month, day and time may be left out from the right; digits may be Persian.
    Raises: MalformedParameterError, naming *field*.
    """
    written = _WRITTEN.fullmatch(text.strip())
    if written is None:
        raise _malformed(field, f"{shown(text)} is not a date such as 1400/05/06 or 2021-07-28T10:30:00+03:30")
    clock = _Clock(**{part: int(written[part]) for part in _Clock._fields if written[part]})
    for part, message in clock.faults():
        raise _malformed(field, f"{shown(text)}: {part} {message}")
    try:
        return clock.moment(_zone_of(written["zone"]))
    except OverflowError as error:
        raise _malformed(field, f"{shown(text)} is past the last moment that a clock can show") from error


def read_calendar_date(text: str, *, field: str = "DATE") -> dt.date:
    """The day that *text* names, as a Gregorian date: for a notice, which has a day and no clock.

    Raises: MalformedParameterError, naming *field*, for a time of day too.
    """
    if ":" in text:
        raise _malformed(field, f"{shown(text)} has a time of day; a date such as 1400/05/06 is wanted")
    return read_date(text, field=field).astimezone(TEHRAN).date()


def read_letter_date(text: str, *, today: dt.date, field: str = "DATE") -> dt.date:
    """The date of a letter that has been written: what is published stays, a slip of the pen in it too.

    Raises: MalformedParameterError, naming *field*, for a day after *today* in Tehran, and for a year of two digits.
    """
    date = read_calendar_date(text, field=field)
    if not _FIRST_LETTER <= date <= today:
        raise _malformed(field, f"{shown(text)} has not come yet, or is no date of a letter")
    return date


def jalali(when: dt.date) -> str:
    """The Jalali date in Latin digits, "1400/05/06"; of an aware datetime, its date by the clock of Tehran.

    The last year that can be written, 9999, ends in a Jalali year that the calendar has not got: ISO 8601 stands in.
    """
    date = _in_tehran(when).date() if isinstance(when, dt.datetime) else when
    if date >= _FIRST_DAY_WITHOUT_JALALI:
        return date.isoformat()
    day = _jalali_day(date)
    return f"{day.year:04}/{day.month:02}/{day.day:02}"


def jalali_with_time(moment: dt.datetime) -> str:
    """The Jalali date and Tehran's time of an aware datetime, "1400/05/06 10:30:00"."""
    return f"{jalali(moment)} {_in_tehran(moment):%H:%M:%S}"


def from_date(moment: dt.datetime) -> FromDate:
    """The `FromDate` that means *moment*: Jalali numbers by the clock of Tehran, and the same moment as an ISO string.

    The numbers cannot tell the second pass of an hour that the clock repeats; they read as the first, an hour early.
    Raises: MalformedParameterError for a moment outside the Jalali years 1 to 1699.
    """
    local = _in_tehran(moment)
    if not _FIRST_DAY <= local.date() < _FIRST_DAY_READ_AS_GREGORIAN:
        raise _malformed("FromDate", f"{moment.isoformat()} is not within the Jalali years 1 to 1699")
    day = _jalali_day(local.date())
    iso = f"{moment.astimezone(dt.UTC):%Y-%m-%dT%H:%M:%SZ}"
    return FromDate(iso, day.year, day.month, day.day, local.hour, local.minute, local.second)


def from_date_fields(moment: dt.datetime) -> dict[str, object]:
    """`from_date` as the members that a client sends, spelled as the guide spells them."""
    fields: dict[str, object] = msgspec.to_builtins(from_date(moment))
    return fields


class _Clock(NamedTuple):
    """What a calendar and a clock show, not yet known to exist."""

    year: int
    month: int = 1
    day: int = 1
    hour: int = 0
    minute: int = 0
    second: int = 0

    def faults(self) -> Iterator[tuple[str, str]]:
        """(part, what is wrong with it) for each part that is out of range."""
        for part, (least, most) in _RANGES.items():
            value = getattr(self, part)
            if not least <= value <= most:
                yield part, f"{shown(value)} is not within {least} to {most}"
        if 1 <= self.year <= dt.MAXYEAR and 1 <= self.month <= 12:
            days = self._days_in_month()
            if days < self.day <= 31:
                yield "day", f"{self.day} is not a day of {self.year}-{self.month:02}, which has {days}"

    def moment(self, zone: dt.tzinfo) -> dt.datetime:
        time = dt.time(self.hour, self.minute, self.second, tzinfo=zone)
        return dt.datetime.combine(self._date(), time).astimezone(dt.UTC)

    def _date(self) -> dt.date:
        if self.year >= FIRST_GREGORIAN_YEAR:
            return dt.date(self.year, self.month, self.day)
        return _gregorian_day(self.year, self.month, self.day)

    def _days_in_month(self) -> int:
        if self.year >= FIRST_GREGORIAN_YEAR:
            return calendar.monthrange(self.year, self.month)[1]
        return int(JalaliDate.days_in_month(self.month, self.year))


_RANGES = {
    "year": (1, dt.MAXYEAR), "month": (1, 12), "day": (1, 31), "hour": (0, 23), "minute": (0, 59), "second": (0, 59),
}  # fmt: skip

# \d is any decimal digit of Unicode, and int() reads each: Persian and Arabic ones need no table.
_WRITTEN = re.compile(
    r"""(?P<year>\d{4})
        (?: (?P<separator>[-/]) (?P<month>\d{1,2})
            (?: (?P=separator) (?P<day>\d{1,2})
                (?: (?:[Tt]|\s+) (?P<hour>\d{1,2}) : (?P<minute>\d{2}) (?: : (?P<second>\d{2}) (?: [.,]\d+ )? )?
                    \s* (?P<zone> [Zz] | [+-] (?: [01]\d | 2[0-3] ) (?: :?[0-5]\d )? )?
                )?
            )?
        )?""",
    re.VERBOSE,
)


def _zone_of(written: str | None) -> dt.tzinfo:
    if written is None:
        return TEHRAN
    if written in "Zz":
        return dt.UTC
    minutes = int(written[1:3]) * 60 + int(written[3:].lstrip(":") or 0)
    return dt.timezone(dt.timedelta(minutes=-minutes if written[0] == "-" else minutes))


def _in_tehran(moment: dt.datetime) -> dt.datetime:
    assert moment.tzinfo is not None, "a time without its zone means nothing here"
    try:
        return moment.astimezone(TEHRAN)
    except OverflowError:  # the last hours of 9999, which would be of the next year there
        return moment.replace(tzinfo=TEHRAN)


def _jalali_day(date: dt.date) -> JalaliDate:
    return JalaliDate(date)  # type: ignore[no-untyped-call]


def _gregorian_day(year: int, month: int, day: int) -> dt.date:
    return JalaliDate(year, month, day).to_gregorian()  # type: ignore[no-untyped-call]


def _malformed(field: str, message: str) -> RequestError:
    return MalformedParameterError(field=field, message=message)


_FIRST_DAY = _gregorian_day(1, 1, 1)
_FIRST_LETTER = _gregorian_day(1300, 1, 1)  # what is earlier was a year of two digits
_FIRST_DAY_WITHOUT_JALALI = dt.date(9999, 3, 21)  # persiantools ends with the year 9377
_FIRST_DAY_READ_AS_GREGORIAN = _gregorian_day(FIRST_GREGORIAN_YEAR, 1, 1)
