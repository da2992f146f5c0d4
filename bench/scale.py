"""How large and how long a benchmark runs, and where it keeps its files."""

from __future__ import annotations

import argparse
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from msgspec import Struct

FOLDER = "MAKSA_BENCH_FOLDER"
"""The variable by which `python -m bench` gives all benchmarks one folder: what one has built, the next need not."""


class Scale(Struct, frozen=True, kw_only=True):
    """`rounds` are those of a pass, `seconds` how long one variant is measured in a round."""

    name: str
    concepts: int
    rounds: int
    passes: int
    seconds: float
    queries: int  # of each class of search, in each language

    @property
    def samples(self) -> int:
        """Rounds over all passes."""
        return self.rounds * self.passes


FULL = Scale(name="full", concepts=350_000, rounds=5, passes=2, seconds=2.0, queries=50)
QUICK = Scale(name="quick", concepts=20_000, rounds=5, passes=1, seconds=1.0, queries=20)
TINY = Scale(name="tiny", concepts=400, rounds=1, passes=1, seconds=0.05, queries=2)
"""For the tests: every line runs, no figure means anything."""

SCALES = {scale.name: scale for scale in (FULL, QUICK, TINY)}


def asked(arguments: list[str] | None = None) -> Scale:
    """The scale that the command line asks for, else the environment (QUICK=1), else the full one."""
    parser = argparse.ArgumentParser(description="Measures, prints a table, writes bench/out/NAME.json.")
    parser.add_argument("--scale", choices=SCALES, default="quick" if os.environ.get("QUICK") else "full")
    return SCALES[parser.parse_args(arguments).scale]


@contextmanager
def workplace() -> Iterator[Path]:
    """A folder for the benchmark's files: the shared one where `python -m bench` made it, else its own, gone afterwards."""
    if shared := os.environ.get(FOLDER):
        yield Path(shared)
        return
    with tempfile.TemporaryDirectory(prefix="maksa-bench-") as own:
        yield Path(own)
