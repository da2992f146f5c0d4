"""What the library costs who calls with it, against the same calls written out with bare httpx2.

Processor time of this process, on a core of its own; a real maksa answers on the other. In each round every variant is called
one after the other, and a round's ratios are of that round. The floor does what a careful caller writes by hand for one gateway:
the token in a header, the body encoded, the answer decoded twice; without repetitions, routes, other spellings or a deadline.
"""

from __future__ import annotations

import asyncio
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2
import msgspec

from bench import calls, data, home, machine, report, scale, servers
from bench.home import TERMINOLOGY
from bench.report import ROOT, Figure, Report, against, timed
from bench.scale import Scale
from maksa.client import Account, AsyncMaksa, Found, Maksa
from maksa.wire.ditas.envelope import CodedTextRow
from maksa.wire.ditas.functions import BASES

TASKS = 16  # that call at once where calls are awaited
LIMITS = {"sync": 1.1, "async": 1.1, "whole": 1.5}
_START = "import time; began = time.process_time(); import {}; print(time.process_time() - began)"

Variant = Callable[[str], object]
"""A call that looks a code up."""


class _Data(msgspec.Struct):
    data: list[CodedTextRow]


class _Body(msgspec.Struct):
    result: _Data


_body = msgspec.json.Decoder(_Body)


class Bare:
    """The calls of a caller who has httpx2 and nothing of ours."""

    def __init__(self, port: int, token: str, pid: str) -> None:
        self.url = f"http://127.0.0.1:{port}{BASES[0]}"
        self.headers = {"Authorization": f"Bearer {token}", "pid": pid, "Content-Type": "application/json"}

    def body(self, code: str) -> bytes:
        return msgspec.json.encode({"terminologyId": TERMINOLOGY, "codedString": code})

    def display(self, response: httpx2.Response) -> str:
        assert response.status_code == 200
        twice: str = msgspec.json.decode(response.content)["result"]["data"]
        return str(msgspec.json.decode(twice))


def run(asked: Scale, folder: Path) -> Report:
    """The figures of *asked*."""
    shelved = home.large(folder, asked.concepts)
    who = home.account(shelved)
    core, own_core = machine.cores()
    with servers.maksa(shelved.path, core) as service, machine.on_core(own_core):
        url = f"http://127.0.0.1:{service.port}"
        bare = Bare(service.port, calls.caller(service.port, who).token, who.pid)
        account = Account(**msgspec.structs.asdict(who))
        figures = [
            *_looked_up(url, account, bare, asked),
            *asyncio.run(_looked_up_by_tasks(url, account, bare, asked)),
            *_whole(url, account, bare, asked),
        ]
    figures.append(_start(asked))
    return Report(
        benchmark="client",
        scale=asked,
        figures=figures,
        notes=[
            "CPU: user + system time of the calling process; the service is on another core",
            f"{asked.rounds} rounds; bare: one httpx2 client, kept connections, the token had beforehand",
            f"awaited: {TASKS} tasks at once; a whole version: {asked.concepts:,} concepts, gzip on the line",
            "bare, whole version: the body read as one and decoded as one, then each concept looked at",
        ],
    )


def _looked_up(url: str, account: Account, bare: Bare, asked: Scale) -> list[Figure]:
    with httpx2.Client() as http, Maksa(url, account) as maksa:

        def by_hand(code: str) -> str:
            request = http.request("GET", f"{bare.url}/Terminology", content=bare.body(code), headers=bare.headers)
            return bare.display(request)

        def by_maksa(code: str) -> Found[str]:
            found = maksa.display_of(TERMINOLOGY, code)
            assert isinstance(found, Found)
            return found

        assert by_maksa(data.code_of(0)).value == by_hand(data.code_of(0))
        used = _rounds({"bare": by_hand, "maksa": by_maksa}, asked)
    return [
        timed("bare httpx2, a look-up: CPU", used["bare"], "µs"),
        against("Maksa: CPU", used["maksa"], "µs", floor="bare", floors=used["bare"], limit=LIMITS["sync"]),
    ]


def _rounds(variants: dict[str, Variant], asked: Scale) -> dict[str, list[float]]:
    """CPU microseconds of a call in each round, by variant."""
    used: dict[str, list[float]] = {name: [] for name in variants}
    for turn in range(asked.samples):
        for name in list(variants)[:: 1 if turn % 2 == 0 else -1]:
            call = variants[name]
            with _cpu_of(used[name]) as codes:
                for code in codes(asked.seconds):
                    call(code)
    return used


