"""Locks, disks and strangers' databases: a clear error each, and nothing half done."""

import os
import sqlite3
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager

import pytest
from sqlalchemy import create_engine, make_url, text

from maksa.catalog import Catalog
from maksa.model.concept import Concept
from maksa.model.errors import (
    DiskFullError,
    DraftLockedError,
    LockedError,
    ReadOnlyError,
    SchemaVersionError,
    SettingsError,
    StorageError,
)
from tests.catalog.conftest import CONTACTS, SHORT_WAIT_S, report


@contextmanager
def loading(url, terminology_id="eRX", label="1"):
    """Another loader, half-way through its file for as long as the block runs."""
    started, finish = threading.Event(), threading.Event()

    def concepts():
        yield Concept("1", "x", "en")
        started.set()
        finish.wait(30)

    def load():
        with Catalog.open(url) as catalog:
            return catalog.write_draft(terminology_id, label, concepts(), published=(), report=report())

    with ThreadPoolExecutor() as pool:
        other = pool.submit(load)
        started.wait(30)
        try:
            yield
        finally:
            finish.set()
            other.result(30)


def test_two_loads_of_one_label_do_not_mix(url, catalog, write):
    """The second waits, then says who it waits for; the first is whole."""
    with loading(url):
        with pytest.raises(DraftLockedError, match="another process is writing the catalog"):
            write("eRX", "1")
        assert catalog.drafts() == []

    assert [draft.concepts for draft in catalog.drafts()] == [1]
    assert write("eRX", "1").concepts == 3


def test_listings_do_not_wait_for_a_load(url, catalog, write):
    """They see what was there before it."""
    write("ContactType", "1")
    with loading(url):
        assert [entry.terminology_id for entry in catalog.terminologies()] == ["ContactType"]


def test_a_draft_that_is_being_published_is_not_replaced(url, catalog, write):
    """What was checked is what is published."""
    write("eRX", "1")
    with catalog.hold("eRX", "1"), Catalog.open(url, wait_s=SHORT_WAIT_S) as other:
        with pytest.raises(DraftLockedError):
            other.write_draft("eRX", "1", CONTACTS, published=(), report=report())
        with pytest.raises(DraftLockedError):
            other.drop_draft("eRX", "1")


def test_what_waits_gets_its_turn(url):
    """Four loads of one label at once: one draft is left, and each had a whole turn."""

    def load(size):
        with Catalog.open(url) as catalog:
            concepts = [Concept(f"{code:05}", "x", "en") for code in range(size)]
            return catalog.write_draft("eRX", "1", concepts, published=(), report=report())

    with ThreadPoolExecutor() as pool:
        drafts = list(pool.map(load, (1000, 2000, 3000, 4000)))
    with Catalog.open(url) as catalog:
        (left,) = catalog.drafts()

        assert left in drafts
        assert len(list(catalog.draft_concepts(left))) == left.concepts


def test_many_may_open_a_new_catalog_at_once(url):
    """Each finds the tables or makes them; numbers differ."""

    def load(number):
        with Catalog.open(url) as catalog:
            return catalog.write_draft(f"list{number}", "1", CONTACTS, published=(), report=report()).number

    with ThreadPoolExecutor(8) as pool:
        assert sorted(pool.map(load, range(8))) == list(range(1, 9))


def test_a_catalog_of_a_newer_maksa_is_refused(url):
    """Its tables may mean something else by now."""
    Catalog.open(url).close()
    parsed = make_url(url)
    engine = create_engine(
        parsed.set(drivername={"postgresql": "postgresql+psycopg"}.get(parsed.drivername, parsed.drivername))
    )
    with engine.begin() as connection:
        connection.execute(text("UPDATE setting SET value = 99 WHERE name = 'schema_version'"))
    engine.dispose()

    with pytest.raises(SchemaVersionError, match="its tables are of version 99, this maksa knows 3"):
        Catalog.open(url)


def test_a_concept_that_the_database_cannot_hold_leaves_no_draft(catalog, write):
    """Half of a surrogate pair is no text; loaders refuse it, and so does the catalog."""
    with pytest.raises(UnicodeEncodeError):
        write(concepts=[Concept("1", "x", "en"), Concept("2", "\ud800", "en")])

    assert catalog.drafts() == []


@pytest.mark.parametrize("given", ["mysql://db/maksa", "catalog.db", ""])
def test_another_kind_of_url_is_refused(given):
    """The setting is named."""
    with pytest.raises(SettingsError, match="the catalog's URL"):
        Catalog.open(given)


def test_a_server_that_is_not_there_is_said_without_its_password():
    """Errors end in logs."""
    with pytest.raises(StorageError) as caught:
        Catalog.open("postgresql://maksa:sesame@127.0.0.1:1/maksa")

    assert "127.0.0.1" in str(caught.value)
    assert "sesame" not in str(caught.value)


