"""What an upstream tries that is not honest, and what is left of a proof that was damaged: nothing is taken, and nothing forgotten."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest

from maksa.home import Home
from maksa.mirror.proving import prove
from maksa.mirror.report import SyncReport
from maksa.mirror.syncing import sync
from maksa.mirror.upstream import Hours
from maksa.model.errors import FollowedError, ManifestError, RollbackError
from maksa.snapshot import manifest
from tests.cli.conftest import run_in
from tests.mirror.conftest import Mirror
from tests.mirror.test_held import BOTH, MOBILE, PHONE, manifest_of, offer
from tests.mirror.test_held import publisher as publisher
from tests.mirror.test_held import service as service
from tests.web.conftest import put, running

RELIGION, CONTACT = "thritaEHR.Religion", "ContactType"
FALSE = {"digest": "0" * 64}


def versions_of(home: Home) -> list[dict[str, Any]]:
    return list(manifest_of(home)["versions"])


def held(report: SyncReport) -> list[tuple[str, str]]:
    return [(each.terminology_id, each.fault) for each in report.held]


def own_list(mirror: Mirror) -> dict[str, Any]:
    """A list of the mirror's own, as its manifest lists it."""
    put(mirror.home, "Own", "1", MOBILE, at="1400/01/01", mirrors=mirror.home.mirrors)
    return versions_of(mirror.home)[-1]


def held_one(publisher: Any, mirror: Mirror) -> None:
    """Syncs, twice: ContactType is held back then."""
    mirror.sync()
    religion, contact = versions_of(publisher.home)
    offer(publisher, sequence=10, versions=[religion, contact | FALSE])
    assert held(mirror.sync()) == [(CONTACT, "published-changed")]


@pytest.mark.parametrize("keep_old", [True, False])
def test_an_old_version_that_was_listed_no_more_is_not_the_last_one_again(publisher, service, mirror_of, keep_old):
    """The upstream drops it, which it may, and lists it behind the newer one later: here, or by its row and date, it is older."""
    publisher.put(RELIGION, "2", BOTH)
    mirror: Mirror = mirror_of(service, keep_old=keep_old)
    mirror.sync()
    before = mirror.labels()
    first, contact, second = versions_of(publisher.home)
    offer(publisher, sequence=10, versions=[contact, second])
    mirror.sync()
    offer(publisher, sequence=11, versions=[contact, second, first])

    assert held(mirror.sync()) == [(RELIGION, "rollback")]
    assert mirror.labels() == before


def test_what_only_the_shelf_remembers_is_held_back_until_it_is_right(publisher, service, mirror_of):
    """An old version that the upstream listed no more comes back with another digest, and then as it was: that is the end of it."""
    publisher.put(RELIGION, "2", BOTH)
    mirror: Mirror = mirror_of(service)
    mirror.sync()
    first, contact, second = versions_of(publisher.home)
    faults = []
    for sequence, versions in enumerate(
        ([contact, second], [first | FALSE, contact, second], [first, contact, second]), 10
    ):
        offer(publisher, sequence=sequence, versions=versions)
        faults.append(held(mirror.sync()))

    assert faults == [[], [(RELIGION, "published-changed")], []]


def test_a_label_that_is_listed_twice_is_not_taken(publisher, service, mirror_of):
    """Once as it was, so that nothing seems changed, and once with other words; it is the list that was here when it ends."""
    mirror: Mirror = mirror_of(service)
    mirror.sync()
    before = versions_of(mirror.home)
    religion, contact = versions_of(publisher.home)
    publisher.rewrite()
    changed = next(each for each in versions_of(publisher.home) if each["terminology_id"] == CONTACT)
    offer(publisher, sequence=10, versions=[religion, changed, contact])

    [fault] = mirror.sync().held
    assert (fault.fault, "ContactType '10' twice" in fault.message) == ("upstream-contradiction", True)
    assert versions_of(mirror.home) == before
    offer(publisher, sequence=11, versions=[religion, contact])
    assert mirror.sync().held == ()


def test_a_label_that_was_listed_twice_from_the_beginning_binds_nobody(publisher, service, mirror_of):
    """The first sync held the list back: what was wrong then is not what the right one is judged by."""
    mirror: Mirror = mirror_of(service, keys=(publisher.signer.key,))
    religion, contact = versions_of(publisher.home)
    offer(publisher, sequence=10, versions=[religion, contact | FALSE, contact])
    assert held(mirror.sync()) == [(CONTACT, "upstream-contradiction")]
    assert [fault for _, fault in prove(mirror.upstream, mirror.home.shelf, mirror.staging)] == [None]
    offer(publisher, sequence=11, versions=[religion, contact])

    assert mirror.sync().held == ()
    assert mirror.labels() == [f"{RELIGION} 1", f"{CONTACT} 10"]
    assert [*mirror.staging.glob("held*"), *mirror.staging.glob("bound*")] == []


