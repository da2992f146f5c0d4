"""Accounts' rates counted for a fleet, in a Valkey server, with the fixed window of the `limits` library.

What cannot be counted, because Valkey is away, is let through and logged: a reference that answers is worth more than a count.
"""

from __future__ import annotations

import logging
from time import time

from limits import RateLimitItemPerSecond
from limits.aio.strategies import FixedWindowRateLimiter
from limits.errors import StorageError
from limits.storage import storage_from_string
from valkey.exceptions import ValkeyError

from maksa.web.gateway.rates import Rate

_log = logging.getLogger("maksa.web")


class ValkeyRates:
    """The counter of a fleet, in the Valkey server at *url* (valkey://host:port/database)."""

    def __init__(self, url: str) -> None:
        self._limiter = FixedWindowRateLimiter(storage_from_string(f"async+{url}"))
        self._is_away = False

    def take(self, rate: Rate) -> float | None:
        """See `Rates`: only an account without a limit is answered at once."""
        return None if rate.amount else 0.0

    async def take_later(self, rate: Rate) -> float:
        """See `Rates`."""
        item = RateLimitItemPerSecond(rate.amount, rate.period_s, namespace="maksa")
        name = str(rate.account_id)
        try:
            if await self._limiter.hit(item, name):
                return 0.0
            ends_at = (await self._limiter.get_window_stats(item, name)).reset_time
        except (OSError, StorageError, ValkeyError) as error:
            self._note(error)
            return 0.0
        self._is_away = False
        return max(ends_at - time(), 0.001)

    def _note(self, error: Exception) -> None:
        """Logs once that the server is away, not once for each request."""
        if not self._is_away:
            _log.error("rates are not counted: Valkey does not answer (%s)", type(error).__name__)
        self._is_away = True

    def close(self) -> None:
        """See `Rates`."""
