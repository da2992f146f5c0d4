"""Rows go into a table many at a time, and all of them arrive."""

import sqlite3

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maksa.snapshot.bulk import insert


@pytest.mark.parametrize("count", [0, 1, 47, 48, 49, 96, 240, 333])
def test_every_row_arrives_in_its_order(count):
    """Whatever is left over after the statements of forty-eight."""
    db = sqlite3.connect(":memory:")
    db.execute("CREATE TABLE concept (code TEXT, number INTEGER)")
    rows = [(f"C{number}", number) for number in range(count)]

    insert(db, "concept", rows)

    assert db.execute("SELECT code, number FROM concept ORDER BY rowid").fetchall() == rows


def test_a_repeated_key_is_an_error_wherever_it_stands():
    """Nothing is replaced silently in the middle of a statement."""
    db = sqlite3.connect(":memory:")
    db.execute("CREATE TABLE concept (code TEXT PRIMARY KEY, number INTEGER)")

    with pytest.raises(sqlite3.IntegrityError):
        insert(db, "concept", [(f"C{number % 99}", number) for number in range(100)])


ROWS = st.lists(
    st.tuples(st.sampled_from([1, 2**40]), st.sampled_from(["", "a", "الف"]), st.text(max_size=2)), max_size=5
)


@given(ROWS.filter(bool), st.integers(1, 200), st.sampled_from([0, 1, 2]))
def test_what_rows_have_in_common_arrives_in_each_of_them(rows, times, odd):
    """A period of rows over and over, as a list's properties come; and one row in which all is otherwise."""
    db = sqlite3.connect(":memory:")
    db.execute("CREATE TABLE property (number INTEGER, name TEXT, value TEXT)")
    rows = rows * times
    rows[len(rows) * odd // 3] = (-1, "another", "other")

    insert(db, "property", rows)

    assert db.execute("SELECT * FROM property ORDER BY rowid").fetchall() == rows
