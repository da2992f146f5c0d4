"""What every page of the portal has: safe headers, both languages, the gateway's own 404 for programs, a line in the journal."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest

from tests.browser import NARROW, expect, is_wider_than_its_window, looked_at, serious
from tests.portal.conftest import PORTAL, as_json, shown
from tests.web.conftest import running


def test_a_page_is_safe_and_its_language_is_said(portal):
    """No unsafe in the policy; Persian at the root, English under /en."""
    fa, en = shown(portal, "/"), shown(portal, "/en")

    assert "unsafe" not in fa.headers["content-security-policy"]
    assert fa.headers["x-content-type-options"] == "nosniff"
    assert b'<html lang="fa" dir="rtl"' in fa.body
    assert b'<html lang="en" dir="ltr"' in en.body
    assert b"<script>" not in fa.body
    assert b"style=" not in fa.body


@pytest.mark.parametrize("path", ["/nowhere", "/en/nowhere", "/a/b/c", "/static/app.css", "/theme"])
def test_a_browser_is_told_with_a_page_that_there_is_none(portal, path):
    """With the request's id, for whoever asks for help."""
    answer = shown(portal, path)

    assert answer.status == 404
    assert answer.headers["requestid"].encode() in answer.body


@pytest.mark.parametrize("path", ["/nowhere", "/api/client", "/oauth/token", "/%ff", "/%00"])
def test_a_program_is_told_in_the_gateways_words(portal, path):
    """The portal changes nothing for callers of functions. [contract §3]"""
    answer = portal.send("GET", path)

    assert (answer.status, answer.json()) == (404, {"status": {"statusCode": 404, "message": "Not Found!"}})


@pytest.mark.parametrize("path", ["/api/client", "/oauth/token", "/metrics/x", "/health"])
def test_the_gateways_paths_are_never_pages(portal, path):
    """Whatever the caller accepts."""
    assert shown(portal, path).headers["content-type"].startswith("application/json")


def test_functions_answer_beside_the_pages(portal):
    """The same worker, the same port."""
    answer = portal.ask("Terminology", method="GET", terminologyId="thritaEHR.Religion", codedString="1")

    assert answer.json()["result"]["data"] == '"اسلام"'


def test_a_page_has_its_line_in_the_journal(portal):
    """With its name and status, and no query: what people search for is theirs."""
    page = shown(portal, "/?q=secret")
    lines = [line for line in portal.lines() if line.get("requestId") == page.headers["requestid"]]

    assert [(line["function"], line["status"]) for line in lines] == [("portal/home", 200)]
    assert "secret" not in str(lines)


def test_a_head_is_a_page_without_its_body(portal):
    """Crawlers and monitors ask so."""
    answer = portal.send("HEAD", "/")

    assert (answer.status, answer.body) == (200, b"")


def test_pages_are_compressed_for_who_reads_gzip(portal):
    """The body is a fourth of its size."""
    assert shown(portal, "/", **{"Accept-Encoding": "gzip"}).body[:2] == b"\x1f\x8b"


def test_the_same_address_answers_json(portal):
    """To whoever prefers it, a fault too."""
    assert as_json(portal, "/").headers["content-type"] == "application/json;charset=UTF-8"
    assert as_json(portal, "/").status == 200


def test_the_choice_of_appearance_needs_no_script(portal):
    """A form, a cookie, the way back."""
    answer = portal.send(
        "POST",
        "/theme",
        b"to=dark&back=%2Fen",
        {
            "Content-Type": "application/x-www-form-urlencoded",
        },
    )

    assert (answer.status, answer.headers["location"]) == (303, "/en")
    assert "theme=dark" in answer.headers["set-cookie"]
    assert re.search(rb'id="dark"[^>]* media="screen"', shown(portal, "/en", Cookie="theme=dark").body)
    assert re.search(rb'id="dark"[^>]* media="not all"', shown(portal, "/en", Cookie="theme=light").body)


