"""uvicorn's HTTP protocol, with a short way for the functions and mended where hospital systems meet its edges.

The short way: a request for one of the short functions is answered as soon as its last byte is read, with no scope, no task
and nothing awaited (`Endpoint.reply_now`); where it came whole and under a head that was read before, without the parser either
(`short_ways`). Whatever is not plain (HTTP/1.0, Expect, Connection: close, a body over 64 KiB, an
answer still being sent, a caller who does not read) goes uvicorn's own way, through ASGI.

Mended:
- Java's HttpClient offers `Upgrade: h2c` on plain HTTP with every first request, and httptools then drops the body
  (Kludex/uvicorn#2722, MagicStack/httptools#124): the request is read again without the offer;
- a head that does not end, or ends past 64 KiB, is refused; so is a message that does not come to its end (`sweep`);
- a trailer is read and dropped: it stands behind what a proxy has judged, and must not pass for a header (RFC 9110, 6.5.1);
- what cannot be read is refused in the gateway's words, with a requestId, but never before the answers that are still due;
- of requests that are sent before the one before them is answered, some may wait and thousands may not.
"""

from __future__ import annotations

import asyncio
from uuid import uuid4

import httptools
from uvicorn._types import ASGI3Application
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from maksa.web.ditas.endpoint import Answer, Endpoint
from maksa.web.heard import Heard
from maksa.web.sendfile import FileSender, is_possible
from maksa.web.short_ways import Known, ShortWays
from maksa.web.sweep import sweeper_of
from maksa.wire.ditas.statuses import refusal

HEAD_LIMIT = 64 * 1024  # bytes of request line and headers
BODY_KEPT = 64 * 1024  # bytes of a body that the short way keeps; a longer one goes through ASGI, which bounds it
WAITING = 32  # requests of a connection that may wait for the answer before theirs; each holds some KiB
_HOP_HEADERS = (b"upgrade", b"http2-settings", b"connection")
_METHODS = {b"GET": "GET", b"POST": "POST"}
_END = b"\r\n\r\n"
_NEW = 16  # heads in a row that were never read before: such a caller has another with each request, and none is kept

_UNREADABLE = "The request is not HTTP/1.1, its head is over 64 KiB, or too many wait before it."
_BAD_URL = "The URL has a character that must be percent-encoded, as every Persian letter must."
_ENDLESS = "The request's head, or what follows its body, is over 64 KiB."


class UnreadableError(ValueError):
    """Raised inside the parser, which turns it into its own refusal."""


