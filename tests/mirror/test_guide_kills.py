"""kill -9 at any moment of a sync of the guide: what the shelf lists is whole, and the next sync ends where it would have."""

from __future__ import annotations

import multiprocessing as mp
import os
import random
import signal
import time
from pathlib import Path

import pytest

from maksa.snapshot.verify import verify
from tests.mirror.guide_side import DAY, NOW, Follower
from tests.simulator import Gateway, Lists

KILLS = int(os.environ.get("MAKSA_KILLS", "25")) // 3
REQUESTS = 60  # of the whole sync, or more

processes = mp.get_context("forkserver")
processes.set_forkserver_preload([__name__])


class _Elsewhere(Gateway):
    """A gateway of another process."""

    def __init__(self, url: str) -> None:
        self._url = url

    @property
    def url(self) -> str:
        return self._url


def sync_in(folder: Path, url: str) -> None:
    """One sync, in a process of its own."""
    Follower(folder, _Elsewhere(url)).sync()


@pytest.fixture
def follower(ministry: Gateway, tmp_path: Path) -> Follower:
    """A shelf that has a long list, of which there is a new version that lacks some, and another list that is new."""
    texts = {str(code): f"داروی {code}" for code in range(2_000)}
    ministry.lists = Lists()
    ministry.lists.publish("eRX", "1", texts, at="1400/05/06")
    follower = Follower(tmp_path / "shelf", ministry)
    follower.sync()
    ministry.lists.publish("eRX", "2", {**texts, "7": "دیگر"}, at=NOW - DAY)
    ministry.lists.publish("IRC", "1", {code: text for code, text in texts.items() if int(code) % 2}, at=NOW - DAY)
    ministry.lists.publish("IRC", "2", texts, at=NOW - DAY / 2)
    ministry.forget()
    return follower


def kill_after(requests: int, follower: Follower) -> bool:
    """Whether a sync was killed: a moment after it has sent so many requests."""
    before = follower.gateway.count()
    process = processes.Process(target=sync_in, args=(follower.folder, follower.gateway.url))
    process.start()
    while process.is_alive() and follower.gateway.count() - before < requests:
        time.sleep(0.001)
    time.sleep(random.uniform(0, 0.05))
    process.kill()
    process.join()
    return process.exitcode == -signal.SIGKILL


def test_killed_at_any_moment_nothing_is_half_and_nothing_is_lost(follower, tmp_path):
    """MAKSA_KILLS / 3 times, then one that lives: the shelf of a sync that nobody killed, to the byte."""
    known = follower.listed()
    killed = 0
    for _ in range(KILLS):
        killed += kill_after(random.randrange(1, REQUESTS), follower)
        listed = follower.listed()

        assert [fault for _, fault in verify(follower.folder) if fault] == []
        assert all(listed[each][: len(labels)] == labels for each, labels in known.items())
        assert listed.get("IRC", ["1", "2"]) == ["1", "2"]  # not an old version without the last
        known = listed
    follower.sync()

    other = Follower(tmp_path / "other", follower.gateway)
    withheld = follower.gateway.lists.editions["eRX"].pop(), follower.gateway.lists.editions.pop("IRC")
    other.sync()
    follower.gateway.lists.editions["eRX"].append(withheld[0])
    follower.gateway.lists.editions["IRC"] = withheld[1]
    other.sync()
    assert killed, "no kill came in time: the test showed nothing"
    assert follower.files() == other.files()
    assert follower.left() == []
