"""The line cut at every kind of moment, the process killed: what came is kept, and never half a version is listed."""

from __future__ import annotations

import itertools
import random
import signal
import subprocess
import sys
import time

import pytest

from maksa.model.errors import TransportError
from maksa.snapshot.verify import verify
from tests.cli.conftest import environment
from tests.mirror.conftest import Mirror
from tests.mirror.cutting import line_to
from tests.mirror.processes import processes, sync_until_change
from tests.web.conftest import Service

LONGEST = "ContactType 10"


@pytest.fixture
def sizes(publisher: Service) -> dict[str, int]:
    """The bytes of each file on the publisher's shelf."""
    return {path.name: path.stat().st_size for path in publisher.home.shelf.glob("*.maksa")}


def test_a_line_that_is_cut_again_and_again_loses_nothing(publisher: Service, mirror_of, sizes):
    """Each attempt goes on where the one before was cut: hardly more passes the line than there is."""
    with line_to(publisher.port) as line:
        mirror: Mirror = mirror_of(publisher, url=line.url)
        line.cuts = [60_000] * 12

        report = mirror.sync()

    assert report.outcome == "updated"
    assert line.connections >= 5
    assert line.passed < sum(sizes.values()) + 40_000
    assert [fault for _, fault in verify(mirror.home.shelf)] == [None] * 3


@pytest.mark.parametrize("cut", [0, 1, 150, 600, 1_200, 2_500, 30_000, 200_000])
def test_a_line_that_is_dead_from_some_byte_on_leaves_the_shelf_as_it_was(publisher: Service, mirror_of, cut):
    """During the login, the manifest, a file: the error is the line's, nothing is listed, and the next sync goes on."""
    with line_to(publisher.port) as line:
        mirror: Mirror = mirror_of(publisher, url=line.url)
        line.cuts = [cut] + [0] * 30
        with pytest.raises(TransportError):
            mirror.sync()

        assert not (mirror.home.shelf / "manifest.json").exists()
        line.cuts = []
        report = mirror.sync()

    assert report.outcome == "updated"
    assert len(mirror.labels()) == 3


def test_a_sync_goes_on_where_an_earlier_one_was_cut(publisher: Service, mirror_of, sizes):
    """What an earlier process had fetched is not asked for again."""
    with line_to(publisher.port) as line:
        mirror: Mirror = mirror_of(publisher, url=line.url)
        line.cuts = [max(sizes.values())] + [0] * 30
        with pytest.raises(TransportError):
            mirror.sync()
        line.cuts = []

        report = mirror.sync()

    assert report.resumed > 0
    assert report.resumed + report.received >= sum(sizes.values())
    assert report.received < sum(sizes.values())


def test_a_part_that_was_spoilt_on_disk_is_fetched_anew(publisher: Service, mirror_of):
    """Power was lost, and the file has the right length and the wrong bytes: the digest tells."""
    mirror: Mirror = mirror_of(publisher)
    mirror.staging.mkdir(parents=True)
    for path in publisher.home.shelf.glob("*.maksa"):
        (mirror.staging / f"{path.stem}.part").write_bytes(bytes(path.stat().st_size // 2))

    assert mirror.sync().outcome == "updated"
    assert [fault for _, fault in verify(mirror.home.shelf)] == [None] * 3


def test_a_sync_may_die_before_any_change_of_a_file(publisher: Service, mirror_of):
    """Each of them in turn, in a home of its own: what is listed is whole, and the next sync completes it."""
    for number in itertools.count(1):
        mirror: Mirror = mirror_of(publisher, home=f"mirror-{number}")
        process = processes.Process(target=sync_until_change, args=(mirror.home.path, number))
        process.start()
        process.join(60)
        is_done = process.exitcode == 0
        assert [fault for _, fault in verify(mirror.home.shelf) if fault] == []
        assert not (mirror.home.shelf / "manifest.json").exists() or len(mirror.labels()) == 3
        mirror.sync()

        assert [fault for _, fault in verify(mirror.home.shelf)] == [None] * 3
        assert mirror.sync().outcome == "unchanged"
        if is_done:
            assert number > 15
            return


def test_a_killed_sync_is_gone_on_with(publisher: Service, mirror_of):
    """kill -9 at moments that nobody chose: the shelf is empty or whole, and the last run completes it."""
    mirror: Mirror = mirror_of(publisher, bytes_per_s=400_000)
    command = [sys.executable, "-m", "maksa", "mirror", "sync", "up"]
    for _ in range(2):
        process = subprocess.Popen(command, env=environment(mirror.home.path), stderr=subprocess.DEVNULL)
        time.sleep(random.uniform(0.4, 1.2))
        process.send_signal(signal.SIGKILL)
        process.wait(10)
        assert [fault for _, fault in verify(mirror.home.shelf) if fault] == []
        assert not (mirror.home.shelf / "manifest.json").exists() or len(mirror.labels()) == 3

    mirror.sync(pause=time.sleep)

    assert len(mirror.labels()) == 3
    assert [fault for _, fault in verify(mirror.home.shelf)] == [None] * 3
