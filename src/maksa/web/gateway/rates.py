"""Accounts' rates: exactly so many requests in a window that opens with the first of them.

Two counters share one form. `SharedRates` serves the workers of one machine from a file mapped into each: every worker
writes its own cells only and adds up all of them, so there is no lock and no request to another process on the hot path.
`valkey_rates.ValkeyRates` serves a fleet.

Rules of this file:
- a window belongs to an account; it lasts the rate's period from its first request on, then the next request opens another;
- a request is announced before the others' are counted, and taken back when there are too many: of two workers that judge
  the last one in the same microsecond neither lets it through, and the next request gets it (ADR 6);
- a window is opened under a lock, so that no two workers open it; the kernel takes the lock back when its holder dies.
"""

from __future__ import annotations

import fcntl
import mmap
import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from time import time
from typing import BinaryIO, Protocol

from msgspec import Struct

from maksa.model.errors import LockedError
from maksa.snapshot.storage import told_apart

_ROOM = 1024  # accounts that one file counts; the next thousand have a file of their own
_WORD = 8  # bytes
_COUNT_BITS = 32
_COUNT = (1 << _COUNT_BITS) - 1


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


class _Row:
    """An account's row of cells, and what this worker knows of the window it last counted in."""

    __slots__ = (
        "cells",
        "ends_at",
        "first",
        "mine",
        "opened_ms",
        "others",
        "rate",
        "starts_at",
        "taken",
        "window",
        "word",
    )

    def __init__(self, cells: memoryview, first: int, mine: int) -> None:
        self.cells = cells
        self.first = first  # the cell that says when the window opened, in milliseconds since 1970
        self.mine = mine
        self.taken = 0  # places, when `others` were listed
        self.others: tuple[int, ...] = ()
        self.rate: Rate | None = None
        self.opened_ms = 0
        self.starts_at = 0.0
        self.ends_at = 0.0
        self.window = 0
        self.word = 0


class SharedRates:
    """The counter of one machine's *workers*, in files of *folder*. Raises: StorageError where they cannot be made.

    A file begins with a cell that says how many places were ever taken. Then each account has a row: when its window
    opened, and for each place one word, the window's low bits above the count, so that both are written at once. There
    are twice as many places as workers: a service may be started before the one it follows has ended.
    """

    def __init__(self, folder: Path, workers: int, *, clock: Callable[[], float] = time) -> None:
        self._folder = folder
        self._clock = clock
        self._places = 2 * workers
        self._files: list[tuple[mmap.mmap, memoryview]] = []
        self._rows: dict[int, _Row] = {}
        with ExitStack() as held, told_apart(folder):
            folder.mkdir(parents=True, exist_ok=True)
            lock, self._place = _place_in(folder, self._places)
            held.enter_context(lock)
            self._opening = held.enter_context((folder / "window.lock").open("ab"))
            self._head = self._page(0)
            self._held = held.pop_all()
        with self._alone():
            self._head[0] = max(self._head[0], self._place + 1)

    def take(self, rate: Rate) -> float | None:
        """See `Rates`."""
        if not rate.amount:
            return 0.0
        now = self._clock()
        row = self._rows.get(rate.account_id)
        if (
            row is None
            or row.rate is not rate
            or not row.starts_at <= now < row.ends_at
            or row.cells[row.first] != row.opened_ms
            or self._head[0] != row.taken
        ):
            row = self._turned(rate, now)
        cells = row.cells
        window = row.window
        word = row.word + 1
        cells[row.mine] = word  # before the others are read
        used = word & _COUNT
        for cell in row.others:
            other = cells[cell]
            if other >> _COUNT_BITS == window:
                used += other & _COUNT
        if used > rate.amount:
            cells[row.mine] = word - 1
            return max(row.ends_at - now, 0.001)
        row.word = word
        return 0.0

    async def take_later(self, rate: Rate) -> float:
        """See `Rates`."""
        return self.take(rate) or 0.0

    def close(self) -> None:
        """See `Rates`. The counts stay in the files, for whoever takes this place next."""
        self._rows.clear()
        for mapped, cells in self._files:
            cells.release()
            mapped.close()
        self._files.clear()
        self._held.close()

    def _turned(self, rate: Rate, now: float) -> _Row:
        """The row of the rate's account in the window of this moment, which is opened if there is none."""
        row = self._rows.get(rate.account_id) or self._row(rate.account_id)
        now_ms, period_ms = int(now * 1000), rate.period_s * 1000
        if abs(now_ms - row.cells[row.first]) >= period_ms:
            with self._alone():  # another worker may have opened it meanwhile, by a clock that was read later
                if abs(now_ms - row.cells[row.first]) >= period_ms:
                    row.cells[row.first] = now_ms
        row.rate = rate
        row.taken = self._head[0]
        row.opened_ms = row.cells[row.first]
        row.starts_at = (row.opened_ms - period_ms) / 1000  # a clock set back by less lengthens the window
        row.ends_at = (row.opened_ms + period_ms) / 1000
        row.window = row.opened_ms & _COUNT
        row.others = tuple(row.first + 1 + place for place in range(row.taken) if place != self._place)
        word = row.cells[row.mine]
        row.word = word if word >> _COUNT_BITS == row.window else row.window << _COUNT_BITS
        return row

    def _row(self, account_id: int) -> _Row:
        page, number = divmod(account_id, _ROOM)
        first = 1 + number * (1 + self._places)
        row = _Row(self._page(page), first, first + 1 + self._place)
        self._rows[account_id] = row
        return row

    def _page(self, page: int) -> memoryview:
        """The cells of the file numbered *page*. Raises: StorageError."""
        size = (1 + _ROOM * (1 + self._places)) * _WORD
        while len(self._files) <= page:
            path = self._folder / f"rate-{self._places}-{len(self._files)}"
            with told_apart(path), path.open("ab") as made:
                # the blocks are had now: a disk that is full later would end the worker by a signal
                os.posix_fallocate(made.fileno(), 0, size)
                with path.open("r+b") as file:
                    mapped = mmap.mmap(file.fileno(), size)
            self._files.append((mapped, memoryview(mapped).cast("Q")))
        return self._files[page][1]

    @contextmanager
    def _alone(self) -> Iterator[None]:
        fcntl.flock(self._opening, fcntl.LOCK_EX)
        try:
            yield
        finally:
            fcntl.flock(self._opening, fcntl.LOCK_UN)


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
