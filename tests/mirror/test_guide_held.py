"""What a list of the guide may not: it stays here as it was, the others are taken, and each sync says so."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from maksa.home import Home
from maksa.model.concept import Concept
from maksa.model.errors import NotHeldError
from maksa.snapshot import manifest as manifests
from tests.mirror.guide_side import DAY, NOW, rewritten
from tests.mirror.test_guide_faults import follower as follower
from tests.simulator import Gateway
from tests.web.conftest import put


def withdrawn_last(gateway: Gateway) -> None:
    gateway.lists.withdraw("eRX", "10000")


def withdrawn_old(gateway: Gateway) -> None:
    gateway.lists.withdraw("eRX", "1000")


def gone(gateway: Gateway) -> None:
    gateway.lists.withdraw("thritaEHR.Religion", "1")


def older_last(gateway: Gateway) -> None:
    gateway.lists.last["eRX"] = "2000"


@pytest.mark.parametrize(
    ("goes_back", "said"),
    [
        (withdrawn_last, "without '10000', versions: 2 and had offered 3"),
        (withdrawn_old, "without '1000', versions: 2 and had offered 3"),
        (gone, "no version of thritaEHR.Religion and had offered '1'"),
        (older_last, "as the last version of eRX '2000' and had offered '10000'"),
    ],
)
def test_a_list_gone_back_in_time_is_held_back(follower, goes_back, said):
    """A version or a list that vanished, an older one that is the last again: it stays as it was, each time, and news are taken."""
    follower.sync()
    before = follower.listed()
    goes_back(follower.gateway)
    follower.gateway.lists.publish("ContactType", "1", {"1": "تلفن"}, at=NOW - DAY)

    for added in (["ContactType"], []):
        report = follower.sync()
        [held] = report.held
        assert (held.fault, said in held.message) == ("rollback", True)
        assert [version.terminology_id for version in report.added] == added
        assert follower.listed() == {**before, "ContactType": ["1"]}


def test_a_list_of_which_a_version_has_other_numbers_is_held_back(follower):
    """What was published never changes; once it is accepted, what is shown now is fetched and binds the upstream."""
    follower.sync()
    before = follower.files()
    follower.gateway.lists.editions["eRX"][0].number = 99

    [held] = follower.sync().held
    assert "eRX '1000' as VersionId 99, id 11" in held.message
    assert follower.files() == before
    assert follower.sync(accepted=["erx"]).held == ()
    assert {each.number for each in manifests.read(follower.folder).versions} > {99}
    assert follower.sync().outcome == "unchanged"
    follower.gateway.lists.editions["eRX"][0].number = 98
    assert [each.fault for each in follower.sync().held] == ["published-changed"]
    with pytest.raises(NotHeldError, match=r"ministry shows thritaEHR\.Religion as it was"):
        follower.sync(accepted=["thritaEHR.Religion"])


@pytest.mark.parametrize("withdraw", [withdrawn_last, withdrawn_old])
def test_a_version_that_is_gone_leaves_the_shelf_once_that_is_accepted(follower, withdraw):
    """Nothing has to be fetched for it; the word was taken, nothing done, and the list held back again at the next sync."""
    follower.sync()
    withdraw(follower.gateway)
    assert [held.fault for held in follower.sync().held] == ["rollback"]

    report = follower.sync(accepted=["eRX"])
    assert (report.held, len(report.dropped)) == ((), 1)
    assert (follower.sync().held, len(follower.listed()["eRX"])) == ((), 2)


def test_an_older_version_is_the_last_one_once_that_is_accepted(follower):
    """Whatever its date; nothing is fetched for it. The word was taken, and the newer one went on answering."""
    follower.sync()
    older_last(follower.gateway)
    follower.sync()

    assert follower.sync(accepted=["eRX"]).held == ()
    assert (follower.sync().held, follower.listed()["eRX"]) == ((), ["1000", "10000", "2000"])


def test_a_list_that_is_gone_leaves_the_shelf_once_that_is_accepted(follower):
    """The ministry has withdrawn it; the rest stays."""
    follower.sync()
    gone(follower.gateway)

    report = follower.sync(accepted=["thritaEHR.Religion"])
    assert ([version.terminology_id for version in report.dropped], report.held) == (["thritaEHR.Religion"], ())
    assert follower.listed() == {"eRX": ["1000", "2000", "10000"]}
    assert follower.sync().held == ()


def test_a_list_of_ones_own_stays_and_is_not_asked_for(follower):
    """It has the id that the upstream's has: nothing of that is fetched only to be refused."""
    put_beside(follower.folder, "eRX", "7")
    for _ in range(2):
        follower.gateway.forget()
        [held] = follower.sync().held
        assert (held.terminology_id, held.fault) == ("eRX", "upstream-conflict")
        assert follower.listed() == {"eRX": ["7"], "thritaEHR.Religion": ["1"]}
        asked = [each for each in follower.gateway.requests if each.function == "TerminologiesTermByVersion"]
        assert len(asked) <= 1


