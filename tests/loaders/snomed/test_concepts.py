"""What a release says of a concept: wordings by language and acceptability, parents, relationships, sets, status, maps."""

from __future__ import annotations

import datetime as dt

import pytest

from maksa.loaders.snomed import SnomedSource, ids, recognises
from maksa.loaders.snomed.kinds import CONCEPT, DESCRIPTION, RELATIONSHIP
from maksa.model.concept import Designation, Property
from maksa.model.concept_map import MapEntry

from .conftest import BLUE, COLOUR, CORE, MAUVE, NAVY, TO_PAINT, TO_PRINT, colours, concept, description, relationship


def loaded(path, **options):
    with SnomedSource(path, terminology_id="SNOMEDCT", label="20240101", **options) as source:
        return {each.code: each for each in source.concepts()}, source.report()


def test_the_preferred_term_is_the_display_and_every_other_wording_a_designation(write):
    """Each with its language: its dialect's tag where the release has several dialects of it, else its code."""
    concepts, _ = loaded(write(colours()))

    blue = concepts[BLUE]
    assert (blue.display, blue.language) == ("Blue color", "en")
    assert blue.designations == (
        Designation("en-GB", "Blue colour", "preferred"),
        Designation("en-GB", "Blue colour (colour)", "fully-specified"),
        Designation("en", "Azure", "synonym"),
        Designation("fa", "آبی", "preferred"),
    )


def test_displays_are_in_the_language_that_is_asked_for(write):
    """And in the next one, where a concept has none of it."""
    concepts, _ = loaded(write(colours()), languages=("fa", "en-GB"))

    assert (concepts[BLUE].display, concepts[BLUE].language) == ("آبی", "fa")
    assert concepts[NAVY].display == "Navy blue"


def test_is_a_gives_parents_and_other_relationships_give_properties_named_by_their_type(write):
    """Inactive and stated relationships count for nothing."""
    concepts, _ = loaded(write(colours()))

    navy = concepts[NAVY]
    assert navy.parents == (BLUE,)
    assert navy.properties == (
        Property("sufficientlyDefined", "true", "boolean"),
        Property("moduleId", CORE, "code"),
        Property("Shade of", BLUE, "code"),
        Property("Wave length", "450", "integer"),
    )


def test_a_reference_set_is_a_property_of_its_members(write):
    """A simple one under «refset», an association under its own name: what a retired concept was replaced by."""
    concepts, _ = loaded(write(colours()))

    assert Property("refset", "100000107", "code") in concepts[BLUE].properties
    assert Property("REPLACED BY", NAVY, "code") in concepts[MAUVE].properties


def test_a_retired_concept_is_inactive(write):
    """It stays in the list, so that it can be looked up."""
    concepts, _ = loaded(write(colours()))

    assert (concepts[MAUVE].status, concepts[BLUE].status) == ("inactive", "active")


def test_maps_have_their_groups_priorities_rules_and_advice(write):
    """A simple map is one of equivalents; an extended one says its relationship; no target is an unmapped code."""
    with SnomedSource(write(colours()), terminology_id="SNOMEDCT", label="20240101") as source:
        paints, prints = source.maps()

        assert (paints.map_id, paints.title, paints.source_version) == (
            f"SNOMEDCT-{TO_PAINT}",
            "Map to paints",
            "20240101",
        )
        assert list(source.entries(paints.map_id)) == [MapEntry(BLUE, "P-7")]
        assert prints.target_id == TO_PRINT
        assert list(source.entries(prints.map_id)) == [
            MapEntry(NAVY, "X1", "source-is-narrower-than-target", 1, 1, "IFA 1", "IF DARK X1"),
            MapEntry(NAVY, "", "related-to", 2, 1, "OTHERWISE TRUE", "NONE"),
            MapEntry(NAVY, "X2", "related-to", 1, 2, "TRUE", "ALWAYS X2"),
        ]
        report = source.report()
        assert report.read == report.kept + report.refused + report.skipped


