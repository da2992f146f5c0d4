"""What a command says is there, where what was named is not."""

from __future__ import annotations

import pytest


@pytest.fixture
def house(maksa, release, tmp_path):
    """eRX with two versions and a draft, a map of it, and IRC as a draft alone."""
    release("eRX", "1", "code,value", "1,ASPIRIN")
    release("eRX", "2", "code,value", "1,ASPIRIN", at="1401/05/06")
    maksa("draft", "start", "eRX", "3")
    (tmp_path / "map.csv").write_text("a,b\n1,N02BA01\n")
    given = ("--map", "eRX-ATC", "--version", "1", "--source", "eRX", "--target", "ATC", "--source-column", "a")
    maksa("map", "load", tmp_path / "map.csv", *given, "--target-column", "b")
    maksa("publish", "eRX-ATC", "1")
    maksa("load", tmp_path / "list.csv", "--terminology", "IRC", "--version", "7")


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("lookup eRX 1 --version 3", "eRX has no version '3'; it is a draft: maksa publish eRX 3"),
        ("lookup erx 1 --version 9", "eRX has no version '9'; it has 1, 2"),
        ("compare eRX 2 3", "eRX has no version '3'; it is a draft: maksa draft review eRX 3"),
        ("export eRX --version 3", "eRX has no version '3'; it is a draft: maksa publish eRX 3"),
        ("lookup irc 1", "there is no terminology 'irc'; 7 is a draft: maksa publish IRC 7"),
        (
            "lookup eRX-ATC 1",
            "there is no terminology 'eRX-ATC'; it is a map: maksa map list, maksa export eRX-ATC --map",
        ),
        ("export eRX --map", "there is no map 'eRX'; it is a terminology"),
        ("map check Foo", "there is no map 'Foo'"),
        ("map check eRX-ATC --version 5", "eRX-ATC has no version '5'; it has 1"),
    ],
)
def test_what_is_not_there_leads_to_what_is(maksa, house, asked, said):
    """In the same line, with exit code 1."""
    done = maksa(*asked.split())

    assert (done.code, done.err) == (1, f"maksa: {said}\n")


def test_a_draft_that_is_not_there_lists_those_that_are(maksa, house):
    """Of the same terminology."""
    done = maksa("publish", "eRX", "30")

    assert (done.code, done.err) == (4, "maksa: there is no draft of eRX labelled '30'; there is '3'\n")


def test_nothing_is_made_for_looking_for_drafts(maksa, house, home):
    """A shelf alone, as a mirror has it, is asked without a catalog."""
    (home / "catalog.db").unlink()

    assert maksa("lookup", "eRX", "1", "--version", "3").err == "maksa: eRX has no version '3'; it has 1, 2\n"
    assert not (home / "catalog.db").exists()
