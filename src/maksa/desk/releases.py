"""Releases: a reviewed draft, the notice beside it, somebody who asks that it be published and somebody who says yes.

    asked ──► approved ──► published          asked ──► refused · withdrawn
                  └──────► void (it was changed, or another version came) · failed

Rules of this file:
- what is asked for is one state of a draft, by its fingerprint, on top of one version: no other is ever published by it;
- where two persons are wanted, whoever asked may not say yes;
- a decision is one statement that looks at the state it changes: of two who decide at once, one is told that it was done.
"""

from __future__ import annotations

import secrets
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
from maksa.desk.jobs import Job, Jobs
from maksa.desk.jobs import State as JobState
from maksa.desk.orders import Outcome
from maksa.drafting.loading import Wanted
from maksa.model.errors import ReleaseError
from maksa.model.shapes import json_decoder
from maksa.model.terminology import Notice, key_of
from maksa.web.gateway.store import Store

State = Literal["asked", "approved", "published", "refused", "withdrawn", "void", "failed"]

_LONGEST = 1000  # characters of a reason
_notice_of = json_decoder(Notice)


class Release(Struct, frozen=True):
    """A release. `job` is the one whose review was read, `publishing` the one that publishes it, "" before there is one."""

    id: str
    job: str
    terminology_id: str
    label: str
    fingerprint: str
    last_label: str
    notice: Notice
    state: State
    asked_by: str
    asked_at: float
    decided_by: str
    decided_at: float | None
    reason: str
    publishing: str

    @property
    def is_open(self) -> bool:
        """Whether it may still become a version."""
        return self.state in ("asked", "approved")


