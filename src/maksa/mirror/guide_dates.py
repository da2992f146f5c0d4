"""When things changed, from a service that tells no dates: found by asking what there is since this moment, and since that.

The guide's answers are lists in order of date, and a question is «all since». So the first thing of an answer tells where the
list was cut, and halving the time between two moments finds, to the second, when each part of it was published.
Most versions are published at midnight in Tehran, so midnights are tried first: sixteen questions find one among fifty years.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator

from msgspec import Struct

from maksa.wire.dates import TEHRAN

EARLIEST = 0  # 1970: before any list of any service; snapshots count their seconds from it

_DAY_S = 86_400


class Part(Struct, frozen=True):
    """The things at places `start` to before `end` of a list: all are dated `second`, in seconds since 1970 UTC."""

    second: int
    start: int
    end: int


class DatesContradictError(Exception):
    """The answers do not fit a list in order of date: it changed meanwhile, or the service keeps another order."""


def parts(
    place_since: Callable[[int], int],
    count: int,
    *,
    after: int,
    before: int,
    only: int | None = None,
    likely: int | None = None,
) -> Iterator[Part]:
    """The parts of a list of *count* things, oldest first, those that date from *after* to before *before*.

    *place_since* is the place, from 0, of the first thing since a second; *count* for none. What is dated before *after* is in
    no part. *only* is the place of the one thing that is asked about, where that is not all. *likely* is a second that may be
    a date, and is tried first. Raises: DatesContradictError.
    """
    known = {before: count}

    def place(second: int) -> int:
        if second not in known:
            known[second] = place_since(second)
        return known[second]

    first_tried = () if likely is None else (likely, likely + 1)
    waiting = [(after, before)]
    while waiting:
        low, high = waiting.pop()
        start, end = place(low), place(high)
        if start > end:
            raise DatesContradictError(f"more since {high} than since {low}")
        if start == end or (only is not None and not start <= only < end):
            continue
        if high - low == 1:
            yield Part(low, start, end)
            continue
        middle = next((second for second in first_tried if low < second < high), 0) or _middle(low, high)
        waiting += [(middle, high), (low, middle)]


def _middle(low: int, high: int) -> int:
    """A second between the two: a midnight where there is one, and the second after it where *low* is one."""
    middle = (low + high) // 2
    for second in (_midnight(middle), _midnight(middle + _DAY_S), low + 1 if _midnight(low) == low else 0):
        if low < second < high:
            return second
    return middle


def _midnight(second: int) -> int:
    """The second at which the day of *second* began in Tehran."""
    local = dt.datetime.fromtimestamp(second, TEHRAN)
    return int(dt.datetime(local.year, local.month, local.day, tzinfo=TEHRAN).timestamp())
