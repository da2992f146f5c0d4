"""Whose a list is, and under which licence: said in its snapshot, where somebody said it."""

import sqlite3
from contextlib import closing

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from maksa.model.concept import Concept
from maksa.model.terminology import Imprint
from maksa.snapshot.manifest import file_of

ONE = [Concept("1", "یک", "fa")]
texts = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0"), max_size=40)
labels = map(str, range(1, 1000))


def facts(house, version):
    with closing(sqlite3.connect(file_of(house.folder, version))) as db:
        return dict(db.execute("SELECT name, value FROM fact WHERE name <> 'version'"))


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.builds(Imprint, texts, texts))
def test_it_comes_back_from_the_shelf(house, imprint):
    """Whatever its letters; the manifest and the wire's facts say nothing of it."""
    house.load("Mine", label := next(labels), ONE, imprint=imprint)
    house.publish("Mine", label)

    assert house.shelf.view.terminology("Mine").last.snapshot.imprint == imprint


def test_a_file_says_nothing_of_what_nobody_said(house):
    """So that a list without them has the bytes that it always had."""
    house.load("Mine", "1", ONE)
    house.load("Mine", "2", ONE, imprint=Imprint(licence="CC BY 4.0"))
    first, second = house.publish("Mine", "1"), house.publish("Mine", "2")

    assert (facts(house, first), facts(house, second)) == ({}, {"licence": "CC BY 4.0"})
    assert b"CC BY" not in (house.folder / "manifest.json").read_bytes()
