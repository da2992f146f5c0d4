"""`maksa search` in a list and its translation."""

import pytest


@pytest.fixture(autouse=True)
def _pair(release):
    """ICD10 and ICD10-FA, of one concept each."""
    release("ICD10", "2019", "code,value", "A00,Cholera")
    release("ICD10-FA", "2019", "code,value", "A00,وبا")


def test_both_ids_are_told_and_the_asked_list_displays(maksa):
    """In the table, and as `pair` in JSON."""
    done = maksa("search", "وبا", "--terminology", "ICD10")
    [told] = maksa("search", "وبا", "--terminology", "ICD10", "--json").json

    assert done.rows == [["ICD10, ICD10-FA", "A00", "Cholera", "وبا"]]
    assert (told["terminology_id"], told["pair"], told["display"]) == ("ICD10", "ICD10-FA", "Cholera")


def test_over_all_lists_it_is_one_row(maksa):
    """Searched as one."""
    assert maksa("search", "A00").rows == [["ICD10, ICD10-FA", "A00", "Cholera", "A00"]]


def test_a_lookup_is_of_the_list_that_was_named(maksa):
    """Answered as two."""
    assert maksa("lookup", "ICD10-FA", "A00", "--json").json["display"] == "وبا"
    assert maksa("lookup", "ICD10", "A00", "--json").json["display"] == "Cholera"
