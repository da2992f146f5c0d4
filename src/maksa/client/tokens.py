"""The token of an account: had once for all who ask at the same time, renewed before its end and after a refusal.

Rules of this file:
- one login at a time (`Alone`), and who waited for it takes what came of it, a refusal too: fifty threads with a wrong
  password are one failed login, not fifty;
- before its end a token is refreshed; after a 401 the password is given again, since of one account that two programs
  use a refresh would end the other's token, and a login answers with the one that lives;
- what the caller's store holds is asked before any login: another process may have been there; a store that fails is
  warned of in the log, and done without.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable
from time import time
from typing import Protocol

from msgspec import Struct

from maksa.client.account import Account
from maksa.client.steps import Alone, Load, Plan, Save
from maksa.model.errors import AccessError, BadGrantError, RemoteError
from maksa.wire.oauth import Grant, RefreshGrant, Tokens

_log = logging.getLogger("maksa.client")

EARLY_S = 30.0  # a token is renewed so long before its end, or a quarter of its life where that is less


LONGEST_S = 366 * 86_400  # a life beyond it is a mistake, and some are beyond all dates


class KeptTokens(Struct, frozen=True, kw_only=True):
    """What a store keeps: the access token, what refreshes it, and when it ends (aware, UTC)."""

    access_token: str
    refresh_token: str
    renewed_at: dt.datetime
    ends_at: dt.datetime

    def __repr__(self) -> str:
        return f"{type(self).__name__}(ends_at={self.ends_at.isoformat()}, …)"

    def __rich_repr__(self) -> list[tuple[str, str]]:
        return [("ends_at", self.ends_at.isoformat())]


class TokenStore(Protocol):
    """The caller's own place for tokens: a file, a cache that processes share. Whoever reads it can call as the account."""

    def load(self) -> KeptTokens | None:
        """What was saved last, None where there is nothing."""

    def save(self, tokens: KeptTokens) -> None:
        """Keeps *tokens* in the place of what was there."""


class AsyncTokenStore(Protocol):
    """A `TokenStore` that is awaited."""

    async def load(self) -> KeptTokens | None:
        """What was saved last, None where there is nothing."""

    async def save(self, tokens: KeptTokens) -> None:
        """Keeps *tokens* in the place of what was there."""


Login = Callable[[Grant, float], Plan[Tokens]]
"""A plan that asks for tokens until a moment of the steady clock."""


class Session:
    """The token of *account*, for all who ask."""

    def __init__(self, account: Account, login: Login, *, clock: Callable[[], float] = time) -> None:
        self._account = account
        self._login = login
        self._clock = clock
        self._kept: KeptTokens | None = None
        self._renew_at = 0.0
        self._turn = 0
        self._failure: AccessError | RemoteError | None = None

    def token(self, until: float, refused: str = "") -> Plan[str]:
        """An access token that lives and is not *refused*. Raises: AccessError, RemoteError."""
        kept = self._kept
        if kept is not None and kept.access_token != refused and self._clock() < self._renew_at:
            return kept.access_token
        answer: str = yield Alone(self._renewed(until, refused, self._turn), until)
        return answer

    def _renewed(self, until: float, refused: str, turn: int) -> Plan[str]:
        """The token, with no other at work here. *turn* tells who came while another had his."""
        if self._turn != turn and self._failure is not None:
            raise type(self._failure)(**self._failure.facts)
        if self._kept is None or not self._is_good(self._kept, refused):
            yield from self._found_or_fresh(until, refused)
        assert self._kept is not None
        return self._kept.access_token

    def _found_or_fresh(self, until: float, refused: str) -> Plan[None]:
        stored = yield from self._loaded()
        if stored is not None:
            self._take(stored)
            if self._is_good(stored, refused):
                return
        self._failure = None
        try:
            fresh = yield from self._fresh(until, refused)
        except (AccessError, RemoteError) as error:
            self._failure = error
            raise
        finally:
            self._turn += 1
        self._take(fresh)
        yield from self._saved(fresh)

    def _loaded(self) -> Plan[KeptTokens | None]:
        """What the caller's store has, None where it fails: it spares logins, and no call is to fail for want of it."""
        try:
            stored = yield Load()
            if not isinstance(stored, KeptTokens | None):
                raise TypeError(f"it gave no KeptTokens but a {type(stored).__name__}")
        except Exception:  # noqa: BLE001 - whatever the caller's own code may raise
            _log.warning("the token store does not load; going on without it", exc_info=True)
            return None
        return stored

    def _saved(self, fresh: KeptTokens) -> Plan[None]:
        try:
            yield Save(fresh)
        except Exception:  # noqa: BLE001 - likewise
            _log.warning("the token store does not save; going on without it", exc_info=True)

    def _fresh(self, until: float, refused: str) -> Plan[KeptTokens]:
        """New tokens: refreshed where the old ones near their end, by password where they are gone."""
        kept = self._kept
        if kept is not None and kept.access_token != refused:
            try:
                return self._dated((yield from self._login(RefreshGrant(kept.refresh_token), until)))
            except BadGrantError:
                pass  # the refresh token has ended as well
        tokens = yield from self._login(self._account.grant, until)
        if tokens.access_token == refused:  # one that the gateway hands out and its functions refuse
            tokens = yield from self._login(RefreshGrant(tokens.refresh_token), until)
        return self._dated(tokens)

    def _dated(self, tokens: Tokens) -> KeptTokens:
        now = dt.datetime.fromtimestamp(self._clock(), dt.UTC)
        return KeptTokens(
            access_token=tokens.access_token,
            refresh_token=tokens.refresh_token,
            renewed_at=now,
            ends_at=now + dt.timedelta(seconds=min(tokens.expires_in, LONGEST_S)),
        )

    def _take(self, kept: KeptTokens) -> None:
        self._kept = kept
        self._renew_at = _renewal_of(kept)

    def _is_good(self, kept: KeptTokens, refused: str) -> bool:
        return kept.access_token != refused and self._clock() < _renewal_of(kept)


def _renewal_of(kept: KeptTokens) -> float:
    """The moment from which *kept* is renewed, in seconds since 1970."""
    life_s = (kept.ends_at - kept.renewed_at).total_seconds()
    return kept.ends_at.timestamp() - min(EARLY_S, life_s / 4)
