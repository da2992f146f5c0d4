"""An upstream that speaks only the guide: its lists, made into the snapshots that a publication of them would have made.

A sync asks which terminologies there are and which versions each has: one request, and one for each terminology that is
wanted. Where nothing is new that is all. What is new is fetched (`guide_lists`), dated (`guide_dating`), made a snapshot
(`guide_taking`) and listed here, one terminology after the other. One that may not be as it is offered is held back.

The guide shows codes, values, labels and numbers. It shows no notice, no designation and no hierarchy: a mirror of it has none.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Literal

import httpx2
import msgspec

from maksa.client.account import Account
from maksa.mirror import judging, placing
from maksa.mirror.course import Course, HoursEndedError
from maksa.mirror.guide_dating import Definitions
from maksa.mirror.guide_line import GuideLine
from maksa.mirror.guide_lists import SHORT, Lists
from maksa.mirror.guide_offer import Offer, OfferedVersion, check_forward
from maksa.mirror.guide_taking import FRESH, Taking
from maksa.mirror.holding import held_of
from maksa.mirror.report import Clock, Pause, Progress, SyncReport
from maksa.mirror.upstream import Upstream
from maksa.model.errors import (
    DiskBudgetError,
    MaksaError,
    ManifestError,
    NotHeldError,
    PublishedChangedError,
    RollbackError,
    UpstreamConflictError,
    UpstreamContradictionError,
)
from maksa.model.following import Held
from maksa.model.shapes import json_decoder
from maksa.model.terminology import Version, key_of
from maksa.snapshot import document
from maksa.snapshot import manifest as manifests
from maksa.snapshot.following import OFFERED
from maksa.snapshot.signing import Signer
from maksa.snapshot.storage import told_apart

LISTS = "lists"


class GuideSource:
    """A service of the guide to follow, as `report.Source`. *http* is what it is asked with, where that is not to be made anew.

    *short*: lists of fewer concepts are always fetched whole. *signer* signs what this shelf lists.
    *rivals* are the names of the other upstreams that are followed: what they gave stays theirs.
    """

    def __init__(
        self,
        upstream: Upstream,
        account: Account,
        http: httpx2.Client | None = None,
        *,
        short: int = SHORT,
        signer: Signer | None = None,
        rivals: Collection[str] = (),
    ) -> None:
        self.upstream = upstream
        self._account = account
        self._http = http
        self._short = short
        self._signer = signer
        self._rivals = rivals

    def sync(
        self, folder: Path, staging: Path, *, progress: Progress, now: Clock, pause: Pause, accepted: Collection[str] = ()
    ) -> SyncReport:  # fmt: skip
        """As `report.Source.sync`.

        Raises: RemoteError, AccessError, NotHeldError, DiskBudgetError, SnapshotError, StorageError.
        """
        line = GuideLine(self._account, Course(self.upstream, progress, now, pause), self._http)
        try:
            return _Sync(folder, staging, line, self._short, self._signer, accepted, self._rivals).done()
        finally:
            line.close()


class _Sync:
    """One sync of the shelf in *folder* over *line*."""

    def __init__(
        self, folder: Path, staging: Path, line: GuideLine, short: int, signer: Signer | None, accepted: Collection[str],
        rivals: Collection[str],
    ) -> None:  # fmt: skip
        self._folder = folder
        self._staging = staging
        self._line = line
        self._short = short
        self._signer = signer
        self._rivals = rivals
        self._upstream = line.course.upstream
        self._ids: tuple[str, ...] = ()
        self._definitions = Definitions(line, ())
        self._accepted = {key_of(each): each for each in accepted}
        self._known: dict[str, Offer] = {}
        self._offers: dict[str, Offer] = {}
        self._held: dict[str, Held] = {}
        self._given_up: set[str] = set()  # what was known of these keys binds no more
        self._replaced: set[str] = set()  # those of them of which the shelf lists what is offered now
        self._added: list[Version] = []
        self._dropped: list[Version] = []

    def done(self) -> SyncReport:
        """What was done. Where the hours end first, what has come waits in the staging folder."""
        is_partial = False
        try:
            self._ask()
            for offer in self._offers.values():
                is_partial |= not self._take(offer)
            self._replaced |= self._given_up - self._offers.keys()
            self._place([], {})  # what is kept no more
            self._remember(self._replaced)
            placing.sweep(self._folder, self._staging)
            if not is_partial:
                _clear([*self._staging.glob(f"*{FRESH}"), *self._staging.glob(f"{LISTS}/*")])
        except HoursEndedError:
            is_partial = True
        changed = self._added or self._dropped
        return self._report("partial" if is_partial else "updated" if changed else "unchanged")

    def _ask(self) -> None:
        """Asks what is offered, holds it against what was, and keeps it."""
        self._known = _known(self._staging / OFFERED)
        self._ids = self._line.terminologies()
        self._definitions = Definitions(self._line, self._ids)
        there = {key_of(each) for each in self._ids}
        gone = [offer.terminology_id for key, offer in self._known.items() if key not in there]
        for terminology_id in filter(self._upstream.wants, (*self._ids, *gone)):
            offer = self._judged(terminology_id, is_there=key_of(terminology_id) in there)
            if offer is not None:
                self._offers[offer.key] = offer
        for key, terminology_id in self._accepted.items():
            if key not in self._given_up:
                raise NotHeldError(upstream=self._upstream.name, terminology_id=terminology_id)
        self._remember(self._offers.keys() - self._given_up)

    def _judged(self, terminology_id: str, *, is_there: bool) -> Offer | None:
        """What is offered of it; None where that is nothing, or where it is held back."""
        key, offer = key_of(terminology_id), None
        try:
            offer = self._line.offer(terminology_id) if is_there else None
            check_forward(self._upstream.name, self._known.get(key, Offer(terminology_id)), offer)
        except UpstreamContradictionError as error:
            self._hold(terminology_id, error)
        except (RollbackError, PublishedChangedError) as error:
            if key not in self._accepted:
                self._hold(terminology_id, error)
                return None
            self._given_up.add(key)
        return offer

    def _hold(self, terminology_id: str, error: MaksaError) -> None:
        self._held[key_of(terminology_id)] = held_of(self._upstream.name, terminology_id, error)

    def _remember(self, keys: Collection[str]) -> None:
        """Keeps what is offered of *keys* as what binds the upstream from now on. Raises: StorageError."""
        kept = {key: offer for key, offer in self._known.items() if key not in keys}
        after = kept | {key: self._offers[key] for key in keys if key in self._offers}
        if after != self._known:
            document.replace(self._staging / OFFERED, msgspec.json.encode(after))
            self._known = after

    def _take(self, offer: Offer) -> bool:
        """Whether all that is wanted and may be had of *offer* is on the shelf now."""
        here = {
            version.label: version
            for version in self._here()
            if key_of(version.terminology_id) == offer.key and not self._is_stale(version)
        }
        wanted = self._wanted(offer)
        if all(version.label in here for version in wanted):
            self._replaced |= self._given_up & {offer.key}  # of what was given up, what is offered no more leaves
            return True
        clash = judging.conflict(offer.terminology_id, wanted, judging.identities(self._others(offer)))
        if clash is not None:
            self._hold(offer.terminology_id, clash)
            return True
        return self._is_taken(offer, wanted, here)

    def _others(self, offer: Offer) -> list[Version]:
        """What is on the shelf from elsewhere, save what may be of *offer*: it came under another name of the upstream."""
        same = [
            version
            for version in manifests.read(self._folder).versions
            if key_of(version.terminology_id) == offer.key and _numbers_of(version) in offer.versions
        ]
        return list(placing.others(self._folder, self._staging, self._rivals, same))

    def _is_taken(self, offer: Offer, wanted: Sequence[OfferedVersion], here: dict[str, Version]) -> bool:
        lists = Lists(self._line, offer.terminology_id, self._lists_folder(), short=self._short)
        taking = Taking(self._line, lists, self._folder, self._staging, self._definitions, offer, here)
        try:
            with ExitStack() as opened:
                made = taking.taken(wanted, opened)
            if self._line.offer(offer.terminology_id) != offer:
                return False  # it published while it was asked: the next sync sees all of it
            self._replaced |= self._given_up & {offer.key}
            self._place(made, taking.fresh)
        except (UpstreamContradictionError, UpstreamConflictError) as error:
            self._hold(offer.terminology_id, error)
        finally:
            _clear(taking.fresh.values())
        _clear(lists.paths)
        return True

    def _wanted(self, offer: Offer) -> tuple[OfferedVersion, ...]:
        return offer.versions if self._upstream.keep_old else offer.versions[-1:]

    def _here(self) -> list[Version]:
        """The versions that the upstream gave and that are on the shelf, their files too."""
        mine = placing.mine(self._folder, self._staging)
        lost = {version.digest for version in placing.missing(self._folder, mine)}
        return [version for version in mine if version.digest not in lost]

    def _place(self, made: Sequence[Version], fresh: dict[str, Path]) -> None:
        """Lists *made* beside what is listed already. Raises: DiskBudgetError, UpstreamConflictError, StorageError."""
        new = {(key_of(version.terminology_id), version.label) for version in made}
        mine = [
            version
            for version in placing.mine(self._folder, self._staging)
            if key_of(version.terminology_id) not in self._replaced or not self._is_stale(version)
        ]
        kept = [version for version in mine if (key_of(version.terminology_id), version.label) not in new]
        listed = self._listed([*kept, *made])
        needed, budget = sum(version.size for version in listed), self._upstream.disk_budget
        if budget and needed > budget and made:
            raise DiskBudgetError(upstream=self._upstream.name, needed=needed, budget=budget)
        placed = placing.place(self._folder, self._staging, listed, fresh, signer=self._signer)
        self._added += placed.added
        self._dropped += placed.dropped

    def _is_stale(self, version: Version) -> bool:
        """Whether it is what was given up: no version that is offered now has its label and numbers."""
        key = key_of(version.terminology_id)
        now = self._offers[key].versions if key in self._offers else ()
        return key in self._given_up and _numbers_of(version) not in now

    def _listed(self, versions: Sequence[Version]) -> list[Version]:
        """Those of *versions* that are wanted, in order of publication; those of one terminology as the upstream orders them."""
        places = {
            (key, version.label): place
            for key, offer in (self._known | self._offers).items()
            for place, version in enumerate(offer.versions)
        }
        chosen = [version for version in versions if self._upstream.wants(version.terminology_id)]
        chosen.sort(key=lambda version: places.get((key_of(version.terminology_id), version.label), -1))
        if not self._upstream.keep_old:
            chosen = list({key_of(version.terminology_id): version for version in chosen}.values())
        moments: dict[
            str, dt.datetime
        ] = {}  # none before the one ahead of it, whatever its date: an older one may be the last
        latest: dict[str, dt.datetime] = {}
        for version in chosen:
            key = key_of(version.terminology_id)
            moments[version.digest] = latest[key] = max(latest.get(key, version.published_at), version.published_at)
        return sorted(chosen, key=lambda version: moments[version.digest])

    def _lists_folder(self) -> Path:
        folder = self._staging / LISTS
        with told_apart(folder):
            folder.mkdir(exist_ok=True)
        return folder

    def _report(self, outcome: Literal["unchanged", "updated", "partial"]) -> SyncReport:
        course = self._line.course
        known = {key_of(each) for each in self._ids}
        return SyncReport(
            upstream=self._upstream.name,
            outcome=outcome,
            started_at=course.started_at,
            ended_at=course.now(),
            added=tuple(self._added),
            dropped=tuple(self._dropped),
            requests=course.requests,
            received=course.received,
            resumed=course.resumed,
            absent=tuple(each for each in self._upstream.terminologies if self._ids and key_of(each) not in known),
            held=tuple(self._held.values()),
        )


def _numbers_of(version: Version) -> OfferedVersion:
    return OfferedVersion(version.label, version.number, version.row)


def _known(path: Path) -> dict[str, Offer]:
    """What the upstream had offered, by key; nothing before the first sync. Raises: ManifestError, StorageError."""
    with told_apart(path):
        try:
            return json_decoder(dict[str, Offer])(path.read_bytes())
        except FileNotFoundError:
            return {}
        except (msgspec.MsgspecError, UnicodeDecodeError) as error:
            raise ManifestError(path=str(path), reason=f"not readable: {error}") from error


def _clear(paths: Iterable[Path]) -> None:
    for path in paths:
        with told_apart(path):
            path.unlink(missing_ok=True)
