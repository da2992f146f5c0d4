"""Whatever befalls a sync of the guide, the shelf is as it was or as it should be, and the next sync goes on."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from maksa.mirror.upstream import Hours
from maksa.model.errors import (
    DiskBudgetError,
    DiskFullError,
    ServiceFaultError,
    TransportError,
)
from maksa.snapshot.manifest import file_of
from maksa.snapshot.verify import verify
from tests.mirror.guide_side import DAY, NOW, Follower, moments_of, rewritten, said_by, said_here
from tests.publish.test_faults import fill, needs_root, small_disk
from tests.simulator import Cut, Drip, Gateway, Lists, Refuse

MOMENTS = ["before", "status", "headers", "body", "concept", 40, 0.9]
LISTS = ("TerminologiesTermByVersion", "SearchTerminology", "TerminologyVersions", "CtsTerminologies", "token")


def plain() -> Lists:
    """A drug list in three versions and a short list, at three midnights: few questions find their dates."""
    lists = Lists()
    lists.publish("eRX", "1000", {"1": "الف", "2": "ب", "10": "پ"}, at="1400/05/06", number=7, row=11)
    lists.publish("thritaEHR.Religion", "1", {"1": "اسلام"}, at="1400/05/06")
    lists.publish("eRX", "2000", {"1": "الف", "2": "ب۲", "4": "ث"}, at="1400/05/07")
    lists.publish("eRX", "10000", {"1": "الف", "2": "ب", "4": "ث", "5": "ج"}, at="1400/05/08")
    return lists


@pytest.fixture
def follower(ministry: Gateway, tmp_path: Path) -> Follower:
    """A shelf that follows a ministry of those lists, and has nothing yet."""
    ministry.lists = plain()
    return Follower(tmp_path / "shelf", ministry)


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """What a shelf of those lists holds after a sync that nothing befell."""
    with Gateway(plain()) as gateway:
        other = Follower(tmp_path_factory.mktemp("undisturbed") / "shelf", gateway)
        other.sync()
        return other.files()


@pytest.mark.parametrize("function", LISTS)
@pytest.mark.parametrize("rst", [False, True])
def test_a_line_cut_at_any_moment_is_asked_again(follower, undisturbed, function, rst):
    """Before the answer, in its head, in its body, after half a concept: the same shelf, to the byte."""
    for moment in MOMENTS[: 4 if function == "token" else None]:
        follower.gateway.plan(function, Cut(moment, rst=rst), None)
    follower.sync()

    assert follower.files() == undisturbed
    assert follower.left() == []


def test_a_line_that_is_lost_for_long_ends_the_sync_and_the_next_goes_on(follower, undisturbed):
    """What had come whole is not asked for again."""
    follower.gateway.plan("TerminologiesTermByVersion", None, None, *[Cut("concept")] * 3)
    with pytest.raises(TransportError):
        follower.sync()
    fetched = follower.left()
    follower.gateway.forget()
    report = follower.sync()

    assert len(fetched) == 2
    assert report.resumed > 0
    assert follower.gateway.count("TerminologiesTermByVersion") == 2  # of four versions
    assert follower.files() == undisturbed


@pytest.mark.parametrize("mishap", [Refuse(429, retry_after="7"), Refuse(503), Refuse(504), Refuse(502, body=b"<p>")])
def test_a_service_that_is_busy_is_asked_again_after_a_while(follower, undisturbed, mishap):
    """As long as it says, where it says."""
    follower.gateway.plan("*", None, mishap, None, None, mishap, mishap)
    follower.sync()

    assert follower.files() == undisturbed
    assert max(follower.paused) >= (7 if mishap.retry_after else 0.2)


def test_tokens_that_expire_on_the_way_are_renewed(follower, undisturbed):
    """At any request."""
    for function in LISTS[:-1]:
        follower.gateway.plan(function, *[None, _Expiring(follower.gateway)] * 3)
    follower.sync()

    assert follower.files() == undisturbed
    assert follower.gateway.count("token") > 5


class _Expiring:
    """After this answer the token is no more."""

    def __init__(self, gateway: Gateway) -> None:
        self.gateway = gateway

    def send(self, reply: Any, line: Any) -> None:
        self.gateway.tokens.expire()
        Drip(1 << 20, 0.0).send(reply, line)


def test_a_service_that_stays_broken_ends_the_sync(follower):
    """Its error says what it said."""
    follower.gateway.always["TerminologyVersions"] = Refuse(500)

    with pytest.raises(ServiceFaultError, match="TerminologyVersions"):
        follower.sync()
    assert follower.listed() == {}


def test_hours_that_end_are_kept_and_the_next_night_goes_on(follower, undisturbed):
    """Nothing is asked after them, what was fetched stays, what is whole is on the shelf."""
    follower.terms = {"hours": Hours.of("22:00-06:00")}
    outcomes, listed = [], []
    while outcomes[-1:] != ["updated"] and len(outcomes) < 10:
        follower.gateway.forget()
        asked = follower.gateway.requests
        outcomes.append(follower.sync(lambda asked=asked: NOW if len(asked) < 45 else NOW + DAY / 2).outcome)
        listed.append(sum(map(len, follower.listed().values())))
        assert len(asked) <= 45

    assert (outcomes[0], outcomes[-1]) == ("partial", "updated")
    assert listed[0] < listed[-1]
    assert follower.files() == undisturbed


def test_a_code_that_comes_twice_the_same_is_one(follower, undisturbed):
    """Joined lists of a real service do that."""
    follower.gateway.plan("TerminologiesTermByVersion", rewritten(lambda rows: rows.append(dict(rows[0]))))
    follower.sync()

    assert follower.listed()["eRX"] == ["1000", "2000", "10000"]
    assert follower.files() == undisturbed


def test_answers_in_no_order_of_date_leave_the_dates_to_the_sync(follower):
    """What is new is dated by the sync that found it; values, codes and versions are the upstream's all the same."""
    follower.gateway.always["SearchTerminology"] = rewritten(lambda rows: rows.reverse())
    follower.sync()
    snapshot = follower.view.terminology("eRX").last.snapshot

    assert [edition.version.published_at for edition in follower.view.terminology("eRX").editions[1:]] == [NOW, NOW]
    assert {code: snapshot.display(code) for code in snapshot} == follower.gateway.lists.editions["eRX"][-1].texts


