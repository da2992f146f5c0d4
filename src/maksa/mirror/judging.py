"""What an upstream may offer after what it had offered, and what of it is wanted here. Pure.

Rules of this file:
- a sequence never falls, and a version that was listed is never listed otherwise: not its digest, not any fact of it;
- an upstream that keeps no old versions may list them no more, but never the last one of a terminology: a list that has gone
  as a whole is an upstream gone back.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from maksa.mirror.upstream import Upstream
from maksa.model.errors import PublishedChangedError, RollbackError
from maksa.model.terminology import Version, key_of
from maksa.snapshot.manifest import Manifest


def check_forward(name: str, known: Manifest, offered: Manifest, kept: Iterable[Version]) -> None:
    """Returns where *offered* may follow *known*, of which this shelf has *kept*; *name* is the upstream's.

    Raises: RollbackError, PublishedChangedError.
    """
    if offered.sequence < known.sequence:
        raise RollbackError(upstream=name, what="manifest", offered=offered.sequence, known=known.sequence)
    if offered.sequence == known.sequence and offered.versions != known.versions:
        raise RollbackError(
            upstream=name, what="another manifest", offered=offered.sequence, known="one of the same number"
        )
    now = {_identity(version): version for version in offered.versions}
    lists = {(version.kind, key_of(version.terminology_id)) for version in offered.versions}
    for before in (*known.versions, *kept):
        version = now.get(_identity(before))
        if version is not None and version != before:
            raise PublishedChangedError(
                upstream=name,
                terminology_id=before.terminology_id,
                label=before.label,
                offered=version.digest,
                known=before.digest,
            )
        if version is None and (before.kind, key_of(before.terminology_id)) not in lists:
            raise RollbackError(
                upstream=name, what="no version of", offered=before.terminology_id, known=repr(before.label)
            )


def _identity(version: Version) -> tuple[str, str, str]:
    return version.kind, key_of(version.terminology_id), version.label


def wanted(upstream: Upstream, offered: Manifest, kept: Sequence[Version]) -> tuple[Version, ...]:
    """What the shelf is to list of *upstream*, in order of publication: of *kept* and of *offered* what was chosen.

    *kept* are the versions that are here already; those that the upstream lists no more come first, as the older ones.
    """
    listed = {version.digest for version in offered.versions}
    history = (*(version for version in kept if version.digest not in listed), *offered.versions)
    chosen = tuple(version for version in history if upstream.wants(version.terminology_id))
    if upstream.keep_old:
        return chosen
    last = {(version.kind, key_of(version.terminology_id)): version.digest for version in chosen}
    return tuple(version for version in chosen if version.digest in last.values())


def absent(upstream: Upstream, offered: Manifest) -> tuple[str, ...]:
    """The chosen terminologies that the upstream does not have."""
    known = {key_of(version.terminology_id) for version in offered.versions}
    return tuple(each for each in upstream.terminologies if key_of(each) not in known)
