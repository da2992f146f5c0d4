"""A shelf with the mistakes of real messages in mind: lists of the guide in several versions, published once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from maksa.check import Checker, FileCheck, Verdict, check_file
from maksa.model.concept import Concept, Designation, Property
from maksa.model.concept_map import ConceptMap, MapEntry
from maksa.model.finding import LoadReport
from maksa.snapshot.shelf import View
from tests.publish.conftest import DAY, NOON, House

FIRST, SECOND = NOON, NOON + 365 * DAY
MOMETASONE = "MOMETASONE FUROATE 0.1 % 15 g CREAM TOPICAL [MEGACORT]"

ERX_1000 = {
    "60002": "ACETAMINOPHEN 100 mg/1mL 15 mL SOLUTION, DROPS ORAL",
    "60281": "MOMETASONE 0.1 % CREAM",
    "60900": "RANITIDINE 150 mg TABLET",
    "60901": "CISAPRIDE 10 mg TABLET",
    "60902": "ROFECOXIB 25 mg TABLET",
}
ERX_10000 = [
    Concept("60002", "ACETAMINOPHEN 100 mg / 1mL 15 mL SOLUTION / DROPS ORAL", "en"),
    Concept("60281", MOMETASONE, "en", (Designation("fa", "پماد مومتازون"),)),
    Concept("60500", "IBUPROFEN 400 mg TABLET ORAL", "en"),
    Concept("63504", "METHOTREXATE SODIUM 25 mg/1mL 2 mL INJECTION", "en"),
    Concept("65179", "METHOTREXATE SODIUM 2.5 mg/1mL 2 mL INJECTION", "en"),
    Concept("60910", "FAMOTIDINE 20 mg TABLET", "en"),
    Concept("60911", "METOCLOPRAMIDE 10 mg TABLET", "en"),
    Concept("60950", "PARACETAMOL 500 mg TABLET", "en", (), (Property("replaced_by", "60002"),), (), "retired"),
]
CONTACTS = {
    "1": "تلفن منزل", "2": "تلفن محل کار", "3": "تلفن همراه شخصی", "6": "پست الکترونیکی شخصی",
    "7": "پست الکترونیکی محل کار", "8": "نشانی وبسایت شخصی", "12": "تلفن همراه محل کار", "14": "نشانی می‌شود",
}  # fmt: skip
ICD = {
    "A00": "Cholera",
    "A00.0": "Cholera due to Vibrio cholerae 01, biovar cholerae",
    "I21.9": "Acute myocardial infarction",
}
ICD_FA = {"A00": "وبا", "A00.0": "وبا ناشی از ویبریو کلرا", "I21.9": "سکتهٔ قلبی"}


def published(house: House) -> None:
    """Every list of these tests."""
    house.release("eRX", "1000", ERX_1000, FIRST)
    house.load("eRX", "10000", ERX_10000)
    house.publish("eRX", "10000", SECOND)
    house.release("ContactType", "1", CONTACTS, FIRST)
    house.release("thritaEHR.Religion", "1", {"1": "اسلام", "2": "مسیحیت"}, FIRST)
    house.release("thritaEHR.gender", "1", {"1": "مرد", "2": "زن"}, FIRST)
    house.release("thritaEHR.conditionOnDischarge", "1", {"1": "بهبودی", "8": "غیره"}, FIRST)
    house.release("thritaEHR.specimenAdequacy", "1", {"1": "کافی", "9": "غیره"}, FIRST)
    house.release("ThritaEHR", "1", {"1.1.1.2": "incomplete"}, FIRST)
    house.release("ICD10", "2019", ICD, FIRST)
    house.release("ICD10-FA", "2019", ICD_FA, FIRST)
    house.release("SNOMEDCT", "2021", {"22298006": "Myocardial infarction", "63650001": "Cholera"}, FIRST)
    house.release("countryDivisions", "1", {"00": "مرکزی", "0001": "اراک", "07": "فارس"}, FIRST)
    house.release("IRC", "1", {"9154715040124503": "ACA TABLET ORAL", "1364308469059620": "ACA SYRUP ORAL"}, FIRST)
    replaced = ConceptMap(map_id="eRX-successors", source_id="eRX", target_id="eRX")
    entries = [MapEntry("60900", "60910"), MapEntry("60901", "60911", "related-to")]
    report = LoadReport(file="map.csv", sheet="", terminology_id="eRX-successors", label="1", recognised={})
    house.catalog.write_map(replaced, "1", entries, published=house.manifest.versions, report=report)
    house.publish("eRX-successors", "1", SECOND)


@pytest.fixture(scope="session")
def view(tmp_path_factory: pytest.TempPathFactory) -> Iterator[View]:
    """What those lists make."""
    house = House(tmp_path_factory.mktemp("checked"))
    published(house)
    yield house.shelf.view
    house.catalog.close()


@pytest.fixture(scope="session")
def checker(view: View) -> Checker:
    return Checker(view)


Judge = Callable[..., Verdict]


@pytest.fixture(scope="session")
def judge(checker: Checker) -> Judge:
    """`judge(terminology_id, code, display)`: the verdict on a coded text against the last versions."""
    return checker.judge


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Writes a file of the test's own."""

    def written(content: str | bytes, name: str = "messages") -> Path:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return written


@pytest.fixture
def checked(view) -> Iterator[Callable[..., FileCheck]]:
    """`checked(path)`: the check of a file; its findings are still to be read."""
    with ExitStack() as opened_checks:

        def run(path: Path, **more: object) -> FileCheck:
            return opened_checks.enter_context(check_file(path, view, **more))

        yield run
