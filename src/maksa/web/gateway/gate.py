"""The gate: whether a request may go on to the provider, in the contract's order of checks.

410 (plain HTTP), 403 (the caller's address), 401 (the token), 403 (the account's addresses), 429 (pid, rate). The 404 of an
unknown path stands between the first two, in the router; the 400 comes after, when the body is read.

Rules of this file:
- `admit` asks memory only; where memory is not enough (a token not seen before, a rate counted elsewhere) it says so with
  an open admission, and `settled` asks the store;
- a store that is silent is not waited for longer than `StoreThreads` does: the caller is told 504, health 503;
- a header that comes twice admits nobody: which of the two would a proxy before us have judged?
Source: contract, section 3.
"""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path
from time import time

from msgspec import Struct

from maksa.home import Home
from maksa.model.errors import MaksaError
from maksa.settings import Settings
from maksa.web.gateway.origin import Origin, Origins
from maksa.web.gateway.rates import Rates, SharedRates
from maksa.web.gateway.sessions import Session, Sessions
from maksa.web.gateway.store import Store
from maksa.web.gateway.store_threads import StoreThreads
from maksa.web.heard import Heard, RawHeaders
from maksa.wire.oauth import bearer_of

_log = logging.getLogger("maksa.web")

POLL_S = 1.0  # how often changes of accounts are asked for: a disabled one is out within this and its query

_SERVED_TOGETHER = 32
"""Workers that count in one file, whatever services they are of: while one follows another they may differ in their number."""

_FORWARDED = (b"x-forwarded-for", b"x-forwarded-proto", b"forwarded", b"x-real-ip")


class Shown(Struct, frozen=True, gc=False):
    """What a request shows the gate: where it comes from, its token (None where it has none), its pid.

    Its head's bytes and its connection say all of it, so it is the same for each request with the same head.
    """

    origin: Origin
    token: str | None
    pid: bytes


class Admission(Struct, frozen=True, gc=False):
    """The gate's word on a request: 200 to go on, else the gateway's status. `account` is "" before it is known.

    `is_open`: memory could not tell, `settled` must be awaited.
    """

    status: int
    account: str
    address: str
    retry_after_s: float = 0.0
    is_open: bool = False


class Gate:
    """The gate of one worker, over the accounts' store. Raises: StorageError, SettingsError where it cannot be opened."""

    def __init__(self, home: Home, settings: Settings) -> None:
        self.settings = settings
        self.store = Store(settings.accounts_url or home.made().accounts_url)
        self._origins = Origins(settings)
        self._reads_forwarded = bool(settings.trusted_proxies)
        self.sessions = Sessions(self.store)
        self._threads = StoreThreads(self.sessions)
        self._has_warned = False
        self._rates = rates_of(settings.rate_store, home.run, settings.workers)

    def origin_of(self, heard: Heard) -> Origin:
        """Where the request comes from, seen through trusted proxies."""
        if not self._reads_forwarded:
            return self._origins.of(heard.peer, heard.scheme)
        return self._origins.of(
            heard.peer,
            heard.scheme,
            _joined(heard.raw, b"x-forwarded-for"),
            _joined(heard.raw, b"x-forwarded-proto"),
        )

    def comes_through_unnamed_proxy(self, heard: Heard) -> bool:
        """Whether somebody near, whom `trusted_proxies` does not name, sends this for another. The first time it is logged."""
        if not any(name in heard.named for name in _FORWARDED) or not self._origins.unnamed_proxy(heard.peer):
            return False
        if not self._has_warned:
            _log.warning(
                "%s forwards for others and is not in trusted_proxies: all its callers count as one", heard.peer
            )
        self._has_warned = True
        return True

    def shown(self, heard: Heard) -> Shown:
        """What the request shows."""
        if len(heard.named) != len(heard.raw):
            _forget_repeated(heard)
        named = heard.named
        token = bearer_of(named.get(b"authorization", b""))
        return Shown(self.origin_of(heard), token, named.get(b"pid", b"").strip().lower())

    def admit(self, function: str, shown: Shown) -> Admission:
        """Whether who shows this may call *function* now, as far as memory knows."""
        origin, token = shown.origin, shown.token
        if origin.is_insecure or origin.is_refused:
            return Admission(410 if origin.is_insecure else 403, "", origin.text)
        if token is None:
            return Admission(401, "", origin.text)
        session = self.sessions.get(token)
        if session is None:
            return Admission(401, "", origin.text, is_open=not self.sessions.is_unknown(token))
        return self._judged(session, function, shown)

    async def settled(self, function: str, shown: Shown) -> Admission:
        """The same, the store asked for what memory did not know. Raises: StorageError, TimeoutError."""
        token, address = shown.token or "", shown.origin.text
        session = self.sessions.get(token)
        if session is None and not self.sessions.is_unknown(token):
            session = await self._threads.load(token)
        if session is None:
            return Admission(401, "", address)
        admission = self._judged(session, function, shown)
        if not admission.is_open:
            return admission
        wait_s = await self._rates.take_later(session.rate)
        return Admission(429 if wait_s else 200, session.account, address, wait_s)

    def _judged(self, session: Session, function: str, shown: Shown) -> Admission:
        """The checks of whoever has a token. Open where the rate is counted elsewhere."""
        account, address = session.account, shown.origin.text
        if session.expires_at <= time():
            return Admission(401, account, address)
        if session.networks and shown.origin.number not in session.networks:
            return Admission(403, account, address)
        if function not in session.pids.get(shown.pid, ()):
            return Admission(429, account, address)
        wait_s = self._rates.take(session.rate)
        if wait_s is None:
            return Admission(200, account, address, is_open=True)
        return Admission(429 if wait_s else 200, account, address, wait_s)

    async def is_answering(self) -> bool:
        """Whether the accounts' store can be asked."""
        try:
            await self._threads.refresh()
        except (MaksaError, TimeoutError):
            return False
        return True

    async def keep_fresh(self) -> None:
        """Forgets, for ever, the tokens of accounts that change."""
        is_away = False
        while True:
            await asyncio.sleep(POLL_S)
            try:
                await self._threads.refresh()
                is_away = False
            except Exception as error:  # noqa: BLE001 # were this to end, a disabled account would never be out
                if not is_away:
                    _log.error("changes of accounts cannot be asked for: %s", str(error) or "no answer in time")
                is_away = True

    def close(self) -> None:
        """Gives back the store and the rates."""
        self._rates.close()
        self._threads.close()
        self.store.close()


def _joined(given: RawHeaders, name: bytes) -> str:
    """The values of all headers of *name*, in their order: proxies add a header of their own, or a part to the last."""
    return ",".join(value.decode("latin-1") for header, value in given if header == name)


def _forget_repeated(heard: Heard) -> None:
    """Takes away what admits somebody and was given more than once."""
    names = [name for name, _ in heard.raw]
    for name in (b"authorization", b"pid"):
        if names.count(name) > 1:
            heard.named[name] = b""


def rates_of(url: str, folder: Path, workers: int) -> Rates:
    """The counter that the setting `rate_store` names: this machine's, in *folder*, where it is empty."""
    if not url:
        return SharedRates(folder, max(workers, _SERVED_TOGETHER))
    from maksa.web.gateway.valkey_rates import ValkeyRates  # a tenth of a second to import, for fleets only

    return ValkeyRates(url)
