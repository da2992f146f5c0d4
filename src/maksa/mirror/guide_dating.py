"""When each version of a terminology was published, and when each of its concepts changed: what the guide tells of it.

Rules of this file:
- the last version's concepts have the dates that the upstream goes by, to the second: SearchTerminology shows them;
- a version before it is dated by the oldest of those dates among what it brought and what has stayed since; where nothing has
  stayed, the date cannot be known, and it is that of the version before: the earliest that it can be;
- a terminology's first version is dated by when the terminology was defined, as CtsTerminologies shows it;
- where the upstream's answers are in no order of date, what is new is dated by the sync that found it.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections.abc import Sequence

from msgspec import Struct

from maksa.mirror.guide_dates import EARLIEST, DatesContradictError, Part, parts
from maksa.mirror.guide_line import GuideLine, in_spite_of_cuts
from maksa.mirror.guide_staging import StagedList
from maksa.snapshot.reader import Snapshot

_AHEAD_S = 86_400  # how far an upstream's clock may be before ours


class ListDates(Struct, frozen=True):
    """When what is in the last version's list changed: its `parts`, oldest first; `unknown_s` where no order can be seen.

    Seconds of 1970 UTC. What is in no part changed before everything that was asked about.
    """

    parts: tuple[Part, ...] = ()
    unknown_s: int | None = None

    def changed(self, place: int) -> int | None:
        """When the concept at *place* changed; None where no part has it."""
        found = bisect_right(self.parts, place, key=lambda part: part.start)
        return self.parts[found - 1].second if found else None

    @property
    def newest(self) -> int | None:
        """The date of the last change, None where nothing is known to have changed."""
        return self.parts[-1].second if self.parts else self.unknown_s


def dates_of(
    line: GuideLine, terminology_id: str, last: StagedList, before: Snapshot | None, likely: int | None
) -> ListDates:
    """The dates of the list of the upstream's last version; those after all that *before* has, where there is one before.

    *likely* is a second that may be one of them.
    """

    def place_since(second: int) -> int:
        codes, is_all = in_spite_of_cuts(lambda: line.beginning(terminology_id, second), line.course)
        place = last.place_of(codes, is_all=is_all)
        if place is None:
            raise DatesContradictError(f"what is new since {second} is not the end of the list")
        return place

    since = newest_change(before) + 1 if before else EARLIEST
    try:
        found = tuple(parts(place_since, last.end, after=since, before=_soon(line), likely=likely))
        if before is None and (not found or found[0].start):
            raise DatesContradictError("not everything is new since the beginning")
        return ListDates(found)
    except DatesContradictError:
        return ListDates(unknown_s=int(line.course.now().timestamp()))


class Definitions:
    """When each of *ids*, all that an upstream has in order of definition, was defined."""

    def __init__(self, line: GuideLine, ids: Sequence[str]) -> None:
        self._line = line
        self._ids = ids
        self._places = {each: place for place, each in enumerate(ids)}
        self._known: dict[int, int] = {}

    def second_of(self, terminology_id: str) -> int | None:
        """The second of 1970 UTC at which *terminology_id* was defined; None where the order of the ids shows none."""
        place = self._places[terminology_id]
        try:
            found = parts(self._place_since, len(self._ids), after=EARLIEST, before=_soon(self._line), only=place)
            return next((part.second for part in found), None)
        except DatesContradictError:
            return None

    def _place_since(self, second: int) -> int:
        if second not in self._known:
            found = self._line.terminologies(second)
            self._known[second] = self._places.get(found[0], -1) if found else len(self._ids)
        return self._known[second]


def newest_change(snapshot: Snapshot) -> int:
    """The date of the last change that *snapshot* has, in seconds of 1970 UTC."""
    return max((changed for changed, _ in snapshot.changes()), default=EARLIEST)


def moment(second: int) -> dt.datetime:
    """The aware UTC time of a second."""
    return dt.datetime.fromtimestamp(second, dt.UTC)


def second_of(moment: dt.datetime) -> int:
    """The second of an aware time."""
    return int(moment.timestamp())


def _soon(line: GuideLine) -> int:
    return second_of(line.course.now()) + _AHEAD_S
