"""Translation by the maps on the shelf: both ways, for a date, and what maps name that nobody has."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from maksa.model.answers import Found, UnknownTerminology, UnknownVersion
from maksa.model.concept_map import ConceptMap, Correspondence, MapEntry, StrayCode, inverse
from maksa.model.finding import LoadReport
from maksa.service.translate import stray_codes, translate
from tests.publish.conftest import DAY, NOON

NARROWER, BROADER = "source-is-narrower-than-target", "source-is-broader-than-target"


@pytest.fixture
def publish_map(house):
    """Publishes the entries as a version of a map."""

    def published(entries, label="1", at=NOON, source="IRC", target="eRX"):
        map_id = f"{source}-{target}"
        facts = ConceptMap(map_id=map_id, source_id=source, target_id=target)
        report = LoadReport(file="map.csv", sheet="", terminology_id=map_id, label=label, recognised={})
        house.catalog.write_map(facts, label, entries, published=house.manifest.versions, report=report)
        house.publish(map_id, label, at)
        return house.shelf.view

    return published


@pytest.fixture
def lists(house):
    house.release("IRC", "1", {"9": "ACA", "7": "AXAR"}, at=NOON)
    house.release("eRX", "1", {"60000": "ACETAMINOPHEN", "60001": "ASA", "60002": "GONE"}, at=NOON)
    house.release("eRX", "2", {"60000": "PARACETAMOL", "60001": "ASA"}, at=NOON + 2 * DAY)


def test_a_code_is_translated_there_and_back(lists, publish_map):
    """Many to one; the relationship is the asked code's, whichever way the map was made."""
    view = publish_map([MapEntry("7", "60001", NARROWER), MapEntry("9", "60001", NARROWER, advice="brand")])

    assert translate(view, "irc", " 9 ", "ERX") == Found(
        [Correspondence("IRC-eRX", "1", "eRX", "60001", "ASA", NARROWER, advice="brand")]
    )
    back = translate(view, "eRX", "60001", "IRC").value
    assert [(each.code, each.display, each.relationship) for each in back] == [
        ("7", "AXAR", BROADER),
        ("9", "ACA", BROADER),
    ]


def test_a_map_may_say_that_there_is_none(lists, publish_map):
    """Which is another thing than having no entry."""
    view = publish_map([MapEntry("9", "", "not-related-to")])

    assert [(each.code, each.relationship) for each in translate(view, "IRC", "9", "eRX").value] == [
        ("", "not-related-to")
    ]
    assert translate(view, "IRC", "7", "eRX") == Found([])


def test_a_date_asks_the_map_and_the_displays_of_then(lists, publish_map):
    """The map of a claim's day, and what its codes meant on it."""
    publish_map([MapEntry("9", "60000")])
    view = publish_map([MapEntry("9", "60001")], label="2", at=NOON + 3 * DAY)

    assert [each.display for each in translate(view, "IRC", "9", "eRX").value] == ["ASA"]
    then = translate(view, "IRC", "9", "eRX", as_of=NOON + DAY).value
    assert [(each.map_version, each.display) for each in then] == [("1", "ACETAMINOPHEN")]
    assert (
        translate(view, "IRC", "9", "eRX", as_of=NOON - DAY) == UnknownTerminology("IRC")
        or not translate(view, "IRC", "9", "eRX", as_of=NOON - DAY).value
    )


def test_a_map_within_one_terminology_is_read_forwards(lists, publish_map):
    """From what is retired to what replaced it, not back."""
    view = publish_map([MapEntry("60002", "60001", "related-to")], source="eRX", target="eRX", at=NOON + 3 * DAY)

    assert [each.code for each in translate(view, "eRX", "60002", "eRX").value] == ["60001"]
    assert translate(view, "eRX", "60001", "eRX") == Found([])


def test_a_terminology_that_nobody_has_is_unknown(lists, publish_map):
    """One that only a map names is not: its codes may be asked, without displays."""
    view = publish_map([MapEntry("9", "N02BE01")], target="ATC")

    assert translate(view, "IRC", "9", "LOINC") == UnknownTerminology("LOINC")
    assert [(each.code, each.display) for each in translate(view, "IRC", "9", "ATC").value] == [("N02BE01", "")]


def test_codes_that_no_version_has_had_are_told(lists, publish_map):
    """A code that is retired was there once; one of a list that is not here is a stray."""
    view = publish_map([MapEntry("9", "60002"), MapEntry("8", "60001"), MapEntry("7", "60009"), MapEntry("7", "")])

    assert list(stray_codes(view, "irc-erx").value) == [
        StrayCode("source", "IRC", "8"),
        StrayCode("target", "eRX", "60009"),
    ]
    assert stray_codes(view, "eRX") == UnknownTerminology("eRX")
    assert stray_codes(view, "IRC-eRX", "9") == UnknownVersion("IRC-eRX", "9")


relationships = st.sampled_from(["related-to", "equivalent", NARROWER, BROADER, "not-related-to"])


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    st.dictionaries(
        st.tuples(st.sampled_from(["7", "9", "8"]), st.sampled_from(["60000", "60001", "x"])), relationships, min_size=1
    )
)
def test_both_directions_are_those_of_a_dictionary(house, publish_map, pairs):
    """Every pair is found from either of its codes, with the relationship turned round."""
    label = str(len(house.manifest.versions))
    view = publish_map([MapEntry(*pair, relationship) for pair, relationship in pairs.items()], label=label)

    for source, target in pairs:
        there = {each.code: each.relationship for each in translate(view, "IRC", source, "eRX").value}
        back = {each.code: each.relationship for each in translate(view, "eRX", target, "IRC").value}
        assert there == {to: said for (of, to), said in pairs.items() if of == source}
        assert back == {of: inverse(said) for (of, to), said in pairs.items() if to == target}
