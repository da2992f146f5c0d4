"""Who did what, when, from where: entries that are only ever added, each summed over the one before it.

Rules of this file:
- an act and its entry are one transaction, where the act is the desk's own; an act in another store is written down first,
  and once more where it was refused (`around`);
- an entry says nothing secret: no password, no code, no token, and no name that a stranger has typed;
- the database refuses to change or delete an entry (`schema`), and the chain of sums tells of whoever did it all the same.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import msgspec
from msgspec import Struct
from sqlalchemy import Connection, Select, insert, or_, select, update

from maksa.desk.schema import audit, counter
from maksa.desk.sheets import csv_lines
from maksa.model.errors import MaksaError
from maksa.web.gateway.store import Store

FIRST = "0" * 64
"""What the first entry is summed over."""

_BATCH = 1000


class Who(Struct, frozen=True):
    """Who acts, and from where: an operator at an address, or `terminal` where a command did it."""

    actor: str
    address: str = ""


class Entry(Struct, frozen=True):
    """One act. `at` is whole microseconds since 1970 UTC; `facts` is a JSON object, as it was summed."""

    number: int
    at: int
    actor: str
    address: str
    action: str
    subject: str
    facts: str
    hash: str

    @property
    def time(self) -> dt.datetime:
        """`at` as an aware moment, UTC, of whole seconds."""
        return dt.datetime.fromtimestamp(self.at // 1_000_000, dt.UTC)

    def expected(self, previous: str) -> str:
        """The sum that the entry must have after *previous*: SHA-256 in hexadecimal."""
        told = [previous, self.number, self.at, self.actor, self.address, self.action, self.subject, self.facts]
        return hashlib.sha256(msgspec.json.encode(told)).hexdigest()


class Verdict(Struct, frozen=True):
    """What `Audit.verify` found: how many entries hang together, the last one's sum, and the first that does not."""

    entries: int
    head: str
    broken_at: int | None = None


class Audit:
    """The audit of a store. Every verb raises StorageError where the store cannot."""

    def __init__(self, store: Store, *, clock: Callable[[], float] = time.time) -> None:
        self._store = store
        self._clock = clock

    def note(self, who: Who, action: str, subject: str = "", **facts: Any) -> None:
        """Writes an entry in a transaction of its own."""
        with self._store.writing() as connection:
            self.note_in(connection, who, action, subject, **facts)

    @contextmanager
    def around(self, who: Who, action: str, subject: str = "", **facts: Any) -> Iterator[None]:
        """Writes an entry, then another if what the block does in another store is refused: «*action*-refused»."""
        self.note(who, action, subject, **facts)
        try:
            yield
        except MaksaError as error:
            self.note(who, f"{action}-refused", subject, why=error.slug)
            raise

    def note_in(self, connection: Connection, who: Who, action: str, subject: str = "", **facts: Any) -> None:
        """Writes an entry in a transaction that does what the entry says."""
        number = _next_number(connection)
        previous = connection.scalar(select(audit.c.hash).where(audit.c.number == number - 1)) or FIRST
        told = msgspec.json.encode(facts).decode()
        at = int(self._clock() * 1_000_000)
        entry = Entry(number, at, who.actor, who.address, action, _plain(subject)[:300], told, "")
        columns = msgspec.structs.asdict(entry) | {"hash": entry.expected(previous)}
        connection.execute(insert(audit).values(columns))

    def page(self, *, before: int | None = None, limit: int = 50, actor: str = "", about: str = "") -> list[Entry]:
        """The last *limit* entries, the newest first; those below the number *before*, of one actor, about a subject.

        *about* is an action, or a part of a subject.
        """
        rows = select(audit).order_by(audit.c.number.desc()).limit(limit)
        if before is not None:
            rows = rows.where(audit.c.number < before)
        if actor:
            rows = rows.where(audit.c.actor == actor)
        if about:
            rows = rows.where(or_(audit.c.action == about, audit.c.subject.contains(about, autoescape=True)))
        return list(self._read(rows))

    def entries(self) -> Iterator[Entry]:
        """Every entry in order, read in batches: whoever exports holds up nobody who acts."""
        last = 0
        while batch := list(
            self._read(select(audit).where(audit.c.number > last).order_by(audit.c.number).limit(_BATCH))
        ):
            yield from batch
            last = batch[-1].number

    def verify(self) -> Verdict:
        """Whether every entry is as it was written, in its place, and none is missing, at the end neither."""
        previous, count = FIRST, 0
        for entry in self.entries():
            count += 1
            if entry.number != count or entry.hash != entry.expected(previous):
                return Verdict(count - 1, previous, count)
            previous = entry.hash
        with self._store.reading() as connection:
            given = int(connection.execute(select(counter.c.value).where(counter.c.name == "audit")).scalar_one())
        return Verdict(count, previous, None if given <= count else count + 1)

    def _read(self, rows: Select[Any]) -> Iterator[Entry]:
        with self._store.reading() as connection:
            found = connection.execute(rows).all()
        return (Entry(**row._mapping) for row in found)


def _plain(text: str) -> str:
    """*text* without what turns a terminal or a line's direction, joiners of Persian letters left."""
    return "".join(letter if letter.isprintable() or letter in "\u200c\u200d" else "\ufffd" for letter in text)


def _next_number(connection: Connection) -> int:
    """A row's lock is held until the commit: numbers follow one another, and so do the sums."""
    statement = update(counter).where(counter.c.name == "audit").values(value=counter.c.value + 1)
    return int(connection.execute(statement.returning(counter.c.value)).scalar_one())


def as_csv(entries: Iterable[Entry]) -> Iterator[str]:
    """The entries as CSV, line by line, a header first. `time` is `at` for people; the sums are over `at`."""
    rows = ((*msgspec.structs.astuple(entry), entry.time.isoformat()) for entry in entries)
    return csv_lines((*Entry.__struct_fields__, "time"), rows)


def as_json_lines(entries: Iterable[Entry]) -> Iterator[str]:
    """The entries as JSON, one a line."""
    for entry in entries:
        yield msgspec.json.encode(entry).decode() + "\n"
