"""The real lists that the service must carry: every row kept, none refused, not a word to say."""

from __future__ import annotations

from pathlib import Path

import pytest

from maksa.loaders.table import ColumnChoice
from maksa.model.errors import ColumnMissingError
from tests.loaders.conftest import load_file

DATA = Path(__file__).parents[3] / "shared" / "data"

pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="the real lists are not in ../shared/data")


@pytest.mark.parametrize(
    ("file", "terminology_id", "rows"),
    [
        ("eRX.csv", "ERX", 12_597),
        ("eRX_natural.csv", "eRX", 2_660),
        ("IRC.csv", "IRC", 32_834),
        ("ICD10.csv", "ICD10", 12_246),
        ("ISO_3166-1.csv", "ISO_3166-1", 249),
        ("countryDivisions_SCI.csv", "countryDivisions", 5_769),
        ("ContactType.csv", "ContactType", 14),
    ],
)
def test_every_row_is_kept(file: str, terminology_id: str, rows: int) -> None:
    """Codes keep their leading zeros; the hierarchy of the divisions has no orphan."""
    loaded = load_file(DATA / file, terminology_id=terminology_id)

    assert (loaded.report.read, loaded.report.kept, len(loaded.concepts)) == (rows, rows, rows)
    assert loaded.report.counts == {}


@pytest.mark.parametrize(
    ("terminology_id", "code", "display"),
    [
        ("thritaEHR.Religion", "1", "اسلام"),
        ("thritaEHR.admissionType", "2", "بستری"),
        ("ThritaEHR", "1.1.1.2", "incomplete"),
    ],
)
def test_each_thrita_list_is_taken_out_of_their_file(terminology_id: str, code: str, display: str) -> None:
    """129 rows of 25 lists; ThritaEHR and thritaEHR.Religion are two of them. [contract §2]"""
    loaded = load_file(DATA / "thritaEHR.csv", terminology_id=terminology_id)

    assert display in {concept.display for concept in loaded.concepts if concept.code == code}
    assert loaded.report.read == 129 == loaded.report.kept + loaded.report.skipped
    assert loaded.report.counts == {"other-terminology": loaded.report.skipped}


def test_divisions_hang_under_their_parents() -> None:
    concepts = {each.code: each for each in load_file(DATA / "countryDivisions_SCI.csv", terminology_id="x").concepts}

    assert concepts["0001"].parents == ("00",)  # اراک in مرکزی
    assert all(parent in concepts for concept in concepts.values() for parent in concept.parents)


def test_a_map_is_no_list_until_its_columns_are_named() -> None:
    """map_IRC_eRX.csv has codes of three kinds and no display: who wants one names it."""
    with pytest.raises(ColumnMissingError, match="no column for display"):
        load_file(DATA / "map_IRC_eRX.csv", terminology_id="IRC")

    loaded = load_file(DATA / "map_IRC_eRX.csv", terminology_id="IRC", columns=ColumnChoice(display="kind"))
    assert (loaded.report.read, loaded.report.refused) == (32_834, 0)
