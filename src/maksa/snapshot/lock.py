"""One publisher of a shelf at a time, over all processes of the machine."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from maksa.model.errors import DraftLockedError
from maksa.snapshot.storage import told_apart

NAME = ".lock"
_PAUSE_S = 0.02


@contextmanager
def only_publisher(folder: Path, wait_s: float) -> Iterator[None]:
    """Within it, this process alone publishes to the shelf in *folder*; the system frees a dead process's lock.

    Raises: DraftLockedError after *wait_s*, StorageError.
    """
    with told_apart(folder / NAME):
        number = os.open(folder / NAME, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        _wait(number, folder, time.monotonic() + wait_s)
        yield
    finally:
        os.close(number)


def _wait(number: int, folder: Path, until: float) -> None:
    while True:
        try:
            fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            if time.monotonic() > until:
                raise DraftLockedError(what=f"the shelf {folder}") from error
            time.sleep(_PAUSE_S)
        else:
            return
