"""Who asked how much: each account's calls by hour and by day, for the operators who look after accounts.

Rules of this file:
- it is made of the journal's counts, once a minute and off the hot path, as `record` is; it outlives the service;
- all workers add to one SQLite file in the home's `run/`, which never grows past its days;
- it is no promise: where it cannot be written the service goes on, and one that is damaged is begun anew.
"""

from __future__ import annotations

import contextlib
import logging
import sqlite3
from collections.abc import Iterator, Mapping
from pathlib import Path

from msgspec import Struct

from maksa.web.journal import Tally
from maksa.web.record import HOUR, start_of

_log = logging.getLogger("maksa.web")

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
        self._path = folder / NAME
        self._told: dict[str, Counts] = {}  # what this worker has counted and written
        self._is_failing = False

    def note(self, tallies: Mapping[str, Tally], now: float) -> None:
        """Writes what was counted since the last note, as of *now*. Keys of *tallies* are as the journal has them."""
        counted = {key: _counts(tally) for key, tally in list(tallies.items()) if key.partition("\n")[2]}
        fresh = [(key, counts) for key, counts in counted.items() if counts != self._told.get(key)]
        try:
            if fresh:
                self._write([(key, _since(self._told.get(key), counts)) for key, counts in fresh], now)
            self._told, self._is_failing = counted, False
        except sqlite3.Error as error:
            if not self._is_failing:
                _log.warning("%s: accounts' use cannot be written: %s", self._path, error)
            self._is_failing = True
            self._begin_anew(error)

    def _write(self, fresh: list[tuple[str, Counts]], now: float) -> None:
        with contextlib.closing(sqlite3.connect(self._path, timeout=5, isolation_level=None)) as db:
            db.execute("PRAGMA journal_mode = WAL")
            db.execute("PRAGMA synchronous = NORMAL")
            db.execute(_TABLE)
            db.execute("BEGIN IMMEDIATE")
            for length, kept_s in _KEPT_S.items():
                start = _start_of(length, now)
                db.executemany(_ADD, _rows(length, start, fresh))
                db.execute("DELETE FROM use WHERE length = ? AND start < ?", (length, start - kept_s))
            db.execute("COMMIT")

    def _begin_anew(self, error: sqlite3.Error) -> None:
        """Takes away a file that is no database, or no more; a lock or a full disk is no reason."""
        if type(error) is sqlite3.DatabaseError:
            for path in (self._path, *(self._path.with_name(NAME + end) for end in ("-wal", "-shm"))):
                with contextlib.suppress(OSError):
                    path.unlink(missing_ok=True)


def use_of(folder: Path, account: str, length: int, since: float) -> list[Use]:
    """What *account* asked in each kept span of *length* (HOUR or DAY) from *since* on, in order; empty where nothing is."""
    return [Use(*row) for row in _read(folder, _READ, (account, length, int(since)))]


def totals(folder: Path, since: float) -> dict[str, int]:
    """How often each account called since the day of *since*."""
    return dict(_read(folder, _SUMS, (DAY, _start_of(DAY, since))))


def days(now: float, count: int) -> list[int]:
    """When the last *count* days began by Tehran's clock, the day of *now* last."""
    return [_start_of(DAY, now) - DAY * back for back in range(count - 1, -1, -1)]


def _read(folder: Path, statement: str, values: tuple[object, ...]) -> list[tuple]:  # type: ignore[type-arg]
    path = folder / NAME
    if not path.exists():
        return []
    try:
        with contextlib.closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=1)) as db:
            return db.execute(statement, values).fetchall()
    except sqlite3.Error:
        return []


def _rows(length: int, start: int, fresh: list[tuple[str, Counts]]) -> Iterator[tuple[object, ...]]:
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
