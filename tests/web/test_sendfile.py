"""Files sent by the kernel, or read where it cannot: the real protocol, both loops, a file larger than any buffer."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import os
import ssl
import time
from pathlib import Path

import pytest
import uvicorn
import uvloop
from uvicorn.server import ServerState

from maksa.web import protocol
from maksa.web.asgi import HUNG_UP, Reply
from maksa.web.file_parts import FilePart, send_parts, size_of
from maksa.web.protocol import Protocol
from maksa.web.sweep import UNREAD_S, look_at
from tests.web.certificates import certify, needs_openssl

SIZE = 20_000_003
ASK = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    made = tmp_path_factory.mktemp("files") / "big"
    made.write_bytes(os.urandom(SIZE))
    return made


class Files:
    """The application: `parts` of files as an answer, and what became of each."""

    def __init__(self, parts):
        self.parts, self.offers, self.statuses, self.faults, self.sizes = parts, [], [], [], []

    async def __call__(self, scope, receive, send):
        while (await receive())["more_body"]:
            pass
        reply = Reply(send, "an-id", scope)
        self.offers.append(reply.sends_files)
        await reply.begin(200, [(b"content-length", b"%d" % size_of(self.parts))])
        try:
            await send_parts(receive, reply, self.parts)
        except OSError as error:
            self.faults.append(str(error))
            raise
        finally:
            self.sizes.append(reply.size)
        self.statuses.append(reply.status)


@contextlib.asynccontextmanager
async def served(app, *, context=None):
    """Yields a function that connects, and the list of the service's ends."""
    ends = []

    def made():
        ends.append(Protocol(uvicorn.Config(app, log_config=None), ServerState(), {}))
        return ends[-1]

    server = await asyncio.get_running_loop().create_server(made, "127.0.0.1", 0, ssl=context)
    port = server.sockets[0].getsockname()[1]

    async def connect(**options):
        return await asyncio.open_connection("127.0.0.1", port, limit=4096, **options)

    yield connect, ends
    for end in ends:
        end.server_state.maksa_sweep.cancel()
        end.transport.abort()
    server.close()
    await asyncio.sleep(0.05)


async def answer(reader):
    """(head, body) of one answer."""
    head = await reader.readuntil(b"\r\n\r\n")
    size = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
    return head, await reader.readexactly(size)


@pytest.fixture(params=[uvloop.new_event_loop, asyncio.new_event_loop], ids=["uvloop", "asyncio"])
def run(request):
    """Runs a coroutine on each kind of loop."""

    def done(coroutine):
        with asyncio.Runner(loop_factory=request.param) as runner:
            return runner.run(asyncio.wait_for(coroutine, 60))

    return done


@pytest.mark.parametrize("by_kernel", [True, False])
def test_parts_of_files_arrive_as_they_are(run, path, monkeypatch, by_kernel):
    """The middle of a file, bytes of ours, its end; several answers on one connection, asked for at once."""
    if not by_kernel:
        monkeypatch.setattr(protocol, "is_possible", lambda transport: False)
    with path.open("rb") as file:
        app = Files([FilePart(file, 5, 9_000_000), b"between", FilePart(file, SIZE - 10_000_001, 10_000_001)])
        content = path.read_bytes()
        expected = content[5:9_000_005] + b"between" + content[-10_000_001:]

        async def tried():
            async with served(app) as (connect, _):
                reader, writer = await connect()
                writer.write(ASK * 3)
                got = [(await answer(reader))[1] for _ in range(3)]
                writer.close()
                return got

        assert run(tried()) == [expected] * 3
    assert app.offers == [by_kernel] * 3
    assert app.statuses == [200] * 3


@needs_openssl
def test_under_tls_files_are_read(run, path, tmp_path):
    """What the kernel would send is not encrypted."""
    certify(tmp_path, "cert.pem", "key.pem")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "cert.pem", tmp_path / "key.pem")
    trusting = ssl.create_default_context(cafile=str(tmp_path / "cert.pem"))
    with path.open("rb") as file:
        app = Files([FilePart(file, 0, SIZE)])

        async def tried():
            async with served(app, context=context) as (connect, _):
                reader, writer = await connect(ssl=trusting, server_hostname="localhost")
                writer.write(ASK)
                got = (await answer(reader))[1]
                writer.close()
                return got

        assert run(tried()) == path.read_bytes()
    assert app.offers == [False]


@pytest.mark.parametrize("by_kernel", [True, False])
@pytest.mark.parametrize(("size", "times"), [(SIZE, 5), (10_000_000, 1)], ids=["many pieces", "the last piece"])
def test_a_caller_who_hangs_up_is_noted(run, path, monkeypatch, by_kernel, size, times):
    """With what he was sent and no more; nothing goes on for him."""
    if not by_kernel:
        monkeypatch.setattr(protocol, "is_possible", lambda transport: False)
    with path.open("rb") as file:
        app = Files([FilePart(file, 0, size)] * times)

        async def tried():
            async with served(app) as (connect, ends):
                reader, writer = await connect()
                writer.write(ASK)
                await reader.readexactly(100_000)
                writer.transport.abort()
                for _ in range(1000):
                    if app.statuses:
                        return ends[0].untaken_bytes()
                    await asyncio.sleep(0.01)
                return None

        assert run(tried()) == 0
    assert app.statuses == [HUNG_UP]
    assert 100_000 < app.sizes[0] < size * times


