"""The line to a service that speaks only the guide: four of its functions, counted, paced, and within the upstream's hours.

Rules of this file:
- a list is taken as it arrives; who wants its beginning hangs up after it;
- a list that was cut is asked for again from its beginning, as the guide knows no ranges;
- the weight of a list is what the answer's head says, so that lists may be compared without being fetched.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Generator, Iterator
from contextlib import closing
from itertools import islice
from typing import TypeVar

import httpx2

from maksa.client import functions
from maksa.client.account import Account, Patience
from maksa.client.arriving import Whole
from maksa.client.caller import Caller
from maksa.client.steps import Plan
from maksa.client.sync import Concepts
from maksa.mirror.course import Course
from maksa.mirror.guide_offer import Offer
from maksa.mirror.line import PacedDriver
from maksa.model.answers import Found
from maksa.model.concept import CodedText
from maksa.model.errors import TransportError

T = TypeVar("T")

_WHOLE = "/TerminologiesTermByVersion"
_SHORT = 500  # concepts
_CUTS = 3  # how often in a row a list may be cut before the sync gives up


class GuideLine:
    """The line of one sync. Close it at its end. Errors of all its questions: RemoteError, AccessError, HoursEndedError."""

    def __init__(self, account: Account, course: Course, http: httpx2.Client | None = None) -> None:
        upstream = course.upstream
        self.course = course
        self._http = http or httpx2.Client()
        self._http.event_hooks = {"request": [self._asking], "response": [self._answered]}
        patience = Patience(rate_per_s=upstream.requests_per_s or None)
        codings = self._http.headers["Accept-Encoding"]
        self._caller = Caller(upstream.url, account, patience, base=None, codings=codings)
        self._driver = PacedDriver(self._http, course)
        self._is_weighing = False

    def close(self) -> None:
        """Gives the connections back."""
        self._http.close()

    def terminologies(self, since: int = 0) -> tuple[str, ...]:
        """The ids defined since a second of 1970 UTC, in order of definition."""
        return self._driver.run(functions.terminologies_since(self._caller, _moment(since)))

    def offer(self, terminology_id: str) -> Offer:
        """The versions of a terminology, as they are offered now. Raises: UpstreamContradictionError."""
        answer = self._driver.run(functions.versions(self._caller, terminology_id))
        return Offer.of(self.course.upstream.name, terminology_id, answer.value if isinstance(answer, Found) else ())

    def whole(self, terminology_id: str, label: str) -> Generator[CodedText, None, None]:
        """Every concept of a version, in the wire's order."""
        return self._listed(functions.concepts(self._caller, terminology_id, label))

    def since(self, terminology_id: str, second: int) -> Generator[CodedText, None, None]:
        """What of the last version is dated *second* or later, in the wire's order."""
        return self._listed(functions.concepts_since(self._caller, terminology_id, _moment(second)))

    def beginning(self, terminology_id: str, second: int) -> tuple[list[str], bool]:
        """The first codes of what is dated *second* or later, and whether they are all.

        A short answer is heard to its end, so that the line can be used again.
        """
        with closing(self.since(terminology_id, second)) as texts:
            codes = [text.code.strip() for text in islice(texts, _SHORT)]
            return codes, next(texts, None) is None

    def weight(self, terminology_id: str, label: str) -> int | None:
        """The bytes of the answer that has every concept of a version, as its head says; None where it does not.

        The answer is hung up on before its body.
        """
        self._is_weighing = True
        try:
            with closing(self.whole(terminology_id, label)) as texts:
                next(texts, None)
        except _WeighedError as weighed:
            return weighed.bytes
        finally:
            self._is_weighing = False
        return None

    def _listed(self, plan: Plan[Whole]) -> Generator[CodedText, None, None]:
        with Concepts(self._driver, self._driver.run(plan)) as concepts:
            for batch in concepts.batches():
                yield from batch

    def _asking(self, request: httpx2.Request) -> None:
        self.course.ask()
        if self._is_weighing:
            request.headers["Accept-Encoding"] = "identity"

    def _answered(self, response: httpx2.Response) -> None:
        if self._is_weighing and response.status_code == 200 and response.request.url.path.endswith(_WHOLE):
            raise _WeighedError(response)
        assert isinstance(response.stream, httpx2.SyncByteStream)
        response.stream = _Counted(response.stream, self.course)


class _WeighedError(Exception):
    """The head of the answer is there, and that is enough. `bytes` are those of its body, None where it does not say."""

    def __init__(self, response: httpx2.Response) -> None:
        length = response.headers.get("Content-Length", "")
        self.bytes = int(length) if length.isdecimal() and "Content-Encoding" not in response.headers else None


class _Counted(httpx2.SyncByteStream):
    """The body of an answer, its bytes counted and paced as they come."""

    def __init__(self, stream: httpx2.SyncByteStream, course: Course) -> None:
        self._stream = stream
        self._course = course

    def __iter__(self) -> Iterator[bytes]:
        for piece in self._stream:
            self._course.receive(len(piece))
            yield piece

    def close(self) -> None:
        self._stream.close()


def in_spite_of_cuts(fetched: Callable[[], T], course: Course) -> T:
    """What *fetched* returns, tried again where the line was lost in the middle of a list. Raises: what it raises the last time."""
    for cut in range(1, _CUTS):
        try:
            return fetched()
        except TransportError:
            course.pause(float(cut))
    return fetched()


def _moment(second: int) -> dt.datetime:
    return dt.datetime.fromtimestamp(second, dt.UTC)
