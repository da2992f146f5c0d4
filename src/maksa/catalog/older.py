"""What an older maksa left in a catalog, carried over.

Schema 1 had a row for each concept of a draft; schema 2 did not know who issues a list, nor under which licence.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import starmap
from typing import Any

from msgspec import Struct
from sqlalchemy import BigInteger, Column, Connection, Integer, LargeBinary, MetaData, Table, Text, select, update

from maksa.catalog.dialect import Dialect
from maksa.catalog.packing import TOGETHER, Drafted, DraftedEntry, pack
from maksa.catalog.schema import SCHEMA_VERSION, draft_block, setting, version
from maksa.model.concept import Concept, Designation, Property
from maksa.model.concept_map import MapEntry
from maksa.model.shapes import msgpack_decoder

_draft_concept = Table(
    "draft_concept",
    MetaData(),
    Column("version", BigInteger),
    Column("position", Integer),
    Column("code", Text),
    Column("display", Text),
    Column("rest", LargeBinary),
)
_old = _draft_concept.c


class _Rest(Struct, frozen=True, array_like=True):
    language: str = ""
    designations: tuple[Designation, ...] = ()
    properties: tuple[Property, ...] = ()
    parents: tuple[str, ...] = ()
    status: str = "active"


_decode_rest = msgpack_decoder(_Rest)
_decode_entry = msgpack_decoder(MapEntry)


def carry_over(connection: Connection, dialect: Dialect, found: int) -> None:
    """The tables of schema *found* are those of this maksa, and every draft is what it was; all in the caller's transaction."""
    if found < 2:
        _into_blocks(connection, dialect)
    for name in ("issuer", "licence"):
        connection.exec_driver_sql(f"ALTER TABLE version ADD COLUMN {name} TEXT")
    connection.execute(update(setting).where(setting.c.name == "schema_version").values(value=SCHEMA_VERSION))


def _into_blocks(connection: Connection, dialect: Dialect) -> None:
    draft_block.create(connection)
    drafts = select(version.c.number, version.c.kind).where(version.c.state == "draft")
    for number, kind in connection.execute(drafts).all():
        convert = _entry if kind == "map" else _concept
        for page in _pages(connection, number):
            packed = pack(list(starmap(convert, page)))
            dialect.fill(connection, [(number, page[0][0], len(page), packed)])
    _draft_concept.drop(connection)


def _pages(connection: Connection, number: int) -> Iterator[list[tuple[Any, ...]]]:
    """(position, code, display, rest) of a draft in its order, as many at a time as a block holds."""
    rows = select(_old.position, _old.code, _old.display, _old.rest).where(_old.version == number)
    rows, last = rows.order_by(_old.position).limit(TOGETHER), 0
    while page := [tuple(row) for row in connection.execute(rows.where(_old.position > last))]:
        yield page
        last = page[-1][0]


def _concept(position: int, code: str, display: str, rest: bytes | None) -> Drafted:
    more = _decode_rest(rest) if rest else _Rest()
    parts = (more.language, more.designations, more.properties, more.parents, more.status)
    return Drafted.of(position, Concept(code, display, *parts))


def _entry(position: int, _code: str, _display: str, rest: bytes) -> DraftedEntry:
    return DraftedEntry(position, _decode_entry(rest))
