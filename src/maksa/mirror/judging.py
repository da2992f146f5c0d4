"""What an upstream may offer after what it had offered, and what of it is wanted here. Pure.

Rules of this file:
- a sequence never falls: an upstream that goes back as a whole is refused as a whole;
- a version that was listed is never listed otherwise: not its digest, not any fact of it; an upstream that keeps no old versions
  may list them no more, but never the last one of a list, and a list never goes as a whole;
- what a list may not is no other's fault: it is held back, so that it stays here as it was, and the others are taken.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Protocol, TypeAlias

from maksa.mirror.upstream import Upstream
from maksa.model.errors import (
    MaksaError,
    PublishedChangedError,
    RollbackError,
    UpstreamConflictError,
    UpstreamContradictionError,
)
from maksa.model.terminology import Version, key_of
from maksa.snapshot.manifest import Manifest

List: TypeAlias = tuple[str, str]
"""A terminology or a map: which of the two, and the key of its id."""

Identity: TypeAlias = tuple[str, str | int]
"""What one terminology, or one version, has alone on a shelf: which id or number, and its value."""


class Numbered(Protocol):
    """A version, as far as its numbers go."""

    @property
    def label(self) -> str: ...
    @property
    def number(self) -> int: ...
    @property
    def row(self) -> int: ...


def list_of(version: Version) -> List:
    """The list of which *version* is one."""
    return version.kind, key_of(version.terminology_id)


def check_forward(name: str, known: Manifest, offered: Manifest) -> None:
    """Returns where *offered* as a whole may follow *known*; *name* is the upstream's. Raises: RollbackError."""
    if offered.sequence < known.sequence:
        raise RollbackError(upstream=name, what="manifest", offered=offered.sequence, known=known.sequence)
    if offered.sequence == known.sequence and offered.versions != known.versions:
        raise RollbackError(
            upstream=name, what="another manifest", offered=offered.sequence, known="one of the same number"
        )


def refused(
    name: str, known: Sequence[Version], offered: Manifest, kept: Sequence[Version] = ()
) -> dict[List, MaksaError]:
    """Why lists of *offered* may not follow what is *known* of them and what this shelf has *kept*, by list; mostly none."""
    now = {_identity(version): version for version in offered.versions}
    last_now = {list_of(version): version for version in offered.versions}
    last_known = {list_of(version): version for version in known}
    faults: dict[List, MaksaError] = {}
    for before in (*known, *kept):
        version, last = now.get(_identity(before)), last_now.get(list_of(before))
        if version is not None and version != before:
            faults.setdefault(list_of(before), _changed(name, before, version))
        elif last is None:
            faults.setdefault(list_of(before), _gone(name, last_known.get(list_of(before), before)))
    for each, before in (*_gone_back(known, known, last_now), *_gone_back(kept, known, last_now)):
        faults.setdefault(each, _older(name, before, last_now[each]))
    return faults


def _gone_back(
    some: Sequence[Version], known: Sequence[Version], last_now: Mapping[List, Version]
) -> Iterator[tuple[List, Version]]:
    """The lists whose last one now is an older one of *some*, or of what is *known* where that is behind *some*; and their last."""
    mine, theirs = set(map(_identity, some)), set(map(_identity, known))
    for each, before in {list_of(version): version for version in some}.items():
        last = last_now.get(each)
        if last is not None and _identity(last) != _identity(before):
            older = mine if _identity(before) in theirs else mine | theirs
            # one that was dropped before it was known here is told by its row and date
            was_before = last.row < before.row and last.published_at < before.published_at
            if _identity(last) in older or was_before:
                yield each, before


def contradictions(name: str, offered: Manifest, here: Iterable[Version]) -> dict[List, UpstreamContradictionError]:
    """Why lists of *offered* cannot be: a label twice, or the bytes of another version, there or *here* on the shelf, by list."""
    labels: set[tuple[str, str, str]] = set()
    owners = {version.digest: version for version in here}
    faults: dict[List, UpstreamContradictionError] = {}
    for version in offered.versions:
        what, owner = f"{version.terminology_id} {version.label!r}", owners.setdefault(version.digest, version)
        if _identity(version) in labels:
            error = UpstreamContradictionError(upstream=name, what=f"{what} twice")
            faults.setdefault(list_of(version), error)
        elif owner != version:
            what += f" with the digest of {owner.terminology_id} {owner.label!r}, {version.digest}"
            faults.setdefault(list_of(version), UpstreamContradictionError(upstream=name, what=what))
        labels.add(_identity(version))
    return faults


