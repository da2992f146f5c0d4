"""What one worker process holds: the shelf, the accounts' memory, prepared bodies, the journal; and what keeps them fresh.

Rules of this file:
- everything here is made when the worker starts and closed when it ends; handlers only use it;
- what must be fresh is looked at by `keep_fresh`, off the hot path: the manifest, accounts' revisions, the journal, and
  whether the parent still lives.
"""

from __future__ import annotations

import asyncio
import logging
import multiprocessing
import os
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from maksa.home import Home
from maksa.model.errors import IntegrityError, MaksaError, SnapshotError
from maksa.settings import Settings
from maksa.snapshot.shelf import Edition, Shelf
from maksa.snapshot.verify import check_bytes
from maksa.web import metrics
from maksa.web.ids import RequestIds
from maksa.web.journal import Journal
from maksa.web.prepared import bodies
from maksa.web.prepared.bodies import Body
from maksa.web.record import Record, counted
from maksa.web.second_look import SecondLooks
from maksa.web.usage import Usage

_log = logging.getLogger("maksa.web")

LOOK_S = 0.5  # how often the manifest is looked at: a published version answers within this and its opening
FLUSH_S = 0.25  # how long a line of the journal may wait


class Bodies:
    """The prepared bodies that this worker has open. One is prepared once, however many ask at once."""

    def __init__(self, folder: Path, timeout_s: float) -> None:
        self._folder = folder
        self._timeout_s = timeout_s
        self._ready: dict[str, Body] = {}
        self._coming: dict[str, asyncio.Future[Body]] = {}
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="bodies")

    async def of(self, edition: Edition) -> Body:
        """The body of *edition*. Raises: SnapshotError, StorageError; TimeoutError where it is not ready in time (it goes on)."""
        digest = edition.version.digest
        ready = self._ready.get(digest)
        if ready is not None and edition.fault is None:
            return ready
        snapshot = edition.snapshot
        ready = bodies.existing(self._folder, digest)
        if ready is not None:
            self._ready[digest] = ready
            return ready
        coming = self._coming.get(digest)
        if coming is None:
            loop = asyncio.get_running_loop()
            coming = loop.run_in_executor(self._thread, bodies.opened, snapshot, self._folder)
            self._coming[digest] = coming
            coming.add_done_callback(lambda done: self._arrived(digest, done))
        return await asyncio.wait_for(asyncio.shield(coming), self._timeout_s)

    def _arrived(self, digest: str, done: asyncio.Future[Body]) -> None:
        del self._coming[digest]
        if not done.cancelled() and done.exception() is None:
            self._ready[digest] = done.result()

    def forget(self, edition: Edition) -> None:
        """The body of *edition* cannot be read to its end: it is looked at again, and made again where it is not whole."""
        self._ready.pop(edition.version.digest, None)  # its files end with the last who reads them

    def close(self) -> None:
        """Waits for what is being prepared, and closes what is open."""
        self._thread.shutdown(wait=True, cancel_futures=True)
        for body in self._ready.values():
            body.close()


class Worker:
    """The state of one worker. `keep_fresh` runs beside the requests until it is cancelled."""

    def __init__(self, home: Home, settings: Settings, journal: Journal) -> None:
        self.home = home
        self.settings = settings
        self.journal = journal
        self.request_ids = RequestIds()
        self.shelf = Shelf.open(home.shelf)
        self.bodies = Bodies(home.cache, settings.provider_timeout_s)
        self._supervisor = multiprocessing.parent_process()  # known before this process was: it may be gone already
        self._summed: set[str] = set()
        self._second_looks = SecondLooks()
        self._manifest_fault: MaksaError | None = None
        self._record = Record(home.run)
        self._usage = Usage(home.run)

    def faults(self) -> list[MaksaError]:
        """What is wrong with the shelf now: damaged files, and the manifest itself where the last look at it failed."""
        return [*self.shelf.faults(), *([self._manifest_fault] if self._manifest_fault else [])]

    async def keep_fresh(self) -> None:
        """Looks after the shelf, the journal and the parent, for ever."""
        looks = 0
        while True:
            await asyncio.sleep(FLUSH_S)
            looks += 1
            try:
                await self._tend(looks)
            except Exception as error:  # noqa: BLE001 # were this to end, nothing would be fresh and the journal would grow
                _log.error("a fault of maksa's own, beside the requests", exc_info=error)

    async def _tend(self, looks: int) -> None:
        self.journal.flush()
        if looks % 2 == 0:
            self._look()
            await self._sum_new_files()
            await self._second_looks.look(self.shelf.view, time.monotonic())
        if looks % 4 == 0:
            metrics.write(self.home.run, self.journal)
            if self._record.is_due(time.time()):
                await asyncio.to_thread(self._record.note, counted(self.journal), time.time())
                await asyncio.to_thread(self._usage.note, self.journal.tallies, time.time())

    def _look(self) -> None:
        """Takes up a new manifest; one that cannot be read is logged once, and the old one goes on answering."""
        try:
            if self.shelf.refresh():
                _log.info("a new manifest was taken up: %d versions", len(self.shelf.view.manifest.versions))
            self._manifest_fault = None
        except MaksaError as error:
            if str(error) != str(self._manifest_fault):
                _log.error("%s: %s", error.slug, error)
            self._manifest_fault = error
        if self._supervisor is not None and not self._supervisor.is_alive():
            _log.error("the supervisor is gone; this worker ends")
            os.kill(os.getpid(), signal.SIGTERM)

    async def _sum_new_files(self) -> None:
        """Checks the bytes of each file that was opened, once, in a thread: opening has not (docs/snapshot-format.md)."""
        for edition in self.shelf.view.editions():
            if edition.is_open and edition.version.digest not in self._summed:
                self._summed.add(edition.version.digest)
                try:
                    await asyncio.to_thread(check_bytes, edition.path, edition.version)
                except IntegrityError as error:
                    edition.condemn(error)
                    self._summed.discard(edition.version.digest)
                    _log.error("%s: %s", error.slug, error)
                except SnapshotError:  # it cannot be read just now, and what is open of it is as it was
                    self._summed.discard(edition.version.digest)

    def close(self) -> None:
        """Writes what is left to write."""
        self.bodies.close()
        self.journal.close()
        self._usage.note(self.journal.tallies, time.time())
        metrics.write(self.home.run, self.journal)
        self._record.note(counted(self.journal), time.time())
