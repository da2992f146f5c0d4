"""Several texts in a cell, and cells that a spreadsheet could run: what is done to them can be undone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maksa.model.tabular import guarded, is_dangerous, joined, parted, unguarded

TEXTS = st.text(alphabet="ab|\\ \n'=+-@5", max_size=6)


@given(st.lists(TEXTS.filter(bool), max_size=4))
def test_several_texts_come_out_of_their_cell_as_they_went_in(texts):
    """Whatever bars and backslashes are in them."""
    assert parted(joined(texts)) == tuple(texts)


@given(TEXTS)
def test_any_cell_can_be_parted(cell):
    """A cell that a person has changed is read all the same."""
    assert "|" in cell or "\\" in cell or parted(cell) == ((cell,) if cell else ())


@given(TEXTS)
def test_a_guard_is_taken_off_again(cell):
    """And what is guarded is no formula."""
    assert unguarded(guarded(cell)) == cell
    assert not guarded(cell).startswith(("=", "@"))


@pytest.mark.parametrize("cell", ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "'=1", "\t=1"])
def test_a_formula_is_guarded(cell):
    """As OWASP lists them."""
    assert guarded(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["", "-5", "+98", "-1,234.5", "'", "خانه", "A02", "5-HT", "it's"])
def test_a_text_or_a_number_is_let_be(cell):
    """Nothing runs that is no formula."""
    assert not is_dangerous(cell)
