"""Two real maksas: one that publishes, on a socket, and a home beside it that follows."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from maksa.client.account import Account
from maksa.home import Home
from maksa.mirror.report import SyncReport
from maksa.mirror.syncing import sync, utc_now
from maksa.mirror.upstream import Upstream
from maksa.mirror.upstreams import Upstreams
from maksa.model.concept import Concept
from tests.web.conftest import Service, put, running

RELIGIONS = [Concept("1", "اسلام"), Concept("2", "مسیحیت")]


def account_of(service: Service) -> Account:
    """The account that a test's service has."""
    given = service.credentials
    return Account(
        client_id=given["client_id"],
        client_secret=given["client_secret"],
        username=given["username"],
        password=given["password"],
        pid=service.pid,
    )


@dataclass
class Mirror:
    """A home that follows one upstream, named `up`."""

    home: Home
    account: Account
    upstream: Upstream
    said: list[tuple[str, int]]

    @property
    def upstreams(self) -> Upstreams:
        return Upstreams(self.home.mirrors)

    @property
    def staging(self) -> Path:
        return self.home.shelf / ".mirror-up"

    def changed(self, **fields: Any) -> None:
        """Follows the same upstream under other terms."""
        import msgspec

        self.upstream = msgspec.structs.replace(self.upstream, **fields)
        if self.upstreams.names():
            self.upstreams.remove("up")
        self.upstreams.add(self.upstream, self.account)

    def sync(self, **options: Any) -> SyncReport:
        """One sync, its waits cut to nothing."""
        options.setdefault("pause", lambda _seconds: None)
        return sync(
            self.upstreams, "up", self.home.shelf, progress=lambda *said: self.said.append(said), **options
        )  # fmt: skip

    def labels(self) -> list[str]:
        """What the shelf lists, as "ID label", in order."""
        manifest = json.loads((self.home.shelf / "manifest.json").read_text())
        return [f"{version['terminology_id']} {version['label']}" for version in manifest["versions"]]


@pytest.fixture(scope="module")
def publisher(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A maksa that has published two versions of one list and one of another."""
    home = Home.of(tmp_path_factory.mktemp("publisher") / "home")
    put(home, "thritaEHR.Religion", "1", RELIGIONS[:1], at="1400/01/01")
    put(home, "ContactType", "10", [Concept(str(n), f"نشانی {n}") for n in range(3000)], at="1400/02/01")
    put(home, "thritaEHR.Religion", "2", RELIGIONS, at="1400/03/01")
    with running(home) as service:
        yield service


@pytest.fixture
def mirror_of(tmp_path: Path) -> Callable[..., Mirror]:
    """`mirror_of(service, **terms)`: a new home that follows it."""

    def made(service: Service, *, url: str = "", home: str = "mirror", **terms: Any) -> Mirror:
        upstream = Upstream(name="up", url=url or f"http://127.0.0.1:{service.port}", requests_per_s=0, **terms)
        mirror = Mirror(Home.of(tmp_path / home).made(), account_of(service), upstream, [])
        mirror.changed()
        return mirror

    return made


def at(text: str) -> Callable[[], dt.datetime]:
    """A clock that stands still at an ISO time."""
    moment = dt.datetime.fromisoformat(text)
    return lambda: moment if text else utc_now()
