"""The steps of a plan done by the task that asks."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from time import monotonic
from types import TracebackType
from typing import TYPE_CHECKING, Any, NamedTuple, Self, TypeVar
from weakref import WeakKeyDictionary

import httpx2

from maksa.client.arriving import Arriving, Whole
from maksa.client.faults import remote_error_of, told_cause
from maksa.client.gathering import TOO_SLOW, Gathering, not_alone
from maksa.client.steps import Alone, Answer, Arrival, Close, Load, Plan, Read, Save, Send, Step, Wait
from maksa.client.tokens import AsyncTokenStore, KeptTokens
from maksa.model.concept import CodedText
from maksa.model.errors import TimedOutError

if TYPE_CHECKING:
    import asyncio

T = TypeVar("T")


class Line(NamedTuple):
    """What the tasks of one event loop share: connections and locks of another's are no use to them."""

    http: httpx2.AsyncClient
    alone: asyncio.Lock


class AsyncDriver:
    """Does steps with *http* in the first event loop, in another with what *connect* makes; any number of tasks at once."""

    def __init__(
        self, http: httpx2.AsyncClient, connect: Callable[[], httpx2.AsyncClient], store: AsyncTokenStore | None
    ) -> None:
        import asyncio  # here, since it takes a third of the room's import, and most callers are threads

        self._connect = connect
        self._first: httpx2.AsyncClient | None = http
        self._lines: WeakKeyDictionary[asyncio.AbstractEventLoop, Line] = WeakKeyDictionary()
        self._is_closed = False
        self._store = store
        self._loop, self._lock = asyncio.get_running_loop, asyncio.Lock
        self._sleep, self._timeout = asyncio.sleep, asyncio.timeout
        self._doers: dict[type[Step], Callable[[Any], Awaitable[Any]]] = {
            Send: self._send, Read: self._read, Close: self._close, Wait: self._wait,
            Alone: self._do_alone, Load: self._load, Save: self._save,
        }  # fmt: skip

    async def run(self, plan: Plan[T]) -> T:
        """What *plan* returns, its steps done one after the other. Raises: what it raises."""
        doers = self._doers
        try:
            step = next(plan)
            while True:
                try:
                    came = await doers[type(step)](step)
                except BaseException as error:  # noqa: BLE001 - a cancellation too: the plan gives back what it holds
                    step = plan.throw(error)
                else:
                    step = plan.send(came)
        except StopIteration as end:
            result: T = end.value
            return result

    async def aclose(self) -> None:
        """Closes the connections of the loop that runs, if it has any: those of another are closed in that, or end with it."""
        self._is_closed = True
        line, first = self._lines.pop(self._loop(), None), self._first
        self._first = None
        for http in filter(None, (line and line.http, first)):
            await http.aclose()

    @property
    def _line(self) -> Line:
        """What the running loop has. Raises: RuntimeError after `aclose`."""
        if self._is_closed:
            raise RuntimeError("this AsyncMaksa is closed")
        loop = self._loop()
        line = self._lines.get(loop)
        if line is None:
            http, self._first = self._first or self._connect(), None
            line = self._lines[loop] = Line(http, self._lock())
        return line

    async def _send(self, step: Send) -> Answer | Arrival:
        times = dict(step.times)
        request = httpx2.Request(
            step.method, step.url, headers=step.headers, content=step.content, extensions={"timeout": times}
        )
        try:
            async with self._timeout(max(step.until - monotonic(), 0.001)):
                response = await self._line.http.send(request, stream=True)
            if step.is_streamed and response.status_code == 200:
                times["read"] = step.silence_s  # from now on: httpcore2 looks again before a body
                return Arrival(response.headers, response, response.aiter_bytes())
            return Answer(response.status_code, response.headers, await self._gathered(response, step))
        except httpx2.RequestError as error:
            raise remote_error_of(error, step.url) from told_cause(error)
        except TimeoutError as error:  # of a head that comes drop by drop, or a name that is looked up for ever
            raise TimedOutError(place=step.url.netloc.decode("ascii"), reason=TOO_SLOW) from error

    async def _gathered(self, response: httpx2.Response, step: Send) -> bytes:
        gathering = Gathering(step)
        try:
            async for part in response.aiter_bytes():
                gathering.add(part)
        finally:
            await response.aclose()
        return gathering.whole()

    async def _read(self, step: Read) -> bytes:
        try:
            piece: bytes = await anext(step.arrival.chunks, b"")
        except httpx2.RequestError as error:
            raise remote_error_of(error, step.arrival.response.url) from error
        return piece

    async def _close(self, step: Close) -> None:
        await step.arrival.chunks.aclose()
        await step.arrival.response.aclose()

    async def _wait(self, step: Wait) -> None:
        await self._sleep(step.seconds)

    async def _do_alone(self, step: Alone) -> Any:
        alone = self._line.alone
        try:
            async with self._timeout(max(step.until - monotonic(), 0.001)):
                await alone.acquire()
        except TimeoutError as error:
            raise not_alone() from error
        try:
            return await self.run(step.plan)
        finally:
            alone.release()

    async def _load(self, _: Load) -> KeptTokens | None:
        return await self._store.load() if self._store is not None else None

    async def _save(self, step: Save) -> None:
        if self._store is not None:
            await self._store.save(step.tokens)


class AsyncConcepts(Arriving):
    """Concepts as they arrive: iterate, once, in one task; another that does meanwhile has a RuntimeError.

    A loop that is left early wants `async with`, which gives the connection back.
    """

    def __init__(self, driver: AsyncDriver, whole: Whole) -> None:
        super().__init__(whole)
        self._driver = driver

    async def batches(self) -> AsyncIterator[list[CodedText]]:
        """The same concepts, as many at a time as the line brought."""
        with self._read_alone():
            try:
                while batch := await self._driver.run(self._whole.more()):
                    yield batch
            finally:
                await self.aclose()

    async def __aiter__(self) -> AsyncIterator[CodedText]:
        async for batch in self.batches():
            for each in batch:
                yield each

    async def aclose(self) -> None:
        await self._driver.run(self._whole.close())

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self.aclose()
