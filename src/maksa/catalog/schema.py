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

SCHEMA_VERSION = 3  # older.py tells of those before


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
    Column("issuer", Text),  # of a draft; what is published says it in its snapshot
    Column("licence", Text),
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

draft_block = Table(
    "draft_block",
    metadata,
    # no foreign key: only `Catalog` writes here
    Column("version", BigInteger, primary_key=True, autoincrement=False),
    Column(
        "first", Integer, primary_key=True, autoincrement=False
    ),  # position of its first concept in the publisher's list
    Column("concepts", Integer, nullable=False),  # how many it holds: of a map, its entries
    Column("packed", LargeBinary, nullable=False),  # see packing.py
)


def is_prepared(connection: Connection, place: str) -> bool:
    """Whether the tables are there, as this maksa has them. Raises: SchemaVersionError where they are a newer maksa's."""
    return found_version(connection, place) == SCHEMA_VERSION


def found_version(connection: Connection, place: str) -> int:
    """Of the tables that are there; 0 where there are none. Raises: SchemaVersionError, as `is_prepared`."""
    if not inspect(connection).has_table(setting.name):
        return 0
    found = connection.scalar(select(setting.c.value).where(setting.c.name == "schema_version"))
    if found is None or found not in range(1, SCHEMA_VERSION + 1):
        raise SchemaVersionError(path=place, found=found, known=SCHEMA_VERSION)
    return int(found)


def create(connection: Connection) -> None:
    """The tables, in a database that has none of them."""
    metadata.create_all(connection)
    rows = [{"name": "schema_version", "value": SCHEMA_VERSION}, {"name": "last_number", "value": 0}]
    connection.execute(insert(setting), rows)
