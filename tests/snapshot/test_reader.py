"""A snapshot says what was written into it, in the wire's order, and refuses what is not one."""

import datetime as dt
import sqlite3

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from maksa.model.concept import Concept, Designation, Property
from maksa.model.errors import FormatVersionError, IntegrityError, NotASnapshotError, SnapshotMissingError
from maksa.snapshot.format import APPLICATION_ID, FORMAT_VERSION
from maksa.snapshot.reader import Snapshot, moment

RELIGIONS = [
    Concept("1", "اسلام", "fa", designations=(Designation("en", "Islam"),), properties=(Property("level", "1"),)),
    Concept("2", "مسیحیت", "fa", parents=("1",)),
    Concept("10", "زرتشت", "fa", parents=("1", "2"), status="inactive"),
]

words = st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=12)
concepts = st.lists(
    st.builds(
        Concept,
        code=words,
        display=words,
        language=st.sampled_from(["fa", "en"]),
        designations=st.lists(st.builds(Designation, st.sampled_from(["fa", "en"]), words), max_size=3).map(tuple),
        properties=st.lists(st.builds(Property, words, words), max_size=3).map(tuple),
    ),
    unique_by=lambda concept: concept.code,
    min_size=1,
    max_size=12,
)


def test_a_concept_comes_back_whole(make):
    """Designations, properties, parents and status are kept in their order."""
    concept = make(RELIGIONS).concept("10")

    assert (concept.display, concept.parents, concept.status) == ("زرتشت", ("1", "2"), "inactive")


def test_unknown_code_is_absence(make):
    """A code that is not there is None, not an error."""
    snapshot = make(RELIGIONS)

    assert snapshot.display("999") is None
    assert snapshot.concept("999") is None


def test_rows_are_in_the_wires_order(make):
    """By date of the last change, then by code as text. [contract §2]"""
    snapshot = make(
        [Concept(code, f"d{code}") for code in ("2", "10", "1", "11")],
        changed={"2": 100, "10": 300, "1": 300, "11": 200},
    )

    assert [code for code, _, _ in snapshot.rows()] == ["2", "11", "1", "10"]


@pytest.mark.parametrize(
    ("since", "codes"),
    [
        (0, ["2", "11", "1", "10"]),
        (100, ["2", "11", "1", "10"]),
        (101, ["11", "1", "10"]),
        (300, ["1", "10"]),
        (301, []),
    ],
)
def test_what_changed_since_a_date_is_the_tail(make, since, codes):
    """At or after the date, that is."""
    snapshot = make(
        [Concept(code, f"d{code}") for code in ("2", "10", "1", "11")],
        changed={"2": 100, "10": 300, "1": 300, "11": 200},
    )

    assert [code for code, _, _ in snapshot.rows(moment(since))] == codes
    assert snapshot.changes() == [(100, 1), (200, 1), (300, 2)]


def test_hierarchy_has_its_closure(make):
    """Ancestors and descendants come nearest first, by the shortest way."""
    snapshot = make(RELIGIONS)

    assert snapshot.children("1") == ["10", "2"]
    assert snapshot.ancestors("10") == [("1", 1), ("2", 1)]
    assert snapshot.descendants("1") == [("10", 1), ("2", 1)]


def test_a_long_way_up_has_every_step(make):
    """More above one concept than a statement inserts at a time."""
    chain = [Concept(f"{place:03}", "d", parents=(f"{place - 1:03}",) if place else ()) for place in range(150)]
    snapshot = make(chain)

    assert snapshot.ancestors("149") == [(f"{149 - depth:03}", depth) for depth in range(1, 150)]
    assert len(snapshot.descendants("000")) == 149


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(concepts)
def test_whatever_is_written_is_read(make, given_concepts):
    """A round trip of any concepts through the file changes nothing."""
    snapshot = make(given_concepts)

    read = {concept.code: concept for concept in snapshot.concepts()}
    assert len(read) == len(given_concepts)
    for concept in given_concepts:
        same = read[concept.code]
        assert (same.display, same.designations, same.properties) == (
            concept.display, concept.designations, concept.properties,
        )  # fmt: skip


def test_a_stranger_is_refused(tmp_path):
    """Another program's database is not a snapshot, nor is a text."""
    database = tmp_path / "other.maksa"
    with sqlite3.connect(database) as db:
        db.execute("CREATE TABLE t (x)")
    text = tmp_path / "text.maksa"
    text.write_text("not a snapshot at all " * 10)

    for path in (database, text):
        with pytest.raises(NotASnapshotError):
            Snapshot.open(path)


def test_a_short_file_is_refused(tmp_path):
    """What a crash of a copying program leaves is named with its length."""
    (tmp_path / "short.maksa").write_bytes(b"SQLite format 3\0")

    with pytest.raises(NotASnapshotError, match="16 bytes"):
        Snapshot.open(tmp_path / "short.maksa")


def test_a_missing_file_is_named(tmp_path):
    """The manifest names it, the folder has not got it."""
    with pytest.raises(SnapshotMissingError, match=r"gone\.maksa"):
        Snapshot.open(tmp_path / "gone.maksa")


def test_another_format_version_is_refused(tmp_path):
    """A newer maksa's file says so, and is not guessed at."""
    with sqlite3.connect(tmp_path / "new.maksa") as db:
        db.executescript(
            f"PRAGMA application_id = {APPLICATION_ID}; PRAGMA user_version = {FORMAT_VERSION + 1}; CREATE TABLE t (x)"
        )

    with pytest.raises(FormatVersionError, match=f"format version {FORMAT_VERSION + 1}"):
        Snapshot.open(tmp_path / "new.maksa")


def test_a_file_that_is_not_the_manifests_is_refused(make):
    """Size and facts are compared at each opening."""
    import msgspec

    snapshot = make(RELIGIONS)
    other = msgspec.structs.replace(snapshot.version, label="2")
    longer = msgspec.structs.replace(snapshot.version, size=snapshot.version.size + 1)

    for expected in (other, longer):
        with pytest.raises(IntegrityError):
            Snapshot.open(snapshot.path, expected)


def test_the_same_concepts_make_the_same_file(make):
    """Nothing of the machine or the hour gets into a snapshot, so a digest can be reproduced."""
    first = make(RELIGIONS, label="1")
    rows = first.path.read_bytes()

    again = make(RELIGIONS, label="1", terminology_id="ContactType")
    assert abs(len(again.path.read_bytes()) - len(rows)) < 8192
    assert first.version.published_at == dt.datetime(2021, 7, 28, 12, tzinfo=dt.UTC)
