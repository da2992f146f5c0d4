"""Dates found by halving: every list in order of date is taken apart as it was put together, with few questions."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maksa.mirror.guide_dates import EARLIEST, DatesContradictError, Part, parts

NOON = int(dt.datetime(2026, 11, 22, 8, 30, tzinfo=dt.UTC).timestamp())
MIDNIGHT = int(dt.datetime(2021, 7, 27, 19, 30, tzinfo=dt.UTC).timestamp())  # 1400/05/06 in Tehran


class Asked:
    """A service that has a list of things dated so, and counts its questions."""

    def __init__(self, dates: list[int]) -> None:
        self.dates = dates
        self.count = 0

    def place_since(self, second: int) -> int:
        self.count += 1
        return sum(date < second for date in self.dates)


@given(st.lists(st.integers(EARLIEST, NOON - 1), max_size=12).map(sorted))
def test_every_date_is_found_to_the_second(dates):
    """Whatever they are; things of one date are one part."""
    found = list(parts(Asked(dates).place_since, len(dates), after=EARLIEST, before=NOON))

    assert [part.second for part in found for _ in range(part.start, part.end)] == dates
    assert len(found) == len(set(dates))


@given(st.lists(st.integers(EARLIEST, NOON - 1), min_size=1, max_size=12).map(sorted), st.data())
def test_the_date_of_one_thing_alone(dates, data):
    """Nothing is asked about the others for their own sake."""
    place = data.draw(st.integers(0, len(dates) - 1))
    found = list(parts(Asked(dates).place_since, len(dates), after=EARLIEST, before=NOON, only=place))

    assert [part.second for part in found] == [dates[place]]


def test_a_midnight_among_fifty_years_takes_sixteen_questions():
    """Most versions are published at one."""
    asked = Asked([MIDNIGHT] * 3)

    assert list(parts(asked.place_since, 3, after=EARLIEST, before=NOON)) == [Part(MIDNIGHT, 0, 3)]
    assert asked.count <= 18


def test_a_likely_date_takes_three():
    """The beginning, the date, and the second after it."""
    asked = Asked([MIDNIGHT + 12_345] * 3)

    found = list(parts(asked.place_since, 3, after=EARLIEST, before=NOON, likely=MIDNIGHT + 12_345))
    assert (found, asked.count) == ([Part(MIDNIGHT + 12_345, 0, 3)], 3)


def test_what_is_older_than_the_question_is_in_no_part():
    """It was there before."""
    asked = Asked([MIDNIGHT, MIDNIGHT + 5])

    assert list(parts(asked.place_since, 2, after=MIDNIGHT + 1, before=NOON)) == [Part(MIDNIGHT + 5, 1, 2)]


def test_answers_that_fit_no_order_are_refused():
    """More since later than since earlier."""
    with pytest.raises(DatesContradictError, match="more since"):
        list(parts(lambda second: 2 if second < MIDNIGHT else 1, 3, after=EARLIEST, before=NOON))
