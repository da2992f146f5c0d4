"""uvicorn's HTTP protocol, mended where hospital systems meet its edges.

- Java's HttpClient offers `Upgrade: h2c` on plain HTTP with every first request, and httptools then drops the body
  (Kludex/uvicorn#2722, MagicStack/httptools#124): the request is read again without the offer.
- A head that does not end, or ends past 64 KiB, is refused; so is a request that stands still (slow clients hold places).
- What is not HTTP at all is refused in the gateway's words, with a requestId.
"""

from __future__ import annotations

import asyncio
import time
from typing import Any
from uuid import uuid4

import httptools
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from maksa.wire.ditas.statuses import JSON_TYPE, refusal

HEAD_LIMIT = 64 * 1024  # bytes of request line and headers
HEAD_TIMEOUT_S = 15.0  # from the first byte of a head to its end, or from a connection to its first byte
BODY_TIMEOUT_S = 60.0  # from the end of a head to the end of its body
_SWEEP_S = 2.5
_HOP_HEADERS = (b"upgrade", b"http2-settings", b"connection")


class HeadTooLongError(ValueError):
    """Raised inside the parser, which turns it into its own refusal."""


class Protocol(HttpToolsProtocol):
    """One connection. The attributes added here are of the message being read."""

    in_head = False
    in_body = False
    since = 0.0  # monotonic: when the message being read began, as the sweep first saw it

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self.head_bytes = 0
        _sweeper_of(self.server_state, self.loop)

    def data_received(self, data: bytes) -> None:
        self._unset_keepalive_if_required()
        try:
            self.parser.feed_data(data)
        except httptools.HttpParserUpgrade as upgrade:
            self._read_again(data[upgrade.args[0] :])
        except httptools.HttpParserError:
            self.send_400_response("The request is not HTTP/1.1, or its head is over 64 KiB.")
        else:
            if self.in_head:
                self.head_bytes += len(data)
                if self.head_bytes > HEAD_LIMIT:
                    self.send_400_response("The request's head is over 64 KiB.")

    def _read_again(self, rest: bytes) -> None:
        """Parses the request once more without its offer to upgrade, then the *rest* of what came."""
        method = self.parser.get_method()
        if method == b"CONNECT":
            self.send_400_response("CONNECT is not a method of this service.")
            return
        lines = [method + b" " + self.url + b" HTTP/1.1"]
        lines += [name + b": " + value for name, value in self.headers if name not in _HOP_HEADERS]
        self.parser = httptools.HttpRequestParser(self)
        self.parser.set_dangerous_leniencies(lenient_data_after_close=True)
        self.data_received(b"\r\n".join(lines) + b"\r\n\r\n" + rest)

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self.in_head = True

    def on_headers_complete(self) -> None:
        self.in_head = False
        self.since = 0.0
        if self.head_bytes:
            self.head_bytes = 0
        if len(self.url) + sum(len(name) + len(value) + 4 for name, value in self.headers) > HEAD_LIMIT:
            raise HeadTooLongError
        if self.parser.should_upgrade():
            return  # httptools pauses here: `_read_again` follows
        self.in_body = True
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        if self.in_body:  # not so for a request that is about to be read again
            self.in_body = False
            self.since = 0.0
            super().on_message_complete()

    def send_400_response(self, msg: str) -> None:
        """Refuses what could not be read, in the gateway's words, and closes."""
        if self.transport.is_closing():
            return
        body = refusal(400, [("request", msg)])
        head = (
            STATUS_LINE[400]
            + b"content-type: " + JSON_TYPE + b"\r\ncontent-length: " + str(len(body)).encode()
            + b"\r\nrequestId: " + str(uuid4()).encode() + b"\r\nconnection: close\r\n\r\n"
        )  # fmt: skip
        self.transport.write(head + body)
        self.transport.close()

    def sweep(self, now: float) -> None:
        """Refuses a request that has been on its way for too long."""
        reading = self.in_head or self.in_body or self.cycle is None
        if not reading:
            return
        if not self.since:
            self.since = now
        elif now - self.since > (BODY_TIMEOUT_S if self.in_body else HEAD_TIMEOUT_S):
            self.send_400_response("The request did not come to its end in time.")


def _sweeper_of(state: Any, loop: asyncio.AbstractEventLoop) -> None:
    """Starts the sweep of this server's connections with its first one."""
    if not hasattr(state, "maksa_sweep"):
        state.maksa_sweep = loop.call_later(_SWEEP_S, _sweep, state, loop)


def _sweep(state: Any, loop: asyncio.AbstractEventLoop) -> None:
    now = time.monotonic()
    for connection in list(state.connections):
        connection.sweep(now)
    state.maksa_sweep = loop.call_later(_SWEEP_S, _sweep, state, loop)
