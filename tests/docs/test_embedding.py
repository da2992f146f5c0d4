"""What docs/embedding.md shows is what happens: its session is run, line by line, in a home made for it."""

from __future__ import annotations

import datetime as dt
import doctest
import re
from pathlib import Path

import pytest

from maksa.catalog import Catalog
from maksa.embedding import Shelf
from maksa.export import FORMATS
from maksa.home import Home
from maksa.model.concept import Concept, Property
from maksa.model.concept_map import ConceptMap, MapEntry
from maksa.model.finding import LoadReport
from maksa.publish import publish
from maksa.snapshot import manifest as manifests

PAGE = "docs/embedding.md"
FIRST = dt.datetime(2021, 7, 28, 8, 30, tzinfo=dt.UTC)  # 1400/05/06 in Tehran, a shift's morning
SECOND = dt.datetime(2022, 7, 28, 8, 30, tzinfo=dt.UTC)
CHANNEL = (Property("channel", "voice"),)
MOBILE = Concept("2", "تلفن همراه منزل", "fa", properties=CHANNEL)
VERSIONS = {
    FIRST: [Concept("1", "تلفن خانه", "fa", properties=CHANNEL), MOBILE],
    SECOND: [Concept("1", "تلفن منزل", "fa", properties=CHANNEL), MOBILE, Concept("3", "نمابر", "fa", parents=("1",))],
}


@pytest.fixture
def page_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The home of the page, in the working directory."""
    monkeypatch.chdir(tmp_path)
    home = Home.of("maksa-home").made()
    with Catalog.open(home.catalog_url) as catalog:
        for label, (at, concepts) in enumerate(VERSIONS.items(), 1):
            draft(catalog, home, "ContactType", str(label), concepts)
            publish(catalog, home.shelf, "ContactType", str(label), at=at)
        facts = ConceptMap(map_id="ContactType-Phones", source_id="ContactType", target_id="Phones")
        draft(catalog, home, facts, "1", [MapEntry("1", "H")])
        publish(catalog, home.shelf, facts.map_id, "1", at=SECOND)
    return home.path


def draft(catalog, home, of, label, records) -> None:
    map_or_id = of if isinstance(of, str) else of.map_id
    report = LoadReport(file="a test", sheet="", terminology_id=map_or_id, label=label, recognised={})
    write = catalog.write_draft if isinstance(of, str) else catalog.write_map
    write(of, label, records, published=manifests.read(home.shelf).versions, report=report)


def test_the_session_is_what_happens(pages, page_home):
    """Each line that the page shows after >>> gives what the page says."""
    session = "\n".join(re.findall(r"^```pycon\n(.*?)^```$", pages[PAGE], re.MULTILINE | re.DOTALL))
    test = doctest.DocTestParser().get_doctest(session, {}, PAGE, PAGE, 0)
    said: list[str] = []
    result = doctest.DocTestRunner(optionflags=doctest.IGNORE_EXCEPTION_DETAIL).run(test, out=said.append)

    assert result.attempted > 30
    assert (result.failed, "".join(said)) == (0, "")


def test_the_program_at_its_head_runs(pages, page_home, capsys):
    """With the home that is there."""
    (program,) = re.findall(r"^```python\n(.*?)^```$", pages[PAGE], re.MULTILINE | re.DOTALL)
    exec(program.replace("/var/lib/maksa", str(page_home)).replace('"eRX", "60002"', '"ContactType", "1"'), {})

    assert capsys.readouterr().out == "تلفن منزل\n"


def test_every_form_is_told(table):
    """With its ending."""
    told = {name: cells[0] for name, cells in table(PAGE, cells=2).items()}

    assert told == {form.name: f"`{form.suffix}`" for form in FORMATS.values()}


def test_every_verb_is_told(pages):
    """A method that is public is on the page."""
    names = {name for name in vars(Shelf) if not name.startswith("_")}

    assert {name for name in names if f"`{name}(" not in pages[PAGE] and f"Shelf.{name}(" not in pages[PAGE]} == set()
