"""Where a code stands: the tops, the way up, the children with their counts."""

import csv
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from maksa.model.answers import UnknownCode, UnknownTerminology, UnknownVersion
from maksa.model.concept import Concept
from maksa.model.tree import Above, Branch
from maksa.service.tree import tree
from maksa.snapshot.shelf import Shelf
from tests.publish.conftest import NOON

DATA = Path(__file__).parents[3] / "shared" / "data"

DIVISIONS = [
    Concept("0001", "اراک", "fa", parents=("00",)),
    Concept("00", "مرکزی", "fa"),
    Concept("000102", "مرکزی", "fa", parents=("0001",)),
    Concept("0002", "تفرش", "fa", parents=("00",)),
]


@pytest.fixture
def view(house):
    house.load("countryDivisions", "1400", DIVISIONS)
    house.publish("countryDivisions", "1400", NOON)
    return house.shelf.view


def test_without_a_code_the_tops_are_told(view):
    """How many are directly below each, and how many in all."""
    found = tree(view, "countrydivisions").value

    assert (found.code, found.ancestors) == ("", ())
    assert list(found.branches) == [Branch("00", "مرکزی", 2, 3)]


def test_a_code_has_its_way_up_and_its_children(view):
    """From the top down; children in the publisher's order."""
    assert tree(view, "countryDivisions", "000102").value.ancestors == (
        Above("00", "مرکزی", 2),
        Above("0001", "اراک", 1),
    )
    assert list(tree(view, "countryDivisions", "00").value.branches) == [
        Branch("0001", "اراک", 1, 1),
        Branch("0002", "تفرش", 0, 0),
    ]


def test_what_is_not_there_is_named(view):
    """As by every verb."""
    assert tree(view, "x") == UnknownTerminology("x")
    assert tree(view, "countryDivisions", label="9") == UnknownVersion("countryDivisions", "9")
    assert tree(view, "countryDivisions", "99") == UnknownCode("countryDivisions", "1400", "99")


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(st.sets(st.integers(0, 7), max_size=3), min_size=1, max_size=8))
def test_trees_are_those_of_plain_sets(make, tmp_path, parents):
    """Concepts with several parents included; a parent has a lesser number, so there is no circle."""
    above = [{parent for parent in named if parent < number} for number, named in enumerate(parents)]
    make([Concept(str(n), f"d{n}", parents=tuple(map(str, sorted(up)))) for n, up in enumerate(above)], "Tree", "1")
    view = Shelf.open(tmp_path).view

    children = {n: {m for m, up in enumerate(above) if n in up} for n in range(len(above))}

    def descendants(n):
        return children[n].union(*map(descendants, children[n]))

    def branches(codes):
        return {(str(n), len(children[n]), len(descendants(n))) for n in codes}

    def told(found):
        return {(each.code, each.children, each.descendants) for each in found.branches}

    assert told(tree(view, "Tree").value) == branches(n for n, up in enumerate(above) if not up)
    for n in range(len(above)):
        found = tree(view, "Tree", str(n)).value
        assert told(found) == branches(children[n])
        assert {int(each.code) for each in found.ancestors} == {m for m in children if n in descendants(m)}


@pytest.mark.skipif(not DATA.exists(), reason="../shared/data is not here")
def test_the_divisions_of_the_country(house):
    """31 provinces at the top; every division is below one of them."""
    with (DATA / "countryDivisions_SCI.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    house.load("countryDivisions", "1", [_division(row) for row in rows])
    house.publish("countryDivisions", "1", NOON)
    tops = list(tree(house.shelf.view, "countryDivisions").value.branches)

    assert [each.code for each in tops] == [row["code"] for row in rows if not row["parent"]]
    assert sum(each.descendants + 1 for each in tops) == len(rows)


def _division(row):
    return Concept(row["code"], row["value"], "fa", parents=(row["parent"],) if row["parent"] else ())
