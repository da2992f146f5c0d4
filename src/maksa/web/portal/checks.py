"""What checked files left behind: for minutes, under names that nobody can guess, and then nothing.

Rules of this file:
- files of coded texts may be of patients: the file itself is gone when it has been checked, what was made of it after minutes;
- a folder belongs to the service's user alone, and is named by 144 random bits: who has the address may read it, nobody else;
- there is room for some results; the oldest make way.
"""

from __future__ import annotations

import re
import secrets
import shutil
from collections.abc import Iterator
from pathlib import Path
from time import time

KEPT_S = 15 * 60
_MOST = 200  # results
_ID = re.compile(r"[A-Za-z0-9_-]{24}")


class Checks:
    """The results in *folder*, shared by the workers of a machine: *most* of them, each for *kept_s* seconds."""

    def __init__(self, folder: Path, kept_s: float = KEPT_S, most: int = _MOST) -> None:
        self._folder = folder
        self._kept_s = kept_s
        self._most = most

    def fresh(self) -> tuple[str, Path]:
        """A new id and its empty folder. Raises: OSError."""
        self.sweep()
        identity = secrets.token_urlsafe(18)
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        (self._folder / identity).mkdir(mode=0o700)
        return identity, self._folder / identity

    def of(self, identity: str) -> Path | None:
        """The folder of that id; None where there is none, or no more."""
        folder = self._folder / identity
        if _ID.fullmatch(identity) is None or not folder.is_dir() or _age(folder) > self._kept_s:
            return None
        return folder

    def left_s(self, folder: Path) -> int:
        """How many seconds it will still be kept."""
        return max(0, round(self._kept_s - _age(folder)))

    def forget(self, identity: str) -> None:
        """Takes it away now; nothing, where it is gone."""
        if _ID.fullmatch(identity):
            shutil.rmtree(self._folder / identity, ignore_errors=True)

    def sweep(self) -> None:
        """Takes away what has had its time, and the oldest of what is too much."""
        oldest_first = sorted(self._folders(), key=_age, reverse=True)
        too_many = len(oldest_first) - self._most + 1
        for place, folder in enumerate(oldest_first):
            if place < too_many or _age(folder) > self._kept_s:
                shutil.rmtree(folder, ignore_errors=True)

    def _folders(self) -> Iterator[Path]:
        if self._folder.is_dir():
            yield from (each for each in self._folder.iterdir() if _ID.fullmatch(each.name))


def _age(folder: Path) -> float:
    """Seconds since it was made; of one that is gone, more than any."""
    try:
        return time() - folder.stat().st_ctime
    except OSError:
        return float("inf")
