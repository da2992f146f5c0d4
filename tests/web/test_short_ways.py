"""The short ways: a head that was read before is not read again, and whoever sends it is judged as if it were new."""

from __future__ import annotations

import asyncio
import contextlib
import re
import socket

import pytest
import uvicorn
from uvicorn.server import ServerState

from maksa.settings import Settings
from maksa.web.ditas.endpoint import Endpoint
from maksa.web.ditas.provider import handlers
from maksa.web.gateway.gate import Gate
from maksa.web.journal import Journal
from maksa.web.protocol import Protocol
from maksa.web.short_ways import Known, ShortWays
from maksa.web.worker import Worker
from maksa.wire.ditas.functions import TERMINOLOGY
from tests.web.conftest import BASE, ISLAM, QUESTION, add_account, exchange

HEAD = b"GET /Terminology HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer none\r\nContent-Length: 2\r\n\r\n"
UNKNOWN = b'{"terminologyId": "thritaEHR.Religion", "codedString": "?"}'  # as long as QUESTION
assert len(UNKNOWN) == len(QUESTION)


class NoParser:
    """What stands in the parser's place where nothing may be parsed."""

    def feed_data(self, data: bytes) -> None:
        raise AssertionError(f"{data!r} was parsed")


@pytest.fixture
def endpoint(sample_home):
    """`Terminology` over the samples, with a gate and a journal of its own."""
    gate, worker = Gate(sample_home, Settings()), Worker(sample_home, Settings(), Journal(None))
    yield Endpoint(TERMINOLOGY, handlers(exact_display=False)[TERMINOLOGY.name], gate, worker)
    worker.bodies.close()
    gate.close()


@contextlib.asynccontextmanager
async def connected(ways):
    """A caller's socket, and the end of it that has these short ways."""
    ends = []

    async def app(scope, receive, send):
        raise AssertionError("went through ASGI")

    app.short_ways = ways  # type: ignore[attr-defined]

    def made():
        ends.append(
            Protocol(uvicorn.Config(app, interface="asgi3", proxy_headers=False, log_config=None), ServerState(), {})
        )
        return ends[0]

    server = await asyncio.get_running_loop().create_server(made, "127.0.0.1", 0)
    with socket.create_connection(server.sockets[0].getsockname()) as caller:
        caller.setblocking(False)
        while not ends:
            await asyncio.sleep(0.01)
        yield caller, ends[0]
        ends[0].server_state.maksa_sweep.cancel()
        ends[0].transport.abort()
        await asyncio.sleep(0.01)
    server.close()
    await server.wait_closed()


async def asked(caller, request):
    """The answer to *request*, whole."""
    loop = asyncio.get_running_loop()
    await loop.sock_sendall(caller, request)
    answer = b""
    while not answer.endswith(b"}"):
        piece = await asyncio.wait_for(loop.sock_recv(caller, 65_536), timeout=20)
        assert piece, f"closed after {answer!r}"
        answer += piece
    return answer


def test_a_head_that_was_read_before_is_not_read_again(endpoint):
    """The second request is answered without the parser, with a requestId and a line in the journal of its own."""
    ways = ShortWays()
    ways.endpoints[b"/Terminology"] = endpoint

    async def twice():
        async with connected(ways) as (caller, end):
            first = await asked(caller, HEAD + b"{}")
            end.parser = NoParser()
            return [first, await asked(caller, HEAD + b"[]")]

    answers = asyncio.run(twice())
    ids = [re.search(rb"requestId: (\S{36})\r\n", answer)[1].decode() for answer in answers]
    noted = endpoint._worker.journal.entries

    assert [answer[:12] for answer in answers] == [b"HTTP/1.1 401"] * 2
    assert len(set(ids)) == 2
    assert [(each.request_id, each.status) for each in noted] == [(identity, 401) for identity in ids]


def test_each_body_under_a_known_head_has_its_own_answer(service, head):
    """A code that is there, one that is not, and again: on one connection, each when the one before was answered."""
    parts = [head(), head(body=UNKNOWN), head(), head(body=b"{" * len(QUESTION))]
    answer = exchange(service, *parts, wait=0.2)

    assert re.findall(rb"HTTP/1\.1 (\d+)", answer) == [b"200", b"200", b"200", b"400"]
    assert [ISLAM in each for each in answer.split(b"HTTP/1.1")[1:]] == [True, False, True, False]


@pytest.mark.parametrize("cut", [-1, -len(QUESTION), -len(QUESTION) - 1, 40])
def test_a_known_head_may_come_in_pieces(service, head, cut):
    """Torn in the body, before it, in the blank line, in the head; and the connection goes on."""
    request = head()

    assert exchange(service, request, request[:cut], request[cut:], request, wait=0.2).count(ISLAM) == 3


def test_more_than_one_message_under_known_heads_is_read_in_order(service, head):
    """Two at once, and one with the beginning of the next behind it."""
    request, unknown = head(), head(body=UNKNOWN)
    answer = exchange(service, request, request + unknown, request + unknown[:30], unknown[30:], wait=0.2)

    assert [ISLAM in each for each in answer.split(b"HTTP/1.1")[1:]] == [True, True, False, True, False]


def test_a_known_head_with_a_body_of_another_length_is_read_anew(service, head):
    """What is missing is waited for, and what is too much is no request."""
    request = head()
    answer = exchange(service, request, request + b"{}\r\n\r\n", wait=0.2)

    assert re.findall(rb"HTTP/1\.1 (\d+)", answer) == [b"200", b"200", b"400"]


def test_who_sends_a_known_head_is_judged_anew(service):
    """The rate counts each of them: five of one connection, and the account has three."""
    credentials = add_account(service.home, "three-a-minute", "--rate", "3/minute")
    granted = service.grant(
        (credentials["client_id"], credentials["client_secret"]),
        grant_type="password", username=credentials["username"], password=credentials["password"],
    )  # fmt: skip
    headers = service.headers(token=granted.json()["access_token"], pid=credentials["pids"][0]["pid"])
    lines = [f"GET {BASE}/Terminology HTTP/1.1", "Host: x", *(f"{name}: {value}" for name, value in headers.items())]
    request = "\r\n".join([*lines, f"Content-Length: {len(QUESTION)}"]).encode() + b"\r\n\r\n" + QUESTION
    answer = exchange(service, *[request] * 5, wait=0.2)

    assert re.findall(rb"HTTP/1\.1 (\d+)", answer) == [b"200"] * 3 + [b"429"] * 2


def test_what_is_remembered_of_heads_is_bounded_and_each_callers_own(endpoint):
    """A million heads, or a head of a megabyte, fill no memory; what one caller sent says nothing of another."""
    ways, here, there = ShortWays(), ("10.0.0.1", "http"), ("10.0.0.2", "http")
    known = Known(endpoint, None, 0)  # type: ignore[arg-type]  # what it says is not asked here
    for number in range(5000):
        ways.keep(here, b"GET /%d" % number, known)
    ways.keep(here, b"x" * 100_000, known)

    assert len(ways._known) < 3000
    assert ways.known((here, b"x" * 100_000)) is None
    assert ways.known((here, b"GET /0")) is None
    assert ways.known((here, b"GET /4999")) is known
    assert ways.known((there, b"GET /4999")) is None
