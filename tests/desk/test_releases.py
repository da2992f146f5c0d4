"""Releases: asked for by one, approved by another, and published as what was approved."""

from __future__ import annotations

import asyncio
import datetime as dt
from concurrent.futures import ThreadPoolExecutor

import pytest

from maksa.client import Account
from maksa.desk.audit import Who
from maksa.desk.orders import Outcome
from maksa.desk.running import Runner
from maksa.mirror.upstream import Upstream
from maksa.mirror.upstreams import Upstreams
from maksa.model.errors import ReleaseError
from maksa.model.terminology import Notice, Version
from maksa.snapshot.shelf import Shelf
from tests.desk.conftest import LIST, done, loaded

ZAHRA, OMID = Who("zahra", "10.0.0.1"), Who("omid", "10.0.0.2")
NOON = dt.datetime(2021, 7, 28, 12, tzinfo=dt.UTC)
NOTICE = Notice(number="110/128", date=dt.date(2021, 7, 28), title="ابلاغ")


def asked(desk, job=None):
    job = job or loaded(desk, who=ZAHRA)
    return job, desk.releases.ask(job, NOTICE, ZAHRA)


def test_what_two_agree_on_is_published(opened, home):
    """With its notice; and the audit has each step with whose it was."""
    desk = opened(two_person_release=True)
    job, release = asked(desk)
    published = done(desk, desk.releases.approve(release, job, OMID))[0]
    version = Shelf.open(home.shelf).view.terminology("ContactType").last.version

    assert published.outcome.version == version
    assert version.notice == NOTICE
    assert desk.releases.get(release.id).state == "published"
    assert [(entry.action, entry.actor) for entry in desk.audit.entries()] == [
        ("load-asked", "zahra"), ("load-done", "zahra"), ("release-asked", "zahra"),
        ("release-approved", "omid"), ("publish-asked", "omid"), ("publish-done", "omid"),
    ]  # fmt: skip
    assert version.digest in list(desk.audit.entries())[-1].facts


def test_whoever_asked_does_not_approve(opened):
    """Where two persons are wanted, one is not enough, whatever his roles."""
    desk = opened(two_person_release=True)
    job, release = asked(desk)

    with pytest.raises(ReleaseError, match="another releaser"):
        desk.releases.approve(release, job, ZAHRA)
    assert desk.releases.get(release.id).state == "asked"


def test_one_person_may_do_both_where_the_setting_says_so(desk):
    """The default: a small office has one operator."""
    job, release = asked(desk)

    assert done(desk, desk.releases.approve(release, job, ZAHRA))[0].state == "done"


def test_a_draft_that_was_changed_after_the_approval_is_not_published(opened, home):
    """The approval is void, and the release says why."""
    desk = opened(two_person_release=True)
    job, release = asked(desk)
    publishing = desk.releases.approve(release, job, OMID)
    with desk.catalog() as catalog, catalog.edit("ContactType", "1") as draft:
        from maksa.model.concept import Concept

        draft.named({"1"})
        draft.put({"1": Concept("1", "چیز دیگر", "fa")})
    failed = done(desk, publishing)[0]

    assert (failed.state, failed.outcome.fault.slug) == ("failed", "approval-void")
    assert desk.releases.get(release.id).state == "void"
    assert "changed after it was approved" in desk.releases.get(release.id).reason
    assert Shelf.open(home.shelf).view.terminologies == ()


def test_a_refusal_says_why(desk):
    """And ends it; a reason is owed."""
    job, release = asked(desk)

    with pytest.raises(ReleaseError, match="write a reason"):
        desk.releases.refuse(release, "  ", OMID)
    desk.releases.refuse(release, "ردیف ۴ کد ندارد", OMID)
    with pytest.raises(ReleaseError, match="already"):
        desk.releases.approve(release, job, OMID)
    assert desk.releases.get(release.id).reason == "ردیف ۴ کد ندارد"


def test_only_whoever_asked_withdraws(desk):
    """Then it may be asked for again, with another notice."""
    job, release = asked(desk)

    with pytest.raises(ReleaseError, match="only whoever asked"):
        desk.releases.withdraw(release, OMID)
    desk.releases.withdraw(release, ZAHRA)
    assert desk.releases.ask(job, Notice(number="110/129"), ZAHRA).notice.number == "110/129"


def test_a_version_has_one_open_release(desk):
    """Two who ask at once would publish one of two notices by chance."""
    job, _ = asked(desk)

    with pytest.raises(ReleaseError, match="open already"):
        desk.releases.ask(job, NOTICE, OMID)


def test_two_decisions_at_once_are_one(either):
    """One is done, the other is told so."""
    job, release = asked(either)

    def decide(place):
        try:
            if place % 2:
                either.releases.refuse(release, "نه", OMID)
            else:
                either.releases.approve(release, job, OMID)
        except ReleaseError as error:
            return str(error)
        return "done"

    with ThreadPoolExecutor(4) as threads:
        said = list(threads.map(decide, range(8)))

    assert said.count("done") == 1


def test_a_stop_that_comes_after_the_end_is_no_end(desk):
    """The button was pressed while the job waited; it is over, and its release has not been told yet."""
    job, release = asked(desk)
    publishing = desk.releases.approve(release, job, OMID)
    version = Version(terminology_id="ContactType", label="1", number=1, row=1, published_at=NOON)
    desk.jobs.finish(publishing, "done", Outcome(version=version))
    asyncio.run(Runner(desk.jobs, desk.home, longest_s=60, ended=desk.ended).stop(publishing))
    desk.ended(publishing, "done", Outcome(version=version))

    assert desk.releases.get(release.id).state == "published"


def test_a_draft_that_may_not_be_published_has_no_release(desk):
    """A hierarchy that bites its tail blocks; so does a load that failed."""
    circle = loaded(desk, "کد,عنوان,والد\n1,یک,2\n2,دو,1\n".encode())
    failed = loaded(desk, b"")

    for job in (circle, failed):
        with pytest.raises(ReleaseError, match="no review"):
            desk.releases.ask(job, NOTICE, ZAHRA)


def test_another_version_in_between_voids_an_approval(desk):
    """The comparison that was read was with an older one."""
    job, release = asked(desk)
    other = loaded(desk, LIST, label="0")
    done(desk, desk.releases.approve(desk.releases.ask(other, NOTICE, ZAHRA), other, OMID))
    late = done(desk, desk.releases.approve(release, job, OMID))[0]

    assert late.outcome.fault.slug == "approval-void"


def test_what_a_mirror_brings_is_neither_loaded_nor_published(desk, home):
    """An upstream that was added after the load has the terminology from then on."""
    job, release = asked(desk)
    account = Account(client_id="a", client_secret="b", username="c", password="d", pid="e")
    upstream = Upstream(name="ministry", url="https://maksa.example", terminologies=("ContactType",))
    Upstreams(home.mirrors).add(upstream, account)
    published = done(desk, desk.releases.approve(release, job, ZAHRA))[0]

    assert (published.state, published.outcome.fault.slug) == ("failed", "followed")
    assert loaded(desk, label="8", who=ZAHRA).outcome.fault.slug == "followed"
    assert Shelf.open(home.shelf).view.terminology("ContactType") is None
