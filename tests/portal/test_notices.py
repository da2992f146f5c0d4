"""The notices: each letter with what it changed, a page for its number, a feed."""

from __future__ import annotations

import datetime as dt
from xml.etree import ElementTree

import pytest

from maksa.catalog import Catalog
from maksa.home import Home
from maksa.model.concept import Concept
from maksa.model.finding import LoadReport
from maksa.model.terminology import Notice
from maksa.publish.announcing import announce
from maksa.publish.publication import publish
from maksa.snapshot import manifest as manifests
from maksa.wire.dates import read_date
from tests.browser import NARROW, is_wider_than_its_window, looked_at, serious
from tests.portal.conftest import BROWSER, HOSTILE, PORTAL, as_json, shown
from tests.web.conftest import running

ATOM = {"a": "http://www.w3.org/2005/Atom"}


def put(home: Home, label: str, displays: dict[str, str], at: str, notice: Notice) -> None:
    report = LoadReport(file="test", sheet="", terminology_id="eRX", label=label, recognised={})
    with Catalog.open(home.made().catalog_url) as catalog:
        concepts = [Concept(code, display, "fa") for code, display in displays.items()]
        catalog.write_draft("eRX", label, concepts, published=manifests.read(home.shelf).versions, report=report)
        publish(catalog, home.shelf, "eRX", label, at=read_date(at), notice=notice)


@pytest.fixture(scope="module")
def letters(tmp_path_factory):
    """A portal with versions that carry notices, and more notices than a page holds."""
    home = Home.of(tmp_path_factory.mktemp("home") / "letters")
    first = Notice(number="110/40", date=dt.date(2021, 4, 27), title="eRX و IRC دارو", remarks="شامل مکمل‌ها")
    second = Notice(number="110/128", date=dt.date(2021, 7, 28), title=HOSTILE)
    put(home, "1000", {"1": "یک", "2": "دو"}, "1400/02/08", first)
    put(home, "10000", {"1": "یکم", "3": "سه"}, "1400/05/07", second)
    announce(
        home.shelf,
        [Notice(number=f"20/{number}", date=dt.date(2015, 1, 1), title=f"نامهٔ {number}") for number in range(40)],
    )
    announce(home.shelf, [Notice(number="110/130", title="بی‌تاریخ"), Notice(title="بی‌شماره")])
    with running(home, environment=PORTAL) as service:
        yield service


def test_a_letter_says_what_it_changed(letters):
    """The newest first; with the way to the comparison where there is a version before."""
    answer = as_json(letters, "/notices").json()

    assert (answer["page"], answer["pages"], answer["total"]) == (1, 2, 44)
    assert [each["number"] for each in answer["notices"]][:2] == ["110/128", "110/40"]
    assert answer["notices"][1]["jalali"] == "1400/02/07"
    (carried,) = answer["notices"][0]["versions"]
    assert {name: carried[name] for name in ("terminology", "version", "former", "added", "relabelled", "retired")} == {
        "terminology": "eRX", "version": "10000", "former": "1000", "added": 1, "relabelled": 1, "retired": 1,
    }  # fmt: skip
    assert b'href="/eRX/versions/1000/compare/10000"' in shown(letters, "/notices").body


def test_a_number_has_a_page_and_any_other_has_none(letters):
    """Readable, with its slash."""
    page = shown(letters, "/notices/110/40")

    assert page.status == 200
    assert "شامل مکمل‌ها".encode() in page.body
    assert shown(letters, "/notices/110/41").status == 404
    assert shown(letters, "/notices/" + "9" * 500).status == 404


def test_what_a_letter_says_is_text(letters):
    """Its title is somebody's."""
    assert HOSTILE.encode() not in shown(letters, "/notices").body
    assert (
        ElementTree.fromstring(shown(letters, "/notices/feed").body)
        .find("a:entry/a:title", ATOM)
        .text.endswith(HOSTILE)
    )


@pytest.mark.parametrize("path", ["/notices/feed", "/en/notices/feed"])
def test_the_feed_is_atom(letters, path):
    """An entry for each letter that has a place in time, each with an id of its own; links lead to pages."""
    answer = letters.send("GET", path)
    feed = ElementTree.fromstring(answer.body)
    entries = feed.findall("a:entry", ATOM)

    assert answer.headers["content-type"] == "application/atom+xml;charset=UTF-8"
    assert len(entries) == 42
    assert len({entry.find("a:id", ATOM).text for entry in entries}) == 42
    assert entries[0].find("a:updated", ATOM).text == feed.find("a:updated", ATOM).text == "2021-07-28T19:30:00Z"
    assert shown(letters, entries[0].find("a:link", ATOM).get("href")).status == 200


def test_a_reader_of_feeds_is_answered_at_the_page_too(letters):
    """By what it accepts."""
    answer = letters.send("GET", "/notices", headers={"Accept": "application/atom+xml"})

    assert answer.headers["content-type"].startswith("application/atom+xml")
    assert letters.send("GET", "/notices", headers=BROWSER).headers["content-type"].startswith("text/html")


def test_the_page_is_good_to_read(tab, letters):
    """Wide, narrow, light, dark, in both languages."""
    base = f"http://127.0.0.1:{letters.port}"
    for path, width, dark in (("/notices", 1440, False), ("/en/notices", NARROW, True)):
        page = tab(base, path, width=width, dark=dark)
        looked_at(page, f"{path.strip('/')}-{width}")
        assert serious(page) == []
        assert not is_wider_than_its_window(page)
