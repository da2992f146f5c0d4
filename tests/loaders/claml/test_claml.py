"""ClaML: classes with their hierarchy and rubrics, and the codes that modifiers make of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from maksa.loaders.claml import ClamlSource, recognises
from maksa.loaders.claml.combining import COMBINATIONS_LIMIT
from maksa.model.concept import Designation, Property
from maksa.model.errors import FileUnreadableError
from tests.loaders.conftest import Dictionary, Loaded

SPECIMEN = Path(__file__).parent / "specimens" / "weathers.xml"


def load_claml(path: Path, **options) -> Loaded:
    with ClamlSource(path, terminology_id="WEATHER", **options) as source:
        return Loaded(list(source.concepts()), source.report())


@pytest.fixture(scope="module")
def specimen() -> Loaded:
    return load_claml(SPECIMEN)


@pytest.fixture
def load(tmp_path):
    """Loads a file with these elements in it."""

    def loaded(content: str, version: str = "2.0.0") -> Loaded:
        path = tmp_path / "file.xml"
        path.write_text(f'<ClaML version="{version}">{content}</ClaML>', "utf-8")
        return load_claml(path)

    return loaded


def concept(loaded: Loaded, code: str):
    return next(each for each in loaded.concepts if each.code == code)


def one(code: str, *inside: str) -> str:
    return f'<Class code="{code}" kind="category">{"".join(inside)}{said(code)}</Class>'


def said(text: str) -> str:
    return f'<Rubric kind="preferred"><Label xml:lang="en">{text}</Label></Rubric>'


def value(modifier: str, code: str) -> str:
    return f'<ModifierClass modifier="{modifier}" code="{code}">{said(f"value {code}")}</ModifierClass>'


def test_chapters_blocks_and_categories_are_concepts_with_their_parents(specimen):
    """Each says what kind of class it is."""
    parents = {each.code: each.parents for each in specimen.concepts}
    kinds = {each.code: each.properties[0] for each in specimen.concepts}

    assert (parents["I"], parents["W00-W09"], parents["W00"]) == ((), ("I",), ("W00-W09",))
    assert kinds["I"] == Property("kind", "chapter", "code")
    assert kinds["W00-W09"] == Property("kind", "block", "code")


def test_preferred_is_the_display_and_other_wordings_are_designations(specimen):
    """The display in the first language that the class has it in; inclusions are wordings by which it is found."""
    north = concept(specimen, "W00")

    assert (north.display, north.language) == ("North wind", "en")
    assert north.designations == (
        Designation("en", "North wind of the plain", "fully-specified"),
        Designation("fa", "باد شمال"),
        Designation("en", "Cold wind", "inclusion"),
    )


def test_what_is_no_wording_is_a_property_in_plain_text(specimen):
    """Usage, exclusions with their references and marks, paragraphs apart, what Meta says."""
    assert concept(specimen, "W00").properties == (
        Property("kind", "category", "code"),
        Property("usage", "dagger", "code"),
        Property("exclusion", "storm of 1 kind (W02*)"),
        Property("text", "First. Second."),
        Property("season", "winter"),
    )


def test_a_modifier_of_a_block_divides_each_category_below_it(specimen):
    """Inherited down the hierarchy; a subdivision stands below its category and says of what it was made."""
    gentle = concept(specimen, "W00.0")

    assert [each for each in specimen.codes if each.startswith("W00.")] == ["W00.0", "W00.1", "W00.9"]
    assert (gentle.display, gentle.parents) == ("North wind: gentle", ("W00",))
    assert gentle.designations == (Designation("en", "hardly felt", "inclusion"),)
    assert Property("modifier", "FORCE_4 .0", "code") in gentle.properties
    assert Property("usage", "dagger", "code") in gentle.properties


def test_only_valid_values_are_combined_and_not_after_those_they_never_follow(specimen):
    """ValidModifierClass leaves .0 out; «by night» never follows .9. The second level stands below the first."""
    assert [each for each in specimen.codes if each.startswith("W01.")] == [
        "W01.1",
        "W01.9",
        "W01.10",
        "W01.11",
        "W01.90",
    ]
    assert concept(specimen, "W01.11").parents == ("W01.1",)
    assert concept(specimen, "W01.11").display == "South wind: strong: by night"


def test_an_excluded_modifier_is_not_inherited(specimen):
    """And a value of the fifth place behind three characters has an X for the fourth."""
    assert [each for each in specimen.codes if each.startswith("W02.")] == ["W02.X0", "W02.X1"]


def test_a_category_that_is_divided_already_is_not_divided_again(specimen):
    """W03 has its own subdivision; the block's modifier does not follow it, and that is said with its line."""
    assert [each for each in specimen.codes if each.startswith("W03.")] == ["W03.0"]
    found = next(each for each in specimen.report.findings if each.slug == "modifier-not-applied")
    assert (found.row, found.column, found.value) == (66, "ModifiedBy", "FORCE_4")


def test_classes_at_fault_are_findings_and_the_rest_adds_up(specimen):
    """No preferred rubric; a modifier that the file does not have. What was made of modifiers is counted."""
    report = specimen.report

    assert report.counts == {"modifier-not-applied": 1, "blank-display": 1, "unknown-modifier": 1, "combined": 10}
    assert (report.read, report.kept, report.refused) == (18, 17, 1)


