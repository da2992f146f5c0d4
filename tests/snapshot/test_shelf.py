"""The shelf: a manifest that is replaced whole, views that never change, damage that stays where it is."""

import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from maksa.model.concept import Concept
from maksa.model.errors import (
    FormatVersionError,
    IntegrityError,
    ManifestError,
    NotASnapshotError,
    SnapshotMissingError,
)
from maksa.snapshot import manifest as manifests
from maksa.snapshot.shelf import Shelf
from maksa.snapshot.verify import verify

ONE = [Concept("1", "تلفن منزل", "fa")]
TWO = [Concept("1", "تلفن خانه", "fa"), Concept("2", "تلفن محل کار", "fa")]


def test_an_empty_folder_is_an_empty_shelf(tmp_path):
    """A service may start before anything is published."""
    assert Shelf.open(tmp_path / "none").view.terminologies == ()


def test_ids_match_in_any_case_and_answer_as_defined(make, tmp_path):
    """` contacttype ` is ContactType. [contract §2]"""
    make(ONE)

    assert Shelf.open(tmp_path).terminology(" contacttype ").id == "ContactType"


def test_a_new_version_is_taken_up_and_the_old_one_stays(make, tmp_path):
    """Who holds the old view goes on reading it; a named version answers for ever."""
    make(ONE, label="1")
    shelf = Shelf.open(tmp_path)
    before = shelf.view
    make(TWO, label="2")

    assert shelf.refresh()
    assert not shelf.refresh()
    assert before.terminology("ContactType").last.snapshot.display("1") == "تلفن منزل"
    assert shelf.terminology("ContactType").last.snapshot.display("1") == "تلفن خانه"
    assert shelf.terminology("ContactType").by_label["1"].snapshot.display("1") == "تلفن منزل"


def test_a_damaged_file_spoils_its_own_version_only(make, tmp_path):
    """The rest goes on serving; who asks for the damaged one is told."""
    make(ONE, terminology_id="ContactType")
    bad = make(ONE, terminology_id="Country")
    bad.path.write_bytes(b"garbage" * 1000)
    shelf = Shelf.open(tmp_path)

    assert shelf.terminology("ContactType").last.snapshot.display("1") == "تلفن منزل"
    with pytest.raises(NotASnapshotError):
        shelf.terminology("Country").last.snapshot  # noqa: B018
    assert [type(fault) for fault in shelf.faults()] == [NotASnapshotError]


def test_asking_for_a_damaged_file_again_and_again_holds_nothing(make, tmp_path):
    """An error that is raised again grows by the frames of each who is told, and holds what they had in hand."""
    make(ONE).path.write_bytes(b"garbage" * 1000)
    edition = Shelf.open(tmp_path).terminology("ContactType").last

    def told() -> int:
        with pytest.raises(NotASnapshotError, match="its magic is not a snapshot's") as caught:
            edition.snapshot  # noqa: B018
        return len(caught.traceback)

    first, *others = [told() for _ in range(5)]
    assert others == [first] * 4
    assert edition.fault.__traceback__ is None


def test_a_mended_file_is_taken_up_with_the_next_manifest(make, tmp_path):
    """A file put back from a backup needs no restart once something is published."""
    bad = make(ONE, terminology_id="Country")
    whole = bad.path.read_bytes()
    bad.path.write_bytes(b"")
    shelf = Shelf.open(tmp_path)
    bad.path.write_bytes(whole)
    make(ONE, terminology_id="ContactType")

    assert shelf.refresh()
    assert shelf.terminology("Country").last.snapshot.display("1") == "تلفن منزل"


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"format": "x"}', b"\xff", b'{"format":1,"versions":[{}]}'])
def test_a_manifest_that_is_not_one_is_refused(tmp_path, content):
    """The message names the file."""
    (tmp_path / manifests.NAME).write_bytes(content)

    with pytest.raises(ManifestError, match=r"manifest\.json"):
        Shelf.open(tmp_path)


