"""`Shelf` answers as the verbs of `service` do, follows what is published, and never writes."""

from __future__ import annotations

import datetime as dt
import hashlib
import sqlite3
import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from persiantools.jdatetime import JalaliDate

from maksa import Found, Shelf, UnknownCode, UnknownVersion
from maksa.embedding import Changed
from maksa.model.concept import Concept
from maksa.model.errors import MalformedParameterError, NotPublishedError
from maksa.model.terminology import Imprint
from maksa.snapshot import manifest as manifests
from tests.publish.conftest import DAY, NOON


@pytest.fixture
def shelf(house) -> Shelf:
    return Shelf.open(house.folder)


@pytest.mark.parametrize(
    "at",
    [NOON, NOON.replace(tzinfo=None), dt.date(2021, 7, 29), JalaliDate(1400, 5, 7), "1400/05/07", "2021-07-29T00:00Z"],
)
def test_a_date_is_taken_in_any_kind(shelf, at):
    """All of them lie between the two versions; without a zone the clock is Tehran's."""
    at = NOON + DAY / 2 if at == NOON.replace(tzinfo=None) else at

    assert shelf.display_of("eRX", "1", at=at) == Found("ACETAMINOPHEN")
    assert shelf.terminology("eRX", at=at).version.label == "9999"
    assert [each.id for each in shelf.terminologies(at=at)] == ["eRX"]


def test_what_is_no_date_is_refused_by_name(shelf):
    """The message says which argument, and what it was."""
    with pytest.raises(MalformedParameterError, match=r"at: .*1400/13/01"):
        shelf.lookup("eRX", "1", at="1400/13/01")
    with pytest.raises(MalformedParameterError, match="since_when"):
        shelf.concepts_since("eRX", 5)


def code_verbs(shelf: Shelf) -> list[Callable[[str], object]]:
    """Every question that takes a code."""
    held = shelf.terminology("eRX")
    asked = [shelf.display_of, shelf.lookup, shelf.history]
    return [
        *(partial(ask, "eRX") for ask in asked),
        lambda code: shelf.validate_code("eRX", code, "PARACETAMOL"),
        lambda code: shelf.translate("eRX", code, "ATC"),
        lambda code: shelf.tree("eRX", code).value.display,
        lambda code: held.tree(code).display,
        held.display_of, held.lookup, held.former, held.__contains__,
        lambda code: held.validate_code(code, "PARACETAMOL"),
    ]  # fmt: skip


def test_blanks_around_a_code_are_none_of_it(shelf):
    """As on the wire; a column of a file brings them along. [contract §2]"""
    assert [ask(" 1\t") for ask in code_verbs(shelf)] == [ask("1") for ask in code_verbs(shelf)]


def test_a_code_that_is_a_number_is_refused(shelf):
    """It has lost its leading zeros: 1 for 01 would be another concept, or none."""
    for ask in code_verbs(shelf):
        with pytest.raises(MalformedParameterError, match="code: is 1, not a text"):
            ask(1)


def test_half_a_character_and_the_end_of_time_are_refused_by_name(shelf):
    """As of a file that was read in another encoding than its own, or `datetime.min` for "ever"."""
    with pytest.raises(MalformedParameterError, match=r"code: is .*half a character"):
        shelf.lookup("eRX", "1\udcd9")
    for search in (shelf.search, shelf.terminology("eRX").search):
        with pytest.raises(MalformedParameterError, match=r"text: is .*half a character"):
            search("\ud800")
    with pytest.raises(MalformedParameterError, match=r"at: .* is before or after all dates"):
        shelf.lookup("eRX", "1", at=dt.datetime.min)


def test_every_verb_answers(shelf):
    """As `service` does: one line for each."""
    assert shelf.lookup("eRX", "3").value.display == "IBUPROFEN"
    assert shelf.lookup("eRX", "2") == UnknownCode("eRX", "10000", "2")
    assert shelf.validate_code("eRX", "1", "PARACETAMOL") == Found(True)
    assert shelf.validate_code("ContactType", "1", "منزل ", exact=True) == Found(False)
    assert [match.code for match in shelf.search("ibu").value] == ["3"]
    assert [match.code for match in shelf.search("a", "eRX", "9999").value] == ["2", "1"]
    assert next(shelf.concepts_since("eRX", NOON + DAY).value) == Changed("1", "PARACETAMOL", NOON + DAY)
    assert shelf.terminologies_since(NOON + DAY) == ["ContactType"]
    assert [version.label for version in shelf.versions("eRX").value] == ["9999", "10000"]
    assert [each.kind for each in shelf.compare("eRX", "9999", "10000", kinds=["added"]).value] == ["added"]
    assert [event.kind for event in shelf.history("eRX", "2").value] == ["added", "retired"]
    assert [change.code for change in shelf.changes_since(NOON, limit=2).changes] == ["1", "2"]
    assert [branch.code for branch in shelf.tree("eRX").value.branches] == ["1", "3"]
    assert shelf.translate("eRX", "1", "ContactType") == Found([])
    assert shelf.compare("eRX", "9999", "7") == UnknownVersion("eRX", "7")


