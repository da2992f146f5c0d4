"""One terminology taken: the lists of the versions that are missing fetched, dated, and made snapshots, oldest first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, closing
from pathlib import Path

from maksa.mirror.guide_dates import EARLIEST
from maksa.mirror.guide_dating import Definitions, ListDates, dates_of, moment, second_of
from maksa.mirror.guide_line import GuideLine
from maksa.mirror.guide_lists import Lists
from maksa.mirror.guide_offer import Offer, OfferedVersion
from maksa.mirror.guide_staging import StagedList
from maksa.model.concept import Concept, FormerConcept
from maksa.model.errors import UpstreamContradictionError
from maksa.model.registry import known
from maksa.model.terminology import Version
from maksa.snapshot import history
from maksa.snapshot.manifest import file_of
from maksa.snapshot.reader import Snapshot
from maksa.snapshot.storage import told_apart
from maksa.snapshot.verify import check_bytes
from maksa.snapshot.writer import Row, SnapshotWriter

FRESH = ".fresh"
"""The suffix of snapshots that the shelf has not taken yet."""


class Taking:
    """The versions of *offer* that are to be had, of which the shelf in *folder* has those *here*, by label.

    *definitions* are those of the upstream's terminologies; *lists* fetches what is missing into *staging*.
    """

    def __init__(
        self, line: GuideLine, lists: Lists, folder: Path, staging: Path, definitions: Definitions,
        offer: Offer, here: Mapping[str, Version],
    ) -> None:  # fmt: skip
        self._line = line
        self._lists = lists
        self._folder = folder
        self._staging = staging
        self._definitions = definitions
        self._offer = offer
        self._here = here
        self._dates = ListDates()
        self._defined: int | None = None
        self.fresh: dict[str, Path] = {}

    def taken(self, wanted: Sequence[OfferedVersion], opened: ExitStack) -> list[Version]:
        """The versions that were missing of *wanted*, oldest first; `fresh` are their files by digest.

        Raises: UpstreamContradictionError, RemoteError, AccessError, SnapshotError, StorageError, HoursEndedError.
        """
        missing = [version for version in wanted if version.label not in self._here]
        self._line.course.progress(f"asking for {self._offer.terminology_id}", 0)
        if missing[0] == self._offer.versions[0]:
            self._defined = self._definitions.second_of(self._offer.terminology_id)
        base = self._before(missing[0], opened) if len(missing) == 1 else None
        lists = {version.label: self._list(version, base) for version in missing}
        last = lists.get(self._offer.last.label)
        if last is not None:
            self._line.course.progress(f"dating {self._offer.terminology_id}", 0)
            self._dates = dates_of(self._line, self._offer.terminology_id, last, base, self._defined)
        return list(self._made(missing, lists, opened))

    def _before(self, version: OfferedVersion, opened: ExitStack) -> Snapshot | None:
        """The newest version on the shelf that is older than *version*, its bytes proved: what it says goes on for ever."""
        older = self._offer.versions[: self._offer.versions.index(version)]
        here = next((self._here[each.label] for each in reversed(older) if each.label in self._here), None)
        if here is None:
            return None
        path = file_of(self._folder, here)
        check_bytes(path, here)
        return opened.enter_context(closing(Snapshot.open(path, here)))

    def _list(self, version: OfferedVersion, base: Snapshot | None) -> StagedList:
        staged = self._lists.fetched(version, base if version == self._offer.last else None)
        if not staged.count:
            what = f"the version {version.label!r} of {self._offer.terminology_id} listed, and not one concept of it"
            raise UpstreamContradictionError(upstream=self._line.course.upstream.name, what=what)
        return staged

    def _made(
        self, missing: Sequence[OfferedVersion], lists: Mapping[str, StagedList], opened: ExitStack
    ) -> Iterator[Version]:
        made: Snapshot | None = None
        for version in missing:
            before = self._before(version, opened)
            if made and (before is None or before.version.row < made.version.row):
                before = made
            second = self._published(version, lists, before)
            made = opened.enter_context(closing(self._snapshot(version, lists[version.label], before, second)))
            yield made.version

    def _published(self, version: OfferedVersion, lists: Mapping[str, StagedList], before: Snapshot | None) -> int:
        """When *version* was published, in seconds of 1970 UTC: not before the one before it, nor after the one after it.

        Where it cannot be known, a second after the one before it: what it brought is newer than what it found.
        """
        seen = self._defined if version == self._offer.versions[0] else None
        if seen is None and version == self._offer.last:
            seen = self._dates.newest
        elif seen is None:
            seen = self._least_that_stayed(lists[version.label], lists, before)
        earliest = second_of(before.version.published_at) if before else EARLIEST
        return min([earliest + 1 if seen is None else max(earliest, seen), *self._latest(version)])

    def _least_that_stayed(
        self, staged: StagedList, lists: Mapping[str, StagedList], before: Snapshot | None
    ) -> int | None:
        path = before.path if before else None
        last = lists.get(self._offer.last.label)
        if last is not None:
            place = staged.least_that_stayed("place", last.path, path)
            return self._dates.unknown_s or (None if place is None else self._dates.changed(place))
        here = self._here.get(self._offer.last.label)
        return staged.least_that_stayed("changed", file_of(self._folder, here), path) if here else None

    def _latest(self, version: OfferedVersion) -> list[int]:
        """The dates of the later versions that are on the shelf."""
        later = self._offer.versions[self._offer.versions.index(version) + 1 :]
        return [second_of(self._here[each.label].published_at) for each in later if each.label in self._here]

    def _snapshot(self, version: OfferedVersion, staged: StagedList, before: Snapshot | None, second: int) -> Snapshot:
        """The snapshot of *version*, in the staging folder and on disk."""
        path = self._staging / f"{version.number}{FRESH}"
        with told_apart(path):
            path.unlink(missing_ok=True)
        dates = self._dates if version == self._offer.last else ListDates()
        self._line.course.progress(f"writing {self._offer.terminology_id} {version.label}", 0)
        with SnapshotWriter(path, changes=_changes(before, dates, second, staged)) as writer:
            history.write(writer, _rows(staged, before, dates, second))
            written = writer.finish(
                Version(
                    terminology_id=self._offer.terminology_id,
                    label=version.label,
                    number=version.number,
                    row=version.row,
                    published_at=moment(second),
                    title=_title(self._offer.terminology_id),
                )
            )
        self.fresh[written.digest] = path
        return Snapshot.open(path, written)


def _title(terminology_id: str) -> str:
    """The Persian title by which the ministry's documents know it, which no function tells; "" for any other."""
    line = known(terminology_id)
    return line.title_fa if line else ""


def _rows(staged: StagedList, before: Snapshot | None, dates: ListDates, second: int) -> Iterator[Row | FormerConcept]:
    """The rows of the version in *staged*, by code, with the dates that are known of them."""
    listed = ((place + 1, Concept(code, display)) for code, display, place in staged.by_code())
    at = moment(second)
    for row in history.following(listed, before, at) if before else history.first(listed, at):
        changed = dates.changed(row.position - 1) if isinstance(row, Row) else None
        if isinstance(row, Row) and changed is not None:
            row = Row(row.concept, min(row.created, changed), changed, row.position)
        yield row


def _changes(before: Snapshot | None, dates: ListDates, second: int, staged: StagedList) -> list[tuple[int, int]]:
    """(seconds, count): the most concepts that may have each date, oldest first. Numbers of a snapshot may have gaps."""
    most = Counter(dict(before.changes()) if before else {})
    for part in dates.parts:
        most[part.second] += part.end - part.start
    most[second] += staged.count
    return sorted(most.items())
