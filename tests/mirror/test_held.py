"""A list of an upstream that may not be as it is offered: it stays here as it was, the others are taken, and each sync says so."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from maksa.home import Home
from maksa.mirror.proving import prove
from maksa.mirror.syncing import sync
from maksa.model.concept import Concept
from maksa.model.errors import NotHeldError, RollbackError, SignatureError
from maksa.model.terminology import Notice
from maksa.publish.announcing import announce
from maksa.snapshot import document, manifest, signing
from maksa.snapshot.signing import Signer, new_key
from tests.cli.conftest import run_in
from tests.mirror.conftest import Mirror
from tests.web.conftest import Service, put, running

PHONE, MOBILE = [Concept("1", "تلفن")], [Concept("1", "تلفن همراه")]
ISLAM, BOTH = [Concept("1", "اسلام")], [Concept("1", "اسلام"), Concept("2", "مسیحیت")]


class Publisher:
    """A maksa, and the shelf that it would have had if it had published otherwise from some day on."""

    def __init__(self, home: Home, signer: Signer) -> None:
        self.home = home
        self.signer = signer
        put(home, "thritaEHR.Religion", "1", ISLAM, at="1400/01/01")
        self.first = _kept(home)
        put(home, "ContactType", "10", PHONE, at="1400/02/01")
        self.second = _kept(home)
        self.sign()

    def put(self, terminology_id: str, label: str, concepts: list[Concept]) -> None:
        """Publishes one version more, signed."""
        for path in self.home.shelf.glob("*.sig"):
            path.unlink()
        put(self.home, terminology_id, label, concepts)
        self.sign()

    def sign(self) -> None:
        """Signs the manifest as it is."""
        path = self.home.shelf / manifest.NAME
        document.replace(path, path.read_bytes(), self.signer.sign(path.read_bytes()))

    def restore(self, kept: Path) -> None:
        """A backup is put back: catalog and manifest are those of that day."""
        shutil.copytree(kept, self.home.path, dirs_exist_ok=True)

    def rewrite(self) -> None:
        """The first day's backup is put back, and ContactType 10 is published anew with other words; another list has news."""
        self.restore(self.first)
        put(self.home, "ContactType", "10", MOBILE, at="1400/02/02")
        put(self.home, "thritaEHR.Religion", "2", BOTH, at="1400/03/01")
        self.sign()


def _kept(home: Home) -> Path:
    kept = home.path.with_name(f"kept-{len(list(home.shelf.glob('*.maksa')))}")
    shutil.copytree(home.path, kept)
    return kept


@pytest.fixture
def publisher(tmp_path: Path) -> Publisher:
    home = Home.of(tmp_path / "publisher").made()
    return Publisher(home, new_key(tmp_path / "ministry.key"))


@pytest.fixture
def service(publisher: Publisher) -> Iterator[Service]:
    """It serves what it has published at each moment."""
    with running(publisher.home) as service:
        yield service


def manifest_of(home: Home) -> dict[str, Any]:
    return dict(json.loads((home.shelf / manifest.NAME).read_bytes()))


def offer(publisher: Publisher, **facts: Any) -> None:
    """Puts another manifest in the place of the one that is offered, signed."""
    path = publisher.home.shelf / manifest.NAME
    path.write_text(json.dumps(manifest_of(publisher.home) | facts))
    publisher.sign()


def files(mirror: Mirror) -> set[str]:
    return {path.name for path in mirror.home.shelf.glob("*.maksa")}


def test_a_changed_list_stays_as_it_was_and_the_others_are_taken(publisher, service, mirror_of):
    """At each sync, with what is wrong and what may be done; nothing of what is held back is fetched."""
    mirror: Mirror = mirror_of(service, keys=(publisher.signer.key,))
    mirror.sync()
    digest = manifest_of(mirror.home)["versions"][1]["digest"]
    publisher.rewrite()

    for added in (["thritaEHR.Religion 2"], []):
        report = mirror.sync()
        [held] = report.held
        assert [f"{each.terminology_id} {each.label}" for each in report.added] == added
        assert (held.terminology_id, held.fault) == ("ContactType", "published-changed")
        assert "maksa mirror sync up --accept ContactType" in held.message
        assert mirror.labels() == ["thritaEHR.Religion 1", "ContactType 10", "thritaEHR.Religion 2"]
        assert manifest_of(mirror.home)["versions"][1]["digest"] == digest
    assert len(files(mirror)) == 3
    assert [fault for _, fault in prove(mirror.upstream, mirror.home.shelf, mirror.staging)] == [None] * 3