@pytest.mark.parametrize("missing", ["dup", "sendfile"])
def test_what_the_kernel_does_not_send_is_read(run, path, monkeypatch, missing):
    """No number is left for another socket, or a file system that knows no sendfile: after the head it is too late to refuse."""

    def refused(*_):
        raise OSError(errno.EMFILE if missing == "dup" else errno.EINVAL, "refused")

    monkeypatch.setattr(f"maksa.web.sendfile.os.{missing}", refused)
    with path.open("rb") as file:
        app = Files([FilePart(file, 0, SIZE), b"end"])

        async def tried():
            async with served(app) as (connect, _):
                reader, writer = await connect()
                writer.write(ASK * 2)
                got = [(await answer(reader))[1] for _ in range(2)]
                writer.close()
                return got

        assert run(tried()) == [path.read_bytes() + b"end"] * 2
    assert app.statuses == [200, 200]
    assert app.sizes == [SIZE + 3] * 2


@pytest.mark.parametrize("waiting", [0, 2])
def test_what_cannot_be_read_behind_a_download_ends_no_answer_that_is_due(run, path, waiting):
    """The download comes whole, and what waits before the unreadable message; then the connection ends."""
    with path.open("rb") as file:
        app = Files([FilePart(file, 0, SIZE)])

        async def tried():
            async with served(app) as (connect, _):
                reader, writer = await connect()
                writer.write(ASK)
                await reader.readexactly(1)
                writer.write(ASK * waiting + b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nZZZ\r\n")
                writer.write(b"more\r\n")
                bodies = [(await answer(reader))[1] for _ in range(1 + waiting)]
                rest = await reader.read()
                writer.close()
                return bodies, rest

        bodies, rest = run(tried())
        assert bodies == [path.read_bytes()] * (1 + waiting)
    assert rest == b""


def test_others_are_answered_while_a_caller_reads_nothing(run, path):
    """He holds no memory of ours, and his place for as long as the sweep allows."""
    with path.open("rb") as file:
        app = Files([FilePart(file, 0, SIZE)])

        async def tried():
            async with served(app) as (connect, ends):
                slow_reader, slow = await connect()
                slow.write(ASK)
                await slow_reader.readexactly(1)
                while not (ends[0].sender and ends[0].sender.left):
                    await asyncio.sleep(0.01)
                reader, writer = await connect()
                writer.write(ASK)
                got = (await answer(reader))[1]
                writer.close()
                in_memory, untaken = ends[0].transport.get_write_buffer_size(), ends[0].untaken_bytes()
                now = time.monotonic()
                look_at(ends[0], now)
                look_at(ends[0], now + UNREAD_S * 0.9)
                is_left = not ends[0].transport.is_closing()
                look_at(ends[0], now + UNREAD_S * 1.1)
                slow.close()
                await asyncio.sleep(0.05)
                return got, in_memory, untaken, is_left, ends[0].transport.is_closing()

        got, in_memory, untaken, is_left, is_ended = run(tried())
        assert got == path.read_bytes()
    assert in_memory == 0 < untaken
    assert is_left
    assert is_ended
    assert sorted(app.statuses) == [200, HUNG_UP]


@pytest.mark.parametrize("by_kernel", [True, False])
def test_a_file_that_is_cut_short_ends_its_answer_and_nothing_else(run, tmp_path, monkeypatch, by_kernel):
    """The caller sees that the answer is not whole; the service lives."""
    if not by_kernel:
        monkeypatch.setattr(protocol, "is_possible", lambda transport: False)
    cut = tmp_path / "cut"
    cut.write_bytes(b"x" * 3_000_000)
    with cut.open("rb") as file:
        app = Files([FilePart(file, 0, 6_000_000)])

        async def tried():
            async with served(app) as (connect, _):
                reader, writer = await connect()
                writer.write(ASK)
                await reader.readuntil(b"\r\n\r\n")
                with pytest.raises(asyncio.IncompleteReadError):
                    await reader.readexactly(6_000_000)
                writer.close()
                app.parts = [b"whole"]
                reader, writer = await connect()
                writer.write(ASK)
                got = (await answer(reader))[1]
                writer.close()
                return got

        assert run(tried()) == b"whole"
    assert len(app.faults) == 1
    assert "end" in app.faults[0]


def test_no_socket_is_left_over(run, path):
    """Each part is sent under a number of its own, given back afterwards."""
    with path.open("rb") as file:
        app = Files([FilePart(file, 0, SIZE)])

        async def tried():
            async with served(app) as (connect, _):
                reader, writer = await connect()
                counts = []
                for _ in range(3):
                    writer.write(ASK)
                    await answer(reader)
                    counts.append(len(list(Path("/proc/self/fd").iterdir())))
                writer.close()
                return counts

        counts = run(tried())
    assert len(set(counts)) == 1
