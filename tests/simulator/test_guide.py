"""The simulator is true to the guide: every sample of it is answered so, and so are its refusals."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest

from tests.simulator import ACCOUNT, Lists
from tests.web.test_wire import assert_matches

_EXAMPLES = Path(__file__).parents[3] / "shared/spec/examples.json"
EXAMPLES = json.loads(_EXAMPLES.read_text(encoding="utf-8"))["examples"] if _EXAMPLES.exists() else []
SINCE = {"yearField": 1400, "monthField": 5, "dayField": 6, "hourField": 0, "minuteField": 0, "secondField": 0}


@pytest.mark.skipif(not EXAMPLES, reason="../shared/spec is not beside the repository")
@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example["name"])
def test_every_sample_of_the_guide_is_answered_so(caller, example):
    """The same requests and answers that the service itself is held to."""
    asked = example["request"]
    headers = caller.headers()
    if "token" in asked:
        del headers["Authorization"]
    answer = caller.send(asked["method"], asked["path"], json.dumps(asked["json"]).encode(), headers)

    assert answer.status == example["response"]["http"]
    assert_matches(answer.json(), example["response"]["json"], example["response"]["match"])


def test_a_token_is_as_the_guides_sample(caller):
    """A live one is handed out again; a refresh gives another with the same refresh token."""
    first, again = caller.login(), caller.login()
    refreshed = caller.grant(grant_type="refresh_token", refresh_token=first["refresh_token"]).json()

    assert list(first) == ["access_token", "token_type", "refresh_token", "expires_in", "scope"]
    assert again["access_token"] == first["access_token"]
    assert refreshed["access_token"] != first["access_token"]
    assert refreshed["refresh_token"] == first["refresh_token"]


@pytest.mark.parametrize(
    ("given", "status", "error"),
    [
        ({"grant_type": "password", "username": "ward", "password": "x"}, 400, "invalid_grant"),
        ({"grant_type": "refresh_token", "refresh_token": "x"}, 400, "invalid_grant"),
        ({"grant_type": "client_credentials"}, 400, "unsupported_grant_type"),
    ],
)
def test_a_grant_is_refused_in_the_words_of_rfc_6749(caller, given, status, error):
    """And the guide's."""
    answer = caller.grant(**given)

    assert (answer.status, answer.json()["error"]) == (status, error)


@pytest.mark.parametrize(
    ("header", "value", "status", "message"),
    [
        ("Authorization", "Bearer x", 401, "Credential is not valid!"),
        ("pid", "000000000000000000000000", 429, "Too many requests or Access denied!"),
        ("Content-Type", "text/plain", 400, "Bad request."),
    ],
)
def test_a_wrong_header_is_refused(caller, header, value, status, message):
    """Appendix 2 of the guide has the words."""
    answer = caller.send("POST", f"/{PATH}", b'{"terminologyId":"eRX"}', {**caller.headers(), header: value})

    assert (answer.status, answer.json()) == (status, {"status": {"statusCode": status, "message": message}})


PATH = "api/client/apim/v1/maksaservice/gwmaksa/TerminologyVersions"


def test_a_field_that_is_not_the_guides_is_refused(caller):
    """It reads strictly, so that a client's own spelling is seen."""
    answer = caller.ask("TerminologyVersions", terminology="eRX")

    assert (answer.status, answer.json()["violations"][0]["field"]) == (400, "terminologyId")


def test_what_changed_since_a_date_is_the_tail_of_the_whole(ministry, caller):
    """By date of change, then by code as text; a value that stayed keeps its date."""
    ministry.lists = Lists()
    ministry.lists.publish("eRX", "1", {"1": "الف", "2": "ب", "10": "پ"}, at="1400/05/05")
    ministry.lists.publish("eRX", "2", {"1": "ت", "2": "ب", "11": "ث"}, at="1400/05/06")
    whole = caller.ask("TerminologiesTermByVersion", terminologyId="eRX", version="2").json()["result"]["data"]
    tail = caller.ask("SearchTerminology", TerminologyId="eRX", FromDate=SINCE).json()["result"]["data"]

    assert [row["coded_stringField"] for row in whole] == ["2", "1", "11"]
    assert tail == whole[1:]


def test_dates_of_changes_may_be_given(ministry, caller):
    """For an upstream whose dates are its own."""
    early = dt.datetime(2001, 1, 1, tzinfo=dt.UTC)
    ministry.lists = Lists()
    ministry.lists.publish("eRX", "1", {"1": "الف", "2": "ب"}, at="1400/05/06", changed={"1": early})

    tail = caller.ask("SearchTerminology", TerminologyId="eRX", FromDate=SINCE).json()["result"]["data"]
    assert [row["coded_stringField"] for row in tail] == ["2"]


def test_every_request_is_in_the_log(ministry, caller):
    """With its function, its fields and its headers, refused ones too; the answer has its request's id."""
    answer = caller.ask("TerminologyVersions", terminologyId="eRX")
    caller.ask("Terminology", terminologyId="")

    [request] = ministry.asked("TerminologyVersions")
    assert request.fields == {"terminologyId": "eRX"}
    assert request.headers["pid"] == ACCOUNT["pid"]
    assert answer.headers["requestid"] == request.request_id
    assert [ministry.count(each) for each in ("token", "Terminology", "")] == [1, 1, 3]
