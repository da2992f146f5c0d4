"""Proof that a mirror holds what its upstream has said: signature, manifest, and every byte of every file."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path

from maksa.mirror import holding, judging, placing
from maksa.mirror.judgement import judged
from maksa.mirror.upstream import Upstream
from maksa.model.errors import IntegrityError, ManifestError, SignatureError, SnapshotError
from maksa.model.terminology import Version
from maksa.snapshot import document, manifest, signing
from maksa.snapshot.verify import check_version

_UNPROVED = "it is held back, and what it was before is signed by no key that is pinned"


def prove(
    upstream: Upstream, folder: Path, staging: Path, rivals: Collection[str] = ()
) -> Iterator[tuple[Version, SnapshotError | None]]:
    """Each version that the shelf in *folder* has of *upstream*, or should have, with what is wrong with it or None.

    *rivals* are the names of the other upstreams that are followed.

    Raises: ManifestError where nothing has come from it yet, SignatureError where what it has said is not signed by a pinned
        key; before the first.
    """
    mine = placing.mine(folder, staging)
    listed = {version.digest: version for version in manifest.read(folder).versions}
    lost = holding.lost(staging)
    unproved = holding.unproved(staging, upstream.keys) if upstream.keys else ()
    for version in _promised(upstream, folder, staging, mine, rivals):
        try:
            if judging.list_of(version) in lost:
                raise lost[judging.list_of(version)]
            if judging.list_of(version) in unproved:
                raise SignatureError(path=str(staging), reason=_UNPROVED)
            _check(folder, version, listed.get(version.digest))
        except SnapshotError as error:
            yield version, error
        else:
            yield version, None


def _promised(
    upstream: Upstream, folder: Path, staging: Path, mine: tuple[Version, ...], rivals: Collection[str]
) -> tuple[Version, ...]:
    """What the upstream said is to be here, and what is held back; of one that gives no manifest, what it gave."""
    path = staging / manifest.NAME
    if upstream.kind != "maksa":
        return mine
    if not path.exists():
        raise ManifestError(path=str(path), reason=f"nothing has come from {upstream.name} yet")
    content = path.read_bytes()
    if upstream.keys:
        signing.check(str(path), content, document.signature_of(path, content), upstream.keys)
    return judged(upstream, folder, staging, manifest.decoded(path, content), rivals=rivals).listed


def _check(folder: Path, version: Version, listed: Version | None) -> None:
    if listed != version:
        path = str(folder / manifest.NAME)
        what = f"{version.terminology_id} {version.label!r}"
        raise IntegrityError(
            path=path, what=what, actual="not listed" if listed is None else "listed otherwise", expected="so"
        )
    check_version(folder, version)
