"""`POST /check`: many coded texts judged in one call, under the access of ValidateCts."""

from __future__ import annotations

import json
import threading
from typing import Any

import pytest
from schemathesis.specs.openapi import checks

from maksa.wire.checks import TEXTS_LIMIT, read_texts
from tests.web.conftest import BASE, QUESTION, Answer, Service
from tests.web.test_openapi_fuzz import A_FEW, DOCUMENT, holds


def text(terminology_id: Any = "thritaEHR.Religion", code: Any = "1", display: Any = "اسلام") -> dict[str, Any]:
    return {"valueField": display, "terminology_idField": terminology_id, "coded_stringField": code}


def post(service: Service, body: object, path: str = "/check", **headers: str) -> Answer:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return service.send("POST", path, content, {**service.headers(), **headers})


def test_verdicts_come_in_the_order_of_the_texts(service):
    """In the envelope of every function; what is valid says so and no more."""
    answer = post(service, [text(), text("ThritaEHR"), text(code="۱"), text(display="")])
    data = answer.json()["result"]["data"]

    assert answer.status == 200
    assert answer.json()["status"] == {"statusCode": 200, "message": "OK"}
    assert data[0] == {"valid": True, "version": "1"}
    assert [[each["slug"] for each in verdict.get("findings", [])] for verdict in data] == [
        [], ["another-list"], ["code-digits"], ["missing-display"],
    ]  # fmt: skip
    assert {json.dumps(each.get("correction", text())) for each in data} == {json.dumps(text())}
    assert data[2]["findings"][0]["messageFa"] == "کد «۱» با رقم‌های لاتین نوشته می‌شود: «1»"


def test_a_text_is_spelled_in_either_way_of_the_functions(service):
    """Private and public .NET names; a null member is an absent one. [contract §2]"""
    spelled = {"Value": "اسلام", "Terminology_id": "thritaEHR.Religion", "Coded_string": "1"}
    data = post(service, [spelled, {**text(), "valueField": None}, {}]).json()["result"]["data"]

    assert [each["valid"] for each in data] == [True, False, False]
    assert data[1]["findings"][0]["slug"] == "missing-display"
    assert data[2]["findings"][0]["slug"] == "missing-terminology"


def test_a_date_and_a_version_are_asked_in_the_query(service):
    """The guide's eRX has two versions; before 1400/05/06 there was none."""
    of_1000 = text("eRX", "60281", "MOMETASONE FUROATE 0.1 % 15 g CREAM TOPICAL [MEGACORT]")

    def slugs(query: str) -> list[str]:
        return [
            each["slug"]
            for each in post(service, [of_1000], f"/check?{query}").json()["result"]["data"][0].get("findings", [])
        ]

    assert slugs("at=1399/01/01") == ["not-in-force"]
    assert slugs("version=1000") == ["not-yet"]
    assert slugs("version=10000") == []
    assert post(service, [of_1000], "/check?at=1403/07/31").status == 400


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (b"", "body"),
        (b"{", "body"),
        (b'{"valueField":"x"}', "body"),
        ([text()] * (TEXTS_LIMIT + 1), "body"),
        ([text(), 5], "[1]"),
        ([text(code=5)], "[0].coded_stringField"),
        (b"[" * 2000, "body"),
    ],
)
def test_what_is_no_array_of_texts_is_refused_by_name(service, body, field):
    answer = post(service, body)

    assert answer.status == 400
    assert answer.json()["violations"][0]["field"] == field


def test_too_large_a_body_is_refused_before_it_is_kept(service):
    assert post(service, b"[" + b" " * 1_100_000 + b"]").json()["violations"][0]["field"] == "body"


def test_who_may_not_validate_may_not_check(service):
    """The gate's checks, in its words; each with its requestId."""
    without = post(service, [text()], Authorization="Bearer nobody")
    foreign = post(service, [text()], pid="0" * 24)

    assert (without.status, foreign.status) == (401, 429)
    assert without.headers["requestid"] != foreign.headers["requestid"]
    assert service.send("GET", "/check").status == 404


def test_an_empty_array_has_no_verdicts(service):
    assert post(service, []).json()["result"]["data"] == []


def test_the_functions_are_answered_beside_a_full_check(service):
    """Texts are judged in a thread: a thousand wrong ones hold up nobody."""
    wrong = [text("eRX", f"x{n}", f"چیزی مانند {n}") for n in range(TEXTS_LIMIT)]
    checked: list[Answer] = []
    checking = threading.Thread(target=lambda: checked.append(post(service, wrong)))
    checking.start()
    asked = [service.send("POST", f"{BASE}/Terminology", QUESTION, service.headers()).status for _ in range(20)]
    checking.join()

    assert set(asked) == {200}
    assert len(checked[0].json()["result"]["data"]) == TEXTS_LIMIT


def test_a_text_that_no_file_takes_is_read_as_it_is():
    """Half a character is no fault of the request."""
    assert read_texts(b'[{"Value":"\\u0627"}]')[0].display == "ا"


@DOCUMENT.include(path="/check").parametrize()
@A_FEW
def test_it_is_as_it_is_described(case, patient_service):
    """But that a date may be refused: no schema says which exist."""
    holds(case, patient_service, patient_service.headers(), checks.positive_data_acceptance)