def test_a_form_that_is_too_long_is_refused(portal):
    """Before it is kept."""
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "text/html"}

    assert portal.send("POST", "/theme", b"to=" + b"x" * 20_000, headers).status == 413


def test_the_switch_changes_the_appearance_at_once(tab, base):
    """And it is kept for the next page."""
    page = tab(base, "/")
    page.wait_for_load_state("networkidle")  # the sheet of the other appearance too, which nothing waits for
    paper = "getComputedStyle(document.body).backgroundColor"
    light = page.evaluate(paper)
    page.click(".theme-dark")
    dark = page.evaluate(paper)
    assert dark != light

    page.goto("/en")
    assert page.evaluate(paper) == dark


def test_the_switch_goes_before_the_readers_system(tab, base):
    """Light in a room where all is dark, and what is dark by the system alone is as dark as what was chosen so."""
    page = tab(base, "/", dark=True)
    page.wait_for_load_state("networkidle")
    paper = "getComputedStyle(document.body).backgroundColor"
    dark = page.evaluate(paper)
    page.click(".theme-light")
    light = page.evaluate(paper)
    page.click(".theme-dark")

    assert (light != dark, page.evaluate(paper)) == (True, dark)


@pytest.mark.parametrize("width", [NARROW, 1440])
@pytest.mark.parametrize("path", ["/nowhere", "/en/nowhere"])
def test_an_error_can_be_read_by_everybody(tab, base, path, width):
    """On a phone, with a screen reader."""
    page = tab(base, path, width=width, status=404)
    looked_at(page, f"error{path}-{width}")

    assert serious(page) == []
    assert not is_wider_than_its_window(page)


@pytest.mark.parametrize("host", ["[", "a b", "evil.example", "x:y:z", ""])
def test_the_host_that_a_caller_names_is_in_no_page(portal, host):
    """It may be anything; addresses are paths."""
    for path in ("/", "/eRX", "/nowhere", "/erx"):
        answer = shown(portal, path, Host=host)
        assert answer.status in (200, 404, 308)
        assert b"evil.example" not in answer.body
        assert answer.headers.get("location", "/").startswith("/")


def test_a_first_view_is_light(portal):
    """Less than 100 KB on the wire beside the font: the page, its styles, its scripts."""
    page = shown(portal, "/").body.decode()
    named = set(re.findall(r'(?:href|src)="(/static/[^"]+\.(?:css|js|svg))"', page))
    gzipped = {"Accept-Encoding": "gzip"}

    assert len(named) >= 5
    assert sum(len(shown(portal, path, **gzipped).body) for path in ("/", *named)) < 100_000


def test_where_the_portal_is_off_its_libraries_are_not_even_imported():
    """Whoever serves functions alone pays nothing for pages."""
    seen = "import sys, maksa.web.app; print([each for each in ('starlette', 'jinja2', 'maksa.pages') if each in sys.modules])"

    assert subprocess.run([sys.executable, "-c", seen], capture_output=True, text=True, check=True).stdout == "[]\n"


def test_an_address_that_is_blocked_sees_no_page(portal_home):
    """The gateway's word on the caller comes first, as for the functions. [contract §3]"""
    with running(portal_home, environment={**PORTAL, "MAKSA_BLOCKED_ADDRESSES": "127.0.0.0/8"}) as service:
        assert shown(service, "/eRX").status == 403
        assert shown(service, "/").status == 403


@pytest.mark.parametrize("path", ["/Tree", "/"])
def test_a_page_is_printed_dark_on_white(tab, base, path):
    """Whatever the reader's screen is like: browsers leave backgrounds out, and light letters would be on white paper."""
    page = tab(base, path, dark=True)
    on_screen = page.evaluate("getComputedStyle(document.querySelector('.sheet h2')).color")
    page.emulate_media(media="print")
    printed = page.evaluate("getComputedStyle(document.querySelector('.sheet h2')).color")

    assert on_screen != printed == "rgb(24, 33, 31)"
    expect(page.locator(".top-nav")).to_be_hidden()
