"""Accounts' rates: exactly so many requests in a window that opens with the first of them.

Two counters share one form. `SharedRates` serves the workers of one machine from a file mapped into each: every worker
writes its own cells only and adds up all of them, so there is no lock and no request to another process on the hot path.
`valkey_rates.ValkeyRates` serves a fleet.

Rules of this file:
- a window belongs to an account; it lasts the rate's period from its first request on, then the next request opens another;
- two workers that judge in the same microsecond may both let the last request through: at most workers - 1 above the rate
  in a window (ADR 6).
"""

from __future__ import annotations

import fcntl
import mmap
from collections.abc import Callable
from pathlib import Path
from time import time
from typing import BinaryIO, Protocol

from msgspec import Struct

from maksa.model.errors import LockedError
from maksa.snapshot.storage import told_apart

_ROOM = 1024  # accounts that one file counts; the next thousand have a file of their own
_BYTES = 8
_MICRO = 1_000_000


class Rate(Struct, frozen=True, gc=False):
    """*amount* requests of the account numbered *account_id* in each window of *period_s* seconds; 0 for no limit."""

    account_id: int
    amount: int
    period_s: int


class Rates(Protocol):
    """A counter. `take` is asked at once; where it answers None, `take_later` must be awaited instead."""

    def take(self, rate: Rate) -> float | None:
        """Counts a request: 0 where it is let through, else the seconds until the window ends."""

    async def take_later(self, rate: Rate) -> float:
        """The same, by a counter that has to ask another machine."""

    def close(self) -> None:
        """Gives back what is held."""


class SharedRates:
    """The counter of one machine's *workers*, in files of *folder*. Raises: StorageError where they cannot be made.

    An account has a row of cells: when its window opened, then for each place a pair (the window it counted in, how
    many). There are twice as many places as workers: a service may be started before the one it follows has ended.
    """

    def __init__(self, folder: Path, workers: int, *, clock: Callable[[], float] = time) -> None:
        self._folder = folder
        self._clock = clock
        self._places = 2 * workers
        self._cells = 1 + 2 * self._places
        self._files: list[tuple[mmap.mmap, memoryview]] = []
        with told_apart(folder):
            folder.mkdir(parents=True, exist_ok=True)
            self._lock, place = _place_in(folder, self._places)
            self._opened(0)
        self._mine = 1 + 2 * place

    def take(self, rate: Rate) -> float | None:
        """See `Rates`."""
        if not rate.amount:
            return 0.0
        page, row = divmod(rate.account_id, _ROOM)
        cells = self._files[page][1] if page < len(self._files) else self._opened(page)
        first = row * self._cells
        now = int(self._clock() * _MICRO)
        period = rate.period_s * _MICRO
        opened = cells[first]
        if not 0 <= now - opened < period:
            cells[first] = opened = now
        used = 0
        for cell in range(first + 1, first + self._cells, 2):
            if cells[cell] == opened:
                used += cells[cell + 1]
        if used >= rate.amount:
            return max((opened + period - now) / _MICRO, 0.001)
        _count_one(cells, first + self._mine, opened)
        return 0.0

    async def take_later(self, rate: Rate) -> float:
        """See `Rates`."""
        return self.take(rate) or 0.0

    def close(self) -> None:
        """See `Rates`. The counts stay in the files, for whoever takes this place next."""
        for mapped, cells in self._files:
            cells.release()
            mapped.close()
        self._files.clear()
        self._lock.close()

    def _opened(self, page: int) -> memoryview:
        while len(self._files) <= page:
            path = self._folder / f"rates-{self._places}-{len(self._files)}"
            with path.open("ab") as file:
                file.truncate(_ROOM * self._cells * _BYTES)  # of zeros, or as it is
            with path.open("r+b") as file:
                mapped = mmap.mmap(file.fileno(), 0)
            self._files.append((mapped, memoryview(mapped).cast("q")))
        return self._files[page][1]


def _count_one(cells: memoryview, mine: int, opened: int) -> None:
    """Adds one to this worker's count of the window that *opened* then."""
    if cells[mine] == opened:
        cells[mine + 1] += 1
        return
    cells[mine + 1] = 0  # never, not for a moment, the new window with the old count
    cells[mine] = opened
    cells[mine + 1] = 1


def _place_in(folder: Path, places: int) -> tuple[BinaryIO, int]:
    """A place that no living process has, and the lock that holds it until this process ends."""
    for number in range(places):
        file = (folder / f"worker-{number}.lock").open("ab")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.close()
        else:
            return file, number
    raise LockedError(path=str(folder), reason=f"{places} workers are serving from here already")