def test_a_service_that_comes_under_another_name_finds_its_versions(follower):
    """They are asked for once more, and the same bytes are no conflict."""
    follower.sync()
    before = follower.files()
    follower.staging.rename(follower.folder / ".mirror-gone")

    assert follower.sync().held == ()
    assert follower.files() == before


def put_beside(folder: Path, terminology_id: str, label: str) -> None:
    """Publishes a list of one's own on the shelf in *folder*."""
    home = Home(folder.parent / "own")
    put(home, terminology_id, label, [Concept("1", "ما")])
    shutil.copytree(home.shelf, folder, dirs_exist_ok=True)


def test_an_upstream_that_comes_forward_again_is_followed(follower):
    """A node that lagged."""
    follower.sync()
    follower.gateway.lists.last["eRX"] = "2000"
    assert follower.sync().held != ()
    follower.gateway.lists.last.clear()

    report = follower.sync()
    assert (report.outcome, report.held) == ("unchanged", ())


def of_another(rows: list[dict[str, Any]]) -> None:
    rows[0]["terminology_idField"] = "ICD10"


def blank_code(rows: list[dict[str, Any]]) -> None:
    rows[0]["coded_stringField"] = "  "


def two_displays(rows: list[dict[str, Any]]) -> None:
    rows.append({**rows[0], "valueField": "دیگر"})


def emptied(rows: list[dict[str, Any]]) -> None:
    rows.clear()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (of_another, "the code '1' of 'ICD10' among those of another terminology"),
        (blank_code, "a concept 'الف' without a code"),
        (two_displays, "the code '1' of eRX twice, as 'الف' and as 'دیگر'"),
        (emptied, "the version '1000' of eRX listed, and not one concept of it"),
    ],
)
def test_a_list_that_cannot_be_is_not_taken_and_the_others_are(follower, change, said):
    """The place and the value are named, and the next sync asks again."""
    follower.gateway.plan("TerminologiesTermByVersion", rewritten(change))

    [held] = follower.sync().held
    assert (held.terminology_id, said in held.message) == ("eRX", True)
    assert follower.listed() == {"thritaEHR.Religion": ["1"]}
    assert follower.sync().outcome == "updated"
    assert follower.listed()["eRX"] == ["1000", "2000", "10000"]


def twice_last(rows: list[dict[str, Any]]) -> None:
    rows[0]["IsLast"] = True


def same_label(rows: list[dict[str, Any]]) -> None:
    rows[0]["Version"] = "2000"


def same_number(rows: list[dict[str, Any]]) -> None:
    rows[0]["VersionId"] = rows[1]["VersionId"]


def of_another_list(rows: list[dict[str, Any]]) -> None:
    rows[0]["TerminologyId"] = "IRC"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (twice_last, "2 versions of eRX marked as the last one"),
        (same_label, "2 versions of eRX with the label '2000'"),
        (same_number, "2 versions of eRX with the VersionId"),
        (of_another_list, "a version of 'IRC' among those of eRX"),
    ],
)
def test_versions_that_cannot_be_are_not_taken_and_the_others_are(follower, change, said):
    """What is on the shelf of the list stays."""
    follower.sync()
    follower.gateway.lists.publish("thritaEHR.Religion", "2", {"1": "اسلام", "2": "مسیحیت"}, at=NOW - DAY)
    follower.gateway.plan("TerminologyVersions", rewritten(change))

    [held] = follower.sync().held
    assert (held.fault, said in held.message) == ("upstream-contradiction", True)
    assert follower.listed() == {"eRX": ["1000", "2000", "10000"], "thritaEHR.Religion": ["1", "2"]}


def test_what_a_list_was_is_not_forgotten_while_it_contradicts_itself(follower):
    """One answer that cannot be, and the next goes back: the step back is seen."""
    follower.sync()
    follower.gateway.plan("TerminologyVersions", rewritten(twice_last))
    follower.sync()
    withdrawn_last(follower.gateway)

    assert [held.fault for held in follower.sync().held] == ["rollback"]
    assert follower.listed()["eRX"] == ["1000", "2000", "10000"]
