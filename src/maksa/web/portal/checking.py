"""A stranger's file checked in a process of its own, with bounds on its memory, its time and what it writes.

Rules of this file:
- whatever the file does to its reader (a workbook of 500 GB in one stray cell, an XML bomb, a crash) ends a process and no more;
- what that process says goes to files of the check alone: no line of it is in a log.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import msgspec
from msgspec import Struct

from maksa.check import Judged, Summary
from maksa.model.shapes import json_decoder
from maksa.pages.wording import Language

SECONDS = 60.0  # of the clock
CPU_SECONDS = 45
MEMORY = 1536 << 20  # bytes beside the lists, which are mapped
WRITTEN = 256 << 20  # bytes of a file that is made
SHOWN = 200  # texts with findings that the page shows; the report has all

NAMED = 30  # columns of a file that has not those that are needed

UPLOAD, RESULT, REPORT, CORRECTED, JOB = "upload", "result.json", "report.xlsx", "corrected", "job.json"
"""The files of a check, in its folder."""

_CHILD = "maksa.web.portal.checking_child"


class Job(Struct, frozen=True):
    """What is to be checked: the upload, called *name* by its sender, against the *shelf* without what is *hidden*.

    `terminology` is that of all rows, "" where each says its own. `is_pasted`: a table may have no header. `language` is the report's.
    """

    name: str
    shelf: str
    hidden: tuple[str, ...] = ()
    terminology: str = ""
    is_pasted: bool = False
    language: Language = "fa"


class Result(Struct, frozen=True, kw_only=True):
    """What was found: the first `SHOWN` texts of it, and whether there are files of it; or the `fault` that hindered it.

    `fault` is an error's slug, or "gave-up" for a process that ended before its end; `reason` is what it says in English, and
    `reason_fa` in Persian, where that is known, with `detail` for a library's own word. `columns` are those that were found
    where others were needed: the first `NAMED` of them.
    """

    name: str
    summary: Summary | None = None
    judged: tuple[Judged, ...] = ()
    has_corrected: bool = False
    has_report: bool = False
    fault: str = ""
    reason: str = ""
    reason_fa: str = ""
    detail: str = ""
    columns: tuple[str, ...] = ()


_result_of = json_decoder(Result)


class Queue:
    """The checks of one worker: one is made at a time, *waiting* may wait. `turn` is held while one is made."""

    def __init__(self, waiting: int) -> None:
        self.turn = asyncio.Semaphore(1)
        self._most = waiting + 1
        self._here = 0

    @property
    def is_full(self) -> bool:
        """Whether there is no place."""
        return self._here >= self._most

    @contextlib.contextmanager
    def place(self) -> Iterator[None]:
        """A place in the queue, for as long as the block lasts."""
        self._here += 1
        try:
            yield
        finally:
            self._here -= 1


async def checked(folder: Path, job: Job) -> Result:
    """The result of the check of *folder*'s upload, which is gone afterwards; the files made of it are beside."""
    (folder / JOB).write_bytes(msgspec.json.encode(job))
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", _CHILD, str(folder),
        stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL,
        start_new_session=True,
    )  # fmt: skip
    try:
        await asyncio.wait_for(process.wait(), SECONDS)
    except TimeoutError:
        pass
    finally:
        with contextlib.suppress(ProcessLookupError):  # it and those that it started
            os.killpg(process.pid, signal.SIGKILL)
        await process.wait()
        (folder / UPLOAD).unlink(missing_ok=True)
    return _read(folder, job)


def result_in(folder: Path) -> Result | None:
    """The result that is kept in *folder*; None while there is none."""
    try:
        return _result_of((folder / RESULT).read_bytes())
    except (OSError, msgspec.MsgspecError):
        return None


def _read(folder: Path, job: Job) -> Result:
    found = result_in(folder)
    if found is not None:
        return found
    given_up = Result(name=job.name, fault="gave-up")
    for name in (REPORT, CORRECTED):
        (folder / name).unlink(missing_ok=True)
    (folder / RESULT).write_bytes(msgspec.json.encode(given_up))
    return given_up
