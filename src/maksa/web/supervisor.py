"""The supervisor of several workers: uvicorn's, which does not give a service up that once ran.

Where a worker cannot start, uvicorn ends the service. That is right at the first start, whose fault the operator is told at
once. Later it would be fatal: with the accounts' database away for a minute, or a manifest half copied, one worker that the
system has killed would take the others with it, and they answer every token that they know.
"""

from __future__ import annotations

import logging
from socket import socket
from time import monotonic

from uvicorn.config import STARTUP_FAILURE, Config
from uvicorn.supervisors import Multiprocess
from uvicorn.supervisors.multiprocess import Process

_log = logging.getLogger("maksa.web")

PATIENCE_S = (
    20  # with a worker that does not answer; one that starts on a busy machine is silent for longer than uvicorn's 5
)
_PAUSE_S = 2.0  # before a worker that could not start is tried again


class Supervisor(Multiprocess):
    """Starts the workers, starts those again that end, and ends them all on a signal."""

    def __init__(self, config: Config, sockets: list[socket]) -> None:
        super().__init__(config, sockets)
        self.has_served = False  # a worker was ready once
        self._again_at: dict[int, float] = {}  # monotonic, by the worker's place: when the next one is tried there

    def keep_subprocess_alive(self) -> None:
        """See `Multiprocess`: asked twice a second."""
        if not self.has_served:
            self.has_served = any(each.process.is_alive() and each.is_ready(PATIENCE_S) for each in self.processes)
        if not self.has_served:
            super().keep_subprocess_alive()
            return
        for place, process in enumerate(self.processes):
            if not self.should_exit.is_set() and monotonic() >= self._again_at.get(place, 0.0):
                self._look_after(place, process)

    def _look_after(self, place: int, process: Process) -> None:
        if process.is_alive(PATIENCE_S):
            return
        process.kill()
        process.join()
        if process.exitcode == STARTUP_FAILURE and place not in self._again_at:
            _log.error("a worker could not start; it is tried again every %d s, the others go on", _PAUSE_S)
            self._again_at[place] = monotonic() + _PAUSE_S
            return
        self._again_at.pop(place, None)
        _log.warning("worker %d has ended; another takes its place", process.pid)
        self.processes[place] = Process(self.config, self.sockets)
        self.processes[place].start()
