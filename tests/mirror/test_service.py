"""`maksa serve` on a mirror: it answers offline with accounts of its own, says how old it is, and goes on following."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from maksa.home import Home
from maksa.model.concept import Concept
from maksa.model.errors import TransportError
from tests.mirror.conftest import Mirror
from tests.web.conftest import Service, put, running

LINUX = pytest.mark.skipif(sys.platform != "linux", reason="processes are looked for in /proc")
OFTEN = {"MAKSA_MIRROR_INTERVAL_S": "0.5"}


@pytest.fixture
def upstream_home(tmp_path: Path) -> Home:
    home = Home.of(tmp_path / "upstream")
    put(home, "thritaEHR.Religion", "1", [Concept("1", "اسلام")], at="1400/01/01")
    return home


@pytest.fixture
def upstream(upstream_home: Home) -> Iterator[Service]:
    with running(upstream_home) as service:
        yield service


def until(condition: Callable[[], Any], what: str) -> Any:
    """What *condition* gives once it gives something."""
    for _ in range(300):
        if found := condition():
            return found
        time.sleep(0.05)
    raise AssertionError(f"not in fifteen seconds: {what}")


def value_of(service: Service, code: str) -> str:
    return str(
        service.ask("Terminology", terminologyId="thritaEHR.Religion", codedString=code)
        .json()["result"]
        .get("data", "")
    )


def mirrors(service: Service) -> list[dict[str, Any]]:
    return list(service.send("GET", "/health/ready").json().get("mirrors", []))


def children(pid: int) -> list[int]:
    """The processes that *pid* has begun."""
    threads = Path(f"/proc/{pid}/task").glob("*/children")
    return [int(child) for thread in threads for child in thread.read_text().split()]


def followers(pid: int) -> list[int]:
    """Those of them that follow: of a lower priority."""
    found = []
    for child in children(pid):
        try:
            if os.getpriority(os.PRIO_PROCESS, child) > os.getpriority(os.PRIO_PROCESS, pid):
                found.append(child)
        except ProcessLookupError:
            continue
    return found


def test_a_service_on_a_mirror_goes_on_following(upstream: Service, mirror_of):
    """What is published upstream is answered here, with an account of this home; health says how old all that is."""
    mirror: Mirror = mirror_of(upstream)
    with running(mirror.home, environment=OFTEN) as service:
        assert until(lambda: value_of(service, "1"), "the first version") == '"اسلام"'
        put(upstream.home, "thritaEHR.Religion", "2", [Concept("1", "اسلام"), Concept("2", "مسیحیت")])

        assert until(lambda: value_of(service, "2"), "the second version") == '"مسیحیت"'
        [state] = until(lambda: mirrors(service), "its age in health")
        assert (state["name"], state["is_behind"], state["fault"]) == ("up", False, "")
        assert 0 <= state["age_s"] < 60
        assert 'maksa_mirror_behind{upstream="up"} 0.0' in service.send("GET", "/metrics").body.decode()
        assert service.token != upstream.token


def test_a_mirror_answers_while_its_upstream_is_away(upstream_home: Home, mirror_of):
    """The line is gone: every function answers as before, and health says what is wrong, with 200."""
    with running(upstream_home) as upstream:
        mirror: Mirror = mirror_of(upstream)
        mirror.sync()
    with pytest.raises(TransportError):
        mirror.sync()
    with running(mirror.home, environment={"MAKSA_MIRROR_INTERVAL_S": "0"}) as service:
        assert value_of(service, "1") == '"اسلام"'
        health = service.send("GET", "/health/ready")
        [state] = health.json()["mirrors"]
        assert (health.status, state["is_behind"], state["fault"]) == (200, False, "transport")


@LINUX
def test_a_follower_that_dies_is_begun_again_and_ends_with_its_service(upstream: Service, mirror_of):
    """Its death is no caller's concern."""
    mirror: Mirror = mirror_of(upstream)
    with running(mirror.home, environment=OFTEN) as service:
        [first] = until(lambda: followers(service.process.pid), "a follower")
        os.kill(first, signal.SIGKILL)

        second = until(lambda: [each for each in followers(service.process.pid) if each != first], "another")
        assert service.send("GET", "/health/live").status == 200
    assert not Path(f"/proc/{second[0]}").exists()


@LINUX
def test_an_upstream_that_is_added_while_the_service_runs_is_taken_up(upstream: Service, mirror_of):
    """Until then there is no other process."""
    mirror: Mirror = mirror_of(upstream)
    mirror.upstreams.remove("up")
    with running(mirror.home, environment=OFTEN) as service:
        assert followers(service.process.pid) == []  # nobody is followed
        mirror.changed()

        assert until(lambda: value_of(service, "1"), "the first version") == '"اسلام"'
