"""`--at DATE`: the version that was in force, on every command that asks of one."""

import pytest


@pytest.fixture(autouse=True)
def two_versions(release):
    release("eRX", "9999", "code,value", "1,ACETAMINOPHEN", "2,ASPIRIN", at="1402/01/01")
    release("eRX", "10000", "code,value", "1,PARACETAMOL", at="1402/06/01")


@pytest.mark.parametrize("date", ["1402/03/27", "2023-06-17", "1402/01/01"])
def test_a_claim_is_judged_by_what_was_true_on_its_day(maksa, date):
    """Jalali or ISO; the first day of a version is its own."""
    assert maksa("lookup", "eRX", "1", "--at", date, "--json").json["display"] == "ACETAMINOPHEN"
    assert maksa("validate", "eRX", "2", "ASPIRIN", "--at", date).code == 0
    assert maksa("search", "asp", "--at", date).rows == [["eRX", "2", "ASPIRIN", "ASPIRIN"]]
    assert [row[0] for row in maksa("since", "1400/01/01", "eRX", "--at", date).rows] == ["1", "2"]


def test_a_date_before_the_first_version_is_a_no(maksa):
    """Exit code 1, and the date as it is written here."""
    done = maksa("lookup", "erx", "1", "--at", "1401/12/29")

    assert (done.code, done.err) == (1, "maksa: eRX had no version yet at 1401/12/29\n")


def test_a_label_and_a_date_are_one_too_many(maksa):
    """Which of them was meant is not guessed."""
    assert maksa("lookup", "eRX", "1", "--at", "1402/03/27", "--version", "9999").code == 2


def test_a_date_that_does_not_exist_is_refused(maksa):
    """1402 had no 30th of Esfand; the option that has it is named."""
    done = maksa("lookup", "eRX", "1", "--at", "1402/12/30")

    assert done.code == 2
    assert "for '--at': \"1402/12/30\": day 30 is not a day of 1402-12" in done.err
