"""Which column is what, and what is said when nobody can tell."""

from __future__ import annotations

from pathlib import Path

import pytest

from maksa.loaders.table import ColumnChoice
from maksa.loaders.table.columns import ROLES, letters_of
from maksa.model.concept import Designation, Property
from maksa.model.errors import ColumnAmbiguousError, ColumnMissingError
from tests.loaders.conftest import Load


@pytest.mark.parametrize(
    "header",
    ["Code", " CODE ", "coded_string", "coded_stringField", "Coded-String", "كد", "کد\u200cمفهوم", "کد  مفهوم", "eRX"],
)
def test_a_code_header_is_known_however_it_is_typed(load: Load, header: str) -> None:
    """Case, blanks, punctuation, half-spaces and Arabic letters make no difference."""
    loaded = load(f"{header},مقدار\n1,اسلام\n")

    assert loaded.codes == ["1"]
    assert loaded.report.recognised["code"] == " ".join(header.split())


def test_the_better_name_wins_and_the_other_is_a_property(load: Load) -> None:
    loaded = load("code,IRC,value,title\n60002,6623932191899378,ACETAMINOPHEN,drops\n")

    assert loaded.report.recognised == {"code": "code", "display": "value"}
    assert loaded.concepts[0].properties == (Property("IRC", "6623932191899378"), Property("title", "drops"))


def test_two_equally_good_names_are_an_error_that_names_them(load: Load) -> None:
    with pytest.raises(ColumnAmbiguousError) as told:
        load("code,title,name\n1,a,b\n")

    assert told.value.candidates == ["title", "name"]
    assert str(told.value).endswith("display could be any of the columns ['title', 'name']; name one")


def test_a_named_column_settles_it(load: Load) -> None:
    loaded = load("code,title,name\n1,a,b\n", columns=ColumnChoice(display="Name"))

    assert loaded.concepts[0].display == "b"
    assert loaded.concepts[0].properties == (Property("title", "a"),)


def test_an_exact_header_is_preferred_to_one_that_folds_the_same(load: Load) -> None:
    loaded = load("Kod,KOD,value\n1,2,x\n", columns=ColumnChoice(code="KOD"))

    assert loaded.codes == ["2"]


def test_a_named_column_that_is_not_there_is_missing(load: Load) -> None:
    with pytest.raises(ColumnMissingError) as told:
        load("code,value\n1,a\n", columns=ColumnChoice(parent="والد"))

    assert "no column for parent ('والد' was asked for); the header reads ['code', 'value']" in str(told.value)


def test_a_file_without_header_is_told_by_its_first_row(load: Load) -> None:
    with pytest.raises(ColumnMissingError) as told:
        load("60002,ACETAMINOPHEN\n60281,MOMETASONE\n")

    assert (told.value.role, told.value.columns) == ("code", ["60002", "ACETAMINOPHEN"])


def test_codes_without_displays_are_an_error(load: Load) -> None:
    with pytest.raises(ColumnMissingError, match="no column for display"):
        load("IRC,eRX,gtin\n1,2,3\n", terminology_id="IRC")


def test_blank_and_repeated_headers_get_names_of_their_own(load: Load) -> None:
    loaded = load("code,value,,level,level,level (2)\n1,a,b,c,d,e\n")

    assert [named.name for named in loaded.concepts[0].properties] == [
        "column C",
        "level",
        "level (2)",
        "level (2) (2)",
    ]
    assert [named.value for named in loaded.concepts[0].properties] == ["b", "c", "d", "e"]


def test_a_blank_cell_is_no_property(load: Load) -> None:
    loaded = load("code,value,level\n1,a,\n")

    assert loaded.concepts[0].properties == ()


def test_without_a_display_of_its_own_persian_stands_before_english(load: Load) -> None:
    loaded = load("code,english,فارسی\nIR,Iran,ایران\n")

    assert loaded.concepts[0].display == "ایران"
    assert loaded.concepts[0].designations == (Designation("en", "Iran"),)


def test_the_display_again_is_no_designation(load: Load) -> None:
    loaded = load("code,value,value_en,value_fa\nA00,Cholera,Cholera,وبا\n")

    assert loaded.concepts[0].designations == (Designation("fa", "وبا"),)


def test_titles_above_the_header_are_passed_over(load: Load) -> None:
    """Rows are numbered as the spreadsheet shows them all the same."""
    loaded = load("فهرست ادیان,\n,\nکد,عنوان\n1,اسلام\n,مسیحیت\n")

    assert loaded.codes == ["1"]
    assert (loaded.report.read, loaded.only.slug, loaded.only.row) == (2, "blank-code", 5)


def test_the_header_is_one_line_whatever_its_cell_holds(load: Load) -> None:
    loaded = load('code,value,"سطح\n تقسیمات\u200e"\n1,a,b\n')

    assert loaded.concepts[0].properties == (Property("سطح تقسیمات", "b"),)


def test_columns_are_lettered_as_spreadsheets_do() -> None:
    assert [letters_of(at) for at in (0, 25, 26, 701, 702, 16383)] == ["A", "Z", "AA", "ZZ", "AAA", "XFD"]


def test_the_readme_lists_every_header() -> None:
    readme = (Path(__file__).parents[2] / "src/maksa/loaders/table/README.md").read_text(encoding="utf-8")
    rows = {line.split(" | ")[0].removeprefix("| "): line for line in readme.splitlines() if line.startswith("| ")}

    for role, ranks in ROLES.items():
        listed = [[name for name in names if name.isprintable()] for names in ranks]
        parts = rows[role].split(" | ")[1].split(" · ")
        assert [[name.strip("` ") for name in part.strip(" |").split(", ") if "`" in name] for part in parts] == listed
