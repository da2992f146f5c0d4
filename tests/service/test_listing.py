"""A version's list in pages, and what lists there are: the pages together are the list, whichever way they are turned."""

import itertools

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from maksa.model.answers import UnknownTerminology, UnknownVersion
from maksa.model.concept import Concept, Designation
from maksa.service.listing import Row, listed, summaries, summary_of
from maksa.snapshot.shelf import Shelf
from tests.publish.conftest import DAY, NOON

_turns = itertools.count(1)  # a list of its own for each example


@pytest.fixture
def view(house):
    house.load(
        "ContactType",
        "1",
        [
            Concept("1", "تلفن منزل", "fa", designations=(Designation("fa", "خانه"), Designation("en", "home phone"))),
            Concept("10", "نمابر", "fa"),
            Concept("2", "work phone", "en", status="retired"),
        ],
    )
    house.publish("ContactType", "1", NOON)
    house.release("ContactType", "2", {"1": "تلفن"}, at=NOON + DAY)
    return house.shelf.view


def test_a_page_has_the_rows_by_code_with_a_wording_in_another_language(view):
    """Of the version that was asked; the first page has none before it."""
    page = listed(view, "contacttype", "1", limit=2).value

    assert page.rows == (
        Row("1", "تلفن منزل", "fa", "active", "home phone", "en"),
        Row("10", "نمابر", "fa"),
    )
    assert (page.version.label, page.before, page.after) == ("1", "", "10")


def test_the_last_page_has_none_after_it(view):
    """It is asked with the last code of the page before."""
    page = listed(view, "ContactType", "1", after="10", limit=2).value

    assert [(row.code, row.status) for row in page.rows] == [("2", "retired")]
    assert (page.before, page.after) == ("2", "")


def test_a_place_need_not_be_a_code(view):
    """A code that was retired meanwhile is a place too."""
    assert [row.code for row in listed(view, "ContactType", "1", after="1x").value.rows] == ["2"]
    assert listed(view, "ContactType", "1", after="9").value.rows == ()


def test_what_is_not_there_is_named(view):
    """As every verb does."""
    assert listed(view, "x") == UnknownTerminology("x")
    assert listed(view, "ContactType", "3") == UnknownVersion("ContactType", "3")
    assert summary_of(view, "x") == UnknownTerminology("x")


@given(codes=st.lists(st.text("AB1آ", min_size=1, max_size=3), unique=True, min_size=1), limit=st.integers(1, 4))
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_pages_together_are_the_list(make, tmp_path, codes, limit):
    """Turned forwards, and from the end backwards."""
    label = str(next(_turns))
    make([Concept(code, code) for code in codes], "T" + label, label)
    view = Shelf.open(tmp_path).view
    forwards, after = [], ""
    while True:
        page = listed(view, "T" + label, after=after, limit=limit).value
        forwards += [row.code for row in page.rows]
        after = page.after
        if not after:
            break
    backwards, before = [row.code for row in page.rows], page.before
    while before:
        page = listed(view, "T" + label, before=before, limit=limit).value
        backwards[:0] = [row.code for row in page.rows]
        before = page.before

    assert forwards == backwards == sorted(codes)


def test_a_terminology_has_its_title_in_both_languages(view):
    """As the registry knows it; another is called by its own title, or its id."""
    (found,) = summaries(view)

    assert (found.titled("fa"), found.titled("en")) == ("نوع راه تماس", "Kind of contact")
    assert (found.versions, found.last.label, found.defined_at) == (2, "2", NOON)


def test_a_terminology_that_nobody_knows_is_called_by_its_title_or_its_id(house):
    """Nothing refuses an unknown one."""
    house.load("Mine", "1", [Concept("1", "یک")], title="فهرست من")
    house.publish("Mine", "1")
    house.release("Other", "1", {"1": "یک"})

    assert [each.titled("en") for each in summaries(house.shelf.view)] == ["فهرست من", "Other"]
