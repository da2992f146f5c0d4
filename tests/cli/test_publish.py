"""`maksa publish`: the notice, the date, what is refused."""

from __future__ import annotations

import pytest

from maksa.home import Home
from maksa.snapshot import manifest as manifests


@pytest.fixture
def draft(maksa, tmp_path):
    """Makes a draft of the given lines."""

    def made(terminology_id="eRX", label="1", *lines):
        file = tmp_path / "list.csv"
        file.write_text("\n".join(("code,value", *(lines or ("60000,ACETAMINOPHEN",)))) + "\n", encoding="utf-8")
        done = maksa("load", file, "--terminology", terminology_id, "--version", label)
        assert done.code == 0, done.err

    return made


def published(home):
    return [(version.terminology_id, version.label) for version in manifests.read(Home(home).shelf).versions]


def test_a_version_carries_its_notice(maksa, draft):
    """Number, date, title and remarks of the letter; the date is Jalali where people read it. [contract §4]"""
    draft()
    done = maksa(
        "publish", "eRX", "1", "--notice-number", "110/128", "--notice-date", "1400/05/06",
        "--notice-title", "eRX و IRC دارو", "--remarks", "جایگزین", "--at", "1400/05/07", "--json",
    )  # fmt: skip

    notice = {"number": "110/128", "date": "2021-07-28", "title": "eRX و IRC دارو", "remarks": "جایگزین"}
    assert (done.code, done.json["notice"], done.json["published_at"]) == (0, notice, "2021-07-28T19:30:00Z")
    assert maksa("versions", "eRX").rows == [["1", "1", "1", "1400/05/07", "110/128", "1400/05/06", "*"]]


def test_json_says_of_a_version_what_the_wire_does(maksa, draft):
    """`id` and `version_id` are the wire's; the digest names the file."""
    draft()
    told = maksa("publish", "eRX", "1", "--json").json

    assert told.keys() >= {
        "terminology_id", "label", "id", "version_id", "is_last", "published_at", "concepts", "title", "notice", "digest", "size",
    }  # fmt: skip
    assert (told["terminology_id"], told["label"], told["is_last"], told["concepts"]) == ("eRX", "1", True, 1)
    assert len(told["digest"]) == 64


def test_a_history_is_loaded_oldest_first(maksa, draft):
    """Each answers as of its own date; ISO and Jalali are the same day. [contract §4]"""
    for label, display, at in (
        ("9999", "ACE", "2021-04-27"),
        ("10000", "PARA", "1401/12/01"),
        ("10001", "PARA", "1402/01/01"),
    ):
        draft("eRX", label, f"60000,{display}")
        assert maksa("publish", "eRX", label, "--at", at).code == 0

    told = maksa("lookup", "eRX", "60000", "--json").json
    assert (told["created"], told["changed"]) == ("2021-04-26T19:30:00Z", "2023-02-19T20:30:00Z")
    assert [row[3] for row in maksa("versions", "eRX").rows] == ["1400/02/07", "1401/12/01", "1402/01/01"]
    assert maksa("lookup", "eRX", "60000", "--version", "9999", "--json").json["display"] == "ACE"


def test_a_version_dated_before_the_last_is_refused(maksa, draft, home):
    """Exit code 5, both dates said; the draft waits. [contract §4]"""
    draft("eRX", "2")
    maksa("publish", "eRX", "2", "--at", "1402/01/01")
    draft("eRX", "1")
    done = maksa("publish", "eRX", "1", "--at", "1401/12/29")

    assert done.code == 5
    assert "is dated 1401/12/29 00:00:00, before its last version '2' of 1402/01/01 00:00:00;" in done.err
    assert published(home) == [("eRX", "2")]
    assert maksa("publish", "eRX", "1", "--at", "1402/01/01").code == 0


def test_a_list_from_before_1970_is_published_as_any(maksa, draft):
    """Its seconds are negative."""
    draft()
    assert maksa("publish", "eRX", "1", "--at", "1340/01/01").code == 0

    assert maksa("since", "1339/12/29", "eRX").rows == [["60000", "1340/01/01", "ACETAMINOPHEN"]]
    assert maksa("since", "1340/01/02", "eRX").code == 1


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("eRX", "2"), 4, "no draft of eRX labelled '2'"),
        (("IRC", "1"), 4, "no draft of IRC labelled '1'"),
        (("eRX", "1", "--at", "1500/01/01"), 5, "1500/01/01 00:00:00 has not come yet"),
        (
            ("eRX", "1", "--at", "1403/12/31"),
            2,
            "for '--at': \"1403/12/31\": day 31 is not a day of 1403-12",
        ),
        (
            ("eRX", "1", "--notice-date", "1400/13/01"),
            2,
            "for '--notice-date': \"1400/13/01\": month 13 is not within",
        ),
        (("eRX", "1", "--notice-date", "1450/01/01"), 2, '"1450/01/01" has not come yet, or is no date of a letter'),
        (("eRX", "1", "--notice-date", "99/01/01"), 2, "Invalid value for '--notice-date'"),
        (("eRX",), 2, "Missing argument 'LABEL'"),
    ],
)
def test_what_is_refused_is_said_and_nothing_is_published(maksa, draft, home, arguments, code, said):
    """The exit code says whose fault it was, and the draft is still there."""
    draft()
    done = maksa("publish", *arguments)

    assert done.code == code
    assert said in done.err
    assert published(home) == []
    assert maksa("publish", "eRX", "1").code == 0


def test_a_label_is_published_once(maksa, draft, home):
    """Exit code 4."""
    draft()
    maksa("publish", "eRX", "1")
    done = maksa("publish", "ERX", "1")

    assert done.code == 4
    assert "never changes" in done.err
    assert published(home) == [("eRX", "1")]


def test_a_draft_without_a_row_is_no_version(maksa, draft):
    """Every row of the file was refused: exit code 5."""
    draft("eRX", "1", ",nameless")
    done = maksa("publish", "eRX", "1")

    assert done.code == 5
    assert "holds no concept" in done.err


def test_parents_that_go_round_are_no_hierarchy(maksa, tmp_path):
    """The load says so, and what is left of it has no circle."""
    file = tmp_path / "list.csv"
    file.write_text("code,value,parent\n1,a,2\n2,b,1\n", encoding="utf-8")
    told = maksa("load", file, "--terminology", "X", "--version", "1", "--json").json

    assert (told["counts"], told["blocking"] > 0) == ({"parent-cycle": 1}, True)
    assert maksa("publish", "X", "1").code == 5
