"""Asking a snapshot about many codes and wordings at once: what a checker of whole files needs beside look-ups."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing

from maksa.snapshot.opening import connection
from maksa.snapshot.reader import Snapshot

_DESIGNATIONS = (
    "SELECT value FROM designation WHERE number = (SELECT number FROM concept WHERE code = ?) ORDER BY place"
)
_AT_ONCE = 500  # parameters of one statement; SQLite takes 999 even where it was built long ago


def displays_of(snapshot: Snapshot, codes: Sequence[str]) -> dict[str, str]:
    """The display of each of *codes* that the version has, by code."""
    return dict(_selected(snapshot, "SELECT code, display FROM concept WHERE code IN ({})", codes))


def designations_of(snapshot: Snapshot, code: str) -> list[str]:
    """The other wordings of *code*, in their order."""
    return [value for (value,) in snapshot._db.execute(_DESIGNATIONS, (code,))]


def numbered(snapshot: Snapshot, numbers: Sequence[int]) -> list[tuple[str, str]]:
    """(code, display) of the concepts with these *numbers*, in no order."""
    return list(_selected(snapshot, "SELECT code, display FROM concept WHERE number IN ({})", numbers))


def _selected(snapshot: Snapshot, sql: str, keys: Sequence[str] | Sequence[int]) -> Iterator[tuple[str, str]]:
    for place in range(0, len(keys), _AT_ONCE):
        some = keys[place : place + _AT_ONCE]
        yield from snapshot._db.execute(sql.format(",".join("?" * len(some))), some)


def codes_with_status(snapshot: Snapshot, status: str) -> frozenset[str]:
    """The codes whose status is *status*. The whole version is read: 350,000 concepts take a twentieth of a second."""
    return frozenset(code for (code,) in snapshot._db.execute("SELECT code FROM concept WHERE status = ?", (status,)))


def wordings(snapshot: Snapshot) -> Iterator[tuple[int, str]]:
    """(number of the concept, its folded text) of every wording.

    One with half-spaces is longer: search keeps its words joined and apart, and `half_spaced` has it as it is.
    """
    with closing(connection(snapshot.path)) as own:
        yield from own.execute("SELECT number, folded FROM term")


def half_spaced(snapshot: Snapshot, marks: str) -> Iterator[tuple[int, str]]:
    """(number of the concept, text) of every wording with one of *marks* in it, as it is written."""
    with closing(connection(snapshot.path)) as own:
        for table, column in (("concept", "display"), ("designation", "value")):
            has_one = " OR ".join([f"instr({column}, ?)"] * len(marks))
            yield from own.execute(f"SELECT number, {column} FROM {table} WHERE {has_one}", tuple(marks))
