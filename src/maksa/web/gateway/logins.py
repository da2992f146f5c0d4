"""A request for a token, from its client to its end: throttled, granted or refused."""

from __future__ import annotations

import time
from collections.abc import Callable

from msgspec import Struct

from maksa.model.errors import AccessError
from maksa.settings import Settings
from maksa.web.gateway.store import Store
from maksa.web.gateway.throttle import Throttle
from maksa.web.gateway.tokens import Grants
from maksa.wire.oauth import PasswordGrant, TokenRequest, Tokens


class Refused(Struct, frozen=True):
    """No token, and why. The answer should be kept back for `delay_s` seconds."""

    error: AccessError
    delay_s: float


class Logins:
    """The way to a token. `of` waits for the store and for argon2: it belongs in a thread, and any may call it."""

    def __init__(self, store: Store, settings: Settings, *, clock: Callable[[], float] = time.time) -> None:
        self._grants = Grants(store, settings.token_ttl_s, clock=clock)
        self._throttle = Throttle(store, settings, clock=clock)

    def of(self, request: TokenRequest, address: str) -> Tokens | Refused:
        """The tokens for *request*, which came from *address*; or why there are none (BadClientError, BadGrantError).

        Raises: TooManyRequestsError where too many have failed; StorageError.
        """
        grant = request.grant
        name = grant.username if isinstance(grant, PasswordGrant) else request.client.client_id
        attempt = self._throttle.attempt(name, address)
        try:
            tokens = self._grants.tokens_for(request)
        except AccessError as error:
            return Refused(error, self._throttle.failed(attempt))
        self._throttle.succeeded(attempt)
        return tokens
