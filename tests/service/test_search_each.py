"""Search over all lists for people: the best of each terminology, the one with the best of all first."""

import pytest

from maksa.service.search import search_each
from tests.publish.conftest import NOON


@pytest.fixture
def view(house):
    house.release("Long", "1", {f"{n}": f"تلفن شمارهٔ {n} اداره" for n in range(9)}, at=NOON)
    house.release("Short", "1", {"x": "تلفن", "تلفن2": "دیگر"}, at=NOON)
    house.release("Other", "1", {"y": "نمابر"}, at=NOON)
    return house.shelf.view


def test_each_terminology_has_its_best(view):
    """The one with the shortest wording first; one that has none is not there."""
    groups = search_each(view, "تلفن", limit=3)

    assert [(group.terminology_id, len(group.matches), group.more) for group in groups] == [
        ("Short", 2, False),
        ("Long", 3, True),
    ]


def test_a_code_itself_comes_first(view):
    """Whatever words are found elsewhere."""
    assert search_each(view, "y")[0].terminology_id == "Other"


def test_nothing_is_found_for_nothing(view):
    """Nor for what nobody has."""
    assert search_each(view, "") == search_each(view, "   ") == search_each(view, "qqqq") == []


def test_a_concept_of_a_pair_comes_once(house):
    """From the one whose wording is the better."""
    house.release("ICD10", "1", {"A00": "Cholera"}, at=NOON)
    house.release("ICD10-FA", "1", {"A00": "وبا"}, at=NOON)

    (group,) = search_each(house.shelf.view, "A00")
    assert [match.pair for match in group.matches] in (["ICD10"], ["ICD10-FA"])
