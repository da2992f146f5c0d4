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
    upstream: Upstream, folder: Path, staging: Path, offered: Manifest, accepted: Collection[str] = ()
) -> Judgement:
    """The judgement on *offered*, beside the shelf in *folder*, by what *staging* tells that *upstream* had said.

    Of terminologies that are *accepted* what is offered now is taken, though it had been otherwise.
    Raises: RollbackError where it goes back as a whole, NotHeldError, ManifestError.
    """
    judging.check_forward(upstream.name, manifest.read(staging), offered)
    mine, known = placing.mine(folder, staging), holding.known(staging)
    unfaithful = judging.refused(upstream.name, known, offered)
    faults = judging.refused(upstream.name, known, offered, mine)
    given_up = _accepted(upstream, accepted, faults)
    faults = {each: error for each, error in faults.items() if each not in given_up}
    offered_now = {version.digest for version in offered.versions}
    kept = tuple(each for each in mine if list_of(each) not in given_up or each.digest in offered_now)
    listed = judging.wanted(upstream, offered, kept, faults)
    staying = [version for version in listed if list_of(version) in faults]
    waiting = judging.conflicts(_moving(listed, faults), staying)
    faults |= waiting
    others = [each for each in placing.others(folder, staging) if each.digest not in offered_now]
    faults |= judging.conflicts(_moving(listed, faults), others)
    return Judgement(
        judging.wanted(upstream, offered, kept, faults),
        faults,
        _held(upstream, (*known, *offered.versions), faults, waiting),
        frozenset(unfaithful.keys() & faults.keys()),
    )


def _accepted(upstream: Upstream, accepted: Collection[str], faults: Collection[List]) -> set[List]:
    """The lists of *accepted*. Raises: NotHeldError for one that has no fault."""
    held = {key for _, key in faults}
    for terminology_id in accepted:
        if key_of(terminology_id) not in held:
            raise NotHeldError(upstream=upstream.name, terminology_id=terminology_id)
    keys = {key_of(each) for each in accepted}
    return {each for each in faults if each[1] in keys}


def _moving(listed: Iterable[Version], faults: Collection[List]) -> list[Version]:
    return [version for version in listed if list_of(version) not in faults]


def _held(
    upstream: Upstream, versions: Iterable[Version], faults: Mapping[List, MaksaError], waiting: Collection[List]
) -> tuple[Held, ...]:
    """The records of those of *faults* that are wanted; those *waiting* are so for another that is held back."""
    ids = {list_of(version): version.terminology_id for version in versions}
    return tuple(
        holding.held_of(upstream.name, terminology_id, faults[each], is_waiting=each in waiting)
        for each, terminology_id in sorted(ids.items())
        if each in faults and upstream.wants(terminology_id)
    )
