"""The wire, over a real socket: every sample of the guide, every spelling, every status, in the contract's order."""

from __future__ import annotations

import json
import uuid

import pytest

from maksa.wire.ditas.functions import BASES, FUNCTIONS
from tests.web.conftest import BASE, SPEC, add_account

EXAMPLES = json.loads((SPEC / "examples.json").read_text(encoding="utf-8"))["examples"] if SPEC.exists() else []
NOTHING = {"result": {"status": {"statusCode": 404}}, "status": {"statusCode": 200, "message": "OK"}}


@pytest.mark.skipif(not EXAMPLES, reason="../shared/spec is not beside the repository")
@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example["name"])
def test_every_sample_of_the_guide_is_answered_so(service, example):
    """A request as the guide shows it gets the answer that the guide shows."""
    asked = example["request"]
    headers = service.headers() if "token" not in asked else {"pid": service.pid, "Content-Type": "application/json"}
    answer = service.send(asked["method"], asked["path"], json.dumps(asked["json"]).encode(), headers)

    assert answer.status == example["response"]["http"]
    assert_matches(answer.json(), example["response"]["json"], example["response"]["match"])


def assert_matches(actual, expected, match):
    """As examples.json explains its `match`."""
    if match == "exact":
        assert actual == expected
        return
    rest = iter(actual["result"].pop("data"))
    for wanted in expected["result"].pop("data"):
        assert any(same(row, wanted, any_integer="any integer" in match) for row in rest), wanted
    assert actual == expected


def same(row, wanted, *, any_integer):
    """Whether the rows are equal, `id` and `VersionId` compared by kind where the sample says so."""
    if any_integer and isinstance(row, dict):
        loose = {"id", "VersionId"}
        return row.keys() == wanted.keys() and all(
            isinstance(row[name], int) if name in loose else row[name] == wanted[name] for name in wanted
        )
    return row == wanted


QUESTIONS = {
    "Terminology": {"terminologyId": "thritaEHR.Religion", "codedString": "1"},
    "SearchTerminology": {"TerminologyId": "ContactType", "FromDate": {"yearField": 1390}},
    "ValidateCts": {
        "DoCodedText": {"valueField": "اسلام", "terminology_idField": "thritaEHR.Religion", "coded_stringField": "1"}
    },
    "CtsTerminologies": {"FromDate": {"yearField": 1390}},
    "TerminologyValueByVersion": {"terminologyId": "eRX", "codedString": "60002", "version": "1000"},
    "TerminologiesTermByVersion": {"terminologyId": "eRX", "version": "10000"},
    "TerminologyVersions": {"terminologyId": "eRX"},
}


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("base", BASES)
@pytest.mark.parametrize("function", list(FUNCTIONS))
def test_every_function_answers_both_methods_under_both_paths(service, function, base, method):
    """Many HTTP stacks cannot send a body with GET. [contract §2]"""
    answer = service.send(method, f"{base}/{function}", json.dumps(QUESTIONS[function]).encode(), service.headers())

    assert (answer.status, answer.json()["result"]["status"]) == (200, {"statusCode": 200})


@pytest.mark.parametrize(
    ("function", "query"),
    [
        ("Terminology", "terminologyId=thritaEHR.Religion&codedString=1"),
        ("Terminology", "TERMINOLOGY_IDFIELD=%20thritaehr.religion&CodedString=1"),
        (
            "ValidateCts",
            "valueField=%D8%A7%D8%B3%D9%84%D8%A7%D9%85&terminology_idField=thritaEHR.Religion&coded_stringField=1",
        ),
        ("CtsTerminologies", "FromDate=1390/10/10"),
        ("CtsTerminologies", "FromDate.yearField=1390&FromDate.monthField=10"),
        ("SearchTerminology", "TerminologyId=ContactType&FromDate[yearField]=1390"),
        ("TerminologyVersions", "terminologyId=ERX"),
    ],
)
def test_the_same_fields_as_query_parameters(service, function, query):
    """GET without a body. [contract §2]"""
    answer = service.send("GET", f"{BASE}/{function}?{query}", None, service.headers())

    assert (answer.status, answer.json()["result"]["status"]) == (200, {"statusCode": 200})


def test_bytes_are_the_contracts(ask):
    """Compact JSON, members in the guide's order, Persian unescaped. [contract §3]"""
    answer = ask("Terminology", method="GET", terminologyId="thritaEHR.Religion", codedString="1")

    expected = r'{"result":{"data":"\"اسلام\"","status":{"statusCode":200}},"status":{"statusCode":200,"message":"OK"}}'
    assert answer.body.decode() == expected
    assert answer.headers["content-type"] == "application/json;charset=UTF-8"


