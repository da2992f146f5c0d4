"""The kinds of files that a release has, each told by its header: what they hold, and how it is staged.

Source: SNOMED CT Release File Specifications, «Component Release File Specification» and «Reference Set Types».
"""

from __future__ import annotations

from typing import NamedTuple

from maksa.loaders.snomed.ids import STATED

Cells = tuple[str, ...]


class Kind(NamedTuple):
    """A kind of file.

    `header` begins its first line. `exact`: nothing follows it there. `key` and `payload` are the columns that are kept;
    the key leads its table, so that a table is in the order in which it is read. `sctids` are the columns that must hold
    identifiers. Rows whose last two cells of `without` say so are left out.
    """

    name: str
    header: Cells
    key: Cells
    payload: Cells
    sctids: Cells
    text: str = ""
    exact: bool = False
    without: tuple[str, str] = ("", "")

    def at(self, column: str) -> int:
        """The place of a column in a row of the file, from 0."""
        return self.header.index(column)

    @property
    def places(self) -> tuple[list[int], list[int]]:
        """The places, in a row of the file, of the cells that its table has: of its key, and of the others."""
        return [self.at(each) for each in self.key], [self.at(each) for each in self._others]

    @property
    def _others(self) -> Cells:
        return ("effectiveTime", "active", *self.payload)

    @property
    def table(self) -> str:
        """The table: key, line, number of the file, date, state, and the rest."""
        keys = "".join(f"{column} TEXT NOT NULL, " for column in self.key)
        others = "".join(f"{column} TEXT NOT NULL, " for column in self._others)
        # a concept has a number too, by which the hierarchy is walked
        tail = ("UNIQUE ({}))" if self.name == "concept" else "PRIMARY KEY ({})) WITHOUT ROWID").format(
            ", ".join(self.key)
        )
        return f"CREATE TABLE {self.name} ({keys}line INTEGER NOT NULL, file INTEGER NOT NULL, {others}{tail};"

    def insert(self, rows: int = 1) -> str:
        """Inserts so many rows, each unless its key is there already."""
        row = f"({','.join('?' * (len(self.key) + len(self.payload) + 4))})"
        return f"INSERT OR IGNORE INTO {self.name} VALUES {','.join([row] * rows)}"

    def replace(self, rows: int = 1) -> str:
        """Inserts so many rows, each unless a later state of the same key, or this one, is there already."""
        changed = ("line", "file", *self._others)
        setting = ", ".join(f"{column} = excluded.{column}" for column in changed)
        return (
            f"{self.insert(rows).replace('OR IGNORE ', '')} ON CONFLICT DO UPDATE SET {setting}"
            f" WHERE excluded.effectiveTime > {self.name}.effectiveTime"
        )

    @property
    def stored(self) -> str:
        """Asks for line, file and date of what is staged under a key."""
        return f"SELECT line, file, effectiveTime FROM {self.name} WHERE {' AND '.join(f'{each} = ?' for each in self.key)}"


_COMPONENT = ("id", "effectiveTime", "active", "moduleId")
_MEMBER = (*_COMPONENT, "refsetId", "referencedComponentId")
_MEMBER_KEY = ("referencedComponentId", "refsetId", "id")
_MEMBER_IDS = ("moduleId", "refsetId", "referencedComponentId")
_MAP = ("mapGroup", "mapPriority", "mapRule", "mapAdvice", "mapTarget", "correlationId")

_RELATED = ("relationshipGroup", "typeId", "characteristicTypeId", "modifierId")

CONCEPT = Kind(
    "concept", (*_COMPONENT, "definitionStatusId"), ("id",), ("moduleId", "definitionStatusId"),
    ("id", "moduleId", "definitionStatusId"), exact=True,
)  # fmt: skip
DESCRIPTION = Kind(
    "description", (*_COMPONENT, "conceptId", "languageCode", "typeId", "term", "caseSignificanceId"),
    ("conceptId", "id"), ("languageCode", "typeId", "term"), ("id", "conceptId", "typeId"), text="term", exact=True,
)  # fmt: skip
RELATIONSHIP = Kind(
    "relationship", (*_COMPONENT, "sourceId", "destinationId", *_RELATED),
    ("sourceId", "id"), ("typeId", "destinationId"), ("id", "sourceId", "destinationId", "typeId"), exact=True,
    without=("characteristicTypeId", STATED),
)  # fmt: skip
VALUE = Kind(
    "value", (*_COMPONENT, "sourceId", "value", *_RELATED),
    ("sourceId", "id"), ("typeId", "value"), ("id", "sourceId", "typeId"), text="value", exact=True,
    without=("characteristicTypeId", STATED),
)  # fmt: skip
LANGUAGE = Kind("language", (*_MEMBER, "acceptabilityId"), _MEMBER_KEY, ("acceptabilityId",), _MEMBER_IDS, exact=True)
SIMPLE = Kind("simple", _MEMBER, _MEMBER_KEY, (), _MEMBER_IDS, exact=True)
ASSOCIATION = Kind(
    "association", (*_MEMBER, "targetComponentId"), _MEMBER_KEY, ("targetComponentId",), _MEMBER_IDS, exact=True
)
SIMPLE_MAP = Kind(
    "simple_map", (*_MEMBER, "mapTarget"), _MEMBER_KEY, ("mapTarget",), _MEMBER_IDS, text="mapTarget", exact=True
)
EXTENDED_MAP = Kind("extended_map", (*_MEMBER, *_MAP), _MEMBER_KEY, _MAP, (*_MEMBER_IDS, "correlationId"))

KINDS = (
    CONCEPT, DESCRIPTION, RELATIONSHIP, VALUE, LANGUAGE, SIMPLE, ASSOCIATION, SIMPLE_MAP, EXTENDED_MAP,
)  # fmt: skip

USUAL_NAMES = {
    "concept": "sct2_Concept_Snapshot_….txt",
    "description": "sct2_Description_Snapshot-…_….txt",
    "relationship": "sct2_Relationship_Snapshot_….txt",
    "language": "der2_cRefset_LanguageSnapshot-…_….txt",
}
"""What the files that every release has are called; a release without one is told so by this name."""


def kind_of(header: str) -> Kind | None:
    """The kind of a file whose first line is *header*; None for kinds that are not read."""
    columns = tuple(cell.casefold() for cell in header.removeprefix("\ufeff").rstrip("\r\n").split("\t"))
    for kind in KINDS:
        known = tuple(map(str.casefold, kind.header))
        if columns[: len(known)] == known and (len(columns) == len(known) or not kind.exact):
            return kind
    return None
