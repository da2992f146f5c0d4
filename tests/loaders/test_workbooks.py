"""Workbooks: any sheet, hidden ones too, and what a spreadsheet makes of codes."""

from __future__ import annotations

import datetime as dt
import zipfile
from pathlib import Path

import pytest

from maksa.loaders.table import TableSource
from maksa.model.concept import Property
from maksa.model.errors import ColumnMissingError, FileUnreadableError, SheetMissingError
from tests.loaders.conftest import Load, Workbook

HEADER = ["code", "value"]
METHODS = [["کد", "عنوان"], ["1", "خوراکی"], ["2", "تزریقی"]]


def test_the_first_sheet_with_columns_is_read_and_the_others_named(load: Load, workbook: Workbook) -> None:
    """Here it is one that Excel hides, as the sheet of methods of use may be. [letter of 1400/05/06]"""
    path = workbook({"راهنما": [["فایل راهنما"]], "متد مصرف": METHODS, "یادداشت": [["x"]]}, hidden=["متد مصرف"])
    loaded = load(path)

    assert loaded.codes == ["1", "2"]
    assert loaded.report.sheet == loaded.only.sheet == "متد مصرف"
    assert loaded.only.message == "the sheet 'متد مصرف' was read; not read: راهنما, یادداشت"


def test_what_is_seen_is_read_before_what_is_hidden(load: Load, workbook: Workbook) -> None:
    """Last year's list lies hidden before this year's, with the same columns: whoever opened the file saw the other."""
    path = workbook({"پارسال": [["کد", "عنوان"], ["9", "صبح"]], "امسال": METHODS}, hidden=["پارسال"])
    loaded = load(path)

    assert loaded.codes == ["1", "2"]
    assert loaded.only.message == "the sheet 'امسال' was read; not read: پارسال"


@pytest.mark.parametrize("sheet", ["متد مصرف", " متد  مصرف", 2, "2"])
def test_a_sheet_is_asked_for_by_name_or_number(load: Load, workbook: Workbook, sheet: str | int) -> None:
    path = workbook({"زمان مصرف": [["کد", "عنوان"], ["9", "صبح"]], "متد مصرف": METHODS}, very_hidden=["متد مصرف"])
    loaded = load(path, sheet=sheet)

    assert loaded.codes == ["1", "2"]
    assert loaded.report.counts == {}


def test_a_name_of_digits_is_a_name_first(load: Load, workbook: Workbook) -> None:
    path = workbook({"2": METHODS, "b": [HEADER, ["x", "y"]]})

    assert load(path, sheet="2").codes == ["1", "2"]
    assert load(path, sheet=2).codes == ["x"]


def test_a_sheet_that_is_not_there_names_those_that_are(load: Load, workbook: Workbook) -> None:
    with pytest.raises(SheetMissingError, match=r"no sheet '3'; sheets are \['a', 'b'\]"):
        load(workbook({"a": METHODS, "b": METHODS}), sheet="3")


def test_without_columns_the_best_header_is_shown(load: Load, workbook: Workbook) -> None:
    with pytest.raises(ColumnMissingError, match=r"no column for code; the header reads \['no', 'value'\]"):
        load(workbook({"a": [["x"]], "b": [["no", "value"]]}))


def test_an_empty_workbook_says_so(load: Load, workbook: Workbook) -> None:
    with pytest.raises(FileUnreadableError, match=r"nothing in the first 20 rows of \['a'\]"):
        load(workbook({"a": []}))


def test_rows_are_numbered_as_the_sheet_shows_them(load: Load, workbook: Workbook) -> None:
    """Blank rows above the header, and between the rows, count."""
    loaded = load(workbook({"a": [[], ["عنوان فهرست"], HEADER, ["1", "x"], [], ["", "y"]]}))

    assert [(finding.slug, finding.row) for finding in loaded.report.findings] == [("blank-code", 6), ("blank-rows", 5)]
    assert (loaded.report.read, loaded.report.kept, loaded.report.refused, loaded.report.skipped) == (3, 1, 1, 1)


def test_a_whole_number_is_the_code_that_was_typed(load: Load, workbook: Workbook) -> None:
    """calamine gives 60002.0; one warning speaks for all."""
    loaded = load(workbook({"a": [HEADER, [60002, "x"], [60281, "y"]]}))

    assert loaded.codes == ["60002", "60281"]
    assert all(type(code) is str for code in loaded.codes)
    assert (loaded.only.slug, loaded.only.count, loaded.only.row, loaded.only.value) == ("number-code", 2, 2, "60002")


def test_a_number_shorter_than_codes_with_zeros_has_lost_its_own(load: Load, workbook: Workbook) -> None:
    loaded = load(workbook({"a": [HEADER, [12, "x"], ["00034", "y"], [12345, "z"]]}))

    finding = loaded.report.findings[1]
    assert loaded.report.counts == {"number-code": 2, "shorter-number": 1}
    assert (finding.row, finding.value) == (2, "12")
    assert "1 code is a number of 2 digits, others are texts of 5 with zeros" in finding.message


def test_a_number_of_sixteen_digits_has_lost_the_last(load: Load, workbook: Workbook) -> None:
    """An IRC has 16 digits and a spreadsheet's number 15."""
    loaded = load(workbook({"a": [HEADER, [6623932191899378, "x"], ["6623932191899378", "y"]]}), terminology_id="IRC")

    assert loaded.codes == ["6623932191899378"]
    assert (loaded.only.slug, loaded.only.row, loaded.only.column) == ("digits-lost", 2, "code")


