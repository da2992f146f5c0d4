"""The history of a code: what each version did to it."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from maksa.model.answers import UnknownCode, UnknownTerminology
from maksa.service.history import history
from maksa.service.lookup import display_of, former_of
from tests.publish.conftest import DAY, NOON, House


@pytest.fixture
def view(house):
    """60001 is renamed, then left alone, then gone, then back under another name."""
    for day, displays in enumerate(
        [{"1": "x"}, {"60001": "AXAR"}, {"60001": "AXAR 325"}, {"60001": "AXAR 325"}, {"1": "x"}, {"60001": "ASA"}]
    ):
        house.release("eRX", str(day), displays, at=NOON + day * DAY)
    return house.shelf.view


def test_a_code_is_followed_through_its_life(view):
    """A version that left it as it was is not told."""
    events = history(view, "erx", " 60001 ").value

    assert [(each.label, each.kind, each.display) for each in events] == [
        ("1", "added", "AXAR"),
        ("2", "relabelled", "AXAR 325"),
        ("4", "retired", "AXAR 325"),
        ("5", "returned", "ASA"),
        ("5", "relabelled", "ASA"),
    ]
    assert (events[3].before, events[3].after, events[3].published_at) == (("AXAR 325",), ("ASA",), NOON + 5 * DAY)


def test_a_code_that_no_version_had_is_unknown(view):
    """So is a terminology that is not there."""
    assert history(view, "eRX", "9") == UnknownCode("eRX", "5", "9")
    assert history(view, "IRC", "9") == UnknownTerminology("IRC")


def test_a_retired_code_is_remembered_by_the_versions_without_it(view):
    """And one that never was is not."""
    unknown = display_of(view, "eRX", "60001", "4")

    assert former_of(view, unknown).display == "AXAR 325"
    assert former_of(view, unknown).last_version == "3"
    assert former_of(view, display_of(view, "eRX", "60001", "0")) is None


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(displays=st.lists(st.sampled_from([None, "a", "b"]), min_size=1, max_size=6))
def test_events_replayed_give_every_version(tmp_path_factory, displays):
    """What a code is in each version follows from its events alone."""
    house = House(tmp_path_factory.mktemp("house"))
    for day, display in enumerate(displays):
        house.release("eRX", str(day), {"0": "x"} | ({"1": display} if display else {}), at=NOON + day * DAY)
    answer = history(house.shelf.view, "eRX", "1")
    house.catalog.close()

    if not any(displays):
        assert answer == UnknownCode("eRX", str(len(displays) - 1), "1")
        return
    by_label = {each.label: None if each.kind == "retired" else each.display for each in answer.value}
    replayed, now = [], None
    for day in range(len(displays)):
        now = by_label.get(str(day), now)
        replayed.append(now)
    assert replayed == displays
