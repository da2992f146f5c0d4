"""`POST /oauth/token` as the guide has it: a live token is handed out again, a refresh keeps its refresh token."""

from __future__ import annotations

import base64
import json
import threading
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs

CAMEL = {
    "access_token": "accessToken",
    "token_type": "tokenType",
    "refresh_token": "refreshToken",
    "expires_in": "expiresIn",
}


@dataclass
class Tokens:
    """The one account's tokens. Times are of *clock*, seconds."""

    account: dict[str, str]
    life_s: int = 900
    clock: Callable[[], float] = time.monotonic
    access: str = ""
    refresh: str = ""
    ends: float = 0.0
    issued: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def expire(self, *, refresh: bool = False) -> None:
        """Ends the access token now, and with *refresh* the refresh token too, before its caller knows."""
        with self._lock:
            self.access = ""
            if refresh:
                self.refresh = ""

    def admits(self, authorization: str) -> bool:
        """Whether the header carries the live token."""
        with self._lock:
            return bool(self.access) and authorization == f"Bearer {self.access}" and self.clock() < self.ends

    def answer(self, authorization: str, body: bytes) -> tuple[int, dict[str, Any]]:
        """The HTTP status and the members of the answer, in RFC 6749's spelling."""
        pair = f"{self.account['client_id']}:{self.account['client_secret']}"
        if authorization != "Basic " + base64.b64encode(pair.encode()).decode():
            return 401, {"error": "invalid_client", "error_description": "Bad client credentials"}
        given = {name: values[0] for name, values in parse_qs(body.decode()).items()}
        with self._lock:
            return self._granted(given)

    def _granted(self, given: dict[str, str]) -> tuple[int, dict[str, Any]]:
        kind = given.get("grant_type")
        if kind == "password":
            if any(given.get(name) != self.account[name] for name in ("username", "password")):
                return 400, {"error": "invalid_grant", "error_description": "Bad credentials"}
            if not self.access or self.clock() >= self.ends:
                self._issue()
        elif kind == "refresh_token":
            if not self.refresh or given.get("refresh_token") != self.refresh:
                return 400, {"error": "invalid_grant", "error_description": "Bad credentials"}
            self._issue()
        else:
            return 400, {"error": "unsupported_grant_type", "error_description": f"Unsupported grant type: {kind}"}
        return 200, {
            "access_token": self.access,
            "token_type": "bearer",
            "refresh_token": self.refresh,
            "expires_in": int(self.ends - self.clock()),
            "scope": "trust read write",
        }

    def _issue(self) -> None:
        self.access = str(uuid.uuid4())
        self.refresh = self.refresh or str(uuid.uuid4())
        self.ends = self.clock() + self.life_s
        self.issued += 1


def spelled(members: dict[str, Any], spelling: str, expires_in: type) -> bytes:
    """The answer's body, with the guide's table 6's names where *spelling* is "camel"."""
    given = dict(members)
    if "expires_in" in given:
        given["expires_in"] = expires_in(given["expires_in"])
    if spelling == "camel":
        given = {CAMEL.get(name, name): value for name, value in given.items()}
    return json.dumps(given).encode()
