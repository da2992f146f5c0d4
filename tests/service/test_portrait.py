"""All that the shelf knows of a concept, in one answer; and what may have been meant by one that it does not know."""

import pytest

from maksa.model.answers import UnknownCode, UnknownTerminology
from maksa.model.concept import CodedText, Concept
from maksa.model.concept_map import ConceptMap, MapEntry
from maksa.model.finding import LoadReport
from maksa.service.nearest import nearest_codes, nearest_terminologies
from maksa.service.portrait import has_tree, portrait
from maksa.service.translate import correspondences
from tests.publish.conftest import DAY, NOON


@pytest.fixture
def view(house):
    first = [
        Concept("A", "ریشه", "fa"),
        Concept("A1", "نخست", "fa", parents=("A",)),
        Concept("A2", "گم", "fa", parents=("A",)),
    ]
    house.load("Tree", "1", first)
    house.publish("Tree", "1", NOON)
    house.load(
        "Tree", "2", [first[0], Concept("A1", "دوم", "fa", parents=("A",)), Concept("A3", "سوم", "fa", parents=("A",))]
    )
    house.publish("Tree", "2", NOON + DAY)
    house.release("eRX", "1", {"60001": "ASA"}, at=NOON)
    for source, target, entries in (
        ("Tree", "eRX", [MapEntry("A1", "60001"), MapEntry("A2", "60001")]),
        ("eRX", "Tree", [MapEntry("60001", "A1", "related-to")]),
        ("Tree", "Tree", [MapEntry("A2", "A3")]),
    ):
        map_id = f"{source}-{target}"
        report = LoadReport(file="map.csv", sheet="", terminology_id=map_id, label="1", recognised={})
        facts = ConceptMap(map_id=map_id, source_id=source, target_id=target)
        house.catalog.write_map(facts, "1", entries, published=house.manifest.versions, report=report)
        house.publish(map_id, "1", NOON + DAY)
    return house.shelf.view


def test_a_portrait_has_all_that_is_known(view):
    """What it means, where it stands, what corresponds to it by any map, what became of it."""
    found = portrait(view, "tree", " A1 ").value

    assert (found.version.label, found.concept.display) == ("2", "دوم")
    assert [(each.code, each.depth) for each in found.ancestors] == [("A", 1)]
    assert [(each.map_id, each.code, each.display) for each in found.correspondences] == [
        ("Tree-eRX", "60001", "ASA"),
        ("eRX-Tree", "60001", "ASA"),
    ]
    assert [(event.label, event.kind) for event in found.events] == [("1", "added"), ("2", "relabelled")]
    assert (found.former, found.pair, found.instead) == (None, None, ())


def test_a_portrait_of_a_version_is_as_it_was(view):
    """The display of then, and the children of then."""
    assert portrait(view, "Tree", "A1", "1").value.concept.display == "نخست"
    assert [each.code for each in portrait(view, "Tree", "A", "1").value.children] == ["A1", "A2"]


def test_no_more_children_than_were_asked_for(view):
    """And whether there are others."""
    found = portrait(view, "Tree", "A", children=1).value

    assert ([each.code for each in found.children], found.has_more_children) == (["A1"], True)
    assert portrait(view, "Tree", "A", children=2).value.has_more_children is False


def test_a_code_that_is_no_more_is_shown_as_it_last_was(view):
    """With what to take in its place."""
    found = portrait(view, "Tree", "A2").value

    assert (found.version.label, found.concept.display) == ("1", "گم")
    assert found.former is not None
    assert (found.former.last_version, found.former.retired) == ("1", NOON + DAY)
    assert [each.code for each in found.instead] == ["A3"]


def test_what_was_never_there_is_named(view):
    """A version that has not the code says so, whatever others have."""
    assert portrait(view, "Tree", "Z") == UnknownCode("Tree", "2", "Z")
    assert portrait(view, "Tree", "A2", "2") == UnknownCode("Tree", "2", "A2")
    assert portrait(view, "x", "1") == UnknownTerminology("x")


def test_the_other_of_a_pair_is_told(house):
    """The same code in the other language's list."""
    house.release("ICD10", "1", {"A00": "Cholera"}, at=NOON)
    house.release("ICD10-FA", "1", {"A00": "وبا"}, at=NOON)

    assert portrait(house.shelf.view, "ICD10", "A00").value.pair == CodedText("ICD10-FA", "A00", "وبا")


def test_a_map_within_a_terminology_is_told_one_way(view):
    """From the code that is replaced."""
    assert [each.code for each in correspondences(view, "Tree", "A2")] == ["60001", "A3"]
    assert [each.map_id for each in correspondences(view, "Tree", "A3")] == []


def test_whether_there_is_a_tree(view):
    """A plain list has none."""
    assert (has_tree(view, "tree"), has_tree(view, "eRX"), has_tree(view, "x")) == (True, False, False)


@pytest.mark.parametrize(("asked", "meant"), [("tre", ["Tree"]), ("e-rx", ["eRX"]), ("qqqq", [])])
def test_an_id_that_is_misspelt_finds_its_like(view, asked, meant):
    """Nothing where nothing is like it."""
    assert nearest_terminologies(view, UnknownTerminology(asked)) == meant


@pytest.mark.parametrize(
    ("asked", "meant"), [("A17", ["A1"]), ("دوم", ["A1"]), ("qqqq", []), ("", []), ("\U0010ffff", [])]
)
def test_a_code_that_is_not_there_finds_its_like(view, asked, meant):
    """Codes that begin alike, or the concept whose words were typed for a code."""
    assert [match.code for match in nearest_codes(view, UnknownCode("Tree", "2", asked))] == meant
