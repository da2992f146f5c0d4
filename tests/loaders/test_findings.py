"""Every finding about a row: what it refuses, what it mends, and what it says."""

from __future__ import annotations

import re
from pathlib import Path
from string import Formatter

import pytest

from maksa.loaders.table.cells import are_plain, mended
from maksa.loaders.wording import ONE, WORDINGS
from maksa.model.concept import Concept, Property
from maksa.model.errors import SourceError
from tests.loaders.conftest import Load, Loaded

HEADER = "code,value,parent,note\n"
PLACE = tuple[str, str, int, str]


def places(loaded: Loaded) -> list[PLACE]:
    """(severity, slug, row, column) of each finding."""
    return [(found.severity, found.slug, found.row, found.column) for found in loaded.report.findings]


REFUSED = [
    (",اسلام,,", "blank-code", "code"),
    ("  ,اسلام,,", "blank-code", "code"),
    ("ok,again,,", "repeated-code", "code"),
    ("x" * 201 + ",اسلام,,", "long-code", "code"),
    ("1,,,", "blank-display", "value"),
    ("1, \u00a0 ,,", "blank-display", "value"),
    ("1,\ufeff\x07اسلام,,", "control-character", "value"),
    ("1,اسلام,,\x9f", "control-character", "note"),
    ('"1\n2",اسلام,,', "control-character", "code"),
    ('1,اسلام,"a\tb",', "control-character", "parent"),
    ("1\u200e,اسلام,,", "invisible-in-code", "code"),
    ("\ufeff1,اسلام,,", "invisible-in-code", "code"),
    ("1\u200c2,اسلام,,", "invisible-in-code", "code"),
    ("1,اسلام,2\u202e,", "invisible-in-code", "parent"),
    ("1,اسلام,1,", "own-parent", "parent"),
    ("1,اسلام,,,extra", "too-many-cells", ""),
    ('1,"اسلام"x,,', "broken-record", ""),
]


@pytest.mark.parametrize(("row", "slug", "column"), REFUSED)
def test_a_row_that_cannot_be_trusted_is_refused(load: Load, row: str, slug: str, column: str) -> None:
    """The rows before and after it are kept."""
    loaded = load(f"{HEADER}ok,مسیحیت,,\n{row}\nlast,یهودیت,,\n")

    assert loaded.codes == ["ok", "last"]
    assert [place for place in places(loaded) if place[0] == "refusal"] == [("refusal", slug, 3, column)]
    assert (loaded.report.read, loaded.report.kept, loaded.report.refused) == (3, 2, 1)


MENDED = [
    (" 1 ,اسلام,,", "trimmed", "code", Concept("1", "اسلام", "fa")),
    ("1,\u00a0اسلام ,,", "trimmed", "value", Concept("1", "اسلام", "fa")),
    ('1,"دین\r\n اسلام",,', "line-break", "value", Concept("1", "دین  اسلام", "fa")),
    ("1,اسلام\u200f,,", "bidi-character", "value", Concept("1", "اسلام", "fa")),
    ("1,كليمي,,", "arabic-letters", "value", Concept("1", "كليمي", "fa")),
    ("ك1,دین,,", "arabic-letters", "code", Concept("ك1", "دین", "fa")),
    ("1,a\ufffdb,,", "lost-character", "value", Concept("1", "a\ufffdb", "en")),
    ("1,اسلام", "too-few-cells", "", Concept("1", "اسلام", "fa")),
    ("1,اسلام,,n\u202aote", "bidi-character", "note", Concept("1", "اسلام", "fa", (), (Property("note", "note"),))),
]


@pytest.mark.parametrize(("row", "slug", "column", "concept"), MENDED)
def test_a_row_is_kept_with_a_warning(load: Load, row: str, slug: str, column: str, concept: Concept) -> None:
    """What was changed, and what is odd and was left as it is."""
    loaded = load(f"{HEADER}{row}\n")

    assert loaded.concepts == [concept]
    assert places(loaded) == [("warning", slug, 2, column)]


@pytest.mark.parametrize("display", ["می\u200cشود", "Åland — °C ½", "دایرة", "a\u00a0b", "'\"<>&", "𝒳 😀"])
def test_ordinary_text_has_nothing_to_say(load: Load, display: str) -> None:
    """Half-spaces, accents and signs are at home; so is a no-break blank between words."""
    loaded = load('code,value\n1,"{}"\n'.format(display.replace('"', '""')))

    assert loaded.concepts[0].display == display
    assert loaded.report.counts == {}


def test_all_that_is_wrong_with_a_row_is_said(load: Load) -> None:
    """It counts as one refused row."""
    loaded = load(f"{HEADER}1\x02,\x03,,x\n")

    assert loaded.report.counts == {"control-character": 2}
    assert [found.message for found in loaded.report.findings] == [
        "the cell holds control characters: U+0002",
        "the cell holds control characters: U+0003",
    ]
    assert loaded.report.refused == 1


def test_a_finding_shows_file_row_column_and_value(load: Load, tmp_path: Path) -> None:
    loaded = load("code,value\n1,a\n1," + "b" * 300 + "\n\u200b,c\n")

    first, second = loaded.report.findings
    assert (first.file, first.sheet, first.row, first.column) == (str(tmp_path / "list.csv"), "", 3, "code")
    assert first.message_fa == "کد «1» پیش‌تر در ردیف ۲ آمده است"
    assert second.message == "the code holds characters that cannot be seen: U+200B ZERO WIDTH SPACE"