def test_the_release_is_recognised(specimen):
    """Its form, title, version and date."""
    assert specimen.report.recognised == {
        "form": "ClaML 2.0.0",
        "title": "Classification of Weathers",
        "name": "WEATHER",
        "version": "7",
        "date": "2020-03-20",
    }


def test_version_3_is_read_and_others_are_refused(load):
    """By the version that the file says of itself."""
    assert load(one("A"), version="3.0.0").codes == ["A"]
    for version in ("4.0", "", "1.0"):
        with pytest.raises(FileUnreadableError, match="it is ClaML"):
            load(one("A"), version=version)


def test_parents_that_are_no_class_and_circles_are_findings(load):
    """A superclass that the file does not have; two classes above each other."""
    report = load(one("A", '<SuperClass code="B"/>') + one("B", '<SuperClass code="A"/><SuperClass code="C"/>')).report

    assert report.counts == {"orphan-parent": 1, "parent-cycle": 1}
    assert report.blocking == 1


def test_a_class_below_itself_whose_modifiers_are_asked_for_is_refused(load):
    """Inheritance that never ends ends in an error with the line."""
    chain = "".join(one(str(each), f'<SuperClass code="{each + 1}"/>') for each in range(60))

    with pytest.raises(FileUnreadableError, match="levels down, or below itself"):
        load(chain)


def test_combinations_without_end_are_refused(load):
    """A modifier of 200 values, three times over, is eight million codes."""
    values = "".join(value(f"M_{place}", str(each)) for place in (4, 5, 6) for each in range(200))
    modified = "".join(f'<ModifiedBy code="M_{place}"/>' for place in (4, 5, 6))

    with pytest.raises(FileUnreadableError, match=f"more than {COMBINATIONS_LIMIT:,} combinations"):
        load(values + one("A", modified))


def test_a_listed_code_is_not_made_again(load):
    """Where the file has A.0 of its own, that one is meant."""
    loaded = load(value("M_4", ".0") + value("M_4", ".1") + one("A", '<ModifiedBy code="M_4"/>') + one("A.0"))

    assert loaded.codes == ["A", "A.1", "A.0"]
    assert concept(loaded, "A.0").display == "A.0"


def test_the_position_that_a_file_states_decides_the_order(load):
    """Else the digit at the end of the modifier's name, as WHO names them."""
    modified = '<ModifiedBy code="LATER" position="5"/><ModifiedBy code="FIRST" position="4"/>'
    loaded = load(value("LATER", "0") + value("FIRST", ".1") + one("A", modified))

    assert loaded.codes == ["A", "A.1", "A.10"]


def test_modifiers_of_one_place_are_alternatives(load):
    """Two modifiers that both fill the fourth character do not follow each other."""
    modified = '<ModifiedBy code="ONE_4"/><ModifiedBy code="TWO_4"/>'
    loaded = load(value("ONE_4", ".1") + value("TWO_4", ".2") + one("A", modified))

    assert loaded.codes == ["A", "A.1", "A.2"]


@pytest.mark.parametrize(
    ("label", "text"),
    [
        ("storm<Reference>W02</Reference>", "storm W02"),
        ("(<Reference>W02</Reference>-<Reference>W03</Reference>)", "(W02-W03)"),
        ("storm<Reference class='in brackets' usage='d'>W02</Reference>of", "storm (W02†) of"),
        ("<Fragment usage='d'>dust</Fragment><Fragment>red</Fragment>", "dust† red"),
        ("H<Term class='subscript'>2</Term>O", "H2O"),
        ("<List><ListItem>a</ListItem><ListItem>b</ListItem></List>", "a b"),
    ],
)
def test_markup_becomes_the_text_that_a_reader_sees(load, label, text):
    """Whether or not the issuer left blanks around a reference."""
    marks = '<UsageKinds><UsageKind name="d" mark="†"/></UsageKinds>'
    noted = f'<Rubric kind="note"><Label xml:lang="en">{label}</Label></Rubric>'

    assert Property("note", text) in load(marks + one("A", noted)).concepts[0].properties


def test_the_last_version_is_compared():
    """Relabelled and gone codes are said, as for any source."""
    report = load_claml(SPECIMEN, previous=Dictionary({"W00": "Northerly", "Z99": "Gone"})).report

    assert (report.counts["display-changed"], report.counts["retired"]) == (1, 1)


def test_only_claml_is_recognised(tmp_path):
    """By its outermost element; never an exception."""
    (tmp_path / "other.xml").write_text("<Classification/>")
    (tmp_path / "named.ClaML").write_text("code,value\n")
    (tmp_path / "hostile.xml").write_text('<!DOCTYPE ClaML [<!ENTITY a "b">]><ClaML version="2"/>')

    assert recognises(SPECIMEN)
    assert [recognises(path) for path in (*sorted(tmp_path.iterdir()), tmp_path, tmp_path / "no")] == [False] * 5


@pytest.mark.parametrize(
    ("content", "said_of_it"),
    [
        ("<ClaML version='2.0.0'></ClaML>", "no Class"),
        ("<ClaML version='2.0.0'><Class code='A'>", "line 1"),
        ('<!DOCTYPE ClaML [<!ENTITY a "b">]><ClaML version="2"/>', "declares entities"),
    ],
)
def test_what_cannot_be_read_is_an_error(tmp_path, content, said_of_it):
    """Empty, cut short, hostile."""
    (tmp_path / "file").write_text(content)

    with pytest.raises(FileUnreadableError, match=said_of_it):
        load_claml(tmp_path / "file")
