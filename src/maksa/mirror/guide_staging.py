"""A version as the wire gave it, kept on disk until its snapshot is made: what has come once is not asked for again.

Rules of this file:
- a list has its final name when all of it is there and on disk; what a dead sync left half-written is thrown away;
- its order is the wire's, which tells what changed when; a snapshot is made of it by code;
- a code that came twice is kept as it came first, and told.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from itertools import count, islice
from pathlib import Path
from typing import Literal
from urllib.parse import quote

from maksa.model.concept import CodedText
from maksa.model.errors import UpstreamContradictionError
from maksa.model.terminology import key_of
from maksa.snapshot.storage import told_apart

_BATCH = 5_000  # rows
_TABLE = (
    "CREATE TABLE concept (code TEXT PRIMARY KEY, display TEXT NOT NULL, place INTEGER NOT NULL) WITHOUT ROWID, STRICT"
)

_FROM = "SELECT code FROM concept WHERE place >= ? ORDER BY place LIMIT ?"
_STAYED = (
    "SELECT min(last.{column}) FROM main.concept AS new JOIN last.concept AS last USING (code)"
    " WHERE last.display = new.display"
)
_NOT_BEFORE = (
    " AND NOT EXISTS (SELECT 1 FROM before.concept AS old WHERE old.code = new.code AND old.display = new.display)"
)


class StagedList:
    """The concepts of one version, whole, in the file at *path*. Made by `stage`, or opened as an earlier sync left it.

    `end` is one past the last place: repeated codes leave gaps.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.count: int
        self.end: int
        with closing(_connection(path)) as db:
            self.count, self.end = db.execute("SELECT count(*), coalesce(max(place) + 1, 0) FROM concept").fetchone()

    def place_of(self, codes: Sequence[str], *, is_all: bool) -> int | None:
        """The place, from 0, at which *codes* stand in the wire's order; with *is_all*, at its end. None where they do not.

        `end` where there are none.
        """
        if not codes:
            return self.end
        with closing(_connection(self.path)) as db:
            row = db.execute("SELECT place FROM concept WHERE code = ?", (codes[0],)).fetchone()
            if row is None:
                return None
            there = [code for (code,) in db.execute(_FROM, (row[0], len(codes) + is_all))]
        return int(row[0]) if there == list(dict.fromkeys(codes)) else None

    def by_code(self) -> Iterator[tuple[str, str, int]]:
        """(code, display, place) of every concept, by code."""
        with closing(_connection(self.path)) as db:
            yield from db.execute("SELECT code, display, place FROM concept ORDER BY code")

    def in_order(self) -> Iterator[tuple[str, str]]:
        """(code, display) of every concept, in the wire's order."""
        with closing(_connection(self.path)) as db:
            yield from db.execute("SELECT code, display FROM concept ORDER BY place")

    def least_that_stayed(self, column: Literal["place", "changed"], last: Path, before: Path | None) -> int | None:
        """The least *column*, in the list or snapshot *last*, of the displays that this list brought and that it still has.

        Brought is what *before*, a list or a snapshot, has not: everything where it is None. None where nothing has stayed.
        """
        with closing(_connection(self.path)) as db:
            db.execute("ATTACH ? AS last", (_address(last),))
            if before:
                db.execute("ATTACH ? AS before", (_address(before),))
            (least,) = db.execute(_STAYED.format(column=column) + (_NOT_BEFORE if before else "")).fetchone()
        return None if least is None else int(least)


def stage(path: Path, terminology_id: str, texts: Iterable[CodedText], upstream: str) -> StagedList:
    """The list of *texts*, which come in the wire's order, on disk under *path*.

    Raises: UpstreamContradictionError, for a blank code, one that came with two displays, or one of another terminology;
        StorageError; whatever *texts* raises. There is no file then.
    """
    fresh = path.with_name(f"{path.name}.new")
    with told_apart(path):
        fresh.unlink(missing_ok=True)
        try:
            with closing(sqlite3.connect(fresh, isolation_level=None)) as db:
                db.executescript(f"PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; BEGIN; {_TABLE}")
                _insert(db, terminology_id, texts, upstream)
                db.execute("CREATE UNIQUE INDEX concept_place ON concept (place)")
                db.execute("COMMIT")
            _on_disk(fresh)
            fresh.replace(path)
        except BaseException:
            fresh.unlink(missing_ok=True)
            raise
    return StagedList(path)


def _insert(db: sqlite3.Connection, terminology_id: str, texts: Iterable[CodedText], upstream: str) -> None:
    rows = _rows(key_of(terminology_id), texts, upstream)
    while batch := list(islice(rows, _BATCH)):
        before = db.total_changes
        db.executemany("INSERT OR IGNORE INTO concept VALUES (?, ?, ?)", batch)
        if db.total_changes - before < len(batch):
            _check_repeated(db, terminology_id, batch, upstream)


def _rows(key: str, texts: Iterable[CodedText], upstream: str) -> Iterator[tuple[str, str, int]]:
    places = count()
    for text in texts:
        code = text.code.strip()
        if not code:
            raise UpstreamContradictionError(upstream=upstream, what=f"a concept {text.display!r} without a code")
        if key_of(text.terminology_id) != key:
            what = f"the code {code!r} of {text.terminology_id!r} among those of another terminology"
            raise UpstreamContradictionError(upstream=upstream, what=what)
        yield code, text.display, next(places)


def _check_repeated(
    db: sqlite3.Connection, terminology_id: str, batch: list[tuple[str, str, int]], upstream: str
) -> None:
    """Returns where each repeated code of *batch* came with the display that it had. Raises: UpstreamContradictionError."""
    for code, display, _ in batch:
        (kept,) = db.execute("SELECT display FROM concept WHERE code = ?", (code,)).fetchone()
        if kept != display:
            what = f"the code {code!r} of {terminology_id} twice, as {kept!r} and as {display!r}"
            raise UpstreamContradictionError(upstream=upstream, what=what)


def _connection(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(_address(path), uri=True, isolation_level=None)


def _address(path: Path) -> str:
    return f"file:{quote(str(path))}?mode=ro&immutable=1"


def _on_disk(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())
