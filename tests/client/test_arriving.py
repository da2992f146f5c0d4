"""Whole versions on the line: little is held of them, they are given up at any moment, and a cut one is never whole."""

from __future__ import annotations

import asyncio
import datetime as dt
import tracemalloc
from collections.abc import AsyncIterator, Iterator

import httpx2
import pytest

from maksa.client import AsyncMaksa, CodedText, Maksa, Patience, RefusedError, TransportError, UnreadableAnswerError
from maksa.wire.ditas.answers import BODY_HEAD, BODY_TAIL, coded_text_writer
from tests.client.conftest import BRISK
from tests.simulator import Altered, Cut, Dialect, Drip

TOKENS = b'{"access_token":"a","token_type":"bearer","refresh_token":"r","expires_in":900}'
MANY, PIECE = 20_000, 200


class Endless(httpx2.SyncByteStream, httpx2.AsyncByteStream):
    """MANY concepts, made while they are read, PIECE at a time. `is_closed` once nobody wants more."""

    def __init__(self) -> None:
        self.is_closed = False
        self.sent = 0

    def pieces(self) -> Iterator[bytes]:
        write = coded_text_writer("eRX")
        yield BODY_HEAD
        for first in range(0, MANY, PIECE):
            self.sent = first
            comma = b"," if first else b""
            yield comma + b",".join(write(f"نمایش {code}", str(code)) for code in range(first, first + PIECE))
        yield BODY_TAIL

    def __iter__(self) -> Iterator[bytes]:
        return self.pieces()

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for piece in self.pieces():
            yield piece

    def close(self) -> None:
        self.is_closed = True

    async def aclose(self) -> None:
        self.is_closed = True


@pytest.fixture
def endless() -> Endless:
    return Endless()


@pytest.fixture
def transport(endless) -> httpx2.MockTransport:
    """A service with nothing but that list."""

    def answer(request: httpx2.Request) -> httpx2.Response:
        if request.url.path == "/oauth/token":
            return httpx2.Response(200, content=TOKENS)
        return httpx2.Response(200, stream=endless, headers={"Date": "Tue, 17 Oct 2023 07:00:30 GMT", "ETag": '"1"'})

    return httpx2.MockTransport(answer)


def test_a_list_is_never_held_as_a_whole(account, transport):
    """Of two megabytes a fifth is there at most; its concepts are the caller's to keep or drop."""
    with Maksa("http://x", account, transport=transport) as maksa:
        maksa.concepts("eRX", "1").close()  # what is made once is made before we count
        tracemalloc.start()
        try:
            count = sum(1 for _ in maksa.concepts("eRX", "1"))
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()

    assert count == MANY
    assert peak < 400_000


def test_a_list_is_left_at_any_moment(account, transport, endless):
    """The end of the loop or of the block ends the answer: its connection is free, and the rest is never sent."""
    with Maksa("http://x", account, transport=transport) as maksa:
        for concept in maksa.concepts("eRX", "1"):
            assert concept == CodedText("eRX", "0", "نمایش 0")
            break
        assert (endless.is_closed, endless.sent) == (True, 0)

        endless.is_closed = False
        with maksa.concepts("eRX", "1") as concepts:
            assert not endless.is_closed
        assert endless.is_closed
        assert list(concepts) == []


def test_a_list_is_left_at_any_moment_by_a_task(account, transport, endless):
    """By the end of its block, and where the task is cancelled."""

    async def main() -> None:
        async with AsyncMaksa("http://x", account, transport=transport) as maksa:
            async with await maksa.concepts("eRX", "1") as concepts:
                async for _ in concepts:
                    break
            assert (endless.is_closed, endless.sent) == (True, 0)

            endless.is_closed = False

            async def read() -> None:
                async with await maksa.concepts("eRX", "1") as concepts:
                    async for _ in concepts:
                        await asyncio.sleep(60)

            task = asyncio.create_task(read())
            await asyncio.sleep(0.05)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            assert endless.is_closed

    asyncio.run(main())


def test_batches_are_the_same_concepts(account, transport):
    """As many at a time as the line brought."""
    with Maksa("http://x", account, transport=transport) as maksa:
        batches = list(maksa.concepts("eRX", "1").batches())

    assert [each.code for batch in batches for each in batch] == [str(code) for code in range(MANY)]
    assert len(batches) == MANY // PIECE + 1


