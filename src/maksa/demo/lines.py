"""Request lines to paste: for curl, or for Python where there is no curl."""

from __future__ import annotations

import base64
import json
import shlex
import sys
from typing import Protocol
from urllib.parse import urlencode

from maksa.web.gateway.accounts import Credentials


class Lines(Protocol):
    """How one program is told to ask."""

    def token(self, address: str, credentials: Credentials) -> str:
        """The line that puts a token into TOKEN."""

    def call(self, method: str, url: str, pid: str, fields: dict[str, object]) -> str:
        """The line that asks a function with that token."""


class Curl:
    """Lines for curl."""

    def token(self, address: str, credentials: Credentials) -> str:
        pair = shlex.quote(f"{credentials.client_id}:{credentials.client_secret}")
        form = shlex.quote(_form(credentials))
        return f"""TOKEN=$(curl -s -u {pair} -d {form} {address}/oauth/token | cut -d'"' -f4); echo $TOKEN"""

    def call(self, method: str, url: str, pid: str, fields: dict[str, object]) -> str:
        return (
            f'curl -s -X {method} -H "Authorization: Bearer $TOKEN" -H "pid: {pid}"'
            f' -H "Content-Type: application/json" -d {shlex.quote(_json(fields))} {url}; echo'
        )


class Python:
    """Lines for the Python that runs this."""

    def token(self, address: str, credentials: Credentials) -> str:
        pair = base64.b64encode(f"{credentials.client_id}:{credentials.client_secret}".encode()).decode()
        program = (
            "import json, urllib.request as u; "
            f"r = u.Request({address + '/oauth/token'!r}, {_form(credentials).encode()!r}, {{'Authorization': 'Basic {pair}'}}); "
            "print(json.load(u.urlopen(r))['access_token'])"
        )
        return f"TOKEN=$({shlex.quote(sys.executable)} -c {shlex.quote(program)}); echo $TOKEN"

    def call(self, method: str, url: str, pid: str, fields: dict[str, object]) -> str:
        program = (
            "import sys, urllib.request as u; "
            f"h = {{'Authorization': 'Bearer ' + sys.argv[1], 'pid': {pid!r}, 'Content-Type': 'application/json'}}; "
            f"r = u.Request({url!r}, {_json(fields)!r}.encode(), h, method={method!r}); print(u.urlopen(r).read().decode())"
        )
        return f'{shlex.quote(sys.executable)} -c {shlex.quote(program)} "$TOKEN"'


def _form(credentials: Credentials) -> str:
    return urlencode({"grant_type": "password", "username": credentials.username, "password": credentials.password})


def _json(fields: dict[str, object]) -> str:
    return json.dumps(fields, ensure_ascii=False)
