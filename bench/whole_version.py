"""A whole version downloaded, against nginx sending the same bytes as a file; and what downloads do to everybody else.

Servers on one core, callers on another, kept connections over loopback. A round takes each variant several times, one after
the other; a variant's figure of the round is the median of those.
"""

from __future__ import annotations

import statistics
import time
import zlib
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

import zstandard

from bench import data, home, machine, report, scale, servers
from bench.calls import Caller, caller
from bench.crowd import beside
from bench.exchange import Answer, Line
from bench.home import TERMINOLOGY
from bench.report import Figure, Report, against, timed
from bench.scale import Scale
from bench.servers import Server

SLOW_CALLERS = 40
GREEDY_CALLERS = 2
_DOWNLOADS = 7  # of each variant in a round
_LOOKUPS_A_SECOND = 500
_FILE = "whole.json"


def run(asked: Scale, folder: Path) -> Report:
    """The figures of *asked*."""
    shelved = home.large(folder, asked.concepts)
    who = home.account(shelved)
    core, callers_core = machine.cores()
    served = folder / "served"
    served.mkdir(exist_ok=True)
    with ExitStack() as stack:
        service = stack.enter_context(servers.maksa(shelved.path, core))
        calls = caller(service.port, who)
        _keep_and_check(calls, served / _FILE, asked.concepts)
        files = stack.enter_context(servers.files(served, core, folder, program=servers.nginx()))
        stack.enter_context(machine.on_core(callers_core))
        figures = [
            *_downloads(calls, files, asked),
            *_tail(calls, asked),
            *_beside(calls, callers_core, folder, asked),
            *_slow(calls, service, callers_core, folder),
        ]
    size = (served / _FILE).stat().st_size
    floor = "nginx, sendfile" if servers.nginx() else "bench.sendfile: nginx is not installed, so the floor is another"
    return Report(
        benchmark="whole_version",
        scale=asked,
        figures=figures,
        notes=[
            f"{asked.concepts:,} concepts, {size / 1e6:.1f} MB of JSON; floor: {floor}, the same bytes, checked",
            f"{asked.rounds} rounds of {_DOWNLOADS} downloads of each; the body was prepared when the version was published",
            f"beside: {GREEDY_CALLERS} callers who download without a pause, {_LOOKUPS_A_SECOND} look-ups a second on time",
            f"slow: {SLOW_CALLERS} callers who read 64 KiB each quarter of a second; Pss counts mapped pages of the file too",
        ],
    )


def _keep_and_check(calls: Caller, file: Path, concepts: int) -> None:
    """Puts the body where nginx finds it, once it is what it must be: all concepts, the same in every coding."""
    with Line(calls.port) as line:
        plain = line.ask(calls.whole(TERMINOLOGY, "2"), is_kept=True)
        gzip = line.ask(calls.whole(TERMINOLOGY, "2", accept_encoding="gzip"), is_kept=True)
        zstd = line.ask(calls.whole(TERMINOLOGY, "2", accept_encoding="zstd"), is_kept=True)
    assert plain.status == 200
    assert plain.body.count(b'"coded_stringField":') == concepts
    assert zlib.decompress(gzip.body, 31) == plain.body
    with zstandard.ZstdDecompressor().stream_reader(zstd.body, read_across_frames=True) as reader:
        assert reader.read() == plain.body
    file.write_bytes(plain.body)


