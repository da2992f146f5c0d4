"""The certificate of HTTPS: looked at before the service starts, and taken up anew when it was renewed, without a restart."""

from __future__ import annotations

import logging
import ssl
from pathlib import Path

from uvicorn import Config

from maksa.model.errors import SettingsError
from maksa.settings import Settings

_log = logging.getLogger("maksa.web")

_LOOK_S = 5  # seconds: how often the files are looked at


def check(settings: Settings) -> None:
    """Returns where the certificate and its key can be read, or none is named. Raises: SettingsError."""
    if settings.tls_cert:
        _load(ssl.create_default_context(ssl.Purpose.CLIENT_AUTH), settings)


def kept_fresh(config: Config, settings: Settings) -> Config:
    """The *config* of a server that takes up the renewed certificate, where it has one at all."""
    if settings.tls_cert:
        config.callback_notify, config.timeout_notify = _Renewal(config, settings), _LOOK_S
    return config


class _Renewal:
    """What a server calls every `_LOOK_S`: puts renewed files into use for the connections that come from now on."""

    def __init__(self, config: Config, settings: Settings) -> None:
        self._config = config  # of which each worker has a copy, and each copy its own context
        self._settings = settings
        self._in_use = self._stamps()

    async def __call__(self) -> None:
        stamps = self._stamps()
        context = self._config.ssl
        if context is None or stamps == self._in_use:
            return
        self._in_use = stamps
        try:
            check(self._settings)  # apart first: half of a pair would spoil the context in use
            _load(context, self._settings)
        except SettingsError as error:
            _log.error("%s; the certificate before it stays in use", error)
        else:
            _log.info("the renewed certificate is in use")

    def _stamps(self) -> list[tuple[int, int]]:
        """When each file was written, and its inode; (0, 0) for one that is not there just now."""
        found = []
        for name in (self._settings.tls_cert, self._settings.tls_key):
            try:
                about = Path(name).stat()
                found.append((about.st_mtime_ns, about.st_ino))
            except OSError:
                found.append((0, 0))
        return found


def _load(context: ssl.SSLContext, settings: Settings) -> None:
    place = f"tls_cert {settings.tls_cert}, tls_key {settings.tls_key}"

    def passphrase() -> str:  # else the system would ask whoever started the service, and each worker again
        raise SettingsError(place=place, reason="the key has a passphrase, and there is nobody to type it: take it off")

    try:
        context.load_cert_chain(settings.tls_cert, settings.tls_key, passphrase)
    except (OSError, ssl.SSLError) as error:
        raise SettingsError(place=place, reason=f"cannot be read as a certificate and its key: {error}") from error