def test_of_full_files_the_latest_state_counts(write):
    """Whatever the order of their rows."""
    concepts, report = loaded(write(history(), form="Full"))

    assert concepts[BLUE].display == "Deep blue"
    assert concepts[NAVY].parents == (COLOUR,)
    assert report.read == report.kept + report.refused + report.skipped


def test_of_full_files_the_state_of_a_past_date_can_be_asked_for(write):
    """A concept that came later is not in it."""
    concepts, _ = loaded(write(history(), form="Full"), as_of=dt.date(2020, 6, 1))

    assert concepts.keys() == {COLOUR, BLUE}
    assert concepts[BLUE].display == "Blue"


def history():
    """Blue is reworded and Navy comes in 2021."""
    return {
        CONCEPT: [concept(COLOUR), concept(BLUE), concept(NAVY, date="20210101")],
        DESCRIPTION: [
            description(1, COLOUR, "Colour"),
            description(2, BLUE, "Deep blue", date="20210101"),
            description(2, BLUE, "Blue"),
            description(3, NAVY, "Navy", date="20210101"),
        ],
        RELATIONSHIP: [
            relationship(1, NAVY, BLUE, date="20210101"),
            relationship(1, NAVY, BLUE, date="20220101", active="0"),
            relationship(2, NAVY, COLOUR, date="20220101"),
        ],
    }


def test_an_extension_beside_its_international_edition_adds_to_it_and_overrides_it(write, tmp_path):
    """Both lie in one folder; of a component in both, the later state counts."""
    write(colours(), "both/international")
    write(
        {
            CONCEPT: [concept("100000301")],
            DESCRIPTION: [
                description(90, "100000301", "Iranian blue"),
                description(2, NAVY, "Ink blue", date="20230101"),
            ],
            RELATIONSHIP: [relationship(90, "100000301", BLUE)],
        },
        "both/iran",
    )
    concepts, report = loaded(tmp_path / "both")

    assert concepts["100000301"].parents == (BLUE,)
    assert concepts[NAVY].display == "Ink blue"
    assert report.counts == {}


def test_a_zip_is_read_as_its_folder_and_lf_as_crlf(write, zipped):
    """The issuer's zip, the folder it was unpacked into, and one that went through a Unix editor say the same."""
    folder = write(colours())
    expected, _ = loaded(folder)

    assert loaded(zipped(folder))[0] == expected
    assert loaded(write(colours(), "unix", end="\n"))[0] == expected


def test_concepts_come_in_order_of_codes_as_text(write):
    """So that publishing need not sort them."""
    rows = colours()
    rows[CONCEPT].append(concept("1000000011"))
    rows[DESCRIPTION].append(description(80, "1000000011", "Long code"))
    concepts, _ = loaded(write(rows))

    assert list(concepts) == sorted(concepts)


def test_a_release_is_recognised_by_the_headers_of_its_files(write, zipped, tmp_path):
    """Whatever they are called; text of another kind is not one."""
    folder = write(colours())
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "sct2_Concept_Snapshot_XX.txt").write_text("id\tname\n")

    assert [recognises(path) for path in (folder, zipped(folder), tmp_path / "other", tmp_path / "gone")] == [
        True, True, False, False,
    ]  # fmt: skip


@pytest.mark.parametrize("kind", [ids.FULLY_SPECIFIED, ids.DEFINITION])
def test_without_language_sets_the_synonym_is_the_display(write, kind):
    """Not the fully specified name, nor a definition, and the report says what is missing."""
    rows = {
        CONCEPT: [concept(BLUE)],
        DESCRIPTION: [description(1, BLUE, "A long one", kind=kind), description(2, BLUE, "Blue")],
    }
    concepts, report = loaded(write(rows))

    assert concepts[BLUE].display == "Blue"
    assert [finding.value for finding in report.findings if finding.slug == "missing-file"] == [
        "sct2_Relationship_Snapshot_….txt", "der2_cRefset_LanguageSnapshot-…_….txt",
    ]  # fmt: skip
