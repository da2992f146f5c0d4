"""uvicorn's HTTP protocol, with a short way for the functions and mended where hospital systems meet its edges.

The short way: a request for one of the short functions is answered as soon as its last byte is read, with no scope, no task
and nothing awaited (`Endpoint.reply_now`). Whatever is not plain (HTTP/1.0, Expect, Connection: close, a body over 64 KiB, an
answer still being sent, a caller who does not read) goes uvicorn's own way, through ASGI.

Mended:
- Java's HttpClient offers `Upgrade: h2c` on plain HTTP with every first request, and httptools then drops the body
  (Kludex/uvicorn#2722, MagicStack/httptools#124): the request is read again without the offer;
- a head that does not end, or ends past 64 KiB, is refused; so is a request that stands still (slow clients hold places);
- what is not HTTP at all is refused in the gateway's words, with a requestId.
"""

from __future__ import annotations

import asyncio
from uuid import uuid4

import httptools
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from maksa.web.ditas.endpoint import Answer, Endpoint
from maksa.web.heard import Heard
from maksa.web.sweep import sweeper_of
from maksa.wire.ditas.statuses import JSON_TYPE, refusal

HEAD_LIMIT = 64 * 1024  # bytes of request line and headers
BODY_KEPT = 64 * 1024  # bytes of a body that the short way keeps; a longer one goes through ASGI, which bounds it
_HOP_HEADERS = (b"upgrade", b"http2-settings", b"connection")
_METHODS = {b"GET": "GET", b"POST": "POST"}
_TYPE_AND_LENGTH = b"content-type: " + JSON_TYPE + b"\r\ncontent-length: "


class HeadTooLongError(ValueError):
    """Raised inside the parser, which turns it into its own refusal."""


class Protocol(HttpToolsProtocol):
    """One connection."""

    short: Endpoint | None = None  # the endpoint of the message being read, where it goes the short way
    in_head = False
    in_body = False
    is_ending = False  # the service stops: close after the message being read
    piece_bytes = 0  # of what came last
    head_bytes = 0  # of the pieces that were all of one head
    still_since = 0.0  # monotonic: when the sweep first saw the connection as it still is

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self.shorts: dict[bytes, Endpoint] = getattr(self.app, "short_ways", {})
        self.peer = self.client[0] if self.client else ""
        sweeper_of(self.server_state, self.loop)

    def connection_lost(self, exc: Exception | None) -> None:
        if self.short is not None:
            self.short.note_hung_up(self.peer, self.scheme or "http")
            self.short = None
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        self.still_since = 0.0
        if self.timeout_keep_alive_task is not None:
            self._unset_keepalive_if_required()
        self.piece_bytes = len(data)
        was_in_head = self.in_head
        try:
            self.parser.feed_data(data)
        except httptools.HttpParserUpgrade as upgrade:
            self._read_again(data[upgrade.args[0] :])
        except httptools.HttpParserError:
            self.send_400_response("The request is not HTTP/1.1, or its head is over 64 KiB.")
        else:
            if was_in_head and self.in_head:  # the piece was of the head from its first byte to its last
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
        self.url = b""
        self.headers = []
        self.expect_100_continue = False
        self.in_head = True
        self.head_bytes = 0

    def on_headers_complete(self) -> None:
        self.in_head = False
        if self.head_bytes or self.piece_bytes > HEAD_LIMIT:
            self._check_head()
        if self.parser.should_upgrade():
            return  # httptools pauses here: `_read_again` follows
        self.in_body = True
        path, _, self.query = self.url.partition(b"?")
        endpoint = self.shorts.get(path)
        if endpoint is not None and self._is_plain():
            self.short = endpoint
            self.kept = bytearray()
        else:
            self._go_through_asgi()

    def _check_head(self) -> None:
        if len(self.url) + sum(len(name) + len(value) + 4 for name, value in self.headers) > HEAD_LIMIT:
            raise HeadTooLongError

    def _is_plain(self) -> bool:
        """Whether nothing about the request or the connection needs uvicorn's own way."""
        return (
            (self.cycle is None or self.cycle.response_complete)
            and not self.expect_100_continue
            and not self.flow.write_paused
            and self.parser.get_http_version() == "1.1"
            and self.parser.should_keep_alive()
            and self.parser.get_method() in _METHODS
        )

    def _go_through_asgi(self) -> None:
        """Makes the scope that uvicorn makes when a message begins, then what it makes when a head ends."""
        self.short = None
        headers, url, expects = self.headers, self.url, self.expect_100_continue
        super().on_message_begin()
        self.headers[:] = headers
        self.url, self.expect_100_continue = url, expects
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        if self.short is None:
            super().on_body(body)
            return
        self.kept += body
        if len(self.kept) > BODY_KEPT:
            self._go_through_asgi()
            super().on_body(bytes(self.kept))

    def on_message_complete(self) -> None:
        if not self.in_body:
            return  # the request is about to be read again
        self.in_body = False
        if self.short is None:
            super().on_message_complete()
        elif not self._replied(self.short):
            self._go_through_asgi()
            super().on_body(bytes(self.kept))
            super().on_message_complete()

    def _replied(self, endpoint: Endpoint) -> bool:
        """Whether the request was answered at once."""
        request_id = endpoint.fresh_id()
        method = _METHODS[self.parser.get_method()]
        heard = Heard(method, self.query, self.headers, dict(self.headers), self.peer, self.scheme or "http")
        answer = endpoint.reply_now(heard, bytes(self.kept), request_id)
        if answer is None:
            return False
        self.short = None
        self.transport.write(self._message(answer, request_id))
        self.server_state.total_requests += 1
        if self.is_ending:
            self.transport.close()
        return True

    def _message(self, answer: Answer, request_id: str) -> bytes:
        lines = [STATUS_LINE[answer.status]]
        for name, value in self.server_state.default_headers:
            lines += (name, b": ", value, b"\r\n")
        lines += (_TYPE_AND_LENGTH, b"%d" % len(answer.body), b"\r\nrequestId: ", request_id.encode())
        for name, value in answer.more:
            lines += (b"\r\n", name, b": ", value)
        if self.is_ending:
            lines.append(b"\r\nconnection: close")
        lines += (b"\r\n\r\n", answer.body)
        return b"".join(lines)

    def send_400_response(self, msg: str) -> None:
        """Refuses what could not be read, in the gateway's words, and closes."""
        if self.transport.is_closing():
            return
        answer = Answer(400, 0, refusal(400, [("request", msg)]))
        self.is_ending = True
        self.transport.write(self._message(answer, str(uuid4())))
        self.transport.close()

    def shutdown(self) -> None:
        """Ends the connection, after the message that is being read has been answered."""
        if self.in_head or self.in_body:
            self.is_ending = True
            if self.cycle is not None:
                self.cycle.keep_alive = False
        else:
            super().shutdown()
