"""Each form holds the version, whole, as a program of the outside reads it."""

from __future__ import annotations

import csv
import io
import itertools
import json
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pandas
import polars
import pytest
from python_calamine import CalamineWorkbook

from maksa.export import FORMATS, content_of, differences_of
from maksa.export.columnar import to_pandas, to_polars
from maksa.export.workbook import write_xlsx
from maksa.model.concept import Concept, Property
from maksa.model.concept_map import ConceptMap, MapEntry
from maksa.model.finding import LoadReport
from maksa.model.terminology import Imprint
from maksa.service.compare import compare
from maksa.snapshot.reader import Snapshot
from tests.conftest import NOON
from tests.export.conftest import COLUMNS


def exported(content, name: str) -> bytes:
    return b"".join(FORMATS[name].chunks(content))


def test_csv_is_read_by_csv_reader_cell_for_cell(rich):
    """Commas, quotes, Persian, several texts in a cell: each where its column says."""
    header, retired, formula, omeprazole = csv.reader(io.StringIO(exported(rich, "csv").decode(), newline=""))

    assert header == COLUMNS
    assert retired[:7] == ["A02", "داروهای معده", "fa", "retired", "2021-07-28T12:00:00Z", "2021-07-28T12:00:00Z", ""]
    assert formula[:2] == ["A02BC", "=1+1"]
    assert omeprazole[6:] == ["A02|A02BC", "امپرازول", 'omeprazol|the "purple" pill', r"A02|A\|B\\C", "", "5"]


def test_csv_for_excel_has_its_mark_and_no_formula(rich):
    """Excel knows Persian by the mark; `=1+1` is shown and not run; a number is let be."""
    data = exported(rich, "csv-excel")
    rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))

    assert data.startswith(b"\xef\xbb\xbf")
    assert [row["display"] for row in rows] == ["داروهای معده", "'=1+1", "omeprazole, 20 mg"]
    assert rows[1]["property.unit"] == "-5"


def test_a_workbook_holds_texts_only(rich):
    """A code, a number, a date, a formula: all are what they were."""
    book = CalamineWorkbook.from_filelike(io.BytesIO(exported(rich, "xlsx")))
    rows = book.get_sheet_by_index(0).to_python()

    assert rows[0] == COLUMNS
    assert rows[2][1] == "=1+1"
    assert {type(cell) for row in rows for cell in row} == {str}


def test_what_does_not_fit_a_sheet_goes_on_in_the_next(make):
    """Under the same header; no row is lost or told twice."""
    content, file = content_of(make(Concept(f"{n:02}", f"display {n}") for n in range(25))), io.BytesIO()
    write_xlsx(content, file, rows_limit=10)
    file.seek(0)
    sheets = [sheet.to_python() for sheet in map(CalamineWorkbook.from_filelike(file).get_sheet_by_index, range(3))]

    assert [sheet[0][0] for sheet in sheets] == ["code"] * 3
    assert [row[0] for sheet in sheets for row in sheet[1:]] == [f"{n:02}" for n in range(25)]


def test_a_text_too_long_for_excel_is_cut(make):
    """The workbook opens."""
    file = io.BytesIO(exported(content_of(make([Concept("1", "x" * 40_000)])), "xlsx"))

    assert len(CalamineWorkbook.from_filelike(file).get_sheet_by_index(0).to_python()[1][1]) == 32_767


def test_json_lines_lose_nothing(rich):
    """Each is the concept as `maksa lookup --json` prints it."""
    lines = [json.loads(line) for line in exported(rich, "jsonl").splitlines()]

    assert [line["code"] for line in lines] == ["A02", "A02BC", "A02BC01"]
    assert lines[2]["properties"][1] == {"name": "ATC", "value": "A|B\\C", "kind": "string"}


def test_json_is_one_document_with_its_version(rich):
    """A reader knows what he has."""
    document = json.loads(exported(rich, "json"))

    assert (document["version"]["terminology_id"], document["version"]["label"]) == ("داروها", "۱۴۰۰/۵")
    assert len(document["concepts"]) == 3


def test_parquet_is_the_frame(rich):
    """Polars reads back what `to_polars` gives."""
    frame = polars.read_parquet(io.BytesIO(exported(rich, "parquet")))

    assert frame.equals(to_polars(rich))


def test_the_snapshot_is_the_file_itself(rich, tmp_path: Path):
    """Its bytes open as what they were."""
    copy = tmp_path / "copy.maksa"
    copy.write_bytes(exported(rich, "snapshot"))

    assert Snapshot.open(copy).concept("A02") == rich.snapshot.concept("A02")


def test_a_frame_of_polars_has_moments_and_lists(rich):
    """Several texts are a list; a property that no concept has twice is a text, null where it is not."""
    frame = to_polars(rich)

    assert frame.columns == COLUMNS
    assert frame["parents"].to_list() == [[], ["A02"], ["A02", "A02BC"]]
    assert frame["property.ATC"].to_list() == [[], [], ["A02", "A|B\\C"]]
    assert frame["property.unit"].to_list() == [None, "-5", None]
    assert frame["created"].to_list() == [NOON] * 3