@pytest.mark.parametrize(
    ("cell", "slug", "shown"),
    [(dt.date(2024, 1, 2), "date-for-code", "2024-01-02"), (True, "boolean-for-code", "TRUE")],
)
def test_a_code_that_became_something_else_is_refused(
    load: Load, workbook: Workbook, cell: object, slug: str, shown: str
) -> None:
    """1-2 was typed, and Excel made the second of January of it."""
    loaded = load(workbook({"a": [HEADER, [cell, "x"]]}))

    assert (loaded.only.slug, loaded.only.value, loaded.report.refused) == (slug, shown, 1)


def test_other_cells_are_the_text_that_was_typed(load: Load, workbook: Workbook) -> None:
    row = ["1", 5, 0.5, dt.datetime(2024, 1, 2), dt.datetime(2024, 1, 2, 3, 4), False, 10**20]
    loaded = load(workbook({"a": [["code", "value", "p", "q", "r", "s", "t"], row]}))

    assert loaded.concepts[0].display == "5"
    assert loaded.concepts[0].properties == (
        Property("p", "0.5"),
        Property("q", "2024-01-02"),
        Property("r", "2024-01-02T03:04:00"),
        Property("s", "FALSE"),
        Property("t", "1e+20"),
    )


def test_the_rows_can_be_looked_through_before_they_are_read(load: Load, workbook: Workbook) -> None:
    """A sheet whose terminology column names another id in all its rows is taken whole, with a warning."""
    loaded = load(workbook({"a": [["terminology", *HEADER], ["eRx2", "1", "x"], ["eRx2", "2", "y"]]}))

    assert loaded.codes == ["1", "2"]
    assert loaded.only.message == "all rows name the terminology 'eRx2'; they were taken as 'eRX'"


def rewritten(path: Path, part: str, old: bytes, new: bytes) -> Path:
    """The workbook with *old* replaced in one of its parts."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    assert old in parts[part]
    parts[part] = parts[part].replace(old, new)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return path


@pytest.mark.parametrize("stray", [b'r="XFD1048576"', b'r="B99999999999"'])
def test_a_stray_cell_at_the_end_of_the_sheet_does_not_end_the_process(
    load: Load, workbook: Workbook, stray: bytes
) -> None:
    """calamine would ask for 500 GB and abort."""
    path = rewritten(workbook({"a": [HEADER, ["1", "x"]]}), "xl/worksheets/sheet1.xml", b'r="B2"', stray)

    with pytest.raises(
        FileUnreadableError, match=r"sheet1\.xml is [\d,]+ rows by [\d,]+ columns; clear its stray cells"
    ):
        load(path)


def test_a_workbook_that_claims_billions_of_texts_is_refused(load: Load, workbook: Workbook) -> None:
    path = rewritten(
        workbook({"a": [HEADER, ["1", "x"]]}), "xl/sharedStrings.xml", b'uniqueCount="4"', b'uniqueCount="799999999999"'
    )

    with pytest.raises(FileUnreadableError, match=r"sharedStrings\.xml says that it holds 799,999,999,999 entries"):
        load(path)


def test_a_zip_bomb_is_not_unpacked(load: Load, workbook: Workbook) -> None:
    path = workbook({"a": METHODS})
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive, archive.open("xl/bomb.xml", "w") as bomb:
        for _ in range(60):
            bomb.write(bytes(1 << 20))

    with pytest.raises(FileUnreadableError, match=r"it would unpack from [\d,]+ to 62,\d\d\d,\d\d\d bytes"):
        load(path)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("content.xml", "an OpenDocument file"),
        ("word/document.xml", "a Word document"),
        ("xl/workbook.bin", "an XLSB workbook"),
        ("list.csv", "a zip that holds no workbook"),
    ],
)
def test_another_kind_of_zip_says_what_it_is(load: Load, tmp_path: Path, name: str, kind: str) -> None:
    path = tmp_path / "list.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(name, "code,value")

    with pytest.raises(FileUnreadableError, match=f"it is {kind}; save the table as XLSX or CSV"):
        load(path)


def test_a_truncated_workbook_is_damaged(load: Load, workbook: Workbook) -> None:
    path = workbook({"a": METHODS})
    path.write_bytes(path.read_bytes()[:-100])

    with pytest.raises(FileUnreadableError, match="it is a damaged workbook"):
        load(path)


def test_a_workbook_with_broken_xml_is_damaged(load: Load, workbook: Workbook) -> None:
    path = rewritten(workbook({"a": METHODS}), "xl/worksheets/sheet1.xml", b"</c>", b"</d>")

    with pytest.raises(FileUnreadableError, match="it is a damaged workbook"):
        load(path)


def test_a_part_locked_in_the_zip_asks_for_no_password(load: Load, workbook: Workbook) -> None:
    path = workbook({"a": METHODS})
    data = bytearray(path.read_bytes())
    entry = data.index(b"PK\x01\x02")
    data[entry + 8] |= 1  # the flag of encryption in the zip's directory
    path.write_bytes(data)

    with pytest.raises(FileUnreadableError, match="locked with a password"):
        load(path)


def test_the_report_is_there_before_the_rows_are(workbook: Workbook) -> None:
    """A command can show what was recognised before it starts."""
    with TableSource(workbook({"a": METHODS}), terminology_id="x") as source:
        assert source.recognised == {"code": "کد", "display": "عنوان"}
        assert (source.report().sheet, source.report().read) == ("a", 0)
