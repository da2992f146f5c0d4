"""Operators: who may sign in at the desk, and what each may do there.

Rules of this file:
- a password that is given out is used once: its owner must choose his own, before it expires;
- whatever takes something away ends the operator's sessions in the same transaction, and those that are about to begin;
- names match in any case and on any keyboard, and are kept in small letters.
"""

from __future__ import annotations

import datetime as dt
import secrets
import time
from collections.abc import Callable, Collection, Mapping
from itertools import pairwise
from types import MappingProxyType
from typing import Any, Literal, get_args

from msgspec import Struct
from sqlalchemy import Connection, delete, insert, select, update

from maksa.desk import schema
from maksa.desk.audit import Audit, Who
from maksa.model.errors import AccountExistsError, AccountFieldError, BadGrantError, UnknownAccountError
from maksa.web.gateway.hashing import Secrets
from maksa.web.gateway.store import Store

Role = Literal["operator", "releaser", "administrator"]
ROLES: tuple[Role, ...] = get_args(Role)
"""`operator` loads and asks for releases, `releaser` decides on them, `administrator` keeps accounts and reads the audit."""

GIVEN_S = 3 * 86_400
"""How long a password that was given out may wait for its owner."""

SHORTEST, LONGEST = 12, 256
"""Characters of a password."""

_MOST_NAME = 60
_NONE: Mapping[str, Any] = MappingProxyType({})
_KEYBOARDS = str.maketrans("يىك", "ییک", "\u200c\u200d\u200e\u200f")
"""Persian letters as an Arabic keyboard has them; and what nobody sees, and so nobody types twice alike."""


class Operator(Struct, frozen=True):
    """An operator without his secrets. `must_enrol`: he has no password of his own yet, or no second factor.

    `password_until` tells a password that was given out from any other: until when it may be used, in seconds since 1970; 0 is
    one of his own.
    """

    id: int
    name: str
    roles: tuple[Role, ...]
    enabled: bool
    must_enrol: bool
    created_at: dt.datetime
    password_until: float

    def may(self, role: Role) -> bool:
        """Whether he has the role."""
        return role in self.roles


