"""The upstreams of a home: who is followed, with which account, and how each of them stands. A folder of small files.

Rules of this file:
- `NAME.json` is the upstream as it was added, `NAME.account.json` its account (0600: it holds secrets; no message shows one),
  `NAME.token.json` the last token of it (0600 as well), `NAME.state.json` its standing;
- each is replaced whole; the account is there before the upstream, which alone says that there is one.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import msgspec

from maksa.client import Account
from maksa.client.tokens import KeptTokens, TokenStore
from maksa.mirror.upstream import Upstream, checked
from maksa.model.errors import ManifestError, UnknownUpstreamError, UpstreamExistsError
from maksa.model.following import SUFFIX, Standing
from maksa.model.shapes import json_decoder
from maksa.snapshot.following import names_in
from maksa.snapshot.storage import told_apart

T = TypeVar("T")

_ACCOUNT = ".account.json"
_TOKEN = ".token.json"  # noqa: S105 # the name of a file


class Upstreams:
    """The upstreams that are kept in *folder*, which is made when the first is added."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def names(self) -> list[str]:
        """The names of all, in order."""
        return names_in(self.folder)

    def rivals(self, name: str) -> list[str]:
        """The names of all but *name*."""
        return [each for each in self.names() if each != name]

    def get(self, name: str) -> Upstream:
        """The upstream *name*. Raises: UnknownUpstreamError, ManifestError."""
        return self.read(f"{name}.json", Upstream, lambda: self._unknown(name))

    def account(self, name: str) -> Account:
        """The account with which it is asked. Raises: UnknownUpstreamError, ManifestError."""
        return self.read(f"{name}{_ACCOUNT}", Account, lambda: self._unknown(name))

    def standing(self, name: str) -> Standing | None:
        """How it stood after its last sync, None before the first. Raises: ManifestError."""
        try:
            return self.read(f"{name}{SUFFIX}", Standing, FileNotFoundError)
        except FileNotFoundError:
            return None

    def tokens(self, name: str) -> TokenStore:
        """Where the token of its account is kept from one sync to the next: a login costs more than a sync that finds nothing."""
        return _KeptToken(self, name)

    def add(self, upstream: Upstream, account: Account) -> None:
        """Keeps both. Raises: UpstreamFieldError, UpstreamExistsError, StorageError."""
        checked(upstream)
        if upstream.name in self.names():
            raise UpstreamExistsError(name=upstream.name)
        with told_apart(self.folder):
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.write(f"{upstream.name}{_ACCOUNT}", account)
        self.write(f"{upstream.name}.json", upstream)

    def change(self, upstream: Upstream, account: Account | None = None) -> None:
        """Keeps *upstream* in the place of the one of its name, and its new *account*, if it has one.

        Raises: UpstreamFieldError, UnknownUpstreamError, StorageError.
        """
        self.get(upstream.name)
        checked(upstream)
        if account is not None:
            self.write(f"{upstream.name}{_ACCOUNT}", account)
            with told_apart(self.folder):
                (self.folder / f"{upstream.name}{_TOKEN}").unlink(missing_ok=True)
        self.write(f"{upstream.name}.json", upstream)

    def note(self, standing: Standing) -> None:
        """Keeps how an upstream stands. Raises: StorageError."""
        self.learned(standing.name, SUFFIX, standing)

    def learned(self, name: str, suffix: str, record: msgspec.Struct) -> None:
        """Keeps what a sync has found out; of an upstream that was removed meanwhile nothing is to be left. Raises: StorageError."""
        if name in self.names():
            self.write(f"{name}{suffix}", record)

    def remove(self, name: str) -> None:
        """Forgets the upstream and its account; the versions that it gave stay. Raises: UnknownUpstreamError, StorageError."""
        self.get(name)
        with told_apart(self.folder):
            for suffix in (".json", _ACCOUNT, _TOKEN, SUFFIX):
                (self.folder / f"{name}{suffix}").unlink(missing_ok=True)

    def _unknown(self, name: str) -> UnknownUpstreamError:
        return UnknownUpstreamError(name=name, known=", ".join(self.names()) or "none")

    def read(self, name: str, kind: type[T], absent: Callable[[], Exception]) -> T:
        path = self.folder / name
        try:
            return json_decoder(kind)(path.read_bytes())
        except FileNotFoundError:
            raise absent() from None
        except OSError as error:
            raise ManifestError(path=str(path), reason=error.strerror or str(error)) from error
        except (msgspec.MsgspecError, UnicodeDecodeError):
            raise ManifestError(path=str(path), reason="not readable") from None  # the cause may hold a secret

    def write(self, name: str, record: msgspec.Struct) -> None:
        path = self.folder / name
        fresh = path.with_name(f"{name}.new")
        with told_apart(path):
            fresh.unlink(missing_ok=True)
            number = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
            with os.fdopen(number, "wb") as file:
                file.write(msgspec.json.format(msgspec.json.encode(record), indent=1))
                file.flush()
                os.fsync(file.fileno())
            fresh.replace(path)


class _KeptToken:
    """The token of the upstream *name*, in a file beside its account's; one that cannot be read is as good as none."""

    def __init__(self, upstreams: Upstreams, name: str) -> None:
        self._upstreams = upstreams
        self._name = name

    def load(self) -> KeptTokens | None:
        try:
            return self._upstreams.read(f"{self._name}{_TOKEN}", KeptTokens, FileNotFoundError)
        except (FileNotFoundError, ManifestError):
            return None

    def save(self, tokens: KeptTokens) -> None:
        self._upstreams.learned(self._name, _TOKEN, tokens)
