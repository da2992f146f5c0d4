"""Publishing: the steps from a draft to a version that everybody sees, in an order that survives a crash at any of them."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, closing, suppress
from pathlib import Path
from typing import TypeVar

from maksa.catalog import Catalog, Clock, Draft, HeldDraft, utc_now
from maksa.model.concept import Concept
from maksa.model.errors import (
    CatalogError,
    DateOrderError,
    EmptyDraftError,
    FutureDateError,
    RepeatedCodeError,
    SnapshotError,
    StorageError,
)
from maksa.model.terminology import Notice, Version, key_of
from maksa.publish.approval import Approved, Fingerprint
from maksa.publish.hierarchy import Hierarchy
from maksa.snapshot import history
from maksa.snapshot import manifest as manifests
from maksa.snapshot.document import sync_folder
from maksa.snapshot.following import above_upstreams, check_own, check_own_signer
from maksa.snapshot.lock import only_publisher
from maksa.snapshot.manifest import Manifest, file_of
from maksa.snapshot.reader import Snapshot
from maksa.snapshot.signing import Signer
from maksa.snapshot.storage import told_apart
from maksa.snapshot.verify import check_bytes
from maksa.snapshot.writer import Progress, SnapshotWriter

T = TypeVar("T")

WAIT_S = 60.0
_FRESH = ".fresh"  # the file that is being written; there is one publisher at a time, so one name is enough

_log = logging.getLogger(__name__)


def publish(
    catalog: Catalog,
    folder: Path,
    terminology_id: str,
    label: str,
    *,
    notice: Notice | None = None,
    at: dt.datetime | None = None,
    clock: Clock = utc_now,
    progress: Progress | None = None,
    approved: Approved | None = None,
    signer: Signer | None = None,
    mirrors: Path | None = None,
    wait_s: float = WAIT_S,
) -> Version:
    """The version that the draft of *label* has become, listed in the manifest of the shelf in *folder*.

    Args:
        notice: the letter by which the version is announced.
        at: aware; the time of its publication, in whole seconds, where that is not now.
        clock: what says now; asked once no other publisher is at work.
        progress: called with a phase and the rows done in it.
        approved: what somebody has approved; the draft is published as that, or not at all.
        signer: the key that signs the manifest; needed where the manifest before is signed.
        mirrors: where the home keeps the upstreams that it follows, if it may have any: what they bring is refused.
        wait_s: seconds to wait for another publisher of this shelf.

    Raises: UnknownDraftError, VersionExistsError, DraftLockedError, PublishError, SigningKeyError, SnapshotError (the
        version before is damaged), StorageError. Nothing was published then.
    """
    _make(folder)
    with only_publisher(folder, wait_s):
        with told_apart(folder):
            (folder / _FRESH).unlink(missing_ok=True)  # of a publisher that died
        manifest = manifests.read(folder)
        check_own(mirrors, folder, terminology_id)
        check_own_signer(mirrors, folder / manifests.NAME, signer)
        catalog.reconcile(manifest.versions)
        moment = _dated(at, clock())
        publication = _Publication(
            folder, manifest, moment, notice or Notice(), progress, approved, signer, above=above_upstreams(mirrors)
        )
        return publication.of_draft(catalog, terminology_id, label)


def _make(folder: Path) -> None:
    with told_apart(folder):
        if not folder.is_dir():
            folder.mkdir(parents=True, exist_ok=True)
            sync_folder(folder.parent)


def _dated(at: dt.datetime | None, now: dt.datetime) -> dt.datetime:
    given, now = (moment.astimezone(dt.UTC).replace(microsecond=0) for moment in (at or now, now))
    if given > now:
        raise FutureDateError(given=given)
    return given


class _Publication:
    """One publication to the shelf in *folder*, on top of *manifest*, dated *at*."""

    def __init__(
        self,
        folder: Path,
        manifest: Manifest,
        at: dt.datetime,
        notice: Notice,
        progress: Progress | None,
        approved: Approved | None,
        signer: Signer | None,
        *,
        above: int,
    ) -> None:
        self._above = above
        self._folder = folder
        self._manifest = manifest
        self._at = at
        self._notice = notice
        self._progress = progress
        self._approved = approved
        self._signer = signer

    def of_draft(self, catalog: Catalog, terminology_id: str, label: str) -> Version:
        published: Version | None = None
        try:
            with catalog.hold(terminology_id, label) as held, ExitStack() as opened:
                last = self._last(held.draft, opened)
                self._check(held.draft, last)
                version = self._frozen(held, last)
                self._list(version)
                published = version
                held.mark_published(version)
        except (StorageError, CatalogError) as error:
            if published is None:
                raise
            # The manifest has it: it is published, and the next publication or load reconciles the catalog.
            _log.warning("%s %s is published; the catalog will follow: %s", published.terminology_id, label, error)
        assert published is not None
        return published

    def _list(self, version: Version) -> None:
        try:
            manifests.replace(self._folder, self._manifest.with_version(version), signer=self._signer)
        except StorageError:
            with suppress(OSError, SnapshotError):  # the disk is at fault already: what was written goes, if it can
                if all(version.digest != listed.digest for listed in manifests.read(self._folder).versions):
                    file_of(self._folder, version).unlink()
            raise

    def _last(self, draft: Draft, opened: ExitStack) -> Snapshot | None:
        """The terminology's last version, its bytes proved: what is read from it goes into the next for ever."""
        key = key_of(draft.terminology_id)
        for version in reversed(self._manifest.versions):
            if key_of(version.terminology_id) == key:
                path = file_of(self._folder, version)
                check_bytes(path, version)
                return opened.enter_context(closing(Snapshot.open(path, version)))
        return None

    def _check(self, draft: Draft, last: Snapshot | None) -> None:
        if not draft.concepts:
            raise EmptyDraftError(terminology_id=draft.terminology_id, label=draft.label)
        if last and self._at < last.version.published_at:
            raise DateOrderError(
                terminology_id=draft.terminology_id,
                label=draft.label,
                given=self._at,
                last_label=last.version.label,
                last=last.version.published_at,
            )
        if self._approved:
            self._approved.check_last(draft, last.version.label if last else "")

    def _frozen(self, held: HeldDraft, last: Snapshot | None) -> Version:
        """The draft as a snapshot under its final name and on disk; no manifest names it yet."""
        fresh = self._folder / _FRESH
        fingerprint = Fingerprint(held.draft) if self._approved else None
        with SnapshotWriter(fresh, changes=last.changes() if last else (), progress=self._progress) as writer:
            if held.draft.concept_map:
                writer.write_map(held.draft.concept_map, _seen(held.entries(), fingerprint))
            else:
                self._write_concepts(writer, held, last, fingerprint)
            if self._approved and fingerprint:
                self._approved.check(held.draft, fingerprint)
            writer.write_imprint(held.draft.imprint)
            version = writer.finish(self._version(held.draft))
            with told_apart(fresh):
                fresh.replace(file_of(self._folder, version))
                sync_folder(self._folder)
        return version

    def _write_concepts(
        self, writer: SnapshotWriter, held: HeldDraft, last: Snapshot | None, fingerprint: Fingerprint | None
    ) -> None:
        hierarchy = Hierarchy(held.draft)
        drafted = _seen(_drafted(held), fingerprint)
        drafted = hierarchy.watched(drafted) if held.draft.has_parents else drafted
        history.write(writer, history.following(drafted, last, self._at) if last else history.first(drafted, self._at))
        hierarchy.check()

    def _version(self, draft: Draft) -> Version:
        above = self._above
        return Version(
            terminology_id=draft.terminology_id,
            label=draft.label,
            number=draft.number if draft.number > above else max(self._manifest.last_number, above) + 1,
            row=max(self._manifest.next_row, above + 1),
            published_at=self._at,
            title=draft.title,
            notice=self._notice,
            kind=draft.kind,
        )


def _drafted(held: HeldDraft) -> Iterator[tuple[int, Concept]]:
    """(position, concept) by code. Raises: RepeatedCodeError."""
    last = None
    for position, concept in held.concepts():
        if concept.code == last:
            draft = held.draft
            raise RepeatedCodeError(terminology_id=draft.terminology_id, label=draft.label, code=last)
        last = concept.code
        yield position, concept


def _seen(rows: Iterable[T], fingerprint: Fingerprint | None) -> Iterable[T]:
    return fingerprint.watched(rows) if fingerprint else rows
