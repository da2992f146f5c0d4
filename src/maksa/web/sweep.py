"""The sweep: connections that stand still are ended, by one timer for all of them instead of one for each request.

Rules of this file:
- a head, and a message, have a time to come to their end: a byte now and then does not lengthen it;
- an answer of which nothing is taken is given up after a while: a caller who never reads holds a place and a buffer;
- whoever waits for us is left alone.
"""

from __future__ import annotations

import asyncio
import time
from typing import Any, Protocol

HEAD_S = 30.0  # from a head's first byte to its last
MESSAGE_S = 120.0  # from there to the last one of its body
IDLE_S = 75.0  # without a request
UNREAD_S = 300.0  # without a byte of an answer being taken
_EVERY_S = 2.5


class Swept(Protocol):
    """What the sweep sees of a connection."""

    in_head: bool
    in_body: bool
    still_since: float
    """Monotonic: when the sweep first saw it as it still is; 0 once a message has begun or ended."""
    unread_bytes: int
    """Of answers, when the sweep last looked."""
    cycle: Any
    flow: Any
    transport: asyncio.Transport

    def untaken_bytes(self) -> int:
        """Bytes of answers that the caller has not taken yet."""

    def send_400_response(self, msg: str) -> None:
        """Refuses what could not be read, and closes."""


def sweeper_of(state: Any, loop: asyncio.AbstractEventLoop) -> None:
    """Starts the sweep of this server's connections with its first one."""
    if not hasattr(state, "maksa_sweep"):
        state.maksa_sweep = loop.call_later(_EVERY_S, _sweep, state, loop)


def _sweep(state: Any, loop: asyncio.AbstractEventLoop) -> None:
    now = time.monotonic()
    for connection in list(state.connections):
        look_at(connection, now)
    state.maksa_sweep = loop.call_later(_EVERY_S, _sweep, state, loop)


def look_at(connection: Swept, now: float) -> None:
    """Ends the connection where it has stood still for too long."""
    unread = connection.untaken_bytes()
    if not connection.still_since or unread != connection.unread_bytes:
        connection.still_since, connection.unread_bytes = now, unread
    still_s = now - connection.still_since
    if unread:
        if still_s > UNREAD_S:
            connection.transport.abort()
    elif _waits_for_us(connection):
        connection.still_since = 0.0
    elif connection.in_head or connection.in_body:
        if still_s > (MESSAGE_S if connection.in_body else HEAD_S):
            connection.send_400_response("The request did not come to its end in time.")
    elif still_s > IDLE_S:
        connection.transport.close()


def _waits_for_us(connection: Swept) -> bool:
    """Whether an answer is due, or we have stopped reading."""
    is_due = connection.cycle is not None and not connection.cycle.response_complete
    return connection.flow.read_paused or (is_due and not connection.in_body)
