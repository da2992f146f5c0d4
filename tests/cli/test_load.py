"""`maksa load` as a program calls it: the report, the draft, where the home is, what is refused."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from maksa.catalog import Catalog
from maksa.home import Home

RELIGIONS = "code,value,value_en\n1,اسلام,Islam\n2,مسیحی,Christianity\n"


@pytest.fixture
def religions(tmp_path):
    """A list of two rows."""
    file = tmp_path / "religions.csv"
    file.write_text(RELIGIONS, encoding="utf-8")
    return file


def drafts(home):
    with Catalog.open(Home(home).catalog_url) as catalog:
        return [(draft.terminology_id, draft.label, draft.concepts) for draft in catalog.drafts()]


def load(maksa, file, *more, label="1"):
    return maksa("load", file, "--terminology", "thritaEHR.Religion", "--version", label, *more)


def test_the_report_counts_every_row_and_names_what_is_wrong(maksa, tmp_path):
    """File, row, column and value of each finding; the whole of them in the file that the report names."""
    file = tmp_path / "list.csv"
    file.write_text("code,value\n1,اسلام\n,بی‌کد\n1,دوباره\n3,\n", encoding="utf-8")
    told = load(maksa, file, "--json").json

    assert (told["read"], told["kept"], told["refused"], told["skipped"]) == (4, 1, 3, 0)
    assert told["counts"] == {"blank-code": 1, "repeated-code": 1, "blank-display": 1}
    places = [(each["slug"], each["row"], each["column"], each["value"]) for each in told["findings"]]
    assert places == [
        ("blank-code", 3, "code", ""),
        ("repeated-code", 4, "code", "1"),
        ("blank-display", 5, "value", ""),
    ]
    with Path(told["report"]).open(encoding="utf-8") as kept:
        assert [json.loads(line)["slug"] for line in kept] == [each["slug"] for each in told["findings"]]


def test_a_person_is_told_what_was_recognised_and_what_comes_next(maksa, religions):
    """On standard output; progress is not among it."""
    done = load(maksa, religions)

    assert "display = 'value'" in done.out
    assert "rows read 2 · kept 2 · refused 0 · skipped 0" in done.out
    assert done.out.endswith("Draft made. Next: maksa publish thritaEHR.Religion 1\n")
    assert "read: 2 rows" in done.err
    assert "read: " not in done.out


def test_a_dry_run_leaves_nothing(maksa, religions, home):
    """No draft, no report, not even a home."""
    done = load(maksa, religions, "--dry-run", "--json")

    assert (done.code, done.json["dry_run"], done.json["kept"], done.json["report"]) == (0, True, 2, "")
    assert not home.exists()


def test_a_second_load_takes_the_place_of_the_first(maksa, religions, home):
    """A draft is corrected by loading again."""
    load(maksa, religions)
    religions.write_text(RELIGIONS + "3,یهودی,Judaism\n", encoding="utf-8")
    load(maksa, religions)

    assert drafts(home) == [("thritaEHR.Religion", "1", 3)]


@pytest.mark.parametrize("place", ["before", "after", "environment"])
def test_the_home_is_named_before_the_command_after_it_or_in_the_environment(
    maksa, monkeypatch, tmp_path, religions, place
):
    """What is written at the command stands over the environment."""
    home, elsewhere = tmp_path / "given", tmp_path / "elsewhere"
    monkeypatch.setenv("MAKSA_HOME", str(home if place == "environment" else elsewhere))
    before = ["--home", home] if place == "before" else []
    after = ["--home", home] if place == "after" else []
    done = maksa(*before, "load", religions, "--terminology", "X", "--version", "1", *after)

    assert done.code == 0, done.err
    assert drafts(home) == [("X", "1", 2)]
    assert not elsewhere.exists()


def test_without_any_the_home_is_here(maksa, monkeypatch, tmp_path, religions):
    """`./maksa-home`."""
    monkeypatch.delenv("MAKSA_HOME")
    monkeypatch.chdir(tmp_path)
    load(maksa, religions)

    assert drafts(tmp_path / "maksa-home") == [("thritaEHR.Religion", "1", 2)]


def test_an_id_in_another_case_is_the_defined_one_and_that_is_said(maksa, religions, home):
    """Two ids that differ by case alone cannot both be defined. [contract §2]"""
    load(maksa, religions)
    assert maksa("publish", "thritaEHR.Religion", "1").code == 0
    done = maksa("load", religions, "--terminology", " THRITAEHR.religion ", "--version", "2")

    assert "is defined as 'thritaEHR.Religion'" in done.err
    assert drafts(home) == [("thritaEHR.Religion", "2", 2)]


def test_a_published_label_is_refused_before_the_file_is_read(maksa, religions, tmp_path):
    """Exit code 4: a published version never changes. [contract §4]"""
    load(maksa, religions)
    maksa("publish", "thritaEHR.Religion", "1")
    done = load(maksa, tmp_path / "not-there.csv")

    assert done.code == 4
    assert "already has a published version '1'" in done.err


@pytest.mark.parametrize(
    ("options", "code", "said"),
    [
        (["--code", "کد"], 3, "no column for code"),
        (["--display", "شرح"], 3, "no column for display"),
        (["--sheet", "2"], 3, "no sheet '2'"),
    ],
)
def test_a_column_or_sheet_that_is_not_there_is_named_with_those_that_are(maksa, religions, options, code, said):
    """Exit code 3, and no draft."""
    done = load(maksa, religions, *options)

    assert (done.code, done.out) == (code, "")
    assert said in done.err
    assert str(religions) in done.err


def test_columns_are_named_where_they_are_not_recognised(maksa, tmp_path):
    """Both of them, and what is left over is a property."""
    file = tmp_path / "list.tsv"
    file.write_text("A\tB\tC\n01\tنخست\tx\n", encoding="utf-8")
    load(maksa, file, "--code", "A", "--display", "B")
    maksa("publish", "thritaEHR.Religion", "1")
    told = maksa("lookup", "thritaEHR.Religion", "01", "--json").json

    assert (told["display"], [(each["name"], each["value"]) for each in told["properties"]]) == ("نخست", [("C", "x")])


def test_two_loads_never_share_a_report(maksa, tmp_path):
    """Ids that a file name cannot hold, and pairs that read alike when joined, have files of their own."""
    file = tmp_path / "list.csv"
    file.write_text("code,value\n1,یک\n,بی‌کد\n", encoding="utf-8")
    pairs = [
        ("ICD10-FA", "1"),
        ("ICD10", "FA-1"),
        ("a:b", "1"),
        ("a*b", "1"),
        ("ش" * 100, "ش" * 100),
        ("ش" * 99, "ش" * 100),
    ]
    told = [maksa("load", file, "--terminology", one, "--version", other, "--json") for one, other in pairs]

    assert [done.code for done in told] == [0] * len(pairs)
    assert len({done.json["report"] for done in told}) == len(pairs)


def test_a_title_that_was_given_stays(maksa, religions):
    """The next load need not give it again, though the documents know another."""
    load(maksa, religions, "--title", "مذهب")
    maksa("publish", "thritaEHR.Religion", "1", "--at", "1400/01/01")
    load(maksa, religions, label="2")
    maksa("publish", "thritaEHR.Religion", "2")

    assert [row[-1] for row in maksa("terminologies").rows] == ["مذهب"]
