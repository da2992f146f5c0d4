"""A date means one moment, whoever wrote it; a date that does not exist means none. [contract §2, FromDate]"""

from __future__ import annotations

import contextlib
import datetime as dt
import os
import subprocess
import sys
from importlib.resources import files
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maksa.model.errors import MalformedParameterError, MissingParameterError, RequestError
from maksa.wire.dates import (
    TEHRAN,
    FromDate,
    from_date,
    from_date_fields,
    jalali,
    jalali_with_time,
    read_calendar_date,
    read_date,
    read_letter_date,
    since_of,
)

ZONES = files("tzdata")
LEAP_REMAINDERS = {1, 5, 9, 13, 17, 22, 26, 30}  # of the year by 33: Iran's calendar in these centuries
NOON_1400 = dt.datetime(2021, 7, 28, 8, 30, tzinfo=dt.UTC)  # 1400/05/06 13:00, summer time


def is_leap(year: int) -> bool:
    return year % 33 in LEAP_REMAINDERS


def days_of(first: int, last: int):
    """(Jalali text, Gregorian date) of every day of these years, counted forward from 1178/01/01 by hand."""
    date = dt.date(1799, 3, 21)
    for year in range(1178, last + 1):
        for month in range(1, 13):
            for day in range(1, (31 if month < 7 else 30 if month < 12 or is_leap(year) else 29) + 1):
                if year >= first:
                    yield f"{year}/{month:02}/{day:02}", date
                date += dt.timedelta(days=1)


def test_every_day_of_three_centuries_is_written_and_read_back():
    """1178 to 1500, counted forward day by day with the leap years of the 33-year cycle."""
    for text, date in days_of(1178, 1500):
        assert jalali(date) == text
        assert read_calendar_date(text) == date


def test_a_day_begins_after_the_last_second_of_the_day_before():
    """On days whose midnight Tehran's clock skipped, too: 1 or 2 Farvardin of most years until 1401."""
    for (yesterday, _), (text, _) in pairwise(days_of(1300, 1410)):
        year, month, day = map(int, text.split("/"))
        begins = since_of(FromDate(year=year, month=month, day=day))

        assert jalali(begins) == text
        assert jalali(begins - dt.timedelta(seconds=1)) == yesterday


@pytest.mark.parametrize("year", range(1178, 1501))
def test_the_thirtieth_of_esfand_exists_in_leap_years_only(year):
    """A leap day is read; in another year it is refused and never becomes the first of Farvardin."""
    esfand = FromDate(year=year, month=12, day=30)
    if is_leap(year):
        assert jalali(since_of(esfand)) == f"{year}/12/30"
    else:
        with pytest.raises(MalformedParameterError, match=rf"30 is not a day of {year}-12, which has 29"):
            since_of(esfand)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("1357/11/22", "1979-02-10T20:30Z"),
        ("1400/01/01", "2021-03-20T20:30Z"),
        ("1400/05/5", "2021-07-26T19:30Z"),  # as the letter of 1400/05/07 writes it
        ("1402-07-25", "2023-10-16T20:30Z"),
        ("1402/07", "2023-09-22T20:30Z"),
        ("1402", "2023-03-20T20:30Z"),
        ("۱۴۰۲/۰۷/۲۵ ۱۰:۳۰", "2023-10-17T07:00Z"),
        ("٢٠٢٣-١٠-١٧", "2023-10-16T20:30Z"),
        ("1402/07/25 10:30:15", "2023-10-17T07:00:15Z"),
        ("1402-07-25T10:30:15Z", "2023-10-17T10:30:15Z"),
        ("2023-10-17", "2023-10-16T20:30Z"),
        ("2023-10-17T10:30:15.9999999Z", "2023-10-17T10:30:15Z"),
        ("2023-10-17T10:30:15+02:00", "2023-10-17T08:30:15Z"),
        ("2023-10-17T10:30-0330", "2023-10-17T14:00Z"),
        ("2023-10-17 10:30+03", "2023-10-17T07:30Z"),
        (" 1403/12/30 ", "2025-03-19T20:30Z"),
    ],
)
def test_text_is_read_by_the_clock_of_tehran_or_by_its_own_offset(text, moment):
    """Jalali or ISO 8601, with slashes or hyphens, in any digits, from a year alone to a fraction of a second."""
    assert read_date(text) == dt.datetime.fromisoformat(moment)
    assert since_of(FromDate(iso_string=text)) == read_date(text)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("1403/07/31", '"1403/07/31": day 31 is not a day of 1403-07, which has 30'),
        ("1403/13/01", '"1403/13/01": month 13 is not within 1 to 12'),
        ("2023-02-29", '"2023-02-29": day 29 is not a day of 2023-02, which has 28'),
        ("0000-01-01", '"0000-01-01": year 0 is not within 1 to 9999'),
        ("1402/07/25 24:00", '"1402/07/25 24:00": hour 24 is not within 0 to 23'),
        ("9999-12-31T23:00-10:00", '"9999-12-31T23:00-10:00" is past the last moment that a clock can show'),
        ("1402/07-25", '"1402/07-25" is not a date such as 1400/05/06 or 2021-07-28T10:30:00+03:30'),
        ("2023-10-17T10:00+99:99", '"2023-10-17T10:00+99:99" is not a date such as 1400/05/06'),
        ("", '"" is not a date'),
        ("yesterday", '"yesterday" is not a date'),
        ("1" * 300, f'"{"1" * 100}…" is not a date'),
    ],
)
def test_text_that_is_no_date_is_refused_and_shown(text, says):
    """The message has the value, at most 100 characters of it, and what is wrong with which part."""
    with pytest.raises(MalformedParameterError) as caught:
        read_date(text, field="--at")

    assert str(caught.value).startswith(f"--at: {says}")


