"""Accounts, as an operator makes and changes them.

Rules of this file:
- what is asked is checked whole before anything is written, and each fault names the field and the value;
- secrets leave here once, in `Credentials`, and are stored as hashes;
- a change that shuts somebody out ends the account's tokens in the same transaction; after any other the workers read
  the account anew within a second, its tokens go on.

Source: contract, section 1 (client, user), section 2 (pid), section 3 (addresses, rate).
"""

from __future__ import annotations

import datetime as dt
import ipaddress
import secrets
import time
from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

from msgspec import Struct
from sqlalchemy import Connection, delete, insert, select, update

from maksa.model.errors import AccountExistsError, AccountFieldError, UnknownAccountError
from maksa.web.gateway import schema
from maksa.web.gateway.hashing import Secrets
from maksa.web.gateway.store import Store
from maksa.wire.ditas.functions import FUNCTIONS

ALL_FUNCTIONS: tuple[tuple[str, ...], ...] = ((),)
"""One pid, which grants all seven."""

_MOST = 1_000_000_000  # requests in a window: what a counter holds
_LONGEST_S = 366 * 86_400
_BY_FOLDED_NAME = {name.casefold(): name for name in FUNCTIONS}


class Pid(Struct, frozen=True):
    """24 hexadecimal digits, and the functions that they grant, in the guide's order."""

    pid: str
    functions: tuple[str, ...]


class Credentials(Struct, frozen=True):
    """What the caller must be told, and nobody can be told again. Its repr shows no secret."""

    client_id: str
    client_secret: str
    username: str
    password: str
    pids: tuple[Pid, ...]

    def __repr__(self) -> str:
        return f"Credentials(client_id={self.client_id!r}, …)"

    def __rich_repr__(self) -> list[tuple[str, Any]]:
        return [("client_id", self.client_id)]


class Account(Struct, frozen=True):
    """An account without its secrets. `rate` is as it was given, "" for none; no `addresses` are any address."""

    name: str
    client_id: str
    username: str
    enabled: bool
    pids: tuple[Pid, ...]
    addresses: tuple[str, ...]
    rate: str
    created_at: dt.datetime


class _Rate(NamedTuple):
    text: str = ""
    amount: int = 0
    period_s: int = 0


class Accounts:
    """The accounts of a store. Every verb raises StorageError where the store cannot."""

    def __init__(self, store: Store, *, clock: Callable[[], float] = time.time) -> None:
        self._store = store
        self._clock = clock
        self._secrets = Secrets()

    def add(
        self, name: str, *, pids: Sequence[Sequence[str]] = ALL_FUNCTIONS, addresses: Iterable[str] = (), rate: str = ""
    ) -> Credentials:
        """A new account, enabled.

        Args:
            pids: the functions of each pid to make, in any case; none for all seven.
            addresses: networks (CIDR) or addresses that it may call from; none for any.
            rate: "500/minute", "10 per second", "5/2 hours"; "" for none.

        Raises: AccountFieldError, AccountExistsError.
        """
        fresh = _fresh_credentials(tuple(Pid(secrets.token_hex(12), _functions(each)) for each in pids))
        limit = _rate(rate)
        row = {
            "name": _name(name),
            "addresses": [_network(text) for text in addresses],
            "rate": limit.text,
            "rate_amount": limit.amount,
            "rate_period_s": limit.period_s,
            "enabled": True,
            "created_at": self._clock(),
            **self._secret_columns(fresh),
            "client_id": fresh.client_id,
            "username": fresh.username,
        }
        with self._store.writing() as connection:
            self._insert(connection, row, fresh.pids)
        return fresh

    def rotate(self, name: str) -> Credentials:
        """A new secret and password for the account; the old ones and all tokens end. Raises: UnknownAccountError."""
        fresh = _fresh_credentials(())
        columns = self._secret_columns(fresh)
        with self._store.writing() as connection:
            number = self._change(connection, name, **columns)
            _end_tokens(connection, number)
            account = connection.execute(select(schema.account).where(schema.account.c.id == number)).one()
            pids = _pids_of(connection, number)
        return Credentials(account.client_id, fresh.client_secret, account.username, fresh.password, pids)

    def limit(self, name: str, *, addresses: Iterable[str], rate: str) -> None:
        """The account may call from *addresses* and at *rate* from now on, as `add` takes them.

        Raises: AccountFieldError, UnknownAccountError.
        """
        allowed, limit = [_network(text) for text in addresses], _rate(rate)
        columns = {
            "addresses": allowed, "rate": limit.text, "rate_amount": limit.amount, "rate_period_s": limit.period_s
        }  # fmt: skip
        with self._store.writing() as connection:
            self._change(connection, name, **columns)

    def grant(self, name: str, functions: Sequence[str]) -> Pid:
        """A new pid of the account, which grants *functions* (none: all seven). Raises: AccountFieldError, UnknownAccountError."""
        fresh = Pid(secrets.token_hex(12), _functions(functions))
        with self._store.writing() as connection:
            number = self._change(connection, name)
            self._insert_pid(connection, number, fresh, len(_pids_of(connection, number)))
        return fresh

    def revoke(self, name: str, pid: str) -> None:
        """The account's *pid* grants nothing any more. Raises: UnknownAccountError, AccountFieldError where it has none such."""
        row = schema.pid
        with self._store.writing() as connection:
            number = self._change(connection, name)
            gone = connection.execute(delete(row).where(row.c.account == number, row.c.pid == pid.strip().lower()))
            if gone.rowcount != 1:
                raise AccountFieldError(field="pid", value=pid, reason="the account has no such pid")

    def disable(self, name: str) -> None:
        """The account's tokens end, and it gets no others. Raises: UnknownAccountError."""
        with self._store.writing() as connection:
            _end_tokens(connection, self._change(connection, name, enabled=False))

    def enable(self, name: str) -> None:
        """The account may log in again. Raises: UnknownAccountError."""
        with self._store.writing() as connection:
            self._change(connection, name, enabled=True)

    def list(self) -> tuple[Account, ...]:
        """Every account, by name."""
        with self._store.reading() as connection:
            rows = connection.execute(select(schema.account).order_by(schema.account.c.name)).all()
            return tuple(_account(row, _pids_of(connection, row.id)) for row in rows)

    def of(self, name: str) -> Account:
        """The account of that name. Raises: UnknownAccountError."""
        with self._store.reading() as connection:
            row = connection.execute(select(schema.account).where(schema.account.c.name == name.strip())).one_or_none()
            if row is None:
                raise UnknownAccountError(name=name)
            return _account(row, _pids_of(connection, row.id))

    def _insert(self, connection: Connection, row: dict[str, Any], pids: tuple[Pid, ...]) -> None:
        revision = schema.next_revision(connection)  # first: its lock lets one writer look and insert at a time
        if connection.scalar(select(schema.account.c.id).where(schema.account.c.name == row["name"])) is not None:
            raise AccountExistsError(name=row["name"])
        statement = insert(schema.account).values(**row, revision=revision).returning(schema.account.c.id)
        number = connection.execute(statement).scalar_one()
        for position, each in enumerate(pids):
            self._insert_pid(connection, number, each, position)

    def _insert_pid(self, connection: Connection, number: int, fresh: Pid, position: int) -> None:
        columns = {"pid": fresh.pid, "account": number, "position": position, "functions": list(fresh.functions)}
        connection.execute(insert(schema.pid).values(columns))

    def _change(self, connection: Connection, name: str, **columns: Any) -> int:
        """The id of the account that was changed. Raises: UnknownAccountError."""
        revision = schema.next_revision(connection)
        statement = update(schema.account).where(schema.account.c.name == name.strip())
        changed = connection.execute(statement.values(**columns, revision=revision).returning(schema.account.c.id))
        number = changed.scalar_one_or_none()
        if number is None:
            raise UnknownAccountError(name=name)
        return int(number)

    def _secret_columns(self, fresh: Credentials) -> dict[str, str]:
        return {
            "client_secret_hash": self._secrets.hashed(fresh.client_secret),
            "password_hash": self._secrets.hashed(fresh.password),
        }


