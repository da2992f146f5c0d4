"""Loading and publishing a release of SNOMED CT's size, against the bare insert of the rows that come of it.

The floor inserts the rows of the finished snapshot (concepts, designations, properties, parents, closure, folded terms) into
empty tables of the same make, and builds the same indexes, that of search among them: `executemany`, no journal, nothing read or
judged. Each step is a process of its own, its start included.
"""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from time import perf_counter

import msgspec

from bench import machine, release, report, scale
from bench.load import Clock, Step
from bench.report import Figure, Report, against, timed
from bench.scale import Scale
from maksa.snapshot.format import INDEXES, TABLES, TERM_INDEX

LIMIT = 3.0  # × the bare insert
PEAK_MB = 600.0
TERMINOLOGY = "SNOMEDCT"
_FILLED = ("concept", "designation", "property", "parent", "closure", "term")
_BATCH = 50_000  # rows
_PRAGMAS = "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -32768;"
_SEARCH = (
    TERM_INDEX,
    "INSERT INTO term_index (term_index, rank) VALUES ('hashsize', 67108864)",
    "INSERT INTO term_index (term_index, rank) VALUES ('automerge', 0)",
    "INSERT INTO term_index (rowid, folded) SELECT rank, folded FROM term",
    "INSERT INTO term_index (term_index) VALUES ('optimize')",
)


def load(home: Path, folder: Path, clock: Clock) -> None:
    """The draft of the release in *folder*, as `maksa load` makes it."""
    from maksa.catalog import Catalog
    from maksa.loaders.snomed import SnomedSource

    clock("read and draft")
    with (
        Catalog.open(f"sqlite:///{home / 'catalog.db'}") as catalog,
        SnomedSource(folder, terminology_id=TERMINOLOGY) as source,
    ):
        catalog.write_draft(TERMINOLOGY, "1", source.concepts(), published=(), report=source.report())


def publish(home: Path, _folder: Path, clock: Clock) -> None:
    """The version of that draft, as `maksa publish` makes it, without the body that is a cache."""
    from maksa.catalog import Catalog
    from maksa.publish import publish as publish_draft

    clock("hold")
    with Catalog.open(f"sqlite:///{home / 'catalog.db'}") as catalog:
        publish_draft(catalog, home / "shelf", TERMINOLOGY, "1", progress=clock)


def bare(home: Path, _folder: Path, clock: Clock) -> None:
    """The rows of the snapshot in *home*, inserted; reading them is a phase of its own."""
    [snapshot] = (home / "shelf").glob("*.maksa")
    source, db = sqlite3.connect(snapshot), sqlite3.connect(home / "bare.db", isolation_level=None)
    db.executescript(f"{_PRAGMAS} BEGIN; {TABLES}")
    for table in _FILLED:
        rows = source.execute(f"SELECT * FROM {table}")
        places = ",".join("?" * len(rows.description))
        clock("other")
        while batch := rows.fetchmany(_BATCH):
            clock("insert")
            db.executemany(f"INSERT INTO {table} VALUES ({places})", batch)
            clock("other")
    clock("index")
    for index in ("concept_number", "child", "closure_down", "property_value"):
        db.execute(INDEXES[index])
    for statement in _SEARCH:
        db.execute(statement)
    db.execute("COMMIT")


_STEPS: dict[str, Callable[[Path, Path, Clock], None]] = {"load": load, "publish": publish, "bare": bare}


def _in_child(step: str, home: Path, folder: Path) -> Step:
    """*step* in a process of its own."""
    began = perf_counter()
    command = [sys.executable, "-m", "bench.rf2", f"--{step}", str(home), str(folder)]
    done = subprocess.run(command, cwd=report.ROOT, check=True, capture_output=True)
    told = msgspec.json.decode(done.stdout, type=Step)
    return msgspec.structs.replace(told, wall=perf_counter() - began)


def child(step: str, home: Path, folder: Path) -> None:
    """Runs *step* and prints its `Step`."""
    clock = Clock()
    _STEPS[step](home, folder, clock)
    clock("end")
    print(msgspec.json.encode(Step(phases=clock.phases, peak_mb=machine.status_mb("self", "VmHWM"))).decode())


def run(asked: Scale, folder: Path) -> Report:
    """The figures of *asked*; one round of each pass, for a round takes a minute and more."""
    made = release.write(folder / "release", asked.concepts)
    rounds: list[dict[str, Step]] = []
    for _ in range(asked.passes):
        home = folder / "rf2-home"
        home.mkdir()
        rounds.append({step: _in_child(step, home, made) for step in _STEPS})
        counts = _counts(home)
        shutil.rmtree(home)
    return Report(
        benchmark="rf2",
        scale=asked,
        figures=_figures(rounds),
        notes=[
            ", ".join(f"{count:,} {table}" for table, count in counts.items()) + " rows in the snapshot",
            "floor: executemany of these rows, ready-made, into the same tables, and the same indexes, that of search too",
            "each step is a process, its start included; nothing is prepared for whole downloads",
        ],
    )


def _counts(home: Path) -> dict[str, int]:
    with sqlite3.connect(home / "bare.db") as db:
        return {table: db.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in _FILLED}


def _figures(rounds: list[dict[str, Step]]) -> list[Figure]:
    floors = [each["bare"].phases["insert"] + each["bare"].phases["index"] for each in rounds]
    both = [each["load"].wall + each["publish"].wall for each in rounds]
    phases = [phase for phase in rounds[0]["publish"].phases if phase not in ("start", "hold")]
    return [
        timed("bare insert and index", floors, "s"),
        against("load + publish", both, "s", floor="bare", floors=floors, limit=LIMIT),
        against("  load", [each["load"].wall for each in rounds], "s", floor="bare", floors=floors),
        *(timed(f"  publish: {phase}", [each["publish"].phases[phase] for each in rounds], "s") for phase in phases),
        timed("peak memory, load", [each["load"].peak_mb for each in rounds], "MB", limit=PEAK_MB),
        timed("peak memory, publish", [each["publish"].peak_mb for each in rounds], "MB", limit=PEAK_MB),
    ]


def main() -> None:
    if len(sys.argv) == 4 and sys.argv[1].removeprefix("--") in _STEPS:
        child(sys.argv[1].removeprefix("--"), Path(sys.argv[2]), Path(sys.argv[3]))
        return
    with scale.workplace() as folder:
        report.show(run(scale.asked(), folder))


if __name__ == "__main__":
    main()
