"""The service's state: now, and in the last days, as bars that are drawn here."""

from __future__ import annotations

from time import time

from msgspec import Struct
from starlette.responses import Response

from maksa import __version__
from maksa.web.portal.asking import Ask
from maksa.web.state import Day, Figures, State, state_of

_WIDTH, _HEIGHT, _GAP = 720, 96, 4  # of a chart, in its own units
_WELL, _ILL = 0.999, 0.95  # the part of a day's minutes that was lived: fine above the first, bad below the second

_HEIGHTS = {
    "none": 1.0,
    "well": 1.0,
    "fair": 0.7,
    "ill": 0.4,
}  # colour is not all that tells one kind of day from another


class Bar(Struct, frozen=True):
    """A day in a chart: where it stands, how high, and what kind of day it was ("none" without a record)."""

    x: float
    y: float
    width: float
    height: float
    kind: str
    day: Day


class Shown(Struct, frozen=True):
    """The page as JSON."""

    version: str
    terminologies: int
    damaged: int
    state: State
    up: float | None


async def show(ask: Ask) -> Response:
    """The page."""
    state = await ask.in_thread(state_of, ask.site.worker.home.run, time())
    shown = Shown(__version__, len(ask.view.terminologies), len(ask.site.worker.faults()), state, _up(state.days))
    charts = {name: bars(state.days, name) for name in ("requests", "p95_ms")}
    return ask.answer(
        "state.html",
        shown,
        here="state",
        charts=charts,
        strip=bars(state.days, "up"),
        most={name: max((_value(day.figures, name) for day in state.days), default=0) for name in charts},
        size=(_WIDTH, _HEIGHT),
    )


def bars(days: tuple[Day, ...], name: str) -> list[Bar]:
    """A bar for each day, as high as its figure *name* beside the highest; for "up" as high as its kind tells."""
    step = _WIDTH / max(1, len(days))
    values = [_HEIGHTS[_kind(day)] if name == "up" else _value(day.figures, name) for day in days]
    most = max(values, default=0) or 1
    heights = [max(2.0, _HEIGHT * value / most) if value else 0.0 for value in values]
    return [
        Bar(
            round(place * step, 1), round(_HEIGHT - height, 1), round(step - _GAP, 1), round(height, 1), _kind(day), day
        )
        for place, (day, height) in enumerate(zip(days, heights, strict=True))
    ]


def _value(figures: Figures, name: str) -> float:
    return float(getattr(figures, name) or 0)


def _kind(day: Day) -> str:
    if day.up is None:
        return "none"
    return "well" if day.up >= _WELL else "ill" if day.up < _ILL else "fair"


def _up(days: tuple[Day, ...]) -> float | None:
    """The part of all days on record that the service lived; None without one."""
    known = [day.up for day in days if day.up is not None]
    return sum(known) / len(known) if known else None
