"""A manifest of an upstream judged beside a shelf: what is to be listed of it, and which lists are held back."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from pathlib import Path

from msgspec import Struct

from maksa.mirror import holding, judging, placing
from maksa.mirror.judging import List, list_of
from maksa.mirror.upstream import Upstream
from maksa.model.errors import MaksaError, NotHeldError
from maksa.model.following import Held
from maksa.model.terminology import Version, key_of
from maksa.snapshot import manifest
from maksa.snapshot.manifest import Manifest


class Judgement(Struct, frozen=True):
    """What a shelf is to list of an upstream, in order of publication.

    `faults` are those of the lists that are held back, wanted or not, `held` their records where they are wanted. `unfaithful` are
    those lists that the upstream now shows otherwise than it had.
    """

    listed: tuple[Version, ...]
    faults: Mapping[List, MaksaError]
    held: tuple[Held, ...]
    unfaithful: frozenset[List]


def judged(
    upstream: Upstream,
    folder: Path,
    staging: Path,
    offered: Manifest,
    accepted: Collection[str] = (),
    rivals: Collection[str] = (),
) -> Judgement:
    """The judgement on *offered*, beside the shelf in *folder*, by what *staging* tells that *upstream* had said.

    Of terminologies that are *accepted* what is offered now is taken, though it had been otherwise. *rivals* are the names of the
    other upstreams that are followed: what they gave stays theirs.
    Raises: RollbackError where it goes back as a whole, NotHeldError, ManifestError.
    """
    judging.check_forward(upstream.name, manifest.read(staging), offered)
    mine, others = placing.mine(folder, staging), placing.others(folder, staging, rivals, offered.versions)
    known = holding.known(staging)
    faults: dict[List, MaksaError] = {**judging.refused(upstream.name, known, offered, mine), **holding.lost(staging)}
    given_up = _accepted(upstream, accepted, faults)
    absurd = judging.contradictions(upstream.name, offered, (*mine, *others))
    unfaithful = faults.keys() | absurd.keys()
    faults = absurd | {each: error for each, error in faults.items() if each not in given_up}
    waiting: dict[List, MaksaError] = {}
    while True:  # what is held back may be in the way of what was not
        listed = _listed(upstream, offered, mine, given_up - faults.keys(), faults)
        moving = [version for version in listed if list_of(version) not in faults]
        fresh = judging.conflicts(moving, [version for version in listed if list_of(version) in faults])
        clashes = fresh | judging.conflicts(moving, others)
        if not clashes:
            break
        waiting |= {each: error for each, error in clashes.items() if error is fresh.get(each)}
        faults |= clashes
    held = _held(upstream, (*known, *offered.versions), faults, waiting)
    return Judgement(listed, faults, held, frozenset(unfaithful & faults.keys()))


def _listed(
    upstream: Upstream,
    offered: Manifest,
    mine: Iterable[Version],
    given_up: Collection[List],
    faults: Collection[List],
) -> tuple[Version, ...]:
    """What is to be listed where lists of *faults* stay as they are among *mine*, and those *given_up* are as they are offered."""
    offered_now = {version.digest for version in offered.versions}
    kept = tuple(each for each in mine if list_of(each) not in given_up or each.digest in offered_now)
    return judging.wanted(upstream, offered, kept, faults)


def _accepted(upstream: Upstream, accepted: Collection[str], faults: Collection[List]) -> set[List]:
    """The lists of *accepted*. Raises: NotHeldError for one that has no fault."""
    held = {key for _, key in faults}
    for terminology_id in accepted:
        if key_of(terminology_id) not in held:
            raise NotHeldError(upstream=upstream.name, terminology_id=terminology_id)
    keys = {key_of(each) for each in accepted}
    return {each for each in faults if each[1] in keys}


def _held(
    upstream: Upstream, versions: Iterable[Version], faults: Mapping[List, MaksaError], waiting: Collection[List]
) -> tuple[Held, ...]:
    """The records of those of *faults* that are wanted; those *waiting* are so for another that is held back."""
    ids = {each: each[1] for each in faults} | {list_of(version): version.terminology_id for version in versions}
    return tuple(
        holding.held_of(upstream.name, terminology_id, faults[each], is_waiting=each in waiting)
        for each, terminology_id in sorted(ids.items())
        if each in faults and upstream.wants(terminology_id)
    )
