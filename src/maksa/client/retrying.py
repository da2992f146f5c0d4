"""What is asked again, and when: only what asking again cannot harm and may mend, and only until the deadline.

Every function of the service reads and a login may be repeated (contract, section 1), so an answer that was lost may be asked
for again. It is done where the other end says when (429 with `Retry-After`), says later (503, 504), or did not say
anything at all. Not by stamina, which cannot be said as steps, and would sleep past the deadline for a `Retry-After` that lies
behind it (ADR 16).
"""

from __future__ import annotations

import datetime as dt
import random
import re
from collections.abc import Callable
from email.utils import parsedate_to_datetime
from time import monotonic

from maksa.client.account import Patience
from maksa.model.errors import RefusedError, RemoteError, TooFastError, TransportError

AGAIN = frozenset({502, 503, 504})
"""Statuses after which a call is repeated. 502 is the word of a proxy between for a connection that it lost."""


class Repetition:
    """The repetitions of one call."""

    __slots__ = ("_attempts", "_chance", "_clock", "_patience", "until")

    def __init__(
        self, patience: Patience, *,
        clock: Callable[[], float] = monotonic, chance: Callable[[], float] = random.random,
    ) -> None:  # fmt: skip
        self._patience = patience
        self._clock = clock
        self._chance = chance
        self._attempts = 0
        self.until = clock() + patience.deadline_s

    def pause_after(self, error: RemoteError) -> float:
        """The seconds to wait before the call is repeated. Raises: *error*, where it is not."""
        self._attempts += 1
        if not is_worth_repeating(error):
            raise error
        pause = max(self._backoff(), error.facts.get("retry_after_s") or 0.0)
        if self._attempts >= self._patience.attempts or self._clock() + pause >= self.until:
            error.add_note(f"maksa.client: given up at attempt {self._attempts}")
            raise error
        return pause

    def _backoff(self) -> float:
        doubled = self._patience.pause_s * 2.0 ** (self._attempts - 1)
        return min(doubled, self._patience.longest_pause_s) * (1 - self._chance() / 2)


def is_worth_repeating(error: RemoteError) -> bool:
    """Whether the same call may go better later, and nothing is harmed by it."""
    if isinstance(error, RefusedError):
        return isinstance(error, TooFastError) or error.facts["status"] in AGAIN
    return isinstance(error, TransportError) and not error.facts.get("is_final", False)


def retry_after_s(header: str | None, date: str | None = None) -> float | None:
    """The seconds of a `Retry-After`, a number or a date; None where there is none that can be read.

    A date counts from *date*, the answer's own, as the clock of a ward's machine may be any; from ours where it has none.
    """
    if not header:
        return None
    if _SECONDS.fullmatch(header.strip()):
        return float(header)
    moment = http_moment(header)
    if moment is None:
        return None
    now = http_moment(date or "") or dt.datetime.now(dt.UTC)
    return max(0.0, (moment - now).total_seconds())


_SECONDS = re.compile(r"[0-9]{1,9}(\.[0-9]*)?")  # whole ones by RFC 9110, which not everybody has read


def http_moment(header: str) -> dt.datetime | None:
    """The moment in a header such as `Date`, aware, UTC; None where it cannot be read."""
    try:
        moment = parsedate_to_datetime(header)
        return (moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)).astimezone(dt.UTC)
    except (ValueError, OverflowError):
        return None