def _downloads(calls: Caller, files: Server, asked: Scale) -> list[Figure]:
    variants = {
        "nginx": (files.port, f"GET /{_FILE} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode()),
        "whole": (calls.port, calls.whole(TERMINOLOGY, "2")),
        "gzip": (calls.port, calls.whole(TERMINOLOGY, "2", accept_encoding="gzip")),
        "zstd": (calls.port, calls.whole(TERMINOLOGY, "2", accept_encoding="zstd")),
    }
    answers = _rounds(variants, asked)
    whole, floors = _ms(answers["whole"]), _ms(answers["nginx"])
    speeds, floor_speeds = ([1000 / each for each in several] for several in (whole, floors))
    firsts = [statistics.median(each.first_s for each in several) * 1000 for several in answers["whole"]]
    floor_firsts = [statistics.median(each.first_s for each in several) * 1000 for several in answers["nginx"]]
    return [
        timed("nginx, the same bytes", floors, "ms"),
        against("a whole version", whole, "ms", floor="nginx", floors=floors),
        against("  downloads a second", speeds, "", floor="nginx", floors=floor_speeds, limit=0.9, more_is_better=True),
        timed("  first byte of nginx", floor_firsts, "ms"),
        timed("  first byte", firsts, "ms", limit=2.0),
        timed(f"  gzip, {answers['gzip'][0][0].size / 1e6:.1f} MB", _ms(answers["gzip"]), "ms"),
        timed(f"  zstd, {answers['zstd'][0][0].size / 1e6:.1f} MB", _ms(answers["zstd"]), "ms"),
    ]


def _tail(calls: Caller, asked: Scale) -> list[Figure]:
    """What changed with the second version, against its share of the whole's bytes and time."""
    variants = {
        "whole": (calls.port, calls.whole(TERMINOLOGY, "2")),
        "tail": (calls.port, calls.since(TERMINOLOGY, home.SECOND.year)),
    }
    answers = _rounds(variants, asked)
    share = answers["tail"][0][0].size / answers["whole"][0][0].size
    floors = [each * share for each in _ms(answers["whole"])]
    name = f"a tail by date, {share:.0%} of the bytes"
    return [against(name, _ms(answers["tail"]), "ms", floor="its share", floors=floors, limit=1.3)]


def _rounds(variants: dict[str, tuple[int, bytes]], asked: Scale) -> dict[str, list[list[Answer]]]:
    """The answers of each round, by variant."""
    answers: dict[str, list[list[Answer]]] = {name: [] for name in variants}
    with ExitStack() as stack:
        lines = {name: stack.enter_context(Line(port)) for name, (port, _) in variants.items()}
        for name, (_, request) in variants.items():
            lines[name].ask(request)  # the first one pays for everybody: page tables, slow start
        for turn in range(asked.rounds):
            for name in list(variants)[:: 1 if turn % 2 == 0 else -1]:
                answers[name].append([lines[name].ask(variants[name][1]) for _ in range(_DOWNLOADS)])
    return answers


def _ms(rounds: Sequence[Sequence[Answer]]) -> list[float]:
    return [statistics.median(each.whole_s for each in several) * 1000 for several in rounds]


def _beside(calls: Caller, core: int, folder: Path, asked: Scale) -> list[Figure]:
    """How long look-ups take at a steady pace, alone and beside downloads."""
    alone: list[float] = []
    beside_downloads: list[float] = []
    seconds = max(asked.seconds, 0.2)
    for _ in range(asked.rounds):
        alone.append(_p99_ms(calls, seconds))
        with beside("greedy", calls.port, GREEDY_CALLERS, calls.whole(TERMINOLOGY, "2"), core, folder):
            beside_downloads.append(_p99_ms(calls, seconds))
    return [
        timed("look-ups alone, p99", alone, "ms"),
        timed("look-ups beside downloads, p99", beside_downloads, "ms", limit=10.0),
    ]


def _p99_ms(calls: Caller, seconds: float) -> float:
    """Of look-ups that begin on time whether or not the last one is back: waiting for one's turn counts."""
    requests = [calls.look_up(TERMINOLOGY, data.code_of(number)) for number in range(0, 300, 3)]
    took: list[float] = []
    with Line(calls.port) as line:
        began = time.perf_counter()
        for turn in range(max(20, int(seconds * _LOOKUPS_A_SECOND))):
            due = began + turn / _LOOKUPS_A_SECOND
            time.sleep(max(0.0, due - time.perf_counter()))
            answer = line.ask(requests[turn % len(requests)])
            assert answer.status == 200
            took.append(time.perf_counter() - due)
    return statistics.quantiles(took, n=100)[98] * 1000


def _slow(calls: Caller, service: Server, core: int, folder: Path) -> list[Figure]:
    """Memory that slow callers add, each: the worker's own, and with its share of what is mapped."""
    before = _held_mb(service)
    with beside("slow", calls.port, SLOW_CALLERS, calls.whole(TERMINOLOGY, "2"), core, folder):
        time.sleep(1)
        after = _held_mb(service)
    own, shared = ((now - then) / SLOW_CALLERS for then, now in zip(before, after, strict=True))
    return [
        timed(f"{SLOW_CALLERS} slow callers, each adds (RssAnon)", [own], "MB", limit=1.0),
        timed("  with mapped pages (Pss)", [shared], "MB"),
    ]


def _held_mb(service: Server) -> list[float]:
    return [machine.status_mb(service.pid, "RssAnon"), machine.rollup_mb(service.pid, "Pss")]


def main() -> None:
    with scale.workplace() as folder:
        report.show(run(scale.asked(), folder))


if __name__ == "__main__":
    main()
