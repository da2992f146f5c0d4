"""Reading a snapshot: opened in a tenth of a millisecond, read-only, the same for ever.

Rules of this file:
- a file that is not a snapshot, of another format, or not the one the manifest names is refused at the door;
- the connection never locks and never looks for a journal (`immutable=1`): nothing may write the file, so nothing needs to;
- a `Snapshot` may be shared by threads: each has a connection of its own, and so has each long read.
"""

from __future__ import annotations

import datetime as dt
import math
import sqlite3
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import Self
from weakref import WeakSet

import msgspec

from maksa.model.concept import Concept, Designation, FormerConcept, Match, Property
from maksa.model.errors import NotASnapshotError
from maksa.model.terminology import Imprint, Version
from maksa.snapshot import search_index, whole
from maksa.snapshot.opening import OwnConnection, check_header, connection, expect, version_in

_IMPRINT = "SELECT name, value FROM fact WHERE name IN ('issuer', 'licence')"
_DISPLAY = "SELECT display FROM concept WHERE code = ?"
_CONCEPT = "SELECT number, code, display, language, status, created, changed FROM concept WHERE code = ?"
_DESIGNATIONS = "SELECT language, value, use FROM designation WHERE number = ? ORDER BY place"
_PROPERTIES = "SELECT name, value, kind FROM property WHERE number = ? ORDER BY place"
_PARENTS = "SELECT code FROM parent JOIN concept ON concept.number = parent WHERE parent.number = ? ORDER BY code"
_CHILDREN = (
    "SELECT code FROM parent JOIN concept USING (number)"
    " WHERE parent = (SELECT number FROM concept WHERE code = ?) ORDER BY code"
)
_ANCESTORS = (
    "SELECT code, depth FROM closure JOIN concept ON number = ancestor"
    " WHERE descendant = (SELECT number FROM concept WHERE code = ?) ORDER BY depth, code"
)
_DESCENDANTS = (
    "SELECT code, depth FROM closure JOIN concept ON number = descendant"
    " WHERE ancestor = (SELECT number FROM concept WHERE code = ?) ORDER BY depth, code"
)


