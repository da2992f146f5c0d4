"""How many concepts each version had, as a drawing: coordinates here, the SVG in `chart.html`; no script, no style inside.

Time runs from right to left where the page does.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from msgspec import Struct

from maksa.model.terminology import Version
from maksa.pages.wording import Wording

WIDTH, HEIGHT, _SIDE, _TOP, _FOOT = 320, 90, 6, 22, 5  # of the drawing's own units


class Point(Struct, frozen=True):
    """A version's place in the drawing."""

    x: float
    y: float
    version: Version


class Chart(Struct, frozen=True):
    """The points, oldest first; `line` is the path through them in steps, `area` the same down to the ground."""

    points: tuple[Point, ...]
    line: str
    area: str
    most: int


def charted(versions: Sequence[Version], t: Wording) -> Chart:
    """The drawing of *versions*, at least two, oldest first, in the direction of the language."""
    first, last = versions[0].published_at, versions[-1].published_at
    most = max(1, *(version.concepts for version in versions))
    points = tuple(
        Point(
            _x(_share(version.published_at, first, last, place / (len(versions) - 1)), t.direction),
            round(HEIGHT - _FOOT - (HEIGHT - _TOP - _FOOT) * version.concepts / most, 1),
            version,
        )
        for place, version in enumerate(versions)
    )
    line = f"M{points[0].x} {points[0].y}" + "".join(f"H{point.x}V{point.y}" for point in points[1:])
    end = _x(1, t.direction)
    area = f"{line}H{end}V{HEIGHT}H{points[0].x}Z"
    return Chart(points, line, area, most)


def _share(at: dt.datetime, first: dt.datetime, last: dt.datetime, otherwise: float) -> float:
    """How much of the time from *first* to *last* has gone *at* that moment; *otherwise* where there is none between."""
    return (at - first) / (last - first) if last > first else otherwise


def _x(share: float, direction: str) -> float:
    along = _SIDE + (WIDTH - 2 * _SIDE) * share
    return round(WIDTH - along if direction == "rtl" else along, 1)
