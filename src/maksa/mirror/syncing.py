"""One sync of one upstream, whatever its kind: alone on its shelf, and its standing noted however it ends."""

from __future__ import annotations

import datetime as dt
import fcntl
import os
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import msgspec

from maksa.mirror.guide import GuideSource
from maksa.mirror.maksa import MaksaSource
from maksa.mirror.report import Clock, Pause, Progress, Source, SyncReport
from maksa.mirror.upstream import Upstream
from maksa.mirror.upstreams import Upstreams
from maksa.model.errors import MaksaError, StorageError, SyncRunningError
from maksa.model.following import Standing, message_of
from maksa.snapshot import manifest
from maksa.snapshot.following import staging_of
from maksa.snapshot.signing import Signer
from maksa.snapshot.storage import told_apart

LOCK = ".sync-lock"


def source_of(upstreams: Upstreams, upstream: Upstream, signer: Signer | None = None) -> Source:
    """Whoever can follow *upstream*, with the account that *upstreams* has for it. Raises: ManifestError."""
    account = upstreams.account(upstream.name)
    rivals = upstreams.rivals(upstream.name)
    if upstream.kind == "guide":
        return GuideSource(upstream, account, signer=signer, rivals=rivals)
    return MaksaSource(upstream, account, upstreams.tokens(upstream.name), signer, rivals)


def utc_now() -> dt.datetime:
    """The moment of asking, aware."""
    return dt.datetime.now(dt.UTC)


def sync(
    upstreams: Upstreams,
    name: str,
    folder: Path,
    *,
    progress: Progress,
    at_any_hour: bool = False,
    accepted: Collection[str] = (),
    signer: Signer | None = None,
    source: Callable[[Upstreams, Upstream, Signer | None], Source] = source_of,
    now: Clock = utc_now,
    pause: Pause = time.sleep,
) -> SyncReport:
    """Brings the shelf in *folder* as far as the upstream *name* is, as `Source.sync` says, and notes how it stands then.

    Args:
        at_any_hour: whether it may be asked outside its hours.
        accepted: ids of terminologies that are held back: what the upstream says of them now is taken, and binds it from now on.
        signer: the key of this home; it signs what is listed here where that is not, to the letter, what the upstream lists.

    Raises: UnknownUpstreamError, SyncRunningError, and what a source raises. The shelf is whole whatever is raised.
    """
    upstream = upstreams.get(name)
    if at_any_hour:
        upstream = msgspec.structs.replace(upstream, hours=None)
    seen: list[str] = []

    def told(phase: str, done: int) -> None:
        seen[:] = [phase]
        progress(phase, done)

    with only_sync(folder):
        staging = staging_of(folder, name)
        with told_apart(staging):
            staging.mkdir(parents=True, exist_ok=True)
        try:
            report = source(upstreams, upstream, signer).sync(
                folder, staging, progress=told, now=now, pause=pause, accepted=accepted
            )
        except MaksaError as error:
            with suppress(StorageError):  # a disk that is full takes no note of it: the error itself is told
                upstreams.note(_failed(upstreams.standing(name), name, error, now(), is_behind=bool(seen)))
            raise
        upstreams.note(_stood(upstreams.standing(name), report, folder, is_behind=bool(seen)))
    return report


@contextmanager
def only_sync(folder: Path) -> Iterator[None]:
    """Within it, this process alone syncs the shelf in *folder*; the system frees a dead process's lock.

    Raises: SyncRunningError, at once; StorageError.
    """
    path = folder / LOCK
    with told_apart(path):
        folder.mkdir(parents=True, exist_ok=True)
        number = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        os.close(number)
        raise SyncRunningError(path=str(path), reason="locked") from error
    try:
        yield
    finally:
        os.close(number)


def _stood(before: Standing | None, report: SyncReport, folder: Path, *, is_behind: bool) -> Standing:
    standing = before or Standing(name=report.upstream, tried_at=report.ended_at)
    seen_before = standing.held if report.outcome == "partial" else ()  # a part may not have come to all of them
    held = report.held or seen_before
    standing = msgspec.structs.replace(
        standing, tried_at=report.ended_at, fault=held[0].fault if held else "", message=message_of(held), held=held
    )
    if report.outcome == "partial":
        return msgspec.structs.replace(standing, is_behind=standing.is_behind or is_behind)
    versions = len(manifest.read(folder).versions)
    return msgspec.structs.replace(
        standing, synced_at=report.ended_at, is_behind=bool(held), sequence=report.sequence, versions=versions
    )


def _failed(before: Standing | None, name: str, error: MaksaError, now: dt.datetime, *, is_behind: bool) -> Standing:
    standing = before or Standing(name=name, tried_at=now)
    return msgspec.structs.replace(
        standing, tried_at=now, is_behind=standing.is_behind or is_behind, fault=error.slug, message=str(error)
    )
