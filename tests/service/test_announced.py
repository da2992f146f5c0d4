"""The notices: listed as their letters list them, each with what its versions changed."""

from __future__ import annotations

import datetime as dt

import msgspec
import pytest

from maksa.model.concept import Concept
from maksa.model.terminology import Notice
from maksa.service.announced import announced, changes_of
from maksa.snapshot.impact import Impact
from tests.publish.conftest import DAY, NOON

FIRST = Notice(number="110/40", date=dt.date(2021, 4, 27), title="eRX و IRC دارو")
SECOND = Notice(number="110/128", date=dt.date(2021, 7, 28), title="زمان مصرف دارو")


@pytest.fixture
def view(house):
    """Three versions, of which the last carries no notice and brings back a code."""
    for label, displays, notice in (
        ("1", {"1": "یک", "2": "دو", "3": "سه"}, FIRST),
        ("2", {"1": "یکم", "2": "دو", "4": "چهار", "5": "پنج"}, SECOND),
        ("3", {"1": "یکم", "2": "دو", "3": "سه", "4": "چهار", "5": "پنج"}, Notice()),
    ):
        house.load("eRX", label, [Concept(code, display, "fa") for code, display in displays.items()])
        house.publish("eRX", label, NOON + int(label) * DAY, notice=notice)
    return house.shelf.view


def test_what_each_version_changed_is_counted(view):
    """The first added all; one that came back counts as relabelled."""
    changes = changes_of(view, view.manifest.versions)

    assert [(each.version.label, each.former, each.impact) for each in changes] == [
        ("1", "", Impact(3, 0, 0)),
        ("2", "1", Impact(2, 1, 1)),
        ("3", "2", Impact(0, 1, 0)),
    ]


def test_a_notice_has_the_versions_that_carry_it_the_newest_first(view):
    """One that was loaded and is carried by none is listed with none; without a date it comes last."""
    bare = Notice(title="برداشت")
    listed = announced(view.manifest.versions, [bare, FIRST])

    assert [(each.notice.number, [version.label for version in each.versions]) for each in listed] == [
        ("110/128", ["2"]), ("110/40", ["1"]), ("", []),
    ]  # fmt: skip


def test_a_version_that_the_view_has_not_got_is_left_out(view):
    """A manifest may be newer than the view."""
    other = msgspec.structs.replace(view.manifest.versions[0], label="9")

    assert changes_of(view, [other]) == []
