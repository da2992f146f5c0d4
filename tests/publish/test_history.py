"""When a concept was created, when it changed, what became of it: held against a slow, clear reading of the contract."""

import datetime as dt
import itertools
from dataclasses import dataclass

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.publish.conftest import DAY, NOON, House

Version = dict[str, str]
"""Displays by code."""


@dataclass
class Life:
    created: dt.datetime
    changed: dt.datetime
    display: str
    last_version: str
    retired: dt.datetime | None = None


def lives(history: list[tuple[str, dt.datetime, Version]]) -> dict[str, Life]:
    """The contract, section 4, read aloud: for each code, through every version that was ever published."""
    told: dict[str, Life] = {}
    for code in {code for _, _, version in history for code in version}:
        before = None
        for label, at, version in history:
            display = version.get(code)
            if display is not None:
                life = told.setdefault(code, Life(at, at, display, label))
                if display != before:
                    life.changed = at
                life.display, life.last_version, life.retired = display, label, None
            elif before is not None:
                told[code].retired = at
            before = display
    return told


def assert_told(house, terminology_id, history):
    expected = lives(history)
    snapshot = house.shelf.terminology(terminology_id).last.snapshot
    here = {concept.code: (concept.created, concept.changed, concept.display) for concept in snapshot.concepts()}
    away = {
        former.code: Life(former.created, former.changed, former.display, former.last_version, former.retired)
        for former in snapshot.formers()
    }

    assert here == {
        code: (life.created, life.changed, life.display) for code, life in expected.items() if not life.retired
    }
    assert away == {code: life for code, life in expected.items() if life.retired}
    wire_order = [(changed, code) for code, _, changed in snapshot.rows()]
    assert wire_order == sorted(wire_order)


codes = st.sampled_from(["1", "10", "11", "2", "20", "3", "A", "a", "ی", "9", "90", "09"])
displays = st.sampled_from(["تلفن منزل", "تلفن منزل ", "تلفن خانه", "Pager"])
versions = st.dictionaries(codes, displays, min_size=1, max_size=12)
days = st.integers(min_value=0, max_value=2)
histories = st.lists(st.tuples(days, versions), min_size=3, max_size=6)


@pytest.fixture(scope="module")
def big_house(tmp_path_factory):
    house = House(tmp_path_factory.mktemp("house"))
    yield house
    house.catalog.close()


_lists = itertools.count(1)


@given(histories)
@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # each example writes files: making it smaller takes minutes
)
def test_any_history_is_told_as_the_slow_reading_tells_it(big_house, history):
    """Codes that come, change, go and come back, in versions days apart or of the same second."""
    terminology_id, at = f"list{next(_lists)}", NOON
    published = []
    for label, (days_later, version) in enumerate(history, 1):
        at += days_later * DAY
        big_house.release(terminology_id, str(label), version, at)
        published.append((str(label), at, version))
        assert_told(big_house, terminology_id, published)


def test_a_code_that_returns_has_changed_then(house):
    """It keeps the date of its creation; whoever took the version between takes it again, though its display is the same."""
    for day, version in enumerate(
        [{"1": "تلفن منزل", "2": "دورنگار"}, {"1": "تلفن منزل"}, {"1": "تلفن منزل", "2": "دورنگار"}]
    ):
        house.release("ContactType", str(day), version, NOON + day * DAY)
    snapshot = house.shelf.terminology("ContactType").last.snapshot

    fax = snapshot.concept("2")
    assert (fax.created, fax.changed) == (NOON, NOON + 2 * DAY)
    assert list(snapshot.formers()) == []


def test_a_former_code_is_known_for_ever(house):
    """Two versions later it still says what it was, until when, and in which version it was last."""
    for day, version in enumerate([{"1": "تلفن منزل", "2": "دورنگار"}, {"1": "تلفن منزل"}, {"1": "تلفن خانه"}]):
        house.release("ContactType", f"1000{day}", version, NOON + day * DAY)
    former = house.shelf.terminology("ContactType").last.snapshot.former("2")

    assert (former.display, former.last_version) == ("دورنگار", "10000")
    assert (former.created, former.changed, former.retired) == (NOON, NOON, NOON + DAY)


def test_a_display_that_differs_by_a_blank_has_changed(house):
    """Displays are compared exactly: what is answered is what was published."""
    house.release("ContactType", "1", {"1": "تلفن منزل"}, NOON)
    house.release("ContactType", "2", {"1": "تلفن  منزل"}, NOON + DAY)

    assert house.shelf.terminology("ContactType").last.snapshot.concept("1").changed == NOON + DAY


def test_old_versions_answer_as_they_did(house):
    """A version, once published, never changes. [contract §4]"""
    house.release("ContactType", "1", {"1": "تلفن منزل", "2": "دورنگار"}, NOON)
    before = list(house.shelf.terminology("ContactType").last.snapshot.concepts())
    house.release("ContactType", "2", {"1": "تلفن خانه"}, NOON + DAY)

    assert list(house.shelf.terminology("ContactType").by_label["1"].snapshot.concepts()) == before
