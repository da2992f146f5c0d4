"""The registry of known terminologies: the documents' own ids, found in any case and by canonical address."""

from __future__ import annotations

import pytest

from maksa.model.registry import id_of, known, known_terminologies, pair_of
from maksa.model.terminology import checked_id, key_of

SAMPLE = """ICD10 ICD10-FA ISO_3166-1 Country thritaEHR.admissionType thritaEHR.birthDateAccuracy DateAccuracy California
thritaEHR.conditionOnDischarge thritaEHR.BedStatus thritaEHR.RelatedPerson thritaEHR.WardType ThritaEHR CDT MEQ SNOMEDCT LNC
eRX UCUM ATC countryDivisions IRC CDT-FA ADA ContactType thritaEHR.Religion RVU3""".split()


def test_every_id_that_the_documents_name_is_known():
    """CtsTerminologies' sample, and those named elsewhere. [contract §5]"""
    assert {each.id for each in known_terminologies()} == set(SAMPLE)


def test_an_id_is_found_in_any_case():
    """As everywhere: ids match without regard to case. [contract §2]"""
    assert known(" icd10-fa ") is known("ICD10-FA")
    assert known("Unheard-of") is None


@pytest.mark.parametrize(
    ("url", "terminology_id"),
    [
        ("http://snomed.info/sct", "SNOMEDCT"),
        ("http://loinc.org/", "LNC"),
        ("http://unitsofmeasure.org", "UCUM"),
        ("http://hl7.org/fhir/sid/icd-10", "ICD10"),
        ("http://example.org/else", ""),
        ("", ""),
    ],
)
def test_a_canonical_address_leads_to_its_id(url, terminology_id):
    """FHIR names code systems by address, the wire by id."""
    assert id_of(url) == terminology_id


def test_every_line_could_be_loaded():
    """Ids are spelled as ids may be, no two alike, no address twice; a title in each language but where none is known."""
    lines = known_terminologies()
    addresses = [each.url for each in lines if each.url]

    assert [checked_id(each.id) for each in lines] == [each.id for each in lines]
    assert len({key_of(each.id) for each in lines}) == len(lines)
    assert len(set(addresses)) == len(addresses)
    assert [each.id for each in lines if not (each.title_fa and each.title_en and each.licence)] == ["MEQ"]


@pytest.mark.parametrize(
    ("terminology_id", "other"),
    [
        ("ICD10", "ICD10-FA"),
        ("icd10-fa", "ICD10"),
        ("CDT", "CDT-FA"),
        ("cdt-fa", "CDT"),
        ("eRX", ""),
        ("Unheard-of", ""),
    ],
)
def test_a_translation_and_its_original_are_a_pair(terminology_id, other):
    """Each leads to the other, in any case; what has no translation, or is unknown, leads nowhere."""
    assert pair_of(terminology_id) == other


def test_an_original_has_one_translation():
    """Each translation is of a line of the registry, of which there is no second and which is none itself."""
    originals = [each.translation_of for each in known_terminologies() if each.translation_of]

    assert len(set(originals)) == len(originals)
    assert [known(each).translation_of for each in originals] == [""] * len(originals)


def test_issuer_and_licence_are_said_in_both_languages():
    """A Persian page shows no English words of ours: where the one is said, so is the other."""
    for each in known_terminologies():
        assert bool(each.issuer) == bool(each.issuer_fa), each.id
        assert bool(each.licence) == bool(each.licence_fa), each.id
        assert not each.issuer_fa.isascii() or not each.issuer_fa, each.id
