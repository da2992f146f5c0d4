"""What of the shelf the portal shows: all but what the setting `portal_hidden` names, and maps from it or to it."""

from __future__ import annotations

from collections.abc import Iterable

from maksa.model.errors import SnapshotError
from maksa.model.terminology import Version, key_of
from maksa.service.translate import snapshot_of
from maksa.snapshot.manifest import Manifest
from maksa.snapshot.shelf import Shelf, Terminology, View


class Visible:
    """The view that pages are made from, made anew when the shelf takes up another manifest."""

    def __init__(self, shelf: Shelf, hidden: Iterable[str]) -> None:
        self._shelf = shelf
        self._hidden = frozenset(map(key_of, hidden))
        self._of: View | None = None
        self._view: View | None = None

    @property
    def view(self) -> View:
        """What may be seen at this moment."""
        whole = self._shelf.view
        if not self._hidden:
            return whole
        if self._view is None or self._of is not whole:
            maps = {key_of(each.id) for each in whole.maps if self._touches(each)}
            shown = tuple(each for each in whole.manifest.versions if not self._is_hidden(each, maps))
            self._view = View(self._shelf.folder, Manifest(sequence=whole.manifest.sequence, versions=shown), whole)
            self._of = whole
        return self._view

    def _is_hidden(self, version: Version, maps: set[str]) -> bool:
        key = key_of(version.terminology_id)
        return key in self._hidden or (version.kind == "map" and key in maps)

    def _touches(self, concept_map: Terminology) -> bool:
        """Whether the map is from a hidden terminology or to one; one that cannot be read shows nothing anyway."""
        try:
            between = snapshot_of(concept_map.last).concept_map
        except SnapshotError:
            return True
        return not self._hidden.isdisjoint((key_of(between.source_id), key_of(between.target_id)))