async def _looked_up_by_tasks(url: str, account: Account, bare: Bare, asked: Scale) -> list[Figure]:
    async with httpx2.AsyncClient() as http, AsyncMaksa(url, account) as maksa:

        async def by_hand(code: str) -> object:
            url = f"{bare.url}/Terminology"
            return bare.display(await http.request("GET", url, content=bare.body(code), headers=bare.headers))

        async def by_maksa(code: str) -> object:
            return await maksa.display_of(TERMINOLOGY, code)

        variants: dict[str, Callable[[str], Awaitable[object]]] = {"bare": by_hand, "maksa": by_maksa}
        used: dict[str, list[float]] = {name: [] for name in variants}
        for turn in range(asked.samples):
            for name in list(variants)[:: 1 if turn % 2 == 0 else -1]:
                with _cpu_of(used[name]) as codes:
                    await _by_tasks(variants[name], codes(asked.seconds))
    return [
        timed("bare httpx2, awaited: CPU", used["bare"], "µs"),
        against("AsyncMaksa: CPU", used["maksa"], "µs", floor="bare", floors=used["bare"], limit=LIMITS["async"]),
    ]


async def _by_tasks(call: Callable[[str], Awaitable[object]], codes: Iterator[str]) -> None:
    async def task() -> None:
        for code in codes:
            await call(code)

    await asyncio.gather(*(task() for _ in range(TASKS)))


@contextmanager
def _cpu_of(figures: list[float]) -> Iterator[Callable[[float], Iterator[str]]]:
    """A giver of codes for so many seconds; afterwards the CPU microseconds for each that was taken are among *figures*."""
    taken = 0

    def codes(seconds: float) -> Iterator[str]:
        nonlocal taken
        until = time.perf_counter() + seconds
        while time.perf_counter() < until:
            taken += 1
            yield data.code_of(taken % 300)

    began = time.process_time()
    yield codes
    figures.append((time.process_time() - began) / max(taken, 1) * 1e6)


def _whole(url: str, account: Account, bare: Bare, asked: Scale) -> list[Figure]:
    question = msgspec.json.encode({"terminologyId": TERMINOLOGY, "version": "2"})
    used: dict[str, list[float]] = {"bare": [], "maksa": []}
    with httpx2.Client(timeout=60) as http, Maksa(url, account) as maksa:

        def by_hand() -> int:
            answer = http.post(f"{bare.url}/TerminologiesTermByVersion", content=question, headers=bare.headers)
            return sum(1 for row in _body.decode(answer.content).result.data if row.code)

        def by_maksa() -> int:
            return sum(1 for concept in maksa.concepts(TERMINOLOGY, "2") if concept.code)

        assert by_hand() == by_maksa() == asked.concepts
        for turn in range(asked.rounds):
            for name, read in (("bare", by_hand), ("maksa", by_maksa))[:: 1 if turn % 2 == 0 else -1]:
                began = time.process_time()
                read()
                used[name].append((time.process_time() - began) * 1000)
    grown = {name: [_grown_mb(name, url, account, bare)] for name in used}
    return [
        timed("bare httpx2, a whole version: CPU", used["bare"], "ms"),
        against(
            "Maksa, as it arrives: CPU", used["maksa"], "ms", floor="bare", floors=used["bare"], limit=LIMITS["whole"]
        ),
        timed("  bare: memory it takes", grown["bare"], "MB"),
        timed("  Maksa: memory it takes", grown["maksa"], "MB", limit=10.0),
    ]


def _grown_mb(name: str, url: str, account: Account, bare: Bare) -> float:
    """The megabytes by which a process of its own grows at most while it reads the whole version."""
    given = msgspec.json.encode({"name": name, "url": url, "account": account, "bare": vars(bare)})
    command = [sys.executable, "-m", "bench.client_memory"]
    return float(subprocess.run(command, cwd=ROOT, input=given, capture_output=True, check=True).stdout)


def _start(asked: Scale) -> Figure:
    used: dict[str, list[float]] = {"httpx2, httpcore2": [], "maksa.client": []}
    for _ in range(max(asked.rounds, 3)):
        for name, several in used.items():
            script = _START.format(name)
            printed = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, check=True).stdout
            several.append(float(printed) * 1000)
    floor, ours = used.values()
    return against("import maksa.client: CPU", ours, "ms", floor="httpx2", floors=floor)


def main() -> None:
    with scale.workplace() as folder:
        report.show(run(scale.asked(), folder))


if __name__ == "__main__":
    main()
