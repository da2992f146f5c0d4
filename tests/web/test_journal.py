"""The journal: whole lines, and nobody who waits for the log's reader."""

from __future__ import annotations

import io
import json
import os
import select
import time
from typing import Any

from maksa.web.journal import Entry, Journal


def entry(number: int) -> Entry:
    return Entry(0.0, f"00000000-0000-4000-8000-{number:012}", "Terminology", "test", "10.0.0.1", 200, 200, 0.001, 100)


def test_lines_reach_a_pipe_whole():
    """Workers share a pipe, which takes no more than PIPE_BUF bytes without letting another in between."""

    class Pipe:
        def __init__(self) -> None:
            self.writes: list[bytes] = []

        def write(self, piece: bytes) -> None:
            self.writes.append(piece)

        def flush(self) -> None:
            """Nothing is kept back."""

    pipe = Pipe()
    journal = Journal(pipe)
    for number in range(100):
        journal.note(entry(number))
    journal.close()

    assert max(map(len, pipe.writes)) <= select.PIPE_BUF
    assert all(piece.endswith(b"\n") for piece in pipe.writes)
    assert [json.loads(line)["requestId"][-3:] for line in b"".join(pipe.writes).splitlines()] == [
        f"{number:03}" for number in range(100)
    ]


def test_a_log_that_nobody_reads_does_not_keep_the_service_from_ending():
    """What cannot be written is dropped and counted, and the end comes."""
    reader, writer = os.pipe()
    with os.fdopen(writer, "wb") as log:
        journal = Journal(log)
        for batch in range(100):
            for number in range(20):
                journal.note(entry(batch * 20 + number))
            journal.flush()
            time.sleep(0.001)
        began = time.monotonic()
        journal.close()

        assert time.monotonic() - began < 10
        assert journal.dropped > 0
        while select.select([reader], [], [], 0.5)[0]:
            os.read(reader, 1 << 20)
    os.close(reader)


def test_a_line_says_when_to_the_millisecond_and_who(tmp_path):
    """The members in their order; the rest as it was noted."""
    with (tmp_path / "log").open("wb") as log:
        journal = Journal(log)
        noted = Entry(1_700_000_000.25, "id", "Terminology", "test", "10.0.0.1", 200, 404, 0.0012345, 57)
        journal.note(noted)
        journal.close()

    assert json.loads((tmp_path / "log").read_bytes()) == {
        "time": "2023-11-14T22:13:20.250+00:00", "event": "request", "requestId": "id", "function": "Terminology",
        "account": "test", "address": "10.0.0.1", "status": 200, "result": 404, "ms": 1.234, "bytes": 57,
    }  # fmt: skip


def test_lines_reach_a_file_in_one_write_for_a_batch(tmp_path):
    """Two workers' batches follow one another: the file's offset is theirs together. Each write costs the answering thread."""

    class Counted(io.FileIO):
        writes = 0

        def write(self, piece: Any) -> int:
            self.writes += 1
            return super().write(piece)

    with Counted(tmp_path / "log", "w") as log:
        journal = Journal(log)
        for number in range(500):
            journal.note(entry(number))
        journal.close()

        assert log.writes == 1
    lines = (tmp_path / "log").read_bytes().splitlines()
    assert [json.loads(line)["requestId"][-3:] for line in lines] == [f"{number:03}" for number in range(500)]