def test_a_manifest_of_another_format_is_refused(tmp_path):
    """A newer maksa's shelf is not guessed at."""
    (tmp_path / manifests.NAME).write_bytes(b'{"format": 2, "sequence": 1, "versions": []}')

    with pytest.raises(FormatVersionError):
        Shelf.open(tmp_path)


def test_a_bad_manifest_leaves_the_old_view(make, tmp_path):
    """A running reader keeps what it has."""
    make(ONE)
    shelf = Shelf.open(tmp_path)
    (tmp_path / manifests.NAME).write_bytes(b"{")

    with pytest.raises(ManifestError):
        shelf.refresh()
    assert shelf.terminology("ContactType").last.snapshot.display("1") == "تلفن منزل"


def test_verify_finds_one_flipped_bit(make, tmp_path):
    """The size is right and SQLite may not mind, the digest does."""
    make(ONE, terminology_id="ContactType")
    bad = make(TWO, terminology_id="Country")
    content = bytearray(bad.path.read_bytes())
    content[-100] ^= 1
    bad.path.write_bytes(content)

    results = {version.terminology_id: fault for version, fault in verify(tmp_path)}
    assert results["ContactType"] is None
    assert isinstance(results["Country"], IntegrityError)


def test_verify_names_a_missing_file(make, tmp_path):
    """The manifest names it and it is not there."""
    make(ONE).path.unlink()

    ((_, fault),) = verify(tmp_path)
    assert isinstance(fault, SnapshotMissingError)


def test_a_file_that_is_gone_is_told_to_threads_that_had_not_opened_it(make, tmp_path):
    """A sync has swept it: whoever reads reads on, another is told what befell the file, in a look-up and in a long read."""
    make(ONE)
    snapshot = Shelf.open(tmp_path).terminology("ContactType").last.snapshot
    assert snapshot.display("1") == "تلفن منزل"
    snapshot.path.unlink()

    with ThreadPoolExecutor(1) as other:
        for ask in (lambda: snapshot.display("1"), lambda: list(snapshot.concepts())):
            with pytest.raises(SnapshotMissingError):
                other.submit(ask).result()
    assert snapshot.display("1") == "تلفن منزل"


def test_a_snapshot_is_shared_by_threads(make, tmp_path):
    """Look-ups from eight threads at once all come back right."""
    make([Concept(str(n), f"display {n}") for n in range(500)])
    snapshot = Shelf.open(tmp_path).terminology("ContactType").last.snapshot
    wrong: list[str] = []

    def ask() -> None:
        wrong.extend(str(n) for n in range(500) if snapshot.display(str(n)) != f"display {n}")

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_what_was_asked_last_is_known_without_the_file(make, tmp_path):
    """Codes that are there and codes that are not; of very many, or very long ones, nothing is kept."""
    make(ONE)
    edition = Shelf.open(tmp_path).terminology("ContactType").last
    for number in (2, *range(3, 3000), 1):
        edition.display(str(number))
    edition.display("9" * 1000)
    edition.snapshot.close()

    assert edition.display("1") == "تلفن منزل"
    assert edition.display("2999") is None
    for code in ("2", "9" * 1000):
        with pytest.raises(sqlite3.ProgrammingError):
            edition.display(code)


def test_nothing_is_known_of_a_version_that_was_found_damaged(make, tmp_path):
    """Not even what was asked before; and once the file is whole again, it is the file that is asked."""
    make(ONE)
    edition = Shelf.open(tmp_path).terminology("ContactType").last
    edition.display("1")
    edition.snapshot.close()
    edition.condemn(IntegrityError(path="x", what="digest", actual="a", expected="b"))
    with pytest.raises(IntegrityError):
        edition.display("1")
    edition.acquit()

    assert [edition.display(code) for code in ("1", "2")] == ["تلفن منزل", None]
