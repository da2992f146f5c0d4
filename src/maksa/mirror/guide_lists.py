"""The list of one version, fetched: whole, or as the one before it with what changed since.

Rules of this file:
- the difference tells what is new and what changed, never what is gone: a list made of it is weighed against the whole that
  the upstream would send, and where it does not weigh the same, or cannot be weighed, the whole is fetched;
- a short list is always fetched whole: that is one answer, and two more would be needed to weigh it.
Source: contract, section 2: SearchTerminology answers what of the last version was created or changed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import msgspec

from maksa.mirror.guide_line import GuideLine, in_spite_of_cuts
from maksa.mirror.guide_offer import OfferedVersion
from maksa.mirror.guide_staging import StagedList, stage
from maksa.model.concept import CodedText
from maksa.snapshot.reader import Snapshot

SHORT = 5_000
"""Concepts: fewer are always fetched whole. Compressed, they are a hundred kilobytes, and weighing would not cost much less."""

_encode = msgspec.json.encode
_MEMBERS = len(b'{"valueField":,"terminology_idField":,"coded_stringField":},')


class Lists:
    """The lists of one terminology, fetched over *line* into *folder*, which an interrupted sync leaves as it is."""

    def __init__(self, line: GuideLine, terminology_id: str, folder: Path, *, short: int = SHORT) -> None:
        self._line = line
        self._id = terminology_id
        self._folder = folder
        self._short = short
        self._upstream = line.course.upstream.name
        self.paths: list[Path] = []

    def fetched(self, version: OfferedVersion, base: Snapshot | None = None) -> StagedList:
        """The list of *version*, on disk. *base* is the snapshot of the version before it, where the difference to it may do.

        Raises: RemoteError, AccessError, StorageError, HoursEndedError. What has come whole stays.
        """
        path = self._path(version)
        self.paths.append(path)
        if path.exists():
            self._line.course.resumed += path.stat().st_size
            return StagedList(path)
        return (self._by_difference(path, version, base) if base else None) or self._whole(path, version)

    def _path(self, version: OfferedVersion) -> Path:
        identity = f"{self._id}\n{version.label}\n{version.number}\n{version.row}"
        return self._folder / f"{hashlib.sha256(identity.encode()).hexdigest()[:32]}.list"

    def _whole(self, path: Path, version: OfferedVersion) -> StagedList:
        def fetch() -> StagedList:
            texts = self._heard(version, self._line.whole(self._id, version.label))
            return stage(path, self._id, texts, self._upstream)

        return in_spite_of_cuts(fetch, self._line.course)

    def _by_difference(self, path: Path, version: OfferedVersion, base: Snapshot) -> StagedList | None:
        """The list of *version* made from *base*; None where only the whole can tell it."""
        if base.version.concepts < self._short:
            return None
        before = self._line.weight(self._id, base.version.label)
        if before is None:
            return None
        tail = self._tail(path.with_suffix(".tail"), version, base)
        try:
            if self._line.weight(self._id, version.label) != before + self._heavier(tail, base):
                return None
            return stage(path, self._id, self._joined(base, tail), self._upstream)
        finally:
            tail.path.unlink()

    def _tail(self, path: Path, version: OfferedVersion, base: Snapshot) -> StagedList:
        """What is dated after everything in *base*."""
        since = max(changed for changed, _ in base.changes()) + 1

        def fetch() -> StagedList:
            return stage(path, self._id, self._heard(version, self._line.since(self._id, since)), self._upstream)

        return in_spite_of_cuts(fetch, self._line.course)

    def _heavier(self, tail: StagedList, base: Snapshot) -> int:
        """By how many bytes the answer of *base* grows with *tail*, in the contract's own spelling of JSON."""
        each = _MEMBERS + len(_encode(self._id))
        grown = 0
        for code, display, _ in tail.by_code():
            was = base.display(code)
            grown += len(_encode(display)) - (len(_encode(was)) if was is not None else 0)
            grown += each + len(_encode(code)) if was is None else 0
        return grown

    def _joined(self, base: Snapshot, tail: StagedList) -> Iterator[CodedText]:
        """*base* without what *tail* has, then *tail*: the wire's order."""
        codes = {code for code, _, _ in tail.by_code()}
        kept = ((code, display) for code, display, _ in base.rows() if code not in codes)
        return (CodedText(self._id, code, display) for code, display in chain(kept, tail.in_order()))

    def _heard(self, version: OfferedVersion, texts: Iterator[CodedText]) -> Iterator[CodedText]:
        """*texts*, the bytes that they took said aloud."""
        course = self._line.course
        phase, before = f"fetching {self._id} {version.label}", course.received
        for count, text in enumerate(texts):
            if count % 1_000 == 0:
                course.progress(phase, course.received - before)
            yield text
