"""`maksa notices`: what versions carry and what a letter's table lists, as the letter lists it."""

from pathlib import Path

import pytest

LETTER = Path(__file__).parents[1] / "loaders" / "notices" / "specimens" / "letter.csv"


def test_a_letters_table_is_listed_the_newest_first(maksa):
    """Number, Jalali date, title, remarks; one without a date comes last."""
    done = maksa("notices", "--load", LETTER)

    assert done.code == 0
    assert [row[:3] for row in done.rows] == [
        ["20/128", "1390/05/06", "زمان آبیاری"],
        ["20/124", "1390/05/05", "بذر"],
        ["20/120", "1390/04/29", "کود"],
        ["20/100", "1390/04/16", "آفت"],
        ["", "", "برداشت"],
    ]
    assert "read 7, kept 5, refused 2, new 5" in done.err


def test_a_table_may_be_loaded_twice(maksa):
    """What is kept already is nothing new."""
    maksa("notices", "--load", LETTER)
    again = maksa("notices", "--load", LETTER, "--json").json

    assert again["load"]["added"] == 0
    assert len(again["notices"]) == 5


def test_a_notice_that_reads_otherwise_is_refused_and_nothing_is_added(maksa, tmp_path):
    """A letter that was sent stands; exit code 4."""
    maksa("notices", "--load", LETTER)
    other = tmp_path / "other.csv"
    other.write_text("title,number,date\nنو,20/200,1390/06/01\nبذر,20/124,1399/01/01\n", "utf-8")
    done = maksa("notices", "--load", other)

    assert done.code == 4
    assert "the notice '20/124' «بذر» is kept already and reads otherwise" in done.err
    assert len(maksa("notices").rows) == 5


def test_versions_carry_their_notices(maksa, release, tmp_path):
    """A version that gives the number only is listed under the letter of that number."""
    maksa("notices", "--load", LETTER)
    file = tmp_path / "list.csv"
    file.write_text("code,value\n1,a\n")
    for label, options in (
        ("1", ("--notice-number", "20/124")),
        ("2", ("--notice-number", "20/7", "--notice-title", "دیگر")),
    ):
        maksa("load", file, "--terminology", "Seed", "--version", label)
        assert maksa("publish", "Seed", label, *options).code == 0
    release("Other", "1", "code,value", "1,a")
    listed = {row[0]: row for row in maksa("notices").rows}

    assert listed["20/124"][2:] == ["بذر", "", "Seed 1"]
    assert listed["20/7"][2:] == ["دیگر", "", "Seed 2"]
    assert len(listed) == 6


def test_the_facts_are_for_programs_too(maksa):
    """Dates in both calendars; a version by terminology and label."""
    maksa("notices", "--load", LETTER)
    facts = maksa("notices", "--json").json["notices"][1]

    assert facts == {
        "number": "20/124",
        "date": "2011-07-27",
        "jalali": "1390/05/05",
        "title": "بذر",
        "remarks": "",
        "versions": [],
    }


def test_notices_go_with_a_backup(maksa, release, tmp_path, monkeypatch):
    """And come back with it."""
    release("Other", "1", "code,value", "1,a")
    maksa("notices", "--load", LETTER)
    assert maksa("backup", tmp_path / "backup.tar").code == 0
    monkeypatch.setenv("MAKSA_HOME", str(tmp_path / "other"))
    restored = maksa("restore", tmp_path / "backup.tar")

    assert restored.code == 0, restored.err
    assert len(maksa("notices").rows) == 5


@pytest.mark.parametrize("content", [b"{", b'{"format": 2}', b'{"notices": [{"number": 5}]}', b"\xff"])
def test_a_damaged_file_of_notices_is_said(maksa, tmp_path, content):
    """Exit code 6: the shelf is damaged, and where."""
    (tmp_path / "home" / "shelf").mkdir(parents=True)
    (tmp_path / "home" / "shelf" / "notices.json").write_bytes(content)
    done = maksa("notices")

    assert done.code == 6
    assert "notices.json" in done.err


def test_what_is_no_table_of_notices_is_an_error(maksa, tmp_path):
    """Exit code 3; nothing is added."""
    (tmp_path / "list.csv").write_text("code,value\n1,a\n")

    assert maksa("notices", "--load", tmp_path / "list.csv").code == 3
    assert maksa("notices").rows == []
