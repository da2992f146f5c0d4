"""What the simulator is told to do to its callers befalls them, once for each time it was planned."""

from __future__ import annotations

import http.client
import json

import pytest

from tests.simulator import Altered, Cut, Dialect, Drip, Refuse, Stall

ERX = {"terminologyId": "eRX", "version": "10000"}


def test_a_refusal_carries_its_retry_after_and_then_it_is_well_again(ministry, caller):
    """Planned once, it comes once."""
    ministry.plan("TerminologyVersions", Refuse(429, retry_after="7"))
    refused, well = (caller.ask("TerminologyVersions", terminologyId="eRX") for _ in range(2))

    assert (refused.status, refused.headers["retry-after"]) == (429, "7")
    assert refused.json()["status"]["message"] == "Too many requests or Access denied!"
    assert well.status == 200


@pytest.mark.parametrize("at", ["before", "status", "headers", "body", "concept", 40, 0.9])
@pytest.mark.parametrize("rst", [False, True])
@pytest.mark.parametrize("coding", ["length", "chunked"])
def test_a_cut_line_is_a_broken_answer(ministry, caller, at, rst, coding):
    """At every kind of moment, by an end and by a reset: nobody can take it for a whole one."""
    ministry.dialect = Dialect(coding=coding)
    caller.login()
    ministry.plan("TerminologiesTermByVersion", Cut(at, rst=rst))

    with pytest.raises((http.client.HTTPException, OSError, json.JSONDecodeError)):
        caller.ask("TerminologiesTermByVersion", **ERX).json()
    assert caller.ask("TerminologiesTermByVersion", **ERX).status == 200


@pytest.mark.parametrize("mishap", [Drip(50, 0.001), Stall(0.01), Stall(0.01, after_head=True), Altered(bytes)])
@pytest.mark.parametrize("coding", ["length", "chunked", "close"])
def test_a_slow_answer_is_whole(ministry, caller, mishap, coding):
    """Only late."""
    caller.login()
    ministry.dialect = Dialect(coding=coding)
    ministry.always["TerminologiesTermByVersion"] = mishap

    assert len(caller.ask("TerminologiesTermByVersion", **ERX).json()["result"]["data"]) == 2


def test_an_expired_token_is_a_401_of_the_functions_shape(ministry, caller):
    """Flat for TerminologyValueByVersion, the envelope for the rest; or as another gateway has it."""
    caller.login()
    ministry.tokens.expire()
    flat = caller.ask("TerminologyValueByVersion", terminologyId="eRX", codedString="1", version="1")
    enveloped = caller.ask("TerminologyVersions", terminologyId="eRX")
    ministry.dialect.flat_401 = "all"

    assert flat.json() == {"status": 0, "code": 401, "msg": "", "violations": []}
    assert enveloped.json()["status"]["statusCode"] == 401
    assert caller.ask("TerminologyVersions", terminologyId="eRX").json() == flat.json()


def test_a_gateway_may_refuse_a_body_with_get(ministry, caller):
    """By a proxy's page, by losing it, by hanging up; POST and a query are read still."""
    question = {"terminologyId": "thritaEHR.Religion", "codedString": "1"}
    path = "/api/client/apim/v1/maksaservice/gwmaksa/Terminology?terminologyId=thritaEHR.Religion&codedString=1"
    for said, status in (("refused", 400), ("dropped", 400)):
        ministry.dialect.get_body = said
        assert caller.ask("Terminology", "GET", **question).status == status
        assert caller.ask("Terminology", "POST", **question).status == 200
        assert caller.send("GET", path, None, caller.headers()).status == 200
    ministry.dialect.get_body = "hangs up"
    with pytest.raises((http.client.HTTPException, OSError)):
        caller.ask("Terminology", "GET", **question)


def test_other_spellings_of_the_same_answer(ministry, caller):
    """Tokens in the guide's table 6's names, lists inside a text, texts as they are, data null or result missing."""
    caller.login()
    ministry.dialect = Dialect(token_names="camel", expires_in=str, lists="twice", texts="once", nothing="null")
    tokens = caller.grant(grant_type="password", username="ward", password="گذر واژه").json()
    ids = caller.ask("CtsTerminologies", FromDate=dict.fromkeys(DATE, 1)).json()["result"]["data"]
    one = caller.ask("Terminology", "GET", terminologyId="thritaEHR.Religion", codedString="1").json()
    none = caller.ask("TerminologyVersions", terminologyId="x").json()
    ministry.dialect.nothing = "no result"

    assert (tokens["tokenType"], type(tokens["expiresIn"])) == ("bearer", str)
    assert json.loads(ids)[0] == "ICD10"
    assert one["result"]["data"] == "اسلام"
    assert none["result"] == {"data": None, "status": {"statusCode": 404}}
    assert "result" not in caller.ask("TerminologyVersions", terminologyId="x").json()


DATE = ("yearField", "monthField", "dayField", "hourField", "minuteField", "secondField")


def test_more_requests_than_the_limit_are_told_when_to_come_again(ministry, caller):
    """The clock is the tokens'."""
    caller.login()
    ministry.tokens.clock, ministry.tokens.ends = lambda: 100.0, 900.0
    ministry.limit = (2, 10.0)
    answers = [caller.ask("TerminologyVersions", terminologyId="eRX") for _ in range(3)]
    ministry.tokens.clock = lambda: 111.0

    assert [answer.status for answer in answers] == [200, 200, 429]
    assert answers[-1].headers["retry-after"] == "11"
    assert caller.ask("TerminologyVersions", terminologyId="eRX").status == 200


def test_an_upstream_may_go_back(ministry, caller):
    """A version vanishes, or an older one is the last again."""
    ministry.lists.last["eRX"] = "1000"
    rows = caller.ask("TerminologyVersions", terminologyId="eRX").json()["result"]["data"]
    ministry.lists.withdraw("eRX", "10000")

    assert {row["Version"]: row["IsLast"] for row in rows} == {"1000": True, "10000": False}
    assert caller.ask("Terminology", terminologyId="eRX", codedString="60281").json()["result"] == {
        "status": {"statusCode": 404}
    }
