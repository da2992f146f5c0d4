"""Two versions compared: the page says what the verb says, marks what changed, and gives all of it as files."""

from __future__ import annotations

import csv
import io
import re

import pytest

from maksa.home import Home
from maksa.model.concept import Concept
from tests.browser import NARROW, is_wider_than_its_window, looked_at, serious
from tests.portal.conftest import HOSTILE, PORTAL, as_json, shown
from tests.web.conftest import put, running

TREE = "/Tree/versions/1/compare/2"


@pytest.fixture(scope="module")
def strange(tmp_path_factory):
    """A portal with a list whose labels and displays try to break out, and of which a page does not hold all."""
    home = Home.of(tmp_path_factory.mktemp("home") / "strange")
    before = [Concept(f"{number:03}", f"دارو {number}") for number in range(120)]
    put(home, "Odd", "1/2", [*before, Concept("x", HOSTILE)], at="1400/05/06")
    put(home, "Odd", "..", [*(Concept(each.code, each.display + " تازه") for each in before)], at="1400/05/07")
    put(home, "Odd", "%2F?#", [Concept("y", HOSTILE)], at="1400/05/08")
    with running(home, environment=PORTAL) as service:
        yield service


def test_the_page_says_what_was_added_and_what_was_reworded(portal):
    """The changed word is marked, the rest of the display is not."""
    added, reworded = shown(portal, TREE).body.decode(), shown(portal, f"{TREE}?kind=relabelled").body.decode()

    assert '<code class="code" dir="ltr" translate="no">B</code>' in added
    assert "ریشه <del>نخست</del>&zwnj;<ins>دوم</ins>" in reworded


def test_a_program_reads_the_same_as_json(portal):
    """The counts of every kind, and the differences of the page."""
    answer = as_json(portal, f"{TREE}?kind=relabelled").json()

    assert answer["counts"]["added"] == answer["counts"]["relabelled"] == 1
    assert answer["differences"] == [
        {"kind": "relabelled", "code": "A", "display": "ریشه دوم", "before": ["ریشه نخست"], "after": ["ریشه دوم"]}
    ]


@pytest.mark.parametrize(("form", "begins"), [("csv", b'"kind"'), ("xlsx", b"PK"), ("json", b"{")])
def test_all_differences_are_a_file(portal, form, begins):
    """Under a name that says what they are."""
    answer = shown(portal, f"{TREE}?as={form}")

    assert answer.status == 200
    assert answer.body.startswith(begins)
    assert f".{form}" in answer.headers["content-disposition"]
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_the_csv_is_the_comparison(strange):
    """Whole, though the page shows a part."""
    rows = list(csv.DictReader(io.StringIO(shown(strange, "/Odd/compare?from=1/2&to=..&as=csv").body.decode())))

    assert [row["kind"] for row in rows].count("relabelled") == 120
    assert {row["code"] for row in rows if row["kind"] == "retired"} == {"x"}


def test_the_form_leads_to_the_readable_address(portal):
    """Also from nothing chosen, and from the id in another case."""
    for path in ("/Tree/compare?from=1&to=2", "/Tree/compare", "/tree/compare?from=1&to=2"):
        assert (shown(portal, path).status, shown(portal, path).headers["location"]) == (303, TREE)
    assert shown(portal, "/tree/versions/1/compare/2?kind=moved").headers["location"] == f"{TREE}?kind=moved"
    assert shown(portal, "/en/Tree/compare").headers["location"] == f"/en{TREE}"


@pytest.mark.parametrize(
    "path", ["/Tree/versions/1/compare/3", "/Tree/versions/0/compare/2", "/Nothing/versions/1/compare/2",
             "/Nothing/compare", "/Tree/compare?from=0&to=%2F"],
)  # fmt: skip
def test_what_is_not_there_is_a_page_that_says_so(portal, path):
    """404, in the site's words."""
    answer = shown(portal, path)
    if answer.status == 303:
        answer = shown(portal, answer.headers["location"])

    assert answer.status == 404
    assert b"<html" in answer.body


def test_labels_that_are_no_segments_have_their_page_in_the_query(strange):
    """With slashes, dots and signs of addresses in them; hostile displays are text."""
    page = shown(strange, "/Odd/compare?from=1/2&to=..").body.decode()
    other = shown(strange, "/Odd/compare?from=..&to=%252F%3F%23")
    hostile = shown(strange, other.headers["location"]) if other.status == 303 else other

    assert "صفحهٔ" in page
    assert HOSTILE not in page
    assert "&lt;script&gt;" in hostile.body.decode()
    assert "<script>alert" not in hostile.body.decode()


@pytest.mark.parametrize("page", ["2", "%DB%B2", "99999999999999999999", "-1", "x", "1e3", "%00"])
def test_any_page_number_is_a_page(strange, page):
    """Past the end it is the last; what is no number is the first."""
    assert shown(strange, f"/Odd/compare?from=1/2&to=..&kind=relabelled&page={page}").status == 200


def test_the_pages_together_have_every_code_once(strange):
    """50, 50, 20, in order, by the links that the pages give."""
    path, codes = "/Odd/compare?from=1%2F2&to=..&kind=relabelled", []
    while path:
        page = shown(strange, path).body.decode()
        codes += re.findall(r"/Odd/(\d{3})\"", page)
        following = re.search(r'rel="next" href="([^"]+)"', page)
        path = following[1].replace("&amp;", "&") if following else ""

    assert codes == [f"{number:03}" for number in range(120)]


def test_a_reader_compares_two_versions(tab, base):
    """The journey: from the header to the changed words; on a phone, in the dark, without a script too."""
    page = tab(base, "/")
    page.locator("nav.top-nav").get_by_role("link", name="مقایسه").click()
    page.get_by_role("link", name="1 ← 2").click()
    page.get_by_role("link", name="تغییر مقدار").click()

    assert page.locator("td del").inner_text() == "نخست"
    assert page.locator("td ins").inner_text() == "دوم"
    assert serious(page) == []
    looked_at(page, "compare-fa-1440")
    for language, script in (("", True), ("/en", False)):
        phone = tab(base, f"{language}{TREE}?kind=relabelled", width=NARROW, dark=True, script=script)
        assert not is_wider_than_its_window(phone)
        looked_at(phone, f"compare{language}-360-dark")
        if script:
            assert serious(phone) == []
            phone.select_option("select[name=to]", "1")
        phone.get_by_role("button", name=re.compile("^(مقایسه|Compare)$")).click()
        assert "/Tree/versions/1/compare/" in phone.url


def test_a_status_is_said_in_the_readers_language(tmp_path):
    """On the page that compares, and in the history of the concept."""
    home = Home.of(tmp_path / "home")
    put(home, "S", "1", [Concept("1", "x"), Concept("2", "y")], at="1400/01/01")
    put(home, "S", "2", [Concept("1", "x", status="deprecated"), Concept("2", "y")], at="1401/01/01")
    with running(home, environment=PORTAL) as portal:
        compared = shown(portal, "/S/versions/1/compare/2?kind=status").body.decode()
        history = shown(portal, "/S/1").body.decode()

    assert re.search(r"<del>\s*فعال\s*</del>", compared)
    assert re.search(r"<ins>\s*منسوخ\s*</ins>", compared)
    assert "<del>فعال</del> <ins>منسوخ</ins>" in history
