"""One structured line for each request, and the figures behind /metrics: both made in batches, off the hot path.

A request costs an append of a tuple. Every quarter of a second the tuples become lines on the log and counts.

Rules of this file:
- no header, no body, no query string is ever written: a line has no secret to tell;
- what cannot be written in time is dropped and counted, it does not hold up an answer.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import os
import queue
import select
import stat
import threading
from bisect import bisect_left
from collections.abc import Iterator
from functools import lru_cache
from typing import BinaryIO

import msgspec
from msgspec import Struct

BUCKETS_S = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
_QUEUE = 64  # batches waiting for the log's writer
_PATIENCE_S = 2.0  # with the log, at the end


class Entry(Struct, gc=False):
    """A request that was answered. `result` is the provider's status, 0 where the gateway refused; `time` is Unix time."""

    time: float
    request_id: str
    function: str
    account: str
    address: str
    status: int
    result: int
    seconds: float
    size: int


class Tally(Struct):
    """What one worker has counted of one (function, account): statuses, latencies by bucket, their sum."""

    statuses: dict[int, int]
    buckets: list[int]
    seconds: float = 0.0


class Journal:
    """The worker's journal. `note` is the hot path's; `flush` is called by a timer and before figures are read."""

    def __init__(self, log: BinaryIO | None) -> None:
        self.entries: list[Entry] = []
        self.note = self.entries.append
        self.tallies: dict[str, Tally] = {}
        self._by_pair: dict[tuple[str, str], Tally] = {}  # the same, by (function, account)
        self.dropped = 0
        self._queue: queue.Queue[list[bytes] | None] = queue.Queue(_QUEUE)
        self._log = log
        self._writer = threading.Thread(target=self._write, name="journal", daemon=True)
        if log is not None:
            self._writer.start()

    def flush(self) -> None:
        """Turns the waiting entries into lines and counts."""
        if not self.entries:
            return
        entries = self.entries[:]
        self.entries.clear()
        for entry in entries:
            self._count(entry)
        if self._log is not None:
            try:
                self._queue.put_nowait([_line(entry) for entry in entries])
            except queue.Full:
                self.dropped += len(entries)

    def close(self) -> None:
        """Writes what is left."""
        self.flush()
        if self._writer.is_alive():
            with contextlib.suppress(queue.Full):  # whoever should read the log does not: nobody waits for him
                self._queue.put(None, timeout=_PATIENCE_S)
                self._writer.join(timeout=_PATIENCE_S)

    def _count(self, entry: Entry) -> None:
        pair = entry.function, entry.account
        tally = self._by_pair.get(pair)
        if tally is None:
            tally = self._by_pair[pair] = self.tallies["\n".join(pair)] = Tally({}, [0] * (len(BUCKETS_S) + 1))
        statuses, seconds = tally.statuses, entry.seconds
        statuses[entry.status] = statuses.get(entry.status, 0) + 1
        tally.buckets[bisect_left(BUCKETS_S, seconds)] += 1
        tally.seconds += seconds

    def _write(self) -> None:
        assert self._log is not None
        pieces = _whole if _is_file(self._log) else _pieces
        while (batch := self._queue.get()) is not None:
            for lines in pieces(batch):
                try:
                    self._log.write(lines)
                    self._log.flush()
                except (OSError, ValueError):
                    self.dropped += lines.count(b"\n")


def _is_file(log: BinaryIO) -> bool:
    """Whether it is a file of a disk: there the workers' writes follow one another whole, however long they are."""
    try:
        return stat.S_ISREG(os.fstat(log.fileno()).st_mode)
    except (OSError, ValueError, AttributeError):  # closed, or no file of the system
        return False


def _whole(lines: list[bytes]) -> Iterator[bytes]:
    """The lines joined: the fewer the writes, the less often the thread that answers has to stand aside for this one."""
    yield b"".join(lines)


def _pieces(lines: list[bytes]) -> Iterator[bytes]:
    """The lines joined, as many as a pipe takes whole: a longer piece may be torn by another worker's (POSIX, write)."""
    piece = b""
    for line in lines:
        if piece and len(piece) + len(line) > select.PIPE_BUF:
            yield piece
            piece = b""
        piece += line
    yield piece


_THOUSANDTHS = [f"{number:03}" for number in range(1000)]


def _line(entry: Entry) -> bytes:
    """The members in their order. Thousands of lines are of one second, and of one caller: what they share is written once."""
    second = int(entry.time)
    stamp, millis = _stamp_of(second), _THOUSANDTHS[int((entry.time - second) * 1000)]
    shared = _shared(entry.function, entry.account, entry.address, entry.status, entry.result)
    ms, micros = divmod(round(entry.seconds * 1_000_000), 1000)
    return (
        f'{stamp}{millis}+00:00","event":"request","requestId":"{entry.request_id}",{shared},'
        f'"ms":{ms}.{_THOUSANDTHS[micros]},"bytes":{entry.size}}}\n'
    ).encode()


@lru_cache(maxsize=16)
def _stamp_of(second: int) -> str:
    return f'{{"time":"{dt.datetime.fromtimestamp(second, dt.UTC).isoformat()[:19]}.'


@lru_cache(maxsize=1024)
def _shared(function: str, account: str, address: str, status: int, result: int) -> str:
    members = {"function": function, "account": account, "address": address, "status": status, "result": result}
    return msgspec.json.encode(members)[1:-1].decode()
