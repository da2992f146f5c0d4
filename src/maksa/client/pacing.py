"""The pace of calls: kept under a rate, and held back for all where the service asked one to wait."""

from __future__ import annotations

import threading
from collections.abc import Callable
from time import monotonic


class Pace:
    """Slots for requests, *rate_per_s* of them in a second, given out in order; without a rate there is one for everybody."""

    __slots__ = ("_clock", "_gap", "_lock", "_next")

    def __init__(self, rate_per_s: float | None, *, clock: Callable[[], float] = monotonic) -> None:
        self._gap = 1 / rate_per_s if rate_per_s else 0.0
        self._clock = clock
        self._next = 0.0
        self._lock = threading.Lock()

    def take(self) -> float:
        """The seconds until the slot that the caller has from now on."""
        if self._gap == 0.0 and self._next == 0.0:
            return 0.0
        with self._lock:
            now = self._clock()
            slot = max(now, self._next)
            self._next = slot + self._gap if self._gap else self._next
            return slot - now

    def hold(self, seconds: float) -> None:
        """Gives out no slot for so long."""
        with self._lock:
            self._next = max(self._next, self._clock() + seconds)

    def forked(self) -> None:
        """In a child of this process: a lock that a thread of the parent held is held here for ever."""
        self._lock = threading.Lock()
