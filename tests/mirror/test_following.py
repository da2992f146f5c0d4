"""A shelf follows another: whole at first, then what is new, and nothing where nothing is; all of it or a choice."""

from __future__ import annotations

import datetime as dt
import itertools
import json
import os
from collections.abc import Iterator

import msgspec
import pytest

from maksa.home import Home
from maksa.mirror.following import Following
from maksa.mirror.report import Source
from maksa.mirror.syncing import only_sync, source_of, sync
from maksa.mirror.upstream import Hours, Upstream, bytes_of
from maksa.mirror.upstreams import Upstreams
from maksa.model.concept import Concept
from maksa.model.errors import SyncRunningError, TransportError, UpstreamFieldError
from maksa.model.following import Held
from maksa.model.terminology import Notice
from maksa.publish.announcing import announce
from maksa.snapshot.manifest import read
from maksa.snapshot.signing import Signer
from maksa.snapshot.verify import verify
from tests.mirror.conftest import Mirror, at
from tests.web.conftest import Service, put, running

BY_DAY = "2026-07-01T12:00:00+03:30"
BY_NIGHT = "2026-07-01T23:00:00+03:30"


@pytest.fixture
def growing(tmp_path) -> Iterator[Service]:
    """A maksa that a test publishes to."""
    home = Home.of(tmp_path / "growing")
    put(home, "thritaEHR.Religion", "1", [Concept("1", "اسلام")], at="1400/01/01")
    with running(home) as service:
        yield service


def test_a_first_sync_brings_everything(publisher: Service, mirror_of):
    """The same manifest to the letter, and the same files."""
    mirror: Mirror = mirror_of(publisher)

    report = mirror.sync()

    assert (report.outcome, report.sequence, len(report.added)) == ("updated", 3, 3)
    assert report.requests == 6  # manifest, its signature, notices, and each file once, whatever its size
    assert mirror.labels() == ["thritaEHR.Religion 1", "ContactType 10", "thritaEHR.Religion 2"]
    theirs, ours = ({p.name: p.read_bytes() for p in s.home.shelf.glob("[!.]*.*")} for s in (publisher, mirror))
    assert ours == theirs


def test_a_sync_that_finds_nothing_new_asks_twice(publisher: Service, mirror_of):
    """The manifest and the notices, neither of which has changed; no byte of a body comes."""
    mirror: Mirror = mirror_of(publisher)
    mirror.sync()
    mirror.said.clear()

    report = mirror.sync()

    assert (report.outcome, report.requests, report.received, mirror.said) == ("unchanged", 2, 0, [])


def test_only_what_is_new_is_fetched(growing: Service, mirror_of):
    """A version and a letter that came since."""
    mirror: Mirror = mirror_of(growing)
    mirror.sync()
    version = put(growing.home, "thritaEHR.Religion", "2", [Concept("1", "اسلام"), Concept("2", "مسیحیت")])
    announce(growing.home.shelf, [Notice(number="110/40", title="دارو")])

    report = mirror.sync()

    assert ([each.label for each in report.added], report.notices) == (["2"], 1)
    assert version.size <= report.received < version.size + 5_000
    assert [fault for _, fault in verify(mirror.home.shelf)] == [None, None]


def test_a_choice_is_followed(publisher: Service, mirror_of):
    """The manifest is the mirror's own; what the upstream said is kept beside; what is not there is told."""
    mirror: Mirror = mirror_of(publisher, terminologies=("CONTACTTYPE", "UCUM"))

    report = mirror.sync()

    assert (mirror.labels(), report.absent) == (["ContactType 10"], ("UCUM",))
    assert len(list(mirror.home.shelf.glob("*.maksa"))) == 1
    assert len(json.loads((mirror.staging / "manifest.json").read_bytes())["versions"]) == 3
    assert mirror.sync().requests == 2


def test_a_wider_choice_brings_the_rest(publisher: Service, mirror_of):
    """Nothing is new upstream, and yet something is fetched; what is here is not fetched again."""
    mirror: Mirror = mirror_of(publisher, terminologies=("ContactType",))
    mirror.sync()
    mirror.changed(terminologies=())

    report = mirror.sync()

    assert sorted(version.terminology_id for version in report.added) == ["thritaEHR.Religion"] * 2
    assert sorted(mirror.labels()) == ["ContactType 10", "thritaEHR.Religion 1", "thritaEHR.Religion 2"]


def test_old_versions_go_where_they_are_not_kept(growing: Service, mirror_of):
    """Not at once: a reader may still be asking the version that was replaced."""
    mirror: Mirror = mirror_of(growing, keep_old=False)
    mirror.sync()
    put(growing.home, "thritaEHR.Religion", "2", [Concept("1", "اسلام"), Concept("2", "مسیحیت")])

    report = mirror.sync()

    assert ([each.label for each in report.dropped], mirror.labels()) == (["1"], ["thritaEHR.Religion 2"])
    assert len(list(mirror.home.shelf.glob("*.maksa"))) == 2
    long_ago = (mirror.home.shelf / "manifest.json").stat().st_mtime - 120
    os.utime(mirror.home.shelf / "manifest.json", (long_ago, long_ago))
    assert mirror.sync().outcome == "unchanged"
    assert len(list(mirror.home.shelf.glob("*.maksa"))) == 1