def test_public_names_are_read_and_null_is_absence(ask):
    """`Value`, `Terminology_id`, `Coded_string` of the same classes; a null member is none. [contract §2]"""
    text = {"valueField": None, "Value": "اسلام", "Terminology_id": "thritaEHR.Religion", "Coded_string": " 1 "}

    assert ask("ValidateCts", DoCodedText=text).json()["result"]["data"] == "true"


def test_validation_forgives_the_keyboard(ask):
    """Arabic letters and runs of blanks make the same text. [contract §2]"""
    text = {"valueField": "پست  الکترونيكي شخصي", "terminology_idField": "ContactType", "coded_stringField": "6"}

    assert ask("ValidateCts", DoCodedText=text).json()["result"]["data"] == "true"


def test_unknown_code_is_404_inside_200(ask):
    """The gateway succeeds and the provider finds nothing. [contract §2]"""
    assert ask("Terminology", terminologyId="ICD10", codedString="ZZZ").json() == NOTHING


def test_unknown_fields_are_ignored(ask):
    """Clients send what they have."""
    answer = ask("Terminology", terminologyId="thritaEHR.Religion", codedString="1", extra={"a": [1]}, requestId=7)

    assert answer.json()["result"]["data"] == '"اسلام"'


@pytest.mark.parametrize(
    ("function", "fields", "named"),
    [
        ("Terminology", {}, ["terminologyId", "codedString"]),
        ("Terminology", {"terminologyId": 7, "codedString": "1"}, ["terminologyId"]),
        ("Terminology", {"terminologyId": "eRX", "codedString": ["1"]}, ["codedString"]),
        ("SearchTerminology", {"TerminologyId": "eRX"}, ["FromDate"]),
        (
            "SearchTerminology",
            {"TerminologyId": "eRX", "FromDate": {"yearField": 1403, "monthField": 7, "dayField": 31}},
            None,
        ),
        ("CtsTerminologies", {"FromDate": {"yearField": 1400, "monthField": 13}}, None),
        ("CtsTerminologies", {"FromDate": {"yearField": "1400"}}, None),
        ("ValidateCts", {"DoCodedText": {"terminology_idField": "eRX", "coded_stringField": "1"}}, None),
        ("ValidateCts", {"DoCodedText": "eRX"}, ["DoCodedText"]),
    ],
)
def test_a_bad_request_names_each_fault(ask, function, fields, named):
    """One violation for each, so that its caller can mend it. [contract §3]"""
    answer = ask(function, **fields)

    assert (answer.status, answer.json()["status"]) == (400, {"statusCode": 400, "message": "Bad request."})
    assert "result" not in answer.json()
    assert all(violation.keys() == {"field", "message"} for violation in answer.json()["violations"])
    if named:
        assert [violation["field"] for violation in answer.json()["violations"]] == named


@pytest.mark.parametrize("function", FUNCTIONS)
def test_of_several_faults_the_first_in_order_is_told(service, function):
    """401, then 429, then 400: each request has every fault that comes after its own. [contract §3, the order of checks]"""
    known, path = service.headers(), f"{BASE}/{function}"
    told = [
        service.send("POST", path, b"{", headers).status
        for headers in (
            {},
            service.headers(token="11111111-1111-4111-8111-111111111111", pid="0" * 24),
            {"Authorization": known["Authorization"]},
            service.headers(pid="0" * 24),
            known,
        )
    ]

    assert told == [401, 401, 429, 429, 400]


def test_a_token_not_known_is_401(service):
    """Unknown, malformed or missing: the same words. [contract §3]"""
    for token in (str(uuid.uuid4()), "x", "", "é" * 50):
        answer = service.send(
            "POST",
            f"{BASE}/Terminology",
            b"{}",
            {"Authorization": f"Bearer {token}".encode("latin-1").decode("latin-1")},
        )

        assert answer.status == 401
        assert answer.json() == {"status": {"statusCode": 401, "message": "Credential is not valid!"}}


def test_the_flat_401_of_one_function(service):
    """As the guide shows it. [contract §3]"""
    answer = service.send("POST", f"{BASE}/TerminologyValueByVersion", b"{}", {"pid": service.pid})

    assert (answer.status, answer.body) == (401, b'{"status":0,"code":401,"msg":"","violations":[]}')


