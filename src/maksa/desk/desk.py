"""The desk of one home: its stores open, its rules joined. What handlers and the terminal ask."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import ExitStack
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import Self

from maksa.catalog import Catalog
from maksa.desk.audit import Audit
from maksa.desk.jobs import Job, Jobs, State
from maksa.desk.operators import Operators
from maksa.desk.orders import JobKind, Order, Outcome
from maksa.desk.releases import Releases
from maksa.desk.schema import TABLES
from maksa.desk.sealing import Sealer
from maksa.desk.second_factor import SecondFactor
from maksa.desk.sessions import Sessions
from maksa.desk.signing_in import SigningIn
from maksa.drafting.loading import Wanted
from maksa.home import Home
from maksa.model.errors import UnknownDraftError
from maksa.settings import Settings
from maksa.web.gateway.accounts import Accounts
from maksa.web.gateway.store import Store
from maksa.web.gateway.throttle import Throttle


class Desk:
    """Everything that the desk does, over one home. Close it.

    Raises: SettingsError, StorageError where a store cannot be opened.
    """

    def __init__(self, home: Home, settings: Settings, *, clock: Callable[[], float] = time.time) -> None:
        self.home = home.made()
        self.settings = settings
        self.catalog_url = settings.catalog_url or home.catalog_url
        self._store = Store(settings.desk_url or home.desk_url, tables=TABLES, setting="desk_url")
        self._opened = ExitStack()
        self._opened.callback(self._store.close)
        self.sealer = Sealer(home.desk_key)
        self.audit = Audit(self._store, clock=clock)
        self.operators = Operators(self._store, self.audit, clock=clock)
        self.second_factor = SecondFactor(self._store, self.audit, self.sealer, clock=clock)
        self.sessions = Sessions(self._store, settings, clock=clock)
        throttle = Throttle(self._store, settings, clock=clock)
        self.signing_in = SigningIn(self.operators, self.second_factor, self.sessions, throttle, self.audit)
        self.jobs = Jobs(self._store, self.audit, home, clock=clock)
        self.releases = Releases(
            self._store, self.audit, self.jobs, two_persons=settings.two_person_release, clock=clock
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        self._opened.close()

    @cached_property
    def accounts(self) -> Accounts:
        """The gateway's accounts, whose store is opened when it is first asked. Raises: StorageError."""
        store = Store(self.settings.accounts_url or self.home.accounts_url)
        self._opened.callback(store.close)
        return Accounts(store)

    def order(self, kind: JobKind, folder: Path, wanted: Wanted, file: str = "") -> Order:
        """What the process of a job is told that works over this home, in *folder*."""
        return Order(
            kind=kind,
            folder=str(folder),
            home=str(self.home.path),
            catalog_url=self.catalog_url,
            wanted=wanted,
            file=file,
            signing_key=self.settings.signing_key,
            memory=self.settings.desk_job_memory,
        )

    def catalog(self) -> Catalog:
        """The catalog, to be closed by whoever asked. Raises: StorageError."""
        return Catalog.open(self.catalog_url)

    def is_superseded(self, job: Job) -> bool:
        """Whether the draft that *job* reviewed is another by now, or gone. Raises: StorageError."""
        reviewed = job.outcome.draft
        if reviewed is None or job.ended_at is None:
            return False
        try:
            with self.catalog() as catalog:
                draft = catalog.draft(reviewed.terminology_id, reviewed.label)
        except UnknownDraftError:
            return True
        return draft.loaded_at.timestamp() > job.ended_at

    def ended(self, job: Job, state: State, outcome: Outcome) -> None:
        """What follows from the end of a job: the release that it was to publish is published, or is not."""
        self.releases.published(job, state, outcome)