def _changed(name: str, before: Version, now: Version) -> PublishedChangedError:
    return PublishedChangedError(
        upstream=name,
        terminology_id=before.terminology_id,
        label=before.label,
        offered=now.digest,
        known=before.digest,
    )


def _gone(name: str, last: Version) -> RollbackError:
    return RollbackError(upstream=name, what="no version of", offered=last.terminology_id, known=repr(last.label))


def _older(name: str, before: Version, now: Version) -> RollbackError:
    what = f"as the last version of {before.terminology_id}"
    return RollbackError(upstream=name, what=what, offered=repr(now.label), known=repr(before.label))


def _identity(version: Version) -> tuple[str, str, str]:
    return *list_of(version), version.label


def conflicts(versions: Sequence[Version], others: Sequence[Version]) -> dict[List, UpstreamConflictError]:
    """Why lists of *versions* cannot stand beside *others* on a shelf, by list: each id, VersionId and row is there once."""
    lists: dict[List, list[Version]] = {}
    for version in versions:
        lists.setdefault(list_of(version), []).append(version)
    taken = identities(others)
    found = {each: conflict(own[0].terminology_id, own, taken) for each, own in lists.items()}
    return {each: error for each, error in found.items() if error is not None}


def conflict(
    terminology_id: str, versions: Iterable[Numbered], taken: Mapping[Identity, Version]
) -> UpstreamConflictError | None:
    """Why the *versions* of a terminology cannot stand beside those whose identities are *taken*, or None where they can."""
    for version in versions:
        for identity in _identities(terminology_id, version):
            if identity in taken:
                other = taken[identity]
                return UpstreamConflictError(
                    terminology_id=terminology_id,
                    label=version.label,
                    other=f"{other.terminology_id} {other.label!r}",
                    reason=f"both have the {identity[0]} {identity[1]}",
                )
    return None


def identities(versions: Iterable[Version]) -> dict[Identity, Version]:
    """What no other version on their shelf may have, and who of *versions* has it."""
    return {identity: each for each in versions for identity in _identities(each.terminology_id, each)}


def _identities(terminology_id: str, version: Numbered) -> tuple[Identity, ...]:
    return ("id", key_of(terminology_id)), ("VersionId", version.number), ("row", version.row)


def wanted(
    upstream: Upstream, offered: Manifest, kept: Sequence[Version], held: Collection[List] = ()
) -> tuple[Version, ...]:
    """What the shelf is to list of *upstream*, in order of publication: of *kept* and of *offered* what was chosen.

    *kept* are the versions that are here already; those that the upstream lists no more come first, as the older ones. Of lists
    that are *held* back nothing is listed but what is here, where it is.
    """
    taken = tuple(version for version in offered.versions if list_of(version) not in held)
    listed = {version.digest for version in taken}
    history = (*(version for version in kept if version.digest not in listed), *taken)
    chosen = [version for version in history if upstream.wants(version.terminology_id)]
    if not upstream.keep_old:
        last = {list_of(version): version.digest for version in chosen}
        chosen = [version for version in chosen if version.digest in last.values()]
    if held:
        chosen.sort(key=_places(kept, taken, held).__getitem__)
    return tuple(chosen)


def _places(kept: Sequence[Version], taken: Sequence[Version], held: Collection[List]) -> Mapping[Version, int]:
    """The place of each in an order in which what is held back stays behind what it is behind of on the shelf."""
    places = {version: 2 * place for place, version in enumerate(taken)}
    behind = -1
    for version in kept:
        if version in places:
            behind = max(behind, places[version] + 1)
        else:
            places[version] = behind if list_of(version) in held else -1
    return places


def absent(upstream: Upstream, offered: Manifest) -> tuple[str, ...]:
    """The chosen terminologies that the upstream does not have."""
    known = {key_of(version.terminology_id) for version in offered.versions}
    return tuple(each for each in upstream.terminologies if key_of(each) not in known)
