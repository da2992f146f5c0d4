"""The short ways of one worker: which path has one, which heads were read before, and how its answers begin.

A caller sends the same head with each of his questions, to the byte. What a head says is in its bytes, so one that was read
before need not be read again.

Rules of this file:
- of a head only what its bytes say is kept; the token, the pid and the rate are judged anew for each request;
- what is kept is bounded, in number and in length.
"""

from __future__ import annotations

from msgspec import Struct
from uvicorn.protocols.http.httptools_impl import STATUS_LINE

from maksa.web.ditas.endpoint import Endpoint, Said
from maksa.web.heard import RawHeaders
from maksa.wire.ditas.statuses import JSON_TYPE

Whence = tuple[str, str]
"""The other end of a connection, and its scheme."""

_KNOWN = 2048  # heads
_LONGEST = 2048  # bytes of a head that is kept
_TYPE_AND_LENGTH = b"content-type: " + JSON_TYPE + b"\r\ncontent-length: "


class Known(Struct, frozen=True, gc=False):
    """What a head says: whom it asks, what it says to him, and how long the body is."""

    endpoint: Endpoint
    said: Said
    body_bytes: int


class ShortWays:
    """Made empty; `endpoints` are by path, and put in by the application."""

    def __init__(self) -> None:
        self.endpoints: dict[bytes, Endpoint] = {}
        self._known: dict[tuple[Whence, bytes], Known] = {}
        self._shared: RawHeaders | None = None  # by all answers; the server library makes them anew each second
        self._beginnings: dict[int, bytes] = {}
        self.known = self._known.get
        """What the head of (whence, bytes) says, if it was read before."""

    def keep(self, whence: Whence, head: bytes, known: Known) -> None:
        """Remembers what *head* says, in the place of the oldest where there are as many as may be."""
        if len(head) > _LONGEST:
            return
        if len(self._known) >= _KNOWN:
            del self._known[next(iter(self._known))]
        self._known[whence, head] = known

    def beginning(self, status: int, shared: RawHeaders) -> bytes:
        """An answer of *status* up to the length of its body; *shared* are the headers that all answers have."""
        if shared is not self._shared:
            self._shared, self._beginnings = shared, {}
        beginning = self._beginnings.get(status)
        if beginning is None:
            lines = (name + b": " + value + b"\r\n" for name, value in shared)
            beginning = self._beginnings[status] = b"".join((STATUS_LINE[status], *lines, _TYPE_AND_LENGTH))
        return beginning