class Snapshot:
    """One published version, open for reading. Made by `open`."""

    _counted = "concept"  # the table whose rows the version counts

    def __init__(self, path: Path, version: Version, own: OwnConnection, made: WeakSet[sqlite3.Connection]) -> None:
        self.path = path
        self.version = version
        self._own = own
        self._made = made

    def __del__(self) -> None:
        """Closes what its threads have opened: nobody reads it any more. Long reads have connections of their own."""
        for db in list(self._made):
            db.close()

    @property
    def _db(self) -> sqlite3.Connection:
        return self._own.db

    @classmethod
    def open(cls, path: Path, expected: Version | None = None) -> Self:
        """The snapshot at *path*, which must be the file that *expected* (the manifest's line) means.

        Bytes are not summed here, so that opening costs the same for any size: `verify` does it.

        Raises: SnapshotMissingError, NotASnapshotError, FormatVersionError, IntegrityError, SnapshotError.
        """
        check_header(path)
        if expected:
            expect("size in bytes", path, path.stat().st_size, expected.size)
        try:
            made: WeakSet[sqlite3.Connection] = WeakSet()
            own = OwnConnection(path, made)
            version = version_in(path, own.db)
        except sqlite3.DatabaseError as error:
            raise NotASnapshotError(path=str(path), reason=str(error)) from error
        if expected is None:
            return cls(path, version, own, made)
        expect("version", path, version, msgspec.structs.replace(expected, digest="", size=0))
        return cls(path, expected, own, made)

    def close(self) -> None:
        """Ends this thread's reading; those of other threads end with them."""
        self._own.db.close()

    @cached_property
    def imprint(self) -> Imprint:
        """Who issues the list and under which licence, as far as the file says it."""
        return Imprint(**dict(self._db.execute(_IMPRINT).fetchall()))

    def display(self, code: str) -> str | None:
        """The display of *code*, or None where the version has no such code. The hot path's one statement."""
        row = self._own.cursor.execute(_DISPLAY, (code,)).fetchone()
        return row[0] if row else None

    def concept(self, code: str) -> Concept | None:
        """All that the version says of *code*: designations and properties in their order, parents by code."""
        row = self._db.execute(_CONCEPT, (code,)).fetchone()
        return _concept(self._db, *row) if row else None

    def __iter__(self) -> Iterator[str]:
        """Every code, in order."""
        own = connection(self.path)
        try:
            for (code,) in own.execute("SELECT code FROM concept ORDER BY code"):
                yield code
        finally:
            own.close()

    def concepts(self, *, as_listed: bool = False) -> Iterator[Concept]:
        """Every concept, whole, by code; in the order of the publisher's own list where *as_listed*."""
        return whole.concepts(self.path, as_listed=as_listed)

    def rows(self, since: dt.datetime | None = None) -> Iterator[tuple[str, str, int]]:
        """(code, display, changed in seconds) of every concept changed at or after *since*, in the wire's order.

        The wire's order is by change, then by code as text (contract, section 2).
        """
        first = self._first_number((since.timestamp() if since else -math.inf, ""))
        own = connection(self.path)
        try:
            yield from own.execute(
                "SELECT code, display, changed FROM concept WHERE number >= ? ORDER BY number", (first,)
            )
        finally:
            own.close()

    def states(self) -> Iterator[tuple[str, str, int, int]]:
        """(code, display, created, changed; both in seconds) of every concept, by code: what the next version is merged with."""
        own = connection(self.path)
        try:
            yield from own.execute("SELECT code, display, created, changed FROM concept ORDER BY code")
        finally:
            own.close()

    def changes(self) -> list[tuple[int, int]]:
        """(seconds, count): how many concepts last changed at each date, oldest first."""
        return self._db.execute("SELECT changed, count(*) FROM concept GROUP BY changed ORDER BY changed").fetchall()

    def changed_from(self, seconds: int, code: str = "") -> Iterator[tuple[str, str, int, int]]:
        """(code, display, created, changed; both in seconds) of the concepts at (*seconds*, *code*) or after it.

        In the wire's order, as `rows`: by change, then by code.
        """
        first = self._first_number((seconds, code))
        own = connection(self.path)
        try:
            yield from own.execute(
                "SELECT code, display, created, changed FROM concept WHERE number >= ? ORDER BY number", (first,)
            )
        finally:
            own.close()

    def _first_number(self, place: tuple[float, str]) -> int:
        """The number from which all concepts' (changed, code) are at *place* or after it: they rise with numbers, so halve."""
        low, high = self._db.execute(
            "SELECT coalesce(min(number), 1), coalesce(max(number), 0) + 1 FROM concept"
        ).fetchone()
        while low < high:
            middle = (low + high) // 2
            number, changed, code = self._db.execute(
                "SELECT number, changed, code FROM concept WHERE number >= ? ORDER BY number LIMIT 1", (middle,)
            ).fetchone()
            if (changed, code) < place:
                low = number + 1
            else:
                high = middle
        return int(low)

    def former(self, code: str) -> FormerConcept | None:
        """What *code* was, if an earlier version had it and this one has not."""
        row = self._db.execute("SELECT * FROM former WHERE code = ?", (code,)).fetchone()
        return _former(row) if row else None

    def formers(self) -> Iterator[FormerConcept]:
        """Every code that earlier versions had and this one has not, by code."""
        own = connection(self.path)
        try:
            yield from map(_former, own.execute("SELECT * FROM former ORDER BY code"))
        finally:
            own.close()

    def search(self, query: str, limit: int = 20) -> list[Match]:
        """The best *limit* concepts whose wordings have every word of *query* as a prefix, best first."""
        return [self._match(*row) for row in search_index.ranked(self._db, query, limit)]

    def words(self) -> Iterator[tuple[str, int]]:
        """(word, how many wordings have it) of every word of the wordings, as search compares them, by word."""
        own = connection(self.path)
        try:
            yield from search_index.words(own)
        finally:
            own.close()

    def codes_from(self, prefix: str, limit: int) -> list[tuple[str, str, str]]:
        """(code, display, status) of the first *limit* codes that begin with *prefix*, by code."""
        return self._db.execute(
            "SELECT code, display, status FROM concept WHERE code >= ? AND code < ? ORDER BY code LIMIT ?",
            (prefix, prefix + "\U0010ffff", limit),
        ).fetchall()

    def _match(self, rank: int, number: int, place: int) -> Match:
        code, display, language, status = self._db.execute(
            "SELECT code, display, language, status FROM concept WHERE number = ?", (number,)
        ).fetchone()
        matched = display
        if place:
            matched, language = self._db.execute(
                "SELECT value, language FROM designation WHERE number = ? AND place = ?", (number, place)
            ).fetchone()
        return Match(self.version.terminology_id, code, display, matched, language, rank, status=status)

    def check(self) -> None:
        """Returns where SQLite finds the file sound and it holds as many concepts as it says. Raises: IntegrityError."""
        (sound,) = self._db.execute("PRAGMA quick_check(1)").fetchone()
        expect("SQLite's check", self.path, sound, "ok")
        (count,) = self._db.execute(f"SELECT count(*) FROM {self._counted}").fetchone()
        expect(f"number of rows in {self._counted}", self.path, count, self.version.concepts)

    def children(self, code: str) -> list[str]:
        """The codes whose parent is *code*, by code."""
        return [child for (child,) in self._db.execute(_CHILDREN, (code,))]

    def ancestors(self, code: str) -> list[tuple[str, int]]:
        """(code, depth) of all above *code*, nearest first."""
        return self._db.execute(_ANCESTORS, (code,)).fetchall()

    def descendants(self, code: str) -> list[tuple[str, int]]:
        """(code, depth) of all below *code*, nearest first."""
        return self._db.execute(_DESCENDANTS, (code,)).fetchall()

    def retired_from(self, seconds: int, code: str = "") -> Iterator[FormerConcept]:
        """The codes that are no more since (*seconds*, *code*) or after it, by date of retirement, then by code."""
        own = connection(self.path)
        try:
            yield from map(
                _former,
                own.execute(
                    "SELECT * FROM former WHERE (retired, code) >= (?, ?) ORDER BY retired, code", (seconds, code)
                ),
            )
        finally:
            own.close()


def _concept(
    db: sqlite3.Connection, number: int, code: str, display: str, language: str, status: str, created: int, changed: int
) -> Concept:
    return Concept(
        code=code,
        display=display,
        language=language,
        designations=tuple(Designation(*row) for row in db.execute(_DESIGNATIONS, (number,))),
        properties=tuple(Property(*row) for row in db.execute(_PROPERTIES, (number,))),
        parents=tuple(parent for (parent,) in db.execute(_PARENTS, (number,))),
        status=status,
        created=moment(created),
        changed=moment(changed),
    )


def _former(row: tuple[str, str, str, int, int, int]) -> FormerConcept:
    code, display, last_version, created, changed, retired = row
    return FormerConcept(code, display, last_version, moment(created), moment(changed), moment(retired))


def moment(seconds: int) -> dt.datetime:
    """The aware UTC time of a stored number of seconds."""
    return dt.datetime.fromtimestamp(seconds, dt.UTC)
