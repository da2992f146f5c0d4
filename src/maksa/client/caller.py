"""One call of a function, whole: the token, the route, the pace, the repetitions.

Rules of this file:
- what comes out is an answer under HTTP 200; all else is an error that names the function and carries the requestId;
- a 401 has the token renewed and the call sent once more, whatever the patience says;
- nothing waits past the deadline: each sending gets what is left of it.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from time import monotonic
from types import MappingProxyType
from typing import Any, TypeVar

from msgspec import Struct

from maksa import __version__
from maksa.client.account import Account, Patience
from maksa.client.pacing import Pace
from maksa.client.refusals import refusal_of, reply_of, tokens_of
from maksa.client.retrying import Repetition
from maksa.client.routes import Route, Routes, Search, is_the_gateways
from maksa.client.steps import Answer, Arrival, Plan, Send, Wait
from maksa.client.tokens import Session
from maksa.model.errors import AccessRefusedError, RemoteError, TimedOutError, TooFastError, TransportError
from maksa.wire.ditas.functions import Function
from maksa.wire.ditas.replies import Reply
from maksa.wire.oauth import Grant, Tokens, token_request

A = TypeVar("A")
T = TypeVar("T")

Begin = Callable[[Answer | Arrival, float], Plan[T]]
"""A plan that begins to read an answer under 200, or a 304, until a deadline. What it raises may have the call repeated."""

_log = logging.getLogger("maksa.client")

EMPTY: Mapping[str, str] = MappingProxyType({})


class Question(Struct, frozen=True, gc=False):
    """What is asked: the function, its body, and whether the answer is to be read as it arrives."""

    function: Function[Any]
    body: bytes
    headers: Mapping[str, str]
    is_streamed: bool


class Turn(Struct):
    """How far one call is: its deadline, the token that it went with last, and the one that was refused."""

    until: float
    token: str = ""
    refused: str = ""

    def __repr__(self) -> str:
        return f"{type(self).__name__}(…)"


class Caller:
    """An account at a gateway, for every call of one `Maksa`."""

    def __init__(self, url: str, account: Account, patience: Patience, *, base: str | None, codings: str) -> None:
        self.account = account
        self.patience = patience
        self.routes = Routes(url, base)
        self.pace = Pace(patience.rate_per_s)
        self.session = Session(account, self._login)
        self._shared = {
            "Accept-Encoding": codings,
            "Content-Type": "application/json",
            "User-Agent": f"maksa-client/{__version__}",
        }

    def __repr__(self) -> str:
        return f"{type(self).__name__}({str(self.routes.url)!r}, {self.account!r})"

    def called(self, function: Function[A], asked: A, read: Callable[[Reply], T]) -> Plan[T]:
        """What *read* makes of the answer to *asked*. Raises: RemoteError, AccessError; MissingParameterError for a pid."""
        question = self._question(function, asked)

        def once(turn: Turn) -> Plan[T]:
            answer = yield from self._admitted(question, turn)
            assert isinstance(answer, Answer), "what is not streamed is read at once"
            return reply_of(function.name, answer, read)

        return self._repeated(once)

    def opened(self, function: Function[A], asked: A, begin: Begin[T], headers: Mapping[str, str]) -> Plan[T]:
        """What *begin* makes of the answer to *asked* as it arrives; of a 304 before it does. Raises: as `called`."""
        question = self._question(function, asked, is_streamed=True, headers=headers)

        def once(turn: Turn) -> Plan[T]:
            return (yield from begin((yield from self._admitted(question, turn)), turn.until))

        return self._repeated(once)

    def _question(
        self, function: Function[A], asked: A, *, is_streamed: bool = False, headers: Mapping[str, str] = EMPTY
    ) -> Question:
        pid = self.account.pid_for(function.name)
        return Question(function, function.write(asked), {"pid": pid, **headers}, is_streamed)

    def _repeated(self, once: Callable[[Turn], Plan[T]]) -> Plan[T]:
        """What *once* returns, in the end. A refused token is renewed, once; all else is for `Repetition` to judge."""
        repetition = Repetition(self.patience)
        turn = Turn(repetition.until)
        while True:
            try:
                return (yield from once(turn))
            except RemoteError as error:
                if _is_of_token(error) and turn.token and not turn.refused:
                    turn.refused = turn.token
                    continue
                pause = repetition.pause_after(error)
                if isinstance(error, TooFastError):
                    self.pace.hold(pause)
                _log.info("%s; again in %.1f s", error, pause)
            yield Wait(pause)

    def _admitted(self, question: Question, turn: Turn) -> Plan[Answer | Arrival]:
        """The answer under 200, or a 304. Raises: RefusedError for any other."""
        answer = yield from self._routed(question, turn)
        if isinstance(answer, Answer) and answer.status not in (200, 304):
            raise refusal_of(question.function.name, answer)
        return answer

    def _routed(self, question: Question, turn: Turn) -> Plan[Answer | Arrival]:
        """The answer by the first route that leads to the function; where none does, the most telling refusal."""
        routes = self.routes.to(question.function)
        if len(routes) == 1:
            return (yield from self._sent(question, routes[0], turn))
        search = Search(routes)
        while (route := search.next()) is not None:
            try:
                answer = yield from self._sent(question, route, turn)
            except TransportError as error:
                if search.is_over_after(error):
                    raise
                continue
            if isinstance(answer, Arrival) or search.is_over_with(answer):
                if isinstance(answer, Arrival) or (answer.status == 200 and is_the_gateways(answer.body)):
                    self.routes.settle(question.function, route)
                return answer
        return search.best

    def _sent(self, question: Question, route: Route, turn: Turn) -> Plan[Answer | Arrival]:
        pause = self.pace.take()
        if pause:
            if monotonic() + pause >= turn.until:
                raise TimedOutError(
                    place=question.function.name, reason=f"the rate leaves no room for {pause:.0f} s", is_final=True
                )
            yield Wait(pause)
        turn.token = yield from self.session.token(turn.until, refused=turn.refused)  # now: while it waits, one may end
        url, content = route.carried(question.body)
        headers = {"Authorization": f"Bearer {turn.token}", **question.headers, **self._shared}
        answer: Answer | Arrival = yield Send(
            route.method, url, headers, content, self._times(turn.until), turn.until,
            is_streamed=question.is_streamed, silence_s=self.patience.read_s,
        )  # fmt: skip
        return answer

    def _times(self, until: float) -> Mapping[str, float]:
        """How long each silence of the line may be: no longer than what is left, and never nothing at all."""
        left = max(until - monotonic(), 0.001)
        connect, read = min(self.patience.connect_s, left), min(self.patience.read_s, left)
        return {"connect": connect, "read": read, "write": read, "pool": left}

    def _login(self, grant: Grant, until: float) -> Plan[Tokens]:
        """New tokens for *grant*. Raises: BadClientError, BadGrantError, RemoteError; what passes has the call repeated."""
        headers, form = token_request(self.account.client, grant)
        headers = headers | {"User-Agent": self._shared["User-Agent"]}
        answer: Answer = yield Send("POST", self.routes.token_url, headers, form, self._times(until), until)
        return tokens_of(answer)


def _is_of_token(error: RemoteError) -> bool:
    """Whether *error* is a 401, of either shape and under any status of HTTP."""
    return isinstance(error, AccessRefusedError) and error.facts["status"] == 401
