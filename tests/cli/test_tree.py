"""`maksa tree`: a hierarchy, level by level."""

import pytest


@pytest.fixture(autouse=True)
def divisions(release):
    release("countryDivisions", "1400", "code,value,parent", "00,مرکزی,", "0001,اراک,00", "000102,مرکزی,0001")


def test_levels_count_from_the_asked_code(maksa):
    """What is above has levels below 0."""
    assert maksa("tree", "countryDivisions", "0001").rows == [
        ["-1", "00", "مرکزی", "", ""],
        ["0", "0001", "اراک", "", ""],
        ["1", "000102", "مرکزی", "0", "0"],
    ]
    assert maksa("tree", "countrydivisions").rows == [["1", "00", "مرکزی", "1", "2"]]


def test_json_has_the_children_and_the_way_up(maksa):
    """One document."""
    assert maksa("tree", "countryDivisions", "0001", "--json").json == {
        "code": "0001",
        "display": "اراک",
        "children": [{"code": "000102", "display": "مرکزی", "children": 0, "descendants": 0}],
        "ancestors": [{"code": "00", "display": "مرکزی", "depth": 1}],
    }


def test_an_unknown_code_is_a_no(maksa):
    """Exit code 1."""
    assert maksa("tree", "countryDivisions", "99").code == 1