def test_a_mirror_of_one_that_keeps_no_old_versions_keeps_what_it_has(growing: Service, mirror_of):
    """A chain: what the one in the middle lists no more stays at its end."""
    middle: Mirror = mirror_of(growing, keep_old=False)
    middle.sync()
    with running(middle.home, environment={"MAKSA_MIRROR_INTERVAL_S": "0"}) as between:
        end: Mirror = mirror_of(between, home="end")
        end.sync()
        put(growing.home, "thritaEHR.Religion", "2", [Concept("1", "اسلام"), Concept("2", "مسیحیت")])
        middle.sync()

        assert end.sync().outcome == "updated"
        assert end.labels() == ["thritaEHR.Religion 1", "thritaEHR.Religion 2"]
        assert end.sync().outcome == "unchanged"


def test_what_is_published_here_stays_beside_what_is_followed(publisher: Service, mirror_of):
    """A list of one's own, whose numbers no other has."""
    mirror: Mirror = mirror_of(publisher)
    mirror.sync()
    put(mirror.home, "hospital.Ward", "1", [Concept("1", "داخلی")])

    assert mirror.sync().outcome == "unchanged"
    assert mirror.labels()[-1] == "hospital.Ward 1"


def test_what_is_published_here_takes_no_number_that_the_upstream_will_take(growing: Service, mirror_of):
    """Own versions are counted from a billion on, one after the other; the upstream goes on from where it is."""
    mirror: Mirror = mirror_of(growing)
    mirror.sync()
    put(mirror.home, "Own", "1", [Concept("1", "ما")], mirrors=mirror.home.mirrors)
    put(growing.home, "thritaEHR.Religion", "2", [Concept("1", "اسلام"), Concept("2", "مسیحیت")])

    assert mirror.sync().outcome == "updated"
    put(mirror.home, "Own", "2", [Concept("1", "ما")], mirrors=mirror.home.mirrors)
    put(growing.home, "ContactType", "1", [Concept("1", "تلفن")])
    assert mirror.sync().outcome == "updated"
    versions = read(mirror.home.shelf).versions
    own = [(each.number, each.row) for each in versions if each.terminology_id == "Own"]
    assert own == [(1_000_000_001, 1_000_000_001), (1_000_000_002, 1_000_000_002)]
    assert len(versions) == 5
    assert len({each.number for each in versions}) == len({each.row for each in versions}) == 5


def test_a_file_that_was_lost_comes_again(publisher: Service, mirror_of):
    """An operator has removed a damaged one."""
    mirror: Mirror = mirror_of(publisher)
    mirror.sync()
    next(mirror.home.shelf.glob("*.maksa")).unlink()

    mirror.sync()

    assert [fault for _, fault in verify(mirror.home.shelf)] == [None] * 3


def test_a_file_that_was_put_there_before_a_crash_is_not_fetched_again(publisher: Service, mirror_of):
    """Killed between the last rename and the manifest."""
    mirror: Mirror = mirror_of(publisher)
    mirror.sync()
    (mirror.home.shelf / "manifest.json").unlink()

    report = mirror.sync()

    assert (len(report.added), report.received) == (3, 0)


def test_outside_its_hours_an_upstream_is_not_asked(publisher: Service, mirror_of):
    """Unless it is said that it may be."""
    mirror: Mirror = mirror_of(publisher, hours=Hours.of("22:00-06:00"))

    report = mirror.sync(now=at(BY_DAY))
    assert (report.outcome, report.requests) == ("partial", 0)
    assert mirror.sync(now=at(BY_DAY), at_any_hour=True).outcome == "updated"


def test_a_sync_stops_where_the_hours_end_and_goes_on_the_next_night(publisher: Service, mirror_of):
    """What has come by then waits; nothing of it is listed."""
    mirror: Mirror = mirror_of(publisher, hours=Hours.of("22:00-06:00"))
    moments = iter([BY_NIGHT] * 12)
    report = mirror.sync(now=lambda: dt.datetime.fromisoformat(next(moments, BY_DAY)))

    assert report.outcome == "partial"
    assert report.received > 0
    assert not (mirror.home.shelf / "manifest.json").exists()
    assert mirror.upstreams.standing("up").is_behind
    assert mirror.sync(now=at(BY_NIGHT)).resumed > 0
    assert not mirror.upstreams.standing("up").is_behind


def test_a_rate_is_kept_by_waiting(publisher: Service, mirror_of):
    """So many bytes a second, whatever the line gives."""
    mirror: Mirror = mirror_of(publisher, bytes_per_s=100_000)
    waited: list[float] = []
    report = mirror.sync(now=at(BY_DAY), pause=waited.append)

    assert max(waited) == pytest.approx(report.received / 100_000, rel=0.01)  # the clock stands still


def test_two_syncs_of_one_home_never_run_together(publisher: Service, mirror_of):
    """The second is told so at once."""
    mirror: Mirror = mirror_of(publisher)
    with only_sync(mirror.home.shelf), pytest.raises(SyncRunningError):
        mirror.sync()

    assert mirror.sync().outcome == "updated"