def test_how_it_stands_says_what_is_held_back(publisher, service, mirror_of):
    """All else is in step, and yet the upstream has something that is not here."""
    mirror: Mirror = mirror_of(service)
    first = mirror.sync()
    publisher.rewrite()
    mirror.sync()

    standing = mirror.upstreams.standing("up")
    assert (standing.fault, standing.is_behind) == ("published-changed", True)
    assert standing.synced_at > first.ended_at
    with running(mirror.home, environment={"MAKSA_MIRROR_INTERVAL_S": "0"}) as own:
        health = own.send("GET", "/health/ready")
        [state] = health.json()["mirrors"]
        assert (health.status, state["fault"], state["held"]) == (200, "published-changed", ["ContactType"])


def test_a_list_that_is_as_it_was_again_is_held_back_no_more(publisher, service, mirror_of):
    """The upstream has mended it: the manifest is the upstream's to the letter again, signature and all."""
    mirror: Mirror = mirror_of(service, keys=(publisher.signer.key,))
    mirror.sync()
    before = manifest_of(publisher.home)["versions"][1]
    publisher.rewrite()
    mirror.sync()
    first, _, last = manifest_of(publisher.home)["versions"]
    offer(publisher, sequence=9, versions=[first, before, last])

    assert mirror.sync().held == ()
    assert (mirror.home.shelf / manifest.NAME).read_bytes() == (publisher.home.shelf / manifest.NAME).read_bytes()
    assert [*mirror.staging.glob("held*"), *mirror.staging.glob("bound*")] == []
    assert mirror.upstreams.standing("up").fault == ""


def test_what_binds_a_list_is_what_was_said_before_the_first_change(publisher, service, mirror_of):
    """However often it is changed meanwhile, and whatever was kept of it: of an old version only the proof is here."""
    mirror: Mirror = mirror_of(service, keys=(publisher.signer.key,), keep_old=False)
    publisher.put("ContactType", "11", BOTH)
    publisher.sign()
    mirror.sync()
    versions = manifest_of(publisher.home)["versions"]
    for sequence, digest in ((9, "0" * 64), (10, "1" * 64)):
        offer(publisher, sequence=sequence, versions=[versions[0], versions[1] | {"digest": digest}, versions[2]])
        [held] = mirror.sync().held
        assert f"as {digest}, and had published it as {versions[1]['digest']}" in held.message


def test_the_proof_of_what_is_held_back_is_signed(publisher, service, mirror_of):
    """It is kept with its signature, and goes with a backup; what somebody wrote there is found."""
    mirror: Mirror = mirror_of(service, keys=(publisher.signer.key,))
    mirror.sync()
    signed = (mirror.staging / manifest.NAME).read_bytes()
    publisher.rewrite()
    mirror.sync()

    [path] = mirror.staging.glob("bound-*.json")
    assert path.read_bytes() == signed
    assert signing.is_proved(signed, document.signature_of(path, signed), mirror.upstream.keys)
    [signature] = mirror.staging.glob("bound-*.sig")
    signature.unlink()
    faults = {each.terminology_id: fault for each, fault in prove(mirror.upstream, mirror.home.shelf, mirror.staging)}
    assert isinstance(faults["ContactType"], SignatureError)
    assert faults["thritaEHR.Religion"] is None


def test_what_is_accepted_is_taken_and_binds(publisher, service, mirror_of):
    """The operator has asked: the new one is true. What it had been binds no more, what it is now does."""
    mirror: Mirror = mirror_of(service, keys=(publisher.signer.key,))
    mirror.sync()
    before = files(mirror)
    publisher.rewrite()
    mirror.sync()

    report = mirror.sync(accepted=["contacttype"])
    assert ([each.label for each in report.added], [each.label for each in report.dropped]) == (["10"], ["10"])
    assert report.received < 2 * report.added[0].size  # that list alone
    assert files(mirror) > before
    assert mirror.sync().held == ()
    assert [fault for _, fault in prove(mirror.upstream, mirror.home.shelf, mirror.staging)] == [None] * 3
    publisher.restore(publisher.second)
    offer(publisher, sequence=9)
    assert {held.terminology_id: held.fault for held in mirror.sync().held} == {
        "ContactType": "published-changed",
        "thritaEHR.Religion": "rollback",
    }


def test_what_is_not_held_back_is_not_accepted(publisher, service, mirror_of):
    """A slip of the pen takes nothing."""
    mirror: Mirror = mirror_of(service)
    mirror.sync()
    publisher.rewrite()

    with pytest.raises(NotHeldError, match=r"up shows thritaEHR\.Religion as it was"):
        mirror.sync(accepted=["thritaEHR.Religion"])
    assert mirror.labels() == ["thritaEHR.Religion 1", "ContactType 10"]


