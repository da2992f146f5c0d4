"""What the service did, minute by minute for a day and hour by hour for weeks: the record behind the page of its state.

Rules of this file:
- it is made of the journal's counts, and kept as `tally_file` keeps them: no promise, and no cost of a request;
- it outlives the service: one SQLite file in the home's `run/`, which all workers add to and which never grows past its bounds;
- it counts, and names nobody: no account, no address, no code.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterable
from pathlib import Path

import msgspec
from msgspec import Struct

from maksa.model.shapes import json_decoder
from maksa.web.journal import BUCKETS_S, Journal
from maksa.web.tally_file import TallyFile, rows
from maksa.wire.ditas.functions import FUNCTIONS

NAME = "state.db"
MINUTE, HOUR = 60, 3600
_KEPT_S = {MINUTE: 86_400, HOUR: 40 * 86_400}
_HALF_PAST = 1800  # Tehran's hours begin at half past the hour of UTC, and so do its days
_COUNTED = {*FUNCTIONS, "token"}  # what callers ask; pages, figures and health are not their business

_TABLE = "CREATE TABLE IF NOT EXISTS span (length INTEGER, start INTEGER, figures TEXT, PRIMARY KEY (length, start))"
_READ = "SELECT start, figures FROM span WHERE length = ? AND start >= ? ORDER BY start"
_WRITE = "INSERT INTO span VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET figures = excluded.figures"


class Span(Struct):
    """What was counted in a minute or an hour. `refused` are answers of 4xx, `failed` of 5xx, both among `requests`.

    `buckets`: answers by the time they took, as `journal.BUCKETS_S` divides it. `up` has a bit for each minute of the span
    in which a worker lived, the first minute's the lowest.
    """

    requests: int = 0
    refused: int = 0
    failed: int = 0
    buckets: list[int] = msgspec.field(default_factory=lambda: [0] * (len(BUCKETS_S) + 1))
    up: int = 0

    def add(self, other: Span) -> None:
        """Counts *other* too."""
        self.requests += other.requests
        self.refused += other.refused
        self.failed += other.failed
        self.buckets = [one + more for one, more in zip(self.buckets, other.buckets, strict=True)]
        self.up |= other.up


class Record:
    """A worker's hand on the record in *folder*."""

    def __init__(self, folder: Path) -> None:
        self._file = TallyFile(folder / NAME, _TABLE, "the record of the service's state")
        self._told = Span()  # what this worker has counted and written
        self._alone = threading.Lock()  # a minute's note may be under way in its thread when the worker writes its last
        self._minute = 0

    def is_due(self, now: float) -> bool:
        """Whether a minute has begun since the last note."""
        return int(now) // MINUTE != self._minute

    def note(self, counted: Span, now: float) -> None:
        """Writes what was *counted* since the last note, as of the minute of that note; and that this minute is lived in."""
        with self._alone:
            self._note(counted, now)

    def _note(self, counted: Span, now: float) -> None:
        before, self._minute = self._minute or int(now) // MINUTE, int(now) // MINUTE
        fresh, then, here = _since(self._told, counted), before * MINUTE, self._minute * MINUTE

        def write(db: sqlite3.Connection) -> None:
            for length, kept_s in _KEPT_S.items():
                _add(db, length, then, fresh)
                _add(db, length, here, Span(up=1))
                db.execute("DELETE FROM span WHERE length = ? AND start < ?", (length, here - kept_s))

        if self._file.add(write):
            self._told = counted


_span_of = json_decoder(Span)


def counted(journal: Journal) -> Span:
    """What a worker has counted of the functions and the tokens since it began."""
    total = Span()
    for key, tally in journal.tallies.items():
        if key.partition("\n")[0] in _COUNTED:
            by_hundred = _by_hundred(tally.statuses.items())
            total.add(Span(sum(tally.statuses.values()), by_hundred[4], by_hundred[5], tally.buckets))
    return total


def spans(folder: Path, length: int, since: float) -> list[tuple[int, Span]]:
    """(start in seconds since 1970, span) of each kept span of *length* that begins at *since* or later, in order.

    Empty where nothing was recorded, or what was cannot be read.
    """
    try:
        return [(start, _span_of(figures)) for start, figures in rows(folder / NAME, _READ, (length, int(since)))]
    except msgspec.MsgspecError:
        return []


def start_of(length: int, moment: float) -> int:
    """When the span of *length* began in which *moment* lies: an hour is one of Tehran's clock."""
    offset = _HALF_PAST if length == HOUR else 0
    return int(moment) - (int(moment) - offset) % length


def _add(db: sqlite3.Connection, length: int, moment: int, more: Span) -> None:
    start = start_of(length, moment)
    row = db.execute("SELECT figures FROM span WHERE length = ? AND start = ?", (length, start)).fetchone()
    span = _span_of(row[0]) if row else Span()
    lived = span.up | (1 << (moment - start) // MINUTE if more.up else 0)
    span.add(more)
    span.up = lived
    db.execute(_WRITE, (length, start, msgspec.json.encode(span).decode()))


def _since(told: Span, now: Span) -> Span:
    buckets = [total - part for total, part in zip(now.buckets, told.buckets, strict=True)]
    return Span(now.requests - told.requests, now.refused - told.refused, now.failed - told.failed, buckets)


def _by_hundred(statuses: Iterable[tuple[int, int]]) -> dict[int, int]:
    """{4: how many answers of 4xx, 5: …}; 499 is no answer that was refused: the caller hung up."""
    totals = dict.fromkeys(range(1, 6), 0)
    for status, count in statuses:
        if status != 499:
            totals[status // 100] += count
    return totals


def minutes_of(span: Span) -> int:
    """How many minutes of it were lived in."""
    return span.up.bit_count()
