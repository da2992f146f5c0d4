"""The page of the service's state: what the record says, as bars and as a table."""

from __future__ import annotations

import datetime as dt
import re
import time

import pytest

from maksa.home import Home
from maksa.model.concept import Concept
from maksa.web.portal.state import bars
from maksa.web.record import HOUR, MINUTE, Record, Span, spans
from maksa.web.state import Day, Figures
from tests.portal.conftest import PORTAL, as_json, shown
from tests.web.conftest import put, running


def test_the_page_tells_the_last_minutes_and_the_last_days(portal):
    """What callers asked a moment ago is on record within a minute; the page itself is not counted."""
    record = Record(portal.home.run)
    record.note(Span(), time.time() - MINUTE)
    record.note(Span(requests=30, refused=2, failed=1, buckets=[30] + [0] * 14), time.time())
    before = as_json(portal, "/state").json()["state"]
    for _ in range(5):
        shown(portal, "/state")
    after = as_json(portal, "/state").json()["state"]

    assert before["lately"]["requests"] >= 30
    assert before["lately"]["failed"] >= 1
    assert after["lately"]["requests"] == before["lately"]["requests"]
    assert len(before["days"]) == 30
    assert before["days"][-1]["up"] is not None
    assert spans(portal.home.run, HOUR, 0)


@pytest.mark.parametrize("language", ["", "/en"])
def test_bars_are_drawn_without_a_script_and_without_styles_of_their_own(portal, language):
    """As SVG, a bar for each day, with the day's figures to read; nothing that the policy forbids."""
    Record(portal.home.run).note(Span(requests=3, buckets=[3] + [0] * 14), time.time())
    page = shown(portal, f"{language}/state").body.decode()

    assert len(re.findall(r"<rect ", page)) == 3 * 30
    assert "style=" not in page
    assert "127.0.0.1" not in page  # who calls is nobody's business


def test_charts_of_nothing_are_not_drawn(tmp_path):
    """A service that nobody has called yet says so, instead of showing two empty frames."""
    home = Home.of(tmp_path / "home")
    put(home, "X", "1", [Concept("1", "x")])
    with running(home, environment=PORTAL) as quiet:
        page = shown(quiet, "/en/state").body.decode()

    assert len(re.findall(r"<rect ", page)) == 30
    assert "No call is on record in these days yet." in page


def test_a_bar_is_as_high_as_its_day():
    """Beside the highest; a day without a call has none, one with a single call can still be seen."""
    counts = [0, 1, 500, 1000]
    days = tuple(
        Day(dt.date(2026, 11, day), 1.0, Figures(count, 0, 0, None, None)) for day, count in enumerate(counts, 1)
    )
    made = bars(days, "requests")

    assert [bar.height for bar in made] == [0, 2, 48, 96]
    assert all(bar.y + bar.height == 96 for bar in made)
    assert [bar.x for bar in made] == sorted(bar.x for bar in made)


def test_a_bad_day_is_told_by_more_than_its_colour():
    """By its height too."""
    days = tuple(
        Day(dt.date(2026, 11, place), up, Figures(0, 0, 0, None, None))
        for place, up in enumerate((None, 1.0, 0.97, 0.5), 1)
    )

    assert [(bar.kind, bar.height) for bar in bars(days, "up")] == [
        ("none", 96), ("well", 96), ("fair", 67.2), ("ill", 38.4),
    ]  # fmt: skip
