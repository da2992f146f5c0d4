"""A home with one large terminology in two versions and an account, made once for all benchmarks of a run."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
from pathlib import Path

import msgspec
from msgspec import Struct

from bench import data
from bench.report import ROOT
from maksa.catalog import Catalog
from maksa.home import Home
from maksa.model.finding import LoadReport
from maksa.model.terminology import Version
from maksa.publish import publish
from maksa.snapshot import manifest as manifests
from maksa.snapshot.manifest import file_of
from maksa.snapshot.reader import Snapshot
from maksa.web.prepared import bodies

TERMINOLOGY = "BENCH"
REVISED = 0.1  # of the concepts: what the second version changed
FIRST, SECOND = (dt.datetime(year, 7, 28, 12, tzinfo=dt.UTC) for year in (2021, 2022))


class Account(Struct, frozen=True):
    """What `maksa account add --json` prints, with the one pid that grants all."""

    client_id: str
    client_secret: str
    username: str
    password: str
    pid: str


def large(folder: Path, concepts: int) -> Home:
    """The home in *folder* with *concepts* concepts: version 1, and version 2 in which a tenth was revised; bodies prepared."""
    home = Home(folder / f"home-{concepts}")
    if not (home.shelf / manifests.NAME).exists():
        home.made()
        for label, share, at in (("1", 0.0, FIRST), ("2", REVISED, SECOND)):
            release(home, TERMINOLOGY, label, concepts, revised_share=share, at=at)
    return home


def release(
    home: Home, terminology_id: str, label: str, concepts: int, *, at: dt.datetime | None, revised_share: float = 0.0
) -> Version:
    """The first *concepts* of `bench.data`, published, their body prepared."""
    report = LoadReport(file="bench", sheet="", terminology_id=terminology_id, label=label, recognised={})
    with Catalog.open(home.catalog_url) as catalog:
        listed = manifests.read(home.shelf).versions
        stream = data.concepts(concepts, revised_share=revised_share)
        catalog.write_draft(terminology_id, label, stream, published=listed, report=report)
        version = publish(catalog, home.shelf, terminology_id, label, at=at)
    snapshot = Snapshot.open(file_of(home.shelf, version), version)
    bodies.opened(snapshot, home.cache).close()
    snapshot.close()
    return version


def account(home: Home) -> Account:
    """A new account that may call everything, without a rate."""
    name = f"bench-{dt.datetime.now(dt.UTC):%H%M%S%f}"
    command = [sys.executable, "-m", "maksa", "--home", str(home.path), "account", "add", name, "--json"]
    printed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True).stdout
    facts = msgspec.json.decode(printed)
    return Account(
        facts["client_id"], facts["client_secret"], facts["username"], facts["password"], facts["pids"][0]["pid"]
    )
