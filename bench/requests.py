"""Processor time for one request of the three look-ups, against a callable that reads the body and answers nothing.

Servers on one core, their callers on another, 32 connections. In each round every variant is fired at once after the
other, and a round's ratios are of that round: the machine's mood is in both. Two passes, each with servers of its own.
"""

from __future__ import annotations

import random
from contextlib import ExitStack
from pathlib import Path

import msgspec

from bench import data, home, machine, report, scale, servers, volley
from bench.calls import Caller, caller
from bench.exchange import Line
from bench.home import TERMINOLOGY
from bench.report import Figure, Report, against, timed
from bench.scale import Scale
from bench.servers import Server

LIMITS = {"Terminology": 1.35, "ValidateCts": 1.5, "TerminologyValueByVersion": 1.5}
_CODES = 500  # different requests of a variant

Samples = dict[str, list[tuple[float, float]]]
"""(CPU in microseconds, requests a second) of each round, by variant."""


def run(asked: Scale, folder: Path) -> Report:
    """The figures of *asked*."""
    shelved = home.large(folder, asked.concepts)
    who = home.account(shelved)
    samples: Samples = {}
    for turn in range(asked.passes):
        with ExitStack() as stack:
            core, callers_core = machine.cores()
            null = stack.enter_context(servers.null(core, folder))
            service = stack.enter_context(servers.maksa(shelved.path, core))
            requests = _requests(caller(service.port, who), asked.concepts)
            _check(service, requests)
            order = ["null", *requests] if turn % 2 == 0 else [*reversed(requests), "null"]
            for each in order:  # the first requests of a process are not what is measured
                _sample(each, null, service, requests, 0.1, callers_core, folder)
            for _ in range(asked.rounds):
                for each in order:
                    sample = _sample(each, null, service, requests, asked.seconds, callers_core, folder)
                    samples.setdefault(each, []).append(sample)
    return Report(
        benchmark="requests",
        scale=asked,
        figures=_figures(samples),
        notes=[
            f"one worker, {volley.CONNECTIONS} connections, {asked.samples} rounds in {asked.passes} pass(es)",
            f"CPU: user + system time of the server's process, per request; the load is from {volley.generator()}",
            "null: the same uvicorn, uvloop and httptools, the library's own protocol class, the body read, 151 bytes answered",
            f"{_CODES} codes of {asked.concepts:,}; the request log is on and goes to a file, as in production",
        ],
    )


def _requests(who: Caller, concepts: int) -> dict[str, list[bytes]]:
    """The requests of each variant: codes here and there in the terminology, in both versions."""
    chance = random.Random(7)
    numbers = sorted(chance.sample(range(concepts), min(_CODES, concepts // 2)))
    wanted = set(numbers)
    known = [each for number, each in enumerate(data.concepts(numbers[-1] + 1)) if number in wanted]
    chance.shuffle(known)
    return {
        "Terminology": [who.look_up(TERMINOLOGY, each.code) for each in known],
        "ValidateCts": [who.validate(TERMINOLOGY, each.code, each.display) for each in known],
        "TerminologyValueByVersion": [who.look_up_in(TERMINOLOGY, each.code, "1") for each in known],
    }


def _check(service: Server, requests: dict[str, list[bytes]]) -> None:
    """Every request of the volleys is one that finds something: a fast 404 is no figure."""
    with Line(service.port) as line:
        for name, several in requests.items():
            for each in several:
                answer = line.ask(each, is_kept=True)
                result = msgspec.json.decode(answer.body).get("result", {})
                assert "data" in result, (name, answer)


def _sample(
    variant: str,
    null: Server,
    service: Server,
    requests: dict[str, list[bytes]],
    seconds: float,
    core: int,
    folder: Path,
) -> tuple[float, float]:
    """(CPU in microseconds for a request, requests a second)."""
    server = null if variant == "null" else service
    fire = requests["Terminology" if variant == "null" else variant]
    before = machine.cpu_s(server.pid)
    done = volley.fired(server.port, fire, seconds, core, folder)
    return (machine.cpu_s(server.pid) - before) / done.requests * 1e6, done.requests / done.seconds


def _figures(samples: Samples) -> list[Figure]:
    floors, floor_rates = zip(*samples["null"], strict=True)
    figures = [timed("null: CPU", floors, "µs")]
    for name, limit in LIMITS.items():
        used = [cpu for cpu, _ in samples[name]]
        figures.append(against(f"{name}: CPU", used, "µs", floor="null", floors=floors, limit=limit))
    figures.append(timed("null: a second", floor_rates, "req"))
    for name in LIMITS:
        rates = [rate for _, rate in samples[name]]
        figures.append(
            against(f"{name}: a second", rates, "req", floor="null", floors=floor_rates, more_is_better=True)
        )
    return figures


def main() -> None:
    with scale.workplace() as folder:
        report.show(run(scale.asked(), folder))


if __name__ == "__main__":
    main()
