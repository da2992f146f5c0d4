"""Two versions compared a page at a time: the pages together are the comparison, and nothing is looked for twice."""

from __future__ import annotations

import pytest

from maksa.model.answers import UnknownTerminology, UnknownVersion
from maksa.model.concept import Concept
from maksa.model.difference import KINDS
from maksa.service.compare import compare
from maksa.service.comparing import PAGE, Comparisons
from maksa.snapshot.difference import between
from tests.publish.conftest import DAY, NOON

BEFORE = [Concept(f"{number:04}", f"دارو {number}", "fa") for number in range(300)]
AFTER = [
    Concept(each.code, each.display + " تازه" if int(each.code) % 2 else each.display, "fa") for each in BEFORE[20:]
]


@pytest.fixture
def view(house):
    house.load("eRX", "1000", BEFORE)
    house.publish("eRX", "1000", NOON)
    house.load("eRX", "10000", [*AFTER, Concept("9999", "نو", "fa")])
    house.publish("eRX", "10000", NOON + DAY)
    return house.shelf.view


@pytest.mark.parametrize("kind", KINDS)
def test_the_pages_of_a_kind_are_the_differences_of_that_kind(view, kind):
    """In the same order, none twice; the counts are those of the whole."""
    comparisons = Comparisons()
    first = comparisons.page(view, "erx", "1000", "10000", kind).value
    pages = [comparisons.page(view, "eRX", "1000", "10000", kind, number).value for number in range(1, first.pages + 1)]
    whole = compare(view, "eRX", "1000", "10000").value

    assert [each for page in pages for each in page.differences] == [each for each in whole if each.kind == kind]
    assert first.counts == whole.counts
    assert all(len(page.differences) <= PAGE for page in pages)


def test_without_a_kind_the_first_that_there_is_any_of_is_shown(view):
    """Of two versions that are alike it is the first of all, and empty."""
    backwards = Comparisons().page(view, "eRX", "10000", "1000").value
    alike = Comparisons().page(view, "eRX", "1000", "1000").value

    assert (backwards.kind, backwards.counts["added"], backwards.pages) == ("added", 20, 1)
    assert (alike.kind, alike.number, alike.pages, alike.differences) == ("added", 1, 1, ())


@pytest.mark.parametrize(("asked", "given"), [(0, 1), (-7, 1), (3, 3), (4, 3), (10**30, 3)])
def test_a_page_that_is_not_there_is_the_nearest(view, asked, given):
    """Whoever types a number into an address reads something."""
    page = Comparisons().page(view, "eRX", "1000", "10000", "relabelled", asked).value

    assert (page.number, page.pages) == (given, 3)


def test_what_is_not_there_is_named(view):
    """The terminology, or the version of the two."""
    comparisons = Comparisons()

    assert comparisons.page(view, "eRY", "1000", "10000") == UnknownTerminology("eRY")
    assert comparisons.page(view, "eRX", "999", "10000") == UnknownVersion("eRX", "999")
    assert comparisons.page(view, "eRX", "1000", "999") == UnknownVersion("eRX", "999")


def test_a_pair_is_looked_at_once_and_no_more_than_some_are_kept(view):
    """The files are read again only where a pair was put out by others."""
    looked = []

    def look(old, new):
        looked.append((old.version.label, new.version.label))
        return between(old, new)

    comparisons = Comparisons(kept=1, look=look)
    forwards, backwards = ("1000", "10000"), ("10000", "1000")
    for pair in (forwards, forwards, backwards, forwards):
        comparisons.page(view, "eRX", *pair)

    assert looked == [forwards, backwards, forwards]