def _end_tokens(connection: Connection, number: int) -> None:
    connection.execute(delete(schema.token).where(schema.token.c.account == number))


def _fresh_credentials(pids: tuple[Pid, ...]) -> Credentials:
    """Letters that need no escaping in a form, a header or a shell."""
    return Credentials(
        client_id=secrets.token_hex(16),
        client_secret=secrets.token_urlsafe(32),
        username=f"user-{secrets.token_hex(5)}",
        password=secrets.token_urlsafe(18),
        pids=pids,
    )


def _account(row: Any, pids: tuple[Pid, ...]) -> Account:
    created_at = dt.datetime.fromtimestamp(row.created_at, dt.UTC)
    return Account(
        row.name, row.client_id, row.username, row.enabled, pids, tuple(row.addresses), row.rate, created_at
    )  # fmt: skip


def _pids_of(connection: Connection, number: int) -> tuple[Pid, ...]:
    statement = select(schema.pid).where(schema.pid.c.account == number).order_by(schema.pid.c.position)
    return tuple(Pid(row.pid, tuple(row.functions)) for row in connection.execute(statement))


def _name(given: str) -> str:
    name = given.strip()
    if not name or len(name) > 100 or not name.replace("\u200c", "").isprintable():  # Persian is written with it
        raise AccountFieldError(field="name", value=given, reason="a name is 1 to 100 printable characters")
    return name


def _functions(given: Sequence[str]) -> tuple[str, ...]:
    wanted = set()
    for text in given:
        name = _BY_FOLDED_NAME.get(text.strip().casefold())
        if name is None:
            reason = f"there is no such function; there are {', '.join(FUNCTIONS)}"
            raise AccountFieldError(field="function", value=text, reason=reason)
        wanted.add(name)
    return tuple(name for name in FUNCTIONS if name in wanted or not given)


def _network(text: str) -> str:
    try:
        return str(ipaddress.ip_network(text.strip()))
    except ValueError as error:
        reason = f"{error}; an address or a network such as 10.20.0.0/16 is wanted"
        raise AccountFieldError(field="address", value=text, reason=reason) from error


def _rate(text: str) -> _Rate:
    if not text.strip():
        return _Rate()
    from limits import parse_many  # a fifth of a second to import, and needed here only

    try:
        [item] = parse_many(text.strip())  # "5/second; 9/minute" would be two
    except ValueError as error:
        raise AccountFieldError(field="rate", value=text, reason="one rate is wanted: 500/minute") from error
    if not 0 < item.amount <= _MOST or not 0 < item.get_expiry() <= _LONGEST_S:
        raise AccountFieldError(field="rate", value=text, reason=f"1 to {_MOST} requests in a year at most are wanted")
    return _Rate(text.strip(), item.amount, item.get_expiry())
