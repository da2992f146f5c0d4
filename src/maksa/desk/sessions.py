"""Sessions: what a cookie stands for, for as long as it does.

Rules of this file:
- the store has the SHA-256 of a cookie, never the cookie;
- a session that becomes more is another one, with another cookie: what somebody has planted is worth nothing afterwards;
- a session ends when nothing was done with it for a while, and after a working day whatever was done.
"""

from __future__ import annotations

import hashlib
import secrets
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Literal

from msgspec import Struct
from sqlalchemy import ColumnElement, Connection, delete, insert, or_, select, update

from maksa.desk import schema
from maksa.desk.operators import Operator, operator_of
from maksa.model.errors import BadGrantError, StorageError
from maksa.settings import Settings
from maksa.web.gateway.store import Store

Stage = Literal["code", "enrol", "full"]
"""`code`: the second factor is awaited. `enrol`: password and second factor must be chosen first. `full`: signed in."""

HALF_S = 600
"""How long somebody may take who has given his password and no code."""

_TOUCH_S = 30.0  # how exactly it is known when a session was last used: not every page writes
_AGENT = 200  # characters of a browser's name


class Session(Struct, frozen=True):
    """A live session. Times are seconds since 1970; `hash` is how the store names it."""

    hash: bytes
    operator: Operator
    stage: Stage
    began_at: float
    seen_at: float
    address: str
    agent: str


class Sessions:
    """The sessions of a store. Every verb raises StorageError where the store cannot."""

    def __init__(self, store: Store, settings: Settings, *, clock: Callable[[], float] = time.time) -> None:
        self._store = store
        self._idle_s = settings.desk_idle_s
        self._longest_s = settings.desk_session_s
        self._clock = clock

    def begin(
        self, operator: Operator, stage: Stage, *, address: str, agent: str, instead_of: bytes | None = None
    ) -> str:
        """The cookie of a new session, which takes the place of the one *instead_of*.

        Raises: BadGrantError where what *operator* has given is worth nothing any more: he was reset or disabled meanwhile, and
            the session with which he came half way has ended.
        """
        cookie, now, row = secrets.token_urlsafe(32), self._clock(), schema.session
        columns = {
            "hash": hash_of(cookie), "operator": operator.id, "stage": stage, "began_at": now, "seen_at": now,
            "address": address, "agent": agent[:_AGENT],
        }  # fmt: skip
        with self._store.writing() as connection:
            _hold(connection, operator, stage)
            taken = connection.execute(delete(row).where(row.c.hash == instead_of)).rowcount
            if stage == "full" and instead_of is not None and not taken:
                raise BadGrantError
            connection.execute(delete(row).where(or_(*self._dead(now))))
            connection.execute(insert(row).values(columns))
        return cookie

    def get(self, cookie: str) -> Session | None:
        """The live session of a cookie; None for any other. It is then in use."""
        now, row = self._clock(), schema.session
        found = select(row, schema.operator).join(schema.operator, row.c.operator == schema.operator.c.id)
        found = found.where(row.c.hash == hash_of(cookie), schema.operator.c.enabled, ~or_(*self._dead(now)))
        with self._store.reading() as connection:
            line = connection.execute(found).one_or_none()
        if line is None:
            return None
        if now - line.seen_at > _TOUCH_S:
            with suppress(StorageError), self._store.writing() as connection:  # a full disk shuts nobody out who is in
                connection.execute(update(row).where(row.c.hash == line.hash).values(seen_at=now))
        return _session(line)

    def of(self, operator: Operator) -> list[Session]:
        """The operator's live sessions, the one last used first."""
        now, row = self._clock(), schema.session
        found = select(row, schema.operator).join(schema.operator, row.c.operator == schema.operator.c.id)
        found = found.where(row.c.operator == operator.id, ~or_(*self._dead(now))).order_by(row.c.seen_at.desc())
        with self._store.reading() as connection:
            return [_session(line) for line in connection.execute(found)]

    def end(self, session: Session) -> None:
        """The session is no more."""
        with self._store.writing() as connection:
            connection.execute(delete(schema.session).where(schema.session.c.hash == session.hash))

    def end_all(self, operator: Operator, but: Session | None = None) -> int:
        """How many sessions of the operator have ended: all of them, or all *but* one."""
        row = schema.session
        gone = delete(row).where(row.c.operator == operator.id)
        if but is not None:
            gone = gone.where(row.c.hash != but.hash)
        with self._store.writing() as connection:
            return connection.execute(gone).rowcount

    def _dead(self, now: float) -> tuple[ColumnElement[bool], ...]:
        row = schema.session
        half = (row.c.stage != "full") & (row.c.began_at < now - HALF_S)
        return row.c.seen_at < now - self._idle_s, row.c.began_at < now - self._longest_s, half


def _hold(connection: Connection, operator: Operator, stage: Stage) -> None:
    """Holds the operator for this transaction, as whatever ends his sessions does. Raises: BadGrantError."""
    row = schema.operator.c
    same = [row.id == operator.id, row.enabled]
    if stage != "full":  # on the way to it he may have chosen another
        same.append(row.password_until == operator.password_until)
    if connection.scalar(select(row.id).where(*same).with_for_update()) is None:
        raise BadGrantError


def hash_of(cookie: str) -> bytes:
    """How the store names the session of a cookie."""
    return hashlib.sha256(cookie.encode("utf-8", "surrogatepass")).digest()


def _session(line: Any) -> Session:
    """From a row of both tables, which have no column's name in common."""
    return Session(line.hash, operator_of(line), line.stage, line.began_at, line.seen_at, line.address, line.agent)
