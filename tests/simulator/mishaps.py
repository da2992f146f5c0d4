"""What may befall an answer on its way: a refusal instead of it, a line that is cut, slow or silent, a body that is altered."""

from __future__ import annotations

import json
import os
import socket
import struct
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal, Protocol

MESSAGES = {
    400: "Bad request.",
    401: "Credential is not valid!",
    403: "Your origin IP is permanently blocked!",
    404: "Not Found!",
    410: "All resources are moved permanently to the HTTP secure protocol(HTTPS)!",
    429: "Too many requests or Access denied!",
    500: "Internal server error!",
    503: "Service provider error!",
    504: "Backend timeout!",
    520: "Unknown error!",
}
"""Source: guide, appendix 2."""

JSON_TYPE = "application/json;charset=UTF-8"
Coding = Literal["length", "chunked", "close"]


@dataclass(frozen=True)
class Reply:
    """An answer before it is sent. `coding`: how its end is told; "close" is by the end of the connection."""

    status: int
    body: bytes
    headers: tuple[tuple[str, str], ...] = (("Content-Type", JSON_TYPE),)
    coding: Coding = "length"

    def head(self) -> bytes:
        """The status line and the headers."""
        ends = {
            "length": [("Content-Length", str(len(self.body)))],
            "chunked": [("Transfer-Encoding", "chunked")],
            "close": [("Connection", "close")],
        }
        lines = [f"{name}: {value}" for name, value in (*self.headers, *ends[self.coding])]
        return "\r\n".join([f"HTTP/1.1 {self.status} Simulated", *lines]).encode() + b"\r\n\r\n"

    def coded(self, size: int = 16_384) -> bytes:
        """The body as it travels."""
        if self.coding != "chunked":
            return self.body
        parts = (self.body[at : at + size] for at in range(0, len(self.body), size))
        return b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in parts) + b"0\r\n\r\n"


class Ended(Exception):
    """The connection is over, as was planned."""


class Line:
    """One connection, to be written to. `ending` is set when the gateway is about to stop: nobody sleeps longer."""

    def __init__(self, connection: socket.socket, ending: threading.Event) -> None:
        self._connection = connection
        self._ending = ending

    def send(self, content: bytes) -> None:
        self._connection.sendall(content)

    def wait(self, seconds: float) -> None:
        """Does nothing for so long. Raises: Ended, where the gateway stops meanwhile."""
        if self._ending.wait(seconds):
            raise Ended

    def reset(self) -> None:
        """Ends the connection as a machine that died does: by a RST. Raises: Ended."""
        self._connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        os.close(self._connection.detach())  # at once, while its reader is open
        raise Ended


class Mishap(Protocol):
    """What befalls one answer."""

    def send(self, reply: Reply, line: Line) -> None:
        """Sends *reply*, or what becomes of it. Raises: Ended, where the connection is to be closed then."""


def send_whole(reply: Reply, line: Line) -> None:
    """What happens where nothing befalls it."""
    line.send(reply.head() + reply.coded())
    if reply.coding == "close":
        raise Ended


@dataclass(frozen=True)
class Refuse:
    """The gateway says no: its envelope with *status*, or *body* (a proxy's page) where one is given."""

    status: int
    retry_after: str = ""
    body: bytes | None = None
    headers: tuple[tuple[str, str], ...] = ()

    def send(self, reply: Reply, line: Line) -> None:
        said = {"status": {"statusCode": self.status, "message": MESSAGES.get(self.status, "Unknown error!")}}
        kind = JSON_TYPE if self.body is None else "text/html"
        request_id = tuple(pair for pair in reply.headers if pair[0] == "requestId")
        after = (("Retry-After", self.retry_after),) if self.retry_after else ()
        headers = (("Content-Type", kind), *request_id, *after, *self.headers)
        send_whole(Reply(self.status, json.dumps(said).encode() if self.body is None else self.body, headers), line)


@dataclass(frozen=True)
class Cut:
    """The line is cut: before the first byte, in the status line, in the headers, after them, or in the body.

    *at* is one of these moments, "concept" (halfway, in the middle of a coded text), a number of bytes of the body, or a
    part of it. *rst*: by a reset instead of an end.
    """

    at: Literal["before", "status", "headers", "body", "concept"] | int | float
    rst: bool = False

    def send(self, reply: Reply, line: Line) -> None:
        line.send(self._left(reply.head(), reply.coded()))
        if self.rst:
            line.wait(0.05)  # a reset throws away what is still on its way, and it was to arrive
            line.reset()
        raise Ended

    def _left(self, head: bytes, body: bytes) -> bytes:
        if self.at == "before":
            return b""
        if self.at == "status":
            return head[:7]
        if self.at == "headers":
            return head[: len(head) // 2]
        return head + body[: self._bytes(body)]

    def _bytes(self, body: bytes) -> int:
        if self.at == "body":
            return 0
        if self.at == "concept":
            return max(
                body.find(b'"terminology_idField"', len(body) // 2) + 9, len(body) // 2
            )  # or halfway of another list
        return int(self.at * len(body)) if isinstance(self.at, float) else int(self.at)


@dataclass(frozen=True)
class Stall:
    """Nothing comes for *seconds*, then the answer, after its head where *after_head*."""

    seconds: float
    after_head: bool = False

    def send(self, reply: Reply, line: Line) -> None:
        if self.after_head:
            line.send(reply.head())
        line.wait(self.seconds)
        line.send((b"" if self.after_head else reply.head()) + reply.coded())
        if reply.coding == "close":
            raise Ended


@dataclass(frozen=True)
class Drip:
    """The answer comes in drops of *size* bytes, *every_s* apart."""

    size: int
    every_s: float

    def send(self, reply: Reply, line: Line) -> None:
        content = reply.head() + reply.coded()
        for at in range(0, len(content), self.size):
            line.send(content[at : at + self.size])
            line.wait(self.every_s)
        if reply.coding == "close":
            raise Ended


@dataclass(frozen=True)
class Altered:
    """The answer with another body, made from its own: half of it under a good length, a page of a proxy, other JSON."""

    change: Callable[[bytes], bytes]

    def send(self, reply: Reply, line: Line) -> None:
        send_whole(replace(reply, body=self.change(reply.body)), line)
