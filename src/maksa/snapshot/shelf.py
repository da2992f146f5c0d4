"""The shelf: a folder of snapshots and the manifest that lists them, as a reader sees it.

Rules of this file:
- a reader holds one `View` at a time, made from one manifest and never changed; a new manifest makes a new view, and
  whoever still reads the old one finishes on it;
- the last version of each terminology is opened when a view is made, older ones when they are first asked for;
- a damaged file spoils its own version only.
"""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable, Iterable
from functools import lru_cache
from pathlib import Path

from maksa.model.errors import ManifestError, SnapshotError
from maksa.model.terminology import Version, key_of
from maksa.snapshot import manifest as manifests
from maksa.snapshot.manifest import Manifest, file_of
from maksa.snapshot.maps import opened
from maksa.snapshot.reader import Snapshot

_REMEMBERED = 512  # codes of a version: callers ask the same ones again and again
_LONGEST = 64  # characters of a code that is remembered


class Edition:
    """One version on the shelf and its snapshot, opened when first asked for."""

    __slots__ = ("_display", "_lock", "_snapshot", "fault", "path", "version")

    def __init__(self, path: Path, version: Version) -> None:
        self.path = path
        self.version = version
        self.fault: SnapshotError | None = None
        self._snapshot: Snapshot | None = None
        self._display: Callable[[str], str | None] | None = None  # the snapshot's, and what it said of the last codes
        self._lock = threading.Lock()

    @property
    def is_open(self) -> bool:
        """Whether somebody has asked for the snapshot, and it was good."""
        return self._snapshot is not None and self.fault is None

    @property
    def snapshot(self) -> Snapshot:
        """The open snapshot. Raises: SnapshotError, which says the same at each asking once the file was found bad."""
        self.check()
        return self._snapshot or self._opened()

    def check(self) -> None:
        """Returns where nothing was found wrong with the file so far. Raises: SnapshotError.

        Each time another one: an error that is raised again keeps the frames of all who were told it, and what they held.
        """
        fault = self.fault
        if fault is not None:
            raise type(fault)(**fault.facts)

    def display(self, code: str) -> str | None:
        """As `Snapshot.display`; of the codes asked last it is known: a version never changes. Raises: as `snapshot`."""
        snapshot, display = self.snapshot, self._display
        return snapshot.display(code) if display is None or len(code) > _LONGEST else display(code)

    def _opened(self) -> Snapshot:
        with self._lock:
            if self._snapshot is None:
                try:
                    self._snapshot = opened(self.path, self.version)
                    self._display = lru_cache(_REMEMBERED)(self._snapshot.display)
                except SnapshotError as error:
                    self.fault = type(error)(**error.facts)
                    raise
            return self._snapshot

    def condemn(self, fault: SnapshotError) -> None:
        """Marks the file as damaged: whoever asks from now on is told *fault*."""
        self.fault = fault

    def acquit(self) -> None:
        """Marks the file as whole: it is opened anew by whoever asks next."""
        with self._lock:
            self._snapshot, self._display, self.fault = None, None, None


class Terminology:
    """A terminology (or a map) as the shelf has it: its id as it was defined, and its editions in order of publication."""

    __slots__ = ("by_label", "editions", "id", "last")

    def __init__(self, editions: list[Edition]) -> None:
        self.editions = editions
        self.id = editions[0].version.terminology_id
        self.last = editions[-1]
        self.by_label = {edition.version.label: edition for edition in editions}

    @property
    def title(self) -> str:
        return next((edition.version.title for edition in reversed(self.editions) if edition.version.title), "")

    @property
    def defined_at(self) -> dt.datetime:
        """When its first version was published."""
        return self.editions[0].version.published_at


