"""Each specimen has a few rows as its issuer sends them, and one bad row."""

from __future__ import annotations

from maksa.model.concept import Concept, Designation, Property
from tests.loaders.conftest import SPECIMENS, Load


def test_persian_headers_and_two_languages(load: Load) -> None:
    """کد, عنوان and عنوان لاتین are the code, the display and its English. [README]"""
    concepts, report = load(SPECIMENS / "admission_type.csv", terminology_id="thritaEHR.admissionType")

    assert concepts[0] == Concept("1", "سرپایی", "fa", (Designation("en", "outpatient"),))
    assert [concept.code for concept in concepts] == ["1", "2"]
    assert report.recognised == {"code": "کد", "display": "عنوان", "display_en": "عنوان لاتین"}
    assert (report.read, report.kept, report.refused, report.skipped) == (3, 2, 1, 0)
    assert report.counts == {"repeated-code": 1}
    assert report.findings[0].message == "the code '2' is already in row 3"
    assert (report.findings[0].row, report.findings[0].column, report.findings[0].value) == (4, "کد", "2")


def test_a_column_headed_by_the_terminology_holds_its_codes(load: Load) -> None:
    """Of two columns of codes the asked terminology's own is meant; the other is a property."""
    concepts, report = load(SPECIMENS / "drugs.csv", terminology_id="erx")

    assert report.recognised == {"code": "eRX", "display": "value"}
    assert [concept.code for concept in concepts] == ["60002", "60281"]  # the guide's two drugs
    assert concepts[0].properties == (Property("IRC", "6623932191899378"),)
    assert concepts[0].language == "en"
    assert report.counts == {"blank-display": 1}
    assert report.findings[0].message_fa == "کد «60282» در هیچ ستونی مقدار ندارد"


def test_hierarchy_and_properties_of_a_tab_separated_list(load: Load) -> None:
    concepts, report = load(SPECIMENS / "divisions.tsv", terminology_id="countryDivisions")

    assert [(concept.code, concept.parents) for concept in concepts] == [
        ("IR", ()),
        ("IR-23", ("IR",)),  # تهران
        ("IR-10", ("IR",)),  # اصفهان
    ]
    assert concepts[1].properties == (Property("level", "province"),)
    assert report.counts == {"own-parent": 1}
    assert report.blocking == 0


def test_rows_of_other_terminologies_are_skipped_and_counted(load: Load) -> None:
    """The id matches without regard to case and blanks, as on the wire. [contract §2]"""
    loaded = load(SPECIMENS / "several_lists.csv", terminology_id="thritaEHR.Religion")

    assert loaded.codes == ["1", "2"]  # اسلام، مسیحیت
    assert (loaded.report.read, loaded.report.kept, loaded.report.refused, loaded.report.skipped) == (5, 2, 1, 2)
    assert loaded.report.counts == {"blank-code": 1, "trimmed": 1, "other-terminology": 2}
    assert loaded.report.findings[-1].message == "2 rows of other terminologies were left out: ContactType (2)"
