"""A shelf of a service that speaks only the guide: the same versions, and the same answers, with few questions."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from tests.mirror.guide_side import DAY, NOW, Follower, moments_of, said_by, said_here
from tests.simulator import Dialect, Gateway, Lists

SECOND = dt.timedelta(seconds=1)


@pytest.fixture
def follower(ministry: Gateway, tmp_path: Path) -> Follower:
    """A shelf that follows the simulated ministry, which has nothing but a drug list of three versions and a short list."""
    ministry.lists = history()
    return Follower(tmp_path / "shelf", ministry)


def history() -> Lists:
    """Values that stayed, changed, went, came back and changed back, at midnights and in the middle of a day."""
    lists = Lists()
    lists.publish("eRX", "1000", {"1": "الف", "2": "ب", "10": "پ", "3": "ت"}, at="1400/05/06", number=7, row=11)
    lists.publish("thritaEHR.Religion", "1", {"1": "اسلام"}, at="1400/05/07 10:20:30")
    lists.publish("eRX", "2000", {"1": "الف", "2": "ب۲", "10": "پ", "4": "ث"}, at="1401/01/01")
    lists.publish("eRX", "10000", {"1": "الف", "2": "ب", "3": "ت", "4": "ث", "5": "ج"}, at="1402/11/30 23:59:59")
    return lists


def test_every_answer_of_the_mirror_is_the_upstreams(follower):
    """All versions with their numbers, their concepts in order, and what is new since any date, to the second."""
    report = follower.sync()
    moments = moments_of(follower.gateway.lists)

    assert report.outcome == "updated"
    assert said_here(follower.view, follower.gateway.lists, moments) == said_by(follower.gateway.lists, moments)


def test_the_lists_that_the_guide_names_are_mirrored(ministry, tmp_path):
    """Some thirty of them, with the guide's own samples."""
    ministry.lists = Gateway().lists
    follower = Follower(tmp_path / "shelf", ministry)
    follower.sync()
    moments = moments_of(ministry.lists)

    assert said_here(follower.view, ministry.lists, moments) == said_by(ministry.lists, moments)


def test_a_code_has_its_past(follower):
    """When it came, when its value changed, and of which version it was the last: made of whole versions, as by a publisher."""
    follower.sync()
    snapshot = follower.view.terminology("eRX").last.snapshot

    first, second, third = (each.at for each in follower.gateway.lists.editions["eRX"])
    concept = snapshot.concept("2")
    assert (concept.created, concept.changed) == (first, third)
    assert snapshot.concept("3").created == first
    former = snapshot.former("10")
    assert (former.last_version, former.changed, former.retired) == ("2000", first, third)
    assert [each.version.published_at for each in follower.view.terminology("eRX").editions] == [first, second, third]


def test_a_sync_that_finds_nothing_new_asks_little(follower):
    """A token, which terminologies there are, and the versions of each."""
    follower.sync()
    before = follower.files()
    follower.gateway.forget()
    report = follower.sync()

    assert (report.outcome, report.requests) == ("unchanged", 4)
    assert [request.function for request in follower.gateway.requests] == [
        "token",
        "CtsTerminologies",
        "TerminologyVersions",
        "TerminologyVersions",
    ]
    assert follower.files() == before


def test_a_new_version_of_a_short_list_is_fetched_whole(follower):
    """One answer, and only of that list."""
    follower.sync()
    follower.gateway.lists.publish("thritaEHR.Religion", "2", {"1": "اسلام", "2": "مسیحیت"}, at=NOW - DAY)
    follower.gateway.forget()
    report = follower.sync()
    moments = moments_of(follower.gateway.lists)

    assert [f"{version.terminology_id} {version.label}" for version in report.added] == ["thritaEHR.Religion 2"]
    assert [each.fields["terminologyId"] for each in follower.gateway.asked("TerminologiesTermByVersion")] == [
        "thritaEHR.Religion"
    ]
    assert said_here(follower.view, follower.gateway.lists, moments) == said_by(follower.gateway.lists, moments)


def many(change: dict[str, str], *, size: int = 6_000) -> dict[str, str]:
    texts = {str(code): f"داروی {code}" for code in range(size)} | change
    return {code: text for code, text in texts.items() if text}


