"""The steps of a plan done by the thread that asks."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from time import monotonic, sleep
from types import TracebackType
from typing import Any, Self, TypeVar

import httpx2

from maksa.client.arriving import Arriving, Whole
from maksa.client.faults import remote_error_of, told_cause
from maksa.client.gathering import Gathering, not_alone
from maksa.client.steps import Alone, Answer, Arrival, Close, Load, Plan, Read, Save, Send, Step, Wait
from maksa.client.tokens import KeptTokens, TokenStore
from maksa.model.concept import CodedText

T = TypeVar("T")


class Driver:
    """Does steps with *http*; any number of threads may run plans at once."""

    def __init__(self, http: httpx2.Client, store: TokenStore | None) -> None:
        self.http = http
        self._store = store
        self._alone = threading.Lock()
        self._doers: dict[type[Step], Callable[[Any], Any]] = {
            Send: self._send, Read: self._read, Close: self._close, Wait: self._wait,
            Alone: self._do_alone, Load: self._load, Save: self._save,
        }  # fmt: skip

    def run(self, plan: Plan[T]) -> T:
        """What *plan* returns, its steps done one after the other. Raises: what it raises."""
        doers = self._doers
        try:
            step = next(plan)
            while True:
                try:
                    came = doers[type(step)](step)
                except BaseException as error:  # noqa: BLE001 - an interrupt too: the plan gives back what it holds
                    step = plan.throw(error)
                else:
                    step = plan.send(came)
        except StopIteration as end:
            result: T = end.value
            return result

    def close(self) -> None:
        self.http.close()

    def forked(self, http: httpx2.Client) -> None:
        """Goes on with *http* in a child of this process.

        The connections before it are the parent's: two who read one would read each other's answers. They are let go and
        not closed, since a thread that is not here may hold their lock.
        """
        self.http = http
        self._alone = threading.Lock()

    def _send(self, step: Send) -> Answer | Arrival:
        times = dict(step.times)
        request = httpx2.Request(
            step.method, step.url, headers=step.headers, content=step.content, extensions={"timeout": times}
        )
        try:
            response = self.http.send(request, stream=True)
            if step.is_streamed and response.status_code == 200:
                times["read"] = step.silence_s  # from now on: httpcore2 looks again before a body
                return Arrival(response.headers, response, response.iter_bytes())
            return Answer(response.status_code, response.headers, self._gathered(response, step))
        except httpx2.RequestError as error:
            raise remote_error_of(error, step.url) from told_cause(error)

    def _gathered(self, response: httpx2.Response, step: Send) -> bytes:
        gathering = Gathering(step)
        try:
            for part in response.iter_bytes():
                gathering.add(part)
        finally:
            response.close()
        return gathering.whole()

    def _read(self, step: Read) -> bytes:
        try:
            return next(step.arrival.chunks, b"")
        except httpx2.RequestError as error:
            raise remote_error_of(error, step.arrival.response.url) from error

    def _close(self, step: Close) -> None:
        step.arrival.response.close()

    def _wait(self, step: Wait) -> None:
        sleep(step.seconds)

    def _do_alone(self, step: Alone) -> Any:
        alone, left_s = self._alone, max(step.until - monotonic(), 0.0)
        if not alone.acquire(timeout=min(left_s, threading.TIMEOUT_MAX)):
            raise not_alone()
        try:
            return self.run(step.plan)
        finally:
            alone.release()

    def _load(self, _: Load) -> KeptTokens | None:
        return self._store.load() if self._store is not None else None

    def _save(self, step: Save) -> None:
        if self._store is not None:
            self._store.save(step.tokens)


class Concepts(Arriving):
    """Concepts as they arrive: iterate, once, in one thread; another that does meanwhile has a RuntimeError.

    Leaving it early gives the connection back, at `close` or the end of a `with`.
    """

    def __init__(self, driver: Driver, whole: Whole) -> None:
        super().__init__(whole)
        self._driver = driver

    def batches(self) -> Iterator[list[CodedText]]:
        """The same concepts, as many at a time as the line brought."""
        with self._read_alone():
            try:
                while batch := self._driver.run(self._whole.more()):
                    yield batch
            finally:
                self.close()

    def __iter__(self) -> Iterator[CodedText]:
        for batch in self.batches():
            yield from batch

    def close(self) -> None:
        self._driver.run(self._whole.close())

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()
