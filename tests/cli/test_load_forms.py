"""`maksa load` tells the form of a file by its content, says which, and can be told."""

from __future__ import annotations

import pytest

from bench import release

GEM = "0010  A000    00000\n36570 NoDx    11000\n"


@pytest.fixture
def snomed(tmp_path):
    return release.write(tmp_path / "release", 60)


def test_a_release_folder_is_recognised_loaded_and_published(maksa, snomed):
    """With its hierarchy: a concept has its parents, and says so."""
    loaded = maksa("load", snomed, "--terminology", "SNOMEDCT", "--version", "20240101")
    published = maksa("publish", "SNOMEDCT", "20240101")

    assert (loaded.code, published.code) == (0, 0), loaded.err + published.err
    assert "is SNOMED CT RF2 release, Snapshot" in loaded.err
    assert maksa("lookup", "SNOMEDCT", "1000001000", "--json").json["parents"]


def test_what_was_recognised_is_in_the_report_as_json(maksa, snomed):
    """For a program that loads."""
    report = maksa("load", snomed, "--terminology", "SNOMEDCT", "--version", "1", "--dry-run", "--json").json

    assert report["recognised"]["date"] == "20240101"
    assert report["read"] == report["kept"]


def test_a_map_file_becomes_a_map_under_the_asked_id(maksa, tmp_path):
    """A GEM has no concepts of its own."""
    (tmp_path / "gem.txt").write_text(GEM)
    loaded = maksa("load", tmp_path / "gem.txt", "--terminology", "ICD9-ICD10", "--version", "2018")

    assert loaded.code == 0, loaded.err
    assert "2 entries" in maksa("publish", "ICD9-ICD10", "2018").out


def test_a_form_can_be_told(maksa, tmp_path):
    """A table with the columns of drugs, loaded as any other table."""
    (tmp_path / "list.csv").write_text("IRC,eRX,code,value\n1,2,a,one\n")
    told = maksa("load", tmp_path / "list.csv", "--terminology", "X", "--version", "1", "--form", "table")
    recognised = maksa("load", tmp_path / "list.csv", "--terminology", "X", "--version", "1")

    assert (told.code, recognised.code) == (0, 3)


@pytest.mark.parametrize(
    ("option", "value", "said"),
    [
        ("--sheet", "2", "sheet can be asked of other forms; this is SNOMED CT RF2 release"),
        ("--as-of", "1402/01/01", "needs the Full files"),
        ("--form", "loinc", "no LOINC table"),
    ],
)
def test_what_the_release_cannot_do_is_said_with_its_place(maksa, snomed, option, value, said):
    """Exit code 3: the file is not what was asked for."""
    refused = maksa("load", snomed, "--terminology", "SNOMEDCT", "--version", "1", option, value)

    assert refused.code == 3
    assert said in refused.err
    assert str(snomed) in refused.err
