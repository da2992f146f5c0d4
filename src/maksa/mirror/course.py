"""One sync on its way: what it has asked and received so far, how fast it may go on, and until when."""

from __future__ import annotations

from maksa.mirror.report import Clock, Pause, Progress
from maksa.mirror.upstream import Upstream


class HoursEndedError(Exception):
    """The hours in which the upstream may be asked are over; what was fetched is kept, and the next sync goes on."""


class Course:
    """The course of one sync of *upstream*. Everything that asks or receives says so here."""

    def __init__(self, upstream: Upstream, progress: Progress, now: Clock, pause: Pause) -> None:
        self.upstream = upstream
        self.progress = progress
        self.now = now
        self.pause = pause
        self.started_at = now()
        self.requests = 0
        self.received = 0  # bytes
        self.resumed = 0  # bytes
        self._paced = 0  # bytes since `_paced_from`
        self._paced_from = self.started_at

    def ask(self) -> None:
        """Counts a request that is about to be sent. Raises: HoursEndedError."""
        hours = self.upstream.hours
        if hours is not None and not hours.contain(self.now()):
            raise HoursEndedError
        self.requests += 1

    def receive(self, size: int) -> None:
        """Counts *size* bytes that came, and waits where they came faster than the upstream's rate. Raises: HoursEndedError."""
        self.received += size
        if self.upstream.bytes_per_s:
            self._keep_pace(size)
        hours = self.upstream.hours
        if hours is not None and not hours.contain(self.now()):
            raise HoursEndedError

    def _keep_pace(self, size: int) -> None:
        self._paced += size
        ahead_s = self._paced / self.upstream.bytes_per_s - (self.now() - self._paced_from).total_seconds()
        if ahead_s > 0:
            self.pause(ahead_s)
        elif ahead_s < -1:  # a slow line earns no burst later
            self._paced, self._paced_from = 0, self.now()
