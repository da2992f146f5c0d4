"""All benchmarks, one after the other, each in a process of its own: `make bench`, or `make bench QUICK=1`.

python -m bench                        all, in full
python -m bench search load            those
python -m bench --scale quick          all, small: to see that they run, and whether something broke
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from time import monotonic

import msgspec

from bench import real_lists
from bench.report import OUT, ROOT, Report
from bench.scale import FOLDER, SCALES

REAL = "real"  # where there are real lists to be read
NAMES = ("start", "requests", "whole_version", "search", "load", "rf2", "embed", "client", "mirror", "portal", "check")


def main() -> int:
    """The exit code: how many benchmarks failed. A limit that was missed is told, and no failure: machines have moods."""
    parser = argparse.ArgumentParser(prog="python -m bench")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(NAMES)}; all if none is given")
    parser.add_argument("--scale", choices=SCALES, default="quick" if os.environ.get("QUICK") else "full")
    asked = parser.parse_args()
    names = asked.names or [*NAMES, *([REAL] if real_lists.folder() else [])]
    unknown = set(names) - {*NAMES, REAL}
    if unknown:
        parser.error(f"no benchmark is called {', '.join(sorted(unknown))}; there are {', '.join([*NAMES, REAL])}")
    began = monotonic()
    with tempfile.TemporaryDirectory(prefix="maksa-bench-") as folder:
        failed = [name for name in names if not _is_run(name, asked.scale, folder)]
    missed = [] if failed else _missed(names)
    print(f"\n{monotonic() - began:.0f} s; the figures are in {OUT.relative_to(ROOT)}/")
    for line in [*(f"failed: {name}" for name in failed), *missed]:
        print(line)
    return len(failed)


def _is_run(name: str, scale: str, folder: str) -> bool:
    command = [sys.executable, "-m", f"bench.{name}", "--scale", scale]
    return subprocess.run(command, cwd=ROOT, env=os.environ | {FOLDER: folder}, check=False).returncode == 0


def _missed(names: list[str]) -> list[str]:
    """A line for each limit that was not kept."""
    reports = [msgspec.json.decode((OUT / f"{name}.json").read_bytes(), type=Report) for name in names]
    return [
        f"missed: {each.benchmark}: {figure.name}: {figure.value if figure.ratio is None else figure.ratio:.2f} for {figure.limit}"
        for each in reports
        for figure in each.figures
        if figure.holds is False
    ]


if __name__ == "__main__":
    sys.exit(main())
