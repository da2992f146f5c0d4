"""The ministry's own lists go out and come in again as they were."""

from __future__ import annotations

import pytest

from maksa.export import FORMATS, content_of, write
from maksa.loaders.recognition import Asked, recognised
from maksa.model.difference import merged
from tests.cli.conftest import DATA, NEEDS_DATA
from tests.export.test_round_trip import loaded, published

pytestmark = NEEDS_DATA


@pytest.mark.parametrize(
    ("name", "form"), [("eRX_natural", "csv-excel"), ("ISO_3166-1", "xlsx"), ("eRX_natural", "jsonl")]
)
def test_a_list_comes_back_as_it_went(tmp_path, name, form):
    """Every concept, in the publisher's order."""
    path = DATA / f"{name}.csv"
    with recognised(path).source(path, Asked(name)) as source:
        concepts = list(source.concepts())
    written = write(content_of(published(tmp_path, concepts)), tmp_path / "list", FORMATS[form])
    again, report = loaded(written)

    assert [each.code for each in again] == [each.code for each in concepts]
    assert list(merged(*(sorted(many, key=lambda each: each.code) for many in (concepts, again)))) == []
    assert report.refused == 0
