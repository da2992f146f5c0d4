"""Whatever comes in: rows add up, and nothing but a SourceError comes out."""

from __future__ import annotations

import csv
import io
import tempfile
import zipfile
from pathlib import Path

import xlsxwriter
from hypothesis import example, given, settings
from hypothesis import strategies as st

from maksa.loaders.table import TableSource
from maksa.model.errors import SourceError
from maksa.model.finding import LoadReport
from tests.loaders.conftest import load_file

CELLS = st.one_of(
    st.sampled_from(
        ["", " ", "1", "01", "a", "ي", "\u200f", "a\tb", "x\ny", '"', ",", "60002", "\u0007", "\ufeff", "eRX"]
    ),
    st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=8),
)
HEADERS = st.permutations(["code", "value", "parent", "value_en", "status", "terminology", "", "level"])
TABLES = st.tuples(HEADERS, st.lists(st.lists(CELLS, max_size=9), max_size=12))


def check(report: LoadReport, kept: int) -> None:
    assert report.read == report.kept + report.refused + report.skipped
    assert report.kept == kept
    assert sum(report.counts.values()) == sum(found.count for found in report.findings) + report.more


def read(data: bytes) -> None:
    """Loads a file of these bytes; a SourceError is an answer too."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "list"
        path.write_bytes(data)
        try:
            with TableSource(path, terminology_id="eRX") as source:
                concepts = list(source.concepts())
        except SourceError:
            return
        check(source.report(), len(concepts))
        assert len({concept.code for concept in concepts}) == len(concepts)
        assert all(concept.code and concept.display for concept in concepts)


@given(TABLES, st.sampled_from([",", ";", "\t"]))
@settings(deadline=None)
def test_rows_of_any_cells_add_up(table: tuple[list[str], list[list[str]]], delimiter: str) -> None:
    """read == kept + refused + skipped, codes unique, none blank."""
    header, rows = table
    stream = io.StringIO()
    writer = csv.writer(stream, delimiter=delimiter, lineterminator="\n")
    writer.writerows([header, *rows])

    read(stream.getvalue().encode())


@given(
    st.lists(
        st.lists(
            st.one_of(CELLS, st.integers(), st.floats(allow_nan=False, allow_infinity=False), st.booleans()), max_size=6
        ),
        max_size=8,
    )
)
@settings(deadline=None, max_examples=50)
def test_sheets_of_any_cells_add_up(rows: list[list[object]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "list.xlsx"
        with xlsxwriter.Workbook(path, {"strings_to_formulas": False, "strings_to_urls": False}) as book:
            sheet = book.add_worksheet()
            for number, row in enumerate([["code", "value", "parent"], *rows]):
                sheet.write_row(number, 0, row)
        loaded = load_file(path)

        check(loaded.report, len(loaded.concepts))


@given(st.binary(max_size=300))
@example(b"\xff\xfe")
@example(b"\xef\xbb\xbf")
@example(b"code,value\n1,a\r\r\n2,b\n\x1a")
@example(b'code,value\n"')
@settings(deadline=None)
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    read(data)
    read(b"code,value\n" + data)
    read("code,value\n".encode("utf-16") + data)
    read(b"PK\x03\x04" + data)


def _workbook() -> dict[str, bytes]:
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(
            [["کد", "عنوان", "parent"], ["1", "سرپایی", ""], [2, "بستری", "1"], [0.5, "x", True]]
        ):
            sheet.write_row(number, 0, row)
    with zipfile.ZipFile(stream) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


PARTS = _workbook()
READ_PARTS = sorted(name for name in PARTS if name.startswith("xl/") and "theme" not in name)
PIECES = st.sampled_from([b"", b"<", b">", b"&", b'"', b"99999999999", b"-1", b"ZZZ", b" r=", b"</c>", b"\xff"])


@given(
    st.sampled_from(READ_PARTS),
    st.lists(st.tuples(st.integers(0, 2**16), st.integers(0, 9), PIECES), min_size=1, max_size=4),
)
@settings(deadline=None, max_examples=200)
def test_a_damaged_workbook_is_read_or_refused(part: str, damages: list[tuple[int, int, bytes]]) -> None:
    """Its XML cut and overwritten at random: no panic, no abort, no other exception."""
    data = PARTS[part]
    for at, length, piece in damages:
        at %= len(data) or 1
        data = data[:at] + piece + data[at + length :]
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, content in PARTS.items():
            archive.writestr(name, data if name == part else content)

    read(stream.getvalue())


@given(st.integers(0, 2**16), st.binary(min_size=1, max_size=4))
@settings(deadline=None)
def test_a_damaged_zip_is_read_or_refused(at: int, piece: bytes) -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in PARTS.items():
            archive.writestr(name, content)
    data = stream.getvalue()
    at %= len(data)

    read(data[:at] + piece + data[at + len(piece) :])
