"""A version is not condemned for good: what was wrong may have been the machine. Real files on a real shelf."""

from __future__ import annotations

import asyncio
import resource

import pytest

from maksa.home import Home
from maksa.model.concept import Concept
from maksa.model.errors import IntegrityError, SnapshotError
from maksa.snapshot.shelf import Shelf
from maksa.snapshot.verify import check_bytes
from maksa.web.second_look import FIRST_S, SecondLooks
from tests.web.conftest import put


@pytest.fixture
def shelf(tmp_path):
    home = Home.of(tmp_path / "home")
    put(home, "Country", "1", [Concept("1", "ایران")])
    return Shelf.open(home.shelf)


def edition_of(shelf):
    return shelf.view.editions()[0]


def fault_while_no_file_can_be_opened(edition):
    """What summing the file says when this process may open no more files."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (3, hard))
    try:
        check_bytes(edition.path, edition.version)
    except SnapshotError as error:
        return error
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def look(looks, shelf, *moments):
    for now in moments:
        asyncio.run(looks.look(shelf.view, now))


def test_a_file_that_could_not_be_opened_answers_again_after_a_pause(shelf):
    """Too many files were open: the machine's fault, and the file is whole."""
    edition, looks = edition_of(shelf), SecondLooks()
    edition.condemn(fault_while_no_file_can_be_opened(edition))
    look(looks, shelf, 100.0)
    assert edition.fault is not None

    look(looks, shelf, 100.0 + FIRST_S)
    assert edition.fault is None
    assert edition.snapshot.display("1") == "ایران"


def test_a_file_that_is_damaged_stays_so_until_it_is_replaced(shelf):
    """However often it is looked at; the right file is taken up at once."""
    edition, looks = edition_of(shelf), SecondLooks()
    sound = edition.path.read_bytes()
    edition.path.write_bytes(sound[:-1] + b"x")
    with pytest.raises(IntegrityError) as found:
        check_bytes(edition.path, edition.version)
    edition.condemn(found.value)
    look(looks, shelf, *range(100, 1000, 5))
    assert edition.fault is found.value

    fresh = edition.path.with_suffix(".new")
    fresh.write_bytes(sound)
    fresh.replace(edition.path)
    look(looks, shelf, 1000.0)
    assert edition.fault is None
