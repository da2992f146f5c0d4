"""The catalog's tables, and the refusal of a database that a newer maksa has changed."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Connection,
    Date,
    ForeignKey,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    insert,
    inspect,
    select,
)

from maksa.model.errors import SchemaVersionError

SCHEMA_VERSION = 1


metadata = MetaData()

setting = Table(
    "setting",
    metadata,
    Column("name", Text, primary_key=True),  # "schema_version"; "last_number", the greatest ever given to a version
    Column("value", BigInteger, nullable=False),
)

terminology = Table(
    "terminology",
    metadata,
    Column("key", Text, primary_key=True),  # key_of(id)
    Column("id", Text, nullable=False),  # as it was defined
    Column("title", Text, nullable=False),
    Column("created_at", BigInteger, nullable=False),  # times are whole seconds since 1970 UTC
)

version = Table(
    "version",
    metadata,
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("terminology", Text, ForeignKey("terminology.key"), nullable=False),
    Column("label", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("state", Text, nullable=False),  # "draft" or "published"
    Column("kind", Text, nullable=False),  # "terminology" or "map"
    Column("concept_map", LargeBinary),  # what the draft of a map is between, in JSON
    Column("source", Text),  # the file a draft came from, and what its load counted
    Column("loaded_at", BigInteger),
    Column("rows_read", Integer),
    Column("rows_refused", Integer),
    Column("rows_skipped", Integer),
    Column("has_parents", Boolean),
    Column("in_code_order", Boolean),
    Column("concepts", Integer, nullable=False),
    Column("row", Integer),  # from here on, what the manifest says of a published version
    Column("published_at", BigInteger),
    Column("notice_number", Text),
    Column("notice_date", Date),
    Column("notice_title", Text),
    Column("remarks", Text),
    Column("digest", Text),
    Column("size", BigInteger),
    UniqueConstraint("terminology", "label"),
)

draft_concept = Table(
    "draft_concept",
    metadata,
    # no foreign key: it would cost as much again for each row, and only `Catalog` writes here
    Column("version", BigInteger, primary_key=True, autoincrement=False),
    Column("position", Integer, primary_key=True, autoincrement=False),  # in the publisher's list, from 1
    Column("code", Text, nullable=False),
    Column("display", Text, nullable=False),  # of an entry of a map: its target
    Column("rest", LargeBinary),  # see packing.py
    sqlite_with_rowid=False,  # the key is the order of writing: half the pages of a table with an index
)


def is_prepared(connection: Connection, place: str) -> bool:
    """Whether the tables are there. Raises: SchemaVersionError where they are another maksa's."""
    if not inspect(connection).has_table(setting.name):
        return False
    found = connection.scalar(select(setting.c.value).where(setting.c.name == "schema_version"))
    if found != SCHEMA_VERSION:
        raise SchemaVersionError(path=place, found=found, known=SCHEMA_VERSION)
    return True


def prepare(connection: Connection, place: str) -> None:
    """The tables are there, made now if another process has not made them meanwhile. Raises: SchemaVersionError."""
    if not is_prepared(connection, place):
        metadata.create_all(connection)
        rows = [{"name": "schema_version", "value": SCHEMA_VERSION}, {"name": "last_number", "value": 0}]
        connection.execute(insert(setting), rows)