def test_a_frame_of_pandas_says_the_same(rich):
    """Several texts are a tuple."""
    frame = to_pandas(rich)

    assert list(frame.columns) == COLUMNS
    assert list(frame["parents"]) == [(), ("A02",), ("A02", "A02BC")]
    assert frame["property.unit"].dropna().to_list() == ["-5"]
    assert frame["changed"][0] == pandas.Timestamp(NOON)


def test_a_list_without_a_concept_has_its_columns(make):
    """As frame, CSV, workbook, JSON."""
    content = content_of(make([]))

    assert to_polars(content).schema == to_polars(content_of(make([Concept("1", "a")]))).schema
    assert exported(content, "csv").count(b"\r\n") == 1
    assert json.loads(exported(content, "json"))["concepts"] == []


def test_a_property_of_two_kinds_is_two_columns(make):
    """A name that reads as a kind is told apart too."""
    facts = (Property("level", "1"), Property("level", "2", "code"), Property("a (code)", "3"))
    content = content_of(make([Concept("1", "a", properties=facts)]))

    names = [column.name for column in content.columns][7:]
    assert names == ["property.level", "property.level (code)", "property.a (code) (string)"]


def test_a_map_is_exported_in_the_columns_that_a_load_recognises(house):
    """Source and target, then what hangs on the line."""
    entry = MapEntry("1", "A", "equivalent", rule="TRUE")
    facts = ConceptMap(map_id="eRX-ATC", source_id="eRX", target_id="ATC")
    report = LoadReport(file="map.csv", sheet="", terminology_id="eRX-ATC", label="1", recognised={})
    house.catalog.write_map(facts, "1", [entry], published=(), report=report)
    house.publish("eRX-ATC", "1")
    content = content_of(house.shelf.view.map("erx-atc").last.snapshot)
    rows = list(csv.reader(io.StringIO(exported(content, "csv").decode())))

    assert rows == [
        ["source", "target", "relationship", "order", "group", "rule", "advice"],
        ["1", "A", "equivalent", "1", "1", "TRUE", ""],
    ]


def test_the_difference_of_two_versions_is_exported_too(house):
    """As `maksa compare` tells it."""
    house.release("eRX", "1", {"1": "ACETAMINOPHEN"}, NOON)
    house.release("eRX", "2", {"1": "PARACETAMOL"})
    content = differences_of(compare(house.shelf.view, "eRX", "1", "2").value)
    row = list(csv.reader(io.StringIO(exported(content, "csv").decode())))[1]

    assert content.name == "eRX-1-2"
    assert row == ["relabelled", "1", "PARACETAMOL", "ACETAMINOPHEN", "PARACETAMOL"]


@pytest.mark.parametrize("name", FORMATS)
def test_chunks_may_be_read_by_several_threads_in_turn(make, name):
    """As a server does, which asks for the next one in whatever thread is free; none is empty."""
    content = content_of(make(Concept(f"{n:05}", "x") for n in range(3_000)))
    chunks, read = FORMATS[name].chunks(content), []
    while len(read) < 2 or read[-1]:
        with ThreadPoolExecutor(1) as thread:
            read.append(thread.submit(next, chunks, b"").result())

    assert read.index(b"") == len(read) - 1
    assert b"".join(read) == exported(content, name)


@pytest.mark.parametrize("name", ["csv", "jsonl", "json"])
def test_a_form_that_streams_begins_before_the_list_ends(make, name, monkeypatch):
    """Its first chunk has been given when most records are still to be read."""
    content, taken = content_of(make(Concept(f"{n:05}", "x") for n in range(5_000))), []
    for way in ("records", "rows"):
        monkeypatch.setattr(content, way, told(getattr(content, way), taken))
    first = list(itertools.islice(FORMATS[name].chunks(content), 2))

    assert all(first)
    assert len(taken) <= 2_000


def told(way, taken):
    """The records or rows as they were, each noted in *taken* when it is read."""
    return lambda: (taken.append(1) or each for each in way())


def test_a_document_and_a_workbook_say_whose_the_list_is(house):
    """In a member of its own, and under the workbook's properties; a list of which nobody said it is as it was."""
    imprint = Imprint("انجمن پرستاری", "CC BY 4.0 & more")
    house.load("Mine", "1", [Concept("1", "یک")], imprint=imprint)
    house.publish("Mine", "1", NOON)
    house.release("Bare", "1", {"1": "یک"}, NOON)
    mine, bare = (content_of(house.shelf.view.terminology(name).last.snapshot) for name in ("Mine", "Bare"))

    assert json.loads(exported(mine, "json"))["imprint"] == {"issuer": imprint.issuer, "licence": imprint.licence}
    assert json.loads(exported(bare, "json"))["imprint"] == {"issuer": "", "licence": ""}
    assert "<dc:creator>انجمن پرستاری</dc:creator>" in properties_of(mine)
    assert "<dc:description>CC BY 4.0 &amp; more</dc:description>" in properties_of(mine)
    assert "dc:description" not in properties_of(bare)


def properties_of(content) -> str:
    with zipfile.ZipFile(io.BytesIO(exported(content, "xlsx"))) as book:
        return book.read("docProps/core.xml").decode()
