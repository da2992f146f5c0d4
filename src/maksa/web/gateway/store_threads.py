"""The threads in which the accounts' store is asked, beside the requests, for a bounded time.

Rules of this file:
- a database can be worse than away: its machine is gone, or swaps, and nothing comes back. Whoever asks is told so after
  `PATIENCE_S`; what was asked ends when it ends;
- the threads are the store's own: a silent store holds them, and nothing else that a worker does in threads;
- the changes of accounts are asked for by one thread: those who ask meanwhile wait for the same answer.
"""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor

from maksa.web.gateway.sessions import Session, Sessions

PATIENCE_S = 4.0
_LOADERS = 4


class StoreThreads:
    """The threads of one worker."""

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions
        self._loaders = ThreadPoolExecutor(_LOADERS, thread_name_prefix="accounts")
        self._watcher = ThreadPoolExecutor(1, thread_name_prefix="changes")
        self._refreshing: asyncio.Future[None] | None = None

    async def load(self, token: str) -> Session | None:
        """See `Sessions.load`. Raises: StorageError; TimeoutError where the store is silent."""
        loop = asyncio.get_running_loop()
        return await asyncio.wait_for(loop.run_in_executor(self._loaders, self._sessions.load, token), PATIENCE_S)

    async def refresh(self) -> None:
        """See `Sessions.refresh`. Raises: StorageError; TimeoutError where the store is silent."""
        if self._refreshing is None or self._refreshing.done():
            self._refreshing = asyncio.get_running_loop().run_in_executor(self._watcher, self._sessions.refresh)
        await asyncio.wait_for(asyncio.shield(self._refreshing), PATIENCE_S)

    def close(self) -> None:
        """Waits for nobody: what the store has not answered by now is of no use."""
        self._loaders.shutdown(wait=False, cancel_futures=True)
        self._watcher.shutdown(wait=False, cancel_futures=True)