class Protocol(HttpToolsProtocol):
    """One connection."""

    short: Endpoint | None = None  # the endpoint of the message being read, where it goes the short way
    running: RequestResponseCycle | None = None  # the newest that ASGI was given; `cycle` may still wait behind it
    in_head = False
    in_body = False
    is_ending = False  # the service stops: close after the message being read
    has_grown = False  # a part of a body has come since it was last asked
    piece_bytes = 0  # of what came last
    head_bytes = 0  # of a head that came in pieces: at least so many were its own, the last piece's apart
    answered: Known | None = None  # the last message of the last piece, where it was answered at once
    new_heads = 0  # since the last one that was known
    still_since = 0.0  # monotonic: when the sweep first saw the connection as it still is
    unread_bytes = 0  # of answers, when the sweep last looked
    sender: FileSender | None = None  # of the newest answer that ASGI was asked for, where files can be sent

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self.ways: ShortWays = getattr(self.app, "short_ways", None) or ShortWays()
        self.peer = self.client[0] if self.client else ""
        self.whence = (self.peer, self.scheme or "http")
        self.sends_files = is_possible(transport)
        sweeper_of(self.server_state, self.loop)

    def connection_lost(self, exc: Exception | None) -> None:
        if self.short is not None:
            self.short.note_hung_up(*self.whence)
            self.short = None
        self.pipeline.clear()
        if self.running is not None:
            self.running.disconnected = True
            self.running.message_event.set()
        if self.sender is not None:
            self.sender.stop()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self.timeout_keep_alive_task is not None:
            self._unset_keepalive_if_required()
        is_begun = self.in_head or self.in_body
        if not is_begun and self._knew(data):
            return
        self.piece_bytes = len(data)
        self.answered = None
        before = self.headers  # each message has a list of its own
        try:
            self.parser.feed_data(data)
        except httptools.HttpParserUpgrade as upgrade:
            self._read_again(data[upgrade.args[0] :])
        except httptools.HttpParserInvalidURLError:
            self.send_400_response(_BAD_URL)
        except httptools.HttpParserError:
            self.send_400_response(_UNREADABLE)
        else:
            if self.in_head or self.in_body:
                self._bound(len(data), is_begun_earlier=self.headers is before)
            elif self.answered is not None and not is_begun and self.new_heads < _NEW:
                self._learn(data, self.answered)

    def _knew(self, data: bytes) -> bool:
        """Whether *data* was one whole request under a head that was read before, and is answered.

        The parser is between two messages, and stays there.
        """
        end = data.find(_END) + 4
        known = self.ways.known((self.whence, data[:end]))
        if known is None or len(data) != end + known.body_bytes or not self._is_free() or self.transport.is_closing():
            return False
        request_id = known.endpoint.fresh_id()
        answer = known.endpoint.reply_now(known.said, data[end:], request_id)
        if answer is None:
            return False
        self.still_since = 0.0
        self.new_heads = 0
        self._send(answer, request_id)
        return True

    def _learn(self, data: bytes, known: Known) -> None:
        """Remembers the head of *data*, where that is one whole message and nothing more: a head, and the body as it was read."""
        end = data.find(_END) + 4
        if len(data) == end + known.body_bytes:
            self.new_heads += 1
            self.ways.keep(self.whence, data[:end], known)

    def _bound(self, size: int, *, is_begun_earlier: bool) -> None:
        """Refuses a message of which ever more comes that is not its body. *size* is the last piece's."""
        has_grown, self.has_grown = self.has_grown, False
        if not is_begun_earlier:
            self.head_bytes = 1
        elif not has_grown:
            self.head_bytes += size
            if self.head_bytes > HEAD_LIMIT:
                self.send_400_response(_ENDLESS)

    def _read_again(self, rest: bytes) -> None:
        """Parses the request once more without its offer to upgrade, then the *rest* of what came: other offers too."""
        is_offered = True
        while is_offered:
            is_offered = False
            if self.parser.get_method() == b"CONNECT":
                self.send_400_response("CONNECT is not a method of this service.")
                return
            rest = self._head_without_offer() + rest
            self.parser = httptools.HttpRequestParser(self)
            self.parser.set_dangerous_leniencies(lenient_data_after_close=True)
            try:
                self.parser.feed_data(rest)
            except httptools.HttpParserUpgrade as upgrade:
                rest, is_offered = rest[upgrade.args[0] :], True
            except httptools.HttpParserError:
                self.send_400_response(_UNREADABLE)

    def _head_without_offer(self) -> bytes:
        version = self.parser.get_http_version().encode()
        lines = [self.parser.get_method() + b" " + self.url + b" HTTP/" + version]
        lines += [name + b": " + value for name, value in self.headers if name not in _HOP_HEADERS]
        if not self.parser.should_keep_alive():
            lines.append(b"connection: close")
        return b"\r\n".join(lines) + b"\r\n\r\n"

    def on_message_begin(self) -> None:
        self.url = b""
        self.headers = []
        self.expect_100_continue = False
        self.in_head = True
        self.head_bytes = 0
        self.still_since = 0.0

    def on_header(self, name: bytes, value: bytes) -> None:
        if self.in_body:
            return  # a trailer
        name = name.lower()
        if name == b"expect" and value.lower() == b"100-continue":
            self.expect_100_continue = True
        self.headers.append((name, value))

    def on_headers_complete(self) -> None:
        self.in_head = False
        if self.head_bytes or self.piece_bytes > HEAD_LIMIT:
            self._check_head()
        if self.parser.should_upgrade():
            return  # httptools pauses here: `_read_again` follows
        path, _, self.query = self.url.partition(b"?")
        endpoint = self.ways.endpoints.get(path)
        if endpoint is not None and self._is_plain():
            self.short = endpoint
            self.kept = bytearray()
        else:
            self._go_through_asgi()
        self.in_body = True

    def _check_head(self) -> None:
        if len(self.url) + sum(len(name) + len(value) + 4 for name, value in self.headers) > HEAD_LIMIT:
            raise UnreadableError

    def _is_plain(self) -> bool:
        """Whether nothing about the request or the connection needs uvicorn's own way."""
        return (
            self._is_free()
            and not self.expect_100_continue
            and self.parser.get_http_version() == "1.1"
            and self.parser.should_keep_alive()
            and self.parser.get_method() in _METHODS
        )

    def _is_free(self) -> bool:
        """Whether no answer is due before the next, and the caller reads those that were sent."""
        return (self.cycle is None or self.cycle.response_complete) and not self.flow.write_paused

    def _go_through_asgi(self) -> None:
        """Makes the scope that uvicorn makes when a message begins, then what it makes when a head ends."""
        if len(self.pipeline) >= WAITING or self.transport.is_closing():
            raise UnreadableError
        self.short = None
        headers, url, expects = self.headers, self.url, self.expect_100_continue
        super().on_message_begin()
        self.headers[:] = headers
        self.url, self.expect_100_continue = url, expects
        super().on_headers_complete()
        if self.is_ending:
            self.cycle.keep_alive = False

    def untaken_bytes(self) -> int:
        """Bytes of answers that the caller has not taken yet."""
        return self.transport.get_write_buffer_size() + (self.sender.left if self.sender is not None else 0)

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: ASGI3Application) -> None:
        self.running = cycle
        if self.sends_files:
            self.sender = FileSender(cycle, self.transport, self.loop)
            app = self.sender.around(app)
        super()._start_asgi_task(cycle, app)

    def on_body(self, body: bytes) -> None:
        self.has_grown = True
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
        self.still_since = 0.0
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
        said = endpoint.said(Heard(method, self.query, self.headers, dict(self.headers), *self.whence))
        answer = endpoint.reply_now(said, bytes(self.kept), request_id)
        if answer is None:
            return False
        self.short = None
        self.answered = Known(endpoint, said, len(self.kept))
        self._send(answer, request_id)
        if self.is_ending:
            self.ways = ShortWays()
            self.transport.close()
        return True

    def _send(self, answer: Answer, request_id: str) -> None:
        self.transport.write(self._message(answer, request_id))
        self.server_state.total_requests += 1

    def _message(self, answer: Answer, request_id: str) -> bytes:
        beginning = self.ways.beginning(answer.status, self.server_state.default_headers)
        more = b""
        if answer.more or self.is_ending:
            closing = ((b"connection", b"close"),) if self.is_ending else ()
            more = b"".join(b"\r\n" + name + b": " + value for name, value in (*answer.more, *closing))
        body = answer.body
        return b"%b%d\r\nrequestId: %b%b\r\n\r\n%b" % (beginning, len(body), request_id.encode(), more, body)

    def send_400_response(self, msg: str) -> None:
        """Refuses what could not be read, in the gateway's words, and closes; answers that are due go first."""
        if self.transport.is_closing():
            return
        cycle = self.cycle
        has_cycle = self.in_body and self.short is None
        if not has_cycle and cycle is not None and not cycle.response_complete:
            cycle.keep_alive = False
            return
        if has_cycle and self.pipeline and self.pipeline[0][0] is cycle:
            self._drop_newest()
            return
        if not (has_cycle and cycle.response_started):
            self._refuse(msg)
        self.transport.close()

    def _drop_newest(self) -> None:
        """The message being read waits behind others: it is dropped, and the connection ends with the answer before it."""
        self.pipeline.popleft()
        last = self.pipeline[0][0] if self.pipeline else self.running
        self.in_body, self.is_ending = False, True
        if last is None or last.response_complete:
            self.transport.close()
            return
        self.cycle = last
        last.keep_alive = False

    def _refuse(self, msg: str) -> None:
        request_id = str(uuid4())
        answer = Answer(400, 0, refusal(400, [("request", msg)]))
        self.is_ending = True
        self.short = None
        self.transport.write(self._message(answer, request_id))
        note = getattr(self.app, "note_unreadable", None)
        if note is not None:
            note(request_id, *self.whence, len(answer.body))

    def shutdown(self) -> None:
        """Ends the connection, after the message that is being read has been answered."""
        if self.in_head or self.in_body:
            self.is_ending = True
            if self.cycle is not None:
                self.cycle.keep_alive = False
        else:
            super().shutdown()
