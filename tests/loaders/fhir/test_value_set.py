"""ValueSet as a list: its expansion, or the concepts it includes; one that only describes its codes is refused."""

from __future__ import annotations

import pytest

from maksa.model.concept import Designation, Property
from maksa.model.errors import SourceError

COLOURS = "http://example.org/colours"


def value_set(**members):
    return {"resourceType": "ValueSet", "id": "warm", "url": "http://example.org/warm"} | members


def include(*codes, **members):
    return {"system": COLOURS, "concept": [{"code": code, "display": code.title()} for code in codes]} | members


def test_concepts_that_are_included_are_the_list(load):
    """Less those that are excluded; each with its system."""
    loaded = load(value_set(compose={"include": [include("red", "rose")], "exclude": [include("rose")]}))

    assert loaded.codes == ["red"]
    assert loaded.concepts[0].properties == (Property("system", COLOURS),)


def test_an_expansion_is_taken_before_the_composition(load):
    """It is the whole answer; a heading without code is none, and what stands below a code has it for a parent."""
    rose = {"code": "rose", "display": "Rose", "designation": [{"language": "fa", "value": "گلی"}], "inactive": True}
    heading = {"display": "Warm ones", "abstract": True, "contains": [{"code": "red", "contains": [rose]}]}
    loaded = load(value_set(expansion={"contains": [heading]}, compose={"include": [{"system": COLOURS}]}))

    assert [(each.code, each.parents, each.status) for each in loaded.concepts] == [
        ("red", (), "active"),
        ("rose", ("red",), "retired"),
    ]
    assert loaded.concepts[1].designations == (Designation("fa", "گلی"),)


@pytest.mark.parametrize(
    ("part", "said"),
    [
        ({"system": COLOURS}, "include 2 takes all of"),
        (include("red", filter=[{"property": "concept", "op": "is-a", "value": "red"}]), "include 2 filters of"),
        ({"valueSet": ["http://example.org/cold"]}, "include 2 refers to other value sets"),
    ],
)
def test_one_that_does_not_enumerate_is_refused_with_the_part(load, part, said):
    """What it means depends on another version of another list: its expansion is the list."""
    with pytest.raises(SourceError, match=said):
        load(value_set(compose={"include": [include("red"), part]}))


def test_an_empty_one_is_refused(load):
    """Neither an expansion nor concepts."""
    with pytest.raises(SourceError, match="neither an expansion nor concepts"):
        load(value_set())


def test_a_code_of_two_systems_is_kept_once(load):
    """A terminology has a code once."""
    loaded = load(value_set(compose={"include": [include("red"), include("red", system="http://example.org/other")]}))

    assert loaded.codes == ["red"]
    assert loaded.only.slug == "repeated-code"
