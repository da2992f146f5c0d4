"""A moment as a program gives it: a datetime, a date, a Jalali date, or text."""

from __future__ import annotations

import datetime as dt
from typing import TypeAlias

from persiantools.jdatetime import JalaliDate, JalaliDateTime

from maksa.model.errors import MalformedParameterError
from maksa.wire.dates import TEHRAN, read_date
from maksa.wire.members import shown

When: TypeAlias = dt.datetime | dt.date | str | JalaliDate
"""A moment: a datetime (by Tehran's clock where it has no zone), a date (its first moment in Tehran), a persiantools
JalaliDate or JalaliDateTime, or text: `1402/07/25`, `1402/07/25 10:30`, `2023-10-17T07:00:00Z`."""


def moment_of(when: When, *, field: str) -> dt.datetime:
    """The moment that *when* means, aware, UTC. Raises: MalformedParameterError, naming *field*."""
    if isinstance(when, str):
        return read_date(when, field=field)
    if isinstance(when, JalaliDateTime | JalaliDate):
        when = when.to_gregorian()
    if not isinstance(when, dt.date):
        raise MalformedParameterError(field=field, message=f"is {shown(str(when))}, not a date")
    local = when if isinstance(when, dt.datetime) else dt.datetime.combine(when, dt.time())
    try:
        return (local if local.tzinfo else local.replace(tzinfo=TEHRAN)).astimezone(dt.UTC)
    except OverflowError:  # the first and the last day that there are, which another clock is beyond
        raise MalformedParameterError(field=field, message=f"{shown(str(when))} is before or after all dates") from None
