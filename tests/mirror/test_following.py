"""A shelf follows another: whole at first, then what is new, and nothing where nothing is."""

from __future__ import annotations

from tests.mirror.conftest import Mirror
from tests.web.conftest import Service


def test_a_first_sync_brings_everything(publisher: Service, mirror_of):
    """The same manifest to the letter, and the same files."""
    mirror: Mirror = mirror_of(publisher)

    report = mirror.sync()

    assert report.outcome == "updated"
    assert mirror.labels() == ["thritaEHR.Religion 1", "ContactType 10", "thritaEHR.Religion 2"]
    theirs, ours = publisher.home.shelf, mirror.home.shelf
    assert (ours / "manifest.json").read_bytes() == (theirs / "manifest.json").read_bytes()
    assert {p.name: p.read_bytes() for p in ours.glob("*.maksa")} == {
        p.name: p.read_bytes() for p in theirs.glob("*.maksa")
    }


def test_a_sync_that_finds_nothing_new_asks_twice(publisher: Service, mirror_of):
    """The manifest and the notices, neither of which has changed."""
    mirror: Mirror = mirror_of(publisher)
    mirror.sync()

    report = mirror.sync()

    assert (report.outcome, report.requests, report.received) == ("unchanged", 2, 0)
