"""What the simulator's own tests ask it with: Python's plain HTTP, nothing of maksa."""

from __future__ import annotations

import base64
import http.client
import json
import urllib.parse
from dataclasses import dataclass
from typing import Any

import pytest

from tests.simulator import ACCOUNT, Gateway

BASE = "/api/client/apim/v1/maksaservice/gwmaksa"


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)


class Caller:
    """A caller who does as the guide says."""

    def __init__(self, gateway: Gateway) -> None:
        self.gateway = gateway
        self.token = ""

    def send(self, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", self.gateway.port, timeout=5)
        try:
            connection.request(method, path, body=body, headers=headers)
            response = connection.getresponse()
            return Answer(response.status, {k.lower(): v for k, v in response.getheaders()}, response.read())
        finally:
            connection.close()

    def grant(self, **parameters: str) -> Answer:
        pair = f"{ACCOUNT['client_id']}:{ACCOUNT['client_secret']}"
        headers = {"Authorization": "Basic " + base64.b64encode(pair.encode()).decode()}
        return self.send("POST", "/oauth/token", urllib.parse.urlencode(parameters).encode(), headers)

    def login(self) -> dict[str, Any]:
        answer = self.grant(grant_type="password", username=ACCOUNT["username"], password=ACCOUNT["password"])
        self.token = answer.json()["access_token"]
        return dict(answer.json())

    def headers(self) -> dict[str, str]:
        """Those of the guide's table 7."""
        if not self.token:
            self.login()
        return {"Authorization": f"Bearer {self.token}", "pid": ACCOUNT["pid"], "Content-Type": "application/json"}

    def ask(self, function: str, method: str = "POST", **fields: Any) -> Answer:
        return self.send(method, f"{BASE}/{function}", json.dumps(fields).encode(), self.headers())


@pytest.fixture
def caller(ministry: Gateway) -> Caller:
    return Caller(ministry)
