"""requestIds: a fresh UUID for each request, in a fraction of a microsecond."""

from __future__ import annotations

import secrets
from itertools import count


class RequestIds:
    """UUIDs (version 4 in form) of one worker: 74 random bits drawn at its start, then a counter of 48.

    The counter begins at a sixteenth of its range, where its last digits are always twelve.
    """

    def __init__(self) -> None:
        self._next = count(1 << 44).__next__
        self._head = (
            f"{secrets.token_hex(4)}-{secrets.token_hex(2)}-4{secrets.token_hex(2)[1:]}"
            f"-{secrets.choice('89ab')}{secrets.token_hex(2)[1:]}-"
        )

    def fresh(self) -> str:
        """The next id, as text."""
        return f"{self._head}{self._next():x}"
