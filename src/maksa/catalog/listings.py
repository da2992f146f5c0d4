"""What is in the catalog: the questions of which its listings are made; each runs inside its caller's transaction."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Select, case, func, select

from maksa.catalog.records import Draft, TerminologyEntry, draft_of, moment, version_of
from maksa.catalog.schema import terminology, version
from maksa.model.terminology import Version, key_of


def spelling(connection: Connection, terminology_id: str) -> str | None:
    """The id as it is defined or drafted; None for one that is neither."""
    return connection.scalar(select(terminology.c.id).where(terminology.c.key == key_of(terminology_id)))


def terminologies(connection: Connection) -> list[TerminologyEntry]:
    """Every terminology, in the order they came to be known."""
    counts = [func.sum(case((version.c.state == state, 1), else_=0)) for state in ("published", "draft")]
    rows = (
        select(terminology.c.id, terminology.c.title, terminology.c.created_at, *counts)
        .join_from(terminology, version, version.c.terminology == terminology.c.key)
        .group_by(terminology.c.key)
        .order_by(terminology.c.created_at, terminology.c.key)
    )
    return [
        TerminologyEntry(terminology_id=defined, title=title, created_at=moment(at), published=published, drafts=drafts)
        for defined, title, at, published, drafts in connection.execute(rows)
    ]


def published(connection: Connection) -> list[Version]:
    """The mirror of the manifest, in order of publication."""
    return [version_of(row) for row in connection.execute(_published())]


def versions(connection: Connection, terminology_id: str) -> list[Version]:
    """The published versions of a terminology, in order of publication."""
    rows = _published().where(version.c.terminology == key_of(terminology_id))
    return [version_of(row) for row in connection.execute(rows)]


def drafts(connection: Connection) -> list[Draft]:
    """Every draft, in order of number."""
    return [draft_of(row) for row in connection.execute(_drafts())]


def find_published(connection: Connection, terminology_id: str, label: str) -> Version | None:
    row = connection.execute(_of_label(_published(), terminology_id, label)).first()
    return version_of(row) if row else None


def find_draft(connection: Connection, terminology_id: str, label: str) -> Draft | None:
    row = connection.execute(_of_label(_drafts(), terminology_id, label)).first()
    return draft_of(row) if row else None


_Rows = Select[tuple[Any, ...]]


def _published() -> _Rows:
    return _versions().where(version.c.state == "published").order_by(version.c.row)


def _drafts() -> _Rows:
    return _versions().where(version.c.state == "draft").order_by(version.c.number)


def _versions() -> _Rows:
    return select(version, terminology.c.id).join_from(version, terminology, version.c.terminology == terminology.c.key)


def _of_label(rows: _Rows, terminology_id: str, label: str) -> _Rows:
    return rows.where(version.c.terminology == key_of(terminology_id), version.c.label == label)
