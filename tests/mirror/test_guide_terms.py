"""What a mirror of the guide was told to follow, and how politely it asks."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from maksa.client.account import Account
from maksa.mirror.upstream import Hours, Upstream, checked
from maksa.mirror.upstreams import Upstreams
from maksa.model.errors import MissingParameterError, UpstreamFieldError
from maksa.snapshot.following import follower as follower_of
from tests.mirror.guide_side import DAY, NOW, Follower
from tests.mirror.test_guide_faults import plain
from tests.simulator import ACCOUNT, Dialect, Gateway


@pytest.fixture
def follower(ministry: Gateway, tmp_path: Path) -> Follower:
    """A shelf that follows a ministry of two lists, and has nothing yet."""
    ministry.lists = plain()
    return Follower(tmp_path / "shelf", ministry)


def test_chosen_terminologies_alone_are_asked_about(follower):
    """In any case of their letters; of one that the upstream has not, the report says so."""
    follower.terms = {"terminologies": ("THRITAEHR.religion", "LNC")}
    report = follower.sync()

    assert follower.listed() == {"thritaEHR.Religion": ["1"]}
    assert report.absent == ("LNC",)
    asked = {each.fields["terminologyId"] for each in follower.gateway.asked("TerminologyVersions")}
    assert asked == {"thritaEHR.Religion"}


def test_what_the_guide_has_offered_is_not_ones_own(follower, tmp_path):
    """In any case of its letters; what it has not is free, and so is all of it before the first sync."""
    mirrors = tmp_path / "mirror"
    Upstreams(mirrors).add(Upstream(name="ministry", url=follower.gateway.url, kind="guide"), follower.account)
    before = follower_of(mirrors, follower.folder, "eRX")
    follower.sync()

    assert before is None
    assert follower_of(mirrors, follower.folder, "ERX") == "ministry"
    assert follower_of(mirrors, follower.folder, "LNC") is None


def test_the_last_versions_alone(follower):
    """Old ones are not fetched, and leave the shelf as they are followed."""
    follower.terms = {"keep_old": False}
    follower.sync()
    first = follower.listed()
    follower.gateway.lists.publish("eRX", "20000", {"1": "الف", "9": "نو"}, at=NOW - DAY)
    report = follower.sync()

    assert first == {"eRX": ["10000"], "thritaEHR.Religion": ["1"]}
    assert follower.listed() == {"eRX": ["20000"], "thritaEHR.Religion": ["1"]}
    assert [version.label for version in report.dropped] == ["10000"]
    assert follower.view.terminology("eRX").last.snapshot.former("2").last_version == "10000"
    assert {each.fields["version"] for each in follower.gateway.asked("TerminologiesTermByVersion")} == {
        "1",
        "10000",
        "20000",
    }


def test_old_versions_that_are_wanted_later_take_their_place(follower):
    """Before the last one, which stays as it is."""
    follower.terms = {"keep_old": False}
    follower.sync()
    last = follower.view.terminology("eRX").last.version
    follower.terms = {}
    follower.sync()
    editions = follower.view.terminology("eRX").editions

    assert [edition.version.label for edition in editions] == ["1000", "2000", "10000"]
    assert editions[-1].version == last
    assert [edition.version.published_at for edition in editions] == [
        each.at for each in follower.gateway.lists.editions["eRX"]
    ]


def test_old_versions_that_are_wanted_no_more_leave(follower):
    """With the next sync, though nothing is new."""
    follower.sync()
    follower.terms = {"keep_old": False}
    report = follower.sync()

    assert [version.label for version in report.dropped] == ["1000", "2000"]
    assert follower.listed() == {"thritaEHR.Religion": ["1"], "eRX": ["10000"]}


def test_requests_are_kept_under_the_rate(follower):
    """Five a second: between two of them the sync waits."""
    follower.terms = {"requests_per_s": 5.0}
    report = follower.sync()

    assert len([pause for pause in follower.paused if pause > 0]) >= report.requests - 5
    assert sum(follower.paused) >= 0.9 * (report.requests - 5) / 5


def test_bytes_are_kept_under_the_rate(follower):
    """A narrow line is left to others: at a hundred bytes a second, what came is waited for."""
    follower.terms = {"bytes_per_s": 100}
    report = follower.sync()

    assert max(follower.paused) >= report.received / 100 - 1


def test_outside_its_hours_nothing_is_asked(follower):
    """Not even a token."""
    follower.terms = {"hours": Hours.of("22-6")}
    follower.now = NOW + dt.timedelta(hours=12)
    report = follower.sync()

    assert (report.outcome, report.requests, follower.gateway.count()) == ("partial", 0, 0)


@pytest.mark.parametrize(
    "dialect",
    [
        Dialect(token_names="camel", expires_in=str),
        Dialect(lists="twice", nothing="null"),
        Dialect(coding="chunked", nothing="no result"),
        Dialect(coding="close", flat_401="all", indent=2),
    ],
)
def test_every_dialect_of_a_gateway_is_mirrored(follower, dialect):
    """Other spellings of the same answers make the same shelf."""
    follower.sync()
    other = Follower(follower.folder.parent / "other", follower.gateway)
    follower.gateway.dialect = dialect
    other.sync()

    assert other.files() == follower.files()


def test_an_account_without_a_pid_for_a_function_that_is_needed_is_told_which(follower):
    """A service id grants a group of functions, and the mirror needs four."""
    pids = dict.fromkeys(("CtsTerminologies", "TerminologyVersions", "SearchTerminology"), ACCOUNT["pid"])
    follower.account = Account(**{**ACCOUNT, "pid": pids})

    with pytest.raises(MissingParameterError, match="TerminologiesTermByVersion"):
        follower.sync()


def test_a_key_is_not_pinned_where_nothing_is_signed(follower):
    """Who asks for proof is not left to believe that there is one."""
    upstream = Upstream(name="ministry", url="https://gateway.example", kind="guide", keys=("ed25519:x",))

    with pytest.raises(UpstreamFieldError, match="a service of the guide signs nothing"):
        checked(upstream)
