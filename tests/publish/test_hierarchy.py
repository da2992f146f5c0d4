"""Circles among parents, held against the standard library's own sorter."""

import datetime as dt
from graphlib import CycleError, TopologicalSorter
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from maksa.catalog import Draft
from maksa.model.concept import Concept
from maksa.model.errors import HierarchyError
from maksa.publish.hierarchy import Hierarchy

DRAFT = Draft(
    number=1,
    terminology_id="SNOMEDCT",
    label="1",
    title="",
    source="",
    loaded_at=dt.datetime(2021, 7, 28, tzinfo=dt.UTC),
    rows_read=0,
    rows_refused=0,
    rows_skipped=0,
    concepts=0,
    has_parents=True,
    in_code_order=True,
)
codes = st.sampled_from("abcdefgh")
graphs = st.fixed_dictionaries({code: st.lists(codes, max_size=3) for code in "abcdefgh"})


def checked(graph):
    """The error that the hierarchy of these parents gives, or None."""
    hierarchy = Hierarchy(DRAFT)
    concepts = [
        (place, Concept(code, code, "en", parents=tuple(above))) for place, (code, above) in enumerate(graph.items())
    ]
    assert list(hierarchy.watched(concepts)) == concepts
    try:
        hierarchy.check()
    except HierarchyError as error:
        return error
    return None


@given(graphs)
def test_a_circle_is_found_where_there_is_one(graph):
    """And what the error names is a way up from a code to itself."""
    error = checked(graph)
    try:
        TopologicalSorter(graph).prepare()
    except CycleError:
        named = error.codes.split(" → ")
        assert named[0] == named[-1]
        assert all(above in graph[code] for code, above in pairwise(named))
    else:
        assert error is None
