"""Mistakes of real messages, each with what the checker makes of it.

What this folder owes: every finding is made by a test, and every certain correction is valid when it is judged itself.
Source: contract, section 2, and the sample requests of the guide.
"""

from __future__ import annotations

import pytest

from maksa.check.wording import WORDINGS
from tests.check.conftest import MOMETASONE

VALID = [
    ("thritaEHR.Religion", "1", "اسلام"),
    ("ContactType", "6", "پست الکترونیکی شخصی"),
    ("eRX", "60281", MOMETASONE),
    ("http://snomed.info/sct", "22298006", "Myocardial infarction"),
    ("urn:oid:2.16.840.1.113883.6.96", "22298006", "Myocardial infarction"),
    ("http://hl7.org/fhir/sid/icd-10", "A00", "Cholera"),
]


@pytest.mark.parametrize("text", VALID)
def test_what_is_published_is_valid(judge, text):
    """By its id, or by the canonical address that FHIR writes instead."""
    verdict = judge(*text)

    assert (verdict.findings, verdict.correction, verdict.is_valid) == ((), None, True)


CERTAIN = [
    # ids match in any case and with blanks around them: `ERX`, `erX`, `" thritaEHR.Religion"`
    (("ERX", "60281", MOMETASONE), "terminology-case", ("eRX", "60281", MOMETASONE)),
    (("erX", "60281", MOMETASONE), "terminology-case", ("eRX", "60281", MOMETASONE)),
    ((" thritaEHR.Religion", "1", "اسلام"), "blanks", ("thritaEHR.Religion", "1", "اسلام")),
    (("ContactType", " 1 ", "تلفن  منزل "), "blanks", ("ContactType", "1", "تلفن منزل")),
    # the same text on another keyboard: 37 of 49 codes with several spellings
    (("ContactType", "6", "پست الكترونيكي شخصي"), "keyboard", ("ContactType", "6", "پست الکترونیکی شخصی")),
    # two terminologies, not one
    (("ThritaEHR", "1", "اسلام"), "another-list", ("thritaEHR.Religion", "1", "اسلام")),
    (("Religion", "1", "اسلام"), "terminology-spelling", ("thritaEHR.Religion", "1", "اسلام")),
    (("thritaEHR.Religon", "1", "اسلام"), "terminology-spelling", ("thritaEHR.Religion", "1", "اسلام")),
    (("ICD-10", "A00", "Cholera"), "terminology-spelling", ("ICD10", "A00", "Cholera")),
    (("SNOMED CT", "63650001", "Cholera"), "terminology-spelling", ("SNOMEDCT", "63650001", "Cholera")),
    # SNOMED CT labelled ICD10
    (("ICD10", "22298006", "Myocardial infarction"), "another-list", ("SNOMEDCT", "22298006", "Myocardial infarction")),
    # neither the half-space, nor case, nor diacritics are forgiven
    (("ContactType", "14", "نشانی می شود"), "letters-only", ("ContactType", "14", "نشانی می‌شود")),
    (("ContactType", "14", "نشانی میشود"), "letters-only", ("ContactType", "14", "نشانی می‌شود")),
    (("ICD10", "A00", "CHOLERA"), "letters-only", ("ICD10", "A00", "Cholera")),
    (("thritaEHR.Religion", "1", "اِسلام"), "letters-only", ("thritaEHR.Religion", "1", "اسلام")),
    # codes match exactly
    (("eRX", "۶۰۲۸۱", MOMETASONE), "code-digits", ("eRX", "60281", MOMETASONE)),
    (("eRX", "٦٠٢٨١", MOMETASONE), "code-digits", ("eRX", "60281", MOMETASONE)),
    (("eRX", "60281.0", MOMETASONE), "code-number", ("eRX", "60281", MOMETASONE)),
    (("ICD10", "a00", "Cholera"), "code-case", ("ICD10", "A00", "Cholera")),
    (("ICD10", "I219", "Acute myocardial infarction"), "code-punctuation", ("ICD10", "I21.9", "Acute myocardial infarction")),
    (("ICD10", "I 21.9", "Acute myocardial infarction"), "code-punctuation", ("ICD10", "I21.9", "Acute myocardial infarction")),
    (("countryDivisions", "7", "فارس"), "code-zeros", ("countryDivisions", "07", "فارس")),
    (("countryDivisions", "1", "اراک"), "code-zeros", ("countryDivisions", "0001", "اراک")),
    (("countryDivisions", "007", "فارس"), "code-zeros", ("countryDivisions", "07", "فارس")),
    (("eRX", "60282", MOMETASONE), "near-code", ("eRX", "60281", MOMETASONE)),
    (("ICD10", "1364308469059620", "ACA SYRUP ORAL"), "another-list", ("IRC", "1364308469059620", "ACA SYRUP ORAL")),
    # a spreadsheet has made a number of the code, and what is left of it agrees with the display
    (("IRC", "9.15472E+15", "ACA TABLET ORAL"), "digits-lost", ("IRC", "9154715040124503", "ACA TABLET ORAL")),
    (("IRC", "9154715040124500", "ACA TABLET ORAL"), "digits-lost", ("IRC", "9154715040124503", "ACA TABLET ORAL")),
    (("eRX", "6.0281E+04", MOMETASONE), "code-number", ("eRX", "60281", MOMETASONE)),
    (("eRX", "6E+04", MOMETASONE), "digits-lost", ("eRX", "60281", MOMETASONE)),
    # the parts in each other's place
    (("ContactType", "پست الکترونیکی شخصی", "6"), "swapped", ("ContactType", "6", "پست الکترونیکی شخصی")),
    (("اسلام", "1", "thritaEHR.Religion"), "swapped", ("thritaEHR.Religion", "1", "اسلام")),
    # the display of another version, of another wording, of another language
    (("eRX", "60281", "MOMETASONE 0.1 % CREAM"), "old-display", ("eRX", "60281", MOMETASONE)),
    (("eRX", "60281", "پماد مومتازون"), "designation", ("eRX", "60281", MOMETASONE)),
    (("ICD10", "A00", "وبا"), "other-language", ("ICD10", "A00", "Cholera")),
    # no more there, and what a map of the issuer has in its place
    (("eRX", "60900", "RANITIDINE 150 mg TABLET"), "retired", ("eRX", "60910", "FAMOTIDINE 20 mg TABLET")),
    # a null member is an absent one
    (("ContactType", "", "تلفن منزل"), "missing-code", ("ContactType", "1", "تلفن منزل")),
    (("ContactType", "1", ""), "missing-display", ("ContactType", "1", "تلفن منزل")),
    (("ContactType", "1\u200f", "تلفن منزل"), "control-character", ("ContactType", "1", "تلفن منزل")),
    (("ContactType", "1", "تلفن\x07 منزل"), "control-character", ("ContactType", "1", "تلفن منزل")),
]  # fmt: skip


