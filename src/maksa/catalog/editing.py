"""A draft while a few of its concepts are changed: the rest stays as it was loaded."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from msgspec import structs
from sqlalchemy import ColumnElement, Connection, delete, func, insert, select, update

from maksa.catalog.database import Database
from maksa.catalog.packing import packed, unpacked
from maksa.catalog.records import Draft
from maksa.catalog.schema import draft_concept, version
from maksa.model.concept import Concept

_own = draft_concept.c


class EditedDraft:
    """What `Catalog.edit` gives: the draft, the concepts that are asked for, and how they become others.

    Concepts are looked for by reading the draft through once for each question: drafts have no index by code, which
    would cost every load more than it saves here.
    """

    def __init__(self, draft: Draft, connection: Connection, database: Database) -> None:
        self.draft = draft
        self._connection = connection
        self._database = database
        self._positions: dict[str, int] = {}

    def named(self, codes: Collection[str]) -> dict[str, Concept]:
        """The concepts of *codes*, as many of them as the draft has."""
        found: dict[str, Concept] = {}
        for position, concept in self._concepts():
            if concept.code in codes:
                self._positions[concept.code] = position
                found[concept.code] = concept
        return found

    def children(self, codes: Collection[str]) -> dict[str, list[str]]:
        """The codes directly below each of *codes* that has any."""
        below: dict[str, list[str]] = {}
        if not codes or not self.draft.has_parents:
            return below
        for _, concept in self._concepts():
            for parent in concept.parents:
                if parent in codes:
                    below.setdefault(parent, []).append(concept.code)
        return below

    def _concepts(self) -> Iterator[tuple[int, Concept]]:
        """(position, concept) of each, in the order of the list."""
        with self._database.told_apart():
            stream = self._database.dialect.stream(self._connection, self.draft.number, in_code_order=True)
            for position, code, display, rest in stream:
                yield position, unpacked(code, display, rest)

    def put(self, concepts: Mapping[str, Concept | None]) -> Draft:
        """The draft as it is now, each code of *concepts* being as it says there, or gone where it says None.

        The codes have been asked for (`named`); one that the draft has not comes at the end of the list.
        """
        last = self._connection.scalar(select(func.max(_own.position)).where(_own.version == self.draft.number)) or 0
        for code, concept in concepts.items():
            here = self._positions.get(code)
            if here is None and concept is not None:
                last += 1
                self._add(last, concept)
            elif here is not None and concept is not None:
                self._replace(here, concept)
            elif here is not None:
                self._remove(here)
        return self._counted(concepts)

    def _remove(self, position: int) -> None:
        self._connection.execute(delete(draft_concept).where(*self._row(position)))

    def _replace(self, position: int, concept: Concept) -> None:
        values = {"display": concept.display, "rest": packed(concept)}
        self._connection.execute(update(draft_concept).where(*self._row(position)).values(values))

    def _add(self, position: int, concept: Concept) -> None:
        row = {"version": self.draft.number, "position": position, "code": concept.code, "display": concept.display}
        self._connection.execute(insert(draft_concept).values(row | {"rest": packed(concept)}))

    def _row(self, position: int) -> tuple[ColumnElement[bool], ...]:
        return _own.version == self.draft.number, _own.position == position

    def _counted(self, concepts: Mapping[str, Concept | None]) -> Draft:
        """The draft with its facts as they are after *concepts* were put."""
        counted = select(func.count()).where(_own.version == self.draft.number)
        facts = {
            "concepts": self._connection.scalar(counted),
            "has_parents": self.draft.has_parents or any(each.parents for each in concepts.values() if each),
            "in_code_order": self.draft.in_code_order and concepts.keys() <= self._positions.keys(),
        }
        self._connection.execute(update(version).where(version.c.number == self.draft.number).values(facts))
        self.draft = structs.replace(self.draft, **facts)
        return self.draft
