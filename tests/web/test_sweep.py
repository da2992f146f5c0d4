"""The sweep, with a clock of the test's own: real connections, and hours that pass at once."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import time

import pytest
import uvicorn
from uvicorn.server import ServerState

from maksa.web.protocol import Protocol
from maksa.web.sweep import HEAD_S, IDLE_S, MESSAGE_S, UNREAD_S, look_at

BIG = b"x" * 20_000_000


async def app(scope, receive, send):
    """Answers with more than a kernel buffers, once the body is there."""
    while (await receive())["more_body"]:
        pass
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"%d" % len(BIG))]})
    await send({"type": "http.response.body", "body": BIG})


class Line:
    """A caller and the service's end of his connection."""

    def __init__(self, caller, end):
        self.caller, self.end, self.now = caller, end, time.monotonic()
        self.look(after_s=0)

    def look(self, *, after_s):
        """What the sweep does when it looks after so many seconds more."""
        self.now += after_s
        look_at(self.end, self.now)

    async def send(self, sent):
        self.caller.sendall(sent)
        await asyncio.sleep(0.05)

    async def take(self, size):
        while size > 0:
            size -= len(await asyncio.get_running_loop().sock_recv(self.caller, 65_536))


@contextlib.asynccontextmanager
async def connected():
    ends = []

    def made():
        ends.append(Protocol(uvicorn.Config(app, log_config=None), ServerState(), {}))
        return ends[0]

    server = await asyncio.get_running_loop().create_server(made, "127.0.0.1", 0)
    with socket.create_connection(server.sockets[0].getsockname()) as caller:
        caller.setblocking(False)
        await asyncio.sleep(0.05)
        yield Line(caller, ends[0])
        ends[0].server_state.maksa_sweep.cancel()
        ends[0].transport.abort()
        await asyncio.sleep(0.01)
    server.close()
    await server.wait_closed()


def ended(*, sent, then, seconds):
    """Whether the connection has ended when *sent* came first, and then *then* every second."""

    async def tried():
        async with connected() as line:
            await line.send(sent)
            for _ in range(10):
                if then:
                    await line.send(then)
                line.look(after_s=seconds / 10)
            return line.end.transport.is_closing()

    return asyncio.run(tried())


@pytest.mark.parametrize(
    ("sent", "then", "limit_s"),
    [
        (b"GET / HTTP/1.1\r\n", b"X: x\r\n", HEAD_S),
        (b"POST / HTTP/1.1\r\nContent-Length: 1000\r\n\r\n", b"x", MESSAGE_S),
        (b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n", MESSAGE_S),
        (b"", b"", IDLE_S),
        (b"GET / HTTP/1.1\r\n\r\n", b"", UNREAD_S),
    ],
)
def test_a_connection_that_holds_its_place_is_ended(sent, then, limit_s):
    """A byte now and then does not lengthen its time; a caller who never reads has an end too."""
    assert not ended(sent=sent, then=then, seconds=limit_s * 0.9)
    assert ended(sent=sent, then=then, seconds=limit_s * 1.3)


def test_a_slow_reader_is_left_alone():
    """As long as he takes something."""

    async def tried():
        async with connected() as line:
            await line.send(b"GET / HTTP/1.1\r\n\r\n")
            for _ in range(4):
                line.look(after_s=UNREAD_S * 0.8)
                await line.take(4_000_000)
            return line.end.transport.is_closing()

    assert not asyncio.run(tried())


def test_a_caller_who_asks_now_and_then_is_not_idle():
    """Between two looks the connection seems as it was, and was not."""

    async def tried():
        async with connected() as line:
            for _ in range(5):
                await line.send(b"POST / HTTP/1.1\r\nContent-Length: 1\r\n\r\n")
                line.look(after_s=IDLE_S / 3)
                line.end.cycle.response_complete = True  # as if it had been answered
                await line.send(b"x")
                line.look(after_s=IDLE_S / 3)
            return line.end.transport.is_closing()

    assert not asyncio.run(tried())
