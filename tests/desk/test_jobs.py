"""Jobs: a stranger's file read in a process that may crash, run away or be stopped, and a desk that goes on."""

from __future__ import annotations

import asyncio
import contextlib
import io
import os
import signal
import zipfile

import pytest

from maksa.desk import kept
from maksa.desk.jobs import file_name
from maksa.desk.running import Runner
from maksa.drafting.loading import Wanted
from maksa.model.errors import DiskFullError
from maksa.snapshot import manifest as manifests
from tests.desk.conftest import LIST, TERMINAL, done, loaded, order_of

LONG = "کد,عنوان\n".encode() + b"".join(f"{n},عنوان {n}\n".encode() for n in range(400_000))


def test_a_file_becomes_a_draft_that_is_reviewed(desk):
    """What was read, what was refused and why, what is new in it, and what it is to be known by."""
    job = loaded(desk)
    outcome = job.outcome

    assert (job.state, outcome.says, outcome.fault) == ("done", "a table (CSV, TSV or XLSX)", None)
    assert (outcome.report.read, outcome.report.kept, outcome.report.refused) == (3, 2, 1)
    assert [(each.slug, each.row, each.file) for each in kept.findings(job.folder)] == [("blank-code", 4, "list.csv")]
    assert (outcome.draft.concepts, outcome.draft.differences["added"], outcome.draft.last_label) == (2, 2, "")
    assert [line.code for line in kept.differences(job.folder, "added")] == ["1", "2"]
    assert len(outcome.draft.fingerprint) == 64


def test_a_draft_that_was_changed_elsewhere_is_read_again(desk):
    """A review of what the terminal has made of it since has another fingerprint."""
    first = loaded(desk)
    loaded(desk, "کد,عنوان\n1,خانه\n".encode())
    second = done(desk, desk.jobs.add(order_of(desk), TERMINAL))[0]

    assert second.outcome.draft.fingerprint != first.outcome.draft.fingerprint
    assert second.outcome.draft.concepts == 1


@pytest.mark.parametrize(
    ("content", "slug"),
    [
        (b"", "file-unreadable"),
        (b"\x00\x01\x02\x03" * 100, "file-unreadable"),
        (b"PK\x03\x04 no zip at all", "file-unreadable"),
        ("الف,ب\n1,2\n".encode(), "column-missing"),
    ],
)
def test_a_file_that_is_not_what_it_says_is_a_fault_that_says_so(desk, content, slug):
    """The file is named as its owner names it, no path of the machine beside it."""
    job = loaded(desk, content)

    assert (job.state, job.outcome.fault.slug) == ("failed", slug)
    assert job.outcome.fault.message.startswith("list.csv")
    assert str(desk.home.path) not in job.outcome.fault.message


def test_a_bomb_is_refused(desk):
    """A workbook of a few kilobytes that would unpack into gigabytes."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as bomb:
        bomb.writestr("[Content_Types].xml", b"<Types/>")
        bomb.writestr("xl/workbook.xml", b"<workbook/>")
        with bomb.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as sheet:
            for _ in range(300):
                sheet.write(b" " * (1 << 20))
    job = loaded(desk, packed.getvalue())

    assert (job.state, job.outcome.fault.slug) == ("failed", "file-unreadable")
    assert "that is no workbook" in job.outcome.fault.message


def test_what_is_published_already_is_said_before_the_file_is_read(desk):
    """The same label never comes twice."""
    job = publish(desk, loaded(desk))
    again = loaded(desk)

    assert job.state == "done"
    assert (again.state, again.outcome.fault.slug) == ("failed", "version-exists")


def publish(desk, reviewed):
    release = desk.releases.ask(reviewed, reviewed.order.notice, TERMINAL)
    return done(desk, desk.releases.approve(release, reviewed, TERMINAL))[0]


def test_a_file_is_read_again_as_something_else(desk):
    """Without being sent again: its columns were not recognised, now they are named."""
    failed = loaded(desk, "الف,ب\n1,دو\n".encode())
    wanted = Wanted(terminology_id="ContactType", label="1", code="الف", display="ب")
    again = done(desk, desk.jobs.again(failed, wanted, TERMINAL))[0]

    assert (again.state, again.outcome.draft.concepts) == ("done", 1)


def during(desk, act, content=LONG):
    """The job of a long file, after *act* was done to its runner once it reads."""

    async def watched():
        job = desk.jobs.add(order_of(desk, content), TERMINAL)
        runner = Runner(desk.jobs, desk.home, longest_s=desk.settings.desk_job_s, ended=desk.ended)
        running = asyncio.create_task(runner.run())
        while not runner.progress.get(job.id):
            await asyncio.sleep(0.01)
        if await act(runner, job, running):
            while desk.jobs.get(job.id).is_under_way:
                await asyncio.sleep(0.02)
            running.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await running
        return desk.jobs.get(job.id)

    return asyncio.run(watched())


def test_a_reader_that_crashes_is_a_fault_of_its_file(desk):
    """Killed as a library's abort would: the job says by what, the next job is done."""

    async def kill(runner, _job, _running):
        os.kill(runner._process.pid, signal.SIGABRT)
        return True

    job = during(desk, kill)

    assert (job.state, job.outcome.fault.slug, job.outcome.fault.message) == ("failed", "reader-crashed", "SIGABRT")
    assert loaded(desk).state == "done"


def test_a_job_is_stopped(desk):
    """By whoever asked: nothing of it is left in the catalog."""

    async def stop(runner, job, _running):
        await runner.stop(job)
        return True

    job = during(desk, stop)

    assert (job.state, job.outcome.fault.slug) == ("stopped", "stopped")
    with desk.catalog() as catalog:
        assert catalog.drafts() == []