def test_a_notice_date_has_no_clock():
    """The letter's column is a day; a time in it is somebody's mistake."""
    assert read_calendar_date("1400/05/06") == dt.date(2021, 7, 28)
    with pytest.raises(MalformedParameterError, match="has a time of day"):
        read_calendar_date("1400/05/06 10:30")


def test_a_letter_was_written_by_today():
    """And not in a year of two digits, which is the first century."""
    today = dt.date(2021, 7, 28)

    assert read_letter_date("1400/05/06", today=today) == today
    for text in ("1400/05/07", "1450/01/01", "0099/01/01"):
        with pytest.raises(MalformedParameterError, match="has not come yet, or is no date of a letter"):
            read_letter_date(text, today=today)


def test_numbers_win_over_a_text_that_contradicts_them():
    """Known clients send an ISO string of another day. [contract §2]"""
    fields = FromDate(iso_string="2023-10-17T00:00:00Z", year=1390, month=10, day=10, hour=10, minute=10, second=10)

    assert since_of(fields) == dt.datetime(2011, 12, 31, 6, 40, 10, tzinfo=dt.UTC)


def test_a_year_from_1700_on_is_gregorian():
    """1699 is the last Jalali year, 1700 the first Gregorian one."""
    assert since_of(FromDate(year=1699)).year == 2320
    assert since_of(FromDate(year=1700)) == dt.datetime(1699, 12, 31, 20, 34, 16, tzinfo=dt.UTC)  # by local mean time


def test_each_number_out_of_range_is_named():
    """One fault for each, spelled as the guide spells the member."""
    with pytest.raises(RequestError) as caught:
        since_of(FromDate(year=10**30, month=0, day=32, hour=-1, minute=60, second=61))

    assert caught.value.violations == (
        ("FromDate.yearField", f"{10**30} is not within 1 to 9999"),
        ("FromDate.monthField", "0 is not within 1 to 12"),
        ("FromDate.dayField", "32 is not within 1 to 31"),
        ("FromDate.hourField", "-1 is not within 0 to 23"),
        ("FromDate.minuteField", "60 is not within 0 to 59"),
        ("FromDate.secondField", "61 is not within 0 to 59"),
    )


@pytest.mark.parametrize("fields", [FromDate(), FromDate(iso_string=""), FromDate(iso_string=" ", month=3)])
def test_without_year_and_text_there_is_no_date(fields):
    """The guide's own sample sends an empty ISO string beside its numbers: empty is absent."""
    with pytest.raises(MissingParameterError, match=r"FromDate.yearField: is missing, and iSOStringField too"):
        since_of(fields)


