"""Fetched versions put on the shelf: whole or not at all, in one replacement of the manifest.

Rules of this file:
- an upstream answers for the terminologies that it has given, and for no other: versions that were published here, or that
  another upstream gave, are never touched;
- ids and rows of publication are unique on a shelf (the wire's `VersionId` and `id`), so what would repeat one is refused;
- the ledger of what an upstream has ever given is written before the manifest: a crash between the two forgets nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import msgspec
from msgspec import Struct

from maksa.model.errors import ManifestError, UpstreamConflictError
from maksa.model.terminology import Version, key_of
from maksa.snapshot import document
from maksa.snapshot import manifest as manifests
from maksa.snapshot.document import sync_folder
from maksa.snapshot.lock import only_publisher
from maksa.snapshot.manifest import Manifest, file_of
from maksa.snapshot.storage import told_apart

LEDGER = "given.json"
WAIT_S = 60.0


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
    wait_s: float = WAIT_S,
) -> Placement:
    """Makes the shelf in *folder* list exactly *listed* of the upstream whose staging folder is *staging*.

    Args:
        listed: every version of the upstream that is to be on the shelf, those that are there already too, in order of
            publication: the last one of a terminology answers where none is named.
        fresh: by digest, the files of those that are not there yet: proved, on disk, in the file system of *folder*.
        original: the upstream's own manifest. Where *listed* is all that it lists and all that this shelf would, it is kept
            to the letter, and its signature holds here too.
        wait_s: seconds to wait for a publisher of this shelf.

    Raises: UpstreamConflictError, DraftLockedError, ManifestError, StorageError. The shelf is as it was then.
    """
    with only_publisher(folder, wait_s):
        before = manifests.read(folder)
        given = _given(staging) | {version.digest for version in listed}
        others = tuple(version for version in before.versions if version.digest not in given)
        _check(listed, others)
        versions = (*others, *listed)
        if versions == before.versions:
            return Placement(before, (), ())
        _note_given(staging, given)
        _settle(folder, listed, fresh)
        after = _replaced(folder, before, versions, original)
    return Placement(after, _without(versions, before.versions), _without(before.versions, versions))


def _given(staging: Path) -> set[str]:
    """The digests that the upstream has ever given to this shelf."""
    try:
        return msgspec.json.decode((staging / LEDGER).read_bytes(), type=set[str])
    except FileNotFoundError:
        return set()
    except msgspec.MsgspecError as error:
        raise ManifestError(path=str(staging / LEDGER), reason=f"not readable: {error}") from error


def _note_given(staging: Path, given: set[str]) -> None:
    document.replace(staging / LEDGER, msgspec.json.encode(sorted(given)))


def _check(listed: Sequence[Version], others: Sequence[Version]) -> None:
    """Refuses what would repeat a terminology, a VersionId or a row of *others*."""
    taken = {identity: other for other in others for identity in _identities(other)}
    for version in listed:
        for identity in _identities(version):
            if identity in taken:
                other = taken[identity]
                raise UpstreamConflictError(
                    terminology_id=version.terminology_id,
                    label=version.label,
                    other=f"{other.terminology_id} {other.label!r}",
                    reason=f"both have the {identity[0]} {identity[1]}",
                )


def _identities(version: Version) -> tuple[tuple[str, str | int], ...]:
    return ("id", key_of(version.terminology_id)), ("VersionId", version.number), ("row", version.row)


def _settle(folder: Path, listed: Sequence[Version], fresh: Mapping[str, Path]) -> None:
    """Puts the fresh files under their names; the system may be killed here, and they do not count yet."""
    with told_apart(folder):
        for version in listed:
            path = fresh.get(version.digest)
            if path is not None:
                path.replace(file_of(folder, version))
        sync_folder(folder)


def _replaced(folder: Path, before: Manifest, versions: tuple[Version, ...], original: Original | None) -> Manifest:
    """The manifest that now lists *versions*. The sequence rises, whatever the upstream's is."""
    path = folder / manifests.NAME
    if original is not None:
        theirs = manifests.decoded(path, original.content)
        if theirs.versions == versions and theirs.sequence > before.sequence:
            document.replace(path, original.content, original.signature)
            return theirs
    after = Manifest(sequence=before.sequence + 1, versions=versions)
    manifests.replace(folder, after)
    return after


def _without(some: Iterable[Version], others: Iterable[Version]) -> tuple[Version, ...]:
    known = {version.digest for version in others}
    return tuple(version for version in some if version.digest not in known)
