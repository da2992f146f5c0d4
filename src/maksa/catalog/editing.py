"""A draft while a few of its concepts are changed: the rest stays as it was loaded."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from msgspec import structs
from sqlalchemy import Connection, delete, func, insert, select, update

from maksa.catalog.database import Database
from maksa.catalog.packing import Drafted, pack, unpacked_block
from maksa.catalog.records import Draft
from maksa.catalog.schema import draft_block, version
from maksa.model.concept import Concept

_own = draft_block.c


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
            for block in self._database.dialect.stream(self._connection, self.draft.number):
                for each in unpacked_block(block):
                    yield each.position, each.concept()

    def put(self, concepts: Mapping[str, Concept | None]) -> Draft:
        """The draft as it is now, each code of *concepts* being as it says there, or gone where it says None.

        The codes have been asked for (`named`); one that the draft has not comes at the end of the list.
        """
        last = self._last()
        here = {self._positions[code]: concept for code, concept in concepts.items() if code in self._positions}
        self._replace(here)
        new = [each for code, each in concepts.items() if code not in self._positions and each is not None]
        added = [Drafted.of(position, concept) for position, concept in enumerate(new, last + 1)]
        if added:
            self._connection.execute(insert(draft_block).values(self._row(last + 1, added)))
        return self._counted(concepts)

    def _last(self) -> int:
        """The position of the list's last concept; 0 where it has none."""
        mine = select(_own.packed).where(_own.version == self.draft.number)
        packed = self._connection.scalar(mine.order_by(_own.first.desc()).limit(1))
        return unpacked_block(packed)[-1].position if packed else 0

    def _replace(self, here: Mapping[int, Concept | None]) -> None:
        """Each block that has one of these positions, written anew; one that is emptied goes."""
        mine = select(_own.first).where(_own.version == self.draft.number).order_by(_own.first)
        firsts = self._connection.scalars(mine).all()
        for first in sorted({firsts[bisect_right(firsts, position) - 1] for position in here}):
            block = _own.version == self.draft.number, _own.first == first
            packed = self._connection.scalars(select(_own.packed).where(*block)).one()
            changed = (_changed(each, here) for each in unpacked_block(packed))
            left = [each for each in changed if each is not None]
            if left:
                self._connection.execute(update(draft_block).where(*block).values(self._row(first, left)))
            else:
                self._connection.execute(delete(draft_block).where(*block))

    def _row(self, first: int, drafted: list[Drafted]) -> dict[str, Any]:
        return {"version": self.draft.number, "first": first, "concepts": len(drafted), "packed": pack(drafted)}

    def _counted(self, concepts: Mapping[str, Concept | None]) -> Draft:
        """The draft with its facts as they are after *concepts* were put."""
        counted = select(func.coalesce(func.sum(_own.concepts), 0)).where(_own.version == self.draft.number)
        facts = {
            "concepts": self._connection.scalar(counted),
            "has_parents": self.draft.has_parents or any(each.parents for each in concepts.values() if each),
            "in_code_order": self.draft.in_code_order and concepts.keys() <= self._positions.keys(),
        }
        self._connection.execute(update(version).where(version.c.number == self.draft.number).values(facts))
        self.draft = structs.replace(self.draft, **facts)
        return self.draft


def _changed(each: Drafted, here: Mapping[int, Concept | None]) -> Drafted | None:
    """*each* as it is now, None where it has gone."""
    if each.position not in here:
        return each
    concept = here[each.position]
    return None if concept is None else Drafted.of(each.position, concept)
