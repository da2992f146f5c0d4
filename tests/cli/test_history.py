"""`maksa history`, and what `maksa lookup` says of a retired code."""

import pytest


@pytest.fixture(autouse=True)
def three_versions(release):
    release("eRX", "1", "code,value", "1,ASPIRIN", "2,ACA", at="1400/01/01")
    release("eRX", "2", "code,value", "1,ASA", "2,ACA", at="1401/01/01")
    release("eRX", "3", "code,value", "2,ACA", at="1402/01/01")


def test_each_event_is_a_line(maksa):
    """Its version, its Jalali date, its kind."""
    assert maksa("history", "eRX", "1").rows == [
        ["1", "1400/01/01", "added", "ASPIRIN", "", "ASPIRIN"],
        ["2", "1401/01/01", "relabelled", "ASA", "ASPIRIN", "ASA"],
        ["3", "1402/01/01", "retired", "ASA", "ASA", ""],
    ]
    assert [each["kind"] for each in maksa("history", "eRX", "2", "--json").json] == ["added"]


def test_an_unknown_code_is_a_no(maksa):
    """No version had it."""
    assert maksa("history", "eRX", "9").code == 1


def test_lookup_says_what_a_retired_code_was(maksa):
    """And the exit code is still that of a no."""
    done = maksa("lookup", "eRX", "1")

    assert (done.code, done.err) == (1, "maksa: eRX 3 has no code '1' any more: until version 2 it was 'ASA'\n")
    assert maksa("lookup", "eRX", "1", "--json").json["former"]["last_version"] == "2"


def test_lookup_says_what_to_take_in_place_of_it(maksa, tmp_path):
    """Where a map from the terminology to itself knows."""
    (tmp_path / "map.csv").write_text("old,new\n1,2\n")
    between = ("--source", "eRX", "--target", "eRX", "--source-column", "old", "--target-column", "new")
    maksa("map", "load", tmp_path / "map.csv", "--map", "eRX replaced", "--version", "1", *between)
    assert maksa("publish", "eRX replaced", "1").code == 0

    assert "; in its place: 2 (ACA)" in maksa("lookup", "eRX", "1").err
    assert [each["code"] for each in maksa("lookup", "eRX", "1", "--json").json["replaced_by"]] == ["2"]
