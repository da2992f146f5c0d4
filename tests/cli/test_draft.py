"""`maksa draft`: from the last version to the next by a table of changes, as an editor does it."""

import pytest

ONE = ("code,value,value_en,level", "2,تلفن محل کار,work phone,a", "1,تلفن منزل,home phone,b", "3,نمابر,fax,a")


@pytest.fixture
def change(maksa, tmp_path):
    """Starts the draft 2 if it is not there, and changes it by the given lines."""

    def changed(*lines, more=()):
        file = tmp_path / "changes.csv"
        file.write_text("\n".join(["action,code,display,parent", *lines]) + "\n", encoding="utf-8")
        maksa("draft", "start", "ContactType", "2")
        return maksa("draft", "change", "ContactType", "2", file, *more)

    return changed


@pytest.fixture(autouse=True)
def one_version(release):
    release("ContactType", "1", *ONE)


def test_a_small_change_goes_from_the_last_version_to_the_next(maksa, change):
    """Start, change, review, publish; what was not named is as it was, in the publisher's order."""
    assert change("relabel,1,تلفن خانه", "retire,3", "add,4,رایانامه").code == 0
    review = maksa("draft", "review", "ContactType", "2")
    assert maksa("publish", "contacttype", "2", "--at", "1401/05/06").code == 0

    assert review.rows == [
        ["relabelled", "1", "تلفن خانه", "تلفن منزل", "تلفن خانه"],
        ["retired", "3", "نمابر", "نمابر", ""],
        ["added", "4", "رایانامه", "", "رایانامه"],
    ]
    assert maksa("compare", "ContactType", "1", "2").rows == review.rows
    home = maksa("lookup", "ContactType", "1", "--json").json
    assert home["designations"] == [{"language": "en", "value": "home phone", "use": "synonym"}]
    assert home["properties"] == [{"name": "level", "value": "b", "kind": "string"}]
    assert maksa("lookup", "ContactType", "3", "--version", "1").code == 0


def test_a_refused_row_leaves_the_draft_as_it_was(maksa, change):
    """Exit code 3; the report is on standard output, the first refusal in the error."""
    done = change("retire,1", "relabel,9,x")

    assert done.code == 3
    assert "refusal code-not-there, row 3, column 'code'" in done.out
    assert "1 of 2 rows are refused, so nothing was changed; the first is row 3, column 'code'" in done.err
    assert maksa("draft", "review", "ContactType", "2").rows == []


def test_the_report_is_json_where_it_is_asked_for(change):
    """Refused or not."""
    assert change("retire,1,,", more=["--json"]).json["kept"] == 1
    assert change("retire,1,,", more=["--json"]).json["counts"] == {"code-not-there": 1}


def test_a_draft_that_is_there_is_not_started_again(maksa):
    """What was changed in it would be lost."""
    assert maksa("draft", "start", "contacttype", "2").code == 0

    again = maksa("draft", "start", "ContactType", "2")
    assert (again.code, "drop it" in again.err) == (4, True)


def test_drafts_are_listed_and_dropped(maksa):
    """A draft may start from any version."""
    maksa("draft", "start", "ContactType", "2", "--from", "1")

    assert [row[:3] + row[4:] for row in maksa("draft", "list").rows] == [["ContactType", "2", "3", "version 1"]]
    assert maksa("draft", "drop", "ContactType", "2").code == 0
    assert maksa("draft", "list", "--json").json == []
    assert maksa("draft", "drop", "ContactType", "2").code == 4


def test_a_published_label_is_refused(maksa):
    """A published version never changes."""
    assert maksa("draft", "start", "ContactType", "1").code == 4


def test_what_is_not_there_is_a_no(maksa):
    """A terminology without a version, a version that is not, a draft that is not."""
    assert maksa("draft", "start", "eRX", "2").code == 1
    assert maksa("draft", "start", "ContactType", "2", "--from", "9").code == 1
    assert maksa("draft", "review", "ContactType", "9").code == 4


def test_a_first_draft_is_reviewed_against_nothing(maksa, tmp_path):
    """Everything is added."""
    (tmp_path / "first.csv").write_text("code,value\n1,ASPIRIN\n")
    maksa("load", tmp_path / "first.csv", "--terminology", "eRX", "--version", "1")

    assert maksa("draft", "review", "eRX", "1").rows == [["added", "1", "ASPIRIN", "", "ASPIRIN"]]
