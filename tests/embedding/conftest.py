"""A shelf as a program meets it: a home with a list in two versions, and one more list."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from maksa.snapshot.manifest import file_of
from tests.publish.conftest import DAY, NOON, House


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """eRX in two versions, ContactType in one; the home is `tmp_path`."""
    made = House(tmp_path)
    made.release("eRX", "9999", {"1": "ACETAMINOPHEN", "2": "ASPIRIN"}, NOON)
    made.release("eRX", "10000", {"1": "PARACETAMOL", "3": "IBUPROFEN"}, NOON + DAY)
    made.release("ContactType", "1", {"1": "منزل"}, NOON + 2 * DAY)
    yield made
    made.catalog.close()


@pytest.fixture
def file(house: House, tmp_path: Path) -> Path:
    """The snapshot of eRX 10000, under a name of its own."""
    path = tmp_path / "drugs of may.sqlite"
    path.write_bytes(file_of(house.folder, house.manifest.versions[1]).read_bytes())
    return path