class View:
    """What one manifest lists, for readers. `terminologies` and `maps` are in order of definition, and never mixed.

    `by_digest` are the editions of both.
    """

    __slots__ = ("_by_id", "_by_key", "_maps", "by_digest", "manifest", "maps", "terminologies")

    def __init__(self, folder: Path, manifest: Manifest, previous: View | None = None) -> None:
        self.manifest = manifest
        kept = {edition.path: edition for edition in previous.editions()} if previous else {}
        groups: dict[str, dict[str, list[Edition]]] = {"terminology": {}, "map": {}}
        for version in manifest.versions:
            path = file_of(folder, version)
            edition = kept.get(path)
            if edition is None or edition.version != version or edition.fault is not None:
                edition = Edition(path, version)
            groups[version.kind].setdefault(key_of(version.terminology_id), []).append(edition)
        self._by_key = {key: Terminology(editions) for key, editions in groups["terminology"].items()}
        self._by_id = {each.id: each for each in self._by_key.values()}
        self._maps = {key: Terminology(editions) for key, editions in groups["map"].items()}
        self.terminologies = _by_definition(self._by_key.values())
        self.maps = _by_definition(self._maps.values())
        self.by_digest = {edition.version.digest: edition for edition in self.editions()}

    def editions(self) -> list[Edition]:
        """Every edition of every terminology and map."""
        return [edition for each in (*self.terminologies, *self.maps) for edition in each.editions]

    def terminology(self, terminology_id: str) -> Terminology | None:
        """The terminology of this id, in any case and with blanks around it; None where there is none."""
        return self._by_id.get(terminology_id) or self._by_key.get(key_of(terminology_id))

    def map(self, map_id: str) -> Terminology | None:
        """The map of this id, as `terminology` finds one; its snapshots are `MapSnapshot`s."""
        return self._maps.get(key_of(map_id))


def _by_definition(many: Iterable[Terminology]) -> tuple[Terminology, ...]:
    return tuple(sorted(many, key=lambda each: (each.defined_at, each.editions[0].version.row)))


class Shelf:
    """A folder of snapshots, open for reading. `view` is what it holds now; `refresh` looks again."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._stamp = _stamp_of(folder)
        self.view = View(folder, manifests.read(folder))
        self._open_last()

    @classmethod
    def open(cls, folder: str | Path) -> Shelf:
        """The shelf in *folder*; one that is not there yet is empty. Raises: ManifestError, FormatVersionError."""
        return cls(Path(folder))

    def terminology(self, terminology_id: str) -> Terminology | None:
        """As `View.terminology`, of the view of this moment."""
        return self.view.terminology(terminology_id)

    def refresh(self) -> bool:
        """Takes up a manifest that has been replaced since; whether there was one. Costs one stat where there was not.

        Raises: ManifestError, FormatVersionError; the old view stays.
        """
        stamp = _stamp_of(self.folder)
        if stamp == self._stamp:
            return False
        if stamp == _NOT_THERE and self.view.manifest.versions:  # a mount that went away is no order to forget
            raise ManifestError(
                path=str(self.folder / manifests.NAME), reason="is gone; what it listed is still answered"
            )
        fresh = View(self.folder, manifests.read(self.folder), self.view)
        self._stamp = stamp
        self.view = fresh
        self._open_last()
        return True

    def _open_last(self) -> None:
        """Opens what will be asked first; a damaged file is told when it is asked for, and spoils nothing else."""
        for each in (*self.view.terminologies, *self.view.maps):
            try:
                each.last.snapshot  # noqa: B018 # opening is the effect
            except SnapshotError:
                continue

    def faults(self) -> list[SnapshotError]:
        """What was found wrong with files of this view so far."""
        return [edition.fault for edition in self.view.editions() if edition.fault is not None]


_NOT_THERE = (0, 0, 0)


def _stamp_of(folder: Path) -> tuple[int, int, int]:
    """What tells one manifest file from the next without reading it; zeros where there is none. Raises: ManifestError."""
    try:
        seen = (folder / manifests.NAME).stat()
    except FileNotFoundError:
        return _NOT_THERE
    except OSError as error:
        raise ManifestError(path=str(folder / manifests.NAME), reason=error.strerror or str(error)) from error
    return (seen.st_ino, seen.st_mtime_ns, seen.st_size)
