"""The drug workbooks: one file is three lists and the maps between them."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from maksa.loaders.drugs import DrugSource, recognises
from maksa.model.concept import Property
from maksa.model.concept_map import MapEntry
from maksa.model.errors import ColumnMissingError, FileUnreadableError, SourceError
from tests.loaders.conftest import Loaded

SHARED = Path(__file__).parents[4] / "shared" / "data" / "map_IRC_eRX.csv"
HEADER = ["ردیف", "IRC", "نام تجاری", "کد eRX", "عنوان رسمی", "کد ژنریک", "نام ژنریک", "قدرت", "GTIN", "Action"]
CHEMICAL = [
    ["فهرست داروها"],
    HEADER,
    [1, "1000000000000011", "VILLAGE ONE", 70001, "CALMINE 5 mg TABLET", "11", "calmine", "5 mg", "0626", "New"],
    [2, "1000000000000012", "VILLAGE TWO", 70001, "CALMINE 5 mg TABLET", "11", "calmine", "5 mg", "", ""],
    [3, "1000000000000013", "HILL", 70002, "SOOTHINE 1 g SYRUP", "12", "soothine", "1 g", "", "Old"],
    [],
    [4, "1000000000000014", "RIVER", "", "", "", "", "", "", ""],
]
NATURAL = [["IRC", "product name", "eRX", "title"], ["2000000000000001", "ROSE WATER", "90001", "ROSE WATER 1 L"]]


@pytest.fixture
def book(workbook) -> Path:
    """A workbook of three sheets: one to see, one hidden, one that is no list."""
    return workbook(
        {"شیمیایی": CHEMICAL, "طبیعی": NATURAL, "راهنما": [["این برگه راهنماست"]]}, hidden=["طبیعی", "راهنما"]
    )


def load(path: Path, terminology_id: str) -> Loaded:
    with DrugSource(path, terminology_id=terminology_id) as source:
        return Loaded(list(source.concepts()), source.report())


def entries(path: Path, map_id: str) -> list[MapEntry]:
    with DrugSource(path, terminology_id="IRC") as source:
        return list(source.entries(map_id))


def test_products_are_the_concepts_of_irc(book):
    """Of every sheet, the hidden one too; the name of the product, all else as properties."""
    loaded = load(book, "irc")
    one = loaded.concepts[0]

    assert [each[-2:] for each in loaded.codes] == ["11", "12", "13", "14", "01"]
    assert [each.display for each in loaded.concepts] == ["VILLAGE ONE", "VILLAGE TWO", "HILL", "RIVER", "ROSE WATER"]
    assert one.properties == (
        Property("eRX", "70001", "code"),
        Property("generic_code", "11", "code"),
        Property("title", "CALMINE 5 mg TABLET"),
        Property("generic", "calmine"),
        Property("strength", "5 mg"),
        Property("gtin", "0626"),
        Property("ردیف", "1"),
        Property("Action", "New"),
        Property("sheet", "شیمیایی"),
    )


def test_an_erx_that_products_share_is_one_concept(book):
    """Without what belongs to one product; the row that has none is skipped and counted."""
    loaded = load(book, "eRX")

    assert [(each.code, each.display) for each in loaded.concepts] == [
        ("70001", "CALMINE 5 mg TABLET"),
        ("70002", "SOOTHINE 1 g SYRUP"),
        ("90001", "ROSE WATER 1 L"),
    ]
    assert {each.name for each in loaded.concepts[0].properties} == {"generic_code", "generic", "strength", "sheet"}
    report = loaded.report
    assert (report.read, report.kept, report.skipped, report.refused) == (5, 3, 2, 0)
    assert report.counts == {"sheets-not-read": 1, "rows-without-code": 1, "number-code": 2}


def test_a_generic_code_is_a_concept_too(book):
    """Named by its substance."""
    assert [(each.code, each.display) for each in load(book, "genericCode").concepts] == [
        ("11", "calmine"),
        ("12", "soothine"),
    ]


def test_a_shared_code_that_a_later_row_names_otherwise_is_said(workbook):
    """The first row is kept; which one it was is named."""
    rows = [["IRC", "eRX", "title"], ["1", "70001", "CALMINE"], ["2", "70001", "CALMIN"]]
    loaded = load(workbook({"a": rows}), "eRX")

    assert loaded.codes == ["70001"]
    assert (loaded.only.slug, loaded.only.row, loaded.only.value) == ("display-differs", 3, "CALMIN")
    assert "'CALMINE' in row 2" in loaded.only.message


def test_an_irc_that_the_spreadsheet_made_a_number_is_refused(workbook):
    """Sixteen digits in a cell of numbers: the last is lost, in the list and in the map alike."""
    path = workbook({"a": [["IRC", "brand", "eRX"], [1000000000000011, "VILLAGE", "70001"], ["12", "HILL", "70001"]]})
    loaded = load(path, "IRC")

    assert loaded.codes == ["12"]
    assert (loaded.only.slug, loaded.only.row, loaded.only.column) == ("digits-lost", 2, "IRC")
    assert [each.source for each in entries(path, "IRC-eRX")] == ["12"]


def test_rows_imply_the_map_from_product_to_prescription(book):
    """Each narrower than its target; a product that has no eRX is said to have none."""
    assert entries(book, "IRC-eRX") == [
        MapEntry("1000000000000011", "70001", "source-is-narrower-than-target"),
        MapEntry("1000000000000012", "70001", "source-is-narrower-than-target"),
        MapEntry("1000000000000013", "70002", "source-is-narrower-than-target"),
        MapEntry("1000000000000014", "", "not-related-to"),
        MapEntry("2000000000000001", "90001", "source-is-narrower-than-target"),
    ]


def test_and_from_prescription_to_generic_code(book):
    """Once for each, however many products say so; only of sheets that have both."""
    assert [(each.source, each.target) for each in entries(book, "eRX-genericCode")] == [
        ("70001", "11"),
        ("70002", "12"),
    ]
    assert entries(book, "eRX-else") == []


def test_several_targets_of_a_code_are_in_order(workbook):
    """The order of the rows."""
    rows = [["IRC", "eRX"], ["1", "70002"], ["1", "70001"], ["1", "70002"]]

    assert [(each.target, each.order) for each in entries(workbook({"a": rows}), "IRC-eRX")] == [
        ("70002", 1),
        ("70001", 2),
    ]


def test_what_maps_there_are_is_said(book):
    """Between which terminologies."""
    with DrugSource(book, terminology_id="IRC") as source:
        assert [(each.map_id, each.source_id, each.target_id) for each in source.maps()] == [
            ("IRC-eRX", "IRC", "eRX"),
            ("eRX-genericCode", "eRX", "genericCode"),
        ]


@pytest.mark.parametrize(("asked", "meant"), [("irc-erx", "IRC-eRX"), ("IRC", None), ("eRX-natural", None)])
def test_an_id_of_a_map_means_the_map(book, asked, meant):
    """Loaded as IRC-eRX the workbook is the map, loaded as IRC it is the list."""
    with DrugSource(book, terminology_id=asked) as source:
        found = source.meant_map()

    assert (found and found.map_id) == meant


def test_a_file_of_codes_without_names_is_only_a_map(tmp_path):
    """Its concepts have no display: that is said by column."""
    (tmp_path / "map.csv").write_text("IRC,eRX,generic_code,gtin\n1,70001,11,0626\n")

    assert entries(tmp_path / "map.csv", "IRC-eRX") == [MapEntry("1", "70001", "source-is-narrower-than-target")]
    with pytest.raises(ColumnMissingError, match="the names of IRC"):
        load(tmp_path / "map.csv", "IRC")


def test_an_id_that_is_none_of_the_three_is_refused(book):
    """A drug has several codes: which is meant must be said."""
    with pytest.raises(SourceError, match="'ATC' names none of the codes of drugs"):
        load(book, "ATC")


def test_only_a_sheet_with_both_codes_is_recognised(book, workbook, tmp_path):
    """A list of one code is any table."""
    (tmp_path / "one.csv").write_text("eRX,title\n70001,CALMINE\n")
    (tmp_path / "cut.xlsx").write_bytes(book.read_bytes()[:300])

    assert recognises(book)
    assert not any(map(recognises, [tmp_path / "one.csv", tmp_path / "cut.xlsx", tmp_path, tmp_path / "absent"]))
    with pytest.raises(FileUnreadableError, match="no sheet has columns of IRC and eRX"):
        load(workbook({"a": [["code", "value"], ["1", "a"]]}), "IRC")


@pytest.mark.skipif(not SHARED.exists(), reason="the real map lies beside the repository, in ../shared/data")
def test_every_irc_of_the_real_map_finds_its_erx():
    """32,834 products, each with one eRX; and all of them recognised."""
    lines = [line.split(",") for line in SHARED.read_text("utf-8").splitlines()[1:]]
    found = {each.source: each.target for each in entries(SHARED, "IRC-eRX")}

    assert recognises(SHARED)
    assert len(found) == len(lines) == 32_834
    assert found == {line[0]: line[1] for line in lines}
    assert all(found.values())


CELL = st.sampled_from(["", " ", "1", "70001", " 70001", "CALMINE", "\x07", "ي", "\u200f"]) | st.text(max_size=4)


@settings(max_examples=100, deadline=None)
@given(
    st.permutations(["IRC", "eRX", "title", "generic_code", "brand", ""]),
    st.lists(st.lists(CELL, max_size=6), max_size=8),
    st.sampled_from(["IRC", "eRX"]),
)
def test_whatever_the_rows_they_add_up(tmp_path_factory, header, rows, terminology_id):
    """Nothing but a SourceError comes out; no code twice."""
    path = tmp_path_factory.mktemp("fuzz") / "file.csv"
    path.write_text("\n".join(",".join(row) for row in [header, *rows]), "utf-8", errors="replace")
    try:
        loaded = load(path, terminology_id)
    except SourceError:
        return
    report = loaded.report
    assert report.read == report.kept + report.refused + report.skipped
    assert len(set(loaded.codes)) == len(loaded.codes) == report.kept