@pytest.mark.parametrize("pid", ["", "0" * 24, "not a pid", "f" * 400])
def test_a_pid_not_known_is_429(service, pid):
    """Missing, unknown or malformed. [contract §3]"""
    answer = service.send("POST", f"{BASE}/Terminology", b"{}", service.headers(pid=pid))

    assert answer.status == 429
    assert answer.json()["status"]["message"] == "Too many requests or Access denied!"


def test_a_pid_grants_its_functions_only(service):
    """One pid for a group of functions. [contract §2]"""
    some = add_account(service.home, "some", "--function", "Terminology", "--function", "ValidateCts")
    granted = service.grant(
        (some["client_id"], some["client_secret"]),
        grant_type="password", username=some["username"], password=some["password"],
    )  # fmt: skip
    headers = service.headers(token=granted.json()["access_token"], pid=some["pids"][0]["pid"].upper())
    body = json.dumps(QUESTIONS["Terminology"]).encode()

    assert service.send("POST", f"{BASE}/Terminology", body, headers).status == 200
    assert service.send("POST", f"{BASE}/TerminologyVersions", body, headers).status == 429


def test_bearer_and_header_names_in_any_case(service):
    """Known clients write `bearer`. [contract §2]"""
    headers = {
        "AUTHORIZATION": f"bEARER {service.live_token()}",
        "PID": service.pid,
        "Content-type": "application/json; charset=UTF-8",
    }

    assert (
        service.send("GET", f"{BASE}/Terminology", json.dumps(QUESTIONS["Terminology"]).encode(), headers).status == 200
    )


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/"), ("POST", "/api"), ("PUT", f"{BASE}/Terminology"), ("DELETE", f"{BASE}/Terminology"),
     ("POST", f"{BASE}/terminology"), ("POST", f"{BASE}/Terminology/"), ("GET", "/oauth/token"), ("HEAD", f"{BASE}/Terminology"),
     ("GET", f"{BASE}/%00"), ("OPTIONS", f"{BASE}/Terminology"), ("PATCH", "/health/live")],
)  # fmt: skip
def test_no_such_path_is_404(service, method, path):
    """The gateway's table has no 405: a method that a path does not take is no path (ADR 5)."""
    answer = service.send(method, path)

    assert answer.status == 404
    if method != "HEAD":
        assert answer.json() == {"status": {"statusCode": 404, "message": "Not Found!"}}


def test_every_answer_has_a_fresh_request_id(service):
    """The refused ones too, the same as in the log. [contract §3]"""
    answers = [
        service.send("GET", "/nowhere"),
        service.send("POST", f"{BASE}/Terminology", b"{}"),
        service.send("POST", f"{BASE}/Terminology", b"{", service.headers()),
        service.ask("Terminology", **QUESTIONS["Terminology"]),
        service.grant(grant_type="password", username="x", password="y"),
        service.send("GET", "/health/live"),
        service.ask("TerminologiesTermByVersion", **QUESTIONS["TerminologiesTermByVersion"]),
    ]
    ids = [answer.headers["requestid"] for answer in answers]

    assert len({str(uuid.UUID(given)) for given in ids}) == len(answers)
    assert set(ids) <= {line.get("requestId") for line in service.lines()}


def test_whole_versions_know_what_the_caller_has(service):
    """An ETag, and a 304 for whoever sends it back; another for another coding. [issue: Serving]"""
    body = json.dumps(QUESTIONS["TerminologiesTermByVersion"]).encode()
    path = f"{BASE}/TerminologiesTermByVersion"
    first = service.send("POST", path, body, service.headers())
    again = service.send("POST", path, body, service.headers() | {"If-None-Match": first.headers["etag"]})
    packed = service.send("POST", path, body, service.headers() | {"Accept-Encoding": "gzip"})

    assert (again.status, again.body) == (304, b"")
    assert packed.headers["content-encoding"] == "gzip"
    assert packed.headers["etag"] != first.headers["etag"]
    import gzip

    assert gzip.decompress(packed.body) == first.body


def test_the_openapi_document_is_valid(service):
    """OpenAPI 3.1, of the whole wire."""
    from openapi_spec_validator import validate

    document = service.send("GET", "/openapi.json").json()

    validate(document)
    assert set(document["paths"]) >= {f"{base}/{name}" for base in BASES for name in FUNCTIONS} | {"/oauth/token"}
