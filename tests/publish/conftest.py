"""A home to publish in: an SQLite catalog and a shelf, and the two steps that people take."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from maksa.catalog import Catalog, Draft
from maksa.model.concept import Concept
from maksa.model.finding import LoadReport
from maksa.model.terminology import Version
from maksa.publish import publish
from maksa.snapshot import manifest as manifests
from maksa.snapshot.manifest import Manifest
from maksa.snapshot.shelf import Shelf

NOON = dt.datetime(2021, 7, 28, 12, tzinfo=dt.UTC)  # 1400/05/06
DAY = dt.timedelta(days=1)


class House:
    """A catalog and a shelf in one directory."""

    def __init__(self, path: Path, wait_s: float = 10.0, url: str = "") -> None:
        self.folder = path / "shelf"
        self.catalog = Catalog.open(url or f"sqlite:///{path / 'catalog.db'}", wait_s=wait_s)
        self.wait_s = wait_s

    @property
    def manifest(self) -> Manifest:
        return manifests.read(self.folder)

    @property
    def shelf(self) -> Shelf:
        return Shelf.open(self.folder)

    def load(self, terminology_id: str, label: str, concepts: Iterable[Concept], **more: str) -> Draft:
        report = LoadReport(file="list.csv", sheet="", terminology_id=terminology_id, label=label, recognised={})
        published = self.manifest.versions
        return self.catalog.write_draft(terminology_id, label, concepts, published=published, report=report, **more)

    def publish(self, terminology_id: str, label: str, at: dt.datetime | None = None, **more) -> Version:
        return publish(self.catalog, self.folder, terminology_id, label, at=at, wait_s=self.wait_s, **more)

    def release(
        self, terminology_id: str, label: str, displays: dict[str, str], at: dt.datetime | None = None
    ) -> Version:
        """Loads and publishes a list of codes and displays."""
        self.load(terminology_id, label, [Concept(code, display, "fa") for code, display in displays.items()])
        return self.publish(terminology_id, label, at)


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    made = House(tmp_path)
    yield made
    made.catalog.close()
