"""For integrators: the guide with programs that know this service, the reference of the whole wire."""

from __future__ import annotations

import html
import re

import pytest

from maksa.web.portal.examples import PARTS, TONGUES
from maksa.web.portal.reference import sentences
from maksa.wire.ditas.functions import FUNCTIONS
from tests.browser import NARROW, is_wider_than_its_window, looked_at, serious
from tests.portal.conftest import as_json, shown


@pytest.mark.parametrize("tongue", TONGUES)
@pytest.mark.parametrize("language", ["", "/en"])
def test_the_guide_has_every_piece_of_the_program_and_gives_it_whole(portal, tongue, language):
    """With this service's own address in it."""
    page = html.unescape(shown(portal, f"{language}/integrators/{tongue}").body.decode())
    program = as_json(portal, f"/integrators/{tongue}").json()["program"]
    whole = shown(portal, f"/integrators/{tongue}/file")

    assert tuple(program) == PARTS
    assert all(piece in page for piece in program.values())
    assert f"http://127.0.0.1:{portal.port}" in program["login"]
    assert whole.headers["content-type"] == "text/plain; charset=utf-8"
    assert "attachment" in whole.headers["content-disposition"]
    assert 'id="status-429"' in page


@pytest.mark.parametrize("path", ["/integrators/cobol", "/integrators/cobol/file", "/integrators/php/other"])
def test_a_language_that_is_not_there_is_no_page(portal, path):
    """404."""
    assert shown(portal, path).status == 404


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("terminology.example:8443", "http://terminology.example:8443"),
        ("[::1]:80", "http://[::1]:80"),
        *((host, "http://127.0.0.1:8000") for host in ('a"><script>', "[", "x:99999999", "x y", "$(id)", "a" * 300)),
    ],
)
def test_the_address_is_the_readers_own_and_only_an_address(portal, host, address):
    """What a caller writes as Host is shown to that caller alone, and only where it is a host."""
    answer = portal.send("GET", "/integrators", headers={"Accept": "application/json", "Host": host})

    assert answer.json()["address"] == address


def test_behind_a_proxy_that_ends_tls_the_address_is_https(portal):
    """As the reader's own address bar says."""
    headers = {"Accept": "application/json", "Host": "t.example", "X-Forwarded-Proto": "https"}

    assert portal.send("GET", "/integrators", headers=headers).json()["address"] == "https://t.example"


def test_the_reference_has_every_path_and_every_shape_that_it_names(portal):
    """Of the document that this very service gives; no link leads nowhere."""
    document = portal.send("GET", "/openapi.json").json()
    reference = as_json(portal, "/integrators/reference").json()
    page = shown(portal, "/integrators/reference").body.decode()

    assert {place["path"] for place in reference["places"]} == {
        path for path, methods in document["paths"].items() if "/gw/maksa/" not in path
    }
    assert {shape["name"] for shape in reference["shapes"]} == set(document["components"]["schemas"])
    assert set(re.findall(r'href="#([^"]+)"', page)) - {"main"} <= set(re.findall(r'id="([^"]+)"', page))
    assert all(f'<code class="code" dir="ltr" translate="no">{name}</code>' in page for name in FUNCTIONS)


@pytest.mark.parametrize(
    ("at", "either", "array"),
    [("", "</code> یا <code", "آرایهٔ <a"), ("/en", "</code> or <code", "array of <a")],
)
def test_kinds_of_the_reference_are_in_the_language_of_the_page(portal, at, either, array):
    """The names of JSON Schema are its own; what stands between them is the page's."""
    page = shown(portal, f"{at}/integrators/reference").body.decode()

    assert (either in page, array in page, ">string or null<" in page) == (True, True, False)


def test_each_sentence_of_the_reference_has_its_persian_one(portal):
    """None is missing, none is left over, and the page shows no English but what is quoted."""
    answers = as_json(portal, "/integrators/reference").json()
    operations = [each for place in answers["places"] for each in place["operations"]]
    said = {each["says"] for each in [*answers["shapes"], *(a for o in operations for a in o["answers"])]}
    said |= {m["says"] for o in operations for m in (*o["takes"], *o["form"])}
    said |= {m["says"] for shape in answers["shapes"] for m in shape["members"]}
    said |= {o["says"] for place in answers["places"] for o in place["operations"] if not place["name"][:1].isupper()}
    page, english = (shown(portal, f"{at}/integrators/reference").body.decode() for at in ("", "/en"))

    assert said - {"", "A token, by password or by refresh token."} == set(sentences("fa"))
    assert '<span lang="en" dir="ltr">' not in page
    assert "نمونهٔ آن که نام‌ها را" in page
    assert "which spells it otherwise" in english


def test_an_integrator_finds_his_language_and_copies_a_piece(tab, base):
    """The journey, by hand and on a phone; with axe's judgement of guide, reference and state."""
    page = tab(base, "/", permissions=["clipboard-read", "clipboard-write"])
    page.locator("nav.top-nav").get_by_role("link", name="برنامه‌نویسان").click()
    page.get_by_role("link", name="PHP", exact=True).click()
    page.locator("#call .piece .copy").first.click()

    page.wait_for_function("async () => (await navigator.clipboard.readText()).includes(\"call('Terminology'\")")
    for path, width, dark in (
        ("/integrators/php", 1440, False),
        ("/en/integrators/csharp", NARROW, True),
        ("/integrators/reference", NARROW, False),
        ("/state", 1440, True),
    ):
        seen = tab(base, path, width=width, dark=dark)
        looked_at(seen, f"{path.strip('/')}-{width}", whole=path != "/integrators/reference")
        assert serious(seen) == []
        assert not is_wider_than_its_window(seen)
