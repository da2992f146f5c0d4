"""Disks, mounts and damage: a clear error each, nothing published, and the rest goes on."""

import logging
import os
import sqlite3
import subprocess
import sys
from contextlib import closing, contextmanager

import pytest

from maksa.model.errors import (
    DiskFullError,
    DraftLockedError,
    ManifestError,
    ReadOnlyError,
    SnapshotMissingError,
    StorageError,
    VersionExistsError,
)
from maksa.snapshot import manifest as manifests
from maksa.snapshot.manifest import file_of
from maksa.snapshot.verify import verify
from tests.publish.conftest import House
from tests.publish.processes import concepts_of

needs_root = pytest.mark.skipif(sys.platform != "linux" or os.geteuid() != 0, reason="only root mounts a file system")


@contextmanager
def small_disk(folder, size):
    """A file system of *size* in *folder*."""
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", folder]
    done = subprocess.run(mount, capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip(f"mounting is not allowed here: {done.stderr.strip()}")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", folder], check=True)  # a snapshot may still be open


def fill(folder, leaving):
    """Takes all of the disk but *leaving* bytes."""
    free = os.statvfs(folder)
    with (folder / "filler").open("wb") as file:
        file.write(bytes(max(0, free.f_bavail * free.f_frsize - leaving)))


@needs_root
def test_a_full_disk_publishes_nothing_and_spoils_nothing(tmp_path):
    """The snapshot does not fit: what was published before is whole, the draft waits, and there is no half file."""
    with small_disk(tmp_path / "disk", "8m") as home:
        house = House(home)
        version = house.release("ContactType", "1", {"1": "تلفن منزل"})
        draft = house.load("eRX", "1", concepts_of("1", rows=10_000))
        fill(home, leaving=600_000)
        with pytest.raises(DiskFullError, match=r"\.fresh: no space left"):
            house.publish("eRX", "1")

        assert list(house.manifest.versions) == [version]
        assert [fault for _, fault in verify(house.folder)] == [None]
        assert house.catalog.drafts() == [draft]
        assert {path.name for path in house.folder.iterdir()} == {
            ".lock",
            "manifest.json",
            file_of(house.folder, version).name,
        }
        (home / "filler").unlink()
        assert house.publish("eRX", "1").row == 2


@needs_root
def test_published_is_published_though_the_catalog_cannot_write_it(tmp_path, caplog):
    """Its own disk is full: the manifest has the version, a warning says that the catalog will follow, and it does."""
    with small_disk(tmp_path / "disk", "8m") as disk:
        house = House(disk)
        house.folder = tmp_path / "shelf"
        house.load("eRX", "1", concepts_of("1"))
        fill(disk, leaving=100_000)
        with caplog.at_level(logging.WARNING):
            version = house.publish("eRX", "1")

        assert list(house.manifest.versions) == [version]
        assert "eRX 1 is published; the catalog will follow" in caplog.text
        assert house.catalog.versions("eRX") == []
        (disk / "filler").unlink()
        house.catalog.reconcile(house.manifest.versions)
        assert house.catalog.versions("eRX") == [version]
        assert house.catalog.drafts() == []


@needs_root
def test_a_read_only_shelf_is_said(tmp_path):
    """Nothing is published; who reads goes on."""
    with small_disk(tmp_path / "shelf", "8m") as folder:
        house = House(tmp_path)
        house.release("ContactType", "1", {"1": "تلفن منزل"})
        house.load("ContactType", "2", concepts_of("2", rows=10))
        subprocess.run(["mount", "-o", "remount,ro", folder], check=True)
        with pytest.raises(ReadOnlyError, match=r"\.lock: cannot be written"):
            house.publish("ContactType", "2")

        assert house.shelf.terminology("ContactType").last.snapshot.display("1") == "تلفن منزل"


def test_a_manifest_that_cannot_be_replaced_publishes_nothing(house):
    """The snapshot that was ready is taken away again; mended, the same draft goes through."""
    draft = house.load("eRX", "1", concepts_of("1", rows=10))
    house.folder.mkdir()
    (house.folder / "manifest.json.new").mkdir()
    with pytest.raises(StorageError, match=r"manifest\.json: Is a directory"):
        house.publish("eRX", "1")

    assert house.catalog.drafts() == [draft]
    assert list(house.folder.glob("*.maksa")) == []
    (house.folder / "manifest.json.new").rmdir()
    assert house.publish("eRX", "1").row == 1


def test_a_catalog_locked_by_another_publishes_nothing(tmp_path):
    """Somebody forgot a transaction in a shell."""
    house = House(tmp_path, wait_s=0.2)
    house.load("eRX", "1", concepts_of("1", rows=10))
    with closing(sqlite3.connect(tmp_path / "catalog.db", isolation_level=None)) as shell:
        shell.execute("BEGIN IMMEDIATE")
        with pytest.raises(DraftLockedError, match=r"catalog\.db"):
            house.publish("eRX", "1")

    assert house.manifest.versions == ()
    assert house.publish("eRX", "1").row == 1


def test_a_manifest_that_names_a_missing_file_stops_its_own_terminology(house):
    """Its next version cannot know the past; other terminologies publish on."""
    version = house.release("eRX", "1", {"1": "استامینوفن"})
    file_of(house.folder, version).unlink()

    with pytest.raises(SnapshotMissingError, match=version.digest):
        house.release("eRX", "2", {"1": "استامینوفن"})
    assert house.release("IRC", "1", {"1": "استامینوفن"}).row == 2


def test_a_manifest_that_is_no_manifest_stops_publishing(house):
    """What it listed is not known, so nothing is put in its place; the catalog still has its mirror."""
    version = house.release("eRX", "1", {"1": "استامینوفن"})
    draft = house.load("eRX", "2", concepts_of("2", rows=10))
    (house.folder / manifests.NAME).write_text("{")

    with pytest.raises(ManifestError, match=r"manifest\.json"):
        house.publish("eRX", "2")
    assert house.catalog.versions("eRX") == [version]
    assert house.catalog.drafts() == [draft]


def test_a_publication_that_the_catalog_missed_is_mended_by_the_next(house, tmp_path):
    """A publisher died between the manifest and the catalog: here, the catalog of before it is put back."""
    house.load("eRX", "1", concepts_of("1", rows=10))
    house.load("IRC", "1", concepts_of("1", rows=10))
    before = (tmp_path / "catalog.db").read_bytes()
    missed = house.publish("eRX", "1")
    (tmp_path / "catalog.db").write_bytes(before)
    assert [draft.terminology_id for draft in house.catalog.drafts()] == ["eRX", "IRC"]
    house.publish("IRC", "1")

    assert house.catalog.versions("eRX") == [missed]
    assert house.catalog.drafts() == []
    with pytest.raises(VersionExistsError):
        house.publish("eRX", "1")


def test_what_a_dead_publisher_left_is_cleared(house):
    """A half snapshot under the name of those in the making, and a manifest that was never renamed."""
    house.folder.mkdir()
    (house.folder / ".fresh").write_bytes(b"half")
    (house.folder / "manifest.json.new").write_bytes(b"half")
    house.release("eRX", "1", {"1": "استامینوفن"})

    assert [fault for _, fault in verify(house.folder)] == [None]
    assert sorted(path.suffix for path in house.folder.iterdir()) == ["", ".json", ".maksa"]