@pytest.fixture
def path(tmp_path):
    """Where an SQLite catalog is."""
    return tmp_path / "catalog.db"


def opened(path):
    return Catalog.open(f"sqlite:///{path}", wait_s=SHORT_WAIT_S)


def test_a_catalog_locked_by_another_program_is_said(path):
    """Somebody has it open in a shell and forgot a transaction: readers go on, writers are told."""
    with opened(path) as catalog, closing(sqlite3.connect(path, isolation_level=None)) as shell:
        shell.execute("BEGIN EXCLUSIVE")

        assert catalog.drafts() == []
        with pytest.raises(DraftLockedError, match=str(path)):
            catalog.write_draft("eRX", "1", CONTACTS, published=(), report=report())


def test_a_catalog_locked_for_readers_too_is_said(path):
    """Some tools take the whole file."""
    opened(path).close()
    with closing(sqlite3.connect(path, isolation_level=None)) as tool:
        tool.execute("PRAGMA locking_mode = EXCLUSIVE")
        tool.execute("BEGIN EXCLUSIVE")

        with pytest.raises(LockedError, match=str(path)):
            opened(path)


def test_a_file_that_is_no_database_is_said(path):
    """And is left as it was."""
    path.write_text("code,display\n" * 1000)

    with pytest.raises(StorageError, match=rf"{path}: file is not a database"):
        opened(path)
    assert path.read_text().startswith("code,display")


def test_a_missing_directory_is_said(tmp_path):
    """The home is made by its own command, not by a mistyped URL."""
    with pytest.raises(StorageError, match="unable to open"):
        opened(tmp_path / "no" / "such" / "catalog.db")


@contextmanager
def mounted(folder, *options):
    """A small file system of its own in *folder*, for tests that must fill it or forbid writing."""
    folder.mkdir()
    done = subprocess.run(
        ["mount", "-t", "tmpfs", *options, "tmpfs", folder], capture_output=True, text=True, check=False
    )
    if done.returncode:
        pytest.skip(f"mounting is not allowed here: {done.stderr.strip()}")
    try:
        yield folder
    finally:
        subprocess.run(["umount", folder], check=True)


needs_root = pytest.mark.skipif(sys.platform != "linux" or os.geteuid() != 0, reason="only root mounts a file system")


@needs_root
def test_a_full_disk_leaves_the_catalog_as_it_was(tmp_path):
    """The draft does not fit: an error says so, and what was there is there."""
    with mounted(tmp_path / "small", "-o", "size=2m") as folder, opened(folder / "catalog.db") as catalog:
        kept = catalog.write_draft("eRX", "1", CONTACTS, published=(), report=report())
        many = (Concept(f"{code:06}", "x" * 200, "en") for code in range(50_000))
        with pytest.raises(DiskFullError, match="no space left"):
            catalog.write_draft("eRX", "2", many, published=(), report=report())

        assert catalog.drafts() == [kept]
        assert len(list(catalog.draft_concepts(kept))) == 3
        assert catalog.write_draft("eRX", "3", CONTACTS, published=(), report=report()).concepts == 3


@needs_root
def test_a_read_only_place_is_said(tmp_path):
    """A home on a read-only mount: not made, not opened."""
    with mounted(tmp_path / "place") as folder:
        opened(folder / "catalog.db").close()
        subprocess.run(["mount", "-o", "remount,ro", folder], check=True)

        for name in ("catalog.db", "another.db"):
            with pytest.raises(ReadOnlyError, match=f"{name}: cannot be written"):
                opened(folder / name)


_READ_ALL = """
import sys
from maksa.catalog import Catalog
from maksa.model.errors import DiskFullError

with Catalog.open(sys.argv[1]) as catalog:
    try:
        sum(1 for _ in catalog.draft_concepts(catalog.draft("eRX", "1")))
    except DiskFullError as error:
        print(error)
"""


@needs_root
def test_a_full_temporary_folder_is_said_as_that(tmp_path):
    """A list that is not in code order is sorted there; the catalog's own disk has room, and it is as it was."""
    many = (Concept(f"{code:06}", "x" * 1000, "en") for code in reversed(range(50_000)))
    url = f"sqlite:///{tmp_path / 'catalog.db'}"
    with mounted(tmp_path / "small", "-o", "size=1m") as folder, Catalog.open(url) as catalog:
        draft = catalog.write_draft("eRX", "1", many, published=(), report=report())
        environment = os.environ | {"SQLITE_TMPDIR": str(folder)}  # read once in a process
        reading = [sys.executable, "-c", _READ_ALL, url]
        done = subprocess.run(reading, env=environment, capture_output=True, text=True, check=True)

        assert "the temporary folder in which a draft is sorted" in done.stdout
        assert catalog.drafts() == [draft]
