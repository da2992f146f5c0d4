"""Rows go into a table many at a time, and all of them arrive."""

import sqlite3

import pytest

from maksa.snapshot.bulk import insert


@pytest.mark.parametrize("count", [0, 1, 49, 50, 51, 250, 333])
def test_every_row_arrives_in_its_order(count):
    """Whatever is left over after the statements of fifty."""
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
