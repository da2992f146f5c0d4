"""kill -9 at any moment, and publishers that meet: what was ever published answers the same, at worst a draft is gone."""

import os
import random
import signal
import time

import pytest

from maksa.snapshot.verify import verify
from tests.publish.processes import concepts_of, load_and_publish, only_publish, processes

KILLS = int(os.environ.get("MAKSA_KILLS", "25"))


def started(target, *arguments):
    """A process that is ready to begin, and the line to it."""
    line, its_end = processes.Pipe()
    process = processes.Process(target=target, args=(*arguments, its_end))
    process.start()
    its_end.close()
    assert line.recv() == "ready"
    return process, line


def answers(house):
    """Everything that each published version says."""
    return {
        edition.version: (list(edition.snapshot.states()), list(edition.snapshot.formers()))
        for edition in house.shelf.view.editions()
    }


def displays(concepts):
    return {concept.code: concept.display for concept in concepts}


def killed_after(seconds, *arguments):
    """Whether the kill came in time."""
    process, line = started(load_and_publish, *arguments)
    time.sleep(seconds)
    process.kill()
    process.join()
    line.close()
    return process.exitcode == -signal.SIGKILL


@pytest.fixture
def whole_time(house, tmp_path):
    """Seconds that a load and publication take when nobody kills them."""
    process, line = started(load_and_publish, tmp_path, "eRX", "whole")
    begun = time.monotonic()
    assert line.recv() == 1
    taken = time.monotonic() - begun
    process.join()
    line.close()
    return taken


def test_killed_at_any_moment_what_was_published_answers_the_same(house, tmp_path, whole_time):
    """MAKSA_KILLS times: the shelf opens and verifies, old versions are as they were, a draft is whole or gone."""
    known, in_time = answers(house), 0
    for n in range(KILLS):
        in_time += killed_after(random.uniform(0, 1.2 * whole_time), tmp_path, "eRX", f"v{n}")
        found = answers(house)

        assert {version: found[version] for version in known} == known
        assert [fault for _, fault in verify(house.folder) if fault] == []
        for version in found.keys() - known.keys():
            assert version.label == f"v{n}"
            assert {code: display for code, display, *_ in found[version][0]} == displays(concepts_of(f"v{n}"))
        for draft in house.catalog.drafts():
            kept = [concept for _, concept in house.catalog.draft_concepts(draft)]
            assert displays(kept) == displays(concepts_of(draft.label))
        known = found

    assert in_time, "no kill came in time: the test showed nothing"


def test_after_a_kill_the_next_publication_mends_the_rest(house, tmp_path, whole_time):
    """Whatever the dead left: the catalog lists what the manifest does, and no unfinished file stays."""
    for n in range(3):
        killed_after(random.uniform(0.3, 1) * whole_time, tmp_path, "eRX", f"v{n}")
    house.release("ContactType", "1", {"1": "تلفن منزل"})

    assert house.catalog.versions("eRX") + house.catalog.versions("ContactType") == list(house.manifest.versions)
    assert {draft.label for draft in house.catalog.drafts()}.isdisjoint(
        version.label for version in house.manifest.versions if version.terminology_id == "eRX"
    )
    assert {path.suffix for path in house.folder.iterdir() if path.name != ".lock"} == {".maksa", ".json"}


def raced(*runs):
    """What each of the processes said in the end; they were let go together."""
    begun = [started(only_publish, *run) for run in runs]
    for _, line in begun:
        line.send("go")
    said = [line.recv() for _, line in begun]
    for process, line in begun:
        process.join()
        line.close()
    return said


def test_two_publishers_of_different_terminologies_both_succeed(house, tmp_path):
    """One waits for the other; neither's line in the manifest is lost."""
    ids = ["eRX", "IRC", "ICD10", "ContactType"]
    for terminology_id in ids:
        house.load(terminology_id, "1", concepts_of(terminology_id))

    assert sorted(raced(*((tmp_path, terminology_id, "1") for terminology_id in ids))) == [1, 2, 3, 4]
    assert sorted(version.terminology_id for version in house.manifest.versions) == sorted(ids)
    assert [fault for _, fault in verify(house.folder) if fault] == []


def test_of_two_publishers_of_one_label_one_succeeds(house, tmp_path):
    """The other is told that it is published."""
    house.load("eRX", "1", concepts_of("1"))

    assert sorted(raced(*[(tmp_path, "eRX", "1")] * 3), key=str) == [1, "version-exists", "version-exists"]
    assert len(house.manifest.versions) == 1


def test_two_publishers_of_two_labels_keep_the_order_of_dates(house, tmp_path):
    """Each asks what time it is once the other has finished, so neither is dated before the last."""
    for label in ("1", "2"):
        house.load("eRX", label, concepts_of(label))

    assert sorted(raced((tmp_path, "eRX", "1"), (tmp_path, "eRX", "2"))) == [1, 2]
    dates = [version.published_at for version in house.manifest.versions]
    assert dates == sorted(dates)
