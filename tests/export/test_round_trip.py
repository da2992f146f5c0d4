"""What was exported is loaded again, to the same concepts: in every form that a load reads."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from maksa.catalog import Catalog
from maksa.export import FORMATS, content_of, write
from maksa.loaders.recognition import Asked, recognised
from maksa.model.concept import Concept, Designation, Property
from maksa.model.difference import merged
from maksa.model.finding import LoadReport
from maksa.publish import publish
from maksa.snapshot.reader import Snapshot
from maksa.snapshot.shelf import Shelf
from tests.conftest import NOON
from tests.export.conftest import RICH

LOADED = ("csv", "csv-excel", "xlsx", "jsonl", "json")
LETTERS = "ab05|\\\"',;=+-@\u200cپی ()._"
TEXT = st.text(LETTERS, min_size=1, max_size=8).map(str.strip).filter(bool)
CODE = st.text(LETTERS.replace("\u200c", ""), min_size=1, max_size=4).map(str.strip).filter(bool)
NAME = st.sampled_from(["group", "a.b", "level (code)", "گروه"])
CONCEPTS = st.lists(
    st.builds(
        Concept,
        code=CODE,
        display=TEXT,
        language=st.sampled_from(["fa", "en", "de-AT"]),
        designations=st.lists(
            st.builds(Designation, st.sampled_from(["fa", "en-GB"]), TEXT, st.sampled_from(["synonym", "short.name"])),
            max_size=3,
        ).map(tuple),
        properties=st.lists(st.builds(Property, NAME, TEXT, st.sampled_from(["string", "integer"])), max_size=3).map(
            tuple
        ),
        status=st.sampled_from(["active", "draft", "retired"]),
    ),
    unique_by=lambda concept: concept.code,
    min_size=1,
    max_size=5,
)


def published(folder: Path, concepts: list[Concept]) -> Snapshot:
    """The only version of a list, on a shelf of its own in *folder*."""
    report = LoadReport(file="a test", sheet="", terminology_id="list", label="1", recognised={})
    with Catalog.open(f"sqlite:///{folder / 'catalog.db'}") as catalog:
        catalog.write_draft("list", "1", concepts, published=(), report=report)
        publish(catalog, folder / "shelf", "list", "1", at=NOON)
    return Shelf.open(folder / "shelf").view.terminology("list").last.snapshot


def loaded(path: Path) -> tuple[list[Concept], LoadReport]:
    form = recognised(path)
    assert form.name == "exported"
    with form.source(path, Asked("list")) as source:
        return list(source.concepts()), source.report()


@pytest.fixture(scope="module")
def place():
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder)


@settings(max_examples=40)
@given(concepts=CONCEPTS, parents=st.randoms(use_true_random=False))
@pytest.mark.parametrize("name", LOADED)
def test_a_load_reads_what_an_export_wrote(name, place, concepts, parents):
    """Whatever is in the texts; in the publisher's order; the order of designations is no difference."""
    concepts = [
        Concept(
            **{field: getattr(each, field) for field in each.__struct_fields__ if field != "parents"},
            parents=tuple(sorted({other.code for other in concepts[:at] if parents.random() < 0.4})),
        )
        for at, each in enumerate(concepts)
    ]
    with tempfile.TemporaryDirectory(dir=place) as folder:
        snapshot = published(Path(folder), concepts)
        again, report = loaded(write(content_of(snapshot), Path(folder) / f"list{FORMATS[name].suffix}", FORMATS[name]))

    assert (report.read, report.kept) == (len(concepts), len(concepts))
    assert [(each.code, each.display, each.language) for each in again] == [
        (each.code, each.display, each.language) for each in concepts
    ]
    by_code = [sorted(many, key=lambda each: each.code) for many in (concepts, again)]
    assert list(merged(*by_code)) == []


@pytest.mark.parametrize("name", ["jsonl", "json"])
def test_json_gives_the_same_file_again(tmp_path, name):
    """Published as of the same date under the same label: the digest of every byte is the same."""
    first, second = tmp_path / "1", tmp_path / "2"
    first.mkdir()
    second.mkdir()
    snapshot = published(first, list(RICH))
    concepts, _ = loaded(write(content_of(snapshot), tmp_path / "list", FORMATS[name]))

    assert published(second, concepts).version.digest == snapshot.version.digest


def test_a_line_that_is_no_concept_is_refused_by_its_number(tmp_path):
    """The rest is kept."""
    path = tmp_path / "list.jsonl"
    path.write_text(
        '{"code":"1","display":"a","language":"en"}\n{"code":2}\n\n{"code":"3","display":"b","status":"odd"}\n'
    )
    concepts, report = loaded(path)

    assert [each.code for each in concepts] == ["1", "3"]
    assert (report.read, report.kept, report.refused) == (3, 2, 1)
    assert [(each.slug, each.row) for each in report.findings] == [("malformed-concept", 2), ("unknown-status", 4)]


def test_a_table_that_somebody_has_edited_is_read_too(tmp_path):
    """Saved by a spreadsheet with semicolons, a column added, a word for the status."""
    path = tmp_path / "list.csv"
    header = "code;display;language;status;created;changed;parents;property.group;remarks"
    path.write_text(f"{header}\n1;منزل;;غیرفعال;;;;A|B;new\n", encoding="utf-8")
    (concept,), _ = loaded(path)

    assert (concept.language, concept.status) == ("fa", "retired")
    assert concept.properties == (Property("group", "A"), Property("group", "B"), Property("remarks", "new"))


@pytest.mark.parametrize("content", ["", "{", '{"version": 1}', "code,display\n1,a\n", "[]", '{"code": "1"}\n'])
def test_another_file_is_no_export(tmp_path, content):
    """It is left to the forms after it."""
    path = tmp_path / "list"
    path.write_text(content)

    assert recognised(path).name != "exported"


def test_a_cut_document_is_told(tmp_path):
    """It begins as an export, and does not end."""
    path = tmp_path / "list.json"
    path.write_text('{"version":{},"concepts":[\n{"code":"1","display":"a"},\n')

    with pytest.raises(Exception, match="damaged JSON"):
        loaded(path)
