"""Fetched versions put on the shelf: whole or not at all, in one replacement of the manifest.

Rules of this file:
- an upstream answers for the terminologies that it has given, and for no other: versions that were published here, or that
  another upstream gave, are never touched;
- ids and rows of publication are unique on a shelf (the wire's `VersionId` and `id`), so what would repeat one is refused;
- the ledger of what an upstream has ever given is written before the manifest: a crash between the two forgets nothing.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path

import msgspec
from msgspec import Struct

from maksa.mirror import judging
from maksa.model.errors import IntegrityError, ManifestError
from maksa.model.shapes import json_decoder
from maksa.model.terminology import Version
from maksa.snapshot import document, notices
from maksa.snapshot import manifest as manifests
from maksa.snapshot.document import sync_folder
from maksa.snapshot.following import staging_of
from maksa.snapshot.format import SUFFIX
from maksa.snapshot.lock import only_publisher
from maksa.snapshot.manifest import Manifest, file_of
from maksa.snapshot.notices import Notices
from maksa.snapshot.signing import Signer
from maksa.snapshot.storage import content_of, told_apart
from maksa.snapshot.verify import check_bytes

LEDGER = "given.json"
WAIT_S = 60.0
READERS_S = 60.0  # within which every reader has taken up a new manifest; a service looks twice a second


class Original(Struct, frozen=True):
    """An upstream's manifest to the letter, with its signature, or none."""

    content: bytes
    signature: bytes = b""


class Placement(Struct, frozen=True):
    """What the shelf lists now, and what it lists otherwise than before."""

    manifest: Manifest
    added: tuple[Version, ...]
    dropped: tuple[Version, ...]


def place(
    folder: Path,
    staging: Path,
    listed: Sequence[Version],
    fresh: Mapping[str, Path],
    *,
    original: Original | None = None,
    signer: Signer | None = None,
    wait_s: float = WAIT_S,
) -> Placement:
    """Makes the shelf in *folder* list exactly *listed* of the upstream whose staging folder is *staging*.

    Args:
        listed: every version of the upstream that is to be on the shelf, those that are there already too, in order of
            publication: the last one of a terminology answers where none is named.
        fresh: by digest, the files of those that are not there yet: proved, on disk, in the file system of *folder*.
        original: the upstream's own manifest. Where *listed* is all that it lists and all that this shelf would, it is kept
            to the letter, and its signature holds here too.
        signer: the key of this home, which signs a manifest that is this shelf's own.
        wait_s: seconds to wait for a publisher of this shelf.

    Raises: UpstreamConflictError, DraftLockedError, ManifestError, StorageError. The shelf is as it was then.
    """
    with only_publisher(folder, wait_s):
        before = manifests.read(folder)
        given = _given(staging) | {version.digest for version in listed}
        beside = tuple(version for version in before.versions if version.digest not in given)
        for conflict in judging.conflicts(_without(listed, before.versions), beside).values():
            raise conflict
        versions = _in_order(before.versions, beside, tuple(listed))
        if given != _given(staging):
            _note_given(staging, given)
        if fresh:
            _settle(folder, listed, fresh)
        after = _replaced(folder, before, versions, original, signer)
    return Placement(after, _without(versions, before.versions), _without(before.versions, versions))


def _in_order(
    before: tuple[Version, ...], others: tuple[Version, ...], listed: tuple[Version, ...]
) -> tuple[Version, ...]:
    """*others* and *listed* in one order: what is there stays where it is, as long as *listed* keep theirs."""
    here = set(before)
    wanted = {*others, *listed}
    kept = (*(version for version in before if version in wanted), *(each for each in listed if each not in here))
    chosen = set(listed)
    return kept if tuple(version for version in kept if version in chosen) == listed else (*others, *listed)


def announce(
    folder: Path, letters: Notices, original: Original, *, signer: Signer | None = None, wait_s: float = WAIT_S
) -> int:
    """How many of the upstream's *letters* were new to the shelf in *folder*, which has them all now.

    Raises: NoticeExistsError for one that is kept here and reads otherwise, DraftLockedError, ManifestError, StorageError.
    """
    if not letters.notices:
        return 0
    with only_publisher(folder, wait_s):
        before = notices.read(folder)
        after = notices.with_notices(before, letters.notices)
        if after == letters and after != before:
            document.replace(folder / notices.NAME, original.content, original.signature)
        elif after != before:
            notices.replace(folder, after, signer=signer)
    return len(after.notices) - len(before.notices)


def mine(folder: Path, staging: Path) -> tuple[Version, ...]:
    """The versions on the shelf that the upstream has given, in order of publication. Raises: ManifestError."""
    given = _given(staging)
    return tuple(version for version in manifests.read(folder).versions if version.digest in given)


