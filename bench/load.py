"""Loading and publishing a large CSV, against sqlite3's own `.import` of the same file into a plain table.

Each round runs the floor and then the two steps, each in a process of its own as an operator runs them (start of Python
included), on the same disk. A step tells its phases itself, from the progress that the rooms report.
"""

from __future__ import annotations

import csv
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from time import perf_counter

import msgspec
from msgspec import Struct

from bench import data, machine, report, scale
from bench.report import Figure, Report, against, timed
from bench.scale import Scale

LIMIT = 8.0  # × .import, without the search index
SEARCH_S = 15.0  # for a million descriptions
PEAK_MB = 300.0
TERMINOLOGY = "BENCH"


class Step(Struct, kw_only=True):
    """What one step says of itself: seconds by phase, and the most memory it held. `wall` is its process's, all told."""

    phases: dict[str, float]
    peak_mb: float
    wall: float = 0.0


class Clock:
    """Called with phases as rooms report them; `phases` are the seconds of each, "start" before the first."""

    def __init__(self) -> None:
        self.phases: dict[str, float] = {}
        self._phase, self._since = "start", perf_counter()

    def __call__(self, phase: str, _done: int = 0) -> None:
        if phase != self._phase:
            now = perf_counter()
            self.phases[self._phase] = self.phases.get(self._phase, 0.0) + now - self._since
            self._phase, self._since = phase, now


def load(home: Path, file: Path, clock: Clock) -> None:
    """The draft of *file*, as `maksa load` makes it."""
    from maksa.catalog import Catalog
    from maksa.loaders.table import TableSource

    clock("read and draft")
    with (
        Catalog.open(f"sqlite:///{home / 'catalog.db'}") as catalog,
        TableSource(file, terminology_id=TERMINOLOGY) as source,
    ):
        catalog.write_draft(TERMINOLOGY, "1", source.concepts(), published=(), report=source.report())


def publish(home: Path, _file: Path, clock: Clock) -> None:
    """The version of that draft, as `maksa publish` makes it, and the body that is prepared for whole downloads."""
    from maksa.catalog import Catalog
    from maksa.publish import publish as publish_draft
    from maksa.snapshot.manifest import file_of
    from maksa.snapshot.reader import Snapshot
    from maksa.web.prepared import bodies

    clock("hold")
    with Catalog.open(f"sqlite:///{home / 'catalog.db'}") as catalog:
        version = publish_draft(catalog, home / "shelf", TERMINOLOGY, "1", progress=clock)
    clock("body")
    snapshot = Snapshot.open(file_of(home / "shelf", version), version)
    bodies.opened(snapshot, home / "cache").close()
    snapshot.close()


_STEPS: dict[str, Callable[[Path, Path, Clock], None]] = {"load": load, "publish": publish}


def _in_child(step: str, home: Path, file: Path) -> Step:
    """*step* in a process of its own."""
    began = perf_counter()
    command = [sys.executable, "-m", "bench.load", f"--{step}", str(home), str(file)]
    done = subprocess.run(command, cwd=report.ROOT, check=True, capture_output=True)
    told = msgspec.json.decode(done.stdout, type=Step)
    return msgspec.structs.replace(told, wall=perf_counter() - began)


def child(step: str, home: Path, file: Path) -> None:
    """Runs *step* and prints its `Step`."""
    clock = Clock()
    _STEPS[step](home, file, clock)
    clock("end")
    print(msgspec.json.encode(Step(phases=clock.phases, peak_mb=machine.status_mb("self", "VmHWM"))).decode())


def imported_s(file: Path, database: Path) -> float:
    """Seconds that sqlite3's own import of *file* takes."""
    database.unlink(missing_ok=True)
    began = perf_counter()
    if shutil.which("sqlite3"):
        subprocess.run(["sqlite3", str(database), ".mode csv", f".import {file} heap"], check=True)
    else:
        _insert(file, database)
    return perf_counter() - began


def _insert(file: Path, database: Path) -> None:
    """What `.import` does, where there is no sqlite3 on this machine."""
    with file.open(encoding="utf-8", newline="") as opened, sqlite3.connect(database) as db:
        records = csv.reader(opened)
        columns = [f"{name!r} TEXT" for name in next(records)]
        db.execute(f"CREATE TABLE heap ({','.join(columns)})")
        db.executemany(f"INSERT INTO heap VALUES ({','.join('?' * len(columns))})", records)


def run(asked: Scale, folder: Path) -> Report:
    """The figures of *asked*."""
    file = data.write_csv(folder / "load.csv", asked.concepts)
    floors: list[float] = []
    loads: list[Step] = []
    publications: list[Step] = []
    for _ in range(asked.rounds):
        home = folder / "load-home"
        home.mkdir()
        floors.append(imported_s(file, folder / "import.db"))
        loads.append(_in_child("load", home, file))
        publications.append(_in_child("publish", home, file))
        shutil.rmtree(home)
    size = f"{file.stat().st_size / 1e6:.0f} MB"
    floor = ".import" if shutil.which("sqlite3") else "executemany"
    return Report(
        benchmark="load",
        scale=asked,
        figures=_figures(floor, floors, loads, publications, asked.concepts * 2),
        notes=[
            f"{asked.concepts:,} rows of six columns, {size}; floor: sqlite3's {floor} of that file into a table without a key",
            "each step is a process, its start included; search: folding, ranking and indexing two wordings of each concept",
            "body: what `maksa publish` prepares for whole downloads, gzip and zstd twins too; a cache, outside the limit",
        ],
    )


def _figures(
    floor: str, floors: list[float], loads: list[Step], publications: list[Step], wordings: int
) -> list[Figure]:
    apart = [step.wall - step.phases["search"] - step.phases["body"] for step in publications]
    both = [one.wall + other for one, other in zip(loads, apart, strict=True)]
    with_body = [each + step.phases["body"] for each, step in zip(both, publications, strict=True)]
    search = [step.phases["search"] for step in publications]
    phases = [phase for phase in publications[0].phases if phase not in ("start", "hold")]
    return [
        timed(floor, floors, "s"),
        against("load + publish, search apart", both, "s", floor=floor, floors=floors, limit=LIMIT),
        against("  and the prepared body", with_body, "s", floor=floor, floors=floors),
        against("  load", [step.wall for step in loads], "s", floor=floor, floors=floors),
        *(timed(f"  publish: {phase}", [step.phases[phase] for step in publications], "s") for phase in phases),
        timed("search, of a million wordings", [each * 1e6 / wordings for each in search], "s", limit=SEARCH_S),
        timed("peak memory, load", [step.peak_mb for step in loads], "MB", limit=PEAK_MB),
        timed("peak memory, publish", [step.peak_mb for step in publications], "MB", limit=PEAK_MB),
    ]


def main() -> None:
    if len(sys.argv) == 4 and sys.argv[1].removeprefix("--") in _STEPS:
        child(sys.argv[1].removeprefix("--"), Path(sys.argv[2]), Path(sys.argv[3]))
        return
    with scale.workplace() as folder:
        report.show(run(scale.asked(), folder))


if __name__ == "__main__":
    main()
