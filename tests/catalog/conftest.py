"""A fresh catalog of either kind for each test; what holds for one database must hold for the other."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest

from maksa.catalog import Catalog, Draft
from maksa.model.concept import Concept
from maksa.model.finding import LoadReport

SHORT_WAIT_S = 0.3


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of an empty database."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'catalog.db'}"
    return str(request.getfixturevalue("postgres_database"))


@pytest.fixture
def catalog(url: str) -> Iterator[Catalog]:
    """An empty catalog; it waits for others only briefly."""
    with Catalog.open(url, wait_s=SHORT_WAIT_S) as opened:
        yield opened


Write = Callable[..., Draft]


@pytest.fixture
def write(catalog: Catalog) -> Write:
    """Writes a draft of the given concepts, by default three contact types."""

    def written(
        terminology_id: str = "ContactType", label: str = "1", concepts: Iterable[Concept] = CONTACTS, **more
    ) -> Draft:
        more = {"published": (), "report": report()} | more
        return catalog.write_draft(terminology_id, label, concepts, **more)

    return written


def report(file: str = "ContactType.csv") -> LoadReport:
    return LoadReport(file=file, sheet="", terminology_id="", label="", recognised={})


CONTACTS = (
    Concept("2", "تلفن محل کار", "fa"),
    Concept("10", "Pager", "en"),
    Concept("1", "تلفن منزل", "fa"),
)
