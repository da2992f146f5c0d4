"""A service that goes on following: the mirror's own process beside the workers, and who looks after it.

Rules of this file:
- answers wait for nothing of it: it is another process, of lower priority, and whatever becomes of it the service serves;
- there is none where nobody is followed; one that ends is started again while there is somebody to follow;
- it ends with the service, also where that was killed.
"""

from __future__ import annotations

import logging
import multiprocessing
import os
import signal
import threading
from multiprocessing.context import SpawnProcess
from pathlib import Path
from types import TracebackType

from maksa.home import Home
from maksa.settings import Settings

LOOK_S = 1.0  # how often it is looked whether somebody is to be followed
NICE = 10
_PATIENCE_S = 5.0  # with its end

_spawn = multiprocessing.get_context("spawn")


class Follower:
    """Within it, the upstreams of *home* are followed, as the *settings* have it."""

    def __init__(self, home: Home, settings: Settings) -> None:
        self._home = home
        self._settings = settings
        self._is_over = threading.Event()
        self._process: SpawnProcess | None = None
        self._thread = threading.Thread(target=self._watch, name="follower", daemon=True)

    def __enter__(self) -> Follower:
        if self._settings.mirror_interval_s:
            self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._is_over.set()
        if self._thread.is_alive():
            self._thread.join()
        if self._process is not None:
            self._process.terminate()
            self._process.join(_PATIENCE_S)
            self._process.kill()

    def _watch(self) -> None:
        while not self._is_over.is_set():
            is_running = self._process is not None and self._process.is_alive()
            if not is_running and any(self._home.mirrors.glob("*.account.json")):
                self._process = _spawn.Process(
                    target=run,
                    args=(self._home.path, self._settings),
                    name="maksa-mirror",
                    daemon=True,
                )
                self._process.start()
            self._is_over.wait(LOOK_S)


def run(path: Path, settings: Settings) -> None:
    """The process: follows until its parent is gone, or nobody is left to follow."""
    from maksa.mirror.following import Following  # a service that follows nobody imports none of it
    from maksa.mirror.upstreams import Upstreams
    from maksa.snapshot.signing import Signer, configured_key
    from maksa.web import log

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the service's to answer; it ends this process
    os.nice(NICE)
    log.configure(settings.log_level)
    logging.getLogger("httpx2").setLevel(logging.WARNING)  # a line for each request would be two
    parent = multiprocessing.parent_process()
    home = Home(path)
    upstreams = Upstreams(home.mirrors)

    def is_wanted() -> bool:
        return bool(upstreams.names()) and parent is not None and parent.is_alive()

    def signer() -> Signer | None:
        return configured_key(settings.signing_key, home.signing_key)

    Following(upstreams, home.shelf, settings.mirror_interval_s, signer=signer).follow(is_wanted)
