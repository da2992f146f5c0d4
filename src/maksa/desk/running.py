"""Doing jobs: one at a time, each in a process of its own, which may crash, run away or be stopped.

Rules of this file:
- jobs are done in the order they were asked for: two loads would wait for one lock anyway, and memory is one job's;
- a process that ends by itself without a word has crashed: the job says by what signal, and the desk goes on;
- what became of a job is told until it is written: on a full disk that is once somebody has made room;
- when the desk ends its process does too (its input is closed), and what it was doing leaves nothing behind.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal
import sys
from collections.abc import Callable

import msgspec

from maksa.desk.child import EXIT_MEMORY
from maksa.desk.jobs import Job, Jobs, State, broken
from maksa.desk.orders import Fault, Outcome, Progress, Said
from maksa.home import Home
from maksa.model.errors import MaksaError, StorageError
from maksa.model.shapes import json_decoder
from maksa.model.terminology import Version, key_of
from maksa.snapshot import manifest as manifests

_log = logging.getLogger("maksa.desk")

_LINE = 1 << 24  # bytes of the longest line that a process may say
_UNTOLD_S = 5.0  # between two attempts to write what became of a job
_PATIENCE_S = 5.0  # with a process that is asked to end

Ended = Callable[[Job, State, Outcome], None]
_said = json_decoder(Said)


class Runner:
    """Does the jobs that wait. *ended* is called, in a thread, when one is over; `progress` says how far the current one is."""

    def __init__(self, jobs: Jobs, home: Home, *, longest_s: float, ended: Ended) -> None:
        self.progress: dict[str, Progress] = {}
        self._jobs = jobs
        self._home = home
        self._longest_s = longest_s
        self._ended = ended
        self._wake = asyncio.Event()
        self._stopping: set[str] = set()
        self._process: asyncio.subprocess.Process | None = None
        self._current = ""

    def wake(self) -> None:
        """There is a job to be done. From any task of the loop."""
        self._wake.set()

    async def stop(self, job: Job) -> None:
        """Ends the job, whether it waits or runs."""
        self._stopping.add(job.id)
        if self._current == job.id and self._process:
            _signal(self._process, signal.SIGTERM)
        elif job.state == "waiting":
            await asyncio.to_thread(self._stopped, job)

    async def run(self) -> None:
        """Does jobs for ever; first those that broke off are told."""
        await asyncio.to_thread(self._mend)
        while True:
            self._wake.clear()
            for job in await asyncio.to_thread(self._waiting):
                await self._guarded(job)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._wake.wait(), 5.0)

    def _waiting(self) -> list[Job]:
        try:
            return [job for job in self._jobs.under_way() if job.state == "waiting"]
        except MaksaError as error:
            _log.error("jobs cannot be asked for: %s", error)
            return []

    def _mend(self) -> None:
        """What an earlier desk left under way: published, if the shelf has it; else broken."""
        for job in self._jobs.under_way():
            version = self._published(job)
            if version:
                self._finish(job, "done", Outcome(version=version))
            elif job.state == "running":
                self._finish(job, "broken", broken())

    def _published(self, job: Job) -> Version | None:
        if job.kind != "publish":
            return None
        wanted = key_of(job.terminology_id), job.label
        versions = manifests.read(self._home.shelf).versions
        return next((each for each in versions if (key_of(each.terminology_id), each.label) == wanted), None)

    async def _guarded(self, job: Job) -> None:
        """The job, done; whatever befalls it, the next one comes."""
        try:
            await self._do(job)
        except Exception as error:  # noqa: BLE001 # were this to end, no job would be done any more
            _log.error("job %s", job.id, exc_info=error)
            await self._told(job, "failed", Outcome(fault=Fault("unexpected", type(error).__name__)))

    async def _do(self, job: Job) -> None:
        if job.id in self._stopping or not await asyncio.to_thread(self._jobs.begin, job):
            return
        self._current = job.id
        try:
            state, outcome = await self._supervised(job)
        finally:
            self._current, self._process = "", None
            self.progress.pop(job.id, None)
        if outcome.version is None and (version := await asyncio.to_thread(self._published, job)):
            state, outcome = "done", Outcome(version=version)  # it was, before its process came to say so
        await self._told(job, state, outcome)

    async def _told(self, job: Job, state: State, outcome: Outcome) -> None:
        """Returns when the store has what became of the job."""
        while True:
            try:
                return await asyncio.to_thread(self._finish, job, state, outcome)
            except StorageError as error:
                _log.error("job %s is over and cannot be said to be: %s", job.id, error)
                await asyncio.sleep(_UNTOLD_S)

    async def _supervised(self, job: Job) -> tuple[State, Outcome]:
        """What the process of the job came to."""
        log = (job.folder / "process.log").open("wb")
        with log:
            self._process = process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "maksa.desk.child", stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE, stderr=log, limit=_LINE,
            )  # fmt: skip
            if job.id in self._stopping:
                _signal(process, signal.SIGTERM)
            try:
                outcome = await asyncio.wait_for(self._heard(job, process), self._longest_s)
            except TimeoutError:
                return "failed", Outcome(fault=Fault("too-slow", f"{self._longest_s:g} s"))
            finally:
                await _ended(process)
        if outcome is not None:
            return ("failed" if outcome.fault else "done"), outcome
        if job.id in self._stopping:
            return "stopped", Outcome(fault=Fault("stopped"))
        return "failed", Outcome(fault=_fault(process.returncode or 0))

    async def _heard(self, job: Job, process: asyncio.subprocess.Process) -> Outcome | None:
        """What the process says became of it; None where it ended without a word."""
        assert process.stdin is not None
        assert process.stdout is not None
        with contextlib.suppress(ConnectionError):
            process.stdin.write(msgspec.json.encode(job.order) + b"\n")
            await process.stdin.drain()
        outcome = None
        while line := await process.stdout.readline():
            said = _said(line)
            if said.progress:
                self.progress[job.id] = said.progress
            outcome = said.outcome or outcome
        await process.wait()
        return outcome

    def _stopped(self, job: Job) -> None:
        """What waited waits no more; one that has run meanwhile is told of by whoever has seen it end."""
        outcome = Outcome(fault=Fault("stopped"))
        if self._jobs.finish(job, "stopped", outcome):
            self._ended(job, "stopped", outcome)

    def _finish(self, job: Job, state: State, outcome: Outcome) -> None:
        self._jobs.finish(job, state, outcome)
        self._ended(job, state, outcome)


def _fault(code: int) -> Fault:
    """Why a process ended that said nothing."""
    if code == EXIT_MEMORY:
        return Fault("out-of-memory")
    if code < 0:
        return Fault("reader-crashed", signal.Signals(-code).name)
    return Fault("unexpected" if code == 1 else "reader-crashed", f"exit code {code}")


async def _ended(process: asyncio.subprocess.Process) -> None:
    """Returns when the process is no more."""
    if process.stdin:
        process.stdin.close()
    if process.returncode is None:
        _signal(process, signal.SIGTERM)
        try:
            await asyncio.wait_for(process.wait(), _PATIENCE_S)
        except TimeoutError:
            _signal(process, signal.SIGKILL)
            await process.wait()


def _signal(process: asyncio.subprocess.Process, number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError):
        process.send_signal(number)
