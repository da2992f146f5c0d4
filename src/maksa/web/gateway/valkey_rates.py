"""Accounts' rates counted for a fleet, in a Valkey server, with the fixed window of the `limits` library.

What cannot be counted, because Valkey is away, is let through and logged: a reference that answers is worth more than a count.
It is then left alone for a while, so that a server which is silent holds up one request and not each.
"""

from __future__ import annotations

import logging
from time import monotonic, time

from limits import RateLimitItemPerSecond
from limits.aio.strategies import FixedWindowRateLimiter
from limits.errors import StorageError
from limits.storage import storage_from_string
from valkey.exceptions import ValkeyError

from maksa.web.gateway.rates import Rate

_log = logging.getLogger("maksa.web")

PATIENCE_S = 0.5  # for an answer
_PAUSE_S = 2.0  # after there was none


class ValkeyRates:
    """The counter of a fleet, in the Valkey server at *url* (valkey://host:port/database)."""

    def __init__(self, url: str) -> None:
        waits = {"socket_timeout": PATIENCE_S, "socket_connect_timeout": PATIENCE_S}
        self._limiter = FixedWindowRateLimiter(storage_from_string(f"async+{url}", **waits))
        self._is_away = False
        self._asks_again_at = 0.0  # monotonic

    def take(self, rate: Rate) -> float | None:
        """See `Rates`: an account without a limit, and any while Valkey is left alone, is answered at once."""
        return None if rate.amount and monotonic() >= self._asks_again_at else 0.0

    async def take_later(self, rate: Rate) -> float:
        """See `Rates`."""
        item = RateLimitItemPerSecond(rate.amount, rate.period_s, namespace="maksa")
        name = str(rate.account_id)
        try:
            is_through = await self._limiter.hit(item, name)
            self._is_away = False
            if is_through:
                return 0.0
            ends_at = (await self._limiter.get_window_stats(item, name)).reset_time
        except (OSError, StorageError, ValkeyError) as error:
            self._note(error)
            return 0.0
        return max(ends_at - time(), 0.001)

    def _note(self, error: Exception) -> None:
        """Logs once that the server is away, not once for each request."""
        if not self._is_away:
            _log.error("rates are not counted: Valkey does not answer (%s)", type(error).__name__)
        self._is_away = True
        self._asks_again_at = monotonic() + _PAUSE_S

    def close(self) -> None:
        """See `Rates`."""
