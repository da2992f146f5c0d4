"""Upstreams followed for as long as a service runs: each looked at now and then, none at the same moment as by all others.

Rules of this file:
- a sync that fails is logged and tried again: after a minute, then later each time, up to an hour;
- what is held back is logged each time; where it was fetched before that was seen, the next look is later each time as well;
- an upstream that has hours is left alone outside them;
- upstreams come and go while it runs: the folder is read at each round.
"""

from __future__ import annotations

import datetime as dt
import logging
import random
import time
from collections.abc import Callable
from pathlib import Path

from maksa.mirror.report import Clock, Pause, SyncReport
from maksa.mirror.syncing import sync, utc_now
from maksa.mirror.upstreams import Upstreams
from maksa.model.errors import MaksaError, SyncRunningError
from maksa.snapshot.signing import Signer

JITTER = 0.1  # of an interval
ROUND_S = 1.0
FIRST_RETRY_S = 60.0
LAST_RETRY_S = 3600.0
FETCHED_FIRST = {"upstream-contradiction"}  # faults that are seen in a list that has come

_log = logging.getLogger("maksa.mirror")


class Following:
    """The upstreams of a home, and when each of them is to be looked at next. *signer* gives the home's key, as it is then."""

    def __init__(
        self,
        upstreams: Upstreams,
        folder: Path,
        interval_s: float,
        *,
        signer: Callable[[], Signer | None] = lambda: None,
        now: Clock = utc_now,
        chance: Callable[[], float] = random.random,
        one_sync: Callable[..., SyncReport] = sync,
    ) -> None:
        self._upstreams = upstreams
        self._folder = folder
        self._interval_s = interval_s
        self._signer = signer
        self._now = now
        self._chance = chance
        self._sync = one_sync
        self._due: dict[str, dt.datetime] = {}
        self._failures: dict[str, int] = {}

    def follow(self, is_wanted: Callable[[], bool], pause: Pause = time.sleep) -> None:
        """Rounds, until *is_wanted* says no."""
        while is_wanted():
            self.round()
            pause(ROUND_S)

    def round(self) -> None:
        """Syncs each upstream that is due and may be asked now."""
        for name in self._upstreams.names():
            if self._due.get(name, self._now()) <= self._now():
                try:
                    self._look(name)
                except Exception as error:  # noqa: BLE001 # were this to end, no other upstream would be followed
                    self._note(name, error)

    def _look(self, name: str) -> None:
        hours = self._upstreams.get(name).hours
        if hours is not None and not hours.contain(self._now()):
            return
        report = self._sync(
            self._upstreams, name, self._folder, progress=_untold, now=self._now, signer=self._signer()
        )  # fmt: skip
        if any(held.fault in FETCHED_FIRST for held in report.held):
            self._wait(name, max(self._interval_s, self._retry_s(name)))
        else:
            self._failures.pop(name, None)
            self._wait(name, self._interval_s)
        for held in report.held:
            _log.error("%s: %s: %s is held back: %s", name, held.fault, held.what, held.message)
        if report.outcome != "unchanged":
            new = ", ".join(f"{version.terminology_id} {version.label}" for version in report.added)
            _log.info("%s: %s; new: %s", name, report.outcome, new or "none")

    def _note(self, name: str, error: Exception) -> None:
        if isinstance(error, SyncRunningError):
            _log.info("%s: %s", name, error)
        elif isinstance(error, MaksaError):
            _log.error("%s: %s: %s", name, error.slug, error)
        else:
            _log.error("%s: a fault of maksa's own", name, exc_info=error)
        self._wait(name, self._retry_s(name))

    def _retry_s(self, name: str) -> float:
        failures = self._failures[name] = self._failures.get(name, 0) + 1
        return min(FIRST_RETRY_S * float(2 ** min(failures - 1, 10)), LAST_RETRY_S)

    def _wait(self, name: str, seconds: float) -> None:
        self._due[name] = self._now() + dt.timedelta(seconds=seconds * (1 + JITTER * self._chance()))


def _untold(_phase: str, _done: int) -> None:
    """Nobody watches."""