@pytest.mark.parametrize("facts", [{"terminology_id": "Foo", "number": 77, "row": 77}, {"label": "9"}, {}])
def test_a_list_of_ones_own_is_not_taken_over_by_its_digest(publisher, service, mirror_of, facts):
    """Whoever may read the shelf knows the digests of it: the upstream lists one as its own, or one more version behind it."""
    mirror: Mirror = mirror_of(service)
    own = own_list(mirror)
    mirror.sync()
    before = mirror.labels()
    publisher.put("Own", "2", PHONE)
    *others, second = versions_of(publisher.home)
    offer(publisher, sequence=10, versions=[*others, own | facts, second])

    assert {fault for _, fault in held(mirror.sync())} <= {"upstream-conflict", "upstream-contradiction"}
    assert mirror.labels() == before


def test_a_list_of_another_upstream_is_not_taken_over_by_its_digest(publisher, service, mirror_of, tmp_path):
    """The second lists what the first one gave, and a version behind it; once the first is followed no more, it may."""
    mirror: Mirror = mirror_of(service)
    mirror.sync()
    before = mirror.labels()
    shutil.copytree(publisher.home.path, tmp_path / "second")
    second = Home(tmp_path / "second")
    for path in second.shelf.glob("*.sig"):
        path.unlink()
    put(second, CONTACT, "11", MOBILE)
    with running(second) as other:
        url = f"http://127.0.0.1:{other.port}"
        mirror.upstreams.add(msgspec.structs.replace(mirror.upstream, name="second", url=url), mirror.account)
        report = sync(mirror.upstreams, "second", mirror.home.shelf, progress=lambda *_: None)
        assert {fault for _, fault in held(report)} == {"upstream-conflict"}
        assert mirror.labels() == before
        mirror.upstreams.remove("up")
        report = sync(mirror.upstreams, "second", mirror.home.shelf, progress=lambda *_: None)
        assert (report.held, [each.label for each in report.added]) == ((), ["11"])


def swapped(publisher: Any) -> None:
    """Both lists published anew, in the other order: each has the numbers that the other had."""
    publisher.restore(publisher.first)
    path = publisher.home.shelf / manifest.NAME
    path.write_bytes(manifest.encoded(manifest.Manifest()))
    put(publisher.home, CONTACT, "10", MOBILE, at="1400/02/02")
    put(publisher.home, RELIGION, "1", BOTH, at="1400/03/01")
    offer(publisher, sequence=10)


def test_what_is_accepted_and_cannot_stand_here_yet_stays_as_it_was(publisher, service, mirror_of):
    """Its new numbers are those of a list that is held back: it left the shelf, and nothing came in its place."""
    mirror: Mirror = mirror_of(service)
    mirror.sync()
    before = versions_of(mirror.home)
    swapped(publisher)

    report = mirror.sync(accepted=[CONTACT])
    assert held(report) == [(CONTACT, "upstream-conflict"), (RELIGION, "published-changed")]
    assert "is accepted of both at once" in report.held[0].message
    assert versions_of(mirror.home) == before
    assert held(mirror.sync()) == [(CONTACT, "published-changed"), (RELIGION, "published-changed")]
    assert mirror.sync(accepted=[CONTACT, RELIGION]).held == ()
    assert [each["digest"] for each in versions_of(mirror.home)] == [
        each["digest"] for each in versions_of(publisher.home)
    ]


def test_a_kill_before_what_is_over_is_forgotten_forgets_nothing(publisher, service, mirror_of):
    """The list was right again, with a version more, when the sync was killed: that version binds."""
    mirror: Mirror = mirror_of(service, terminologies=(RELIGION,))
    mirror.sync()
    religion, contact = versions_of(publisher.home)
    publisher.put(CONTACT, "11", BOTH)
    right = versions_of(publisher.home)
    offer(publisher, sequence=10, versions=[religion, contact | FALSE])
    mirror.sync()
    proofs = {path: path.read_bytes() for path in mirror.staging.glob("bound-*")}
    offer(publisher, sequence=11, versions=right)
    ledger = killed_ledger(mirror)
    for path, content in (proofs | ledger).items():
        path.write_bytes(content)
    offer(publisher, sequence=12, versions=[religion, contact])

    mirror.sync()
    mirror.changed(terminologies=())
    assert held(mirror.sync()) == [(CONTACT, "rollback")]