@pytest.mark.parametrize(("given", "slug", "right"), CERTAIN)
def test_a_mistake_whose_meaning_is_certain_is_corrected(judge, given, slug, right):
    """The correction is valid itself."""
    verdict = judge(*given)

    assert verdict.slugs == (slug,)
    assert verdict.is_valid is (WORDINGS[slug].severity == "warning")
    assert verdict.correction is not None
    correction = verdict.correction
    assert (correction.terminology_id, correction.code, correction.display) == right
    assert judge(*right).findings == ()


DOUBTFUL = [
    (("ContactType", "7", "پست الکترونیکی شخصی"), "other-code", {"6", "7"}),
    (("thritaEHR.gender", "1", "اسلام"), "another-list", {"1"}),
    (("eRX", "60500", "IBUPROFEN 200 mg TABLET ORAL"), "wrong-display", {"60500"}),
    (("eRX", "60500", "IBUPROFENE 400 mg TABLET ORAL"), "near-display", {"60500"}),
    (("eRX", "99", "IBUPROFEN 400 mg TABLET ORAL"), "code-of-display", {"60500"}),
    (("eRX", "99", "IBUPROFN 400 mg TABLET ORAL"), "near-code", {"60500"}),
    (("eRX", "60282", ""), "near-code", {"60281"}),
    (("eRX", "99999999", "nothing like it"), "unknown-code", set()),
    (("countryDivisions", "1", "شیراز"), "code-zeros", {"0001"}),
    (("eRX", "60901", "CISAPRIDE 10 mg TABLET"), "retired", {"60911"}),
    (("eRX", "60902", "ROFECOXIB 25 mg TABLET"), "retired", set()),
    (("eRX", "60900", "METOCLOPRAMIDE"), "retired", {"60910"}),
    (("IRC", "9.15472E+15", "another"), "digits-lost", set()),
    (("IRC", "8.15472E+15", "ACA TABLET ORAL"), "digits-lost", set()),
    (("IRC", "9154715040124500", "another"), "digits-lost", {"9154715040124503"}),
    (("eRX", "6E+04", "another"), "digits-lost", set()),
    (("ICD11", "A00", "Cholera"), "unknown-terminology", {"A00"}),
    (("thritaEHR.conditionOnDischarge", "9", "غیره"), "another-list", {"8", "9"}),
    (("", "1", "اسلام"), "missing-terminology", {"1"}),
    (("ContactType", "", "تلفن"), "missing-code", set()),
    (("MEQ", "1", "x"), "terminology-not-published", set()),
    (("NoSuchTerminology", "6", "x"), "unknown-terminology", set()),
]


@pytest.mark.parametrize(("given", "slug", "suggested"), DOUBTFUL)
def test_a_mistake_of_doubtful_meaning_gets_suggestions_only(judge, given, slug, suggested):
    """Likeness alone never goes into a corrected file: 200 mg is not 400 mg."""
    verdict = judge(*given)

    assert verdict.slugs == (slug,)
    assert (verdict.is_valid, verdict.correction) == (False, None)
    assert {each.code for each in verdict.findings[0].suggestions} == suggested


