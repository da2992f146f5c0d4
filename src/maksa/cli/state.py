"""How the service did in the last days, as its record says."""

from __future__ import annotations

from time import time

import click

from maksa.cli.output import as_json, existing, print_json, print_rows, with_home
from maksa.home import Home
from maksa.web.state import DAYS, Day, Figures, state_of
from maksa.wire.dates import jalali


@click.command()
@click.option("--days", default=7, show_default=True, type=click.IntRange(1, DAYS), help="How many days.")
@as_json
@with_home
def state(*, days: int, home: Home, as_json: bool) -> None:
    """List how the service did in the last days, the newest first: how long it lived, calls, refusals, failures, times.

    The record is of this machine's services on this home; it is written once a minute while one runs. A day without a
    record is left out.
    """
    found = state_of(existing(home).run, time())
    shown = [day for day in reversed(found.days[-days:]) if day.up is not None]
    if as_json:
        print_json({"since": found.since, "lately_s": found.lately_s, "lately": found.lately, "days": shown})
        return
    columns = ("DAY", "UP", "CALLS", "REFUSED", "FAILED", "P50 MS", "P95 MS")
    print_rows(columns, map(_row, shown))
    lately = found.lately
    click.echo(
        f"the last {found.lately_s // 60} minutes: {lately.requests:,} calls, {lately.failed:,} failed", err=True
    )


def _row(day: Day) -> tuple[str, ...]:
    return (jalali(day.date), f"{(day.up or 0) * 100:.2f}%", *_cells(day.figures))


def _cells(figures: Figures) -> tuple[str, ...]:
    times = ("" if ms is None else f"{ms:.1f}" for ms in (figures.p50_ms, figures.p95_ms))
    return (*map(str, (figures.requests, figures.refused, figures.failed)), *times)
