"""How secrets are made, stored and checked: argon2id for what people and programs keep, SHA-256 for tokens.

Rules of this file:
- a check against nothing costs what a check against a hash costs, so that time does not tell which accounts exist;
- a secret that was right is remembered, by a key that no other process has: known clients log in before every call;
- at most `_AT_ONCE` argon2 runs are under way in a process, each of 19 MiB, however many log in.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import threading
import uuid
from collections import OrderedDict

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

_HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)  # KiB; OWASP's advice for argon2id
_AT_ONCE = 2


class Marks:
    """The last *most* secrets that were right, each with what it belongs to, known again and not kept. Any thread may use it.

    A mark is an HMAC by a key that no other process has.
    """

    def __init__(self, most: int = 4096) -> None:
        self._most = most
        self._key = secrets.token_bytes(32)
        self._marks: OrderedDict[bytes, None] = OrderedDict()
        self._lock = threading.Lock()

    def has(self, *parts: str) -> bool:
        """Whether these were marked, and not too long ago."""
        mark = self._mark(parts)
        with self._lock:
            if mark not in self._marks:
                return False
            self._marks.move_to_end(mark)
            return True

    def add(self, *parts: str) -> None:
        """Marks them."""
        mark = self._mark(parts)
        with self._lock:
            self._marks[mark] = None
            if len(self._marks) > self._most:
                self._marks.popitem(last=False)

    def _mark(self, parts: tuple[str, ...]) -> bytes:
        return hmac.digest(self._key, b"\0".join(map(_bytes_of, parts)), "sha256")


class Secrets:
    """The checker of one process, which remembers the last *remembered* secrets that were right. Any thread may use it."""

    def __init__(self, remembered: int = 4096) -> None:
        self.runs = 0  # of argon2, to check: what a stranger's clock sees
        self._gate = threading.BoundedSemaphore(_AT_ONCE)
        self._right = Marks(remembered)
        self._nobodys = _HASHER.hash(secrets.token_urlsafe())

    def hashed(self, secret: str) -> str:
        """The argon2id hash of *secret*, in PHC's text form."""
        with self._gate:
            return _HASHER.hash(_bytes_of(secret))

    def is_right(self, given: str, stored: str | None) -> bool:
        """Whether *given* is the secret that *stored* is the hash of; never, but as slowly, where there is none."""
        if self._right.has(given, stored or ""):
            return True
        if not self._verified(given, stored or self._nobodys) or stored is None:
            return False
        self._right.add(given, stored)
        return True

    def _verified(self, given: str, stored: str) -> bool:
        try:
            with self._gate:
                self.runs += 1
                return _HASHER.verify(stored, _bytes_of(given))
        except (VerificationError, InvalidHashError):
            return False


def token_from(client_secret: str, nonce: bytes, kind: str) -> str:
    """The token that belongs to a client's secret and a nonce: the same text each time, shaped as a UUID of version 4.

    It is an HMAC, so whoever has the store (the nonce, the token's hash) and not the secret cannot make it (ADR 3).
    *kind* is "access" or "refresh".
    """
    digest = hmac.digest(_bytes_of(client_secret), kind.encode() + b"|" + nonce, "sha256")
    return str(uuid.UUID(bytes=digest[:16], version=4))


def token_hash(token: str) -> bytes:
    """What the store knows of a token: its SHA-256."""
    return hashlib.sha256(_bytes_of(token)).digest()


def _bytes_of(text: str) -> bytes:
    """A caller may send anything, lone surrogates too."""
    return text.encode("utf-8", "surrogatepass")