def test_a_display_of_an_old_version_names_the_versions(judge):
    """«متن نسخهٔ ۱۰۰۰», and since when it is another."""
    (finding,) = judge("eRX", "60281", "MOMETASONE 0.1 % CREAM").findings

    assert finding.message.startswith(
        "'MOMETASONE 0.1 % CREAM' was the display of '60281' until version 1000; since version 10000"
    )
    assert "متن نسخهٔ «1000» است" in finding.message_fa
    assert (finding.version, finding.part) == ("10000", "display")


def test_a_retired_code_that_is_still_listed_is_a_warning_with_its_successor(judge):
    """The service takes it; its own property names what to write now."""
    verdict = judge("eRX", "60950", "PARACETAMOL 500 mg TABLET")

    assert verdict.is_valid
    assert verdict.slugs == ("inactive",)
    assert [each.code for each in verdict.findings[0].suggestions] == ["60002"]


def test_a_sentence_shows_half_spaces_as_they_are_read(judge):
    assert judge("ContactType", "14", "نشانی").findings[0].message.startswith("'14' is 'نشانی می‌شود' since")


def test_several_mistakes_of_one_text_are_all_told(judge):
    """And mended together, where each is certain."""
    verdict = judge(" erx ", "۶۰۲۸۱", "mometasone 0.1 % cream")

    assert verdict.slugs == ("blanks", "terminology-case", "code-digits", "wrong-display")
    verdict = judge(" erx ", "۶۰۲۸۱", "MOMETASONE 0.1 % CREAM")
    assert verdict.correction == judge("eRX", "60281", MOMETASONE).given


def test_without_displays_the_code_alone_is_judged(judge):
    """None is a file that has no displays; a blank one is missing."""
    assert judge("eRX", "60281", None).findings == ()
    assert judge("eRX", "۶۰۲۸۱", None).slugs == ("code-digits",)
    assert judge("eRX", "60281", "").slugs == ("missing-display",)


def test_a_terminology_in_doubt_is_asked_back(judge):
    """With what it may be, in both languages."""
    (finding,) = judge("thritaEHR.gendr", "9", "x").findings

    assert finding.slug == "unknown-terminology"
    assert finding.message == "there is no terminology 'thritaEHR.gendr'; is 'thritaEHR.gender' meant?"
    assert finding.message_fa == "ترمینولوژی «thritaEHR.gendr» وجود ندارد؛ آیا «thritaEHR.gender» منظور است؟"


@pytest.mark.parametrize(
    ("code", "damage"),
    [("6.02810000000000E+15", "digits-lost"), ("2023-05-06", "date-for-code"), ("TRUE", "boolean-for-code")],
)
def test_what_a_spreadsheet_has_destroyed_is_told_apart(judge, code, damage):
    """The code is not there any more; its display says which it was, unless that is no number that could have become this one."""
    verdict = judge("eRX", code, MOMETASONE, damage)

    assert verdict.slugs == (damage,)
    assert verdict.correction == (None if damage == "digits-lost" else judge("eRX", "60281", MOMETASONE).given)
    assert judge("eRX", code, "nothing like it", damage).correction is None


@pytest.mark.parametrize(
    ("dose", "code"),
    [("25 mg/1mL", "63504"), ("2.5 mg/1mL", "65179"), ("2,5 mg / 1mL", "65179"), ("25. mg/1mL", "63504")],
)
def test_a_dose_is_never_taken_for_another(judge, dose, code):
    """Two strengths of methotrexate differ by a point: whose display a text is goes by its numbers too."""
    unknown, wrong = (judge("eRX", each, f"METHOTREXATE SODIUM {dose} 2 mL INJECTION") for each in ("99", "60500"))

    assert (unknown.slugs, wrong.slugs) == (("code-of-display",), ("other-code",))
    assert [each.code for each in unknown.findings[0].suggestions] == [code]
    assert wrong.findings[0].suggestions[0].code == code
    assert judge("eRX", "99", "METHOTREXATE SODIUM 250 mg/1mL 2 mL INJECTION").slugs == ("near-code",)


def test_the_dots_of_a_code_are_certain_where_they_are_missing_not_where_they_are_moved(judge):
    """C6.8 may be C06.8 without a zero or C68 with a dot too many; A000 can be A00.0 only."""
    assert judge("ICD10", "A000", None).correction is not None
    assert judge("ICD10", "A00-0", None).correction is not None
    assert judge("ICD10", "A0.0", None).correction is None
    assert judge("ICD10", "A0.0", "Cholera").correction is not None


def test_what_is_suggested_first_is_nearest_by_code_and_display(judge):
    """The letter O for a zero comes before another digit; of displays that are alike, the one whose code is one key away."""
    assert judge("ICD10", "A0O", "x").findings[0].suggestions[0].code == "A00"
    assert [each.code for each in judge("eRX", "60283", "MOMETASON CREAM").findings[0].suggestions][:1] == ["60281"]
