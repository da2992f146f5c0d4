"""What the kernel says of processes: time used, memory held, and on which core they run. Linux only, from /proc."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")
TICK_S = 1 / _TICKS


def cores() -> tuple[int, int]:
    """The core for servers and the core for their callers; the same one where there is only one."""
    usable = sorted(os.sched_getaffinity(0))
    return usable[0], usable[-1]


@contextmanager
def on_core(*those: int) -> Iterator[None]:
    """Within it this process runs on *those* cores, and so does for ever what it starts."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, those)
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def family(pid: int) -> list[int]:
    """*pid* and all its descendants that live."""
    found = [pid]
    for each in found:
        for task in Path(f"/proc/{each}/task").glob("*/children"):
            found += map(int, task.read_text().split())
    return found


def cpu_s(pid: int) -> float:
    """Seconds of processor time that *pid* and its descendants have used, in user and system mode."""
    return sum(_cpu_s(each) for each in family(pid))


def _cpu_s(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


def status_mb(pid: int | str, name: str) -> float:
    """A line of /proc/PID/status in megabytes: VmHWM is the most ever resident, RssAnon what is the process's own now.

    VmHWM, not getrusage's maxrss: the latter is inherited from the process that forked.
    """
    return _line_mb(Path(f"/proc/{pid}/status"), name)


def rollup_mb(pid: int, name: str) -> float:
    """A line of /proc/PID/smaps_rollup in megabytes: Pss shares pages out among those who map them."""
    return _line_mb(Path(f"/proc/{pid}/smaps_rollup"), name)


def resident_mb(pid: int, *, but: Path) -> float:
    """What is resident of *pid*, without the pages of the files under *but* that it has mapped."""
    resident = 0
    is_counted = True
    for line in Path(f"/proc/{pid}/smaps").read_text().splitlines():
        name, *rest = line.split()
        if not name.endswith(":"):  # the head of a mapping: addresses, permissions, …, path
            is_counted = str(but) not in line
        elif name == "Rss:" and is_counted:
            resident += int(rest[0])
    return resident / 1000


def _line_mb(path: Path, name: str) -> float:
    for line in path.read_text().splitlines():
        if line.startswith(f"{name}:"):
            return int(line.split()[1]) / 1000
    raise LookupError(f"{path} has no {name}")
