"""A draft while it is being published: nobody replaces it meanwhile, and it ends with the transaction."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter

from sqlalchemy import Connection

from maksa.catalog import statements
from maksa.catalog.database import Database
from maksa.catalog.packing import unpacked, unpacked_entry
from maksa.catalog.records import Draft
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
        rows = database.dialect.stream(connection, draft.number, in_code_order=draft.in_code_order)
        for position, code, display, rest in rows:
            yield position, unpacked(code, display, rest)


def stream_entries(connection: Connection, database: Database, draft: Draft) -> Iterator[MapEntry]:
    """The entries of *draft*, a map's, as `HeldDraft.entries` gives them."""
    with database.told_apart():
        rows = database.dialect.stream(connection, draft.number, in_code_order=draft.in_code_order)
        for _, together in groupby(rows, key=itemgetter(1)):
            placed = [(position, unpacked_entry(rest)) for position, _, _, rest in together]
            for _, entry in sorted(placed, key=lambda each: (each[1].order, each[0])):
                yield entry
