"""Running the desk: one process, one socket, its jobs in processes of their own.

Rules of this file:
- one process: jobs are done one at a time, and who does them must know;
- plain HTTP is for this machine alone, whatever `allow_http` says: passwords and sessions travel here;
- whoever is slow is waited for while something comes (a large file, a thin line), and whoever stands still is not.
"""

from __future__ import annotations

import signal
import socket
import sys

import uvicorn
from msgspec.structs import replace

from maksa.desk.desk import Desk
from maksa.desk.views.application import Application
from maksa.home import Home
from maksa.settings import Settings
from maksa.web import certificate, log
from maksa.web.protocol import Protocol

_CONCURRENT = 256  # connections; operators are few
_KEEP_ALIVE_S = 30


class Patient(Protocol):
    """One connection. The service gives a message two minutes; here each piece of a file gives it two more."""

    def on_body(self, body: bytes) -> None:
        self.still_since = 0.0
        super().on_body(body)


def as_served(settings: Settings) -> Settings:
    """The settings with the desk's address as the address to listen on, and plain HTTP refused to others."""
    return replace(settings, host=settings.desk_host, port=settings.desk_port, allow_http=False, workers=1)


def prepare(home: Home, settings: Settings) -> None:
    """Looks whether the desk can start: its certificate, its stores. Raises: SettingsError, StorageError, ManifestError."""
    certificate.check(settings)
    Desk(home, settings).close()


def serve(home: Home, settings: Settings, opened: socket.socket) -> None:
    """Serves the desk of the home, which is prepared, until a signal ends it."""
    signal.signal(signal.SIGTERM, _end_well)  # the server library raises it again once it has ended
    log.configure(settings.log_level)
    server = uvicorn.Server(_configuration(home, settings))
    try:
        server.run(sockets=[opened])
    except KeyboardInterrupt:
        return


def _end_well(_signal: int, _frame: object) -> None:
    sys.exit(0)


def _configuration(home: Home, settings: Settings) -> uvicorn.Config:
    config = uvicorn.Config(
        Application(home, settings),
        interface="asgi3",
        http=Patient,
        loop="uvloop",  # asyncio's own holds a second packet back for 40 ms on a socket that it was given
        ws="none",
        lifespan="on",
        log_config=None,
        access_log=False,
        proxy_headers=False,  # `gateway.origin` judges them
        server_header=False,
        limit_concurrency=_CONCURRENT,
        timeout_keep_alive=_KEEP_ALIVE_S,
        timeout_graceful_shutdown=max(1, round(settings.graceful_timeout_s)),
        ssl_certfile=settings.tls_cert or None,
        ssl_keyfile=settings.tls_key or None,
    )
    return certificate.kept_fresh(config, settings)
