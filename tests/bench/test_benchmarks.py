"""Every benchmark runs to its end in a tiny size, checks what it measures, and writes its figures. No time is judged."""

from __future__ import annotations

import math
import shutil

import msgspec
import pytest

from bench import __main__ as every
from bench import (
    check,
    client,
    embed,
    load,
    machine,
    mirror,
    portal,
    report,
    requests,
    rf2,
    search,
    servers,
    start,
    volley,
    whole_version,
)
from bench.exchange import Line
from bench.report import Report, against, timed
from bench.scale import TINY, asked

BENCHMARKS = {
    "check": check.run,
    "client": client.run,
    "embed": embed.run,
    "load": load.run,
    "mirror": mirror.run,
    "portal": portal.run,
    "requests": requests.run,
    "rf2": rf2.run,
    "search": search.run,
    "start": start.run,
    "whole_version": whole_version.run,
}

pytestmark = pytest.mark.xdist_group("bench")  # one process: they share a folder, and the machine's two cores


@pytest.mark.parametrize("name", BENCHMARKS)
def test_a_benchmark_runs_and_writes_its_figures(name, folder, tmp_path, capsys):
    """What is written can be read back, says how it was measured, and has no figure that is no number."""
    report.show(BENCHMARKS[name](TINY, folder), tmp_path)
    written = msgspec.json.decode((tmp_path / f"{name}.json").read_bytes(), type=Report)

    assert written.benchmark == name
    assert written.notes
    assert {"commit", "cores", "load"} <= written.machine.keys()
    assert all(math.isfinite(figure.value) for figure in written.figures)
    assert any(figure.limit is not None for figure in written.figures)
    assert written.figures[0].name in capsys.readouterr().out


def test_every_keyboard_finds_every_concept(folder):
    """The one figure that a slow machine does not change. [performance.md: 100 %]"""
    figures = {figure.name: figure.value for figure in search.run(TINY, folder).figures}

    assert figures["found, whatever the keyboard"] == 100


def test_all_benchmarks_are_in_the_one_command():
    """`make bench` leaves none out."""
    assert set(every.NAMES) == set(BENCHMARKS)


def test_a_ratio_is_of_the_same_round():
    """A round in which the machine was slow for both is no slow round."""
    figure = against("look-up", [20.0, 60.0, 22.0], "µs", floor="null", floors=[10.0, 30.0, 11.0], limit=2.5)

    assert (figure.value, figure.ratio, figure.holds) == (22.0, 2.0, True)


def test_a_missed_limit_is_said():
    """By the figure and by nothing else."""
    assert timed("ready", [0.9, 1.4, 1.2], "s", limit=1.0).holds is False
    assert timed("ready", [0.9, 1.4, 1.2], "s").holds is None


def test_nothing_is_judged_in_a_small_size(tmp_path, capsys):
    """Limits are of the full scale."""
    shown = Report(benchmark="x", scale=TINY, figures=[timed("ready", [9.0], "s", limit=1.0)])
    report.show(shown, tmp_path)

    assert shown.figures[0].holds is None
    assert "MISSED" not in capsys.readouterr().out


def test_the_environment_asks_for_a_quick_run(monkeypatch):
    """`make bench QUICK=1`; the command line stands over it."""
    monkeypatch.setenv("QUICK", "1")

    assert asked([]).name == "quick"
    assert asked(["--scale", "tiny"]).name == "tiny"


def test_without_nginx_the_floor_sends_the_same_bytes(tmp_path):
    """A plain sendfile stands in, twice on one connection."""
    (tmp_path / "whole.json").write_bytes(b"{}" * 100_000)
    core, _ = machine.cores()
    with servers.files(tmp_path, core, tmp_path, program=None) as server, Line(server.port) as line:
        answers = [line.ask(b"GET /whole.json HTTP/1.1\r\nHost: localhost\r\n\r\n", is_kept=True) for _ in range(2)]

    assert [(answer.status, answer.body) for answer in answers] == [(200, b"{}" * 100_000)] * 2


@pytest.mark.parametrize("seconds", [0.2, 1.0])
def test_a_volley_counts_what_was_answered(seconds, tmp_path):
    """By our own generator, and by wrk where it is installed; every answer a 200."""
    if seconds >= 1 and not shutil.which("wrk"):
        pytest.skip("wrk is not installed")
    core, callers_core = machine.cores()
    request = b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\n{}"
    with servers.null(core, tmp_path) as null:
        before = machine.cpu_s(null.pid)
        fired = volley.fired(null.port, [request], seconds, callers_core, tmp_path)

        assert fired.requests > 10
        assert machine.cpu_s(null.pid) > before
