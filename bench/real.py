"""Real lists: NCBI Taxonomy with its hierarchy, ICD-10-CM of several years and MONDO in its versions.

Part of `make bench` where the environment's MAKSA_REAL_DATA names a folder with the packages (`bench.real_lists`). Every step is a
process of its own, as an operator runs it. The lookup is that of the service: its processor time for a request about one of a
million concepts, against one about one of fourteen, in the same rounds.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator
from itertools import islice, pairwise
from pathlib import Path
from time import perf_counter

from msgspec import Struct

from bench import home as homes
from bench import machine, real_lists, report, scale, servers, volley
from bench.calls import caller
from bench.real_history import by_sets, compared, released
from bench.report import Figure, Report, against, timed
from bench.scale import Scale
from maksa.home import Home
from maksa.service.lookup import display_of
from maksa.service.search import search
from maksa.snapshot.shelf import Shelf

PEAK_MB = 600.0
LOOKUP = 1.1  # × the lookup among fourteen
COMPARE_S = 10.0
TAXONOMY, FEW = "NCBITaxon", "Fourteen"
_CODES = 2_000
_TEXTS = ("homo", "escherichia coli", "virus", "rosa", "influenza a", "musca dom")


class List(Struct, frozen=True):
    """A list in its versions: where each is found, by label. `kind` is that of `real_lists.written`."""

    kind: str
    name: str
    versions: dict[str, Path]

    def file(self, folder: Path, label: str) -> Path:
        """Where its file for `maksa load` is, or will be."""
        return folder / f"{self.kind}-{label}{'.json' if self.kind == 'mondo' else '.csv'}"


def run(asked: Scale, folder: Path) -> Report:
    """The figures of what was found. Raises: SystemExit where the environment names no folder."""
    under = real_lists.folder()
    if under is None:
        sys.exit(f"{real_lists.VARIABLE} names no folder")
    real = real_lists.found(under)
    home = Home(folder / "real-home").made()
    lists = [
        List("taxonomy", TAXONOMY, dict(list(real.taxonomy.items())[-1:])),
        List("icd", "ICD-10-CM", real.icd),
        List("mondo", "MONDO", real.mondo),
    ]
    figures = [figure for each in lists for figure in published(each, home, folder)]
    if real.taxonomy:
        figures += [*_lookups(home, asked, folder), *_searches(home, asked)]
    figures += [figure for each in lists for figure in differences(each, home, folder)]
    notes = [
        "one round: load and publish take their time once; peak memory is the process's greatest, by the kernel",
        "differences: those of `compare` are the same set, kind by kind and code by code, as those of the files' plain sets",
        f"lookup: `Terminology` over loopback, one worker, {_CODES} codes of the large list against fourteen of the small one",
    ]
    return Report(benchmark="real", scale=asked, figures=figures, notes=notes)


def published(each: List, home: Home, folder: Path) -> Iterator[Figure]:
    """Loads and publishes every version; the first before this process has grown, for a child's memory begins as its parent's."""
    for label, source in each.versions.items():
        load, publish = released(
            home, each.name, label, real_lists.written(each.kind, source, each.file(folder, label))
        )
        yield timed(f"{each.name} {label}: load", [load.seconds], "s")
        yield timed(f"{each.name} {label}: publish", [publish.seconds], "s")
        yield timed(f"{each.name} {label}: peak memory", [max(load.peak_mb, publish.peak_mb)], "MB", limit=PEAK_MB)


def differences(each: List, home: Home, folder: Path) -> Iterator[Figure]:
    """Compares each version with the next. Raises: AssertionError where plain sets of the files say otherwise."""
    for earlier, later in pairwise(each.versions):
        found, seconds = compared(home, each.name, earlier, later)
        expected = by_sets(each.file(folder, earlier), each.file(folder, later))
        assert found == expected, sorted(found ^ expected)[:10]
        name = f"{each.name} {earlier} → {later}: {len(found):,} differences, as plain sets have them"
        yield timed(name, [seconds], "s", limit=COMPARE_S)


def _few(home: Home, folder: Path) -> None:
    """Publishes the first fourteen of the large list."""
    [file] = folder.glob("taxonomy-*.csv")
    few = folder / "few.csv"
    with file.open(encoding="utf-8") as opened:
        few.write_text("".join(islice(opened, 15)), encoding="utf-8")
    released(home, FEW, "1", few)


def _lookups(home: Home, asked: Scale, folder: Path) -> Iterator[Figure]:
    """The service's processor time for a lookup, and the library's own time."""
    _few(home, folder)
    account = homes.account(home)
    core, callers = machine.cores()
    codes = {each: _codes(home, each) for each in (FEW, TAXONOMY)}
    used: dict[str, list[float]] = {FEW: [], TAXONOMY: []}
    with servers.maksa(home.path, core) as server:
        who = caller(server.port, account)
        for _ in range(asked.samples):
            for name, several in codes.items():
                requests = [who.look_up(name, code) for code in several]
                before = machine.cpu_s(server.pid)
                done = volley.fired(server.port, requests, asked.seconds, callers, folder)
                used[name].append((machine.cpu_s(server.pid) - before) / done.requests * 1e6)
    own = {name: [_call_us(home, name, several) for _ in range(asked.samples)] for name, several in codes.items()}
    yield timed("lookup of 14: CPU", used[FEW], "µs")
    yield against(f"lookup of {TAXONOMY}: CPU", used[TAXONOMY], "µs", floor="of 14", floors=used[FEW], limit=LOOKUP)
    yield timed("  the library's call, of 14", own[FEW], "µs")
    yield against(f"  the library's call, of {TAXONOMY}", own[TAXONOMY], "µs", floor="of 14", floors=own[FEW])


def _codes(home: Home, terminology_id: str) -> list[str]:
    terminology = Shelf.open(home.shelf).view.terminology(terminology_id)
    assert terminology
    chance = random.Random(7)
    codes = list(terminology.last.snapshot)
    return chance.sample(codes, min(_CODES, len(codes)))


def _call_us(home: Home, terminology_id: str, codes: list[str]) -> float:
    view = Shelf.open(home.shelf).view
    several = (codes * (_CODES // len(codes) + 1))[:_CODES]
    for code in several:
        display_of(view, terminology_id, code)
    began = perf_counter()
    for code in several:
        display_of(view, terminology_id, code)
    return (perf_counter() - began) / len(several) * 1e6


def _searches(home: Home, asked: Scale) -> Iterator[Figure]:
    view = Shelf.open(home.shelf).view
    seconds = []
    for text in _TEXTS * asked.samples:
        began = perf_counter()
        search(view, text, TAXONOMY)
        seconds.append((perf_counter() - began) * 1e3)
    yield timed(f"search in {TAXONOMY}, {len(_TEXTS)} texts", seconds, "ms")


def main() -> None:
    with scale.workplace() as folder:
        report.show(run(scale.asked(), folder))


if __name__ == "__main__":
    main()
