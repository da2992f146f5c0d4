"""The desk's tables.

Times are seconds since 1970 as the clock gives them, but the audit's: they are summed, so they are whole microseconds.
No column holds a secret in the clear: passwords, sessions and recovery codes are hashes, second factors are sealed.
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
)

from maksa.web.gateway.schema import login_failure
from maksa.web.gateway.tables import Tables

metadata = MetaData()

counter = Table(
    "desk_counter",
    metadata,
    Column("name", Text, primary_key=True),  # "schema_version"; "audit", the last number that an entry has had
    Column("value", BigInteger, nullable=False),
)

operator = Table(
    "desk_operator",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", Text, nullable=False, unique=True),  # casefolded
    Column("roles", JSON, nullable=False),
    Column("enabled", Boolean, nullable=False),
    Column("password_hash", Text, nullable=False),
    Column("password_until", Double, nullable=False),  # of a password that was given out; 0 for his own
    Column("secret", LargeBinary),  # of the second factor, sealed; none before it is enrolled
    Column("last_step", BigInteger, nullable=False),  # of 30 seconds, whose code was taken last
    Column("created_at", Double, nullable=False),
)

recovery_code = Table(
    "desk_recovery_code",
    metadata,
    Column("operator", ForeignKey("desk_operator.id"), primary_key=True),
    Column("hash", LargeBinary, primary_key=True),
)

session = Table(
    "desk_session",
    metadata,
    Column("hash", LargeBinary, primary_key=True),  # SHA-256 of the cookie
    Column("operator", ForeignKey("desk_operator.id"), nullable=False, index=True),
    Column("stage", Text, nullable=False),
    Column("began_at", Double, nullable=False),
    Column("seen_at", Double, nullable=False),
    Column("address", Text, nullable=False),
    Column("agent", Text, nullable=False),
    Column("enrolling", LargeBinary),  # a second factor that is being enrolled, sealed
)

audit = Table(
    "desk_audit",
    metadata,
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("at", BigInteger, nullable=False),
    Column("actor", Text, nullable=False),
    Column("address", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("facts", Text, nullable=False),  # JSON, as it was summed
    Column("hash", Text, nullable=False),
)

job = Table(
    "desk_job",
    metadata,
    Column("id", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("state", Text, nullable=False, index=True),
    Column("asked_by", Text, nullable=False),
    Column("asked", Text, nullable=False),  # JSON: what the process is told
    Column("terminology_id", Text, nullable=False),
    Column("label", Text, nullable=False),
    Column("file", Text, nullable=False),
    Column("made_at", Double, nullable=False, index=True),
    Column("ended_at", Double),
    Column("outcome", Text, nullable=False),  # JSON
)

release = Table(
    "desk_release",
    metadata,
    Column("id", Text, primary_key=True),
    Column("job", ForeignKey("desk_job.id"), nullable=False),  # whose findings and comparison were read
    Column("terminology_id", Text, nullable=False),
    Column("label", Text, nullable=False),
    Column("fingerprint", Text, nullable=False),
    Column("last_label", Text, nullable=False),
    Column("notice", Text, nullable=False),  # JSON
    Column("state", Text, nullable=False, index=True),
    Column("asked_by", Text, nullable=False),
    Column("asked_at", Double, nullable=False),
    Column("decided_by", Text, nullable=False),
    Column("decided_at", Double),
    Column("reason", Text, nullable=False),
    Column("publishing", Text, nullable=False),  # the job that publishes it
)

login_failure.to_metadata(metadata)  # `gateway.throttle` counts here as it does in the accounts' store

_NEVER = "the audit is never changed"
_SQLITE = tuple(
    f"CREATE TRIGGER desk_audit_no_{verb} BEFORE {verb} ON desk_audit BEGIN SELECT RAISE(ABORT, '{_NEVER}'); END"
    for verb in ("update", "delete")
)
_FUNCTION = f"""
CREATE FUNCTION desk_audit_never() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION '{_NEVER}'; END $$
"""
_TRIGGER = """
CREATE TRIGGER desk_audit_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON desk_audit
FOR EACH STATEMENT EXECUTE FUNCTION desk_audit_never()
"""
_POSTGRESQL = (_FUNCTION, _TRIGGER)


def _guard_audit(connection: Connection) -> None:
    """Makes the database itself refuse to change the audit."""
    for statement in _SQLITE if connection.dialect.name == "sqlite" else _POSTGRESQL:
        connection.exec_driver_sql(statement)


TABLES = Tables(metadata, counter, version=1, counters=("audit",), guard=_guard_audit)
