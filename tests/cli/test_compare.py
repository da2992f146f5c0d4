"""`maksa compare`: a table, JSON, a workbook."""

import pytest
from python_calamine import CalamineWorkbook

ONE = ("code,value,parent", "1,تلفن منزل,", "2,تلفن محل کار,1", "3,نمابر,")
TWO = ("code,value,parent", "1,تلفن خانه,", "2,تلفن محل کار,", "=4,رایانامه,")


@pytest.fixture(autouse=True)
def two_versions(release):
    release("ContactType", "1", *ONE)
    release("ContactType", "2", *TWO, at="1401/05/06")


def test_a_line_for_each_difference_and_the_counts_apart(maksa):
    """Lines are for programs, so how many there were goes to standard error."""
    done = maksa("compare", "contacttype", "1", "2")

    assert done.code == 0
    assert done.rows == [
        ["relabelled", "1", "تلفن خانه", "تلفن منزل", "تلفن خانه"],
        ["moved", "2", "تلفن محل کار", "1", ""],
        ["retired", "3", "نمابر", "نمابر", ""],
        ["added", "=4", "رایانامه", "", "رایانامه"],
    ]
    assert "added 1 · retired 1 · relabelled 1 · moved 1 · status 0" in done.err


def test_json_is_one_document_with_the_counts_at_its_end(maksa):
    """It is written as differences are found."""
    told = maksa("compare", "ContactType", "1", "2", "--kind", "retired", "--json").json

    assert told == {
        "terminology_id": "ContactType",
        "earlier": "1",
        "later": "2",
        "differences": [{"kind": "retired", "code": "3", "display": "نمابر", "before": ["نمابر"], "after": []}],
        "counts": {"retired": 1},
    }


def test_the_workbook_has_every_line_as_text_and_a_sheet_of_counts(maksa, tmp_path):
    """A code that begins with = is no formula."""
    done = maksa("compare", "ContactType", "1", "2", "--xlsx", tmp_path / "out.xlsx")
    book = CalamineWorkbook.from_path(str(tmp_path / "out.xlsx"))

    assert book.get_sheet_by_name("Sheet1").to_python()[1:] == done.rows
    counts = {row[0].split(" · ")[0]: row[1] for row in book.get_sheet_by_name("counts").to_python()}
    assert (counts["terminology"], counts["earlier"], counts["added"], counts["status"]) == ("ContactType", "1", 1, 0)


def test_a_file_that_is_there_is_never_written_over(maksa, tmp_path):
    """Exit code 7, and the file as it was."""
    (tmp_path / "out.xlsx").write_text("mine")

    done = maksa("compare", "ContactType", "1", "2", "--xlsx", tmp_path / "out.xlsx")
    assert (done.code, (tmp_path / "out.xlsx").read_text()) == (7, "mine")
    assert "out.xlsx" in done.err


def test_a_workbook_for_a_folder_that_is_not_there_is_told(maksa, tmp_path):
    """The path is named; exit code 7."""
    done = maksa("compare", "ContactType", "1", "2", "--xlsx", tmp_path / "none" / "out.xlsx")

    assert done.code == 7
    assert "out.xlsx" in done.err


def test_a_version_that_is_not_there_is_a_no(maksa):
    """Exit code 1, and its label."""
    done = maksa("compare", "ContactType", "1", "9")

    assert (done.code, done.out) == (1, "")
    assert "no version '9'" in done.err