def test_a_version_is_held(shelf):
    """It is a collection of concepts, and answers without a Found."""
    drugs = shelf.terminology("erx", version="9999")

    assert (len(drugs), "2" in drugs, "3" in drugs) == (2, True, False)
    assert [concept.display for concept in drugs] == ["ACETAMINOPHEN", "ASPIRIN"]
    assert (drugs.lookup(" 2 ").display, drugs.lookup("3")) == ("ASPIRIN", None)
    assert (drugs.validate_code("1", "ACETAMINOPHEN"), drugs.validate_code("3", "x")) == (True, False)
    assert [match.code for match in drugs.search("asp")] == ["2"]
    assert ([branch.code for branch in drugs.tree().branches], drugs.tree("3")) == (["1", "2"], None)
    assert shelf.terminology("eRX").former("2").display == "ASPIRIN"
    assert repr(drugs) == "<Terminology 'eRX' '9999', 2>"


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"terminology_id": "ATC"}, "'ATC' is not on this shelf"),
        ({"terminology_id": "eRX", "version": "7"}, "eRX has no version '7'"),
        ({"terminology_id": "eRX", "at": "1390/01/01"}, "eRX has no version at 2011-03-20T20:30"),
    ],
)
def test_what_is_not_there_cannot_be_held(shelf, asked, said):
    """It is a LookupError with the house's slug."""
    with pytest.raises(LookupError, match=said) as error:
        shelf.terminology(**asked)
    assert isinstance(error.value, NotPublishedError)
    with pytest.raises(NotPublishedError, match="map: 'eRX' is not"):
        shelf.map("eRX")


def test_a_shelf_stays_until_it_is_refreshed(house, shelf):
    """What is held stays for ever."""
    held, frozen = shelf.terminology("eRX"), shelf.frozen()
    house.release("eRX", "10001", {"1": "TYLENOL"})

    assert shelf.display_of("eRX", "1") == Found("PARACETAMOL")
    assert (shelf.refresh(), shelf.refresh()) == (True, False)
    assert shelf.display_of("eRX", "1") == Found("TYLENOL")
    assert (held.display_of("1"), frozen.display_of("eRX", "1")) == ("PARACETAMOL", Found("PARACETAMOL"))
    assert frozen.refresh() is False


def test_a_shelf_may_follow_by_itself(house):
    """A look that fails leaves it as it was, and is told until one succeeds."""
    shelf = Shelf.open(house.folder, follow_s=0.0)
    manifest = house.folder / manifests.NAME
    whole = manifest.read_bytes()
    manifest.write_bytes(whole[:100])

    assert shelf.display_of("eRX", "1") == Found("PARACETAMOL")
    assert [fault.slug for fault in shelf.faults()] == ["manifest"]
    manifest.write_bytes(whole)
    house.release("eRX", "10001", {"1": "TYLENOL"})
    assert shelf.display_of("eRX", "1") == Found("TYLENOL")
    assert shelf.faults() == []


def test_threads_share_a_shelf_while_it_is_published_to(house):
    """Eight threads ask each way while versions come: every answer is one that was true, and none is of two versions."""
    shelf = Shelf.open(house.folder, follow_s=0.0)
    stop, wrong = threading.Event(), []
    labels = [str(n) for n in range(20_000, 20_006)]
    true = {("PARACETAMOL", "IBUPROFEN"), *((f"{label} A", f"{label} B") for label in labels)}

    def ask() -> None:
        while not stop.is_set():
            now = shelf.frozen()
            pair = now.display_of("eRX", "1").value, now.lookup("eRX", "3").value.display
            listed = tuple(concept.display for concept in shelf.terminology("eRX"))
            found = {match.code for match in shelf.search("a", "eRX").value}
            if pair not in true or listed not in true or found - {"1", "3"}:
                wrong.append((pair, listed, found))
                return

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for label in labels:
        house.release("eRX", label, {"1": f"{label} A", "3": f"{label} B"})
        assert shelf.display_of("eRX", "1").value in {one for one, _ in true}
    stop.set()
    for thread in threads:
        thread.join()

    assert wrong == []
    assert shelf.display_of("eRX", "3") == Found("20005 B")


def test_asking_writes_nothing(house, shelf):
    """Every verb asked, each file of the folder is as it was to the last byte, its time too, and there is no other."""

    def state() -> dict[str, tuple[str, int]]:
        return {
            path.name: (hashlib.sha256(path.read_bytes()).hexdigest(), path.stat().st_mtime_ns)
            for path in house.folder.iterdir()
        }

    before = state()
    test_every_verb_answers(shelf)
    test_a_version_is_held(shelf)
    shelf.terminology("eRX").to_polars()

    assert state() == before


def test_nothing_can_be_written_through_it(shelf):
    """SQLite itself refuses: the file is open read-only."""
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        shelf.terminology("eRX")._snapshot._db.execute("DELETE FROM concept")


def test_a_version_is_exported_in_one_line(shelf, tmp_path: Path):
    """By its ending, or by name."""
    drugs = shelf.terminology("eRX")

    assert drugs.export(tmp_path / "a.csv").read_text().startswith('"code","display"')
    assert drugs.export(str(tmp_path / "b.txt"), "jsonl").read_text().count("\n") == 2
    assert drugs.to_pandas()["display"].tolist() == drugs.to_polars()["display"].to_list()
    with pytest.raises(KeyError, match="docx"):
        drugs.export(tmp_path / "c", "docx")


def test_a_version_says_whose_it_is(house, tmp_path):
    """As it was loaded; a version that is held says what was said of it, whatever a later one does."""
    house.load("Mine", "1", [Concept("1", "یک")], imprint=Imprint("انجمن", "آزاد"))
    house.publish("Mine", "1", NOON + 3 * DAY)
    with Shelf.open(tmp_path) as shelf:
        assert shelf.terminology("mine").imprint == Imprint("انجمن", "آزاد")
        assert shelf.terminology("eRX").imprint == Imprint()
