"""What an operator hides is on no page that compares, announces, checks or calls; what is only shown is no file of theirs."""

from __future__ import annotations

import datetime as dt

import pytest

from maksa.catalog import Catalog
from maksa.home import Home
from maksa.model.concept import Concept
from maksa.model.finding import LoadReport
from maksa.model.terminology import Notice
from maksa.publish.publication import publish
from maksa.snapshot import manifest as manifests
from tests.portal.conftest import PORTAL, as_json, shown
from tests.portal.test_check import checked
from tests.web.conftest import put, running

SECRET = Notice(number="1/1", date=dt.date(2021, 7, 28), title="نامهٔ پنهان")


@pytest.fixture(scope="module")
def closed(tmp_path_factory):
    """A portal with a list that is hidden and one that is only shown, each in two versions."""
    home = Home.of(tmp_path_factory.mktemp("home") / "closed")
    for label in ("1", "2"):
        put(home, "Shown", label, [Concept("A", f"دیده {label}")], at=f"1400/05/0{label}")
        put(home, "Open", label, [Concept("A", f"باز {label}")], at=f"1400/05/0{label}")
    with Catalog.open(home.catalog_url) as catalog:
        report = LoadReport(file="test", sheet="", terminology_id="Secret", label="1", recognised={})
        versions = manifests.read(home.shelf).versions
        catalog.write_draft("Secret", "1", [Concept("A", "پنهان")], published=versions, report=report)
        publish(catalog, home.shelf, "Secret", "1", notice=SECRET)
    put(home, "Secret", "2", [Concept("A", "پنهان‌تر")])
    environment = {**PORTAL, "MAKSA_PORTAL_HIDDEN": "secret", "MAKSA_PORTAL_VIEW_ONLY": "shown"}
    with running(home, environment=environment) as service:
        yield service


@pytest.mark.parametrize(
    "path",
    [
        "/compare",
        "/notices",
        "/notices/feed",
        "/check",
        "/integrators",
        "/try",
        "/state",
    ],
)
def test_a_hidden_list_is_nowhere(closed, path):
    """Neither its id, nor its displays, nor the letter that only it carries."""
    page = shown(closed, path).body.decode()

    assert "پنهان" not in page
    assert "Secret" not in page


def test_a_hidden_list_is_not_compared(closed):
    """Its address is answered as that of a list that never was."""
    page, other = (shown(closed, f"/{name}/versions/1/compare/2") for name in ("Secret", "Nobody"))

    assert page.status == other.status == 404
    assert "پنهان" not in page.body.decode()
    assert as_json(closed, "/Secret/compare").status == 404


def test_a_hidden_list_is_not_checked_against(closed):
    """Its codes are those of a terminology that is not there."""
    result = checked(closed, text="terminology,code,value\nSecret,A,پنهان\nOpen,A,باز 2\n")

    (judged,) = result["judged"]
    assert [finding["slug"] for finding in judged["verdict"]["findings"]] == ["unknown-terminology"]
    assert "پنهان‌تر" not in str(result)


def test_what_is_only_shown_is_no_file(closed):
    """The page is there, its files are not; of an open list they are."""
    page = "/Shown/versions/1/compare/2"

    assert as_json(closed, page).json()["counts"]["relabelled"] == 1
    assert shown(closed, f"{page}?as=csv").status == 403
    assert b"as=csv" not in shown(closed, page).body
    assert shown(closed, "/Open/versions/1/compare/2?as=csv").status == 200