def test_the_first_good_row_of_a_code_is_kept(load: Load) -> None:
    """A refused row does not occupy its code."""
    loaded = load("code,value\n1,\n1,اسلام\n1,مسیحیت\n")

    assert [concept.display for concept in loaded.concepts] == ["اسلام"]
    assert loaded.report.counts == {"blank-display": 1, "repeated-code": 1}
    assert loaded.report.findings[1].message == "the code '1' is already in row 3"


def test_another_wording_stands_in_for_a_blank_display(load: Load) -> None:
    loaded = load("code,value,value_en\nA00,,Cholera\n")

    assert loaded.concepts == [Concept("A00", "Cholera", "en")]
    assert loaded.only.message == "the display is blank; that of the column 'value_en' stands in"


def test_status_is_in_the_words_of_fhir_and_the_file_keeps_its_own(load: Load) -> None:
    loaded = load("code,value,وضعیت\n1,a,فعال\n2,b,غیرفعال\n3,c,\n4,d,Retired\n")

    assert [concept.status for concept in loaded.concepts] == ["active", "retired", "active", "retired"]
    assert loaded.concepts[1].properties == (Property("وضعیت", "غیرفعال"),)
    assert loaded.report.counts == {}


def test_an_unknown_status_is_active_and_said(load: Load) -> None:
    loaded = load("code,value,status\n1,a,Update\n")

    assert loaded.concepts == [Concept("1", "a", "en", (), (Property("status", "Update"),))]
    assert places(loaded) == [("warning", "unknown-status", 2, "status")]


def test_blank_rows_are_skipped_and_counted(load: Load) -> None:
    loaded = load("code,value\n1,a\n\n,\n , \n2,b\n")

    assert (loaded.report.read, loaded.report.kept, loaded.report.skipped) == (5, 2, 3)
    assert (loaded.only.slug, loaded.only.row, loaded.only.message) == ("blank-rows", 3, "3 rows are wholly blank")


def test_one_row_is_not_told_as_rows(load: Load) -> None:
    assert load("code,value\n1,a\n\n2,b\n").only.message == "1 row is wholly blank"


def test_whatever_counts_has_words_for_one() -> None:
    """English has another form of the verb, too."""
    counting = {slug for slug, each in WORDINGS.items() if "{count}" in each.english}

    assert set(ONE) == counting
    assert not any("{count}" in text for text in ONE.values())


def test_an_id_spelt_otherwise_by_the_whole_file_is_taken_with_a_warning(load: Load) -> None:
    loaded = load("terminology,code,value\nerx_list,1,a\nERX_List,2,b\n", terminology_id="eRX")

    assert loaded.codes == ["1", "2"]
    assert places(loaded) == [("warning", "id-differs", 0, "terminology")]
    assert loaded.only.value == "erx_list"


def test_several_ids_and_none_of_them_asked_for_is_an_error(load: Load) -> None:
    with pytest.raises(SourceError, match="no row is of 'eRX'; the column 'terminology' names IRC, ICD10"):
        load("terminology,code,value\nIRC,1,a\nICD10,2,b\n", terminology_id="eRX")


def test_a_blank_id_is_another_one(load: Load) -> None:
    """Unless the column is blank throughout: then it says nothing."""
    assert load("terminology,code,value\neRX,1,a\n,2,b\n").report.counts == {"other-terminology": 1}
    assert load("terminology,code,value\n,1,a\n,2,b\n").report.counts == {}


def test_plain_rows_are_those_that_mending_leaves_alone() -> None:
    """The quick look at a whole batch must never miss what the close look at a cell would find."""
    for point in [*range(0x3000), *range(0xFE00, 0x10000)]:
        if 0xD800 <= point < 0xE000:
            continue
        for cell in (f"a{chr(point)}b", f"{chr(point)}b", f"b{chr(point)}"):
            noted: list[str] = []
            same = mended(cell, lambda slug, **_: noted.append(slug), is_code=False) == cell  # noqa: B023
            assert (same and not noted) or not are_plain([[cell]], 1), repr(cell)


def test_the_readme_lists_every_finding_of_a_table() -> None:
    """Those whose slugs the folder's own code names; the wordings of other sources are theirs to list."""
    table = Path(__file__).parents[2] / "src/maksa/loaders/table"
    code = "".join(path.read_text(encoding="utf-8") for path in table.glob("*.py"))
    readme = (table / "README.md").read_text(encoding="utf-8")

    expected = {slug: f"{each.severity} | {each.english}" for slug, each in WORDINGS.items() if f'"{slug}"' in code}
    assert dict(re.findall(r"^\| `([a-z-]+)` \| ((?:refusal|warning) \| .*) \|$", readme, re.MULTILINE)) == expected


def test_every_wording_is_said_in_persian_too() -> None:
    """With no fact that the English has not; a reason has a Persian sentence of its own."""
    for slug, wording in WORDINGS.items():
        facts = [{name for _, name, _, _ in Formatter().parse(text) if name} for text in wording[1:]]
        assert {fact.removesuffix("_fa") for fact in facts[1]} <= facts[0], slug
        assert any("\u0600" <= letter <= "\u06ff" for letter in wording.persian), slug
