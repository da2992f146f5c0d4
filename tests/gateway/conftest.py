"""Real databases for the gateway's tests: an SQLite file or a PostgreSQL database of its own for each test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from maksa.web.gateway.store import Store


@pytest.fixture(params=["sqlite", "postgresql"])
def store_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of an empty database: each test that asks for it runs on both kinds."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'accounts.db'}"
    url: str = request.getfixturevalue("postgres_database")
    return url


@pytest.fixture
def opened() -> Iterator[Callable[..., Store]]:
    """Opens stores, and closes them all at the end of the test."""
    with ExitStack() as stack:
        yield lambda url, **options: stack.enter_context(closing(Store(url, **options)))


@pytest.fixture
def store(store_url: str, opened: Callable[..., Store]) -> Store:
    return opened(store_url)
