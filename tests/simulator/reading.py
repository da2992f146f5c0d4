"""Requests as they come off a socket, and the socket that listens."""

from __future__ import annotations

import json
import socketserver
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from socket import IPPROTO_TCP, TCP_NODELAY, socket
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from tests.simulator.provider import BadRequest, Fields

BASES = ("/api/client/apim/v1/maksaservice/gwmaksa", "/api/client/apim/v1/maksaservice/gw/maksa")
TOKEN = "token"  # the name under which /oauth/token is planned and counted


@dataclass
class Request:
    """A request as it came. `function` is the name of one, or "token"; `at` is monotonic; `connection` counts from 1."""

    function: str
    method: str
    path: str
    query: str
    headers: dict[str, str]
    body: bytes
    connection: int
    at: float
    request_id: str = field(default_factory=lambda: str(uuid.uuid4()))

    @property
    def fields(self) -> Fields:
        """The members of its body, or the parameters of its query where it has none. Raises: BadRequest."""
        try:
            given = json.loads(self.body) if self.body else dict(map(_parameter, parse_qsl(self.query)))
        except ValueError as error:
            raise BadRequest(f"body: {error}") from error
        if not isinstance(given, dict):
            raise BadRequest("body: not an object")
        return given


def _parameter(pair: tuple[str, str]) -> tuple[str, Any]:
    name, value = pair
    return name, json.loads(value) if value.startswith("{") else value


def next_request(reader: Any, connection: socket, number: int) -> Request | None:
    """The next request on the connection of this number; None at its end."""
    first = reader.readline().split()
    if len(first) != 3:
        return None
    headers = {}
    while header := reader.readline().strip():
        name, _, value = header.partition(b":")
        headers[name.decode("latin-1").lower()] = value.strip().decode("latin-1")
    if headers.get("expect", "").lower() == "100-continue":
        connection.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
    body = _body(reader, headers)
    method, target = first[0].decode(), urlsplit(first[1].decode())
    function = _function(method, target.path)
    return Request(function, method, target.path, target.query, headers, body, number, time.monotonic())


def _body(reader: Any, headers: dict[str, str]) -> bytes:
    if headers.get("transfer-encoding", "").lower() != "chunked":
        return bytes(reader.read(int(headers.get("content-length", "0"))))
    body = b""
    while size := int(reader.readline().split(b";")[0], 16):
        body += reader.read(size)
        reader.readline()
    reader.readline()
    return body


def _function(method: str, path: str) -> str:
    if path == "/oauth/token" and method == "POST":
        return TOKEN
    base, _, name = path.rpartition("/")
    return name if base in BASES and method in ("GET", "POST") else path


class Listener(socketserver.ThreadingMixIn, socketserver.TCPServer):
    """The listening socket; *served* has each connection. Its threads are waited for when it closes: no test leaves one."""

    allow_reuse_address = True
    daemon_threads = False
    request_queue_size = 128

    def __init__(self, served: Callable[[socket], None]) -> None:
        self.served = served
        super().__init__(("127.0.0.1", 0), _Connection)

    def handle_error(self, request: Any, client_address: Any) -> None:
        raise  # a fault of the simulator's own: to be seen, not printed


class _Connection(socketserver.BaseRequestHandler):
    def handle(self) -> None:
        self.request.setsockopt(IPPROTO_TCP, TCP_NODELAY, 1)
        self.server.served(self.request)  # type: ignore[attr-defined]
