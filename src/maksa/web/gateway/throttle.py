"""Failed logins slow down, then are refused for a while: counted in the store, so by all workers together.

Rules of this file:
- a failure counts against a name at an address, and `_LENIENT` times more mildly against the name and the address alone:
  guesses spread over many addresses, or over many names, come to an end too;
- whoever has logged in at an address is judged there by his own failures only, so that nobody elsewhere locks him out;
- a name that exists and one that does not are counted alike, and neither is kept: the rows have hashes;
- a success forgets the failures of its name at its address; the rest expire.

Source: contract, section 3 (429: too many failed logins).
"""

from __future__ import annotations

import hashlib
import math
import time
from collections.abc import Callable
from typing import TypeVar

from msgspec import Struct
from sqlalchemy import Connection, case, delete, select

from maksa.model.errors import AccessError, BadClientError, BadGrantError, TooManyRequestsError
from maksa.settings import Settings
from maksa.web.gateway.schema import login_failure as row
from maksa.web.gateway.store import APART_S, Store

T = TypeVar("T")

LONGEST_DELAY_S = 8.0
_LENIENT = 10
_TRUST_S = 30 * 86_400  # how long a success at an address is remembered
_SWEEP_S = 60.0


class Attempt(Struct, frozen=True):
    """An attempt to log in that may go on. `has_failed` and `is_trusted` are what its name's past at its address was."""

    pair: bytes
    name: bytes
    address: bytes
    has_failed: bool = False
    is_trusted: bool = False


class Failed(Struct, frozen=True):
    """A login that failed, and how many seconds the answer should be kept back."""

    error: AccessError
    delay_s: float


class Throttle:
    """The counter of failed logins. Any thread may use it. Every verb raises StorageError where the store cannot."""

    def __init__(self, store: Store, settings: Settings, *, clock: Callable[[], float] = time.time) -> None:
        self._store = store
        self._free = settings.login_free_failures
        self._most = settings.login_lock_failures
        self._lock_s = settings.login_lock_s
        self._clock = clock
        self._swept_at = clock()

    def guarded(self, name: str, address: str, login: Callable[[], T]) -> T | Failed:
        """What *login* gives to *name*, who asks from *address*; or how it failed, counted.

        All in one thread: an attempt counts when it has failed, so of many that come at once only as many as there are
        threads are judged before the first one counts.

        Raises: TooManyRequestsError; what *login* raises but BadClientError and BadGrantError.
        """
        attempt = self.attempt(name, address)
        try:
            given = login()
        except (BadClientError, BadGrantError) as error:
            return Failed(error, self.failed(attempt))
        self.succeeded(attempt)
        return given

    def attempt(self, name: str, address: str) -> Attempt:
        """An attempt of *name* from *address*, to be ended with `failed` or `succeeded`.

        Raises: TooManyRequestsError (retry_after_s: whole seconds).
        """
        fresh = Attempt(_key("pair", name, address), _key("name", name), _key("address", address))
        now = self._clock()
        with self._store.reading() as connection:
            statement = select(row).where(row.c.key.in_([fresh.pair, fresh.name, fresh.address]))
            found = {bytes(each.key): each for each in connection.execute(statement)}
        own = found.get(fresh.pair)
        is_trusted = own is not None and own.trusted_until > now
        locked_s = [
            each.forgotten_at - now
            for key, each in found.items()
            if each.failures >= self._limit(fresh, key) and (key == fresh.pair or not is_trusted)
            if each.forgotten_at <= now + self._lock_s + APART_S
        ]
        if max(locked_s, default=0) > 0:
            raise TooManyRequestsError(retry_after_s=math.ceil(max(locked_s)))
        has_failed = own is not None and own.failures > 0
        return Attempt(fresh.pair, fresh.name, fresh.address, has_failed, is_trusted)

    def failed(self, attempt: Attempt) -> float:
        """Counts a failure; how many seconds its answer should be kept back: 0, then 1, 2, 4, up to LONGEST_DELAY_S."""
        now = self._clock()
        self._sweep(now)
        with self._store.writing() as connection:
            failures = [self._count(connection, key, now) for key in (attempt.pair, attempt.name, attempt.address)]
        beyond = failures[0] - self._free
        return min(2.0 ** (beyond - 1), LONGEST_DELAY_S) if beyond > 0 else 0.0

    def succeeded(self, attempt: Attempt) -> None:
        """Forgets the failures of the name at the address. Writes nothing where there is nothing new to write."""
        if attempt.is_trusted and not attempt.has_failed:
            return
        columns = {"failures": 0, "forgotten_at": 0.0, "trusted_until": self._clock() + _TRUST_S}
        with self._store.writing() as connection:
            statement = self._store.insert(row).values(key=attempt.pair, **columns)
            connection.execute(statement.on_conflict_do_update(index_elements=["key"], set_=columns))

    def _limit(self, attempt: Attempt, key: bytes) -> int:
        return self._most if key == attempt.pair else self._most * _LENIENT

    def _count(self, connection: Connection, key: bytes, now: float) -> int:
        """How many failures *key* has, this one included. One statement: two workers that count at once count two."""
        forgotten_at = now + self._lock_s
        statement = self._store.insert(row).values(key=key, failures=1, forgotten_at=forgotten_at, trusted_until=0.0)
        counted = {
            "failures": case(
                (row.c.forgotten_at.between(now, forgotten_at + APART_S), row.c.failures + 1),
                else_=1,
            ),
            "forgotten_at": forgotten_at,
        }
        statement = statement.on_conflict_do_update(index_elements=["key"], set_=counted).returning(row.c.failures)
        return int(connection.execute(statement).scalar_one())

    def _sweep(self, now: float) -> None:
        """Deletes what has expired, in a transaction of its own: it takes rows in no order that others could keep to."""
        if now - self._swept_at >= _SWEEP_S:
            self._swept_at = now
            with self._store.writing() as connection:
                connection.execute(delete(row).where(row.c.forgotten_at <= now, row.c.trusted_until <= now))


def _key(kind: str, *parts: str) -> bytes:
    return hashlib.sha256("\0".join((kind, *parts)).encode("utf-8", "surrogatepass")).digest()