@pytest.fixture
def long(ministry: Gateway, tmp_path: Path) -> Follower:
    """A shelf that has the first version of a long list."""
    ministry.lists = Lists()
    ministry.lists.publish("eRX", "1", many({}), at="1400/05/06")
    follower = Follower(tmp_path / "shelf", ministry)
    follower.sync()
    ministry.forget()
    return follower


def test_a_new_version_of_a_long_list_is_fetched_by_difference(long):
    """What changed since the last one's date is asked for, and the whole is weighed, not fetched."""
    long.gateway.lists.publish("eRX", "2", many({"7": "دیگر", "x": "تازه"}), at=NOW - DAY)
    report = long.sync()
    moments = moments_of(long.gateway.lists)

    assert report.outcome == "updated"
    assert report.received < 10_000 < 100 * len(many({}))  # a body has more than a hundred bytes for each concept
    assert long.gateway.asked("SearchTerminology")[0].fields["FromDate"]["yearField"] == 1400
    assert said_here(long.view, long.gateway.lists, moments) == said_by(long.gateway.lists, moments)


def test_what_is_gone_is_found_by_weight(long):
    """The difference cannot tell it: the list does not weigh the same, and the whole is fetched."""
    long.gateway.lists.publish("eRX", "2", many({"7": "دیگر", "8": ""}), at=NOW - DAY)
    long.sync()
    moments = moments_of(long.gateway.lists)

    assert said_here(long.view, long.gateway.lists, moments) == said_by(long.gateway.lists, moments)
    assert long.view.terminology("eRX").last.snapshot.former("8").last_version == "1"


@pytest.mark.parametrize("dialect", [Dialect(coding="chunked"), Dialect(indent=1), Dialect(lists="twice")])
def test_a_list_that_cannot_be_weighed_is_fetched_whole(long, dialect):
    """A gateway that tells no length, or writes its JSON otherwise."""
    long.gateway.dialect = dialect
    long.gateway.lists.publish("eRX", "2", many({"7": "دیگر", "8": ""}), at=NOW - DAY)
    long.sync()
    moments = moments_of(long.gateway.lists)

    assert said_here(long.view, long.gateway.lists, moments) == said_by(long.gateway.lists, moments)


def test_a_version_that_only_lacks_codes_is_seen(long):
    """Nothing is new in it, so that its date cannot be known: it is right after the version before."""
    long.gateway.lists.publish("eRX", "2", many({"8": ""}), at=NOW - DAY)
    long.sync()
    terminology = long.view.terminology("eRX")

    assert [each.version.label for each in terminology.editions] == ["1", "2"]
    assert terminology.last.snapshot.display("8") is None
    assert terminology.last.version.published_at == terminology.editions[0].version.published_at + SECOND


def test_several_new_versions_are_taken_in_their_order(long):
    """Each whole, and each dated by what of it has stayed."""
    for label in ("2", "3", "4"):
        before = long.gateway.lists.editions["eRX"][-1].texts
        long.gateway.lists.publish("eRX", label, {**before, "7": label, label * 5: "تازه"}, at=NOW - DAY / int(label))
    long.sync()
    moments = moments_of(long.gateway.lists)

    assert said_here(long.view, long.gateway.lists, moments) == said_by(long.gateway.lists, moments)
    assert [each.version.published_at for each in long.view.terminology("eRX").editions] == [
        each.at for each in long.gateway.lists.editions["eRX"]
    ]


def test_a_version_of_which_nothing_has_stayed_keeps_its_place(long):
    """Its date cannot be known: it is right after the version before, and all answers are the upstream's."""
    for label in ("2", "3"):
        texts = many({"7": f"دیگر {label}", label * 5: "تازه"})
        long.gateway.lists.publish("eRX", label, texts, at=NOW - DAY / int(label))
    long.sync()
    moments = moments_of(long.gateway.lists)
    first, second, third = (each.version.published_at for each in long.view.terminology("eRX").editions)

    assert said_here(long.view, long.gateway.lists, moments) == said_by(long.gateway.lists, moments)
    assert (second, third) == (first + SECOND, long.gateway.lists.editions["eRX"][-1].at)


def test_a_new_terminology_is_taken(follower):
    """And stands last in the order of definition."""
    follower.sync()
    follower.gateway.lists.publish("ContactType", "1", {"1": "تلفن"}, at=NOW - SECOND)
    follower.sync()
    moments = moments_of(follower.gateway.lists)

    assert said_here(follower.view, follower.gateway.lists, moments) == said_by(follower.gateway.lists, moments)
