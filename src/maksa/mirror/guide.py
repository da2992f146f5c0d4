"""An upstream that speaks only the guide: its lists, made into the snapshots that a publication of them would have made.

A sync asks which terminologies there are and which versions each has: one request, and one for each terminology that is
wanted. Where nothing is new that is all. What is new is fetched (`guide_lists`), dated (`guide_dating`), made a snapshot
(`guide_taking`) and listed here, one terminology after the other.

The guide shows codes, values, labels and numbers. It shows no notice, no designation and no hierarchy: a mirror of it has none.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Literal

import httpx2
import msgspec

from maksa.client.account import Account
from maksa.mirror import placing
from maksa.mirror.course import Course, HoursEndedError
from maksa.mirror.guide_dating import Definitions
from maksa.mirror.guide_line import GuideLine
from maksa.mirror.guide_lists import SHORT, Lists
from maksa.mirror.guide_offer import Offer, OfferedVersion, check_forward
from maksa.mirror.guide_taking import FRESH, Taking
from maksa.mirror.report import Clock, Pause, Progress, SyncReport
from maksa.mirror.upstream import Upstream
from maksa.model.errors import DiskBudgetError, ManifestError, UpstreamContradictionError
from maksa.model.shapes import json_decoder
from maksa.model.terminology import Version, key_of
from maksa.snapshot import document
from maksa.snapshot.following import OFFERED
from maksa.snapshot.signing import Signer
from maksa.snapshot.storage import told_apart

LISTS = "lists"


class GuideSource:
    """A service of the guide to follow, as `report.Source`. *http* is what it is asked with, where that is not to be made anew.

    *short*: lists of fewer concepts are always fetched whole. *signer* signs what this shelf lists.
    """

    def __init__(
        self,
        upstream: Upstream,
        account: Account,
        http: httpx2.Client | None = None,
        *,
        short: int = SHORT,
        signer: Signer | None = None,
    ) -> None:
        self.upstream = upstream
        self._account = account
        self._http = http
        self._short = short
        self._signer = signer

    def sync(self, folder: Path, staging: Path, *, progress: Progress, now: Clock, pause: Pause) -> SyncReport:
        """As `report.Source.sync`.

        Raises: RemoteError, AccessError, RollbackError, PublishedChangedError, DiskBudgetError, UpstreamConflictError,
            SnapshotError, StorageError; UpstreamContradictionError in the end, when all that can be taken was taken.
        """
        line = GuideLine(self._account, Course(self.upstream, progress, now, pause), self._http)
        try:
            return _Sync(folder, staging, line, self._short, self._signer).done()
        finally:
            line.close()


class _Sync:
    """One sync of the shelf in *folder* over *line*."""

    def __init__(self, folder: Path, staging: Path, line: GuideLine, short: int, signer: Signer | None) -> None:
        self._folder = folder
        self._staging = staging
        self._line = line
        self._short = short
        self._signer = signer
        self._upstream = line.course.upstream
        self._ids: tuple[str, ...] = ()
        self._definitions = Definitions(line, ())
        self._offers: dict[str, Offer] = {}
        self._contradictions: list[UpstreamContradictionError] = []
        self._added: list[Version] = []
        self._dropped: list[Version] = []

    def done(self) -> SyncReport:
        """What was done. Where the hours end first, what has come waits in the staging folder."""
        is_partial = False
        try:
            self._ask()
            for offer in self._offers.values():
                is_partial |= not self._take(offer)
            self._place([], {})  # what is kept no more
            placing.sweep(self._folder, self._staging)
            if not is_partial:
                _clear([*self._staging.glob(f"*{FRESH}"), *self._staging.glob(f"{LISTS}/*")])
        except HoursEndedError:
            is_partial = True
        self._tell_contradictions()
        changed = self._added or self._dropped
        return self._report("partial" if is_partial else "updated" if changed else "unchanged")

    def _ask(self) -> None:
        """Asks what is offered, holds it against what was, and keeps it."""
        known = _known(self._staging / OFFERED)
        self._ids = self._line.terminologies()
        self._definitions = Definitions(self._line, self._ids)
        for terminology_id in filter(self._upstream.wants, self._ids):
            try:
                offer = self._line.offer(terminology_id)
            except UpstreamContradictionError as error:
                self._contradictions.append(error)
                known.pop(key_of(terminology_id), None)
            else:
                self._offers[offer.key] = offer
        wanted = {key: offer for key, offer in known.items() if self._upstream.wants(offer.terminology_id)}
        check_forward(self._upstream.name, wanted, self._offers.values())
        if wanted != self._offers:
            document.replace(self._staging / OFFERED, msgspec.json.encode({**known, **self._offers}))

    def _take(self, offer: Offer) -> bool:
        """Whether all that is wanted of *offer* is on the shelf now."""
        here = {version.label: version for version in self._here() if key_of(version.terminology_id) == offer.key}
        wanted = self._wanted(offer)
        if all(version.label in here for version in wanted):
            return True
        lists = Lists(self._line, offer.terminology_id, self._lists_folder(), short=self._short)
        taking = Taking(self._line, lists, self._folder, self._staging, self._definitions, offer, here)
        try:
            with ExitStack() as opened:
                made = taking.taken(wanted, opened)
            if self._line.offer(offer.terminology_id) != offer:
                return False  # it published while it was asked: the next sync sees all of it
            self._place(made, taking.fresh)
        except UpstreamContradictionError as error:
            self._contradictions.append(error)
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
        mine = placing.mine(self._folder, self._staging)
        kept = [version for version in mine if (key_of(version.terminology_id), version.label) not in new]
        listed = self._listed([*kept, *made])
        needed, budget = sum(version.size for version in listed), self._upstream.disk_budget
        if budget and needed > budget and made:
            raise DiskBudgetError(upstream=self._upstream.name, needed=needed, budget=budget)
        placed = placing.place(self._folder, self._staging, listed, fresh, signer=self._signer)
        self._added += placed.added
        self._dropped += placed.dropped

    def _listed(self, versions: Sequence[Version]) -> list[Version]:
        """Those of *versions* that are wanted, in order of publication; those of one terminology as the upstream orders them."""
        places = {
            (key, version.label): place
            for key, offer in self._offers.items()
            for place, version in enumerate(offer.versions)
        }
        chosen = [version for version in versions if self._upstream.wants(version.terminology_id)]
        chosen.sort(key=lambda version: places.get((key_of(version.terminology_id), version.label), -1))
        if not self._upstream.keep_old:
            chosen = list({key_of(version.terminology_id): version for version in chosen}.values())
        return sorted(chosen, key=lambda version: version.published_at)

    def _lists_folder(self) -> Path:
        folder = self._staging / LISTS
        with told_apart(folder):
            folder.mkdir(exist_ok=True)
        return folder

    def _tell_contradictions(self) -> None:
        """Raises: UpstreamContradictionError, where there was one, or one for all."""
        if self._contradictions:
            what = "; ".join(error.facts["what"] for error in self._contradictions)
            raise UpstreamContradictionError(upstream=self._upstream.name, what=what)

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
        )


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
