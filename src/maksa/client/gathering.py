"""A short answer's body, gathered as it comes: no more of it, and no longer, than an answer of its kind can be."""

from __future__ import annotations

from time import monotonic

from maksa.client.steps import Send
from maksa.model.errors import TimedOutError, UnreadableAnswerError

LIMIT = 64 * 1024 * 1024  # bytes; the longest, all versions of a terminology, has some thousands
TOO_SLOW = "the answer came too slowly to be there before the deadline"


def not_alone() -> TimedOutError:
    """What is said of an `Alone` that never was."""
    return TimedOutError(place="the token", reason="another who asks for it was not done before the deadline")


class Gathering:
    """The body of the answer to one `Send`."""

    __slots__ = ("_parts", "_send", "_size")

    def __init__(self, send: Send) -> None:
        self._send = send
        self._parts: list[bytes] = []
        self._size = 0

    def add(self, part: bytes) -> None:
        """Takes the next part. Raises: TimedOutError, UnreadableAnswerError."""
        self._parts.append(part)
        self._size += len(part)
        if self._size > LIMIT:
            raise UnreadableAnswerError(
                reason=f"it is longer than {LIMIT} bytes", function=self._send.url.path.rpartition("/")[2]
            )
        if monotonic() >= self._send.until:
            raise TimedOutError(place=self._send.url.netloc.decode("ascii"), reason=TOO_SLOW)

    def whole(self) -> bytes:
        """All of it."""
        return b"".join(self._parts)