def test_a_job_that_waits_is_stopped_before_it_begins(desk):
    """Its turn never comes."""
    job = desk.jobs.add(order_of(desk, LIST), TERMINAL)
    runner = []

    async def stopped():
        runner.append(Runner(desk.jobs, desk.home, longest_s=60, ended=desk.ended))
        await runner[0].stop(job)

    asyncio.run(stopped())

    assert desk.jobs.get(job.id).state == "stopped"


def test_a_desk_that_ends_leaves_a_job_that_says_so(desk):
    """The process ends with it; the next desk tells that the job broke off, and its file may be read again."""

    async def end(_runner, _job, running):
        running.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await running
        return False

    job = during(desk, end)
    done(desk)
    broken = desk.jobs.get(job.id)

    assert job.state == "running"
    assert (broken.state, broken.outcome.fault.slug) == ("broken", "desk-ended")
    assert (broken.folder / "file" / "list.csv").read_bytes() == LONG


def test_a_publication_that_nobody_saw_end_is_found_on_the_shelf(opened, home):
    """What the manifest has is published, whoever lived to say so; its release says so too."""
    desk = opened()
    reviewed = loaded(desk)
    release = desk.releases.ask(reviewed, reviewed.order.notice, TERMINAL)
    job = desk.releases.approve(release, reviewed, TERMINAL)
    desk.jobs.begin(job)  # the desk ended here, and its process came to the end
    with desk.catalog() as catalog:
        from maksa.publish import publish

        publish(catalog, home.shelf, "ContactType", "1")
    done(desk)

    assert desk.jobs.get(job.id).state == "done"
    assert desk.releases.get(release.id).state == "published"


def test_a_job_that_takes_too_long_is_ended(opened):
    """A file that is read for ever holds up nobody for ever."""
    desk = opened(desk_job_s=1)
    job = loaded(desk, LONG * 4)

    assert (job.state, job.outcome.fault.slug) == ("failed", "too-slow")


def test_a_job_has_no_more_memory_than_it_may(opened):
    """A hierarchy of codes that are all kept in memory, in a quarter of a gigabyte."""
    desk = opened(desk_job_memory=2**28)
    wide = b"code,display\n" + b"".join(b"%d,%s\n" % (n, b"x" * 80) for n in range(600_000))
    job = loaded(desk, wide, hierarchy="prefix")

    assert job.state == "failed"
    assert job.outcome.fault.slug in ("out-of-memory", "reader-crashed", "unexpected")


def test_old_files_go(desk, clock):
    """After the days that the setting says; what is told of the job stays."""
    job = loaded(desk)
    clock.pass_s(89 * 86_400)
    desk.jobs.forget_old(90)
    assert job.folder.exists()
    clock.pass_s(2 * 86_400)
    desk.jobs.forget_old(90)

    assert not job.folder.exists()
    assert desk.jobs.get(job.id).outcome.report.read == 3
    assert kept.findings(job.folder) == []


def test_what_an_upload_left_that_broke_off_with_the_machine_goes(desk, clock):
    """A folder that no job knows, a day later; one of today may be an upload that is under way."""
    job = loaded(desk)
    for age, folder in ((25, left := desk.jobs.new_folder()), (1, coming := desk.jobs.new_folder())):
        os.utime(folder, (clock() - age * 3600,) * 2)
    desk.jobs.forget_old(90)

    assert (left.exists(), coming.exists(), job.folder.exists()) == (False, True, True)


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("list.csv", "list.csv"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\me\\فهرست.xlsx", "فهرست.xlsx"),
        ("..", "file"),
        ("", "file"),
        ("a\x00b\n.csv", "a_b_.csv"),
        (".hidden", "hidden"),
        ("-rf", "rf"),
        ("ا" * 300 + ".csv", "ا" * 70 + ".csv"),
        ("\ud800.csv", "file"),
    ],
)
def test_a_name_is_only_a_name(given, name):
    """Whatever a stranger calls his file, it is kept under a name of one folder."""
    made = file_name(given)

    assert made == name or (name == "file" and made in ("file", "csv", "_.csv"))
    assert "/" not in made
    assert len(made.encode()) < 255


def test_nobody_else_reads_what_was_uploaded(desk):
    """The folder is its owner's; its name cannot be guessed."""
    job = loaded(desk)

    assert job.folder.stat().st_mode & 0o777 == 0o700
    assert desk.home.desk.stat().st_mode & 0o777 == 0o700
    assert len(job.id) >= 21


def test_a_manifest_without_the_version_publishes_nothing(desk):
    """A publication that was stopped before its end: the release has failed and may be asked for again."""
    reviewed = loaded(desk)
    release = desk.releases.ask(reviewed, reviewed.order.notice, TERMINAL)
    job = desk.releases.approve(release, reviewed, TERMINAL)
    desk.jobs.begin(job)
    done(desk)

    assert manifests.read(desk.home.shelf).versions == ()
    assert desk.releases.get(release.id).state == "failed"
    assert desk.releases.ask(reviewed, reviewed.order.notice, TERMINAL).state == "asked"


def test_what_became_of_a_job_is_told_once_there_is_room(desk):
    """On a full disk nothing can be written: neither is the job for ever under way, nor what it came to lost."""
    job = desk.jobs.add(order_of(desk, LIST), TERMINAL)
    told = []

    def ended(_job, state, _outcome) -> None:
        told.append(state)
        if len(told) == 1:
            raise DiskFullError(path="desk.db")

    async def until_told() -> None:
        runner = Runner(desk.jobs, desk.home, longest_s=60, ended=ended)
        running = asyncio.create_task(runner.run())
        while len(told) < 2:
            await asyncio.sleep(0.02)
        running.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await running

    asyncio.run(until_told())
    assert told == ["done", "done"]
    assert desk.jobs.get(job.id).state == "done"
