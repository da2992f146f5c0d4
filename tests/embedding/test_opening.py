"""What can be opened, and what is said of the rest."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

import maksa
from maksa import Found, Shelf, UnknownTerminology
from maksa.model.errors import (
    FormatVersionError,
    ManifestError,
    NotAShelfError,
    NotASnapshotError,
    ShelfClosedError,
    SnapshotError,
)
from maksa.snapshot import manifest as manifests


def test_a_home_a_shelf_and_its_copy_are_the_same(house, tmp_path: Path, monkeypatch):
    """By path, by text, or by MAKSA_HOME."""
    monkeypatch.setenv("MAKSA_HOME", str(tmp_path))

    for shelf in (Shelf.open(tmp_path), Shelf.open(str(house.folder)), Shelf.open()):
        assert shelf.display_of("erx", "1") == Found("PARACETAMOL")


def test_one_file_is_a_shelf_of_one_version(file):
    """Whatever it is called; it remembers what went before it."""
    with Shelf.open(file) as shelf:
        assert [(each.id, each.version.label) for each in shelf.terminologies()] == [("eRX", "10000")]
        assert shelf.display_of("eRX", "3", version="10000") == Found("IBUPROFEN")
        assert shelf.former_of(shelf.lookup("eRX", "2")).display == "ASPIRIN"
        assert shelf.display_of("ContactType", "1") == UnknownTerminology("ContactType")
        assert shelf.refresh() is False


def test_a_file_of_a_map_is_a_shelf_of_one_map(house, tmp_path: Path):
    """It translates, though the shelf has neither terminology."""
    from maksa.model.concept_map import ConceptMap, MapEntry
    from maksa.model.finding import LoadReport

    report = LoadReport(file="map.csv", sheet="", terminology_id="eRX-ATC", label="1", recognised={})
    facts = ConceptMap(map_id="eRX-ATC", source_id="eRX", target_id="ATC")
    house.catalog.write_map(facts, "1", [MapEntry("1", "N02")], published=house.manifest.versions, report=report)
    version = house.publish("eRX-ATC", "1")
    shelf = Shelf.open(manifests.file_of(house.folder, version))

    assert [entry.target for entry in shelf.map("erx-atc")] == ["N02"]
    assert [found.code for found in shelf.translate("ATC", "N02", "eRX").value] == ["1"]
    assert shelf.map("eRX-ATC").entries_to("N02") == shelf.maps()[0].entries_from("1")


@pytest.mark.parametrize("name", ["", "nowhere"])
def test_a_folder_without_a_manifest_is_no_shelf(tmp_path: Path, name):
    """Nor is what is not there; the message names the place."""
    with pytest.raises(NotAShelfError, match=str(tmp_path / name)):
        Shelf.open(tmp_path / name)


def test_another_file_is_no_snapshot(tmp_path: Path):
    """A text, and a database of somebody else."""
    (tmp_path / "list.csv").write_text("code,display\n" * 100)
    with sqlite3.connect(tmp_path / "other.db") as db:
        db.execute("CREATE TABLE x (y)")
    db.close()

    for name in ("list.csv", "other.db"):
        with pytest.raises(NotASnapshotError, match=name):
            Shelf.open(tmp_path / name)


def test_a_newer_format_is_said_with_both_numbers(file, house):
    """Of a file, and of a shelf."""
    content = bytearray(file.read_bytes())
    content[60:64] = (2).to_bytes(4, "big")
    file.write_bytes(content)
    manifest = house.folder / manifests.NAME
    manifest.write_bytes(manifest.read_bytes().replace(b'"format": 1', b'"format": 9'))

    with pytest.raises(FormatVersionError, match="format version 2, this maksa reads 1"):
        Shelf.open(file)
    with pytest.raises(FormatVersionError, match="format version 9, this maksa reads 1"):
        Shelf.open(house.folder)


def test_a_damaged_manifest_is_said(house):
    """By its path."""
    (house.folder / manifests.NAME).write_text("{")

    with pytest.raises(ManifestError, match=manifests.NAME):
        Shelf.open(house.folder)


def test_a_damaged_version_spoils_itself_only(house):
    """It is listed, and told when it is asked."""
    path = manifests.file_of(house.folder, house.manifest.versions[1])
    path.write_bytes(path.read_bytes()[:-1])
    shelf = Shelf.open(house.folder)

    with pytest.raises(SnapshotError, match="size in bytes"):
        shelf.display_of("eRX", "1")
    assert shelf.display_of("eRX", "1", version="9999") == Found("ACETAMINOPHEN")
    assert [each.id for each in shelf.terminologies()] == ["eRX", "ContactType"]
    assert [type(fault).__name__ for fault in shelf.faults()] == ["IntegrityError"]


def test_a_closed_shelf_says_so(house):
    """Whatever is asked; closing twice is no fault."""
    with Shelf.open(house.folder) as shelf:
        rows = shelf.concepts_since("eRX", "1390/01/01").value
        next(rows)
    shelf.close()

    with pytest.raises(ShelfClosedError, match=str(house.folder)):
        shelf.display_of("eRX", "1")
    with pytest.raises(ShelfClosedError):
        shelf.refresh()
    assert [row.code for row in rows] == ["3"]
    assert "closed" in repr(shelf)


def test_closing_lets_the_files_go(house):
    """No descriptor stays open on a snapshot."""
    descriptors = Path("/proc/self/fd")
    if not descriptors.is_dir():
        pytest.skip("this system does not list a process's open files")

    def held() -> int:
        links = [each.readlink() for each in descriptors.iterdir() if each.is_symlink()]
        return sum(each.suffix == ".maksa" and str(house.folder) in str(each) for each in links)

    with Shelf.open(house.folder) as shelf:
        shelf.history("eRX", "1")
        during = held()

    assert (during, held()) == (3, 0)


def test_importing_maksa_imports_nothing_of_it():
    """The class is there when it is asked for; another name is an AttributeError."""
    script = "import sys, maksa; print([n for n in sys.modules if n.startswith('maksa.')], maksa.Shelf.__name__)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)

    assert done.stdout == "[] Shelf\n"
    assert {"Shelf", "Found"} <= set(dir(maksa))
    with pytest.raises(AttributeError, match="no attribute 'Shelve'"):
        maksa.Shelve  # noqa: B018
