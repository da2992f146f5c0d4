"""Long files: batches do not show, and memory does not grow but by the codes."""

from __future__ import annotations

import tracemalloc
from pathlib import Path

import pytest

from maksa.loaders.table import TableSource
from maksa.loaders.table.rows import BATCH
from tests.loaders.conftest import Load


@pytest.mark.parametrize("place", [0, 1, BATCH - 1, BATCH, BATCH + 1, 2 * BATCH, 3 * BATCH - 1])
def test_a_bad_row_is_found_wherever_in_a_batch_it_lies(load: Load, place: int) -> None:
    """Rows before and after it are kept, in order, and its number is the spreadsheet's."""
    rows = [f"c{number},x" for number in range(3 * BATCH)]
    rows.insert(place, ",x")
    loaded = load("code,value\n" + "\n".join(rows) + "\n")

    assert loaded.codes == [f"c{number}" for number in range(3 * BATCH)]
    assert (loaded.only.slug, loaded.only.row) == ("blank-code", place + 2)


@pytest.mark.parametrize("distance", [1, BATCH - 1, BATCH, 2 * BATCH + 3])
def test_a_repeated_code_is_found_however_far_from_the_first(load: Load, distance: int) -> None:
    rows = [f"c{number},x" for number in range(3 * BATCH)]
    rows.insert(5 + distance, "c5,x")
    loaded = load("code,value\n" + "\n".join(rows) + "\n")

    assert loaded.report.counts == {"repeated-code": 1}
    assert (loaded.only.row, loaded.only.message) == (7 + distance, "the code 'c5' is already in row 7")


def test_a_parent_named_in_a_clean_batch_and_one_in_an_odd_batch_count_alike(load: Load) -> None:
    """A circle over both is found."""
    rows = [f"c{number},x," for number in range(2 * BATCH)]
    rows[3] = f"c3,x,c{BATCH + 3}"
    rows[BATCH + 3] = f"c{BATCH + 3},x,c3"
    rows[BATCH + 4] = ",x,"
    loaded = load("code,value,parent\n" + "\n".join(rows) + "\n")

    assert loaded.report.counts == {"blank-code": 1, "parent-cycle": 1}


def test_memory_holds_the_codes_and_not_the_rows(tmp_path: Path) -> None:
    """20,000 rows of 2 KB are read in a tenth of their size."""
    path = tmp_path / "list.csv"
    with path.open("w", encoding="utf-8") as file:
        file.write("code,value,note\n")
        file.writelines(f"c{number},display,{'x' * 2_000}\n" for number in range(20_000))
    tracemalloc.start()
    try:
        with TableSource(path, terminology_id="x") as source:
            kept = sum(1 for _ in source.concepts())
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert kept == 20_000
    assert peak < path.stat().st_size / 5
