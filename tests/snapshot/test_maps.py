"""A map's file says what was written into it in both directions, and the shelf keeps maps apart."""

import datetime as dt

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from maksa.model.concept import Concept
from maksa.model.concept_map import ConceptMap, MapEntry
from maksa.model.errors import IntegrityError
from maksa.model.terminology import Version
from maksa.snapshot import manifest as manifests
from maksa.snapshot.manifest import file_of
from maksa.snapshot.maps import MapSnapshot, opened
from maksa.snapshot.shelf import Shelf
from maksa.snapshot.verify import verify
from maksa.snapshot.writer import SnapshotWriter

NOON = dt.datetime(2021, 7, 28, 12, tzinfo=dt.UTC)
FACTS = ConceptMap(map_id="IRC-eRX", source_id="IRC", target_id="eRX", source_version="1", title="دارو")
ENTRIES = [
    MapEntry("5038533984593944", "60001", "source-is-narrower-than-target"),
    MapEntry("9154715040124503", "60000", "source-is-narrower-than-target", rule="IFA", advice="ALWAYS"),
    MapEntry("9154715040124503", "60001", "related-to", order=2, group=2),
    MapEntry("9999", "", "not-related-to"),
]


@pytest.fixture
def make_map(tmp_path):
    """Writes the entries as a version of a map, lists it in the folder's manifest, and opens it."""
    made = []

    def write(entries=ENTRIES, map_id="IRC-eRX", label="1"):
        manifest = manifests.read(tmp_path)
        number = manifest.next_row
        version = Version(terminology_id=map_id, label=label, number=number, row=number, published_at=NOON, kind="map")
        with SnapshotWriter(tmp_path / "fresh") as writer:
            writer.write_map(FACTS, entries)
            version = writer.finish(version)
        (tmp_path / "fresh").rename(file_of(tmp_path, version))
        manifests.replace(tmp_path, manifest.with_version(version))
        made.append(opened(file_of(tmp_path, version), version))
        return made[-1]

    yield write
    for snapshot in made:
        snapshot.close()


def test_entries_are_read_in_both_directions(make_map):
    """From a source in their order, to a target by source; what has no target is said so."""
    snapshot = make_map()

    assert isinstance(snapshot, MapSnapshot)
    assert snapshot.concept_map == FACTS
    assert snapshot.entries_from("9154715040124503") == ENTRIES[1:3]
    assert snapshot.entries_to("60001") == [ENTRIES[0], ENTRIES[2]]
    assert snapshot.entries_from("9999") == [ENTRIES[3]]
    assert snapshot.entries_from("60001") == []
    assert list(snapshot.entries()) == ENTRIES
    assert snapshot.version.concepts == 4


def test_each_code_of_a_side_is_told_once(make_map):
    """The absence of a target is no code."""
    snapshot = make_map()

    assert list(snapshot.codes("source")) == ["5038533984593944", "9154715040124503", "9999"]
    assert list(snapshot.codes("target")) == ["60000", "60001"]


def test_the_shelf_keeps_maps_apart(make, make_map, tmp_path):
    """What lists terminologies never lists a map, and its id is no terminology's."""
    make([Concept("60000", "ASA")], "eRX")
    make_map()
    view = Shelf.open(tmp_path).view

    assert [each.id for each in view.terminologies] == ["eRX"]
    assert [each.id for each in view.maps] == ["IRC-eRX"]
    assert view.terminology("IRC-eRX") is None
    assert view.map(" irc-ERX ").last.snapshot.entries_to("60000") == [ENTRIES[1]]
    assert len(view.editions()) == 2


def test_a_map_is_verified_as_a_terminology_is(make_map, tmp_path):
    """Bytes, facts, and the count of its entries."""
    snapshot = make_map()

    assert [fault for _, fault in verify(tmp_path)] == [None]
    snapshot.path.write_bytes(snapshot.path.read_bytes()[:-1] + b"x")
    assert [type(fault) for _, fault in verify(tmp_path)] == [IntegrityError]


codes = st.sampled_from(["1", "10", "2", "آ"])


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(st.builds(MapEntry, codes, codes | st.just("")), min_size=1))
def test_whatever_is_written_is_read_as_lists_have_it(make_map, given_entries):
    """Sorted by source, those of a source in their order, however often a pair comes."""
    in_order = sorted(given_entries, key=lambda each: each.source)
    snapshot = make_map(in_order)
    pairs = [(each.source, each.target) for each in in_order]

    assert [(each.source, each.target) for each in snapshot.entries()] == pairs
    for code in ("1", "10", "2", "آ"):
        assert [each.target for each in snapshot.entries_from(code)] == [to for source, to in pairs if source == code]
        assert [each.order for each in snapshot.entries_from(code)] == list(
            range(1, 1 + [s for s, _ in pairs].count(code))
        )
        assert [each.source for each in snapshot.entries_to(code)] == [source for source, to in pairs if to == code]
