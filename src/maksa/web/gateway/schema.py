"""The tables of the accounts' store.

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
    update,
)

from maksa.web.gateway.tables import Tables

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


TABLES = Tables(metadata, counter, version=1, counters=("revision",))


def next_revision(connection: Connection) -> int:
    """The number of a change that this transaction makes.

    A row of a table, not a sequence of the database: its lock is held until the commit, so numbers become visible in
    their order, and a worker that asks "what has changed since n?" misses none.
    """
    statement = update(counter).where(counter.c.name == "revision").values(value=counter.c.value + 1)
    return int(connection.execute(statement.returning(counter.c.value)).scalar_one())
