"""Who asked how much: each account's calls by hour and by day, for the operators who look after accounts.

Rules of this file:
- it is made of the journal's counts, and kept as `tally_file` keeps them; it outlives the service;
- all workers add to one SQLite file in the home's `run/`, which never grows past its days.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path

from msgspec import Struct

from maksa.web.journal import Tally
from maksa.web.record import HOUR, start_of
from maksa.web.tally_file import TallyFile, rows

NAME = "usage.db"
DAY = 86_400
_TEHRAN_S = 12_600  # its day begins at 20:30 UTC
_KEPT_S = {HOUR: 8 * DAY, DAY: 400 * DAY}

_TABLE = """
CREATE TABLE IF NOT EXISTS use (
    length INTEGER, start INTEGER, account TEXT, function TEXT, requests INTEGER, refused INTEGER, failed INTEGER,
    PRIMARY KEY (account, length, start, function)) WITHOUT ROWID
"""
_ADD = """
INSERT INTO use VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET
    requests = requests + excluded.requests, refused = refused + excluded.refused, failed = failed + excluded.failed
"""
_READ = """
SELECT start, function, requests, refused, failed FROM use WHERE account = ? AND length = ? AND start >= ?
ORDER BY start, function
"""
_SUMS = "SELECT account, sum(requests) FROM use WHERE length = ? AND start >= ? GROUP BY account"

Counts = tuple[int, int, int]


class Use(Struct, frozen=True):
    """What an account asked of one function in an hour or a day. `start` is in seconds since 1970.

    `refused` are answers of 4xx, `failed` of 5xx, both among `requests`.
    """

    start: int
    function: str
    requests: int
    refused: int
    failed: int


class Usage:
    """A worker's hand on the file in *folder*."""

    def __init__(self, folder: Path) -> None:
        self._file = TallyFile(folder / NAME, _TABLE, "accounts' use")
        self._told: dict[str, Counts] = {}  # what this worker has counted and written
        self._alone = threading.Lock()  # a minute's note may be under way in its thread when the worker writes its last

    def note(self, tallies: Mapping[str, Tally], now: float) -> None:
        """Writes what was counted since the last note, as of *now*. Keys of *tallies* are as the journal has them."""
        with self._alone:
            self._note(tallies, now)

    def _note(self, tallies: Mapping[str, Tally], now: float) -> None:
        counted = {key: _counts(tally) for key, tally in list(tallies.items()) if key.partition("\n")[2]}
        fresh = [(key, _since(self._told.get(key), counts)) for key, counts in counted.items()]
        fresh = [(key, counts) for key, counts in fresh if any(counts)]

        def write(db: sqlite3.Connection) -> None:
            for length, kept_s in _KEPT_S.items():
                start = _start_of(length, now)
                db.executemany(_ADD, _columns(length, start, fresh))
                db.execute("DELETE FROM use WHERE length = ? AND start < ?", (length, start - kept_s))

        if not fresh or self._file.add(write):
            self._told = counted


def use_of(folder: Path, account: str, length: int, since: float) -> list[Use]:
    """What *account* asked in each kept span of *length* (HOUR or DAY) from *since* on, in order; empty where nothing is."""
    return [Use(*row) for row in rows(folder / NAME, _READ, (account, length, int(since)))]


def totals(folder: Path, since: float) -> dict[str, int]:
    """How often each account called since the day of *since*."""
    return dict(rows(folder / NAME, _SUMS, (DAY, _start_of(DAY, since))))


def days(now: float, count: int) -> list[int]:
    """When the last *count* days began by Tehran's clock, the day of *now* last."""
    return [_start_of(DAY, now) - DAY * back for back in range(count - 1, -1, -1)]


def _columns(length: int, start: int, fresh: list[tuple[str, Counts]]) -> Iterator[tuple[object, ...]]:
    for key, counts in fresh:
        function, _, account = key.partition("\n")
        yield (length, start, account, function, *counts)


def _start_of(length: int, moment: float) -> int:
    return start_of(HOUR, moment) if length == HOUR else int(moment) - (int(moment) + _TEHRAN_S) % DAY


def _counts(tally: Tally) -> Counts:
    statuses = list(tally.statuses.items())
    refused = sum(count for status, count in statuses if 400 <= status < 499)
    return sum(count for _, count in statuses), refused, sum(count for status, count in statuses if status >= 500)


def _since(told: Counts | None, now: Counts) -> Counts:
    before = told or (0, 0, 0)
    return now[0] - before[0], now[1] - before[1], now[2] - before[2]
