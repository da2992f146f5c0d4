"""The real lists: each of their own rows is valid, and the mistakes of their own kind are found."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from maksa.check import Checker, check_file
from maksa.model.concept import Concept
from tests.check.conftest import FIRST
from tests.publish.conftest import House

DATA = Path(__file__).parents[3] / "shared" / "data"

pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="the real lists are not in ../shared/data")


def rows_of(name: str) -> list[dict[str, str]]:
    with (DATA / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def real(tmp_path_factory):
    """ICD10, eRX and the lists of thritaEHR."""
    house = House(tmp_path_factory.mktemp("real"))
    for name in ("ICD10", "eRX", "thritaEHR"):
        lists: dict[str, dict[str, str]] = {}
        for row in rows_of(name):
            lists.setdefault(row["terminology"], {}).setdefault(row["code"], row["value"])
        for terminology_id, displays in lists.items():
            house.load(terminology_id, "1", [Concept(code, display) for code, display in displays.items()])
            house.publish(terminology_id, "1", FIRST)
    yield house.shelf.view
    house.catalog.close()


@pytest.mark.parametrize("name", ["ICD10", "thritaEHR"])
def test_a_list_is_valid_against_itself(real, name):
    """Every row of the file as it is."""
    with check_file(DATA / f"{name}.csv", real) as checking:
        assert list(checking) == []
    assert checking.summary.checked == checking.summary.valid == len(rows_of(name))


def test_codes_without_their_dots_are_mended(real):
    """ICD10 as many systems send it: A000 for A00.0."""
    checker = Checker(real)
    dotted = [row for row in rows_of("ICD10") if "." in row["code"]][::97]

    for row in dotted:
        verdict = checker.judge("ICD10", row["code"].replace(".", ""), row["value"])
        assert verdict.correction is not None, row
        assert (verdict.slugs, verdict.correction.code) == (("code-punctuation",), row["code"])


def test_a_display_leads_to_its_code(real):
    """The code is nonsense; the title is on the list, or nearly. Titles of two codes give both."""
    checker = Checker(real)
    rows = rows_of("eRX")[::211]
    found = [checker.judge("eRX", "9999999999", row["value"]) for row in rows]
    for row, verdict in zip(rows, found, strict=True):
        assert row["code"] in {each.code for each in verdict.findings[0].suggestions}, row
    assert {verdict.slugs for verdict in found} == {("code-of-display",)}


def test_a_message_of_the_record_is_judged(real, tmp_path):
    """An admission as the health record takes it: lists of thritaEHR and a diagnosis, one part of each wrong."""
    path = tmp_path / "admission.json"
    message = {
        "Admission": {
            "Gender": {"Value": "مرد", "Terminology_id": "thritaEHR.gender", "Coded_string": "1"},
            "Type": {"Value": "بستري", "Terminology_id": "thritaEHR.AdmissionType", "Coded_string": "2"},
            "Diagnosis": [{"Value": "Cholera", "Terminology_id": "ICD-10", "Coded_string": "a00"}],
        }
    }
    path.write_text(json.dumps(message, ensure_ascii=False), "utf-8")
    with check_file(path, real) as checking:
        found = {str(each.place): each.verdict for each in checking}

    assert {place: verdict.slugs for place, verdict in found.items()} == {
        "/Admission/Type": ("terminology-case", "keyboard"),
        "/Admission/Diagnosis/0": ("terminology-spelling", "code-case"),
    }
    assert all(verdict.correction for verdict in found.values())
