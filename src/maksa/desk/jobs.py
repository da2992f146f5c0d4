"""Jobs as the desk knows them: what was asked by whom, how far it is, what became of it.

Rules of this file:
- a job's id is its folder's name and its address, and cannot be guessed;
- a job that was under way when the desk ended is `broken`: it may be asked for again, nothing of it counts;
- a broken publication is looked for on the shelf, for what is in the manifest is published, whoever saw it.
"""

from __future__ import annotations

import os
import secrets
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal

import msgspec
from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy import Connection, Select, insert, select, update

from maksa.desk import schema
from maksa.desk.audit import Audit, Who
from maksa.desk.orders import Fault, JobKind, Order, Outcome
from maksa.drafting.loading import Wanted
from maksa.home import Home
from maksa.model.shapes import json_decoder
from maksa.snapshot.storage import told_apart
from maksa.web.gateway.store import Store

State = Literal["waiting", "running", "done", "failed", "stopped", "broken"]
UNDER_WAY: tuple[State, ...] = ("waiting", "running")

_FILE_LETTERS = 80  # of a name: four bytes each at most, and 255 are allowed
_DAY_S = 86_400
_order_of = json_decoder(Order)
_outcome_of = json_decoder(Outcome)


class Job(Struct, frozen=True):
    """A job. Times are seconds since 1970. `order` is what its process was told."""

    id: str
    kind: JobKind
    state: State
    asked_by: str
    order: Order
    terminology_id: str
    label: str
    file: str
    made_at: float
    ended_at: float | None
    outcome: Outcome

    @property
    def is_under_way(self) -> bool:
        return self.state in UNDER_WAY

    @property
    def folder(self) -> Path:
        return Path(self.order.folder)


