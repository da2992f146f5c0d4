"""Text in whatever encoding, with whatever delimiter and quotes."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from maksa.loaders.table.text import CELL_LIMIT
from maksa.model.errors import FileUnreadableError, SheetMissingError
from tests.loaders.conftest import Load

RELIGIONS = "کد,عنوان\n1,اسلام\n2,مسیحیت\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_unicode_is_read_by_its_mark(load: Load, encoding: str) -> None:
    mark = "\ufeff" if encoding in ("utf-16-le", "utf-16-be") else ""
    loaded = load((mark + RELIGIONS).encode(encoding))

    assert [concept.display for concept in loaded.concepts] == ["اسلام", "مسیحیت"]
    assert loaded.report.counts == {}


def test_what_is_hardly_unicode_is_read_as_windows_1256_and_says_so(load: Load) -> None:
    """Excel on Persian Windows saves CSV in it; it has no Persian ی, so that is told too."""
    loaded = load("کد,مقدار\n1,اسلام\n2,مسيحيت\n".encode("windows-1256"))

    assert [concept.display for concept in loaded.concepts] == ["اسلام", "مسيحيت"]
    assert loaded.report.counts == {"encoding": 1, "arabic-letters": 1}
    assert (loaded.report.findings[0].row, loaded.report.findings[0].severity) == (0, "warning")


def test_a_damaged_unicode_file_is_refused_by_line_and_bytes(load: Load) -> None:
    """One broken letter does not make windows-1256 of thousands of good ones."""
    with pytest.raises(FileUnreadableError, match=r"line 3: bytes that are not utf-8: d8 d9"):
        load(RELIGIONS.encode().replace("مسیحیت".encode(), b"\xd8\xd9\x85"))


def test_a_cut_off_file_is_refused(load: Load) -> None:
    with pytest.raises(FileUnreadableError, match="line 3: bytes that are not utf-8: db"):
        load(RELIGIONS.encode()[: RELIGIONS.encode().rindex("ی".encode()) + 1])


@pytest.mark.parametrize(
    "table", [b"code,value\n1,a\0b\n", "code,value\n1,a\n".encode("utf-16-le"), b"\xff\xfe\0\0c\0\0\0"]
)
def test_nul_is_no_text(load: Load, table: bytes) -> None:
    with pytest.raises(FileUnreadableError, match="NUL"):
        load(table)


def test_half_a_unit_of_utf_16_is_refused(load: Load) -> None:
    with pytest.raises(FileUnreadableError, match="not utf-16"):
        load(RELIGIONS.encode("utf-16")[:-1])


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_that_under_which_columns_are_recognised(load: Load, delimiter: str) -> None:
    """Not the one seen most often: a header may hold commas of its own."""
    note = "a,b,c;d" if delimiter == "\t" else "note"
    loaded = load(delimiter.join(["code", "value", note]) + "\n" + delimiter.join(["1", "x", "y"]) + "\n")

    assert (loaded.concepts[0].code, loaded.concepts[0].display) == ("1", "x")
    assert loaded.concepts[0].properties[0].name == note


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_lines_of_every_system(load: Load, newline: str) -> None:
    assert load(RELIGIONS.replace("\n", newline)).codes == ["1", "2"]


def test_quotes_hold_delimiters_quotes_and_lines(load: Load) -> None:
    """A row of the report is a record: the one after three lines is still the next."""
    loaded = load('code,value\nA00,"Cholera, ""classic""\nbiovar"\n,x\n')

    assert loaded.concepts[0].display == 'Cholera, "classic" biovar'
    assert [(finding.slug, finding.row) for finding in loaded.report.findings] == [("line-break", 2), ("blank-code", 3)]


def test_wrong_quotes_refuse_their_row_alone(load: Load) -> None:
    loaded = load('code,value\n1,"5" needle"\n2,b\n')

    assert loaded.codes == ["2"]
    assert (loaded.only.slug, loaded.only.row) == ("broken-record", 2)
    assert loaded.only.message.startswith("the row cannot be told into cells: line 2:")


def test_a_quote_never_closed_ends_the_load(load: Load) -> None:
    """It has swallowed the rows after it: nobody can say which."""
    with pytest.raises(FileUnreadableError, match="row 3: a quote is opened and never closed"):
        load('code,value\n1,a\n2,"b\n3,c\n4,d\n')


def test_a_cell_of_more_than_a_megabyte_ends_the_load(load: Load) -> None:
    with pytest.raises(FileUnreadableError, match="row 2: a cell that ends at line 2 or later is over 1 MB"):
        load(f'code,value\n1,"{"x" * (CELL_LIMIT + 1)}"\n2,b\n')


def test_a_cell_of_almost_a_megabyte_is_kept(load: Load) -> None:
    assert len(load(f"code,value\n1,{'x' * (CELL_LIMIT - 1)}\n").concepts[0].display) == CELL_LIMIT - 1


def test_a_header_alone_is_a_table_of_no_rows(load: Load) -> None:
    assert load("code,value\n").report.read == 0


@pytest.mark.parametrize(
    ("table", "reason"),
    [
        (b"", "it is empty"),
        (b"\n\n  \n", "its first 20 rows are blank"),
        (b"\x1f\x8b\x08\0rest", "compressed with gzip"),
        (b"%PDF-1.7\n", "it is a PDF"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old XLS, or locked with a password"),
        (b"PK\x05\x06" + bytes(18), "an empty zip"),
    ],
)
def test_what_is_no_table_says_what_it_is(load: Load, table: bytes, reason: str) -> None:
    with pytest.raises(FileUnreadableError, match=reason):
        load(table)


def test_a_file_that_is_not_there(load: Load, tmp_path: Path) -> None:
    with pytest.raises(FileUnreadableError, match=r"nothing\.csv: No such file or directory"):
        load(tmp_path / "nothing.csv")


def test_a_directory_is_no_file(load: Load, tmp_path: Path) -> None:
    with pytest.raises(FileUnreadableError, match="it is not a file"):
        load(tmp_path)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read(load: Load, tmp_path: Path) -> None:
    path = tmp_path / "secret.csv"
    path.write_text(RELIGIONS, encoding="utf-8")
    path.chmod(0)

    with pytest.raises(FileUnreadableError, match="Permission denied"):
        load(path)


def test_text_has_no_sheets(load: Load) -> None:
    with pytest.raises(SheetMissingError, match="no sheet 'Sheet1'; sheets are none: it is text"):
        load(RELIGIONS, sheet="Sheet1")


def test_the_name_of_a_file_says_nothing(load: Load, tmp_path: Path) -> None:
    path = tmp_path / "list.xlsx"
    path.write_text(RELIGIONS, encoding="utf-8")

    assert load(path).codes == ["1", "2"]


@pytest.mark.parametrize("code", ["1.2E+10", "9,15472E+15", "6E+04"])
def test_a_code_that_a_spreadsheet_showed_as_a_number_is_refused(load: Load, code: str) -> None:
    """Saved as CSV, the digits behind the shown ones are gone; published, it would be a code that nobody has."""
    loaded = load(f"code;value\n60002;one\n{code};two\nE+5;three\n".encode())

    assert loaded.codes == ["60002", "E+5"]
    assert (loaded.only.slug, loaded.only.row, loaded.only.value) == ("digits-lost", 3, code)
