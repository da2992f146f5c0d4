"""The feed of changes: over all lists, by date, in pages that miss nothing and repeat nothing."""

import datetime as dt

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from maksa.service.changes import changes_since
from maksa.service.since import concepts_since
from tests.publish.conftest import DAY, NOON, House

EARLY = NOON - DAY


@pytest.fixture
def view(house):
    house.release("eRX", "9999", {"1": "ACETAMINOPHEN", "2": "ASPIRIN"}, at=NOON)
    house.release("IRC", "1", {"9": "ACA"}, at=NOON)
    house.release("eRX", "10000", {"1": "PARACETAMOL", "3": "IBUPROFEN"}, at=NOON + DAY)
    return house.shelf.view


def told(page):
    return [(each.terminology_id, each.version, each.kind, each.code, each.display) for each in page.changes]


def test_new_relabelled_and_retired_codes_of_all_lists(view):
    """By date, then by list, then by code; a code that changed twice is told once, as it was last."""
    assert told(changes_since(view, EARLY)) == [
        ("IRC", "1", "added", "9", "ACA"),
        ("eRX", "10000", "relabelled", "1", "PARACETAMOL"),
        ("eRX", "10000", "retired", "2", "ASPIRIN"),
        ("eRX", "10000", "added", "3", "IBUPROFEN"),
    ]


def test_the_date_itself_counts(view):
    """At or after it, as the wire's SearchTerminology."""
    assert len(changes_since(view, NOON).changes) == 4
    assert len(changes_since(view, NOON + DAY).changes) == 3
    assert changes_since(view, NOON + 2 * DAY).changes == ()


def test_what_was_published_before_1970_has_its_place(house):
    """Its seconds are below 0."""
    old = dt.datetime(1960, 1, 1, tzinfo=dt.UTC)
    house.release("ICD-7", "1955", {"001": "Cholera"}, at=old)
    house.release("ICD-7", "1957", {"002": "Typhoid"}, at=old + DAY)

    page = changes_since(house.shelf.view, old, limit=1)
    rest = changes_since(house.shelf.view, old, after=page.cursor)
    assert [each.code for each in (*page.changes, *rest.changes)] == ["001", "002"]


def test_a_page_tells_where_it_ends_and_whether_there_is_more(view):
    """The place after the last page goes on to what is published later."""
    first = changes_since(view, EARLY, limit=3)
    last = changes_since(view, EARLY, after=first.cursor, limit=3)

    assert (len(first.changes), first.more) == (3, True)
    assert ([each.code for each in last.changes], last.more) == (["3"], False)
    assert changes_since(view, EARLY, after=last.cursor).cursor == last.cursor


def test_what_is_published_between_two_pages_is_missed_by_none(house, view):
    """A code that was told changes again: it comes once more, at its new place."""
    first = changes_since(view, EARLY, limit=2)
    house.release("eRX", "10001", {"1": "PARACETAMOL 325", "3": "IBUPROFEN", "4": "ASA"}, at=NOON + 2 * DAY)
    rest = changes_since(house.shelf.view, EARLY, after=first.cursor)

    assert [(each.code, each.kind) for each in rest.changes] == [
        ("2", "retired"),
        ("3", "added"),
        ("1", "relabelled"),
        ("4", "added"),
    ]


def test_the_wires_search_is_its_restriction(view):
    """To one list, and to what is still there."""
    wire = [(code, display) for code, display, _ in concepts_since(view, "eRX", NOON).value]
    feed = [
        (each.code, each.display)
        for each in changes_since(view, NOON).changes
        if each.terminology_id == "eRX" and each.kind != "retired"
    ]

    assert wire == feed


releases = st.lists(
    st.tuples(
        st.sampled_from(["eRX", "IRC", "A"]),
        st.integers(0, 1),
        st.dictionaries(st.sampled_from(["1", "10", "2", "3"]), st.sampled_from(["a", "b"]), min_size=1),
    ),
    min_size=1,
    max_size=6,
)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(releases, st.integers(1, 4), st.integers(-1, 4))
def test_pages_joined_are_what_dictionaries_say(tmp_path_factory, given_releases, limit, day):
    """Whatever was published in whichever order, and however long a page is."""
    house = House(tmp_path_factory.mktemp("house"))
    last, now = {}, 0
    lists: dict[str, dict[str, str]] = {}
    for number, (name, later, displays) in enumerate(given_releases):
        now += later
        house.release(name, str(number), displays, at=NOON + now * DAY)
        old = lists.get(name, {})
        for code in old.keys() | displays.keys():
            if code not in displays:
                last[name, code] = (NOON + now * DAY, "retired", old[code])
            elif displays[code] != old.get(code):
                first = (name, code) not in last
                last[name, code] = (NOON + now * DAY, "added" if first else "relabelled", displays[code])
        lists[name] = displays
    house.catalog.close()
    since = NOON + day * DAY
    expected = sorted(
        (at, name.casefold(), code, kind, display) for (name, code), (at, kind, display) in last.items() if at >= since
    )

    found, cursor, more, view = [], None, True, house.shelf.view
    while more:
        page = changes_since(view, since, after=cursor, limit=limit)
        found += [(c.at, c.terminology_id.casefold(), c.code, c.kind, c.display) for c in page.changes]
        cursor, more = page.cursor, page.more
    assert [each[:3] + each[4:] for each in found] == [each[:3] + each[4:] for each in expected]
    assert all(
        was[3] == now[3] or {was[3], now[3]} == {"added", "relabelled"}
        for was, now in zip(found, expected, strict=True)
    )
