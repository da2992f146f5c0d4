"""A sync as a process of its own that dies before its n-th change of a file."""

from __future__ import annotations

import multiprocessing as mp
import os
import signal
import sys
from pathlib import Path
from typing import Any

from maksa.home import Home
from maksa.mirror.syncing import sync
from maksa.mirror.upstreams import Upstreams

_CHANGES = {"os.rename", "os.remove", "os.truncate", "os.mkdir"}
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT

processes = mp.get_context("forkserver")
processes.set_forkserver_preload([__name__])


def sync_until_change(home: Path, number: int) -> None:
    """Syncs the upstream `up` of *home*, and is killed as the system is about to be asked for change *number* of a file of it."""
    left = number

    def watch(event: str, arguments: tuple[Any, ...]) -> None:
        nonlocal left
        is_change = event in _CHANGES or (event == "open" and bool(arguments[2] & _WRITING))
        if is_change and str(arguments[0]).startswith(str(home)):
            left -= 1
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(watch)
    sync(Upstreams(Home.of(home).mirrors), "up", Home.of(home).shelf, progress=lambda *_: None)
