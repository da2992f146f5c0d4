"""A real portal: `maksa serve` with `portal = true`, over lists that have everything a page can show."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from maksa.home import Home
from maksa.model.concept import Concept, Designation, Property
from tests.web.conftest import Answer, Service, publish_samples, put, running

HOSTILE = "<script>alert(1)</script>\"'&<b x=y>{{7*7}}"
PORTAL = {"MAKSA_PORTAL": "true"}
BROWSER = {"Accept": "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8"}


def publish_portal_lists(home: Home) -> None:
    """The guide's samples, and lists with a tree, a history, strange codes, hostile texts, ids that are words of ours."""
    publish_samples(home)
    put(home, "Strange", "1/2", [
        Concept("mg/dL", "milligram per deciliter"), Concept("%", "percent"), Concept("a b", "blank"), Concept("#1", "hash"),
        Concept("ا۱", "حرف فارسی"), Concept("/min", "slash first"), Concept("versions", "a word of ours"), Concept("..", "dots"),
        Concept("a//b", "two slashes"), Concept("q?x=1&y", "query"), Concept("<b>", HOSTILE),
    ], at="1400/06/01")  # fmt: skip
    put(home, "search", "1", [Concept("1", "an id that is a word of ours")], at="1400/06/02")
    put(home, "Tree", "1", list(_tree("نخست")), at="1400/06/03")
    put(home, "Tree", "2", list(_tree("دوم")), at="1401/06/03")


def _tree(word: str) -> Iterator[Concept]:
    english = (Designation("en", "Root of all"),)
    yield Concept("A", f"ریشه {word}", designations=english, properties=(Property("group", "G1"),))
    for number in range(1, 61):
        code = f"A{number:02}"
        yield Concept(code, f"شاخهٔ {number}", parents=("A",), designations=(Designation("en", f"Branch {number}"),))
    yield Concept("A01.1", "برگ", parents=("A01",))
    if word == "دوم":
        yield Concept("B", "تازه")
    else:
        yield Concept("Z", "رفتنی", status="inactive")


@pytest.fixture(scope="session")
def portal_home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home with the portal's lists published."""
    home = Home.of(tmp_path_factory.mktemp("portal") / "home")
    publish_portal_lists(home)
    return home


@pytest.fixture(scope="session")
def portal(portal_home: Home) -> Iterator[Service]:
    """The portal that most tests look at."""
    with running(portal_home, environment=PORTAL) as started:
        yield started


@pytest.fixture(scope="session")
def base(portal: Service) -> str:
    """Its address, for `tab(base, "/eRX")`."""
    return f"http://127.0.0.1:{portal.port}"


def shown(service: Service, path: str, **headers: str) -> Answer:
    """The page at *path* as a browser asks for it."""
    return service.send("GET", path, headers={**BROWSER, **headers})


def as_json(service: Service, path: str) -> Answer:
    """The same address as a program asks for it."""
    return service.send("GET", path, headers={"Accept": "application/json"})
