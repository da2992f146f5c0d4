"""How the service does now, and how it did in the last days: what the record says, for people."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from itertools import groupby
from pathlib import Path

from msgspec import Struct

from maksa.web.journal import BUCKETS_S
from maksa.web.record import HOUR, MINUTE, Span, minutes_of, spans, start_of
from maksa.wire.dates import TEHRAN

DAYS = 30
_LATELY_S = 300


class Figures(Struct, frozen=True):
    """What was counted in some time. `refused` (4xx) and `failed` (5xx) are among `requests`.

    `p50_ms` and `p95_ms`: half of the answers, and 19 of 20, took no longer; None where there was none. They are read from
    counts by duration, so they are right to the width of `journal.BUCKETS_S`.
    """

    requests: int
    refused: int
    failed: int
    p50_ms: float | None
    p95_ms: float | None


class Day(Struct, frozen=True):
    """A day of Tehran's calendar. `up`: the part of its minutes that the service lived, 0 to 1, from its first minute on
    record and up to now; None for a day before that.
    """

    date: dt.date
    up: float | None
    figures: Figures


class State(Struct, frozen=True):
    """The last minutes, and the last days with the oldest first. `since` is the first hour on record, None without one."""

    lately: Figures
    lately_s: int
    days: tuple[Day, ...]
    since: dt.datetime | None


def state_of(folder: Path, now: float) -> State:
    """What the record in *folder* says at *now* (Unix time)."""
    lately = [span for _, span in spans(folder, MINUTE, start_of(MINUTE, now) - _LATELY_S)]
    hours = spans(folder, HOUR, now - (DAYS + 1) * 86_400)
    first = hours[0][0] if hours else None
    by_day = {date: list(together) for date, together in groupby(hours, key=lambda pair: _date_of(pair[0]))}
    today = _date_of(now)
    dates = [today - dt.timedelta(days=back) for back in reversed(range(DAYS))]
    days = tuple(_day(date, by_day.get(date, []), first, now) for date in dates)
    return State(_figures(lately), _LATELY_S, days, dt.datetime.fromtimestamp(first, dt.UTC) if first else None)


def _date_of(moment: float) -> dt.date:
    return dt.datetime.fromtimestamp(moment, TEHRAN).date()


def _day(date: dt.date, hours: list[tuple[int, Span]], first: int | None, now: float) -> Day:
    begin, end = (_midnight(date + dt.timedelta(days=more)) for more in (0, 1))
    expected = (min(end, now) - max(begin, _first_minute(hours, first))) / MINUTE if first and first < end else 0
    lived = sum(minutes_of(span) for _, span in hours)
    up = min(1.0, lived / expected) if expected >= 1 else None
    return Day(date, up, _figures(span for _, span in hours))


def _first_minute(hours: list[tuple[int, Span]], first: int | None) -> float:
    """When the service is first known to have lived; of a record that began in these *hours*, to the minute."""
    if hours and hours[0][0] == first and hours[0][1].up:
        up = hours[0][1].up
        return first + MINUTE * ((up & -up).bit_length() - 1)
    return first or 0


def _midnight(date: dt.date) -> float:
    return dt.datetime.combine(date, dt.time(), TEHRAN).timestamp()


def _figures(counted: Iterable[Span]) -> Figures:
    total = Span()
    for span in counted:
        total.add(span)
    p50, p95 = (_quantile(total.buckets, part) for part in (0.5, 0.95))
    return Figures(total.requests, total.refused, total.failed, p50, p95)


def _quantile(buckets: list[int], part: float) -> float | None:
    """Milliseconds that *part* of the answers took at most, as if those of a bucket were spread over it evenly."""
    wanted = sum(buckets) * part
    if not wanted:
        return None
    below, floor = 0.0, 0.0
    for limit, count in zip(BUCKETS_S, buckets, strict=False):
        if count and below + count >= wanted:
            return (floor + (limit - floor) * (wanted - below) / count) * 1000
        below += count
        floor = limit
    return floor * 1000
