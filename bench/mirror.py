"""A mirror's syncs: the first, against a bare download of the same files and against `cp`; and one that finds nothing new.

A real maksa gives the files on one core, the mirror works on the other, over loopback; every file is put on disk (fsync) by all three.
In each round the variants follow one another, and a round's ratios are of that round. The bare download is what httpx2 alone does with
a token that it has: no ranges, no digest, no manifest.
"""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path

import httpx2
import msgspec

from bench import home, machine, report, scale, servers
from bench.home import Account as Known
from bench.report import Report, against, timed
from bench.scale import Scale
from maksa.client.account import Account
from maksa.home import Home
from maksa.mirror.maksa import MaksaSource
from maksa.mirror.report import SyncReport
from maksa.mirror.syncing import utc_now
from maksa.mirror.upstream import Upstream
from maksa.mirror.upstreams import Upstreams

IDLE_SYNCS = 20  # in a round


def run(asked: Scale, folder: Path) -> Report:
    """The figures of *asked*."""
    shelved = home.large(folder, asked.concepts)
    who = home.account(shelved)
    core, own_core = machine.cores()
    with servers.maksa(shelved.path, core) as service, machine.on_core(own_core):
        bench = _Bench(shelved, who, service.port, folder / "mirrored")
        rounds = [bench.round() for _ in range(asked.samples)]
        size = sum(path.stat().st_size for path in bench.files)
    syncs, downloads, copies, idles, questions = (list(column) for column in zip(*rounds, strict=True))
    return Report(
        benchmark="mirror",
        scale=asked,
        figures=[
            against("first sync", syncs, "s", floor="bare httpx2", floors=downloads, limit=2.0),
            against("first sync, beside cp", syncs, "s", floor="cp", floors=copies),
            timed("nothing new", idles, "ms", limit=20.0),
            against("nothing new, beside its two questions", idles, "ms", floor="bare httpx2", floors=questions),
            timed("requests where nothing is new", [bench.idle_requests], ""),
        ],
        notes=[
            f"{len(bench.files)} files, {size / 1e6:.1f} MB; each is on disk at the end of every variant, the sync's proved too",
            "nothing new: the manifest and the notices with the ETags that are known, by a token that was kept",
        ],
    )


class _Bench:
    """The variants, each of which leaves *place* as it found it."""

    def __init__(self, shelved: Home, who: Known, port: int, place: Path) -> None:
        self.files = sorted(shelved.shelf.glob("*.maksa"))
        self.idle_requests = 0
        self._place = place
        self._url = f"http://127.0.0.1:{port}"
        account = Account(**msgspec.structs.asdict(who))
        tokens = Upstreams(place.parent / "mirror-of-bench").tokens("up")
        (place.parent / "mirror-of-bench").mkdir(exist_ok=True)
        self._source = MaksaSource(Upstream(name="up", url=self._url, requests_per_s=0), account, tokens)
        self._headers = {
            "Authorization": f"Bearer {_token(self._url, who)}",
            "pid": who.pid,
            "Accept-Encoding": "identity",
        }

    def round(self) -> tuple[float, float, float, float, float]:
        """Seconds of a first sync, a bare download and a copy; milliseconds of an idle sync and of its two questions."""
        self._fresh()
        sync = _seconds(self._sync)
        began = time.perf_counter()
        for _ in range(IDLE_SYNCS):
            self.idle_requests = self._sync().requests
        idle = (time.perf_counter() - began) / IDLE_SYNCS * 1000
        question = _seconds(self._ask) / IDLE_SYNCS * 1000
        self._fresh()
        download = _seconds(self._download)
        self._fresh()
        return sync, download, _seconds(self._copy), idle, question

    def _fresh(self) -> None:
        shutil.rmtree(self._place, ignore_errors=True)
        self._staging.mkdir(parents=True)

    @property
    def _staging(self) -> Path:
        return self._place / ".mirror-up"

    def _sync(self) -> SyncReport:
        return self._source.sync(self._place, self._staging, progress=lambda *_: None, now=utc_now, pause=time.sleep)

    def _download(self) -> None:
        with httpx2.Client() as http:
            for path in self.files:
                with (
                    http.stream("GET", f"{self._url}/shelf/{path.name}", headers=self._headers) as response,
                    (self._place / path.name).open("wb") as file,
                ):
                    response.raise_for_status()
                    for piece in response.iter_raw():
                        file.write(piece)
                    _on_disk(file.fileno())

    def _copy(self) -> None:
        for path in self.files:
            shutil.copyfile(path, self._place / path.name)
            with (self._place / path.name).open("rb") as file:
                _on_disk(file.fileno())

    def _ask(self) -> None:
        with httpx2.Client() as http:
            etag = http.get(f"{self._url}/shelf/manifest.json", headers=self._headers).headers["ETag"]
            for _ in range(IDLE_SYNCS):
                for name in ("manifest.json", "notices.json"):
                    http.get(f"{self._url}/shelf/{name}", headers={**self._headers, "If-None-Match": etag})


def _on_disk(number: int) -> None:
    os.fsync(number)


def _seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _token(url: str, who: Known) -> str:
    grant = {"grant_type": "password", "username": who.username, "password": who.password}
    answer = httpx2.post(f"{url}/oauth/token", data=grant, auth=(who.client_id, who.client_secret))
    answer.raise_for_status()
    return str(answer.json()["access_token"])


def main() -> None:
    asked = scale.asked()
    with scale.workplace() as folder:
        report.show(run(asked, folder))


if __name__ == "__main__":
    main()
