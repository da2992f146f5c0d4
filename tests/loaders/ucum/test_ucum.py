"""UCUM's essence: units by their case-sensitive codes, prefixes counted and left out."""

from __future__ import annotations

import importlib.metadata
from pathlib import Path

from maksa.loaders.ucum import UcumSource, recognises
from maksa.model.concept import Designation, Property

SPECIMEN = Path(__file__).parent / "specimens" / "essence.xml"


def load(path: Path = SPECIMEN):
    with UcumSource(path, terminology_id="UCUM") as source:
        return {concept.code: concept for concept in source.concepts()}, source.report()


def test_a_unit_has_its_names_symbol_and_definition():
    """The first name is the display; what defines the unit is a property."""
    field = load()[0]["[fld]"]

    assert (field.display, field.language) == ("field", "en")
    assert field.designations == (Designation("en", "acre of old"), Designation("en", "f2", "symbol"))
    assert Property("definition", "4900 pc2") in field.properties
    assert Property("property", "area") in field.properties


def test_a_special_unit_keeps_its_function():
    """Degrees Celsius and their like are no multiple of anything."""
    assert Property("definition", "wrm(1 K)") in load()[0]["[wrm]"].properties


def test_prefixes_are_counted_and_left_out():
    """They are parts of codes; the report says how many there were."""
    units, report = load()

    assert list(units) == ["pc", "[fld]", "[wrm]"]
    assert (report.read, report.kept, report.refused, report.skipped) == (5, 3, 1, 1)
    assert report.counts == {"ucum-prefixes": 1, "repeated-code": 1}


def test_a_finding_names_the_line_of_the_file():
    """An editor of XML looks for lines."""
    found = next(each for each in load()[1].findings if each.slug == "repeated-code")

    assert (found.row, found.column, found.value) == (18, "Code", "pc")
    assert "already in row 4" in found.message


def test_the_release_is_recognised():
    """Its own version and date, by which a version can be labelled."""
    with UcumSource(SPECIMEN, terminology_id="UCUM") as source:
        assert source.recognised == {"form": "UCUM essence (XML)", "version": "9.9", "date": "2020-02-29"}


def test_only_an_essence_is_recognised(tmp_path):
    """By its outermost element, not by its name."""
    other = tmp_path / "ucum-essence.xml"
    other.write_text("<root version='2.2'><unit Code='m'/></root>")

    assert recognises(SPECIMEN)
    assert not recognises(other)
    assert not recognises(tmp_path)
    assert not recognises(tmp_path / "absent")


def test_the_real_essence_has_its_312_units():
    """What the demo ships: nothing refused, every unit with a name."""
    essence = importlib.metadata.distribution("ucumvert").locate_file("ucumvert/vendor/ucum-essence.xml")
    units, report = load(Path(str(essence)))

    assert (report.kept, report.refused, report.skipped) == (312, 0, 24)
    assert units["[in_i]"].display == "inch"
    assert Property("definition", "254e-2 cm") in units["[in_i]"].properties
