"""Running the service: the socket, the workers, the certificate, the end.

Rules of this file:
- the socket is opened before anything else, so that a taken port is told at once and port 0 can be printed;
- a worker that dies is started again, and again where it cannot start (`supervisor`);
- when the supervisor dies its workers go too (`worker` watches its parent);
- SIGTERM and SIGINT let requests under way finish, for as long as the settings say.
"""

from __future__ import annotations

import dataclasses
import functools
import ipaddress
import logging
import signal
import socket
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import uvicorn
from uvicorn.config import STARTUP_FAILURE

from maksa.home import Home
from maksa.model.errors import ReadOnlyError, StorageError
from maksa.settings import Settings
from maksa.snapshot import manifest as manifests
from maksa.snapshot.storage import told_apart
from maksa.web import certificate, log, metrics
from maksa.web.app import create
from maksa.web.gateway.store import Store
from maksa.web.protocol import Protocol
from maksa.web.supervisor import PATIENCE_S, Supervisor

_log = logging.getLogger("maksa.web")

BACKLOG = 2048  # connections that may wait to be taken


def listening(settings: Settings) -> socket.socket:
    """The open socket of the settings' host and port. Raises: StorageError where it cannot be had."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    try:
        opened = socket.create_server((settings.host, settings.port), family=family, backlog=BACKLOG)
    except OSError as error:
        place = f"{settings.host}:{settings.port}"
        reason = str(error.strerror or error).partition(" (while")[0]  # Python says the place once more
        raise StorageError(path=place, reason=f"cannot be listened on: {reason}") from error
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


def prepare(home: Home, settings: Settings) -> None:
    """Makes the places that workers write in, and looks whether one can start: certificate, manifest, accounts.

    Raises: SettingsError, ManifestError, FormatVersionError, StorageError.
    """
    certificate.check(settings)
    manifests.read(home.shelf)
    Store(settings.accounts_url or home.made().accounts_url).close()
    _takes_files(home.run)


def serve(home: Home, settings: Settings, opened: socket.socket) -> None:
    """Serves the home, which is prepared, until a signal ends it. Raises: StorageError where no worker could start."""
    signal.signal(signal.SIGTERM, _end_well)  # the server library raises it again once it has ended
    log.configure(settings.log_level)
    with _with_room(home) as roomy:
        metrics.forget(roomy.run)
        if not _served(_configuration(roomy, settings), opened):
            raise StorageError(path=address_of(opened, settings), reason="no worker could start; the log says why")


@contextmanager
def _with_room(home: Home) -> Iterator[Home]:
    """The home, with room for what a running service writes: where it is read-only, in a folder that ends with the service."""
    if _takes_files(home.run) and _takes_files(home.cache):
        yield home
        return
    with tempfile.TemporaryDirectory(prefix="maksa-") as folder:
        _log.warning("%s is read-only: counts and prepared bodies are in %s while the service runs", home.path, folder)
        (Path(folder) / "run").mkdir()
        yield dataclasses.replace(home, beside=Path(folder))


def _takes_files(folder: Path) -> bool:
    """Whether files can be made in it. Raises: StorageError where something else hinders than that it is read-only."""
    try:
        with told_apart(folder):
            folder.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=folder):
                return True
    except ReadOnlyError:
        return False


def _served(config: uvicorn.Config, opened: socket.socket) -> bool:
    """Whether the service ran, and has ended."""
    if config.workers > 1:
        supervisor = Supervisor(config, sockets=[opened])
        supervisor.run()
        return supervisor.has_served or all(each.exitcode != STARTUP_FAILURE for each in supervisor.processes)
    try:
        uvicorn.Server(config).run(sockets=[opened])
    except KeyboardInterrupt:  # likewise raised again: a service has no other end
        return True
    except SystemExit as ended:
        if ended.code == STARTUP_FAILURE:
            return False
        raise
    return True


def _end_well(_signal: int, _frame: object) -> None:
    sys.exit(0)


def _configuration(home: Home, settings: Settings) -> uvicorn.Config:
    config = uvicorn.Config(
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
        timeout_worker_healthcheck=PATIENCE_S,
        timeout_graceful_shutdown=max(1, round(settings.graceful_timeout_s)),
        ssl_certfile=settings.tls_cert or None,
        ssl_keyfile=settings.tls_key or None,
    )
    return certificate.kept_fresh(config, settings)
