"""What a sync did, and the shape of whoever does one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection
from pathlib import Path
from typing import Literal, Protocol, TypeAlias

from msgspec import Struct

from maksa.model.following import Held
from maksa.model.terminology import Version

Progress: TypeAlias = Callable[[str, int], None]
"""Called with a phase and how much of it is done (bytes, or rows)."""

Clock: TypeAlias = Callable[[], dt.datetime]
"""What says now, aware."""

Pause: TypeAlias = Callable[[float], None]
"""Waits so many seconds; a signal that ends the process ends the wait."""


class SyncReport(Struct, frozen=True, kw_only=True):
    """What one sync of one upstream did.

    `outcome`: "unchanged", nothing new upstream; "updated", all that was new is on the shelf; "partial", the hours in which
    it may be asked ended first, and the next sync goes on. `added` are versions that the shelf lists now and did not before,
    `dropped` those that it lists no more since old ones are not kept; `notices` counts letters that were new. `sequence` is
    that of the upstream's manifest, 0 where it has none. `requests` counts what was asked, `received` the bytes of
    bodies that came, `resumed` those that an earlier sync had left. `absent` are terminologies that are wanted and that the
    upstream does not have, `held` those that are held back: of them nothing was taken.
    """

    upstream: str
    outcome: Literal["unchanged", "updated", "partial"]
    started_at: dt.datetime
    ended_at: dt.datetime
    added: tuple[Version, ...] = ()
    dropped: tuple[Version, ...] = ()
    notices: int = 0
    sequence: int = 0
    requests: int = 0
    received: int = 0
    resumed: int = 0
    absent: tuple[str, ...] = ()
    held: tuple[Held, ...] = ()


class Source(Protocol):
    """One upstream that can be followed, of whatever kind."""

    def sync(
        self, folder: Path, staging: Path, *, progress: Progress, now: Clock, pause: Pause, accepted: Collection[str] = ()
    ) -> SyncReport:  # fmt: skip
        """Brings the shelf in *folder* as far as the upstream is, and says what was done.

        Args:
            staging: a folder of this upstream's own, there already, on the file system of *folder*. It is kept from one sync
                to the next and is nobody else's: half-fetched files and what is remembered live in it.
            progress: called once something newer than what is here was seen, and as it is fetched.
            now: asked before each request whether the upstream's hours still hold.
            pause: for rates and retries.
            accepted: ids of terminologies that were held back, and of which what is offered now is taken all the same.

        What a list of the upstream's may not is told of it in the report, and the other lists are taken.
        No other sync of this shelf runs meanwhile. Versions reach the manifest through `placing.place` only.
        Raises: RemoteError, AccessError of the upstream; SnapshotError, StorageError of this side. What was placed stays.
        """