class Operators:
    """The operators of a store. Every verb raises StorageError where the store cannot."""

    def __init__(self, store: Store, audit: Audit, *, clock: Callable[[], float] = time.time) -> None:
        self._store = store
        self._audit = audit
        self._clock = clock
        self.secrets = Secrets(remembered=0)  # a sign-in is rare, and a right password is as slow as a wrong one

    def add(self, name: str, roles: Collection[str], who: Who) -> str:
        """A new operator; the password that is his first. All roles where none is named.

        Raises: AccountFieldError, AccountExistsError.
        """
        name, granted, password = _name(name), _roles(roles), secrets.token_urlsafe(15)
        columns = {
            "name": name, "roles": granted, "enabled": True, "last_step": 0, "created_at": self._clock(),
            **self._given(password),
        }  # fmt: skip
        with self._store.writing() as connection:
            self._audit.note_in(connection, who, "operator-added", name, roles=granted)
            if _number(connection, name) is not None:
                raise AccountExistsError(name=name)
            connection.execute(insert(schema.operator).values(columns))
        return password

    def reset(self, name: str, who: Who) -> str:
        """A new first password; the old one, the second factor and all sessions end. Raises: UnknownAccountError."""
        password = secrets.token_urlsafe(15)
        columns = self._given(password) | {"secret": None}
        with self._store.writing() as connection:
            number = self._change(connection, name, who, "operator-reset", **columns)
            connection.execute(delete(schema.recovery_code).where(schema.recovery_code.c.operator == number))
            _end_sessions(connection, number)
        return password

    def disable(self, name: str, who: Who) -> None:
        """The operator's sessions end, and he gets no others. Raises: UnknownAccountError."""
        with self._store.writing() as connection:
            _end_sessions(connection, self._change(connection, name, who, "operator-disabled", enabled=False))

    def enable(self, name: str, who: Who) -> None:
        """The operator may sign in again. Raises: UnknownAccountError."""
        with self._store.writing() as connection:
            self._change(connection, name, who, "operator-enabled", enabled=True)

    def assign(self, name: str, roles: Collection[str], who: Who) -> None:
        """The operator has these roles from his next page on, and no others. Raises: AccountFieldError, UnknownAccountError."""
        if not roles:
            raise AccountFieldError(field="role", value="", reason=f"choose one at least: {', '.join(ROLES)}")
        granted = _roles(roles)
        with self._store.writing() as connection:
            self._change(connection, name, who, "operator-assigned", {"roles": granted}, roles=granted)

    def list(self) -> tuple[Operator, ...]:
        """Every operator, by name."""
        with self._store.reading() as connection:
            rows = connection.execute(select(schema.operator).order_by(schema.operator.c.name)).all()
        return tuple(map(operator_of, rows))

    def checked(self, name: str, password: str) -> Operator:
        """The operator of that name and password. A name that nobody has takes as long as a wrong password.

        Raises: BadGrantError.
        """
        with self._store.reading() as connection:
            row = connection.execute(
                select(schema.operator).where(schema.operator.c.name == _folded(name))
            ).one_or_none()
        usable = row is not None and row.enabled and not 0 < row.password_until < self._clock()
        is_right = self.secrets.is_right(password, row.password_hash if row is not None and usable else None)
        if row is None or not is_right:
            raise BadGrantError
        return operator_of(row)

    def is_known(self, name: str) -> bool:
        """Whether there is an operator of that name: what the audit may call a stranger."""
        with self._store.reading() as connection:
            return _number(connection, _folded(name)) is not None

    def check_password(self, operator: Operator, password: str, again: str) -> None:
        """Raises: AccountFieldError, its value left out, its `reason` one of "differs", "length" and "easy"."""
        reason = ""
        if password != again:
            reason = "differs"
        elif not SHORTEST <= len(password) <= LONGEST:
            reason = "length"
        elif _is_easy(password) or operator.name in password.casefold():
            reason = "easy"
        if reason:
            raise AccountFieldError(field="password", value="…", reason=reason)

    def choose_password(self, operator: Operator, password: str, again: str, who: Who) -> None:
        """The operator's own password from now on.

        Raises: as `check_password`; BadGrantError where *operator* was reset since he was asked for: that holds.
        """
        self.check_password(operator, password, again)
        hashed, row = self.secrets.hashed(password), schema.operator
        own = update(row).where(row.c.id == operator.id, row.c.password_until == operator.password_until)
        with self._store.writing() as connection:
            self._audit.note_in(connection, who, "password-changed", operator.name)
            if connection.execute(own.values(password_hash=hashed, password_until=0.0)).rowcount != 1:
                raise BadGrantError

    def _given(self, password: str) -> dict[str, Any]:
        return {"password_hash": self.secrets.hashed(password), "password_until": self._clock() + GIVEN_S}

    def _change(
        self, connection: Connection, name: str, who: Who, action: str, facts: Mapping[str, Any] = _NONE, **columns: Any
    ) -> int:
        """The id of the operator that was changed, which the audit tells with *facts*. Raises: UnknownAccountError."""
        self._audit.note_in(connection, who, action, _folded(name), **facts)
        statement = update(schema.operator).where(schema.operator.c.name == _folded(name)).values(**columns)
        number = connection.execute(statement.returning(schema.operator.c.id)).scalar_one_or_none()
        if number is None:
            raise UnknownAccountError(name=name)
        return int(number)


def operator_of(row: Any) -> Operator:
    """The operator in a row of the table."""
    created_at = dt.datetime.fromtimestamp(row.created_at, dt.UTC)
    must_enrol = row.secret is None or row.password_until > 0
    return Operator(row.id, row.name, tuple(row.roles), row.enabled, must_enrol, created_at, row.password_until)


def _is_easy(password: str) -> bool:
    """Whether it is few characters again and again, or rows of neighbours: 123456789012, abcdefabcdef."""
    ways = {ord(after) - ord(before) for before, after in pairwise(password)}
    return len(set(password)) < SHORTEST // 2 or len(ways) < SHORTEST // 3


def _end_sessions(connection: Connection, number: int) -> None:
    connection.execute(delete(schema.session).where(schema.session.c.operator == number))


def _number(connection: Connection, name: str) -> int | None:
    return connection.scalar(select(schema.operator.c.id).where(schema.operator.c.name == name))


def _folded(name: str) -> str:
    return plain_name(name)[:_MOST_NAME]


def plain_name(given: str) -> str:
    """The name that *given* is, however it was typed: علی‌رضا and علیرضا are one operator."""
    return given.translate(_KEYBOARDS).strip().casefold()


def _name(given: str) -> str:
    name = plain_name(given)
    if not name or len(name) > _MOST_NAME or not name.isprintable() or name == "terminal":
        reason = f"a name is 1 to {_MOST_NAME} printable characters, and not «terminal»"
        raise AccountFieldError(field="operator", value=given, reason=reason)
    return name


def _roles(given: Collection[str]) -> list[str]:
    for role in given:
        if role not in ROLES:
            raise AccountFieldError(field="role", value=role, reason=f"roles are {', '.join(ROLES)}")
    return [role for role in ROLES if role in given or not given]
