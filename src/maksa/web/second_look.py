"""Files of the shelf that were found bad, looked at again: what was wrong may have been the machine, or was mended.

Rules of this file:
- a file answers again when every byte of it is right, and not before; nobody has to start the service anew for it;
- one that was replaced is summed at once, any other after a pause, which grows: a large file that stays bad costs nothing.
"""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path

from msgspec import Struct

from maksa.model.errors import SnapshotError
from maksa.snapshot.shelf import Edition, View
from maksa.snapshot.verify import check_bytes

_log = logging.getLogger("maksa.web")

FIRST_S = 5.0
_LONGEST_S = 600.0


class _Look(Struct):
    """`stamp` tells the file from one that takes its place; (0, 0) where there is none."""

    stamp: tuple[int, int]
    due_at: float
    pause_s: float = FIRST_S


class SecondLooks:
    """What one worker has found bad. *now* is monotonic."""

    def __init__(self) -> None:
        self._looks: dict[str, _Look] = {}

    async def look(self, view: View, now: float) -> None:
        """Sums those that are due, in a thread, and lets those that are whole answer again."""
        bad = {edition.version.digest: edition for edition in view.editions() if edition.fault is not None}
        self._looks = {digest: look for digest, look in self._looks.items() if digest in bad}
        for digest, edition in bad.items():
            look = self._looks.setdefault(digest, _Look(_stamp_of(edition.path), now + FIRST_S))
            stamp = _stamp_of(edition.path)
            if stamp != look.stamp or now >= look.due_at:
                look.stamp, look.pause_s = stamp, FIRST_S if stamp != look.stamp else min(2 * look.pause_s, _LONGEST_S)
                look.due_at = now + look.pause_s
                await _sum(edition)


async def _sum(edition: Edition) -> None:
    try:
        await asyncio.to_thread(check_bytes, edition.path, edition.version)
    except SnapshotError:
        return
    edition.acquit()
    _log.info("%s is whole, and answers again", edition.path)


def _stamp_of(path: Path) -> tuple[int, int]:
    try:
        about = path.stat()
    except OSError:
        return (0, 0)
    return (about.st_ino, about.st_mtime_ns)
