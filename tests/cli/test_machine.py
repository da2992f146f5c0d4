"""Interrupts, disks, locks: one clear line and the right exit code, nothing half done, what was published goes on."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing, contextmanager

import pytest

from maksa.catalog import Catalog
from maksa.home import Home
from maksa.snapshot import manifest as manifests
from tests.cli.conftest import environment, released, run_in

FULL = "no space left; what is published is whole"

needs_root = pytest.mark.skipif(sys.platform != "linux" or os.geteuid() != 0, reason="only root mounts a file system")


@contextmanager
def mounted(folder, size):
    """A file system of *size* in *folder*."""
    folder.mkdir()
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", folder], capture_output=True, text=True
    )
    if done.returncode:
        pytest.skip(f"mounting is not allowed here: {done.stderr.strip()}")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", folder], check=True)


def rows(path, count):
    """A list of *count* rows."""
    with path.open("w", encoding="utf-8") as file:
        file.write("code,value,value_en\n")
        file.writelines(f"{n},استامینوفن قرص خوراکی {n},ACETAMINOPHEN TABLET ORAL {n}\n" for n in range(count))
    return path


def drafts(home):
    with Catalog.open(Home(home).catalog_url) as catalog:
        return [draft.label for draft in catalog.drafts()]


def labels(home):
    return [version.label for version in manifests.read(Home(home).shelf).versions]


def interrupted(home, *arguments, after):
    """The command, ended by Ctrl-C once *after* says so: its exit code and what it said."""
    command = [sys.executable, "-m", "maksa", *map(str, arguments)]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment(home)
    )
    while process.poll() is None and not after():
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=30)
    return process.returncode, err


def test_ctrl_c_in_a_long_load_leaves_no_draft(tmp_path, home):
    """Exit code 130; the draft that was there under this label stays."""
    released(tmp_path, "eRX", "1", "code,value", "1,ASPIRIN")
    run_in(home, "load", tmp_path / "list.csv", "--terminology", "eRX", "--version", "2")
    file = rows(tmp_path / "long.csv", 200_000)
    log = home / "catalog.db-wal"
    code, err = interrupted(
        home, "load", file, "--terminology", "eRX", "--version", "2",
        after=lambda: log.exists() and log.stat().st_size > 2_000_000,
    )  # fmt: skip

    assert (code, err.splitlines()[-1]) == (130, "maksa: interrupted; nothing was left half done")
    assert "Traceback" not in err
    assert drafts(home) == ["2"]
    assert run_in(home, "publish", "eRX", "2", "--json").json["concepts"] == 1


def test_ctrl_c_in_a_publication_publishes_nothing(tmp_path, home):
    """The draft waits, the half snapshot is gone, and the next publication goes through."""
    released(tmp_path, "eRX", "1", "code,value", "1,ASPIRIN")
    run_in(home, "load", rows(tmp_path / "long.csv", 60_000), "--terminology", "eRX", "--version", "2")
    fresh = home / "shelf" / ".fresh"
    code, err = interrupted(
        home, "publish", "eRX", "2", after=lambda: fresh.exists() and fresh.stat().st_size > 1_000_000
    )

    assert (code, err.splitlines()[-1]) == (130, "maksa: interrupted; nothing was left half done")
    assert (labels(home), drafts(home), fresh.exists()) == (["1"], ["2"], False)
    assert run_in(home, "verify").code == 0
    assert run_in(home, "publish", "eRX", "2").code == 0


def test_ctrl_c_in_the_search_index_of_a_publication_is_no_fault_of_storage(tmp_path, home):
    """It is heard inside a function that SQLite calls, which makes an error of its own of it."""
    run_in(home, "load", rows(tmp_path / "long.csv", 100_000), "--terminology", "eRX", "--version", "1")
    command = [sys.executable, "-m", "maksa", "publish", "eRX", "1"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=environment(home)) as running:
        while not running.stderr.readline().startswith("hierarchy"):  # said when the next phase, the search, has begun
            pass
        time.sleep(0.2)
        running.send_signal(signal.SIGINT)
        _, err = running.communicate(timeout=60)

    assert (running.returncode, err.strip()) == (130, "maksa: interrupted; nothing was left half done")
    assert (labels(home), drafts(home), (home / "shelf" / ".fresh").exists()) == ([], ["1"], False)


INTERRUPTED_AT_AN_IMPORT = """
import os, runpy, signal, sys

class Impatient:
    def find_spec(self, name, *_):
        if name == sys.argv[1]:
            os.kill(os.getpid(), signal.SIGINT)

