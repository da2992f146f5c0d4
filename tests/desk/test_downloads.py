"""What the desk hands out: in pieces that are worth their way, and nothing in it that a spreadsheet would run."""

from __future__ import annotations

import csv
import io

import pytest

from maksa.desk.sheets import csv_lines
from maksa.desk.views.downloading import as_csv, in_pieces


def test_a_long_file_goes_out_in_few_pieces():
    """Each piece goes through a thread: a million findings went line by line in five minutes."""
    lines = [b"%d,x\r\n" % number for number in range(100_000)]
    pieces = list(in_pieces(lines))

    assert b"".join(pieces) == b"".join(lines)
    assert len(pieces) < 20


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(1)", "\t=1", "\r=1", "\n=1", "＝1", "＠SUM(1)"])
def test_nothing_that_is_taken_home_is_a_formula(cell):
    """Whatever a spreadsheet begins one with, in any width; and it is one cell still."""
    text = b"".join(as_csv(csv_lines(("a", "b"), [(cell, "x")]))).decode("utf-8-sig")

    assert list(csv.reader(io.StringIO(text, newline="")))[1] == [f"'{cell}", "x"]
