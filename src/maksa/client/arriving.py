"""A list of concepts as it arrives: what is known of it when it begins, and the plan of reading on.

The first concepts are read before anybody has the list, so that nothing found, a refusal and a line that is lost at once are
known where the call stands; a line that is lost later cannot be repeated, since concepts were handed out.
"""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from math import inf
from time import monotonic
from typing import TypeVar

from maksa.client.caller import Caller
from maksa.client.gathering import TOO_SLOW
from maksa.client.refusals import check, unread
from maksa.client.retrying import http_moment
from maksa.client.splitting import Splitter
from maksa.client.steps import Answer, Arrival, Close, Plan, Read
from maksa.model.answers import NothingFound
from maksa.model.concept import CodedText
from maksa.model.errors import TimedOutError, UnreadableAnswerError
from maksa.wire.ditas.functions import Function

A = TypeVar("A")


class Whole:
    """A list of concepts under way. *absence* is what is said of it where it has none."""

    def __init__(self, function: str, answer: Answer | Arrival, absence: NothingFound) -> None:
        self._function = function
        self._answer = answer
        self._absence = absence
        self.name = " ".join(filter(None, (absence.terminology_id, absence.label)))
        self._splitter = Splitter()
        self._first: list[CodedText] = []
        self._is_ended = False
        self.nothing: NothingFound | None = None
        self.is_unchanged = answer.status == 304
        self.etag: str = answer.headers.get("ETag", "")
        self.request_id: str = answer.headers.get("requestId", "")
        self.asked_at = _clock_of(answer)

    def begin(self, until: float) -> Plan[None]:
        """Reads until the first concepts are there, or it is known that there are none. Raises: TimedOutError at *until*."""
        self._first = yield from self._read(until)
        if not self._first and not self.is_unchanged:
            self.nothing = self._absence

    def more(self) -> Plan[list[CodedText]]:
        """The next concepts in their order, none at the end. Raises: TransportError, UnreadableAnswerError, RefusedError."""
        first, self._first = self._first, []
        return first or (yield from self._read())

    def close(self) -> Plan[None]:
        """Gives the connection back, whatever has been read; nothing more comes."""
        self._is_ended = True
        self._first = []
        if isinstance(self._answer, Arrival):
            yield Close(self._answer)

    def _read(self, until: float = inf) -> Plan[list[CodedText]]:
        if self._is_ended or not isinstance(self._answer, Arrival):
            return []
        try:
            while True:
                piece: bytes = yield Read(self._answer)
                concepts = self._splitter.feed(piece) if piece else self._finished(self._answer)
                if concepts or not piece:
                    return concepts
                if monotonic() >= until:
                    raise TimedOutError(place=self._function, reason=TOO_SLOW)
        except BaseException:
            yield from self.close()
            raise

    def _finished(self, arrival: Arrival) -> list[CodedText]:
        self._is_ended = True
        try:
            reply, concepts = self._splitter.finish()
        except UnreadableAnswerError as error:
            raise unread(self._function, arrival, error, self._splitter.tail) from error
        check(self._function, arrival, reply)
        return concepts


class Arriving:
    """What is known of a list of concepts when it begins to arrive.

    `nothing` says what was asked where nothing was found, else None. `is_unchanged` is true where *if_none_match* still holds,
    and nothing arrives. `etag` is "" where the gateway gives none. `asked_at` is the moment of the answer by the other end's
    clock, aware, UTC: the *since* of the next question. `request_id` is what to tell its operator.
    """

    def __init__(self, whole: Whole) -> None:
        self._whole = whole
        self._reader = threading.Lock()
        self.nothing = whole.nothing
        self.is_unchanged = whole.is_unchanged
        self.etag = whole.etag
        self.asked_at = whole.asked_at
        self.request_id = whole.request_id

    @contextmanager
    def _read_alone(self) -> Iterator[None]:
        """Raises: RuntimeError where another reads already: two would get each other's concepts, and end each other's reading."""
        if not self._reader.acquire(blocking=False):
            raise RuntimeError("these concepts are being iterated already: one thread or task reads a list, once")
        try:
            yield
        finally:
            self._reader.release()

    def __repr__(self) -> str:
        what = "nothing" if self.nothing else "unchanged" if self.is_unchanged else "arriving"
        return f"<{type(self).__name__} of {self._whole.name}, {what}>"


def opened(caller: Caller, function: Function[A], asked: A, absence: NothingFound, if_none_match: str) -> Plan[Whole]:
    """The list that *function* answers to *asked*, its first concepts read."""

    def begin(answer: Answer | Arrival, until: float) -> Plan[Whole]:
        whole = Whole(function.name, answer, absence)
        yield from whole.begin(until)
        return whole

    headers = {"If-None-Match": if_none_match} if if_none_match else {}
    return caller.opened(function, asked, begin, headers)


def _clock_of(answer: Answer | Arrival) -> dt.datetime:
    """The moment at which the other end began to answer by its own clock, ours where it does not say."""
    return http_moment(answer.headers.get("Date", "")) or dt.datetime.now(dt.UTC).replace(microsecond=0)
