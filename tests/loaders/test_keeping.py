"""What every source's concepts go through: circles are found, whatever hangs together; the rest is told by row."""

from __future__ import annotations

import graphlib
import time

from hypothesis import given
from hypothesis import strategies as st

from maksa.loaders.gathering import Gathering
from maksa.loaders.keeping import Keeper, circle_among
from maksa.model.concept import Concept, Designation, Property
from maksa.model.finding import LoadReport

CODES = st.sampled_from("abcdefgh")
PARENTS = st.dictionaries(CODES, st.lists(CODES, max_size=4).map(tuple))


@given(PARENTS)
def test_a_circle_is_found_where_there_is_one(parents):
    """As the standard library's sorter finds it; and what is found is one."""
    circle = circle_among(parents)
    try:
        list(graphlib.TopologicalSorter(parents).static_order())
    except graphlib.CycleError:
        following = [*circle[1:], circle[0]]
        assert circle
        assert all(after in parents[code] for code, after in zip(circle, following, strict=True))
    else:
        assert circle == []


def test_a_chain_of_a_hundred_thousand_is_no_matter():
    """Neither the stack nor the clock gives way."""
    chain = {str(each): (str(each + 1),) for each in range(100_000)}
    start = time.process_time()

    assert circle_among(chain) == []
    assert len(circle_among(chain | {"100000": ("0",)})) == 100_001
    assert time.process_time() - start < 10


def kept(*concepts: Concept) -> tuple[list[Concept], LoadReport]:
    report = LoadReport(file="list", sheet="", terminology_id="x", label="1", recognised={})
    keeper = Keeper(Gathering(report), "code", "display")
    found = [made for row, each in enumerate(concepts, 1) if (made := keeper.kept(each, row))]
    keeper.finish()
    return found, report


def test_each_text_of_a_concept_is_mended_and_said_by_its_own_name():
    """Parents and codes as codes, displays, designations and properties as text."""
    given = Concept(
        " a ", "A\tB", designations=(Designation("fa", "\u200fآ", "short"),), properties=(Property("note", "x "),)
    )
    found, report = kept(given)

    assert found == [
        Concept("a", "A B", designations=(Designation("fa", "آ", "short"),), properties=(Property("note", "x"),))
    ]
    assert {(each.slug, each.column) for each in report.findings} == {
        ("trimmed", "code"),
        ("line-break", "display"),
        ("bidi-character", "short"),
        ("trimmed", "note"),
    }


def test_one_text_that_cannot_be_kept_refuses_its_concept_once():
    """However many there are; the concept counts once."""
    _, report = kept(Concept("a\x00", "b\x01"), Concept("b", "B", properties=(Property("p", "\x02"),)))

    assert (report.read, report.kept, report.refused) == (2, 0, 2)
    assert report.counts == {"control-character": 3}


def test_an_own_parent_and_a_long_code_are_refused():
    """As a table's are."""
    _, report = kept(Concept("a", "A", parents=("a",)), Concept("b" * 201, "B"), Concept("c\u2060", "C"))

    assert report.counts == {"own-parent": 1, "long-code": 1, "invisible-in-code": 1}
