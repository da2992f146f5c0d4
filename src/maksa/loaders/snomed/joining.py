"""Staged tables joined into concepts, in the order of codes as text.

Every table is keyed by the concept it speaks of, so each is read once from its beginning, side by side with the concepts.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from typing import Any

from maksa.loaders.gathering import Gathering
from maksa.loaders.snomed.descriptions import Languages
from maksa.loaders.snomed.ids import FULLY_DEFINED, IS_A
from maksa.loaders.staging import told_apart
from maksa.model.concept import Concept, Designation, Property

Row = tuple[Any, ...]

_CONCEPTS = "SELECT id, active, moduleId, definitionStatusId, file, line FROM concept ORDER BY id"
_DESCRIPTIONS = """
SELECT description.conceptId, description.id, languageCode, typeId, term, refsetId, acceptabilityId
FROM description LEFT JOIN language ON language.referencedComponentId = description.id AND language.active = '1'
WHERE description.active = '1' ORDER BY description.conceptId, description.id
"""
_RELATIONSHIPS = "SELECT sourceId, typeId, destinationId FROM relationship WHERE active = '1' ORDER BY sourceId, id"
_VALUES = "SELECT sourceId, typeId, value FROM value WHERE active = '1' ORDER BY sourceId, id"
_SETS = "SELECT referencedComponentId, refsetId FROM simple WHERE active = '1' ORDER BY referencedComponentId, refsetId"
_ASSOCIATIONS = """
SELECT referencedComponentId, refsetId, targetComponentId FROM association WHERE active = '1'
ORDER BY referencedComponentId, refsetId, targetComponentId
"""
_DESCRIPTIONS_OF = _DESCRIPTIONS.replace("ORDER BY", "AND description.conceptId = ? ORDER BY")


class Beside:
    """The rows of a query in order of their first column, handed out by it; `unmet` counts those that nobody asked for."""

    def __init__(self, db: sqlite3.Connection, query: str) -> None:
        self._rows: Iterator[Row] = db.execute(query)
        self._next = next(self._rows, None)
        self.unmet = 0
        self.example = ""

    def of(self, code: str) -> list[Row]:
        """The rows of *code*; codes are asked for in order."""
        found: list[Row] = []
        row = self._next
        while row is not None and row[0] <= code:
            if row[0] == code:
                found.append(row)
            else:
                self._miss(row[0])
            row = next(self._rows, None)
        self._next = row
        return found

    def finish(self) -> None:
        """Counts the rows that are left."""
        while self._next is not None:
            self._miss(self._next[0])
            self._next = next(self._rows, None)

    def _miss(self, code: str) -> None:
        self.unmet += 1
        self.example = self.example or code


class Joining:
    """The concepts of what is staged in *db*.

    Args:
        files: the names of the files, by the number they were staged under.
        languages: those wanted for displays, the first choice first.
    """

    def __init__(
        self, db: sqlite3.Connection, gathering: Gathering, files: Sequence[str], languages: Sequence[str]
    ) -> None:
        self._db = db
        self._gathering = gathering
        self._files = files
        self._names: dict[str, str] = {}  # of the few concepts that name properties
        self._languages = Languages(languages, self._language_sets())

    def _language_sets(self) -> list[tuple[str, str]]:
        """The language reference sets, each with a language code of its descriptions."""
        with told_apart():
            refsets = [row[0] for row in self._db.execute("SELECT DISTINCT refsetId FROM language")]
            if len(refsets) < 2:  # no dialects to tell apart
                return []
            self._db.execute("CREATE INDEX described ON description (id, languageCode)")
            return [
                (refset, code)
                for refset in refsets
                for (code,) in self._db.execute(
                    "SELECT DISTINCT languageCode FROM (SELECT referencedComponentId FROM language WHERE refsetId = ?"
                    " LIMIT 1000) JOIN description ON description.id = referencedComponentId",
                    (refset,),
                )
            ]

    def concepts(self) -> Iterator[Concept]:
        """The concepts, by code. Raises: StorageError."""
        with told_apart():
            descriptions, relationships = Beside(self._db, _DESCRIPTIONS), Beside(self._db, _RELATIONSHIPS)
            values, sets, associations = (Beside(self._db, query) for query in (_VALUES, _SETS, _ASSOCIATIONS))
            for code, active, module, definition, file, line in self._db.execute(_CONCEPTS):
                related = relationships.of(code)
                facts = [("sufficientlyDefined", "true" if definition == FULLY_DEFINED else "false", "boolean")]
                facts += [("moduleId", module, "code")]
                facts += [(self.name(kind), target, "code") for _, kind, target in related if kind != IS_A]
                facts += [(self.name(kind), *_concrete(value)) for _, kind, value in values.of(code)]
                facts += [("refset", refset, "code") for _, refset in sets.of(code)]
                facts += [(self.name(refset), target, "code") for _, refset, target in associations.of(code)]
                worded = self._languages.worded(descriptions.of(code))
                if worded is None:
                    self._tell_unworded(code, file, line)
                    continue
                parents = dict.fromkeys(target for _, kind, target in related if kind == IS_A)
                yield _concept(code, worded, facts, tuple(parents), active)
            self._tell_unmet(descriptions)

    def _tell_unworded(self, code: str, file: int, line: int) -> None:
        with self._gathering.within(self._files[file]):
            self._gathering.refuse("no-description", row=line, column="id", value=code)
        self._gathering.report.kept -= 1

    def _tell_unmet(self, descriptions: Beside) -> None:
        descriptions.finish()
        if descriptions.unmet:
            self._gathering.add(
                "unknown-concept", column="conceptId", value=descriptions.example, count=descriptions.unmet
            )

    def name(self, code: str) -> str:
        """The display of a concept that names a property or a reference set; its code, where it has none."""
        if code not in self._names:
            worded = self._languages.worded(self._db.execute(_DESCRIPTIONS_OF, (code,)).fetchall())
            self._names[code] = worded[0] if worded else code
        return self._names[code]


def _concept(
    code: str,
    worded: tuple[str, str, tuple[Designation, ...]],
    facts: list[tuple[str, str, str]],
    parents: tuple[str, ...],
    active: str,
) -> Concept:
    display, language, designations = worded
    properties = tuple(Property(*fact) for fact in dict.fromkeys(facts))  # role groups repeat some
    return Concept(
        code, display, language, designations, properties, parents, "active" if active == "1" else "inactive"
    )


def _concrete(value: str) -> tuple[str, str]:
    """A concrete value and its kind: #5 is an integer, #0.5 a decimal, "text" a string, TRUE a boolean.

    Source: SNOMED CT Release File Specifications, «Relationship File with Concrete Values».
    """
    if value.startswith("#"):
        return value[1:], "decimal" if "." in value else "integer"
    if value in ("TRUE", "FALSE"):
        return value.lower(), "boolean"
    return value.removeprefix('"').removesuffix('"'), "string"
