"""The map reference sets of a release: simple maps, and extended maps with their groups, priorities, rules and advice.

Source: SNOMED CT Release File Specifications, «Simple Map Reference Set» and «Complex and Extended Map Reference Set».
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from typing import Any, cast

from maksa.loaders.snomed.ids import CORRELATIONS, MAP_TARGETS
from maksa.loaders.staging import told_apart
from maksa.model.concept_map import ConceptMap, MapEntry, Relationship

_SETS = "SELECT refsetId FROM simple_map WHERE active = '1' UNION SELECT refsetId FROM extended_map WHERE active = '1'"
_SIMPLE = """
SELECT referencedComponentId, mapTarget FROM simple_map WHERE active = '1' AND refsetId = ?
ORDER BY referencedComponentId, mapTarget
"""
_EXTENDED = """
SELECT referencedComponentId, mapTarget, CAST(mapGroup AS INTEGER), CAST(mapPriority AS INTEGER), mapRule, mapAdvice,
correlationId FROM extended_map WHERE active = '1' AND refsetId = ? ORDER BY 1, 3, 4, id
"""


class Maps:
    """The maps of what is staged in *db*; *name* gives the display of a reference set's concept."""

    def __init__(self, db: sqlite3.Connection, terminology_id: str, label: str, name: Callable[[str], str]) -> None:
        self._db = db
        self._terminology_id = terminology_id
        self._label = label
        self._name = name

    def listed(self) -> list[ConceptMap]:
        """A map for each reference set, by its identifier."""
        with told_apart():
            return [self._map(refset) for (refset,) in self._db.execute(_SETS).fetchall()]

    def _map(self, refset: str) -> ConceptMap:
        return ConceptMap(
            map_id=f"{self._terminology_id}-{refset}",
            source_id=self._terminology_id,
            source_version=self._label,
            target_id=MAP_TARGETS.get(refset, refset),
            title=self._name(refset),
        )

    def entries(self, map_id: str) -> Iterator[MapEntry]:
        """The entries of a map that is listed, by source, group and priority."""
        refset = map_id.removeprefix(f"{self._terminology_id}-")
        with told_apart():
            for source, target in self._db.execute(_SIMPLE, (refset,)):
                yield MapEntry(source, target)
            for row in self._db.execute(_EXTENDED, (refset,)):
                yield _extended(*row)


def _extended(
    source: str, target: str, group: int, priority: int, rule: str, advice: str, correlation: Any
) -> MapEntry:
    relationship = cast("Relationship", CORRELATIONS.get(correlation, "related-to"))
    return MapEntry(source, target, relationship, priority, group, rule, advice)
