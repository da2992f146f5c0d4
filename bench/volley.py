"""A volley: as many requests as a server answers in some seconds, over 32 connections, each answered before the next.

wrk with a Lua body where it is installed (Debian: wrk), else an asyncio generator of our own; both in a process of their
own on the callers' core. The generator's own speed is no figure of ours: the servers' processor time is measured.
"""

from __future__ import annotations

import asyncio
import shutil
import subprocess
import sys
import time
from pathlib import Path

import msgspec
import uvloop
from msgspec import Struct

from bench.exchange import LENGTH
from bench.machine import on_core
from bench.report import ROOT

CONNECTIONS = 32

_SCRIPT = """
local requests = {%s}
local at = 0
request = function() at = at %% #requests + 1; return requests[at] end
done = function(summary, latency)
    local wrong = summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.status + summary.errors.timeout
    io.write(string.format('\\n{"requests": %%d, "seconds": %%.6f, "wrong": %%d}\\n', summary.requests, summary.duration / 1e6, wrong))
end
"""


_FIRST_S = 20  # how long the first answer may take


class Volley(Struct, frozen=True):
    """How many were answered in how many seconds; `wrong`: lost, or not with a status of 200."""

    requests: int
    seconds: float
    wrong: int


def generator() -> str:
    """What fires."""
    return "wrk" if shutil.which("wrk") else "bench.volley (wrk is not installed)"


def fired(port: int, requests: list[bytes], seconds: float, core: int, folder: Path) -> Volley:
    """What came of firing *requests*, over and over, at 127.0.0.1:*port*. Raises: AssertionError where any was wrong."""
    with on_core(core):
        if shutil.which("wrk") and seconds >= 1:  # wrk counts in whole seconds
            script = folder / f"volley-{port}.lua"
            script.write_text(_SCRIPT % ",".join(map(_lua, requests)))
            command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{round(seconds)}s", "-s", str(script)]
            command.append(f"http://127.0.0.1:{port}/")
        else:
            pack = folder / f"volley-{port}.pack"
            pack.write_bytes(msgspec.msgpack.encode(requests))
            command = [sys.executable, "-m", "bench.volley", str(port), str(seconds), str(pack)]
        printed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True).stdout
    volley = msgspec.json.decode(printed.splitlines()[-1], type=Volley)
    assert volley.requests > volley.wrong == 0, printed.decode()
    return volley


def _lua(request: bytes) -> str:
    return (
        '"'
        + "".join(chr(byte) if 32 <= byte < 127 and byte not in b'"\\' else f"\\{byte:03}" for byte in request)
        + '"'
    )


class _Connection(asyncio.Protocol):
    """Sends the next request when the one before is answered."""

    def __init__(self, requests: list[bytes], at: int) -> None:
        self._requests = requests
        self._at = at
        self._read = b""
        self.answered = 0
        self.wrong = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport
        self._send()

    def _send(self) -> None:
        self._at = (self._at + 1) % len(self._requests)
        self._transport.write(self._requests[self._at])  # type: ignore[attr-defined]

    def data_received(self, data: bytes) -> None:
        self._read += data
        end = self._read.find(b"\r\n\r\n")
        length = LENGTH.search(self._read, 0, end) if end >= 0 else None
        if length is None or len(self._read) < end + 4 + int(length[1]):
            return
        self.answered += 1
        self.wrong += self._read[9:12] != b"200"
        self._read = b""
        self._send()

    def connection_lost(self, exc: Exception | None) -> None:
        self.wrong += exc is not None


async def _fire(port: int, seconds: float, requests: list[bytes]) -> Volley:
    loop = asyncio.get_running_loop()
    began = time.perf_counter()
    pairs = [
        await loop.create_connection(lambda at=at: _Connection(requests, at * 7), "127.0.0.1", port)  # type: ignore[misc]
        for at in range(CONNECTIONS)
    ]
    connections = [connection for _, connection in pairs]
    await asyncio.sleep(seconds)
    while time.perf_counter() - began < _FIRST_S and not any(each.answered or each.wrong for each in connections):
        await asyncio.sleep(seconds)  # a machine that is busy with others may not have begun
    answered, wrong = (sum(getattr(each, name) for each in connections) for name in ("answered", "wrong"))
    for transport, _ in pairs:
        transport.abort()
    return Volley(answered, time.perf_counter() - began, wrong)


def main() -> None:
    port, seconds, pack = int(sys.argv[1]), float(sys.argv[2]), Path(sys.argv[3])
    requests = msgspec.msgpack.decode(pack.read_bytes(), type=list[bytes])
    print(msgspec.json.encode(uvloop.run(_fire(port, seconds, requests))).decode())


if __name__ == "__main__":
    main()
