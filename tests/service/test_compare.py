"""Two versions compared: what SQLite finds between two files is what plain sets find between two lists."""

import csv
from collections import Counter
from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from maksa.model.answers import UnknownTerminology, UnknownVersion
from maksa.model.concept import Concept, Designation, Property
from maksa.model.difference import KINDS, Difference, merged
from maksa.service.compare import compare
from maksa.snapshot.difference import between
from tests.publish.conftest import NOON
from tests.service.conftest import CODES, concepts

DATA = Path(__file__).parents[3] / "shared" / "data"

BEFORE = [
    Concept("1", "تلفن منزل", "fa", designations=(Designation("en", "home phone"),)),
    Concept("2", "تلفن محل کار", "fa", parents=("1",)),
    Concept("3", "نمابر", "fa"),
    Concept("4", "پیام‌گیر", "fa", properties=(Property("level", "1"),)),
]
AFTER = [
    Concept("1", "تلفن خانه", "fa", designations=(Designation("en", "home"),)),
    Concept("2", "تلفن محل کار", "fa", parents=("4",)),
    Concept("4", "پیام‌گیر", "fa", properties=(Property("level", "2"),), status="retired"),
    Concept("5", "رایانامه", "fa"),
]


@pytest.fixture
def two_versions(house):
    house.load("ContactType", "1", BEFORE)
    house.publish("ContactType", "1", NOON)
    house.load("ContactType", "2", AFTER)
    house.publish("ContactType", "2", NOON)
    return house.shelf.view


def test_every_kind_of_difference_is_told_with_what_was_and_what_is(two_versions):
    """By code, and only what is not in both: a parent or a property that stayed is not repeated."""
    answer = compare(two_versions, "contacttype", "1", "2")

    assert list(answer.value) == [
        Difference("relabelled", "1", "تلفن خانه", ("تلفن منزل",), ("تلفن خانه",)),
        Difference("designations", "1", "تلفن خانه", (Designation("en", "home phone"),), (Designation("en", "home"),)),
        Difference("moved", "2", "تلفن محل کار", ("1",), ("4",)),
        Difference("retired", "3", "نمابر", ("نمابر",), ()),
        Difference("status", "4", "پیام‌گیر", ("active",), ("retired",)),
        Difference("properties", "4", "پیام‌گیر", (Property("level", "1"),), (Property("level", "2"),)),
        Difference("added", "5", "رایانامه", (), ("رایانامه",)),
    ]
    assert answer.value.counts == Counter(KINDS)


def test_only_the_asked_kinds_are_told_and_counted(two_versions):
    """`counts` has a number for each asked kind, and no other."""
    comparison = compare(two_versions, "ContactType", "1", "2", kinds=("retired", "added")).value

    assert [difference.code for difference in comparison] == ["3", "5"]
    assert comparison.counts == {"retired": 1, "added": 1}


def test_a_version_has_nothing_otherwise_than_itself(two_versions):
    """Every kind is counted as none."""
    comparison = compare(two_versions, "ContactType", "2", "2").value

    assert list(comparison) == []
    assert comparison.counts == dict.fromkeys(KINDS, 0)


def test_backwards_is_the_mirror_of_forwards(two_versions):
    """Added is retired, and what was before is after."""
    forwards = list(compare(two_versions, "ContactType", "1", "2").value)
    backwards = list(compare(two_versions, "ContactType", "2", "1").value)
    turned = {"added": "retired", "retired": "added"}

    assert [(each.kind, each.code, each.before, each.after) for each in backwards] == [
        (turned.get(each.kind, each.kind), each.code, each.after, each.before) for each in forwards
    ]


def test_what_is_not_there_is_named(two_versions):
    """The terminology, or the version of the two."""
    assert compare(two_versions, "Contact", "1", "2") == UnknownTerminology("Contact")
    assert compare(two_versions, "ContactType", "0", "2") == UnknownVersion("ContactType", "0")
    assert compare(two_versions, "ContactType", "1", "3") == UnknownVersion("ContactType", "3")


@st.composite
def with_parents(draw):
    """A list of concepts, of which some have parents among those with a lesser code: no circle."""
    made = sorted(draw(concepts), key=lambda each: each.code)
    for place, each in enumerate(made[1:], 1):
        above = draw(st.sets(st.sampled_from([other.code for other in made[:place]]), max_size=2))
        made[place] = msgspec.structs.replace(each, parents=tuple(sorted(above)))
    return made


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(before=with_parents(), after=with_parents())
def test_sqlite_finds_what_sets_find(make, before, after):
    """Whatever the two lists are: the same differences, in the same order."""
    earlier, later = make(before, label="1"), make(after, label="2")

    found = list(between(earlier, later))
    assert found == list(merged(earlier.concepts(), later.concepts()))
    assert {(each.kind, each.code) for each in found} == by_sets(before, after)


def by_sets(before, after):
    """(kind, code) of each difference, in the plainest way."""
    old, new = ({each.code: each for each in these} for these in (before, after))
    said = {("added", code) for code in new.keys() - old.keys()} | {
        ("retired", code) for code in old.keys() - new.keys()
    }
    for code in set(CODES) & old.keys() & new.keys():
        pairs = {
            "relabelled": (old[code].display, new[code].display),
            "moved": (set(old[code].parents), set(new[code].parents)),
            "status": (old[code].status, new[code].status),
            "properties": (set(old[code].properties), set(new[code].properties)),
            "designations": (set(old[code].designations), set(new[code].designations)),
        }
        said |= {(kind, code) for kind, (was, now) in pairs.items() if was != now}
    return said


def real_list(name):
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return [Concept(row["code"], row["value"]) for row in csv.DictReader(file)]


@pytest.mark.skipif(not DATA.exists(), reason="../shared/data is not here")
def test_a_real_list_and_its_revision(make):
    """The prescription's drugs, of which every 50th is gone, every 70th is renamed, and the natural ones are new."""
    drugs, natural = real_list("eRX.csv"), real_list("eRX_natural.csv")
    revised = {
        each.code: Concept(each.code, each.display + " *" * (place % 70 == 0))
        for place, each in enumerate(drugs)
        if place % 50
    }
    revised |= {each.code: each for each in natural}
    view = make(drugs, "eRX", "1"), make(revised.values(), "eRX", "2")
    old = {each.code: each.display for each in drugs}

    found = Counter(each.kind for each in between(*view))
    assert found["retired"] == len(old.keys() - revised.keys())
    assert found["added"] == len(revised.keys() - old.keys())
    assert found["relabelled"] == sum(code in old and old[code] != each.display for code, each in revised.items())