def killed_ledger(mirror: Mirror) -> dict[Path, bytes]:
    """The ledger as a sync that is killed before it forgets leaves it."""
    path = mirror.staging / "held.json"
    seen: list[bytes] = []
    newest = mirror.staging / f"{manifest.NAME}.new"
    newest.mkdir()  # the sync ends where it writes the newest manifest
    with pytest.raises(Exception, match="directory"):
        mirror.sync()
    seen.append(path.read_bytes())
    newest.rmdir()
    mirror.sync()
    return {path: seen[0]}


def gone(path: Path) -> None:
    path.unlink()


def edited(path: Path) -> None:
    path.write_bytes(path.read_bytes() + b" ")


@pytest.mark.parametrize("harm", [gone, edited])
def test_a_proof_that_is_lost_holds_its_list_back(publisher, service, mirror_of, harm: Callable[[Path], None]):
    """What the list was nobody knows any more: others are taken, verify tells it, and the operator's word ends it."""
    mirror: Mirror = mirror_of(service)
    held_one(publisher, mirror)
    [proof] = mirror.staging.glob("bound-*.json")
    harm(proof)
    religion = versions_of(publisher.home)[0]
    publisher.put(RELIGION, "2", BOTH)
    second = versions_of(publisher.home)[-1]
    right = versions_of(mirror.home)[1]
    offer(publisher, sequence=12, versions=[religion, right, second])

    report = mirror.sync()
    assert (held(report), [each.label for each in report.added]) == ([(CONTACT, "manifest")], ["2"])
    assert (
        "put it back from a backup; or, if what is shown now is true: maksa mirror sync up --accept"
        in report.held[0].message
    )
    faults = {each.terminology_id: fault for each, fault in prove(mirror.upstream, mirror.home.shelf, mirror.staging)}
    assert (isinstance(faults[CONTACT], ManifestError), faults[RELIGION]) == (True, None)
    assert mirror.sync(accepted=[CONTACT]).held == ()
    assert [*mirror.staging.glob("held*"), *mirror.staging.glob("bound*")] == []


@pytest.mark.parametrize("harm", [gone, lambda path: path.write_bytes(b"[{")])
def test_a_ledger_that_is_lost_stops_the_sync_and_tells_the_way_on(publisher, service, mirror_of, harm):
    """Which list is bound by which proof nobody knows: what had been said of it was forgotten without a word."""
    mirror: Mirror = mirror_of(service, terminologies=(RELIGION,))
    mirror.sync()
    religion, contact = versions_of(publisher.home)
    offer(publisher, sequence=10, versions=[religion, contact | FALSE])
    mirror.sync()
    harm(mirror.staging / "held.json")

    with pytest.raises(ManifestError, match=r"remove this file and every bound-\* beside it"):
        mirror.sync()
    for path in [*mirror.staging.glob("bound-*"), *mirror.staging.glob("held.json")]:
        path.unlink()
    assert mirror.sync().held == ()


def test_a_sync_outside_its_hours_keeps_what_is_held_back_in_mind(publisher, service, mirror_of):
    """It asks nothing, and so it knows nothing else: health and status said that all was well."""
    mirror: Mirror = mirror_of(service)
    held_one(publisher, mirror)
    mirror.upstreams.change(msgspec.structs.replace(mirror.upstream, hours=Hours.of("2-3")))

    report = mirror.sync(now=lambda: dt.datetime(2026, 1, 1, 12, tzinfo=dt.UTC))
    standing = mirror.upstreams.standing("up")
    assert (report.outcome, standing.fault, [each.what for each in standing.held]) == (
        "partial",
        "published-changed",
        [CONTACT],
    )


def test_an_upstream_that_is_refused_as_a_whole_is_not_in_step(publisher, service, mirror_of):
    """A list of it was held back for a rollback before: the status took the one for the other."""
    mirror: Mirror = mirror_of(service)
    mirror.sync()
    religion = versions_of(publisher.home)[:1]
    offer(publisher, sequence=10, versions=religion)
    assert held(mirror.sync()) == [(CONTACT, "rollback")]
    offer(publisher, sequence=2)
    with pytest.raises(RollbackError):
        mirror.sync()

    status = run_in(mirror.home.path, "mirror", "status").out
    assert "behind; last try: up offers manifest 2 and had offered 10" in status
    assert "in step" not in status


def test_a_list_that_is_held_back_since_it_has_gone_is_not_published_here(publisher, service, mirror_of):
    """The upstream's newest manifest does not name it, and its versions are here: one's own behind them could not be taken back."""
    mirror: Mirror = mirror_of(service)
    mirror.sync()
    offer(publisher, sequence=10, versions=versions_of(publisher.home)[:1])
    assert held(mirror.sync()) == [(CONTACT, "rollback")]
    for path in mirror.home.shelf.glob("*.sig"):
        path.unlink()

    with pytest.raises(FollowedError):
        put(mirror.home, CONTACT, "11", MOBILE, mirrors=mirror.home.mirrors)
