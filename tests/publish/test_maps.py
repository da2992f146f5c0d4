"""Maps are published as terminologies are: drafted whole, frozen, versioned, with their notices; and never mixed with them."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from maksa.model.concept import Concept
from maksa.model.concept_map import ConceptMap, MapEntry
from maksa.model.errors import DateOrderError, EmptyDraftError, IdTakenError, VersionExistsError
from maksa.model.finding import LoadReport
from maksa.model.terminology import Notice
from maksa.snapshot.verify import verify
from tests.publish.conftest import DAY, NOON

FACTS = ConceptMap(map_id="IRC-eRX", source_id="IRC", target_id="eRX", title="دارو")


@pytest.fixture
def draft_map(house):
    """Drafts the entries as a version of the map above."""

    def drafted(entries, label="1", map_id="IRC-eRX"):
        facts = ConceptMap(map_id=map_id, source_id="IRC", target_id="eRX", title="دارو")
        report = LoadReport(file="map.csv", sheet="", terminology_id=map_id, label=label, recognised={})
        return house.catalog.write_map(facts, label, entries, published=house.manifest.versions, report=report)

    return drafted


def test_a_map_goes_from_its_draft_to_the_shelf(house, draft_map):
    """Scattered rows of one source come together, in their order, then as they came."""
    draft = draft_map(
        [MapEntry("9", "60001", order=2), MapEntry("5", "60000"), MapEntry("9", "60002"), MapEntry("7", "")]
    )
    version = house.publish("irc-erx", "1", NOON, notice=Notice(number="110/130"))
    snapshot = house.shelf.view.map("IRC-eRX").last.snapshot

    assert (draft.kind, draft.concepts, draft.concept_map) == ("map", 4, FACTS)
    assert (version.kind, version.concepts, version.title, version.notice.number) == ("map", 4, "دارو", "110/130")
    assert snapshot.concept_map == FACTS
    assert [(each.source, each.target, each.order) for each in snapshot.entries()] == [
        ("5", "60000", 1),
        ("7", "", 1),
        ("9", "60002", 1),
        ("9", "60001", 2),
    ]
    assert [fault for _, fault in verify(house.folder)] == [None]
    assert house.catalog.versions("IRC-eRX") == [version]
    assert house.shelf.view.terminologies == ()


def test_its_versions_never_change_and_follow_one_another(house, draft_map):
    """The same refusals as a terminology's."""
    draft_map([MapEntry("9", "60001")])
    house.publish("IRC-eRX", "1", NOON)
    with pytest.raises(VersionExistsError):
        draft_map([MapEntry("9", "60002")])
    draft_map([MapEntry("9", "60002")], label="2")
    with pytest.raises(DateOrderError):
        house.publish("IRC-eRX", "2", NOON - DAY)
    house.publish("IRC-eRX", "2", NOON + DAY)

    first, second = house.shelf.view.map("IRC-eRX").editions
    assert first.snapshot.entries_from("9") == [MapEntry("9", "60001")]
    assert second.snapshot.entries_from("9") == [MapEntry("9", "60002")]


def test_an_empty_map_is_not_published(house, draft_map):
    """As an empty list is not."""
    draft_map([])

    with pytest.raises(EmptyDraftError):
        house.publish("IRC-eRX", "1", NOON)


def test_a_map_and_a_terminology_never_share_an_id(house, draft_map):
    """Drafted or published; whichever was first has it."""
    draft_map([MapEntry("9", "60001")])
    with pytest.raises(IdTakenError, match="'IRC-eRX' is the id of a map"):
        house.load("irc-erx", "2", [Concept("1", "x")])
    house.release("eRX", "1", {"60001": "ASA"}, NOON)
    with pytest.raises(IdTakenError, match="'eRX' is the id of a terminology"):
        draft_map([MapEntry("9", "60001")], map_id="ERX", label="2")


def test_concepts_are_not_asked_of_a_map(house, draft_map):
    """Neither to review nor to edit."""
    draft = draft_map([MapEntry("9", "60001")])

    with pytest.raises(IdTakenError):
        list(house.catalog.draft_concepts(draft))
    with pytest.raises(IdTakenError), house.catalog.edit("IRC-eRX", "1"):
        pass


codes = st.sampled_from(["1", "10", "2", "آ"])


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(st.builds(MapEntry, codes, codes, order=st.integers(1, 3)), min_size=1))
def test_any_rows_come_out_sorted_and_none_is_lost(house, draft_map, given_entries):
    """By source, then by order, then as they came: Python's sort is stable."""
    label = str(len(house.manifest.versions))
    draft_map(given_entries, label=label)
    house.publish("IRC-eRX", label, NOON)
    expected = sorted(given_entries, key=lambda each: (each.source, each.order))

    entries = list(house.shelf.view.map("IRC-eRX").by_label[label].snapshot.entries())
    assert [(each.source, each.target) for each in entries] == [(each.source, each.target) for each in expected]
