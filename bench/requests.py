"""Processor time for one request of the three look-ups, against a callable that reads the body and answers nothing.

Servers on one core, their callers on another, 32 connections. In each round every variant is fired at once after the
other, and a round's ratios are of that round: the machine's mood is in both. Two passes, each with servers of its own.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import msgspec

from bench import data, home, machine, report, scale, servers, volley
from bench.calls import Caller, caller
from bench.exchange import Line
from bench.home import TERMINOLOGY, Account
from bench.report import Figure, Report, against, timed
from bench.scale import Scale
from bench.servers import Server
from maksa.home import Home

NULL, FREE, PAIR = "null", "Terminology, one worker, any core", "Terminology, two workers"
NEW = "Terminology, no head and no code twice"
LIMITS = {"Terminology": 0.8, "ValidateCts": 1.0, "TerminologyValueByVersion": 0.8, NEW: 1.35}
_CODES = 500  # different requests of a variant
_NEW = 20_000  # of the one that asks nothing twice: far more than a worker could remember

Samples = dict[str, list[tuple[float, float]]]
"""(CPU in microseconds, requests a second) of each round, by variant."""


class Target(NamedTuple):
    """A variant: whom to fire at, and what."""

    server: Server
    requests: list[bytes]


def run(asked: Scale, folder: Path) -> Report:
    """The figures of *asked*."""
    shelved = home.large(folder, asked.concepts)
    who = home.account(shelved)
    samples: Samples = {}
    for turn in range(asked.passes):
        with _targets(shelved, who, asked.concepts, folder) as targets:
            order = list(targets)[:: 1 if turn % 2 == 0 else -1]
            for name in order:  # the first requests of a process are not what is measured
                _sample(targets[name], 0.1, folder)
            for _ in range(asked.rounds):
                for name in order:
                    samples.setdefault(name, []).append(_sample(targets[name], asked.seconds, folder))
    return Report(
        benchmark="requests",
        scale=asked,
        figures=_figures(samples),
        notes=[
            f"one worker, {volley.CONNECTIONS} connections, {asked.samples} rounds in {asked.passes} pass(es)",
            f"CPU: user + system time of the server's processes, per request; the load is from {volley.generator()}",
            "null: the same uvicorn, uvloop and httptools, the library's own protocol class, the body read, 151 bytes answered",
            f"{_CODES} codes of {asked.concepts:,}; the request log is on and goes to a file, as in production",
            f"no head and no code twice: {_NEW:,} codes in turn, each under a head of its own, as with a trace in it",
            "two workers beside one, both on any core, the load among them: whether workers hinder each other",
        ],
    )


@contextmanager
def _targets(shelved: Home, account: Account, concepts: int, folder: Path) -> Iterator[dict[str, Target]]:
    """Every variant, its server running and its answers checked."""
    core, _ = machine.cores()
    with (
        servers.null(core, folder) as null,
        servers.maksa(shelved.path, core) as service,
        servers.maksa(shelved.path, *machine.cores()) as free,
        servers.maksa(shelved.path, *machine.cores(), workers=2) as pair,
    ):
        requests = _requests(caller(service.port, account), concepts)
        _check(service, requests)
        lookups = requests["Terminology"]
        yield {
            NULL: Target(null, lookups),
            **{name: Target(service, several) for name, several in requests.items()},
            FREE: Target(free, lookups),
            PAIR: Target(pair, lookups),
        }


def _requests(who: Caller, concepts: int) -> dict[str, list[bytes]]:
    """The requests of each variant: codes here and there in the terminology, in both versions."""
    chance = random.Random(7)
    wanted = set(chance.sample(range(concepts), min(_NEW, concepts // 2)))
    found = [each for number, each in enumerate(data.concepts(max(wanted) + 1)) if number in wanted]
    chance.shuffle(found)
    known = found[:_CODES]
    return {
        "Terminology": [who.look_up(TERMINOLOGY, each.code) for each in known],
        "ValidateCts": [who.validate(TERMINOLOGY, each.code, each.display) for each in known],
        "TerminologyValueByVersion": [who.look_up_in(TERMINOLOGY, each.code, "1") for each in known],
        NEW: [who.look_up(TERMINOLOGY, each.code, x_request_id=f"{at:032x}") for at, each in enumerate(found)],
    }


def _check(service: Server, requests: dict[str, list[bytes]]) -> None:
    """Every request of the volleys is one that finds something: a fast 404 is no figure."""
    with Line(service.port) as line:
        for name, several in requests.items():
            for each in several:
                answer = line.ask(each, is_kept=True)
                result = msgspec.json.decode(answer.body).get("result", {})
                assert "data" in result, (name, answer)


def _sample(target: Target, seconds: float, folder: Path) -> tuple[float, float]:
    """(CPU in microseconds for a request, requests a second)."""
    server = target.server
    _, callers_core = machine.cores()
    before = machine.cpu_s(server.pid)
    done = volley.fired(server.port, target.requests, seconds, callers_core, folder)
    used = max(machine.cpu_s(server.pid) - before, machine.TICK_S)  # a short volley may end before the clock has ticked
    return used / done.requests * 1e6, done.requests / done.seconds


def _figures(samples: Samples) -> list[Figure]:
    used = {name: [cpu for cpu, _ in several] for name, several in samples.items()}
    rates = {name: [rate for _, rate in several] for name, several in samples.items()}
    held = [
        against(f"{name}: CPU", used[name], "µs", floor=NULL, floors=used[NULL], limit=limit)
        for name, limit in LIMITS.items()
    ]
    return [
        timed("null: CPU", used[NULL], "µs"),
        *held,
        timed(f"{FREE}: CPU", used[FREE], "µs"),
        against(f"{PAIR}: CPU", used[PAIR], "µs", floor="one worker", floors=used[FREE]),
        timed("null: a second", rates[NULL], "req"),
        *(against(f"{name}: a second", rates[name], "req", floor=NULL, floors=rates[NULL]) for name in LIMITS),
        against(f"{PAIR}: a second", rates[PAIR], "req", floor="one worker", floors=rates[FREE]),
    ]


def main() -> None:
    with scale.workplace() as folder:
        report.show(run(scale.asked(), folder))


if __name__ == "__main__":
    main()
