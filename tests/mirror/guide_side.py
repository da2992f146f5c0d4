"""A shelf that follows the simulated ministry, and what both say, side by side."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from maksa.client.account import Account
from maksa.mirror.guide import GuideSource
from maksa.mirror.report import SyncReport
from maksa.mirror.upstream import Upstream
from maksa.service.editions import edition_of
from maksa.service.since import terminologies_since
from maksa.snapshot import manifest as manifests
from maksa.snapshot.shelf import Edition, Shelf, View
from tests.simulator import ACCOUNT, Altered, Gateway, Lists, Mishap

NOW = dt.datetime(2026, 11, 22, 20, 30, tzinfo=dt.UTC)  # midnight in Tehran
DAY = dt.timedelta(days=1)


@dataclass
class Follower:
    """The shelf in *folder*, of *gateway*."""

    folder: Path
    gateway: Gateway
    terms: dict[str, Any] = field(default_factory=dict)
    now: dt.datetime = NOW
    short: int = 1_000
    account: Account = field(default_factory=lambda: Account(**ACCOUNT))
    paused: list[float] = field(default_factory=list)
    said: list[tuple[str, int]] = field(default_factory=list)

    @property
    def staging(self) -> Path:
        return self.folder / ".mirror-ministry"

    def source(self) -> GuideSource:
        upstream = Upstream(
            name="ministry", url=self.gateway.url, kind="guide", **{"requests_per_s": 0.0, **self.terms}
        )
        return GuideSource(upstream, self.account, short=self.short)

    def sync(self, clock: Callable[[], dt.datetime] | None = None, *, accepted: Sequence[str] = ()) -> SyncReport:
        self.staging.mkdir(parents=True, exist_ok=True)
        return self.source().sync(
            self.folder,
            self.staging,
            progress=lambda *said: self.said.append(said),
            now=clock or (lambda: self.now),
            pause=self.paused.append,
            accepted=accepted,
        )

    @property
    def view(self) -> View:
        return Shelf.open(self.folder).view

    def listed(self) -> dict[str, list[str]]:
        """The labels on the shelf, by terminology, as the manifest orders them."""
        found: dict[str, list[str]] = {}
        for version in manifests.read(self.folder).versions:
            found.setdefault(version.terminology_id, []).append(version.label)
        return found

    def files(self) -> dict[str, bytes]:
        """All that counts: the manifest's versions and their snapshots."""
        snapshots = {path.name: path.read_bytes() for path in self.folder.glob("*.maksa")}
        listed = [version.digest for version in manifests.read(self.folder).versions]
        return {**snapshots, "manifest": repr(listed).encode()}

    def left(self) -> list[str]:
        """What waits in the staging folder for a later sync."""
        return sorted(path.name for path in (self.staging / "lists").glob("*"))


Said = dict[tuple[str, ...], Any]
"""What a side answers, by what it is asked."""


def rewritten(change: Callable[[list[dict[str, Any]]], object]) -> Mishap:
    """The rows of an answer changed on the way."""

    def altered(body: bytes) -> bytes:
        answer = json.loads(body)
        change(answer["result"].get("data") or [])
        return json.dumps(answer).encode()

    return Altered(altered)


def said_by(lists: Lists, moments: list[dt.datetime]) -> Said:
    """What the simulated service answers to every question that a caller may have."""
    said: Said = {}
    for moment in moments:
        said["CtsTerminologies", str(moment)] = lists.defined_since(moment)
    for own, editions in lists.editions.items():
        last = lists.last_of(own)
        said["TerminologyVersions", own] = [(each.row, each.label, each.number, each is last) for each in editions]
        for each in editions:
            said["TerminologiesTermByVersion", own, each.label] = each.since()
        for moment in moments:
            said["SearchTerminology", own, str(moment)] = last.since(moment) if last else []
    return said


def said_here(view: View, lists: Lists, moments: list[dt.datetime]) -> Said:
    """What a shelf answers to the same questions."""
    said: Said = {}
    for moment in moments:
        said["CtsTerminologies", str(moment)] = list(terminologies_since(view, moment))
    for own, editions in lists.editions.items():
        here = view.terminology(own)
        assert here is not None, own
        assert here.id == own
        said["TerminologyVersions", own] = [
            (each.version.row, each.version.label, each.version.number, each is here.last) for each in here.editions
        ]
        for each in editions:
            said["TerminologiesTermByVersion", own, each.label] = _rows(edition_of(view, own, each.label))
        for moment in moments:
            said["SearchTerminology", own, str(moment)] = _rows(edition_of(view, own), moment)
    return said


def _rows(edition: Any, since: dt.datetime | None = None) -> list[tuple[str, str]]:
    assert isinstance(edition, Edition), edition
    return [(code, display) for code, display, _ in edition.snapshot.rows(since)]


def moments_of(lists: Lists) -> list[dt.datetime]:
    """Before, at and after every date that anything of *lists* has."""
    second = dt.timedelta(seconds=1)
    dates = {changed for editions in lists.editions.values() for each in editions for changed in each.changed.values()}
    dates |= {each.at for editions in lists.editions.values() for each in editions}
    return sorted({date + shift for date in dates for shift in (-second, dt.timedelta(), second)})
