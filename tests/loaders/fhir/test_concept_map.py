"""ConceptMap: R4's equivalences and R5's relationships say the same, each group is a map."""

from __future__ import annotations

import json

import pytest

from maksa.loaders.fhir import FhirSource
from maksa.model.concept_map import ConceptMap, MapEntry
from maksa.model.errors import SourceError


def concept_map(*elements, **group):
    source = {"source": "http://loinc.org", "target": "http://example.org/colours|3", "element": list(elements)}
    return {"resourceType": "ConceptMap", "id": "to-colours", "title": "LOINC to colours", "group": [source | group]}


def read(tmp_path, resource, terminology_id="to-colours"):
    """(maps, entries of the first, report)."""
    path = tmp_path / "map.json"
    path.write_text(json.dumps(resource), "utf-8")
    with FhirSource(path, terminology_id=terminology_id) as source:
        assert list(source.concepts()) == []
        maps = source.maps()
        return maps, list(source.entries(maps[0].map_id)) if maps else [], source.report()


def test_a_group_is_a_map_between_two_terminologies(tmp_path):
    """A canonical address that the registry knows is its id; a version behind the bar is the version."""
    maps, _, _ = read(tmp_path, concept_map(sourceVersion="2.78"))

    assert maps == [
        ConceptMap(
            map_id="to-colours",
            source_id="LNC",
            target_id="colours",
            source_version="2.78",
            target_version="3",
            title="LOINC to colours",
        )
    ]


@pytest.mark.parametrize(
    ("member", "said", "relationship"),
    [
        ("equivalence", "wider", "source-is-narrower-than-target"),
        ("equivalence", "narrower", "source-is-broader-than-target"),
        ("equivalence", "equal", "equivalent"),
        ("equivalence", "inexact", "related-to"),
        ("equivalence", "disjoint", "not-related-to"),
        ("relationship", "source-is-broader-than-target", "source-is-broader-than-target"),
        ("relationship", "related-to", "related-to"),
    ],
)
def test_equivalence_and_relationship_are_told_in_the_words_of_r5(tmp_path, member, said, relationship):
    """R4 says what the target is to the source, R5 what the source is to the target."""
    _, entries, _ = read(tmp_path, concept_map({"code": "1-8", "target": [{"code": "red", member: said}]}))

    assert entries == [MapEntry("1-8", "red", relationship)]


@pytest.mark.parametrize(
    "element",
    [
        {"code": "1-8", "noMap": True},
        {"code": "1-8"},
        {"code": "1-8", "target": [{"equivalence": "unmatched"}]},
    ],
)
def test_a_code_without_a_target_is_said_to_have_none(tmp_path, element):
    """R5's noMap, R4's unmatched, and an element with nothing in it."""
    assert read(tmp_path, concept_map(element))[1] == [MapEntry("1-8", "", "not-related-to")]


def test_targets_keep_their_order_comment_and_conditions(tmp_path):
    """Many to one and one to many are lines; what a target depends on is its rule."""
    targets = [
        {"code": "red", "comment": "as a rule"},
        {"code": "rose", "dependsOn": [{"attribute": "light", "valueCode": "dim"}, {"property": "x", "value": "1"}]},
    ]
    _, entries, _ = read(tmp_path, concept_map({"code": "1-8", "target": targets}))

    assert [(each.target, each.order, each.rule, each.advice) for each in entries] == [
        ("red", 1, "", "as a rule"),
        ("rose", 2, "light = dim; x = 1", ""),
    ]


def test_elements_at_fault_are_findings(tmp_path):
    """Without code, of the wrong kind, with a word that no FHIR has."""
    elements = [{"code": " "}, {"code": 5}, {"code": "1-8", "target": [{"code": "red", "relationship": "cousin"}]}]
    _, entries, report = read(tmp_path, concept_map(*elements))

    assert entries == [MapEntry("1-8", "red", "related-to")]
    assert report.counts == {"blank-code": 1, "malformed-concept": 1, "unknown-relationship": 1}
    assert (report.read, report.kept, report.refused) == (3, 1, 2)


def test_two_groups_are_two_maps(tmp_path):
    """Each with its own pair of terminologies; ids stay unique."""
    resource = concept_map({"code": "1-8", "target": [{"code": "red"}]})
    resource["group"].append({"source": "http://snomed.info/sct", "target": "http://loinc.org", "element": []})
    maps, _, _ = read(tmp_path, resource)

    assert [(each.map_id, each.source_id, each.target_id) for each in maps] == [
        ("to-colours", "LNC", "colours"),
        ("to-colours-2", "SNOMEDCT", "LNC"),
    ]


def meant(tmp_path, resource, asked):
    path = tmp_path / "map.json"
    path.write_text(json.dumps(resource), "utf-8")
    with FhirSource(path, terminology_id=asked) as source:
        found = source.meant_map()
        return found and found.map_id


def test_the_only_map_of_a_file_is_meant_whatever_it_is_loaded_as(tmp_path):
    """Of a code system none is."""
    code_system = {"resourceType": "CodeSystem", "id": "c", "concept": [{"code": "red"}]}

    assert meant(tmp_path, concept_map({"code": "1-8"}), "mine") == "to-colours"
    assert meant(tmp_path, code_system, "mine") is None


def test_of_several_groups_the_asked_one_is_meant(tmp_path):
    """Else they are listed with what they are between."""
    resource = concept_map({"code": "1-8"})
    resource["group"].append({"source": "http://snomed.info/sct", "target": "http://loinc.org", "element": []})

    assert meant(tmp_path, resource, "TO-COLOURS-2") == "to-colours-2"
    with pytest.raises(SourceError, match=r"to-colours-2 .SNOMEDCT to LNC."):
        meant(tmp_path, resource, "mine")