sys.meta_path.insert(0, Impatient())
runpy.run_module("maksa", run_name="__main__")
"""


@pytest.mark.parametrize("module", ["click", "maksa.cli", "maksa.model.errors"])
def test_ctrl_c_before_a_command_has_begun(module):
    """While what it needs is still imported: one line, no traceback."""
    command = [sys.executable, "-c", INTERRUPTED_AT_AN_IMPORT, module]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)

    assert (done.returncode, done.stderr) == (130, "maksa: interrupted; nothing was left half done\n")


def test_ctrl_c_in_a_restore_leaves_no_home(tmp_path, home):
    """Nor anything beside it."""
    released(tmp_path, "eRX", "1", "code,value", *(f"{n},ASPIRIN {n}" for n in range(60_000)))
    run_in(home, "backup", tmp_path / "home.tar")
    new = tmp_path / "new"
    code, _ = interrupted(new, "restore", tmp_path / "home.tar", after=lambda: any(new.glob(".restoring-*/shelf/*")))

    assert code in (130, 0)  # it may have been quick
    assert new.exists() == (code == 0)


@needs_root
def test_a_full_disk_is_told_and_leaves_no_draft(tmp_path):
    """A load that does not fit: exit code 7; with more room the same load goes through."""
    with mounted(tmp_path / "disk", "6m") as disk:
        released(disk, "eRX", "1", "code,value", "1,ASPIRIN")
        file = rows(tmp_path / "long.csv", 60_000)
        done = run_in(disk / "home", "load", file, "--terminology", "eRX", "--version", "2")

        assert (done.code, done.err.splitlines()[-1].split(": ")[-1]) == (7, FULL)
        assert (drafts(disk / "home"), labels(disk / "home")) == ([], ["1"])
        assert run_in(disk / "home", "lookup", "eRX", "1").code == 0
        subprocess.run(["mount", "-o", "remount,size=64m", disk], check=True)
        assert run_in(disk / "home", "load", file, "--terminology", "eRX", "--version", "2").code == 0


@needs_root
def test_a_full_disk_under_a_publication_a_backup_and_a_restore(tmp_path):
    """Each is told: exit code 7; nothing half made is left."""
    with mounted(tmp_path / "disk", "24m") as disk:
        home = disk / "home"
        released(disk, "eRX", "1", "code,value", *(f"{n},ASPIRIN {n}" for n in range(5000)))
        run_in(home, "load", rows(tmp_path / "long.csv", 30_000), "--terminology", "eRX", "--version", "2")
        shutil.rmtree(home / "cache")
        free = os.statvfs(disk)
        (disk / "filler").write_bytes(bytes(free.f_bavail * free.f_frsize - 300_000))
        before = files(disk)
        done = [
            run_in(home, "publish", "eRX", "2"),
            run_in(home, "backup", disk / "home.tar"),
            run_in(disk / "new", "restore", backup_of(home, tmp_path)),
        ]

        assert [each.code for each in done] == [7, 7, 7], done
        assert all("no space left" in each.err and "Traceback" not in each.err for each in done)
        assert files(disk) == before
        assert run_in(home, "verify").code == 0
        (disk / "filler").unlink()
        assert run_in(home, "publish", "eRX", "2").code == 0


def files(folder):
    """Every file but those that SQLite keeps beside a database."""
    return sorted(path for path in folder.rglob("*") if path.suffix not in (".db-shm", ".db-wal"))


def backup_of(home, folder):
    assert run_in(home, "backup", folder / "home.tar").code == 0
    return folder / "home.tar"


@needs_root
def test_a_read_only_home_is_asked_and_not_written(tmp_path):
    """Facts, verify and backup work; what would write is told: exit code 7."""
    with mounted(tmp_path / "disk", "16m") as disk:
        home = disk / "home"
        released(disk, "eRX", "1", "code,value", "1,ASPIRIN")
        run_in(home, "account", "add", "a")
        run_in(home, "load", disk / "list.csv", "--terminology", "eRX", "--version", "2")
        subprocess.run(["mount", "-o", "remount,ro", disk], check=True)
        read = [
            ("lookup", "eRX", "1"),
            ("search", "asp"),
            ("verify",),
            ("terminologies",),
            ("backup", tmp_path / "home.tar"),
        ]
        written = [
            ("load", disk / "list.csv", "--terminology", "eRX", "--version", "3"),
            ("publish", "eRX", "2"),
            ("account", "add", "b"),
            ("serve", "--port", "0"),
            ("backup", home / "home.tar"),
        ]

        assert [(each, run_in(home, *each).code) for each in read] == [(each, 0) for each in read]
        for arguments in written:
            done = run_in(home, *arguments)
            assert (done.code, done.out) == (7, ""), (arguments, done)
            assert done.err.startswith(f"maksa: {disk}"), done.err
            assert "Traceback" not in done.err
    assert run_in(tmp_path / "new", "restore", tmp_path / "home.tar").code == 0
    assert run_in(tmp_path / "new", "publish", "eRX", "2").code == 0


def test_a_catalog_locked_by_another_is_waited_for_then_told(tmp_path, home):
    """Somebody forgot a transaction in a shell: exit code 4, and the catalog named; the shelf answers meanwhile."""
    released(tmp_path, "eRX", "1", "code,value", "1,ASPIRIN")
    with closing(sqlite3.connect(home / "catalog.db", isolation_level=None)) as shell:
        shell.execute("BEGIN IMMEDIATE")
        done = run_in(home, "load", tmp_path / "list.csv", "--terminology", "eRX", "--version", "2")

        assert done.code == 4
        assert str(home / "catalog.db") in done.err
        assert run_in(home, "lookup", "eRX", "1").code == 0
    assert run_in(home, "load", tmp_path / "list.csv", "--terminology", "eRX", "--version", "2").code == 0


def test_accounts_locked_by_another_are_told(tmp_path, home):
    """Exit code 7, and the database named."""
    run_in(home, "account", "add", "a")
    with closing(sqlite3.connect(home / "accounts.db", isolation_level=None)) as shell:
        shell.execute("BEGIN IMMEDIATE")
        done = run_in(home, "account", "add", "b")

    assert done.code == 7
    assert str(home / "accounts.db") in done.err
    assert [row[0] for row in run_in(home, "account", "list").rows] == ["a"]