class Jobs:
    """The jobs of a store, and their folders in the home. Every verb raises StorageError."""

    def __init__(self, store: Store, audit: Audit, home: Home, *, clock: Callable[[], float] = time.time) -> None:
        self._store = store
        self._audit = audit
        self._home = home
        self._clock = clock

    def new_folder(self) -> Path:
        """An empty folder for a job to come, its name the job's id; its owner's alone."""
        folder = self._home.desk / secrets.token_urlsafe(16)
        with told_apart(folder):
            self._home.made().desk.mkdir(mode=0o700, exist_ok=True)
            (folder / "file").mkdir(mode=0o700, parents=True)
            folder.chmod(0o700)
        return folder

    def add(self, order: Order, who: Who) -> Job:
        """The job of *order*, waiting in the folder that is its own."""
        with self._store.writing() as connection:
            return self.add_in(connection, order, who)

    def add_in(self, connection: Connection, order: Order, who: Who) -> Job:
        """The same in a transaction that does more."""
        wanted = order.wanted
        job = Job(
            Path(order.folder).name, order.kind, "waiting", who.actor, order, wanted.terminology_id, wanted.label,
            order.file, self._clock(), None, Outcome(),
        )  # fmt: skip
        self._audit.note_in(
            connection,
            who,
            f"{order.kind}-asked",
            f"{wanted.terminology_id} {wanted.label}",
            job=job.id,
            file=order.file,
        )
        columns = {name: getattr(job, name) for name in _PLAIN}
        connection.execute(insert(schema.job).values(**columns, asked=_text(order), outcome=_text(job.outcome)))
        return job

    def again(self, job: Job, wanted: Wanted, who: Who) -> Job:
        """A job that reads the file of *job* once more, as what is *wanted*. Raises: StorageError where it is kept no longer."""
        folder = self.new_folder()
        file = job.folder / "file" / job.file
        with told_apart(file):
            os.link(file, folder / "file" / job.file)
        return self.add(replace(job.order, folder=str(folder), wanted=wanted), who)

    def get(self, job_id: str) -> Job | None:
        """The job of that id; None where there is none."""
        found = self._read(select(schema.job).where(schema.job.c.id == job_id))
        return found[0] if found else None

    def last(self, limit: int = 50) -> list[Job]:
        """The last jobs, the newest first."""
        return self._read(select(schema.job).order_by(schema.job.c.made_at.desc()).limit(limit))

    def under_way(self) -> list[Job]:
        """The jobs that wait or run, in the order they were asked for."""
        row = schema.job.c
        return self._read(select(schema.job).where(row.state.in_(UNDER_WAY)).order_by(row.made_at))

    def begin(self, job: Job) -> bool:
        """Whether the job was waiting, and is running now."""
        with self._store.writing() as connection:
            return self._turn(connection, job, "waiting", state="running")

    def finish(self, job: Job, state: State, outcome: Outcome) -> bool:
        """Whether the job was under way; it is over now."""
        subject = f"{job.terminology_id} {job.label}"
        facts: dict[str, Any] = {"job": job.id}
        if outcome.fault:
            facts["fault"] = outcome.fault.slug
        if outcome.version:
            facts |= {"digest": outcome.version.digest, "concepts": outcome.version.concepts}
        with self._store.writing() as connection:
            columns = {"state": state, "outcome": _text(outcome), "ended_at": self._clock()}
            was_under_way = self._turn(connection, job, *UNDER_WAY, **columns)
            if was_under_way:
                self._audit.note_in(connection, Who(job.asked_by), f"{job.kind}-{state}", subject, **facts)
        return was_under_way

    def forget_old(self, days: int) -> None:
        """Removes the folders of jobs that ended more than *days* ago: their files, findings and differences.

        And those without a job that a day has passed over: an upload was under way when the machine stopped.
        """
        ended, folders = schema.job.c.ended_at, self._folders()
        with self._store.reading() as connection:
            known = {row.id: row.ended_at for row in connection.execute(select(schema.job.c.id, ended))}
        for folder, changed_at in folders:
            days_kept, since = (days, known[folder.name]) if folder.name in known else (1, changed_at)
            if since is not None and since < self._clock() - days_kept * _DAY_S:
                shutil.rmtree(folder, ignore_errors=True)

    def _folders(self) -> list[tuple[Path, float]]:
        """Every folder with the moment at which it was changed last."""
        if not self._home.desk.is_dir():
            return []
        return [(folder, folder.stat().st_mtime) for folder in self._home.desk.iterdir()]

    def _turn(self, connection: Connection, job: Job, *states: State, **columns: Any) -> bool:
        row = schema.job
        changed = update(row).where(row.c.id == job.id, row.c.state.in_(states)).values(**columns)
        return connection.execute(changed).rowcount == 1

    def _read(self, rows: Select[Any]) -> list[Job]:
        with self._store.reading() as connection:
            return [_job(row) for row in connection.execute(rows)]


_PLAIN = ("id", "kind", "state", "asked_by", "terminology_id", "label", "file", "made_at", "ended_at")


def _job(row: Any) -> Job:
    order = _order_of(row.asked)
    outcome = _outcome_of(row.outcome)
    return Job(order=order, outcome=outcome, **{name: getattr(row, name) for name in _PLAIN})


def _text(record: Struct) -> str:
    return msgspec.json.encode(record).decode()


def broken() -> Outcome:
    """What became of a job that was under way when the desk ended."""
    return Outcome(fault=Fault("desk-ended"))


def file_name(given: str) -> str:
    """A name under which a stranger's file can be kept: the last part of *given*, without what a system reads in it."""
    last = given.replace("\\", "/").rpartition("/")[2]
    plain = "".join(letter if letter.isprintable() and letter not in ':*?"<>|' else "_" for letter in last)
    stem, dot, kind = plain.strip().lstrip(".-~").rpartition(".")
    kept = f"{stem[: _FILE_LETTERS - 10]}.{kind[:8]}" if dot and stem else (kind or stem)[:_FILE_LETTERS]
    return kept.encode("utf-8", "ignore").decode().strip() or "file"
