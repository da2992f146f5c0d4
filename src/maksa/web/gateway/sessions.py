"""What a worker remembers of the tokens it has seen, so that a call asks no database.

Rules of this file:
- `get` is a dict's own; the store is asked (`load`, in a thread) when a token is first seen;
- what is remembered is forgotten when its account changes: `refresh`, once a second, asks which have;
- nothing grows without bound: not the sessions, not the tokens that were found unknown.

Where the store cannot be asked, the tokens in memory go on until they expire.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

from msgspec import Struct
from sqlalchemy import bindparam, select

from maksa.web.gateway.hashing import token_hash
from maksa.web.gateway.origin import Networks
from maksa.web.gateway.rates import Rate
from maksa.web.gateway.schema import account, counter, pid, token
from maksa.web.gateway.store import Store

UNKNOWN_S = 5.0  # how long an unknown token is known to be one
_TOKEN_LENGTH = 36  # of a UUID; anything else is no token of ours

_LAST_REVISION = select(counter.c.value).where(counter.c.name == "revision")
_CHANGED = select(account.c.id, account.c.revision).where(account.c.revision > bindparam("seen"))
_OF_TOKEN = (
    select(account, token.c.expires_at)
    .join(token, token.c.account == account.c.id)
    .where(token.c.access_hash == bindparam("hash"), account.c.enabled)
)
_PIDS = select(pid.c.pid, pid.c.functions).where(pid.c.account == bindparam("account"))


class Session(Struct, frozen=True, gc=False):
    """What a live token stands for. Whether it still lives is its holder's to see: `expires_at` is in clock seconds.

    `account` is the name. `pids` grant functions by name; their keys are as a header has them, in small letters.
    `networks` are falsy where the account may call from anywhere. `revision` is the account's when this was read.
    """

    account_id: int
    account: str
    expires_at: float
    pids: dict[bytes, frozenset[str]]
    networks: Networks
    rate: Rate
    revision: int


class Sessions:
    """The memory of one worker, of *most* tokens at most. Raises: StorageError where the store cannot be asked."""

    def __init__(self, store: Store, *, clock: Callable[[], float] = time.time, most: int = 10_000) -> None:
        self._store = store
        self._clock = clock
        self._most = most
        self._live: dict[str, Session] = {}
        self._unknown: dict[str, float] = {}  # until when
        self._changed: dict[int, int] = {}  # account → the last revision that `refresh` has seen of it
        self._lock = threading.Lock()
        self._refreshing = threading.Lock()
        self.get: Callable[[str], Session | None] = self._live.get
        """The session of a token that was seen before; None for any other."""
        with store.reading() as connection:
            self._seen = int(connection.execute(_LAST_REVISION).scalar_one())

    def is_unknown(self, presented: str) -> bool:
        """Whether the token need not be asked for: it is shaped as none of ours, or was found unknown a moment ago."""
        return len(presented) != _TOKEN_LENGTH or self._unknown.get(presented, 0.0) > self._clock()

    def load(self, presented: str) -> Session | None:
        """The session of a token, asked of the store if need be and remembered from now on; None where none lives.

        Raises: StorageError.
        """
        known = self._live.get(presented)
        if known is not None or self.is_unknown(presented):
            return known
        while (session := self._asked(presented)) is not None:
            with self._lock:
                if session.revision >= self._changed.get(session.account_id, 0):
                    _keep(self._live, presented, session, self._most)
                    return session
            # the account has changed between the store's answer and this moment, and what was read is the old one
        with self._lock:
            _keep(self._unknown, presented, self._clock() + UNKNOWN_S, self._most)
        return None

    def refresh(self) -> None:
        """Forgets the tokens of the accounts that have changed since it was last asked. Raises: StorageError."""
        with self._refreshing:
            with self._store.reading() as connection:
                rows = connection.execute(_CHANGED, {"seen": self._seen}).all()
            if rows:
                self._forget({row.id: row.revision for row in rows})
                self._seen = max(row.revision for row in rows)

    def _forget(self, changed: dict[int, int]) -> None:
        with self._lock:
            self._changed.update(changed)
            live = list(self._live.items())
            for known in [known for known, session in live if session.revision < changed.get(session.account_id, 0)]:
                del self._live[known]

    def _asked(self, presented: str) -> Session | None:
        with self._store.reading() as connection:
            row = connection.execute(_OF_TOKEN, {"hash": token_hash(presented)}).one_or_none()
            if row is None or row.expires_at <= self._clock():
                return None
            pids = connection.execute(_PIDS, {"account": row.id}).all()
        return _session(row, {each.pid.encode(): frozenset(each.functions) for each in pids})


def _session(row: Any, pids: dict[bytes, frozenset[str]]) -> Session:
    return Session(
        account_id=row.id,
        account=row.name,
        expires_at=row.expires_at,
        pids=pids,
        networks=Networks(row.addresses),
        rate=Rate(row.id, row.rate_amount, row.rate_period_s),
        revision=row.revision,
    )


def _keep(kept: dict[str, Any], name: str, value: object, most: int) -> None:
    """Puts *value* last, in the place of the oldest where there are as many as may be."""
    if len(kept) >= most and name not in kept:
        del kept[next(iter(kept))]
    kept[name] = value
