"""The main pages as a browser and as a program get them: what they say, where they lead, what hostile texts become."""

from __future__ import annotations

import contextlib
import csv
import io
import json
import re
from urllib.parse import quote

import pytest

from maksa.catalog import Catalog
from maksa.home import Home
from maksa.model.concept import Concept
from maksa.snapshot.shelf import Shelf
from tests.portal.conftest import BROWSER, HOSTILE, PORTAL, as_json, shown
from tests.web.conftest import put, running


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/", "ترمینولوژی"),
        ("/en", "maksa"),
        ("/terminologies", "eRX"),
        ("/eRX", "نسخه‌ها"),
        ("/en/eRX", "Versions"),
        ("/eRX/versions/10000", "10000"),
        ("/eRX/60002", "60002"),
        ("/Tree/tree", "ریشه دوم"),
        ("/Tree/A", "ریشه دوم"),
        ("/Strange/mg/dL", "milligram per deciliter"),
        ("/Strange/%25", "percent"),
        ("/Strange/a%20b", "blank"),
        ("/Strange/%231", "hash"),
        ("/Strange/" + quote("ا۱"), "حرف فارسی"),
        ("/Strange/code?is=%2Fmin", "slash first"),
        ("/Strange/code?is=versions", "a word of ours"),
        ("/Strange/code?is=..", "dots"),
        ("/Strange/code?is=a%2F%2Fb", "two slashes"),
        ("/Strange/q%3Fx=1&y", "query"),
        ("/Strange/versions/1/2", "1/2"),
        ("/terminologies/search/1", "an id that is a word of ours"),
        ("/search?q=slash", "</mark> first"),
    ],
)
def test_a_page_says_what_it_is_about(portal, path, words):
    """In Persian at the root, in English under /en, whatever the code looks like."""
    answer = shown(portal, path)

    assert (answer.status, words in answer.body.decode()) == (200, True)


@pytest.mark.parametrize(
    ("path", "to"),
    [
        ("/erx", "/eRX"),
        ("/ERX/60002", "/eRX/60002"),
        ("/en/erx/60002?version=1000", "/en/eRX/60002?version=1000"),
        ("/Strange/mg%2FdL", "/Strange/mg/dL"),
        ("/Strange/a//b", "/Strange/code?is=a%2F%2Fb"),
        ("/Strange/code?is=mg%2FdL", "/Strange/mg/dL"),
        ("/search/1", "/terminologies/search/1"),
        ("/terminologies/eRX", "/eRX"),
    ],
)
def test_each_page_has_one_address(portal, path, to):
    """Whatever else leads to it is sent there for good."""
    answer = shown(portal, path)

    assert (answer.status, answer.headers["location"]) == (308, to)


@pytest.mark.parametrize("path", ["//evil.example/x", "/en//evil.example", "//evil.example"])
def test_no_path_makes_an_address_of_another_site(portal, path):
    """A link to `//elsewhere` would leave."""
    answer = shown(portal, path)

    assert answer.status == 404
    assert b"evil" not in answer.body


def test_a_slash_at_the_end_leads_to_the_page_without(portal):
    """As people type it."""
    assert shown(portal, "/eRX/").headers["location"] == "/eRX"


def test_the_json_of_a_page_is_what_it_shows(portal):
    """The records of the model, by the same address."""
    concept = as_json(portal, "/Tree/A01").json()

    assert concept["portrait"]["concept"]["display"] == "شاخهٔ 1"
    assert [each["code"] for each in concept["portrait"]["ancestors"]] == ["A"]
    assert [each["code"] for each in concept["portrait"]["children"]] == ["A01.1"]
    assert concept["coded_text"] == {"terminology_id": "Tree", "code": "A01", "display": "شاخهٔ 1"}
    listed = as_json(portal, "/Tree").json()
    assert [version["label"] for version in listed["versions"]] == ["1", "2"]
    assert len(listed["list"]["rows"]) == 25
    found = as_json(portal, "/search?q=root").json()
    assert [group["terminology_id"] for group in found["groups"]] == ["Tree"]


def test_what_is_not_there_says_what_may_have_been_meant(portal):
    """A like code, a like id, the versions there are; to a program as JSON."""
    assert b'href="/Tree/A60"' in shown(portal, "/Tree/A6000").body
    assert b'href="/eRX"' in shown(portal, "/eRXX").body
    assert b'href="/eRX/versions/1000"' in shown(portal, "/eRX/versions/x").body
    answer = as_json(portal, "/Tree/A6000")
    assert (answer.status, answer.json()["unknown"]["code"]) == (404, "A6000")


def test_a_filter_leaves_what_has_its_words(portal):
    """In any keyboard's letters, without a script."""
    path = "/Tree?q=" + quote("شاخه ١٢")

    assert b'href="/Tree/A12"' in shown(portal, path).body
    assert [match["code"] for match in as_json(portal, path).json()["list"]["matches"]] == ["A12"]


def test_pages_of_a_list_are_turned(portal):
    """Forwards and back to where one was."""
    first = shown(portal, "/Tree").body.decode()
    after = re.search(r'rel="next" href="([^"]+)#list"', first)
    assert after is not None
    second = shown(portal, after[1]).body.decode()
    before = re.search(r'rel="prev" href="([^"]+)#list"', second)
    assert before is not None

    assert codes_of(second)[0] > codes_of(first)[-1]
    assert codes_of(shown(portal, before[1]).body.decode()) == codes_of(first)


def codes_of(page: str) -> list[str]:
    return re.findall(r'<td><code class="code"[^>]*>([^<]+)</code>', page)