def test_the_other_ends_clock_says_from_when_to_ask_next(account, transport):
    """Not ours, which may be ahead of it."""
    with Maksa("http://x", account, transport=transport) as maksa, maksa.concepts("eRX", "1") as concepts:
        assert concepts.asked_at == dt.datetime(2023, 10, 17, 7, 0, 30, tzinfo=dt.UTC)
        assert concepts.etag == '"1"'


def test_a_list_says_what_it_is(ask, ministry):
    """In a log or at a prompt."""
    kind = "AsyncConcepts" if isinstance(ask.client, AsyncMaksa) else "Concepts"

    assert repr(ask.concepts("eRX", "77")) == f"<{kind} of eRX 77, nothing>"
    concepts = ask.concepts("eRX", "10000")
    assert repr(concepts) == f"<{kind} of eRX 10000, arriving>"
    ask.left(concepts)


def test_the_silences_in_a_list_are_not_those_of_its_beginning(made, ministry):
    """What is left of the deadline when a list begins is no bound for what comes of it afterwards."""
    concepts = long_list(ministry)
    ministry.plan("TerminologiesTermByVersion", Drip(100_000, 1.2))
    ask = made(patience=Patience(deadline_s=1))

    assert ask.listed(ask.concepts("Long", "1")) == concepts


def long_list(ministry) -> list[CodedText]:
    """A list that takes many pieces of the line."""
    texts = {f"{code:05}": f"نمایش {code}" for code in range(5000)}
    ministry.lists.publish("Long", "1", texts, at="1400/05/06")
    return [CodedText("Long", *pair) for pair in texts.items()]


@pytest.mark.parametrize("coding", ["length", "chunked", "close"])
@pytest.mark.parametrize("rst", [False, True])
def test_a_list_that_is_cut_on_its_way_ends_with_an_error(ask, ministry, coding, rst):
    """However the gateway tells the end: what came is in order and right, and then the line is to blame."""
    concepts = long_list(ministry)
    ministry.dialect = Dialect(coding=coding)
    ministry.plan("TerminologiesTermByVersion", *[Cut("concept", rst=rst)] * 9)
    got: list[CodedText] = []
    with pytest.raises(TransportError):
        _read_into(ask, got)

    assert got == concepts[: len(got)]
    assert len(got) < len(concepts)
    ministry._planned.clear()
    assert ask.listed(ask.concepts("Long", "1")) == concepts


def _read_into(ask, got: list[CodedText]) -> None:
    concepts = ask.concepts("Long", "1")
    if isinstance(ask.client, Maksa):
        got.extend(concepts)
        return

    async def read() -> None:
        got.extend([each async for each in concepts])

    ask.done(read())


def test_drops_make_the_same_list(ask, ministry):
    """A slow line's pieces end anywhere."""
    concepts = long_list(ministry)
    ministry.plan("TerminologiesTermByVersion", Drip(9973, 0))

    assert ask.listed(ask.concepts("Long", "1")) == concepts


def test_a_refusal_at_the_end_of_a_list_is_heard(ask, ministry):
    """A gateway that had begun to answer, and then could not go on."""
    concepts = long_list(ministry)
    fault = b'"status":{"statusCode":503,"message":"Service provider error!"}}'
    ministry.always["TerminologiesTermByVersion"] = Altered(lambda body: body[: body.rindex(b'"status"')] + fault)
    with pytest.raises(RefusedError, match="503"):
        ask.listed(ask.concepts("Long", "1"))
    assert len(concepts) == 5000


def test_a_page_in_the_place_of_a_list_is_unreadable(ask, ministry):
    """Where the call stands, before anybody has a list."""
    ministry.plan("TerminologiesTermByVersion", Altered(lambda _: b"<html>welcome to the hotel</html>"))
    with pytest.raises(UnreadableAnswerError) as raised:
        ask.concepts("eRX", "10000")
    assert raised.value.request_id == ministry.requests[-1].request_id


def test_a_damaged_coding_is_not_taken_for_a_list(account):
    """gzip that is none, from a proxy that means well."""

    def answer(request: httpx2.Request) -> httpx2.Response:
        if request.url.path == "/oauth/token":
            return httpx2.Response(200, content=TOKENS)
        return httpx2.Response(200, stream=httpx2.ByteStream(b"not gzip"), headers={"Content-Encoding": "gzip"})

    with Maksa("http://x", account, transport=httpx2.MockTransport(answer), patience=BRISK) as maksa:
        with pytest.raises(UnreadableAnswerError, match="content coding is damaged"):
            maksa.concepts("eRX", "1")
        with pytest.raises(UnreadableAnswerError, match="content coding is damaged"):
            maksa.versions("eRX")
