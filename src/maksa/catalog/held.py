"""A draft while it is being published: nobody replaces it meanwhile, and it ends with the transaction."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby

from sqlalchemy import Connection

from maksa.catalog import statements
from maksa.catalog.database import Database
from maksa.catalog.packing import (
    Drafted,
    DraftedEntry,
    pack,
    unpacked,
    unpacked_block,
    unpacked_entries,
    unpacked_entry,
)
from maksa.catalog.records import Draft
from maksa.catalog.sorting import by_code
from maksa.model.concept import Concept
from maksa.model.concept_map import MapEntry
from maksa.model.terminology import Version


class HeldDraft:
    """What `Catalog.hold` gives: the draft, its concepts, and the end of it."""

    def __init__(self, draft: Draft, connection: Connection, database: Database) -> None:
        self.draft = draft
        self._connection = connection
        self._database = database

    def concepts(self) -> Iterator[tuple[int, Concept]]:
        """(position, concept) of each, in code order; position is its place in the publisher's list, from 1.

        Codes are compared as UTF-8 bytes. A code that the list repeats comes twice: publishing refuses it.
        """
        return stream(self._connection, self._database, self.draft)

    def entries(self) -> Iterator[MapEntry]:
        """The entries of a map, by source, those of a source by their `order`, then as they came."""
        return stream_entries(self._connection, self._database, self.draft)

    def mark_published(self, version: Version) -> None:
        """Lists *version* as published in place of this draft, once the transaction ends."""
        dialect = self._database.dialect
        statements.remove_draft(self._connection, dialect, self.draft.number)
        statements.mirror(self._connection, dialect, version)


def stream(connection: Connection, database: Database, draft: Draft) -> Iterator[tuple[int, Concept]]:
    """The concepts of *draft* as `HeldDraft.concepts` gives them; told apart here, where they are read."""
    with database.told_apart():
        blocks = database.dialect.stream(connection, draft.number)
        ordered: Iterable[Drafted] = (each for block in blocks for each in unpacked_block(block))
        if not draft.in_code_order:
            ordered = map(unpacked, by_code((each.code, pack(each)) for each in ordered))
        for each in ordered:
            yield each.position, each.concept()


def stream_entries(connection: Connection, database: Database, draft: Draft) -> Iterator[MapEntry]:
    """The entries of *draft*, a map's, as `HeldDraft.entries` gives them."""
    with database.told_apart():
        blocks = database.dialect.stream(connection, draft.number)
        ordered: Iterable[DraftedEntry] = (each for block in blocks for each in unpacked_entries(block))
        if not draft.in_code_order:
            ordered = map(unpacked_entry, by_code((each.entry.source, pack(each)) for each in ordered))
        for _, together in groupby(ordered, key=lambda each: each.entry.source):
            for each in sorted(together, key=lambda each: (each.entry.order, each.position)):
                yield each.entry
