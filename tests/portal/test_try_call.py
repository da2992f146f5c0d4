"""Trying a call: the gateway answers the reader, with a script and without; no secret is kept, logged or shown."""

from __future__ import annotations

import json
import re
import urllib.parse

import pytest

from maksa.wire.ditas.functions import FUNCTIONS
from tests.browser import NARROW, is_wider_than_its_window, looked_at, serious
from tests.portal.conftest import BROWSER, as_json, shown

HERE = {**BROWSER, "Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "same-origin"}


def tried(service, headers=HERE, **fields):
    """The answer to the form without a script."""
    return service.send("POST", "/try", urllib.parse.urlencode(fields).encode(), headers)


def account(service):
    return {name: service.credentials[name] for name in ("client_id", "client_secret", "username", "password")}


@pytest.mark.parametrize("function", FUNCTIONS)
def test_each_function_is_offered_with_a_body_that_has_an_answer(portal, function):
    """Of this very service: what the form holds, sent as it is, finds something."""
    body = as_json(portal, f"/try?function={function}").json()["body"]
    answer = tried(
        portal,
        {**HERE, "Accept": "application/json"},
        function=function,
        body=body,
        pid=portal.pid,
        token=portal.login()["access_token"],
    )

    (sent,) = answer.json()["sent"]
    assert (sent["what"], sent["status"]) == (function, 200)
    assert "data" in json.loads(sent["answer"])["result"]


def test_an_account_gets_its_token_first(portal):
    """Both calls are shown, neither with a secret of the account or a token."""
    answer = tried(portal, function="Terminology", pid=portal.pid, **account(portal))
    page = answer.body.decode()

    assert page.count("HTTP/1.1") == 2
    assert "requestid" in page
    for secret in (*account(portal).values(), portal.login()["access_token"]):
        assert secret not in page
    assert answer.headers["cache-control"] == "no-store"


def test_what_was_typed_is_in_no_log(portal):
    """Nor is the body."""
    tried(portal, function="Terminology", pid=portal.pid, body='{"codedString":"my-own-body"}', token="my-own-token")
    tried(
        portal,
        function="Terminology",
        pid=portal.pid,
        client_id="a",
        client_secret="my-own-secret",
        username="u",
        password="my-own-word",
    )

    log = portal.log.read_text(encoding="utf-8") + str(portal.lines())
    assert "my-own" not in log


def test_the_gateway_sees_the_reader(portal):
    """The line of the call in the journal has the reader's address and account; the page has a line of its own."""
    answer = tried(portal, function="Terminology", pid=portal.pid, token=portal.login()["access_token"])
    request_id = re.search(r"requestid: ([0-9a-f-]{36})", answer.body.decode())[1]
    lines = {line.get("requestId"): line for line in portal.lines()}

    assert (lines[request_id]["function"], lines[request_id]["account"]) == ("Terminology", "test")
    assert lines[request_id]["address"] == "127.0.0.1"
    assert lines[answer.headers["requestid"]]["function"] == "portal/try"


@pytest.mark.parametrize(
    ("fields", "status"),
    [({"token": "00000000-0000-4000-8000-000000000000"}, 401), ({"body": "{"}, 400), ({"pid": "0" * 24}, 429),
     ({"body": "[" * 10_000}, 400), ({"body": "\x00\ud7ff"}, 400), ({"pid": "x\r\nAuthorization: Bearer y"}, 429),
     ({"token": "ا" * 50 + "\r\n"}, 401)],
)  # fmt: skip
def test_a_refusal_is_shown_as_it_is(portal, fields, status):
    """With the way to its cure; a header cannot be broken out of."""
    given = {"function": "Terminology", "pid": portal.pid, "token": portal.login()["access_token"], **fields}
    if not given["token"].isascii():
        given |= account(portal) | {"password": "wrong"}
        status = 400
    answer = tried(portal, **given)

    assert answer.status == 200
    assert f'dir="ltr">{status}</span>' in answer.body.decode()
    assert f"#status-{status}" in answer.body.decode()


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://other.example", "Sec-Fetch-Site": ""},
    ],
)
def test_another_site_cannot_send_the_form(portal, headers):
    """Nor use what the reader's browser holds: it holds nothing."""
    assert tried(portal, {**HERE, **headers}, function="Terminology", token="x").status == 403


def test_a_form_that_is_none_is_refused(portal):
    """A function that is not there, a body past all bounds, a form that is not one."""
    assert tried(portal, function="DropTable").status == 400
    assert tried(portal, function="Terminology", body="x" * 200_000).status == 413
    assert portal.send("POST", "/try", b"\xff\xfe" * 50, HERE).status == 400


def test_hostile_bodies_and_answers_are_text(portal):
    """What is typed is shown, and does nothing."""
    page = tried(
        portal, function="Terminology", body='"><script>alert(1)</script>', pid='"><b>', token="x"
    ).body.decode()

    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


@pytest.mark.parametrize(("script", "width", "dark"), [(True, 1440, False), (False, NARROW, True)])
def test_a_reader_tries_a_call(tab, base, portal, script, width, dark):
    """The journey: a function chosen, an account typed, request and answer read; with a script and without."""
    page = tab(base, "/try", script=script, width=width, dark=dark)
    page.get_by_role("link", name="ValidateCts").click()
    page.locator("summary").click()
    for name, text in account(portal).items():
        page.locator(f"input[name={name}]").fill(text)
    page.locator("input[name=pid]").fill(portal.pid)
    page.get_by_role("button", name="فراخوانی").click()
    page.locator("#tried section").nth(1).wait_for()

    answered = page.locator("#tried section").nth(1).inner_text()
    assert '"data": "true"' in answered
    assert "ValidateCts HTTP/1.1" in answered
    assert "Bearer ••••" in answered
    shown_text = page.content()
    assert portal.credentials["password"] not in shown_text
    assert portal.login()["access_token"] not in shown_text
    looked_at(page, f"try-{width}{'-dark' if dark else ''}")
    assert not is_wider_than_its_window(page)
    if script:
        assert serious(page) == []


def test_the_page_is_there_in_english(portal):
    """And any function that is none falls back to the first."""
    assert b"Try a call" in shown(portal, "/en/try?function=<script>").body
