"""`maksa state`: the record of a home, day by day."""

from __future__ import annotations

import time

import pytest

from maksa.home import Home
from maksa.web.record import Record, Span


@pytest.fixture
def recorded(home):
    """Two days of which the service lived some minutes, and answered some calls."""
    run = Home(home).run
    run.mkdir(parents=True, exist_ok=True)
    now = time.time()
    for moment in (now - 86_400, now - 60):
        record = Record(run)
        record.note(Span(), moment)
        record.note(Span(requests=40, refused=3, failed=2, buckets=[0, 40] + [0] * 13), moment + 60)
    return run


def test_days_are_listed_the_newest_first(maksa, recorded):
    """With what was counted in them."""
    done = maksa("state")

    days = [row[0] for row in done.rows]
    assert days == sorted(days, reverse=True)
    assert [sum(int(row[column]) for row in done.rows) for column in (2, 3, 4)] == [80, 6, 4]
    assert all(row[1].endswith("%") for row in done.rows)
    assert "40 calls, 2 failed" in done.err


def test_a_program_reads_the_same(maksa, recorded):
    """With the last minutes and the beginning of the record."""
    told = maksa("state", "--days", "1", "--json").json

    assert (len(told["days"]), told["lately"]["requests"]) == (1, 40)
    assert told["since"]
    assert told["lately"]["p95_ms"] == pytest.approx(0.975, abs=0.05)


def test_a_home_without_a_record_has_no_days(maksa, home):
    """And no fault."""
    home.mkdir()
    done = maksa("state")

    assert (done.code, done.rows) == (0, [])
