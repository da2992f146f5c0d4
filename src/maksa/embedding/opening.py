"""What a path is: a shelf's folder, a home with a shelf in it, or one snapshot file; and what is read there."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from msgspec.structs import replace

from maksa.home import Home
from maksa.model.errors import NotAShelfError, SnapshotError
from maksa.snapshot import manifest as manifests
from maksa.snapshot.manifest import Manifest
from maksa.snapshot.reader import Snapshot
from maksa.snapshot.shelf import Shelf, View


class Source(Protocol):
    """What is read: its view of this moment, and whether there is a newer one."""

    @property
    def view(self) -> View: ...
    def refresh(self) -> bool: ...
    def faults(self) -> list[SnapshotError]: ...


class Still:
    """A source that never changes: a file, or a shelf as it was at a moment."""

    def __init__(self, view: View) -> None:
        self.view = view

    def refresh(self) -> bool:
        return False

    def faults(self) -> list[SnapshotError]:
        return [edition.fault for edition in self.view.editions() if edition.fault is not None]


def source_at(path: Path) -> Source:
    """What is at *path*.

    Raises: NotAShelfError for what is neither of the three; of a folder ManifestError, FormatVersionError; of a file
    NotASnapshotError, FormatVersionError, SnapshotError.
    """
    if path.is_dir():
        return Shelf(_folder_in(path))
    if not path.exists():
        raise NotAShelfError(path=str(path), reason="there is nothing of this name")
    return Still(view_of_file(path))


def _folder_in(path: Path) -> Path:
    """The folder of the shelf that *path* is, or that the home there has."""
    home = Home(path)
    for folder in (path, home.shelf):
        if (folder / manifests.NAME).exists():
            return folder
    reason = (
        f"it has no {manifests.NAME}, and no {home.shelf.name}/{manifests.NAME}: it is no shelf, and no home with one"
    )
    raise NotAShelfError(path=str(path), reason=reason)


def view_of_file(path: Path) -> View:
    """A view of the one version in the snapshot file at *path*, whatever its name is. Raises: as `Snapshot.open`."""
    version = replace(Snapshot.open(path).version, size=path.stat().st_size)
    view = View(path.parent, Manifest(versions=(version,)))
    for edition in view.editions():
        edition.path = path
    return view
