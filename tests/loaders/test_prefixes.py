"""Parents read from codes: the longest beginning that is a code, or the one of a level's length."""

from __future__ import annotations

import pytest

from maksa.loaders.table import PrefixHierarchy
from maksa.model.errors import SourceError

ATC = "code,value\nA02BC01,omeprazole\nA,alimentary\nA02,acid disorders\nA02B,ulcer\nA02BC,pump inhibitors\nA02BX,others\n"


def parents(loaded) -> dict[str, tuple[str, ...]]:
    return {concept.code: concept.parents for concept in loaded.concepts}


@pytest.mark.parametrize("how", ["prefix", "prefix:1,3,4,5"])
def test_each_code_stands_below_its_longest_beginning(load, how):
    """Wherever in the file that one is."""
    loaded = load(ATC, hierarchy=PrefixHierarchy.read(how))

    assert parents(loaded) == {
        "A": (),
        "A02": ("A",),
        "A02B": ("A02",),
        "A02BC": ("A02B",),
        "A02BX": ("A02B",),
        "A02BC01": ("A02BC",),
    }
    assert loaded.report.recognised["parent"] == how
    assert loaded.report.counts == {}


def test_lengths_keep_siblings_from_standing_below_each_other(load):
    """1.2.10 begins with 1.2.1; the lengths of the levels say that it is none of its children."""
    table = "code,value\n1.2,a\n1.2.1,b\n1.2.10,c\n"

    assert parents(load(table, hierarchy=PrefixHierarchy.read("prefix")))["1.2.10"] == ("1.2.1",)
    assert parents(load(table, hierarchy=PrefixHierarchy.read("prefix:3")))["1.2.10"] == ("1.2",)


def test_a_missing_level_is_said_and_the_next_one_up_is_the_parent(load):
    """One finding for all of them, with examples."""
    loaded = load("code,value\nA,a\nA02BC,b\nB02BC,c\n", hierarchy=PrefixHierarchy((1, 3, 4)))

    assert parents(loaded) == {"A": (), "A02BC": ("A",), "B02BC": ()}
    assert (loaded.only.slug, loaded.only.count) == ("level-missing", 2)
    assert "A02BC (A02B), B02BC (B02B)" in loaded.only.message


def test_a_code_that_is_refused_is_nobodys_parent(load):
    """The codes that are kept count, and those of the terminology that is asked for; its findings are said once."""
    table = "terminology,code,value\neRX,A,\neRX,A1,a\nelse,A1B,b\neRX,A1BC,c\n"
    loaded = load(table, hierarchy=PrefixHierarchy())

    assert parents(loaded) == {"A1": (), "A1BC": ("A1",)}
    assert loaded.report.counts == {"blank-display": 1, "other-terminology": 1}
    assert (loaded.report.read, loaded.report.kept, loaded.report.refused, loaded.report.skipped) == (4, 2, 1, 1)


def test_a_column_of_parents_and_prefixes_exclude_each_other(load):
    """Which of them is meant cannot be guessed."""
    with pytest.raises(SourceError, match="parents are in the column 'parent'"):
        load("code,value,parent\nA,a,\n", hierarchy=PrefixHierarchy())


@pytest.mark.parametrize(
    "text", ["", "suffix", "prefix:", "prefix:0", "prefix:a", "prefix:3,1", "prefix:1,1", "prefix:²", "prefix:999"]
)
def test_what_is_no_hierarchy_is_said(text):
    """In words that say what would be one."""
    with pytest.raises(ValueError, match=r"prefix|whole number|greater"):
        PrefixHierarchy.read(text)
