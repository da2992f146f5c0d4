"""Files with fixed columns: the header found below titles, in any encoding and with any delimiter, in any sheet."""

from __future__ import annotations

import pytest

from maksa.loaders.headed import headed_sheets
from maksa.loaders.table.workbook import Retyped
from maksa.model.errors import FileUnreadableError

ROLES = {"title": ("عنوان", "title"), "number": ("شماره", "number")}


def accepts(roles):
    return set(roles) == {"title", "number"}


def sheets(path):
    return headed_sheets(path, ROLES, accepts)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "windows-1256"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_a_text_is_read_in_any_encoding_with_any_delimiter(tmp_path, encoding, delimiter):
    """The one under which the columns are recognised."""
    lines = [["فهرست"], [], ["شماره", "عنوان"], ["1", "بذر"]]
    (tmp_path / "file").write_bytes("\n".join(delimiter.join(line) for line in lines).encode(encoding))
    (sheet,), others = sheets(tmp_path / "file")

    assert (sheet.places, others) == ({"title": 1, "number": 0}, [])
    assert list(sheet.rows()) == [(4, ["1", "بذر"])]


def test_rows_are_numbered_as_the_file_has_them_and_filled_up(tmp_path):
    """Blank ones are left out; what lies beyond the header too."""
    (tmp_path / "file").write_text("number,title,more\n\n1,a\n2,b,c,d\n")
    (sheet,), _ = sheets(tmp_path / "file")

    assert list(sheet.rows()) == [(3, ["1", "a", ""]), (4, ["2", "b", "c"])]
    assert sheet.others == {"more": 2}
    assert list(sheet.rows()) == list(sheet.rows())


def test_sheets_without_the_columns_are_named(workbook):
    """And numbers of a spreadsheet are known as such."""
    path = workbook({"a": [["x"]], "b": [["title", "number"], ["t", 5]], "c": [["title"]]}, hidden=["b"])
    (sheet,), others = sheets(path)

    assert (sheet.name, others) == ("b", ["a", "c"])
    ((number, row),) = sheet.rows()
    assert (number, row) == (2, ["t", "5"])
    assert isinstance(row[1], Retyped)


def test_a_header_is_looked_for_in_the_first_rows_only(tmp_path):
    """A column of the data is no header."""
    (tmp_path / "file").write_text("x,y\n" * 30 + "number,title\n1,a\n")

    assert sheets(tmp_path / "file") == ([], [""])


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"", "empty"), (b"\x1f\x8b", "gzip"), (b"PK\x03\x04broken", "damaged"), (b"number,title\n\x00", "NUL")],
)
def test_what_is_no_table_is_an_error(tmp_path, content, said):
    """As for any table."""
    (tmp_path / "file").write_bytes(content)

    with pytest.raises(FileUnreadableError, match=said):
        sheets(tmp_path / "file")
