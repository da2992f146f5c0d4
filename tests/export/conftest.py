"""A version with something of everything that a concept may have, as the content that is exported."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from maksa.export import Content, content_of
from maksa.model.concept import Concept, Designation, Property
from tests.publish.conftest import House

RICH = (
    Concept(
        "A02BC01",
        "omeprazole, 20 mg",
        "en",
        (Designation("fa", "امپرازول"), Designation("en", "omeprazol"), Designation("en", 'the "purple" pill')),
        (Property("ATC", "A02"), Property("ATC", "A|B\\C"), Property("level", "5", "integer")),
        ("A02BC", "A02"),
    ),
    Concept("A02", "داروهای معده", "fa", status="retired"),
    Concept("A02BC", "=1+1", "en", properties=(Property("unit", "-5"),), parents=("A02",)),
)
COLUMNS = [
    "code", "display", "language", "status", "created", "changed", "parents",
    "designation.fa.synonym", "designation.en.synonym", "property.ATC", "property.unit", "property.level (integer)",
]  # fmt: skip


@pytest.fixture
def rich(make) -> Content:
    """The three concepts of `RICH` as a version; the tests' writer lists them by code."""
    return content_of(make(RICH, terminology_id="داروها", label="۱۴۰۰/۵"))


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """A catalog and a shelf to publish in."""
    made = House(tmp_path)
    yield made
    made.catalog.close()