def test_an_upstream_that_is_removed_while_it_is_synced_leaves_no_token_and_no_standing(publisher: Service, mirror_of):
    """The sync goes on with the account that it has read; what it learns by it is nobody's any more."""
    mirror: Mirror = mirror_of(publisher)

    def removed(upstreams: Upstreams, upstream: Upstream, signer: Signer | None) -> Source:
        source = source_of(upstreams, upstream, signer)
        upstreams.remove("up")
        return source

    report = sync(mirror.upstreams, "up", mirror.home.shelf, progress=lambda *_: None, source=removed)

    assert report.outcome == "updated"
    assert list(mirror.upstreams.folder.iterdir()) == []


@pytest.mark.parametrize(
    ("text", "moment", "is_in"),
    [
        ("22:00-06:00", BY_NIGHT, True),
        ("22:00-06:00", BY_DAY, False),
        ("22-6", "2026-07-01T05:59:59+03:30", True),
        ("22-6", "2026-07-01T06:00:00+03:30", False),
        ("8:30-17", "2026-07-01T05:00:00+00:00", True),  # half past eight in Tehran
        ("0-24", BY_DAY, None),
        ("night", BY_DAY, None),
        ("25-3", BY_DAY, None),
        ("22", BY_DAY, None),
    ],
)
def test_hours_are_tehrans_and_go_over_midnight(text, moment, is_in):
    """The end is outside; what is no hours is refused in words."""
    if is_in is None:
        with pytest.raises(UpstreamFieldError, match="22:00-06:00 are wanted"):
            Hours.of(text)
    else:
        assert Hours.of(text).contain(dt.datetime.fromisoformat(moment)) is is_in


@pytest.mark.parametrize(("text", "size"), [("20GB", 20 * 10**9), ("1.5 kB", 1500), ("300", 300), ("7 MiB", 7 * 10**6)])
def test_a_size_is_read_as_it_is_said(text, size):
    """A thousand to a kB."""
    assert bytes_of(text, "budget") == size


class Clock:
    """A clock that a test moves on."""

    def __init__(self) -> None:
        self.moment = dt.datetime.fromisoformat(BY_DAY)

    def __call__(self) -> dt.datetime:
        return self.moment

    def pass_by(self, seconds: float) -> None:
        self.moment += dt.timedelta(seconds=seconds)


def test_an_upstream_is_looked_at_again_after_its_interval_and_a_little(publisher: Service, mirror_of):
    """A tenth at most, by chance: a thousand mirrors do not come together."""
    mirror: Mirror = mirror_of(publisher)
    clock, looks = Clock(), []

    def one_sync(*given, **options):
        looks.append(given[1])
        return mirror.sync()

    following = Following(
        mirror.upstreams, mirror.home.shelf, 900, now=clock, chance=lambda: 0.5, one_sync=one_sync
    )  # fmt: skip
    for wait_s, seen in ((0, 1), (900, 1), (44, 1), (2, 2)):
        clock.pass_by(wait_s)
        following.round()
        assert len(looks) == seen


def test_a_failing_upstream_is_tried_later_each_time_up_to_an_hour(publisher: Service, mirror_of, caplog):
    """A minute, two, four …; the log says what is wrong, and another upstream is followed meanwhile."""
    mirror: Mirror = mirror_of(publisher)
    clock, tries = Clock(), []

    def one_sync(*_given, **_options):
        tries.append(clock.moment)
        raise TransportError(place="up.example", reason="no route")

    following = Following(mirror.upstreams, mirror.home.shelf, 900, now=clock, chance=lambda: 0.0, one_sync=one_sync)
    for _ in range(4 * 60 * 4):
        following.round()
        clock.pass_by(15)

    gaps = [(later - earlier).total_seconds() for earlier, later in itertools.pairwise(tries)]
    assert gaps == [60, 120, 240, 480, 960, 1920, 3600, 3600]
    assert "up: transport: up.example: no route" in caplog.text


@pytest.mark.parametrize(("fault", "gap_s"), [("published-changed", 900), ("upstream-contradiction", 3600)])
def test_what_is_held_back_is_logged_each_time(publisher: Service, mirror_of, caplog, fault, gap_s):
    """And looked at as often as ever, unless a list had to come to be seen for what it is."""
    mirror: Mirror = mirror_of(publisher)
    report = mirror.sync()
    held = Held(terminology_id="eRX", fault=fault, message="that cannot be")
    clock, looks = Clock(), []

    def one_sync(*_given, **_options):
        looks.append(clock.moment)
        return msgspec.structs.replace(report, held=(held,))

    following = Following(mirror.upstreams, mirror.home.shelf, 900, now=clock, chance=lambda: 0.0, one_sync=one_sync)
    for _ in range(12 * 60):
        following.round()
        clock.pass_by(60)

    gaps = [(later - earlier).total_seconds() for earlier, later in itertools.pairwise(looks)]
    assert (gaps[0], gaps[-1]) == (900, gap_s)
    assert caplog.text.count(f"up: {fault}: eRX is held back: that cannot be") == len(looks)
