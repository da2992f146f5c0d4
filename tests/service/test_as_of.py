"""Every verb answers for a date: by the version that was the last one at that second."""

import datetime as dt

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from maksa.model.answers import Found, UnknownCode, UnknownTerminology, UnknownVersion
from maksa.model.concept import CodedText
from maksa.service.editions import edition_of
from maksa.service.lookup import display_of, lookup
from maksa.service.search import search
from maksa.service.since import concepts_since, terminologies_since
from maksa.service.validate import validate_code
from maksa.snapshot.shelf import Edition
from tests.publish.conftest import DAY, NOON, House

SECOND = dt.timedelta(seconds=1)
CLAIM = NOON + DAY  # between the two versions


@pytest.fixture
def view(house):
    house.release("eRX", "9999", {"1": "ACETAMINOPHEN", "2": "ASPIRIN"}, at=NOON)
    house.release("eRX", "10000", {"1": "PARACETAMOL", "3": "IBUPROFEN"}, at=NOON + 2 * DAY)
    house.release("IRC", "1", {"9": "ACA"}, at=NOON + 3 * DAY)
    return house.shelf.view


def test_a_version_is_in_force_from_the_second_of_its_publication(view):
    """Until the second before the next one."""
    label = {
        moment: edition_of(view, "erx", as_of=moment).version.label
        for moment in (NOON, NOON + 2 * DAY - SECOND, NOON + 2 * DAY, NOON + 400 * DAY)
    }

    assert list(label.values()) == ["9999", "9999", "10000", "10000"]


def test_before_the_first_version_there_is_none(view):
    """The answer says which date was asked."""
    early = NOON - SECOND

    assert lookup(view, "eRX", "1", as_of=early) == UnknownVersion("eRX", as_of=early)
    assert lookup(view, "no list", "1", as_of=early) == UnknownTerminology("no list")


def test_each_verb_answers_for_the_date(view):
    """What was true for a claim of that day, whatever was published since."""
    assert display_of(view, "eRX", "1", as_of=CLAIM) == Found("ACETAMINOPHEN")
    assert lookup(view, "eRX", "2", as_of=CLAIM).value.display == "ASPIRIN"
    assert validate_code(view, CodedText("eRX", "1", "ACETAMINOPHEN"), as_of=CLAIM) == Found(True)
    assert validate_code(view, CodedText("eRX", "1", "ACETAMINOPHEN")) == Found(False)
    assert [match.code for match in search(view, "a", "eRX", as_of=CLAIM).value] == ["2", "1"]
    assert [code for code, _, _ in concepts_since(view, "eRX", None, as_of=CLAIM).value] == ["1", "2"]
    assert display_of(view, "eRX", "3", as_of=CLAIM) == UnknownCode("eRX", "9999", "3")


def test_over_all_terminologies_only_those_that_were_there_are_asked(view):
    """IRC was defined after the claim."""
    assert {match.terminology_id for match in search(view, "a", as_of=CLAIM).value} == {"eRX"}
    assert {match.terminology_id for match in search(view, "a").value} == {"IRC"}
    assert terminologies_since(view, NOON, as_of=CLAIM) == ["eRX"]


def test_a_label_says_all(view):
    """A date beside it is not asked."""
    assert display_of(view, "eRX", "1", "10000", as_of=CLAIM) == Found("PARACETAMOL")


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    days=st.lists(st.integers(0, 20), min_size=1, max_size=6).map(sorted),
    asked=st.lists(st.integers(-2, 24), min_size=1),
)
def test_the_edition_in_force_is_the_last_one_that_is_not_later(tmp_path_factory, days, asked):
    """Of several published in one second, the last one of them."""
    house = House(tmp_path_factory.mktemp("house"))
    for label, day in enumerate(days):
        house.release("eRX", str(label), {"1": str(label)}, at=NOON + day * DAY)
    view = house.shelf.view
    house.catalog.close()

    for day in asked:
        expected = [str(label) for label, each in enumerate(days) if each <= day][-1:]
        edition = edition_of(view, "eRX", as_of=NOON + day * DAY)
        assert [edition.version.label] == expected if isinstance(edition, Edition) else expected == []
