"""The gateway itself: the checks in their order, what was planned for each answer, and a log of what was asked."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections import deque

from tests.simulator.dialect import Dialect
from tests.simulator.lists import Lists, guide_lists
from tests.simulator.mishaps import JSON_TYPE, Ended, Line, Mishap, Reply, send_whole
from tests.simulator.provider import FUNCTIONS, BadRequest
from tests.simulator.reading import TOKEN, Listener, Request, next_request
from tests.simulator.tokens import Tokens, spelled

ACCOUNT = {
    "client_id": "hospital",
    "client_secret": "its secret",
    "username": "ward",
    "password": "گذر واژه",
    "pid": "62d7c4a1f0b3e85512a9d3c7",
}
"""The one account that the gateway knows, and the service id that grants it the seven functions."""

PAGE = b"<html><head><title>400</title></head><body>Your client has issued a malformed request.</body></html>"


class Gateway:
    """A running gateway, on a port of loopback until its block ends.

    `limit` is (requests, seconds): more of them are answered 429 with Retry-After. `tokens.clock` is what
    both go by.
    """

    def __init__(self, lists: Lists | None = None, dialect: Dialect | None = None) -> None:
        self.lists = guide_lists() if lists is None else lists
        self.dialect = dialect or Dialect()
        self.tokens = Tokens(ACCOUNT)
        self.limit: tuple[int, float] | None = None
        self.requests: list[Request] = []
        self.always: dict[str, Mishap] = {}
        self._planned: dict[str, deque[Mishap | None]] = {}
        self._admitted: deque[float] = deque()
        self._lock = threading.Lock()
        self._ending = threading.Event()
        self._connections: set[socket.socket] = set()
        self._opened = 0

    def __enter__(self) -> Gateway:
        self._server = Listener(self._served)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ending.set()
        self._server.shutdown()
        with self._lock:
            for connection in self._connections:
                with contextlib.suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)
        self._server.server_close()  # waits for the threads of connections
        self._thread.join()

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    @property
    def url(self) -> str:
        """The gateway's address, without a path."""
        return f"http://127.0.0.1:{self.port}"

    def plan(self, function: str, *mishaps: Mishap | None) -> None:
        """Befalls the next answers of *function* ("token" for /oauth/token, "*" for any), one each; None lets one pass."""
        self._planned.setdefault(function, deque()).extend(mishaps)

    def asked(self, function: str) -> list[Request]:
        """The requests of *function* so far, refused ones too."""
        return [request for request in self.requests if request.function == function]

    def count(self, function: str = "") -> int:
        """How many requests of *function*, or at all."""
        return len(self.asked(function)) if function else len(self.requests)

    def forget(self) -> None:
        """Empties the log."""
        self.requests.clear()

    def _answer(self, request: Request, line: Line) -> None:
        with self._lock:
            self.requests.append(request)
            mishap = self._mishap(request.function)
        if request.method == "GET" and request.body and self.dialect.get_body == "hangs up":
            line.reset()
        if request.method == "GET" and request.body and self.dialect.get_body == "waits":
            line.wait(60)
        reply = self._reply(request)
        (mishap.send if mishap else send_whole)(reply, line)

    def _mishap(self, function: str) -> Mishap | None:
        for name in (function, "*"):
            if self._planned.get(name):
                return self._planned[name].popleft()
        return self.always.get(function) or self.always.get("*")

    def _reply(self, request: Request) -> Reply:
        if request.method == "GET" and request.body and self.dialect.get_body == "refused":
            return Reply(self.dialect.page_status, PAGE, (("Content-Type", "text/html"),))
        if request.method == "GET" and self.dialect.get_body == "dropped":
            request.body = b""
        status, said, more = self._said(request)
        headers = (("Content-Type", JSON_TYPE), ("requestId", request.request_id), *more)
        coding = self.dialect.coding if status == 200 else "length"
        return Reply(status, said, headers, coding)

    def _said(self, request: Request) -> tuple[int, bytes, tuple[tuple[str, str], ...]]:
        if request.function == TOKEN:
            status, members = self.tokens.answer(request.headers.get("authorization", ""), request.body)
            body = spelled(members, self.dialect.token_names, self.dialect.expires_in)
            return status, body, (("WWW-Authenticate", "Basic"),) if status == 401 else ()
        status, wait_s = self._refused(request)
        if status:
            return status, self.dialect.refusal(status, request.function), (("Retry-After", wait_s),) if wait_s else ()
        try:
            data = FUNCTIONS[request.function][1](self.lists, request.fields)
        except BadRequest as fault:
            return 400, self.dialect.refusal(400, request.function, str(fault)), ()
        return 200, self.dialect.envelope(data), ()

    def _refused(self, request: Request) -> tuple[int, str]:
        """The status of the refusal, 0 for none, and what Retry-After says. The order is the contract's."""
        if request.function not in FUNCTIONS:
            return 404, ""
        if not self.tokens.admits(request.headers.get("authorization", "")):
            return 401, ""
        if request.headers.get("pid") != ACCOUNT["pid"]:
            return 429, ""
        if self.limit and (wait_s := self._over(*self.limit)):
            return 429, str(wait_s)
        other = request.method != FUNCTIONS[request.function][0]
        is_json = request.headers.get("content-type", "").startswith("application/json")
        return (400, "") if (other and not self.dialect.other_method) or (request.body and not is_json) else (0, "")

    def _over(self, requests: int, seconds: float) -> int:
        """Whole seconds until there is room for another request; 0 where there is, and it has been taken."""
        with self._lock:
            now = self.tokens.clock()
            while self._admitted and self._admitted[0] <= now - seconds:
                self._admitted.popleft()
            if len(self._admitted) >= requests:
                return int(self._admitted[0] + seconds - now) + 1
            self._admitted.append(now)
            return 0

    def _served(self, connection: socket.socket) -> None:
        with self._lock:
            self._connections.add(connection)
            self._opened += 1
            number = self._opened
        try:
            with connection.makefile("rb") as reader:
                while request := next_request(reader, connection, number):
                    self._answer(request, Line(connection, self._ending))
                    if request.headers.get("connection", "").lower() == "close":
                        break
        except (Ended, OSError):
            pass
        finally:
            with self._lock:
                self._connections.discard(connection)