def test_a_moment_is_shown_in_jalali_by_tehrans_clock():
    """A UTC evening is the next day in Tehran."""
    assert jalali(dt.datetime(2021, 7, 27, 19, 30, tzinfo=dt.UTC)) == "1400/05/06"
    assert jalali_with_time(NOON_1400) == "1400/05/06 13:00:00"


def test_a_client_sends_jalali_numbers_and_the_same_moment_as_text():
    """In the guide's order and spelling."""
    assert list(from_date_fields(NOON_1400).items()) == [
        ("iSOStringField", "2021-07-28T08:30:00Z"),
        ("yearField", 1400),
        ("monthField", 5),
        ("dayField", 6),
        ("hourField", 13),
        ("minuteField", 0),
        ("secondField", 0),
    ]


@pytest.mark.parametrize("year", [600, 2330])
def test_a_moment_without_a_jalali_year_below_1700_cannot_be_sent(year):
    """Its year would be read as Gregorian, or there is none."""
    with pytest.raises(MalformedParameterError, match="is not within the Jalali years 1 to 1699"):
        from_date(dt.datetime(year, 1, 1, tzinfo=dt.UTC))


@given(st.datetimes(dt.datetime(1799, 3, 22), dt.datetime(2121, 3, 20), timezones=st.just(dt.UTC)))
def test_a_moment_sent_is_the_moment_read(moment):
    """To the second; in the hour that the clock repeats, its first pass: never later than what was meant."""
    moment = moment.replace(microsecond=0)
    fields = from_date(moment)
    again = moment.astimezone(TEHRAN).fold

    assert since_of(FromDate(iso_string=fields.iso_string)) == moment
    assert moment - since_of(fields) == (dt.timedelta(hours=1) if again else dt.timedelta())


@given(st.dates(dt.date(622, 3, 22)))
def test_every_day_that_can_be_read_can_be_shown(day):
    """Past the calendar's last year, 9377, in ISO 8601."""
    assert jalali(day).count("/") == (0 if day > dt.date(9999, 3, 20) else 2)


@given(st.text(max_size=30) | st.from_regex(r"[0-9۰-۹/:T +-]{1,25}", fullmatch=True))
def test_any_text_is_a_date_or_is_refused(text):
    """Nothing else comes out."""
    with contextlib.suppress(MalformedParameterError):
        assert read_date(text).tzinfo is dt.UTC


@pytest.mark.parametrize(
    ("fields", "moment"),
    [
        (FromDate(year=1400, month=3, day=11, hour=4, minute=30), "2021-06-01T00:00:00+00:00"),  # summer time, +04:30
        (FromDate(year=1401, month=3, day=11, hour=4, minute=30), "2022-06-01T00:00:00+00:00"),  # the last summer of it
        (FromDate(year=1402, month=3, day=11, hour=3, minute=30), "2023-06-01T00:00:00+00:00"),  # given up: +03:30
        (FromDate(year=1402, month=9, day=11, hour=3, minute=30), "2023-12-02T00:00:00+00:00"),
        (FromDate(year=2023, month=6, day=1, hour=3, minute=30), "2023-06-01T00:00:00+00:00"),  # a Gregorian year
        (FromDate(year=1699, month=1, day=1), "2320-03-20T20:30:00+00:00"),  # the last year that is Jalali
    ],
)
def test_the_clock_is_tehrans_with_its_summers_until_1401(fields, moment):
    """One hour too much or too little would lose what was published in it. [contract §2: Asia/Tehran]"""
    assert since_of(fields).isoformat() == moment


def test_a_machine_whose_tables_are_old_dates_nothing_wrong(tmp_path):
    """One that was not kept up since 1401 still has summer time, here another city's clock. [contract §2: Asia/Tehran]"""
    (tmp_path / "Asia").mkdir()
    with ZONES.joinpath("zoneinfo/Asia/Yerevan").open("rb") as table:
        (tmp_path / "Asia" / "Tehran").write_bytes(table.read())
    program = "from maksa.wire.dates import read_date; print(read_date('1402/04/01'))"
    done = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True, text=True, env={**os.environ, "PYTHONTZPATH": str(tmp_path)},
    )  # fmt: skip

    assert done.stdout == "2023-06-21 20:30:00+00:00\n", done.stderr
