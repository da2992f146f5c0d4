"""CodeSystem: nesting is parentage, designations and properties stay, what is incomplete is said or refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from maksa.loaders.fhir.code_system import DEPTH_LIMIT
from maksa.model.concept import Designation, Property
from maksa.model.errors import FileUnreadableError, SourceError
from tests.loaders.conftest import Dictionary
from tests.loaders.fhir.conftest import code_system, load_fhir

SPECIMEN = Path(__file__).parent / "specimens" / "colours.json"


@pytest.fixture
def specimen():
    return load_fhir(SPECIMEN)


def concept(loaded, code: str):
    return next(each for each in loaded.concepts if each.code == code)


def test_nested_concepts_name_the_one_around_them_for_a_parent(specimen):
    """The property `parent` adds a second one."""
    assert {each.code: each.parents for each in specimen.concepts} == {
        "red": (),
        "crimson": ("red",),
        "rose": ("crimson", "pale"),
        "pale": (),
    }


def test_designations_keep_language_and_use(specimen):
    """SNOMED CT's code for a fully specified name is ours by name."""
    assert concept(specimen, "red").designations == (
        Designation("fa", "سرخ"),
        Designation("en", "Red (colour)", "fully-specified"),
    )


def test_properties_keep_their_values_as_written(specimen):
    """A decimal keeps its last zero, a coding its system; the definition is a property."""
    assert concept(specimen, "red").properties == (
        Property("definition", "The colour of pomegranates"),
        Property("wavelength", "700", "integer"),
        Property("warm", "true", "boolean"),
        Property("mean", "700.50", "decimal"),
        Property("like", "http://example.org/fruit|pomegranate", "code"),
    )


def test_a_concept_without_display_shows_its_code_and_that_is_said(specimen):
    """FHIR lets the display be absent, the wire does not. `inactive` is retired here."""
    pale = concept(specimen, "pale")

    assert (pale.display, pale.status) == ("pale", "retired")
    assert specimen.report.counts["code-stands-in"] == 1


def test_a_concept_that_is_none_is_refused_with_all_below_it(specimen):
    """Where it stood is named; the rows still add up."""
    report = specimen.report
    malformed = next(each for each in report.findings if each.slug == "malformed-concept")

    assert (report.read, report.kept, report.refused) == (6, 4, 2)
    assert (malformed.row, malformed.column) == (5, "concept")
    assert "missing required field `code`" in malformed.message
    assert report.counts["below-refused"] == 1


def test_what_was_recognised_is_said(specimen):
    """The resource by name, its title and version."""
    assert specimen.report.recognised == {
        "form": "FHIR (JSON): CodeSystem/colours (http://example.org/colours)",
        "title": "Colours of the bazaar",
        "version": "3",
        "hierarchy": "is-a",
    }


@pytest.mark.parametrize("status", ["deprecated", "retired", "inactive"])
def test_a_status_of_the_past_is_retired(load, status):
    """However the publisher words it."""
    gone = {"code": "red", "display": "Red", "property": [{"code": "status", "valueCode": status}]}

    assert load(code_system(concept=[gone])).concepts[0].status == "retired"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("supplement", "it has no codes of its own"),
        ("not-present", "its codes are published elsewhere"),
        ("complete", "its codes are published elsewhere"),
    ],
)
def test_a_code_system_without_codes_is_refused_with_the_reason(load, content, said):
    """A supplement adds to another; not-present only describes; an empty one is no list."""
    with pytest.raises(SourceError, match=said):
        load(code_system(content=content, concept=[] if content == "complete" else [{"code": "red"}]))


@pytest.mark.parametrize("content", ["fragment", "example"])
def test_a_fragment_is_loaded_and_said_to_be_one(load, content):
    """Its publisher says that codes are missing: no count can tell which."""
    loaded = load(code_system(content=content, count=1000))

    assert loaded.codes == ["red"]
    assert (loaded.only.slug, loaded.only.value) == ("incomplete-content", content)


def test_a_count_that_differs_is_said(load):
    """A file cut by whoever republished it."""
    assert "has 7 concepts and holds 1" in load(code_system(count=7)).only.message


def test_a_code_that_comes_twice_is_kept_once(load):
    """At whatever depth."""
    twice = [{"code": "red", "display": "Red", "concept": [{"code": "red", "display": "Red again"}]}]
    loaded = load(code_system(concept=twice))

    assert loaded.codes == ["red"]
    assert loaded.only.slug == "repeated-code"


def test_parents_that_go_round_or_nowhere_are_findings(load):
    """A circle blocks publication, an orphan is named."""
    concepts = [
        {"code": code, "display": code, "property": [{"code": "parent", "valueCode": parent}]}
        for code, parent in (("a", "b"), ("b", "a"), ("c", "nowhere"))
    ]
    report = load(code_system(concept=concepts)).report

    assert report.counts == {"orphan-parent": 1, "parent-cycle": 1}
    assert report.blocking == 1


def test_the_last_version_is_compared(load):
    """As for any source: what was relabelled, what is gone."""
    loaded = load(code_system(), previous=Dictionary({"red": "Reddish", "blue": "Blue"}))

    assert loaded.report.counts == {"display-changed": 1, "retired": 1}


def test_text_is_judged_as_a_tables_is(load):
    """Control characters refuse their concept, blanks are trimmed and said."""
    concepts = [{"code": "a", "display": "A\u0007"}, {"code": " b ", "display": " B "}]
    loaded = load(code_system(concept=concepts))

    assert [(each.code, each.display) for each in loaded.concepts] == [("b", "B")]
    assert loaded.report.refused == 1
    assert loaded.report.counts == {"control-character": 1, "trimmed": 2}


def test_a_pit_of_concepts_is_refused(load):
    """Deeper than any list is; and JSON deeper than the stack is an error too."""
    pit: dict[str, object] = {"code": "0", "display": "0"}
    for number in range(1, DEPTH_LIMIT + 2):
        pit = {"code": str(number), "display": "x", "concept": [pit]}

    with pytest.raises(FileUnreadableError, match="below one another"):
        load(code_system(concept=[pit]))
    with pytest.raises(FileUnreadableError, match="nested too deeply"):
        load(b'{"resourceType":"CodeSystem","concept":' + b"[" * 200_000 + b"]" * 200_000 + b"}")
