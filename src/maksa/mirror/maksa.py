"""An upstream that is a maksa: its own files, taken as they are and proved.

A sync asks for the manifest, judges it against the one that it knows, fetches the snapshots that are missing, and lists them
in one replacement of the manifest here. Of the upstream's manifest and notices the bytes and the signatures are kept as they
came: the proof of what it has said, against which the next manifest is judged and `mirror verify` holds the shelf. What a list
of it may not holds that list back (`holding`), and the others are taken.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any, Literal

from msgspec import Struct

from maksa.client.account import Account
from maksa.client.tokens import TokenStore
from maksa.mirror import holding, judging, placing
from maksa.mirror.course import Course, HoursEndedError
from maksa.mirror.fetching import PART, fetch, part_of
from maksa.mirror.judgement import Judgement, judged
from maksa.mirror.line import Line
from maksa.mirror.placing import Original
from maksa.mirror.report import Clock, Pause, Progress, SyncReport
from maksa.mirror.upstream import Upstream
from maksa.model.errors import DiskBudgetError, DiskFullError, NothingOfferedError, NoticeExistsError, RollbackError
from maksa.model.following import Held
from maksa.model.terminology import Version
from maksa.snapshot import document, manifest, notices, signing
from maksa.snapshot.manifest import Manifest
from maksa.snapshot.notices import Notices
from maksa.snapshot.signing import Signer
from maksa.snapshot.storage import content_of, told_apart


class _Offer(Struct, frozen=True):
    """A document as the upstream gave it last, now or at an earlier sync, with its signature, or none."""

    name: str
    content: bytes
    signature: bytes
    is_new: bool
    is_gone: bool = False  # it had been given, and is not there any more

    @property
    def original(self) -> Original:
        return Original(self.content, self.signature)


class MaksaSource:
    """A maksa to follow, as `report.Source`.

    *tokens* keeps its token from one sync to the next; *signer* signs what this shelf lists, where that is not what all of the
    upstream is. *rivals* are the names of the other upstreams that are followed: what they gave stays theirs.
    """

    def __init__(
        self,
        upstream: Upstream,
        account: Account,
        tokens: TokenStore | None = None,
        signer: Signer | None = None,
        rivals: Collection[str] = (),
    ) -> None:
        self.upstream = upstream
        self._account = account
        self._tokens = tokens
        self._signer = signer
        self._rivals = rivals

    def sync(
        self,
        folder: Path,
        staging: Path,
        *,
        progress: Progress,
        now: Clock,
        pause: Pause,
        accepted: Collection[str] = (),
    ) -> SyncReport:
        """As `report.Source.sync`.

        Raises: RemoteError, AccessError, SignatureError, NothingOfferedError, NotHeldError, DiskBudgetError, SnapshotError,
            StorageError; RollbackError of the manifest as a whole; UpstreamConflictError where something was published here
            meanwhile.
        """
        course = Course(self.upstream, progress, now, pause)
        line = Line(self._account, course, tokens=self._tokens)
        try:
            return _Sync(folder, staging, line, self._signer, accepted, self._rivals).done()
        finally:
            line.close()


class _Sync:
    """One sync of the shelf in *folder* over *line*."""

    def __init__(
        self,
        folder: Path,
        staging: Path,
        line: Line,
        signer: Signer | None,
        accepted: Collection[str],
        rivals: Collection[str],
    ) -> None:
        self._folder = folder
        self._staging = staging
        self._line = line
        self._signer = signer
        self._course = line.course
        self._upstream = line.course.upstream
        self._accepted = accepted
        self._rivals = rivals
        self._held: tuple[Held, ...] = ()

    def done(self) -> SyncReport:
        """What was done. Where the hours end first, what has come waits in the staging folder."""
        placing.sweep(self._folder, self._staging)
        try:
            offer, announced = self._offered(manifest.NAME), self._offered(notices.NAME)
            offered, letters = self._read(offer), self._letters(announced)
            judgement = self._judged(offered)
            fresh = self._fetched(offered, judgement.listed)
        except HoursEndedError:
            return self._report("partial")
        if offer.is_new:
            holding.hold(self._staging, judgement.unfaithful)
        placed = placing.place(
            self._folder, self._staging, judgement.listed, fresh, original=offer.original, signer=self._signer
        )  # fmt: skip
        new_letters = 0
        if letters is not None:
            new_letters = placing.announce(self._folder, letters, announced.original, signer=self._signer)
        holding.end(self._staging, judgement.faults, offer.content)
        self._keep(offer, *([announced] if letters is not None else []))
        holding.forget(self._staging)
        return self._report(
            "updated" if placed.added or placed.dropped or new_letters else "unchanged",
            sequence=offered.sequence,
            added=placed.added,
            dropped=placed.dropped,
            notices=new_letters,
            absent=judging.absent(self._upstream, offered),
        )

    def _offered(self, name: str) -> _Offer:
        """The document *name*, signed by a pinned key if there is one. Raises: SignatureError."""
        kept = content_of(self._staging / name)
        got = self._line.document(name, f'"{hashlib.sha256(kept).hexdigest()}"' if kept else "")
        content = got.content or kept
        known = document.signature_of(self._staging / name, content)
        signature = self._proved(name, content, known, is_new=bool(got.content)) if content else b""
        return _Offer(
            name, content, signature, is_new=content != kept or signature != known, is_gone=got.is_absent and bool(kept)
        )

    def _proved(self, name: str, content: bytes, known: bytes, *, is_new: bool) -> bytes:
        """The signature of *content*: the one that is *known*, else the upstream's, which may have been made anew by another key."""
        keys, address = self._upstream.keys, self._line.address(name)
        if known and (not keys or signing.is_proved(content, known, keys)):
            return known
        if not keys and not is_new:
            return b""
        signature = self._line.document(signing.name_of(name, content)).content
        if keys:
            signing.check(address, content, signature, keys)
        return signature

    def _read(self, offer: _Offer) -> Manifest:
        """The manifest. Raises: NothingOfferedError, RollbackError, ManifestError."""
        address = self._line.address(offer.name)
        if not offer.content:
            raise NothingOfferedError(address=address)
        offered = manifest.decoded(address, offer.content)
        if offer.is_gone:
            known = f"number {offered.sequence}"
            raise RollbackError(upstream=self._upstream.name, what="no", offered="manifest", known=known)
        return offered

    def _letters(self, offer: _Offer) -> Notices | None:
        """Its notices; None where they may not stand beside those that are here: then those stay as they are."""
        letters = notices.decoded(self._line.address(offer.name), offer.content) if offer.content else Notices()
        try:
            if offer.is_gone:
                known = len(letters.notices)
                raise RollbackError(upstream=self._upstream.name, what="no", offered="notices", known=known)
            notices.with_notices(notices.read(self._folder), letters.notices)
        except (NoticeExistsError, RollbackError) as error:
            self._held += (holding.held_of(self._upstream.name, "", error),)
            return None
        return letters

    def _judged(self, offered: Manifest) -> Judgement:
        """What the shelf is to list, and what is held back. Raises: RollbackError, NotHeldError."""
        judgement = judged(self._upstream, self._folder, self._staging, offered, self._accepted, self._rivals)
        self._held += judgement.held
        return judgement

    def _fetched(self, offered: Manifest, listed: Sequence[Version]) -> dict[str, Path]:
        """By digest, the files that the shelf has not and the upstream has. Raises: DiskBudgetError, DiskFullError."""
        to_be_had = {version.digest for version in offered.versions}
        missing = [each for each in placing.missing(self._folder, listed) if each.digest in to_be_had]
        if missing:
            self._course.progress(f"to fetch: {len(missing)} of {len(listed)} versions", 0)
        self._check_room(listed, missing)
        return {version.digest: fetch(self._line, version, self._staging) for version in missing}

    def _check_room(self, listed: Sequence[Version], missing: Sequence[Version]) -> None:
        needed, budget = sum(version.size for version in listed), self._upstream.disk_budget
        if budget and needed > budget:
            raise DiskBudgetError(upstream=self._upstream.name, needed=needed, budget=budget)
        to_come = sum(version.size - _size(part_of(self._staging, version)) for version in missing)
        with told_apart(self._staging):
            free = shutil.disk_usage(self._staging).free
        if to_come > free:
            room = f"{to_come:,} bytes are to come, {free:,} are free"
            raise DiskFullError(path=f"{self._staging} ({room})", reason=room)

    def _keep(self, *offers: _Offer) -> None:
        """Keeps what the upstream has said, and forgets parts of files that it says no more."""
        for offer in offers:
            if offer.is_new and offer.content:
                document.replace(self._staging / offer.name, offer.content, offer.signature)
        with told_apart(self._staging):
            for part in self._staging.glob(f"*{PART}"):
                part.unlink()

    def _report(self, outcome: Literal["unchanged", "updated", "partial"], **more: Any) -> SyncReport:
        course = self._course
        return SyncReport(
            upstream=self._upstream.name,
            outcome=outcome,
            started_at=course.started_at,
            ended_at=course.now(),
            requests=course.requests,
            received=course.received,
            resumed=course.resumed,
            held=self._held,
            **more,
        )


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0