def others(
    folder: Path, staging: Path, rivals: Collection[str], offered: Collection[Version] = ()
) -> tuple[Version, ...]:
    """The versions on the shelf that are not the upstream's.

    Its own are those that it has given, and of what is *offered* those that came from an upstream which is followed no more: the
    same under another name. *rivals* are the names of all others that are followed. Raises: ManifestError.
    """
    own, now = _given(staging), set(offered)
    elsewhere = [version for version in manifests.read(folder).versions if version.digest not in own]
    left = _left(folder, staging, rivals) if elsewhere else set()
    return tuple(version for version in elsewhere if version not in now or version.digest not in left)


def _left(folder: Path, staging: Path, rivals: Collection[str]) -> set[str]:
    """The digests that came from upstreams which are followed no more."""
    followed = [staging_of(folder, name) for name in rivals]
    theirs = {digest for each in followed for digest in _given(each)}
    others = [each for each in folder.glob(f"{staging_of(folder, '*').name}") if each not in (staging, *followed)]
    return {digest for each in others for digest in _given(each)} - theirs


def missing(folder: Path, versions: Sequence[Version]) -> list[Version]:
    """Those of *versions* whose file is not on the shelf: not of its size, or, where no manifest lists it yet, not of its digest."""
    listed = {version.digest for version in manifests.read(folder).versions}
    return [
        version
        for version in versions
        if not _is_here(file_of(folder, version), version, is_listed=version.digest in listed)
    ]


def _is_here(path: Path, version: Version, *, is_listed: bool) -> bool:
    try:
        if path.stat().st_size != version.size:
            return False
        if not is_listed:
            check_bytes(path, version)
    except (FileNotFoundError, IntegrityError):
        return False
    return True


def sweep(folder: Path, staging: Path, *, wait_s: float = WAIT_S) -> None:
    """Takes away files that the upstream gave and that the shelf lists no more, once all its readers must have seen that.

    Raises: DraftLockedError, ManifestError, StorageError.
    """
    given = _given(staging)
    stale = given - {version.digest for version in manifests.read(folder).versions}
    if not stale or not (folder / manifests.NAME).exists():
        return
    with only_publisher(folder, wait_s), told_apart(folder):
        if time.time() - (folder / manifests.NAME).stat().st_mtime < READERS_S:
            return
        listed = {version.digest for version in manifests.read(folder).versions}
        for digest in stale - listed:
            (folder / f"{digest}{SUFFIX}").unlink(missing_ok=True)
        _note_given(staging, given & listed)


def _given(staging: Path) -> set[str]:
    """The digests that the upstream has ever given to this shelf."""
    try:
        return json_decoder(set[str])((staging / LEDGER).read_bytes())
    except FileNotFoundError:
        return set()
    except msgspec.MsgspecError as error:
        raise ManifestError(path=str(staging / LEDGER), reason=f"not readable: {error}") from error


def _note_given(staging: Path, given: set[str]) -> None:
    document.replace(staging / LEDGER, msgspec.json.encode(sorted(given)))


def _settle(folder: Path, listed: Sequence[Version], fresh: Mapping[str, Path]) -> None:
    """Puts the fresh files under their names; the system may be killed here, and they do not count yet."""
    with told_apart(folder):
        for version in listed:
            path = fresh.get(version.digest)
            if path is not None:
                path.replace(file_of(folder, version))
        sync_folder(folder)


def _replaced(
    folder: Path, before: Manifest, versions: tuple[Version, ...], original: Original | None, signer: Signer | None
) -> Manifest:
    """The manifest that now lists *versions*: the one before, if it does.

    The sequence rises, whatever the upstream's is; one that the upstream has signed may take the place of an own one of the same
    number: who follows this shelf by the upstream's key has not taken that, and finds its way back.
    """
    path = folder / manifests.NAME
    if original is not None:
        theirs = manifests.decoded(path, original.content)
        is_later = theirs.sequence > before.sequence
        is_signed = bool(original.signature) and theirs.sequence == before.sequence
        if theirs.versions == versions and (is_later or (is_signed and original.content != content_of(path))):
            document.replace(path, original.content, original.signature)
            return theirs
    if versions == before.versions:  # perhaps with a file in the place of one that was lost
        return before
    after = Manifest(sequence=before.sequence + 1, versions=versions)
    manifests.replace(folder, after, signer=signer)
    return after


def _without(some: Iterable[Version], others: Iterable[Version]) -> tuple[Version, ...]:
    known = {version.digest for version in others}
    return tuple(version for version in some if version.digest not in known)
