"""/metrics: what all the workers of this machine have counted, in Prometheus' text.

Each worker writes its tallies to a file of its own in the home's `run/` once a second where they changed; whoever is
asked adds them up, its own from memory. A worker that ended leaves its file, so that counts do not go back; the files go
when a service starts.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec
from msgspec import Struct
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily
from prometheus_client.metrics_core import Metric

from maksa.model.shapes import json_decoder
from maksa.web.journal import BUCKETS_S, Journal, Tally
from maksa.web.mirrors import Age

_PATTERN = "figures-*.json"


class Figures(Struct):
    """What a worker has counted."""

    tallies: dict[str, Tally]
    dropped: int = 0


_figures_of = json_decoder(Figures)


def write(folder: Path, journal: Journal) -> None:
    """Puts this worker's figures where the others find them; in silence where the folder cannot be written."""
    path = folder / f"figures-{os.getpid()}.json"
    fresh = path.with_suffix(".new")
    try:
        fresh.write_bytes(msgspec.json.encode(Figures(journal.tallies, journal.dropped)))
        fresh.replace(path)
    except OSError:
        return


def forget(folder: Path) -> None:
    """Takes away what earlier services counted."""
    for path in folder.glob(_PATTERN):
        path.unlink(missing_ok=True)


def exposition(
    folder: Path, journal: Journal, *, terminologies: int, faults: int, mirrors: Sequence[Age] = ()
) -> bytes:
    """The figures of all workers as Prometheus reads them (text format 0.0.4)."""
    registry = CollectorRegistry()
    registry.register(_Collector(folder, journal, terminologies, faults, mirrors))
    return generate_latest(registry)


class _Collector:
    def __init__(self, folder: Path, journal: Journal, terminologies: int, faults: int, mirrors: Sequence[Age]) -> None:
        self._all = [*_others(folder), Figures(journal.tallies, journal.dropped)]
        self._gauges = (terminologies, faults)
        self._mirrors = mirrors

    def collect(self) -> Iterator[Metric]:
        requests = CounterMetricFamily(
            "maksa_requests", "Requests answered (499: the caller hung up).", labels=["function", "account", "status"]
        )
        seconds = HistogramMetricFamily(
            "maksa_request_seconds", "Time from a request's arrival to its answer.", labels=["function", "account"]
        )
        for key, tally in sorted(_sums(self._all).items()):
            function, account = key.split("\n")
            for status, count in sorted(tally.statuses.items()):
                requests.add_metric([function, account, str(status)], count)
            seconds.add_metric([function, account], _cumulated(tally.buckets), tally.seconds)
        dropped = CounterMetricFamily("maksa_log_lines_dropped", "Lines of the journal that could not be written.")
        dropped.add_metric([], sum(figures.dropped for figures in self._all))
        terminologies, faults = self._gauges
        yield requests
        yield seconds
        yield dropped
        yield GaugeMetricFamily("maksa_terminologies", "Terminologies on the shelf.", value=terminologies)
        yield GaugeMetricFamily("maksa_shelf_faults", "Files of the shelf found damaged.", value=faults)
        if self._mirrors:
            yield from _mirrored(self._mirrors)


def _mirrored(mirrors: Sequence[Age]) -> Iterator[Metric]:
    age = GaugeMetricFamily(
        "maksa_mirror_age_seconds", "Time since all that the upstream had was here.", labels=["upstream"]
    )
    behind = GaugeMetricFamily("maksa_mirror_behind", "1 while something newer is known upstream.", labels=["upstream"])
    fault = GaugeMetricFamily(
        "maksa_mirror_fault", "1 where the last sync went wrong, and why.", labels=["upstream", "fault"]
    )
    for each in mirrors:
        if each.age_s is not None:
            age.add_metric([each.name], each.age_s)
        behind.add_metric([each.name], int(each.is_behind))
        if each.fault:
            fault.add_metric([each.name, each.fault], 1)
    yield age
    yield behind
    yield fault


def _others(folder: Path) -> Iterator[Figures]:
    mine = f"figures-{os.getpid()}.json"
    for path in folder.glob(_PATTERN):
        if path.name != mine:
            try:
                yield _figures_of(path.read_bytes())
            except (OSError, msgspec.MsgspecError):
                continue


def _sums(all_figures: list[Figures]) -> dict[str, Tally]:
    sums: dict[str, Tally] = {}
    for figures in all_figures:
        for key, tally in figures.tallies.items():
            total = sums.setdefault(key, Tally({}, [0] * len(tally.buckets)))
            for status, count in tally.statuses.items():
                total.statuses[status] = total.statuses.get(status, 0) + count
            total.buckets = [one + other for one, other in zip(total.buckets, tally.buckets, strict=True)]
            total.seconds += tally.seconds
    return sums


def _cumulated(buckets: list[int]) -> list[tuple[str, float]]:
    total = 0
    rows: list[tuple[str, float]] = []
    for limit, count in zip((*map(str, BUCKETS_S), "+Inf"), buckets, strict=True):
        total += count
        rows.append((limit, total))
    return rows
