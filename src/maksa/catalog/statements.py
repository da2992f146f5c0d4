"""The edits of which the catalog's operations are made; each runs inside its caller's transaction."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import Connection, delete, insert, select, update

from maksa.catalog.dialect import Dialect
from maksa.catalog.listings import find_draft, find_published, published
from maksa.catalog.records import Draft, draft_columns, seconds, version_columns
from maksa.catalog.schema import draft_block, setting, terminology, version
from maksa.model.errors import IdTakenError, VersionExistsError
from maksa.model.terminology import Version, checked_id, key_of

_LAST_NUMBER = setting.c.name == "last_number"


def own(connection: Connection, dialect: Dialect, terminology_id: str, at: dt.datetime) -> str:
    """The defined id, defined now if it was not. Whoever else would edit the terminology waits for this transaction."""
    key = key_of(terminology_id)
    row = {"key": key, "id": checked_id(terminology_id), "title": "", "created_at": seconds(at)}
    connection.execute(dialect.insert(terminology).values(row).on_conflict_do_nothing())
    return str(connection.scalar(select(terminology.c.id).where(terminology.c.key == key).with_for_update()))


def refuse_published(connection: Connection, terminology_id: str, label: str) -> None:
    """Raises: VersionExistsError where the label is published already."""
    if found := find_published(connection, terminology_id, label):
        raise VersionExistsError(terminology_id=found.terminology_id, label=label)


def refuse_other_kind(connection: Connection, terminology_id: str, kind: str) -> None:
    """Raises: IdTakenError where the id is that of a map and *kind* is "terminology", or the other way round."""
    others = select(version.c.kind).where(version.c.terminology == key_of(terminology_id), version.c.kind != kind)
    if other := connection.scalar(others.limit(1)):
        raise IdTakenError(given=terminology_id, kind=other)


def next_number(connection: Connection) -> int:
    """A number that no version has had."""
    taken = update(setting).where(_LAST_NUMBER).values(value=setting.c.value + 1).returning(setting.c.value)
    return int(connection.execute(taken).scalar_one())


def title_of(connection: Connection, terminology_id: str, given: str) -> str:
    """The terminology's title, which is now what was *given* unless that is blank."""
    own_row = terminology.c.key == key_of(terminology_id)
    if given:
        connection.execute(update(terminology).where(own_row).values(title=given))
    return str(connection.scalar(select(terminology.c.title).where(own_row)))


def list_draft(connection: Connection, draft: Draft) -> None:
    connection.execute(insert(version).values(draft_columns(draft)))


def remove_draft(connection: Connection, dialect: Dialect, number: int) -> None:
    dialect.clear(connection, number)
    connection.execute(delete(version).where(version.c.number == number))


def remove_undefined(connection: Connection) -> None:
    """Forgets terminologies without any version: the spelling of a dropped draft binds nobody."""
    connection.execute(delete(terminology).where(terminology.c.key.not_in(select(version.c.terminology))))


def follow(connection: Connection, dialect: Dialect, manifest: Sequence[Version]) -> None:
    """Makes the mirror say what the manifest says, and numbers start above its greatest."""
    connection.execute(select(setting).where(_LAST_NUMBER).with_for_update())  # one follower at a time
    wanted = {one.number: one for one in manifest}
    mirrored = {one.number: one for one in published(connection)}
    _number_above(connection, max(wanted, default=0))
    for number in [number for number, one in mirrored.items() if wanted.get(number) != one]:
        connection.execute(delete(version).where(version.c.number == number))
    for one in manifest:
        if mirrored.get(one.number) != one:
            mirror(connection, dialect, one)
    if wanted.keys() != mirrored.keys():
        remove_undefined(connection)


def mirror(connection: Connection, dialect: Dialect, one: Version) -> None:
    """Lists *one* as published; it is no draft any more, and another draft under its number gets a new one."""
    own(connection, dialect, one.terminology_id, one.published_at)
    key = key_of(one.terminology_id)
    facts = {"id": one.terminology_id} | ({"title": one.title} if one.title else {})
    connection.execute(update(terminology).where(terminology.c.key == key).values(facts))
    if draft := find_draft(connection, one.terminology_id, one.label):
        remove_draft(connection, dialect, draft.number)
    _renumber(connection, one.number)
    connection.execute(insert(version).values(version_columns(one)))


def _number_above(connection: Connection, floor: int) -> None:
    connection.execute(update(setting).where(_LAST_NUMBER, setting.c.value < floor).values(value=floor))


def _renumber(connection: Connection, number: int) -> None:
    """Frees a number that a draft has too: its catalog was restored from before the number was published."""
    if connection.scalar(select(version.c.number).where(version.c.number == number)) is None:
        return
    free = next_number(connection)
    connection.execute(update(version).where(version.c.number == number).values(number=free))
    connection.execute(update(draft_block).where(draft_block.c.version == number).values(version=free))
