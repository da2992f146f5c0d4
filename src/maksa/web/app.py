"""The ASGI application: which path is whose, and what a worker does when it starts and ends.

Every path of the gateway's stands in one dictionary; anything else is the portal's, or the gateway's 404 where that is off.
"""

from __future__ import annotations

import contextlib
import resource
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from maksa.home import Home
from maksa.settings import Settings
from maksa.web import check_endpoint, log, shelf_files
from maksa.web.asgi import Receive, Scope, Send
from maksa.web.ditas.endpoint import Endpoint
from maksa.web.ditas.provider import TAILS, handlers
from maksa.web.gateway.gate import Gate
from maksa.web.gateway.token_endpoint import TokenEndpoint
from maksa.web.journal import Journal
from maksa.web.lifespan import beside, live
from maksa.web.service_endpoints import ServiceEndpoints
from maksa.web.shelf_files import ShelfFiles
from maksa.web.short_ways import ShortWays
from maksa.web.worker import Worker
from maksa.wire.ditas.functions import BASES, FUNCTIONS

_Callable = Callable[[Scope, Receive, Send], Awaitable[None]]
_Routes = dict[tuple[str, str], _Callable]


class App:
    """The application of one worker: nothing is open before the server says that it starts."""

    def __init__(self, home: Home, settings: Settings) -> None:
        self._home = home
        self._settings = settings
        self._routes: _Routes = {}
        self.short_ways = ShortWays()  # what `protocol` answers without coming through here
        self._shelf_files: _Callable
        self._otherwise: _Callable  # the portal where it is on, else the gateway's 404
        self._own: ServiceEndpoints
        self._end_pages: Callable[[], None] = _nothing
        self._check: check_endpoint.CheckEndpoint

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            endpoint = self._routes.get((scope["method"], scope["path"]))
            if endpoint is None and scope["path"].startswith(shelf_files.PREFIX):
                endpoint = self._shelf_files
            await (endpoint or self._page)(scope, receive, send)
        elif scope["type"] == "lifespan":
            await live(receive, send, self._life())

    async def _page(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope["app"] = self  # a page may call a function for its reader, as ASGI's frameworks let it
        await self._otherwise(scope, receive, send)

    @asynccontextmanager
    async def _life(self) -> AsyncIterator[None]:
        """What is open and what goes on beside the requests, from the server's start to its end."""
        worker, gate = self._started()
        async with beside(worker.keep_fresh(), gate.keep_fresh()):
            yield
        self._check.close()
        self._end_pages()
        gate.close()
        worker.close()

    def note_unreadable(self, request_id: str, peer: str, scheme: str, size: int) -> None:
        """Puts into the journal what `protocol` has refused, since it was no request: it never came through here."""
        self._own.note_unreadable(request_id, peer, scheme, size)

    def _started(self) -> tuple[Worker, Gate]:
        is_journal_written = self._settings.log_level in ("debug", "info")
        worker = Worker(self._home, self._settings, Journal(sys.stdout.buffer if is_journal_written else None))
        gate = Gate(self._home, self._settings)
        self._own = ServiceEndpoints(gate, worker)
        for name, endpoint in _endpoints(gate, worker).items():
            for base in BASES:
                self._routes["GET", f"{base}/{name}"] = self._routes["POST", f"{base}/{name}"] = endpoint
                if name not in TAILS:
                    self.short_ways.endpoints[f"{base}/{name}".encode()] = endpoint
        self._routes["POST", "/oauth/token"] = TokenEndpoint(gate, worker)
        self._routes |= self._own.routes()
        self._shelf_files = ShelfFiles(gate, worker)
        self._routes["POST", check_endpoint.PATH] = self._check = check_endpoint.CheckEndpoint(gate, worker, self._page)
        self._otherwise = self._own.not_found
        if self._settings.portal:
            # The pages' libraries are imported by those who want pages.
            from maksa.web.portal.application import Portal

            portal = Portal(gate, worker, self._own.not_found)
            self._otherwise, self._end_pages = portal, portal.close
        return worker, gate


def _nothing() -> None:
    """Ends pages that were never begun."""


def _endpoints(gate: Gate, worker: Worker) -> dict[str, Endpoint]:
    provide = handlers(exact_display=worker.settings.exact_display)
    return {name: Endpoint(function, provide[name], gate, worker) for name, function in FUNCTIONS.items()}


def create(home: Home, settings: Settings) -> App:
    """The application of one worker, as the server library calls it in each."""
    log.configure(settings.log_level)
    _open_many_files()
    return App(home, settings)


def _open_many_files() -> None:
    """Lets this worker hold as many files as the system allows it: a prepared body has three, a caller one."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != hard:
        with contextlib.suppress(ValueError, OSError):  # macOS names a limit that it does not grant
            resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
