"""A client of either kind behind one face, so that what is tested of the one is tested of the other; and the gateway it calls.

What this folder owes: the library against the guide's gateway (tests/simulator), which shares no code with it, against a
real maksa, and against lines that break.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from maksa.client import Account, AsyncConcepts, AsyncMaksa, CodedText, Maksa, Patience
from tests.simulator import ACCOUNT, Gateway

BRISK = Patience(pause_s=0.01, longest_pause_s=0.02, read_s=5, deadline_s=10)
"""The default's rules in a test's time."""

TRUST = ssl.create_default_context()  # made once: reading the machine's certificates takes longer than most tests


class Either:
    """A `Maksa`, or an `AsyncMaksa` whose calls are awaited where they stand; lists are read to their end."""

    def __init__(self, client: Maksa | AsyncMaksa) -> None:
        self.client = client
        self._runner = asyncio.Runner() if isinstance(client, AsyncMaksa) else None

    def __getattr__(self, name: str) -> Callable[..., Any]:
        call = getattr(self.client, name)
        return lambda *args, **options: self.done(call(*args, **options))

    def done(self, came: Any) -> Any:
        return self._runner.run(came) if self._runner else came

    def listed(self, concepts: Any) -> list[CodedText]:
        """The concepts of a list that arrives."""
        return self.done(_gathered(concepts)) if isinstance(concepts, AsyncConcepts) else list(concepts)

    def left(self, concepts: Any) -> None:
        """Gives up a list that arrives."""
        self.done(concepts.aclose() if isinstance(concepts, AsyncConcepts) else concepts.close())

    def end(self) -> None:
        self.done(self.client.aclose() if isinstance(self.client, AsyncMaksa) else self.client.close())
        if self._runner:
            self._runner.close()


async def _gathered(concepts: AsyncConcepts) -> list[CodedText]:
    return [each async for each in concepts]


@pytest.fixture
def account() -> Account:
    """The account that the simulated gateway knows."""
    return Account(**ACCOUNT)


@pytest.fixture(params=[Maksa, AsyncMaksa], ids=["sync", "async"])
def made(request: pytest.FixtureRequest, ministry: Gateway, account: Account) -> Iterator[Callable[..., Either]]:
    """`made(**options)`: a client of the simulated gateway, of the kind whose turn it is."""
    clients: list[Either] = []

    def make(url: str = ministry.url, account: Account = account, **options: Any) -> Either:
        clients.append(Either(request.param(url, account, **{"patience": BRISK, "verify": TRUST, **options})))
        return clients[-1]

    yield make
    for each in clients:
        each.end()


@pytest.fixture
def ask(made: Callable[..., Either]) -> Either:
    """A client with nothing special about it."""
    return made()
