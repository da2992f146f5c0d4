"""Second factors as they are stored: sealed under a key that lies beside the database, in a file of its owner's alone.

So neither a copy of the database nor one that stands on another machine gives anybody's second factor away.
"""

from __future__ import annotations

import hmac
import os
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from maksa.model.errors import StorageError
from maksa.snapshot.storage import told_apart

_KEY = 32  # bytes
_NONCE = 12  # bytes


class Sealer:
    """Seals and opens under the key in *path*, made where it is not there. Raises: StorageError."""

    def __init__(self, path: Path) -> None:
        self._path = path
        with told_apart(path):
            key = _read(path)
        self._key = key
        self._aead = AESGCM(key)

    def derived(self, purpose: str) -> bytes:
        """Another secret of 32 bytes, which tells nothing of the key: the same for the same *purpose*."""
        return hmac.digest(self._key, purpose.encode(), "sha256")

    def seal(self, secret: str, whose: str) -> bytes:
        """*secret* so that it opens for *whose* alone: moved to another row it is worth nothing."""
        nonce = os.urandom(_NONCE)
        return nonce + self._aead.encrypt(nonce, secret.encode(), whose.encode())

    def open(self, sealed: bytes, whose: str) -> str:
        """What was sealed. Raises: StorageError where the key is another, or the bytes are."""
        try:
            return self._aead.decrypt(sealed[:_NONCE], sealed[_NONCE:], whose.encode()).decode()
        except InvalidTag as error:
            reason = f"is not the key under which the second factor of {whose!r} was sealed; reset the operator"
            raise StorageError(path=str(self._path), reason=reason) from error


def _read(path: Path) -> bytes:
    _make(path)
    key = path.read_bytes()
    if len(key) != _KEY:
        raise StorageError(path=str(path), reason=f"is {len(key)} bytes and no key of {_KEY}")
    return key


def _make(path: Path) -> None:
    """Makes the key whole or not at all: whoever comes second reads the first one's."""
    if path.exists():
        return
    fresh = path.with_name(f"{path.name}.{os.getpid()}")
    number = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(number, "wb") as out:
        out.write(os.urandom(_KEY))
        out.flush()
        os.fsync(out.fileno())
    try:
        os.link(fresh, path)
    except FileExistsError:
        return
    finally:
        fresh.unlink()
