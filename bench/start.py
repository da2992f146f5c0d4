"""How soon everything answers: the command line, the service after its start, a new version; and what a worker holds.

A start is timed from the outside, as whoever waits for it sees it, each beside its floor in the same round.
"""

from __future__ import annotations

import http.client
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from time import perf_counter

import msgspec

from bench import data, home, machine, report, scale, servers
from bench.calls import caller
from bench.exchange import Line
from bench.home import TERMINOLOGY
from bench.report import ROOT, Figure, Report, against, timed
from bench.scale import Scale
from maksa.home import Home
from maksa.snapshot import manifest as manifests
from maksa.snapshot.manifest import file_of
from maksa.snapshot.reader import Snapshot
from maksa.snapshot.shelf import Shelf

HELP_S, READY_S, OPENED_MS, WORKER_MB = 0.3, 1.0, 5.0, 90.0
_TERMINOLOGIES = 10
_SMALL = 2_000  # concepts of each of the ten
_WORKERS = 2
_LOOKUPS = 2_000  # answered before a worker's memory is looked at
_OPENINGS = 50


def run(asked: Scale, folder: Path) -> Report:
    """The figures of *asked*."""
    ten = _ten(folder, min(_SMALL, asked.concepts))
    large = home.large(folder, asked.concepts)
    return Report(
        benchmark="start",
        scale=asked,
        figures=[*_commands(asked), *_ready(ten, asked), *_opened(large, asked), *_worker(large, asked)],
        notes=[
            f"ready: from `maksa serve` to /health/ready saying so, {_TERMINOLOGIES} terminologies, one worker",
            f"a new version: {asked.concepts:,} concepts and their search index, opened and its first answer given",
            f"a worker: one of {_WORKERS}, with that version, after {_LOOKUPS:,} look-ups and a whole version downloaded",
            "pages of mapped files are all workers' together, and the kernel takes them back when it needs them",
        ],
    )


def _commands(asked: Scale) -> list[Figure]:
    variants = {"python": ["-c", "pass"], "click": ["-c", "import click"], "help": ["-m", "maksa", "--help"]}
    took: dict[str, list[float]] = {name: [] for name in variants}
    for _ in range(asked.samples):
        for name, arguments in variants.items():
            took[name].append(_s(lambda arguments=arguments: _run(arguments)))  # type: ignore[misc]
    return [
        timed("python -c pass", took["python"], "s"),
        against("python -c 'import click'", took["click"], "s", floor="python", floors=took["python"]),
        timed("maksa --help", took["help"], "s", limit=HELP_S),
        against("  beside click", took["help"], "s", floor="click", floors=took["click"]),
    ]


def _run(arguments: list[str]) -> None:
    subprocess.run([sys.executable, *arguments], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)


def _s(work: Callable[[], object]) -> float:
    began = perf_counter()
    work()
    return perf_counter() - began


def _ten(folder: Path, concepts: int) -> Home:
    """A home with ten small terminologies."""
    ten = Home(folder / f"ten-{concepts}")
    if not (ten.shelf / manifests.NAME).exists():
        ten.made()
        for number in range(_TERMINOLOGIES):
            home.release(ten, f"TEN.{number}", "1", concepts, at=home.FIRST)
    return ten


def _ready(ten: Home, asked: Scale) -> list[Figure]:
    took: list[float] = []
    core, _ = machine.cores()
    for _ in range(asked.samples):
        began = perf_counter()
        with servers.maksa(ten.path, core) as service:
            assert _is_ready(service.port) == _TERMINOLOGIES
            took.append(perf_counter() - began)
    return [timed("ready after start", took, "s", limit=READY_S)]


def _is_ready(port: int) -> int:
    """How many terminologies the service has, once it is ready."""
    while True:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        connection.request("GET", "/health/ready")
        answer = connection.getresponse()
        facts = msgspec.json.decode(answer.read())
        connection.close()
        if answer.status == 200:
            return int(facts["terminologies"])
        time.sleep(0.005)


def _opened(large: Home, asked: Scale) -> list[Figure]:
    """A snapshot opened and asked once; a whole shelf with its manifest read."""
    version = manifests.read(large.shelf).versions[-1]
    openings, shelves = [], []
    for _ in range(asked.samples):
        openings.append(statistics.median(_ms_of_opening(large, version.label) for _ in range(_OPENINGS)))
        shelves.append(statistics.median(_s(lambda: Shelf.open(large.shelf)) * 1000 for _ in range(_OPENINGS)))
    return [
        timed("a new version, to its first answer", openings, "ms", limit=OPENED_MS),
        timed("a shelf", shelves, "ms"),
    ]


def _ms_of_opening(large: Home, label: str) -> float:
    version = next(each for each in manifests.read(large.shelf).versions if each.label == label)
    began = perf_counter()
    snapshot = Snapshot.open(file_of(large.shelf, version), version)
    assert snapshot.display(data.code_of(0))
    took = perf_counter() - began
    snapshot.close()
    return took * 1000


def _worker(large: Home, asked: Scale) -> list[Figure]:
    """The memory of one of the service's workers, after it has worked."""
    who = home.account(large)
    core, _ = machine.cores()
    with servers.maksa(large.path, core, workers=_WORKERS) as service:
        calls = caller(service.port, who)
        codes = [data.code_of(number) for number in range(0, asked.concepts, max(1, asked.concepts // _LOOKUPS))]
        for _ in range(2 * _WORKERS):  # a connection is one worker's: enough of them for each to get some
            with Line(calls.port) as line:
                assert all(line.ask(calls.look_up(TERMINOLOGY, code)).status == 200 for code in codes)
                assert line.ask(calls.whole(TERMINOLOGY, "2")).status == 200
        workers = machine.family(service.pid)[1:]
        held = {name: max(machine.rollup_mb(pid, name) for pid in workers) for name in ("Rss", "Anonymous")}
        without_files = max(machine.resident_mb(pid, but=large.path) for pid in workers)
    return [
        timed("a worker, resident", [without_files], "MB", limit=WORKER_MB),
        timed("  of that its own (Anonymous)", [held["Anonymous"]], "MB"),
        timed("  with pages of the home's files", [held["Rss"]], "MB"),
    ]


def main() -> None:
    with scale.workplace() as folder:
        report.show(run(scale.asked(), folder))


if __name__ == "__main__":
    main()
