"""How far long work is: a live line on a terminal, a plain line for each phase in a pipe; always on standard error."""

from __future__ import annotations

import sys
from time import monotonic
from types import TracebackType
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

_PLAIN_S = 10.0  # seconds between two lines of one phase in a pipe


class Steps:
    """Called with (phase, done so far), as rooms report their progress. `total`, where known, gives the time left."""

    def __init__(self, *, total: int | None = None, unit: str = "rows") -> None:
        self._total = total
        self._unit = unit
        self._live = _live()
        self._task: TaskID | None = None
        self._phase = ""
        self._began = self._said = monotonic()
        self._done = 0

    def __enter__(self) -> Steps:
        if self._live:
            self._live.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._live:
            self._live.stop()
        elif error is None:
            self._say_phase()

    def __call__(self, phase: str, done: int) -> None:
        if phase != self._phase:
            self._begin(phase)
        self._done = done
        if self._live and self._task is not None:
            self._live.update(self._task, completed=done)
        elif monotonic() - self._said > _PLAIN_S:
            self._say_phase()

    def _begin(self, phase: str) -> None:
        if self._live:
            self._task = self._live.add_task(phase, total=self._total, unit=self._unit)
        elif self._phase:
            self._say_phase()
        self._phase, self._began, self._said, self._done = phase, monotonic(), monotonic(), 0

    def _say_phase(self) -> None:
        self._said = monotonic()
        if self._phase:
            seconds = self._said - self._began
            count = f" {self._done:,} {self._unit}" if self._done else ""
            rate = f", {self._done / seconds:,.0f} {self._unit}/s" if self._done and seconds >= 1 else ""
            click.echo(f"{self._phase}:{count} in {seconds:.1f} s{rate}", err=True)


def _live() -> Progress | None:
    """A live line, where there is a terminal: what draws it takes as long to import as all of click."""
    if not sys.stderr.isatty():
        return None
    from maksa.cli.live import live

    return live()