class _Publishing:
    """While this answer is on its way, the upstream publishes."""

    def __init__(self, gateway: Gateway) -> None:
        self.gateway = gateway

    def send(self, reply: Any, line: Any) -> None:
        self.gateway.lists.publish("eRX", "20000", {"1": "الف", "9": "نو"}, at=NOW - DAY)
        Drip(1 << 20, 0.0).send(reply, line)


@pytest.mark.parametrize("function", ["TerminologiesTermByVersion", "SearchTerminology"])
def test_an_upstream_that_publishes_meanwhile_is_taken_whole_the_next_time(follower, function):
    """Not half of the one and half of the other."""
    follower.gateway.plan(function, None, _Publishing(follower.gateway))
    outcomes = [follower.sync().outcome, follower.sync().outcome]
    moments = moments_of(follower.gateway.lists)

    assert outcomes == ["partial", "updated"]
    assert said_here(follower.view, follower.gateway.lists, moments) == said_by(follower.gateway.lists, moments)


@needs_root
def test_a_full_disk_takes_nothing_and_spoils_nothing(follower, tmp_path):
    """What was there is whole, there is no half file, and with room the next sync goes on."""
    texts = {str(code): f"داروی شماره {code} با نامی که جا می‌گیرد" for code in range(9_000)}
    with small_disk(tmp_path / "disk", "8m") as disk:
        follower.folder = disk / "shelf"
        follower.sync()
        before = follower.files()
        follower.gateway.lists.publish("ContactType", "1", texts, at=NOW - DAY)
        fill(disk, leaving=600_000)
        with pytest.raises(DiskFullError):
            follower.sync()

        assert follower.files() == before
        assert [fault for _, fault in verify(follower.folder)] == [None] * 4
        assert [path.suffix for path in follower.staging.rglob("*") if path.is_file()] == [".json", ".json"]
        (disk / "filler").unlink()
        follower.sync()
        assert follower.listed()["ContactType"] == ["1"]


def test_a_budget_that_is_too_small_is_said(follower):
    """In bytes; nothing of what does not fit is listed."""
    follower.terms = {"disk_budget": 200_000}

    with pytest.raises(DiskBudgetError, match="its budget is 200,000"):
        follower.sync()
    assert follower.left() != []
    follower.terms = {}
    assert follower.sync().outcome == "updated"


def test_a_file_that_is_lost_is_made_again(follower):
    """From the upstream: the shelf lists it, and nobody has it."""
    follower.sync()
    before = follower.files()
    file_of(follower.folder, follower.view.terminology("thritaEHR.Religion").last.version).unlink()
    follower.sync()

    assert follower.files() == before


def test_what_a_dead_sync_left_goes_with_the_next_whole_one(follower):
    """Half a list, a snapshot that the shelf never took."""
    follower.sync()
    left = [follower.staging / "7.fresh", follower.staging / "lists" / "0.list.new"]
    for path in left:
        path.write_bytes(b"half")
    follower.sync()

    assert [path for path in left if path.exists()] == []


def test_the_clock_of_the_upstream_may_be_ahead(follower):
    """A version dated this evening, by a service that has evening already."""
    follower.gateway.lists.publish("ContactType", "1", {"1": "تلفن"}, at=NOW + dt.timedelta(hours=3))
    follower.sync()
    moments = moments_of(follower.gateway.lists)

    assert said_here(follower.view, follower.gateway.lists, moments) == said_by(follower.gateway.lists, moments)
