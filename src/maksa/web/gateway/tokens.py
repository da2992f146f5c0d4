"""Tokens: what a client and its user are given, and when it is the same as before.

Rules of this file:
- an account has one access token at a time; while it lives, a password grant hands it out again with what is left;
- a refresh ends the access token and gives another at full life; the refresh token stays the same, and lives until its
  account is rotated or disabled;
- the store has no token, only its nonce and its SHA-256: the text is made again from the client's secret (ADR 3);
- an unknown, disabled or wrong client are one error, and so are an unknown or wrong user, at one cost in time;
- locks are taken in one order, the sequence's before the account's, so that no two changes wait for each other.

Source: contract, section 1; guide, tables 1 to 6; RFC 6749, sections 4.3 and 6.
"""

from __future__ import annotations

import hmac
import secrets
import time
from collections.abc import Callable
from typing import Any

from sqlalchemy import Connection, Row, Select, bindparam, select, update

from maksa.model.errors import BadClientError, BadGrantError
from maksa.web.gateway import schema
from maksa.web.gateway.hashing import Secrets, token_from, token_hash
from maksa.web.gateway.schema import account, token
from maksa.web.gateway.store import APART_S, Store
from maksa.wire.oauth import Client, PasswordGrant, RefreshGrant, TokenRequest, Tokens

_NONCE = 16  # bytes

_CLIENT: Select[Any] = select(
    account.c.id, account.c.client_secret_hash, account.c.username, account.c.password_hash, account.c.enabled
).where(account.c.client_id == bindparam("client_id"))
_TOKEN: Select[Any] = select(token).where(token.c.account == bindparam("account"))


class Grants:
    """The giver of tokens of *ttl_s* seconds. Any thread may use it; a first login takes argon2's time (25 ms, twice)."""

    def __init__(self, store: Store, ttl_s: int, *, clock: Callable[[], float] = time.time) -> None:
        self._store = store
        self._ttl_s = ttl_s
        self._clock = clock
        self._secrets = Secrets()

    def tokens_for(self, request: TokenRequest) -> Tokens:
        """What is given for *request*. Raises: BadClientError, BadGrantError, StorageError."""
        client = self._client(request.client)
        if isinstance(request.grant, PasswordGrant):
            return self._by_password(client, request.client.client_secret, request.grant)
        return self._by_refresh(client, request.client.client_secret, request.grant)

    def _client(self, given: Client) -> Row[Any]:
        known = self._known(given.client_id)
        if not self._secrets.is_right(given.client_secret, known.client_secret_hash if known else None) or not known:
            raise BadClientError
        return known

    def _known(self, client_id: str) -> Row[Any] | None:
        """The client, if there is one and it is enabled."""
        with self._store.reading() as connection:
            # a NUL or a lone surrogate is no part of a client's id, and an error in a database
            text = client_id if client_id.isprintable() else ""
            row = connection.execute(_CLIENT, {"client_id": text}).one_or_none()
        return row if row is not None and row.enabled else None

    def _by_password(self, client: Row[Any], secret: str, grant: PasswordGrant) -> Tokens:
        is_his = hmac.compare_digest(_bytes(grant.username), _bytes(client.username))
        if not self._secrets.is_right(grant.password, client.password_hash if is_his else None):
            raise BadGrantError
        with self._store.reading() as connection:
            row = connection.execute(_TOKEN, {"account": client.id}).one_or_none()
        is_early = row is not None and row.expires_at - self._clock() > self._ttl_s + APART_S
        return self._live(row, secret) or self._issued(client, secret, is_change=is_early)

    def _issued(self, client: Row[Any], secret: str, *, is_change: bool) -> Tokens:
        """A new access token, or the one that another login has issued meanwhile. *is_change*: the old one is to be forgotten."""
        with self._store.writing() as connection:
            revision = schema.next_revision(connection) if is_change else None
            _lock(connection, client)
            row = connection.execute(_TOKEN, {"account": client.id}).one_or_none()
            live = self._live(row, secret)
            if live:
                return live
            if revision is not None:
                connection.execute(update(account).where(account.c.id == client.id).values(revision=revision))
            refresh_nonce = row.refresh_nonce if row else secrets.token_bytes(_NONCE)
            return self._put(connection, client.id, secret, refresh_nonce)

    def _by_refresh(self, client: Row[Any], secret: str, grant: RefreshGrant) -> Tokens:
        presented = token_hash(grant.refresh_token)
        with self._store.reading() as connection:  # a wrong token takes no lock
            _check_refresh(connection.execute(_TOKEN, {"account": client.id}).one_or_none(), presented)
        with self._store.writing() as connection:
            revision = schema.next_revision(connection)
            _lock(connection, client)
            row = _check_refresh(connection.execute(_TOKEN, {"account": client.id}).one_or_none(), presented)
            connection.execute(update(account).where(account.c.id == client.id).values(revision=revision))
            return self._put(connection, client.id, secret, row.refresh_nonce)

    def _live(self, row: Row[Any] | None, secret: str) -> Tokens | None:
        """The tokens of *row*, if a whole second is left of them and *secret* is what they were made from.

        Of many more seconds than a token ever has it was given by a clock that ran ahead: it would live until then.
        """
        left_s = int(row.expires_at - self._clock()) if row else 0
        if row is None or not 1 <= left_s <= self._ttl_s + APART_S:
            return None
        access = token_from(secret, row.access_nonce, "access")
        if token_hash(access) != row.access_hash:
            return None
        return Tokens(
            access_token=access,
            refresh_token=token_from(secret, row.refresh_nonce, "refresh"),
            expires_in=min(left_s, self._ttl_s),
        )

    def _put(self, connection: Connection, number: int, secret: str, refresh_nonce: bytes) -> Tokens:
        """Writes a new access token over the account's old one, if it had one."""
        access_nonce = secrets.token_bytes(_NONCE)
        access = token_from(secret, access_nonce, "access")
        refresh = token_from(secret, refresh_nonce, "refresh")
        columns = {
            "access_nonce": access_nonce,
            "access_hash": token_hash(access),
            "expires_at": self._clock() + self._ttl_s,
            "refresh_nonce": refresh_nonce,
            "refresh_hash": token_hash(refresh),
        }
        statement = self._store.insert(token).values(account=number, **columns)
        connection.execute(statement.on_conflict_do_update(index_elements=["account"], set_=columns))
        return Tokens(access_token=access, refresh_token=refresh, expires_in=self._ttl_s)


def _lock(connection: Connection, client: Row[Any]) -> None:
    """Holds the account for this transaction. Raises: BadClientError where it has changed since its secret was checked."""
    statement = select(account.c.client_secret_hash, account.c.enabled).where(account.c.id == client.id)
    row = connection.execute(statement.with_for_update()).one_or_none()
    if row is None or not row.enabled or row.client_secret_hash != client.client_secret_hash:
        raise BadClientError


def _check_refresh(row: Row[Any] | None, presented: bytes) -> Row[Any]:
    if row is None or not hmac.compare_digest(row.refresh_hash, presented):
        raise BadGrantError
    return row


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")
