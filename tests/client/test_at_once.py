"""Threads and tasks that use one client at the same time: what they wait for, and for how long."""

from __future__ import annotations

import asyncio
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import msgspec
import pytest

from maksa.client import AsyncMaksa, KeptTokens, Maksa, TimedOutError
from tests.client.conftest import BRISK, TRUST

HASTY = msgspec.structs.replace(BRISK, deadline_s=1.0)


class Hanging:
    """A store on a disk that does not answer until `answers` is set."""

    def __init__(self) -> None:
        self.is_asked = threading.Event()
        self.answers = threading.Event()

    def load(self) -> KeptTokens | None:
        self.is_asked.set()
        self.answers.wait(20)
        return None

    def save(self, tokens: KeptTokens) -> None:
        pass


class AwaitedHanging(Hanging):
    async def load(self) -> KeptTokens | None:
        await asyncio.to_thread(super().load)
        return None

    async def save(self, tokens: KeptTokens) -> None:
        pass


def test_threads_wait_for_anothers_login_until_their_deadline(ministry, account):
    """However long the other one takes: he may have begun his call later, or have a store that hangs."""
    store = Hanging()
    with Maksa(ministry.url, account, patience=HASTY, store=store, verify=TRUST) as maksa, ThreadPoolExecutor(2) as two:
        first = two.submit(maksa.versions, "eRX")
        store.is_asked.wait(10)
        second = two.submit(maksa.versions, "eRX")
        try:
            with pytest.raises(TimedOutError, match="another who asks for it was not done before the deadline"):
                second.result(10)
        finally:
            store.answers.set()
        first.exception(10)


def test_tasks_wait_for_anothers_login_until_their_deadline(ministry, account):
    """Likewise, and the lock is free for the next one."""
    store = AwaitedHanging()

    async def main() -> None:
        async with AsyncMaksa(ministry.url, account, patience=HASTY, store=store, verify=TRUST) as maksa:
            first = asyncio.create_task(maksa.versions("eRX"))
            await asyncio.to_thread(store.is_asked.wait, 10)
            try:
                with pytest.raises(TimedOutError, match="another who asks for it was not done before the deadline"):
                    await asyncio.wait_for(maksa.versions("eRX"), 10)
            finally:
                store.answers.set()
            await asyncio.gather(first, return_exceptions=True)
            assert not maksa._driver._line.alone.locked()

    asyncio.run(main())


def test_a_token_is_asked_for_when_its_call_may_be_sent(made, ministry):
    """One that was had before the wait for a slot would have ended in it, and each of its calls cost two slots, or fail."""
    ministry.tokens.life_s = 2
    ask = made(patience=msgspec.structs.replace(BRISK, rate_per_s=0.5))
    began = time.monotonic()
    for _ in range(2):
        ask.versions("eRX")

    assert time.monotonic() - began >= 2
    assert (ministry.count("TerminologyVersions"), ministry.count("token")) == (2, 2)


LONG = {f"C{number:05}": f"DISPLAY {number}" for number in range(8000)}


def test_a_list_is_read_by_one_thread(ministry, account):
    """A second reader would take the first one's concepts, and end his reading by ending: he is told, and the first has them all."""
    ministry.lists.publish("long", "1", LONG, at="1400/05/06")
    with Maksa(ministry.url, account, patience=BRISK, verify=TRUST) as maksa:
        concepts = maksa.concepts("long", "1")
        first = iter(concepts)
        read = [next(first)]
        with ThreadPoolExecutor(1) as another, pytest.raises(RuntimeError, match="are being iterated already"):
            another.submit(list, concepts).result()
        read += first

    assert {concept.code: concept.display for concept in read} == LONG
    assert list(concepts) == []


def test_a_list_is_read_by_one_task(ministry, account):
    """Likewise."""
    ministry.lists.publish("long", "1", LONG, at="1400/05/06")

    async def main() -> dict[str, str]:
        async with AsyncMaksa(ministry.url, account, patience=BRISK, verify=TRUST) as maksa:
            concepts = await maksa.concepts("long", "1")
            first = aiter(concepts)
            read = [await anext(first)]
            with pytest.raises(RuntimeError, match="are being iterated already"):
                await anext(aiter(concepts))
            read += [concept async for concept in first]
            return {concept.code: concept.display for concept in read}

    assert asyncio.run(main()) == LONG