def test_a_list_that_has_gone_is_held_back(publisher, service, mirror_of):
    """Whatever the number of the manifest says: a mirror in between that follows less now, or a withdrawal."""
    mirror: Mirror = mirror_of(service)
    mirror.sync()
    offer(publisher, sequence=9, versions=manifest_of(publisher.home)["versions"][:1])

    [held] = mirror.sync().held
    assert (held.fault, "no version of ContactType" in held.message) == ("rollback", True)
    assert mirror.labels() == ["thritaEHR.Religion 1", "ContactType 10"]
    assert [each.terminology_id for each in mirror.sync(accepted=["ContactType"]).dropped] == ["ContactType"]


def test_an_older_version_that_is_the_last_again_is_held_back(publisher, service, mirror_of):
    """A backup was put back, and another list published until the number of the manifest was higher: the newest stays the last."""
    publisher.put("thritaEHR.Religion", "2", BOTH)
    mirror: Mirror = mirror_of(service)
    mirror.sync()
    publisher.restore(publisher.second)
    for label in ("11", "12"):
        publisher.put("ContactType", label, PHONE)

    waiting, religion = mirror.sync().held
    assert "as the last version of thritaEHR.Religion '1' and had offered '2'" in religion.message
    assert "both have the VersionId 3; that one is held back" in waiting.message
    assert mirror.labels() == ["thritaEHR.Religion 1", "ContactType 10", "thritaEHR.Religion 2"]
    mirror.sync(accepted=["thritaEHR.Religion"])
    assert mirror.labels() == ["thritaEHR.Religion 1", "ContactType 10", "ContactType 11", "ContactType 12"]


def test_a_list_of_ones_own_holds_back_the_upstreams(publisher, service, mirror_of):
    """It has the id that the upstream's has: nothing of that is fetched, the rest is taken, and --except ends it."""
    mirror: Mirror = mirror_of(service)
    put(mirror.home, "contacttype", "7", MOBILE, at="1400/01/01", mirrors=mirror.home.mirrors)

    report = mirror.sync()
    [held] = report.held
    assert (held.terminology_id, held.fault) == ("ContactType", "upstream-conflict")
    assert "maksa mirror change up --except ContactType" in held.message
    assert mirror.labels() == ["contacttype 7", "thritaEHR.Religion 1"]
    mirror.changed(excluded=("CONTACTTYPE",))
    assert (mirror.sync().held, mirror.labels()) == ((), ["contacttype 7", "thritaEHR.Religion 1"])


def test_an_upstream_that_comes_under_another_name_finds_its_versions(publisher, service, mirror_of):
    """The same bytes are no conflict: nothing is held back, and nothing fetched."""
    mirror: Mirror = mirror_of(service)
    mirror.sync()
    mirror.upstreams.remove("up")
    mirror.upstreams.add(msgspec.structs.replace(mirror.upstream, name="again"), mirror.account)

    report = sync(mirror.upstreams, "again", mirror.home.shelf, progress=lambda *_: None)
    assert (report.held, report.outcome, report.requests) == ((), "unchanged", 3)


def test_a_number_that_a_list_of_ones_own_has_holds_back_the_list(publisher, service, mirror_of):
    """What was here of it stays, what is new of it is not taken; other lists are."""
    mirror: Mirror = mirror_of(service, terminologies=("ContactType", "thritaEHR.Religion"))
    publisher.put("Gender", "1", PHONE)
    mirror.sync()
    for label in ("1", "2"):
        put(mirror.home, "Own", label, MOBILE)  # no mirror was minded: they took the numbers 3 and 4
    publisher.put("ContactType", "11", PHONE)
    publisher.put("thritaEHR.Religion", "2", BOTH)

    report = mirror.sync()
    assert [held.fault for held in report.held] == ["upstream-conflict"]
    assert mirror.labels() == ["thritaEHR.Religion 1", "ContactType 10", "Own 1", "Own 2", "thritaEHR.Religion 2"]


def test_a_list_that_nobody_wants_holds_nothing_up(publisher, service, mirror_of):
    """The way out of a mirror that was told so before: the rest alone. Nothing is fetched anew, and what it said is not forgotten."""
    mirror: Mirror = mirror_of(service)
    mirror.sync()
    publisher.rewrite()
    mirror.changed(terminologies=("thritaEHR.Religion",))

    report = mirror.sync()
    assert (report.held, [each.label for each in report.added]) == ((), ["2"])
    assert report.received < 2 * report.added[0].size
    mirror.changed(terminologies=())
    assert [held.terminology_id for held in mirror.sync().held] == ["ContactType"]