@pytest.mark.parametrize("form", ["csv", "xlsx", "json", "snapshot"])
def test_a_version_is_handed_out_as_a_file(portal, form):
    """Under a name of its own; the snapshot is the file itself."""
    answer = shown(portal, f"/Tree/download?version=1&form={form}")

    assert answer.status == 200
    assert "Tree-1" in answer.headers["content-disposition"]
    assert len(answer.body) > 1000


def test_the_table_has_every_concept(portal):
    """As `maksa export` writes it."""
    body = shown(portal, "/Tree/download?form=csv").body.decode("utf-8-sig")

    assert len(list(csv.DictReader(io.StringIO(body)))) == 63


@pytest.mark.parametrize(("query", "status"), [("form=exe", 404), ("version=9&form=csv", 404), ("", 404)])
def test_a_file_that_there_is_not(portal, query, status):
    """A form or a version that nobody knows."""
    assert shown(portal, f"/Tree/download?{query}").status == status


def test_a_licensed_list_is_shown_and_not_handed_out(portal):
    """`portal_view_only` names ICD10 by itself."""
    assert shown(portal, "/ICD10").status == 200
    assert b"/ICD10/download" not in shown(portal, "/ICD10").body
    assert shown(portal, "/icd10/download?form=csv").status in (308, 403)
    assert shown(portal, "/ICD10/download?form=csv").status == 403


@pytest.mark.parametrize(
    "path",
    ["/search?q={}", "/search/options?q={}", "/search?q=1&in={}", "/Tree?q={}", "/Tree?after={}", "/Tree/tree?code={}",
     "/Tree/A?version={}", "/Tree/{}", "/{}", "/Tree/versions/{}", "/Tree/code?is={}", "/Tree/download?form={}"],
)  # fmt: skip
@pytest.mark.parametrize(
    "text",
    [HOSTILE, "' OR 1=1 --", '" OR "" * NEAR(', "\x00\x1b[31m", "\u202e\u2066", "%", "🧪" * 300, "a" * 5000],
    ids=["markup", "sql", "fts", "control", "bidi", "percent", "astral", "long"],
)
def test_hostile_text_is_text_everywhere(portal, path, text):
    """Escaped where it is shown, and no fault of ours."""
    answer = shown(portal, path.format(quote(text, safe="")))

    assert answer.status in (200, 404, 308)
    assert b"<script>alert" not in answer.body
    assert b"<b x=y>" not in answer.body


def test_hostile_displays_of_a_list_are_text(portal):
    """In a list, in a concept's page, in its title, in what is copied, in search."""
    for path in ("/Strange", "/Strange/%3Cb%3E", "/search?q=alert", "/search/options?q=alert", "/Strange/versions/1/2"):
        body = shown(portal, path).body.decode()
        assert "alert" in body
        assert "<script>alert" not in body
        assert "<b x=y>" not in body


def test_a_list_that_is_hidden_is_nowhere(portal_home: Home):
    """Not in lists, not in search, not by its address; callers of functions have it as before."""
    hidden = {**PORTAL, "MAKSA_PORTAL_HIDDEN": "tree"}
    with running(portal_home, environment=hidden) as service:
        assert shown(service, "/Tree").status == shown(service, "/Tree/A").status == 404
        assert b"Tree" not in shown(service, "/terminologies").body
        assert as_json(service, "/search?q=root").json()["groups"] == []
        told = service.ask("Terminology", method="GET", terminologyId="Tree", codedString="A")
        assert json.loads(told.json()["result"]["data"]) == "ریشه دوم"


def test_what_is_published_is_seen_without_a_restart(tmp_path):
    """Within the time that functions answer it."""
    home = Home.of(tmp_path / "home")
    put(home, "Mine", "1", [Concept("1", "یک")])
    with running(home, environment=PORTAL) as service:
        assert shown(service, "/Mine/2").status == 404
        put(home, "Mine", "2", [Concept("1", "یک"), Concept("2", "دو")])
        deadline = 100
        while shown(service, "/Mine/2").status == 404 and deadline:
            deadline -= 1
            with contextlib.suppress(OSError):
                service.send("GET", "/health/ready", headers=BROWSER)
        assert shown(service, "/Mine/2").status == 200


def test_a_damaged_version_spoils_its_own_pages_alone(tmp_path):
    """A page that says so, 503; the others answer."""
    home = Home.of(tmp_path / "home")
    put(home, "Good", "1", [Concept("1", "یک")])
    version = put(home, "Bad", "1", [Concept("1", "یک")])
    (home.shelf / f"{version.digest}.maksa").write_bytes(b"not a snapshot")
    with running(home, environment=PORTAL) as service:
        assert shown(service, "/Bad/1").status == 503
        assert [shown(service, path).status for path in ("/", "/terminologies", "/Good/1", "/search?q=1")] == [200] * 4


def test_an_empty_shelf_has_pages_too(tmp_path):
    """Nothing is published yet, and the first page says so."""
    home = Home.of(tmp_path / "home")
    with Catalog.open(home.made().catalog_url):
        pass
    with running(home, environment=PORTAL) as service:
        assert Shelf.open(home.shelf).view.terminologies == ()
        assert [shown(service, path).status for path in ("/", "/terminologies", "/search?q=x", "/compare")] == [200] * 4


def test_nothing_found_is_no_dead_end(portal):
    """From the page of results to all lists; from a filter to the whole list, and to a search in all."""
    searched = shown(portal, "/search?q=qqqq").body.decode()
    filtered = shown(portal, "/Tree?q=qqqq").body.decode()

    assert 'href="/terminologies">همهٔ ترمینولوژی‌ها' in searched
    assert 'href="/Tree">نمایش همهٔ فهرست' in filtered
    assert 'href="/search?q=qqqq">جست‌وجو در همهٔ فهرست‌ها' in filtered
