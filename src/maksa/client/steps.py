"""What a call does on the line, said and not done: a plan is a generator that yields steps and is sent what came of them.

Every function of the service is such a plan (`functions`), and there is one of each. `sync` and `asynchronous` do the
steps, each in its own way; a test does them by hand. A plan knows no socket, no thread and no clock but the steady one.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping
from typing import Any, TypeAlias, TypeVar

import httpx2
from msgspec import Struct

T = TypeVar("T")


class Send(Struct, frozen=True, gc=False):
    """Sends a request. What comes of it is an `Answer`; or, where *is_streamed*, an `Arrival` if its status is 200.

    `times` are httpx2's: seconds for connect, read, write and pool. `until` is the deadline, of the steady clock: a body
    that comes drop by drop is given up at it, each silence being short enough. `silence_s` is how long one may be in the body of
    an arrival, which only begins before the deadline.
    Raises in the plan: TransportError, UnreadableAnswerError.
    """

    method: str
    url: httpx2.URL
    headers: Mapping[str, str]
    content: bytes | None
    times: Mapping[str, float]
    until: float
    is_streamed: bool = False
    silence_s: float = 0.0

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.method!r}, {str(self.url)!r}, …)"  # a token or a password is in the rest


class Answer(Struct, frozen=True, gc=False):
    """What came back: the status and headers, and the body where it was read at once."""

    status: int
    headers: httpx2.Headers
    body: bytes

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.status}, …)"  # the body may be a token's

    @property
    def request_id(self) -> str:
        return self.headers.get("requestId", "")


class Arrival(Struct, frozen=True):
    """An answer of 200 whose body is still to be read, with `Read`, and must be ended with `Close`.

    `chunks` is the driver's own: an iterator of bytes, asynchronous or not.
    """

    headers: httpx2.Headers
    response: httpx2.Response
    chunks: Any
    status: int = 200

    @property
    def request_id(self) -> str:
        return self.headers.get("requestId", "")


class Read(Struct, frozen=True, gc=False):
    """Reads on. What comes of it is some bytes, or none at the end. Raises in the plan: TransportError."""

    arrival: Arrival


class Close(Struct, frozen=True, gc=False):
    """Gives the connection of an arrival back; again does nothing."""

    arrival: Arrival


class Wait(Struct, frozen=True, gc=False):
    """Waits. Nothing comes of it."""

    seconds: float


class Alone(Struct, frozen=True, gc=False):
    """Does *plan* while no other thread or task does one of these. What comes of it is what the plan returns.

    `until` is as of `Send`: so long is waited for the others. Raises in the plan: TimedOutError.
    """

    plan: Plan[Any]
    until: float


class Load(Struct, frozen=True, gc=False):
    """Asks the caller's store. What comes of it are `KeptTokens`, or None."""


class Save(Struct, frozen=True, gc=False):
    """Gives the caller's store the tokens to keep. Nothing comes of it."""

    tokens: Any


Step: TypeAlias = Send | Read | Close | Wait | Alone | Load | Save
Plan: TypeAlias = Generator[Step, Any, T]
