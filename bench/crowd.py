"""Callers that go on beside what is measured, in a process of their own: slow ones, and ones that download all the time.

    python -m bench.crowd slow PORT COUNT FILE       COUNT callers that read 64 KiB each quarter of a second
    python -m bench.crowd greedy PORT COUNT FILE     COUNT callers that download as fast as they can, over and over

FILE has the request's bytes. Each prints "." when all have their first byte, and goes on until it is ended.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.exchange import Line
from bench.machine import on_core
from bench.report import ROOT

_PIECE = 64 * 1024
_PAUSE_S = 0.25


@contextmanager
def beside(kind: str, port: int, count: int, request: bytes, core: int, folder: Path) -> Iterator[None]:
    """Within it, *count* callers of that kind are at it on *core*."""
    file = folder / f"{kind}.request"
    file.write_bytes(request)
    command = [sys.executable, "-m", "bench.crowd", kind, str(port), str(count), str(file)]
    with on_core(core):
        process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE)
    with process:
        try:
            assert process.stdout is not None
            assert process.stdout.read(1) == b"."
            yield
        finally:
            process.terminate()


def _slow(port: int, count: int, request: bytes) -> None:
    callers = [socket.create_connection(("127.0.0.1", port)) for _ in range(count)]
    for caller in callers:
        caller.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _PIECE)  # else the system reads ahead for them
        caller.sendall(request)
    for caller in callers:
        caller.recv(1)
    _say_ready()
    while True:
        time.sleep(_PAUSE_S)
        for caller in callers:
            if not caller.recv(_PIECE):
                return


def _greedy(port: int, count: int, request: bytes) -> None:
    os.nice(10)  # the callers' core belongs to the look-ups that are timed
    ready = threading.Barrier(count + 1)
    for _ in range(count):
        threading.Thread(target=_download, args=(port, request, ready), daemon=True).start()
    ready.wait()
    _say_ready()
    signal.pause()


def _download(port: int, request: bytes, ready: threading.Barrier) -> None:
    with Line(port) as line:
        line.ask(request)
        ready.wait()
        while True:
            line.ask(request)


def _say_ready() -> None:
    print(".", end="", flush=True)


def main() -> None:
    kind, port, count, file = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), Path(sys.argv[4])
    {"slow": _slow, "greedy": _greedy}[kind](port, count, file.read_bytes())


if __name__ == "__main__":
    main()