def test_a_letter_that_reads_otherwise_holds_back_the_letters_only(publisher, service, mirror_of):
    """A notice that was sent stands; lists are another matter."""
    announce(publisher.home.shelf, [Notice(number="110/40", title="دارو")])
    mirror: Mirror = mirror_of(service)
    mirror.sync()
    path = publisher.home.shelf / "notices.json"
    kept = (mirror.home.shelf / "notices.json").read_bytes()
    path.write_text(path.read_text().replace('"remarks": ""', '"remarks": "لغو شد"'))
    publisher.put("thritaEHR.Religion", "2", BOTH)

    for added in (1, 0):
        report = mirror.sync()
        assert [(held.what, held.fault) for held in report.held] == [("the notices", "notice-exists")]
        assert (len(report.added), (mirror.home.shelf / "notices.json").read_bytes()) == (added, kept)


def test_letters_that_are_not_there_any_more_stay_here(publisher, service, mirror_of):
    """And that is told; lists are taken."""
    announce(publisher.home.shelf, [Notice(number="110/40", title="دارو")])
    mirror: Mirror = mirror_of(service)
    mirror.sync()
    (publisher.home.shelf / "notices.json").unlink()
    publisher.put("thritaEHR.Religion", "2", BOTH)

    report = mirror.sync()
    assert [(held.what, held.fault) for held in report.held] == [("the notices", "rollback")]
    assert "offers no notices and had offered 1; " in report.held[0].message
    assert (len(report.added), (mirror.home.shelf / "notices.json").exists()) == (1, True)


def test_an_upstream_gone_back_as_a_whole_is_refused_while_a_list_is_held_back(publisher, service, mirror_of):
    """The number that binds it is that of the newest manifest, not that of the proof."""
    mirror: Mirror = mirror_of(service)
    mirror.sync()
    publisher.rewrite()
    mirror.sync()
    publisher.restore(publisher.second)

    with pytest.raises(RollbackError, match="offers manifest 2 and had offered 3"):
        mirror.sync()


def test_a_crash_before_the_newest_manifest_is_kept_forgets_nothing(publisher, service, mirror_of, monkeypatch):
    """Killed when the files were listed here and what binds the list was kept: the next sync judges by that."""
    mirror: Mirror = mirror_of(service)
    mirror.sync()
    said = (mirror.staging / manifest.NAME).read_bytes()
    publisher.rewrite()
    mirror.sync()
    (mirror.staging / manifest.NAME).write_bytes(said)

    assert [held.fault for held in mirror.sync().held] == ["published-changed"]
    assert [held.fault for held in mirror.sync().held] == ["published-changed"]


def test_a_backup_has_what_binds_a_list_that_is_held_back(publisher, service, mirror_of, tmp_path):
    """In the restored home the list is held back as it was."""
    mirror: Mirror = mirror_of(service, keys=(publisher.signer.key,), keep_old=False)
    mirror.sync()
    publisher.rewrite()
    publisher.put("ContactType", "11", PHONE)
    mirror.sync()
    run_in(mirror.home.path, "backup", tmp_path / "home.tar")
    mirror.home = Home(tmp_path / "restored")
    assert run_in(mirror.home.path, "restore", tmp_path / "home.tar").code == 0

    assert [held.fault for held in mirror.sync().held] == ["published-changed"]
    assert [fault for _, fault in prove(mirror.upstream, mirror.home.shelf, mirror.staging)] == [None] * 2


def test_a_mirror_of_a_mirror_that_holds_back_waits_where_the_key_is_pinned(publisher, service, mirror_of):
    """What is in between lists is its own, and nobody has signed it; without a key the end follows, that list as it was."""
    middle: Mirror = mirror_of(service, keys=(publisher.signer.key,))
    middle.sync()
    with running(middle.home, environment={"MAKSA_MIRROR_INTERVAL_S": "0"}) as between:
        pinned: Mirror = mirror_of(between, home="pinned", keys=(publisher.signer.key,))
        trusting: Mirror = mirror_of(between, home="trusting")
        pinned.sync()
        trusting.sync()
        publisher.rewrite()
        middle.sync()

        with pytest.raises(SignatureError):
            pinned.sync()
        assert [each.label for each in trusting.sync().added] == ["2"]
        assert middle.sync(accepted=["ContactType"]).held == ()
        assert {held.terminology_id for held in pinned.sync().held} == {"ContactType"}
