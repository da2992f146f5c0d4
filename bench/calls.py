"""What callers of the service send, as bytes: a token fetched, and each function's request ready for any socket."""

from __future__ import annotations

import base64
import http.client
from typing import Any
from urllib.parse import urlencode

import msgspec
from msgspec import Struct

from bench.home import Account
from maksa.wire.ditas.functions import BASES


class Caller(Struct, frozen=True):
    """Somebody with a token, who calls 127.0.0.1:*port*."""

    port: int
    token: str
    pid: str

    def request(self, function: str, body: dict[str, Any], *, method: str = "POST", **headers: str) -> bytes:
        """The bytes of one call on a kept connection. *headers* in Python's spelling: accept_encoding="gzip"."""
        content = msgspec.json.encode(body)
        lines = [
            f"{method} {BASES[0]}/{function} HTTP/1.1",
            f"Host: 127.0.0.1:{self.port}",
            f"Authorization: Bearer {self.token}",
            f"pid: {self.pid}",
            "Content-Type: application/json",
            f"Content-Length: {len(content)}",
            *(f"{name.replace('_', '-')}: {value}" for name, value in headers.items()),
        ]
        return "\r\n".join(lines).encode() + b"\r\n\r\n" + content

    def look_up(self, terminology_id: str, code: str, **headers: str) -> bytes:
        """`Terminology` as the guide has it: GET with a body."""
        body = {"terminologyId": terminology_id, "codedString": code}
        return self.request("Terminology", body, method="GET", **headers)

    def validate(self, terminology_id: str, code: str, display: str) -> bytes:
        """`ValidateCts`."""
        text = {"valueField": display, "terminology_idField": terminology_id, "coded_stringField": code}
        return self.request("ValidateCts", {"DoCodedText": text})

    def look_up_in(self, terminology_id: str, code: str, label: str) -> bytes:
        """`TerminologyValueByVersion`."""
        body = {"terminologyId": terminology_id, "codedString": code, "version": label}
        return self.request("TerminologyValueByVersion", body)

    def whole(self, terminology_id: str, label: str, **headers: str) -> bytes:
        """`TerminologiesTermByVersion`."""
        return self.request(
            "TerminologiesTermByVersion", {"terminologyId": terminology_id, "version": label}, **headers
        )

    def since(self, terminology_id: str, year: int) -> bytes:
        """`SearchTerminology` from the first day of *year* on."""
        date = {"yearField": year, "monthField": 1, "dayField": 1}
        return self.request("SearchTerminology", {"TerminologyId": terminology_id, "FromDate": date})


def caller(port: int, account: Account) -> Caller:
    """A caller with a fresh token. Raises: KeyError with what was answered instead."""
    basic = base64.b64encode(f"{account.client_id}:{account.client_secret}".encode()).decode()
    form = urlencode({"grant_type": "password", "username": account.username, "password": account.password})
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    headers = {"Authorization": f"Basic {basic}", "Content-Type": "application/x-www-form-urlencoded"}
    connection.request("POST", "/oauth/token", form, headers)
    answered = connection.getresponse().read()
    connection.close()
    facts = msgspec.json.decode(answered)
    if "access_token" not in facts:
        raise KeyError(f"no token: {answered.decode()}")
    return Caller(port, facts["access_token"], account.pid)
