"""The sweep: connections that stand still are ended, by one timer for all of them instead of one for each request."""

from __future__ import annotations

import asyncio
import time
from typing import Any, Protocol

HEAD_S = 15.0  # without a byte of a head that has begun, or of the first one
BODY_S = 60.0  # without a byte of a body
IDLE_S = 75.0  # between two requests
_EVERY_S = 2.5


class Swept(Protocol):
    """What the sweep sees of a connection."""

    in_head: bool
    in_body: bool
    still_since: float
    """Monotonic: when the sweep first saw it as it still is; 0 once a byte has come."""
    cycle: Any
    transport: asyncio.Transport

    def send_400_response(self, msg: str) -> None:
        """Refuses what could not be read, and closes."""


def sweeper_of(state: Any, loop: asyncio.AbstractEventLoop) -> None:
    """Starts the sweep of this server's connections with its first one."""
    if not hasattr(state, "maksa_sweep"):
        state.maksa_sweep = loop.call_later(_EVERY_S, _sweep, state, loop)


def _sweep(state: Any, loop: asyncio.AbstractEventLoop) -> None:
    now = time.monotonic()
    for connection in list(state.connections):
        _look_at(connection, now)
    state.maksa_sweep = loop.call_later(_EVERY_S, _sweep, state, loop)


def _look_at(connection: Swept, now: float) -> None:
    """Ends the connection where no byte has come for too long. One that is being answered is left alone."""
    if connection.cycle is not None and not connection.cycle.response_complete and not connection.in_body:
        return
    if not connection.still_since:
        connection.still_since = now
        return
    still_s = now - connection.still_since
    if connection.in_head or connection.in_body:
        if still_s > (BODY_S if connection.in_body else HEAD_S):
            connection.send_400_response("The request did not come to its end in time.")
    elif still_s > IDLE_S:
        connection.transport.close()