class Releases:
    """The releases of a store. Every verb raises StorageError where the store cannot."""

    def __init__(
        self, store: Store, audit: Audit, jobs: Jobs, *, two_persons: bool, clock: Callable[[], float] = time.time
    ) -> None:
        self.two_persons = two_persons
        self._store = store
        self._audit = audit
        self._jobs = jobs
        self._clock = clock

    def ask(self, job: Job, notice: Notice, who: Who) -> Release:
        """The release of the draft that *job* reviewed, announced by *notice*.

        Raises: ReleaseError where the job has no review, or a release of this version is open.
        """
        draft = job.outcome.draft
        if draft is None or job.state != "done":
            raise ReleaseError(case="unreviewed", reason="no review of this draft has ended well")
        release = Release(
            secrets.token_urlsafe(12), job.id, draft.terminology_id, draft.label, draft.fingerprint, draft.last_label,
            notice, "asked", who.actor, self._clock(), "", None, "", "",
        )  # fmt: skip
        with self._store.writing() as connection:
            self._note(connection, who, "release-asked", release, notice=notice, fingerprint=draft.fingerprint)
            if any(_is_of(each, release) for each in _read(connection, _open())):
                raise ReleaseError(case="open", reason="a release of this version is open already")
            columns = {name: getattr(release, name) for name in Release.__struct_fields__}
            notice_text = msgspec.json.encode(notice).decode()
            connection.execute(insert(schema.release).values(columns | {"notice": notice_text}))
        return release

    def approve(self, release: Release, reviewed: Job, who: Who) -> Job:
        """The job that publishes it. *reviewed* is the job whose review was read.

        Raises: ReleaseError where it is not open, or where *who* may not be the one.
        """
        if self.two_persons and who.actor == release.asked_by:
            raise ReleaseError(
                case="own", reason="whoever asked for a release does not approve it: another releaser must"
            )
        publishing = replace(
            reviewed.order,
            kind="publish",
            folder=str(self._jobs.new_folder()),
            wanted=Wanted(terminology_id=release.terminology_id, label=release.label),
            file="",
            fingerprint=release.fingerprint,
            last_label=release.last_label,
            notice=release.notice,
        )
        with self._store.writing() as connection:
            self._decide(connection, release, who, "approved", publishing=Path(publishing.folder).name)
            self._note(connection, who, "release-approved", release, fingerprint=release.fingerprint)
            return self._jobs.add_in(connection, publishing, who)

    def refuse(self, release: Release, reason: str, who: Who) -> None:
        """It will not be published, for *reason*. Raises: ReleaseError without one, or where it is not open."""
        if not reason.strip():
            raise ReleaseError(case="unexplained", reason="whoever asked must be told why: write a reason")
        self._close(release, who, "refused", reason.strip()[:_LONGEST])

    def withdraw(self, release: Release, who: Who) -> None:
        """Whoever asked for it no longer does. Raises: ReleaseError for another, or where it is not open."""
        if who.actor != release.asked_by:
            raise ReleaseError(
                case="others", reason="only whoever asked for a release withdraws it; a releaser may refuse it"
            )
        self._close(release, who, "withdrawn", "")

    def published(self, job: Job, state: JobState, outcome: Outcome) -> None:
        """What became of the release that *job* was to publish: for when the job is over."""
        if job.kind != "publish":
            return
        fault = outcome.fault.slug if outcome.fault else ""
        reached: State = "published" if state == "done" else "void" if fault == "approval-void" else "failed"
        row = schema.release
        changed = update(row).where(row.c.publishing == job.id, row.c.state == "approved")
        with self._store.writing() as connection:
            connection.execute(changed.values(state=reached, reason=outcome.fault.message if outcome.fault else ""))

    def mend(self) -> None:
        """Says of every approved release whose job is over what became of it: a desk may have ended between the two."""
        for release in self.open():
            job = self._jobs.get(release.publishing)
            if job is not None and not job.is_under_way:
                self.published(job, job.state, job.outcome)

    def get(self, release_id: str) -> Release | None:
        """The release of that id; None where there is none."""
        with self._store.reading() as connection:
            return next(iter(_read(connection, _all().where(schema.release.c.id == release_id))), None)

    def of(self, job: Job) -> Release | None:
        """The last release that was asked for on this job's review, or that this job publishes; None where there is none."""
        row = schema.release.c
        with self._store.reading() as connection:
            return next(iter(_read(connection, _all().where((row.job == job.id) | (row.publishing == job.id)))), None)

    def open(self) -> list[Release]:
        """The releases that may still become versions, the newest first."""
        with self._store.reading() as connection:
            return _read(connection, _open())

    def last(self, limit: int = 50) -> list[Release]:
        """The last releases, the newest first."""
        with self._store.reading() as connection:
            return _read(connection, _all().limit(limit))

    def _close(self, release: Release, who: Who, state: State, reason: str) -> None:
        with self._store.writing() as connection:
            self._decide(connection, release, who, state, reason=reason)
            self._note(connection, who, f"release-{state}", release, reason=reason)

    def _decide(self, connection: Connection, release: Release, who: Who, state: State, **columns: Any) -> None:
        row = schema.release
        asked = update(row).where(row.c.id == release.id, row.c.state == "asked")
        values = {"state": state, "decided_by": who.actor, "decided_at": self._clock(), **columns}
        if connection.execute(asked.values(values)).rowcount != 1:
            raise ReleaseError(case="decided", reason="it was decided on already")

    def _note(self, connection: Connection, who: Who, action: str, release: Release, **facts: Any) -> None:
        subject = f"{release.terminology_id} {release.label}"
        self._audit.note_in(connection, who, action, subject, release=release.id, **facts)


def _all() -> Select[Any]:
    return select(schema.release).order_by(schema.release.c.asked_at.desc())


def _open() -> Select[Any]:
    return _all().where(schema.release.c.state.in_(("asked", "approved")))


def _is_of(one: Release, other: Release) -> bool:
    return key_of(one.terminology_id) == key_of(other.terminology_id) and one.label == other.label


def _read(connection: Connection, rows: Select[Any]) -> list[Release]:
    return [_release(row) for row in connection.execute(rows)]


def _release(row: Any) -> Release:
    columns = {name: getattr(row, name) for name in Release.__struct_fields__}
    return Release(**columns | {"notice": _notice_of(row.notice)})
