"""Running the service: the socket, the workers, the certificate, the end.

Rules of this file:
- the socket is opened before anything else, so that a taken port is told at once and port 0 can be printed;
- a worker that dies is started again; when the supervisor dies its workers go too (`web.app` watches its parent);
- SIGTERM and SIGINT let requests under way finish, for as long as the settings say.
"""

from __future__ import annotations

import functools
import ipaddress
import signal
import socket
import ssl
import sys

import uvicorn
from uvicorn.config import STARTUP_FAILURE
from uvicorn.supervisors import Multiprocess

from maksa.home import Home
from maksa.model.errors import SettingsError, StorageError
from maksa.settings import Settings
from maksa.snapshot import manifest as manifests
from maksa.snapshot.storage import told_apart
from maksa.web import log, metrics
from maksa.web.app import create
from maksa.web.gateway.store import Store
from maksa.web.protocol import Protocol

BACKLOG = 2048  # connections that may wait to be taken


def listening(settings: Settings) -> socket.socket:
    """The open socket of the settings' host and port. Raises: StorageError where it cannot be had."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    try:
        opened = socket.create_server((settings.host, settings.port), family=family, backlog=BACKLOG)
    except OSError as error:
        place = f"{settings.host}:{settings.port}"
        raise StorageError(path=place, reason=f"cannot be listened on: {error.strerror or error}") from error
    opened.set_inheritable(True)
    return opened


def address_of(opened: socket.socket, settings: Settings) -> str:
    """Where the service can be called, as a URL without a path."""
    host, port = opened.getsockname()[:2]
    scheme = "https" if settings.tls_cert else "http"
    return f"{scheme}://{f'[{host}]' if ':' in host else host}:{port}"


def warnings(settings: Settings) -> list[str]:
    """What an operator should know before the first caller complains."""
    if settings.tls_cert or settings.allow_http or settings.trusted_proxies or _is_loopback(settings.host):
        return []
    what = f"listening on {settings.host} without a certificate: callers from other machines are told 410; "
    return [what + "give tls_cert and tls_key, name the proxies that end TLS in trusted_proxies, or set allow_http"]


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def check(home: Home, settings: Settings) -> None:
    """Returns where a worker can start: certificate, manifest and accounts can be read.

    Raises: SettingsError, ManifestError, FormatVersionError, StorageError.
    """
    _check_certificate(settings)
    manifests.read(home.shelf)
    Store(settings.accounts_url or home.made().accounts_url).close()


def serve(home: Home, settings: Settings, opened: socket.socket) -> None:
    """Serves until a signal ends it. Raises: StorageError, also where no worker could start and the log says why."""
    signal.signal(signal.SIGTERM, _end_well)  # the server library raises it again once it has ended
    log.configure(settings.log_level)
    with told_apart(home.run):
        home.run.mkdir(parents=True, exist_ok=True)
        metrics.forget(home.run)
    if not _served(_configuration(home, settings), opened):
        raise StorageError(path=address_of(opened, settings), reason="no worker could start; the log says why")


def _served(config: uvicorn.Config, opened: socket.socket) -> bool:
    """Whether the service ran, and has ended."""
    if config.workers > 1:
        supervisor = Multiprocess(config, sockets=[opened])
        supervisor.run()
        return all(process.exitcode != STARTUP_FAILURE for process in supervisor.processes)
    try:
        uvicorn.Server(config).run(sockets=[opened])
    except SystemExit as ended:
        if ended.code == STARTUP_FAILURE:
            return False
        raise
    return True


def _end_well(_signal: int, _frame: object) -> None:
    sys.exit(0)


def _configuration(home: Home, settings: Settings) -> uvicorn.Config:
    return uvicorn.Config(
        functools.partial(create, home, settings),
        factory=True,
        interface="asgi3",
        loop="uvloop",
        http=Protocol,
        ws="none",
        lifespan="on",
        workers=settings.workers,
        log_config=None,
        access_log=False,
        proxy_headers=False,  # `gateway.origin` judges them
        server_header=False,
        timeout_keep_alive=75,
        timeout_graceful_shutdown=max(1, round(settings.graceful_timeout_s)),
        ssl_certfile=settings.tls_cert or None,
        ssl_keyfile=settings.tls_key or None,
    )


def _check_certificate(settings: Settings) -> None:
    if not settings.tls_cert:
        return
    try:
        ssl.create_default_context(ssl.Purpose.CLIENT_AUTH).load_cert_chain(settings.tls_cert, settings.tls_key or None)
    except (OSError, ssl.SSLError) as error:
        place = f"tls_cert {settings.tls_cert}, tls_key {settings.tls_key}"
        raise SettingsError(place=place, reason=f"cannot be read as a certificate and its key: {error}") from error
