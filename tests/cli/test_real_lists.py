"""The real lists, loaded, published and asked as an operator does it."""

from __future__ import annotations

import csv
from collections import Counter

import pytest

from tests.cli.conftest import DATA, NEEDS_DATA, run_in

pytestmark = [NEEDS_DATA, pytest.mark.xdist_group("real lists")]  # one process loads them

LISTS = {
    "eRX": ("eRX.csv", 12_597),
    "IRC": ("IRC.csv", 32_834),
    "ICD10": ("ICD10.csv", 12_246),
    "countryDivisions": ("countryDivisions_SCI.csv", 5_769),
    "ISO_3166-1": ("ISO_3166-1.csv", 249),
}


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """A home with each of them published once."""
    made = tmp_path_factory.mktemp("real") / "home"
    for terminology_id, (file, rows) in LISTS.items():
        loaded = run_in(made, "load", DATA / file, "--terminology", terminology_id, "--version", "1", "--json")
        assert (loaded.code, loaded.json["kept"], loaded.json["refused"], loaded.json["counts"]) == (0, rows, 0, {})
        done = run_in(made, "publish", terminology_id, "1", "--at", "1403/01/01")
        assert done.code == 0, done.err
    return made


def test_every_row_of_each_is_published(home):
    """As many concepts as the file has rows, in the order in which they were defined."""
    listed = run_in(home, "terminologies").rows

    assert [(row[0], int(row[2])) for row in listed] == [(name, rows) for name, (_, rows) in LISTS.items()]
    assert run_in(home, "verify", "--json").json == {"versions": len(LISTS), "faults": []}


@pytest.mark.parametrize(
    ("terminology_id", "code", "display"),
    [
        ("eRX", "60002", "ACETAMINOPHEN 100 mg/1mL 15 mL SOLUTION, DROPS ORAL"),
        ("IRC", "9154715040124503", "ACA TABLET ORAL 162.5 mg/32.5 mg/325 mg"),
        ("ICD10", "A00.0", "Cholera due to Vibrio cholerae 01, biovar cholerae"),
        ("countryDivisions", "000102", "مرکزی"),
        ("ISO_3166-1", "IR", "ایران، جمهوری اسلامی"),
    ],
)
def test_a_code_of_each(home, terminology_id, code, display):
    """Leading zeros are kept; sixteen digits too."""
    assert run_in(home, "lookup", terminology_id, code, "--json").json["display"] == display


def test_divisions_know_their_parents(home):
    """A province has none; a county has its province. The level is a property."""
    province, county = (run_in(home, "lookup", "countryDivisions", code, "--json").json for code in ("00", "0001"))

    assert (province["display"], province["parents"]) == ("مرکزی", [])
    assert (county["display"], county["parents"], county["properties"][0]["value"]) == ("اراک", ["00"], "county")


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("acetam drop", "60002"), ("DROPS acetaminophen", "60002"), ("۶۰۰۰۲", "60002"), ("60002", "60002"),
        ("اراک", "0001"), ("اراك", "0001"), ("ایران", "IR"), ("ايران", "IR"), ("iran", "IR"), ("cholera", "A00"),
    ],
)  # fmt: skip
def test_words_are_found_however_they_are_typed(home, text, first):
    """Persian and English, beginnings of words in any order, another keyboard, another set of digits."""
    assert first in [match["code"] for match in run_in(home, "search", text, "--json").json]


def test_each_list_of_a_file_of_many_is_loaded_by_its_id(tmp_path):
    """thritaEHR.csv holds 25: the rows of the others are skipped and counted, none is lost."""
    with (DATA / "thritaEHR.csv").open(encoding="utf-8", newline="") as file:
        rows = Counter(row["terminology"] for row in csv.DictReader(file))
    for terminology_id, count in rows.items():
        file = DATA / "thritaEHR.csv"
        told = run_in(tmp_path, "load", file, "--terminology", terminology_id, "--version", "1", "--json").json
        assert (told["read"], told["kept"], told["skipped"]) == (129, count, 129 - count)
        assert run_in(tmp_path, "publish", terminology_id, "1").code == 0

    listed = run_in(tmp_path, "terminologies", "--json").json
    assert {each["terminology_id"]: each["last"]["concepts"] for each in listed} == rows
    assert {"ThritaEHR", "thritaEHR.gender"} < rows.keys()
