"""The tables of the accounts' store, and the refusal of a store that another maksa has changed.

Times are seconds since 1970, as the clock gives them: they are only ever compared. No column holds a secret.
"""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Connection,
    Double,
    ForeignKey,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    insert,
    inspect,
    select,
    update,
)

from maksa.model.errors import SchemaVersionError

SCHEMA_VERSION = 1

metadata = MetaData()

counter = Table(
    "counter",
    metadata,
    Column("name", Text, primary_key=True),  # "schema_version"; "revision", the last that a change has had
    Column("value", BigInteger, nullable=False),
)

account = Table(
    "account",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", Text, nullable=False, unique=True),
    Column("client_id", Text, nullable=False, unique=True),
    Column("client_secret_hash", Text, nullable=False),
    Column("username", Text, nullable=False, unique=True),
    Column("password_hash", Text, nullable=False),
    Column("enabled", Boolean, nullable=False),
    Column("rate", Text, nullable=False),  # as it was given, "" for none
    Column("rate_amount", BigInteger, nullable=False),  # requests in
    Column("rate_period_s", BigInteger, nullable=False),  # seconds; 0 and 0 for none
    Column("addresses", JSON, nullable=False),  # CIDRs, none for any
    Column("created_at", Double, nullable=False),
    Column("revision", BigInteger, nullable=False, index=True),
)

pid = Table(
    "pid",
    metadata,
    Column("pid", Text, primary_key=True),  # 24 hexadecimal digits, small letters
    Column("account", ForeignKey("account.id"), nullable=False, index=True),
    Column("position", Integer, nullable=False),  # in the order they were asked for
    Column("functions", JSON, nullable=False),
)

token = Table(
    "token",
    metadata,
    Column("account", ForeignKey("account.id"), primary_key=True),  # so that no account has two live tokens
    Column("access_nonce", LargeBinary, nullable=False),
    Column("access_hash", LargeBinary, nullable=False, unique=True),
    Column("expires_at", Double, nullable=False),  # of the access token
    Column("refresh_nonce", LargeBinary, nullable=False),
    Column("refresh_hash", LargeBinary, nullable=False),
)

login_failure = Table(
    "login_failure",
    metadata,
    Column("key", LargeBinary, primary_key=True),  # SHA-256 of whom it counts: names of strangers are not kept
    Column("failures", Integer, nullable=False),
    Column("forgotten_at", Double, nullable=False, index=True),  # the failures, a while after the last of them
    Column("trusted_until", Double, nullable=False),
)


def is_prepared(connection: Connection, place: str) -> bool:
    """Whether the tables are there. Raises: SchemaVersionError where they are another maksa's."""
    if not inspect(connection).has_table(counter.name):
        return False
    found = connection.scalar(select(counter.c.value).where(counter.c.name == "schema_version"))
    if found != SCHEMA_VERSION:
        raise SchemaVersionError(path=place, found=found, known=SCHEMA_VERSION)
    return True


def prepare(connection: Connection, place: str) -> None:
    """The tables are there, made now if another process has not made them meanwhile. Raises: SchemaVersionError."""
    if not is_prepared(connection, place):
        metadata.create_all(connection)
        rows = [{"name": "schema_version", "value": SCHEMA_VERSION}, {"name": "revision", "value": 0}]
        connection.execute(insert(counter), rows)


def next_revision(connection: Connection) -> int:
    """The number of a change that this transaction makes.

    A row of a table, not a sequence of the database: its lock is held until the commit, so numbers become visible in
    their order, and a worker that asks "what has changed since n?" misses none.
    """
    statement = update(counter).where(counter.c.name == "revision").values(value=counter.c.value + 1)
    return int(connection.execute(statement.returning(counter.c.value)).scalar_one())
