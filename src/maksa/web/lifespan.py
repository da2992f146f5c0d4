"""How an application starts and ends, as ASGI's lifespan protocol has it; what it does meanwhile is its own matter."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Coroutine
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from typing import Any

from maksa.web.asgi import Receive, Send

_log = logging.getLogger("maksa.web")


async def live(receive: Receive, send: Send, life: AbstractAsyncContextManager[None]) -> None:
    """Enters *life* when the server starts and leaves it when the server ends; one that cannot start is told to the server."""
    await receive()
    async with AsyncExitStack() as entered:
        try:
            await entered.enter_async_context(life)
        except Exception as error:  # noqa: BLE001 # told to the server library, which ends the process
            _log.critical("cannot start: %s", error)
            await send({"type": "lifespan.startup.failed", "message": str(error)})
            return
        await send({"type": "lifespan.startup.complete"})
        await receive()
    await send({"type": "lifespan.shutdown.complete"})


@asynccontextmanager
async def beside(*works: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
    """Does *works*, which never end by themselves, for as long as the block lasts."""
    tasks = [asyncio.ensure_future(work) for work in works]
    yield
    for task in tasks:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
