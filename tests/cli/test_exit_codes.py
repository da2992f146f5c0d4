"""The exit codes of docs/errors.md, each provoked for real: a line on standard error, and never a traceback."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys

import pytest

from maksa.home import Home
from maksa.snapshot import manifest as manifests
from maksa.snapshot.manifest import file_of
from maksa.wire.faults import Exit
from tests.cli.conftest import environment, released, run_in

PROVOKED = {
    Exit.DONE: ("verify",),
    Exit.NO: ("lookup", "eRX", "9"),
    Exit.USAGE: ("lookup", "eRX"),
    Exit.SOURCE: ("load", "no-such-file.csv", "--terminology", "eRX", "--version", "2"),
    Exit.CATALOG: ("publish", "eRX", "2"),
    Exit.PUBLISH: ("publish", "empty", "1"),
    Exit.SHELF: ("verify", "--home", "damaged"),
    Exit.MACHINE: ("terminologies", "--home", "list.csv"),
    Exit.REQUEST: ("changes", "--since", "1400/05/06", "--page", "zzz"),
    Exit.SETTINGS: ("account", "list", "--home", "misspelt"),
}
NEVER = {
    Exit.ACCESS: "no command of this version asks a service",
    Exit.BUG: "a fault that we knew of would be mended",
}


@pytest.fixture
def house(maksa, tmp_path, monkeypatch):
    """A home with a version and an empty draft, a damaged home, and one with a misspelt setting; we stand beside them."""
    monkeypatch.chdir(tmp_path)
    released(tmp_path, "eRX", "1", "code,value", "1,ASPIRIN")
    (tmp_path / "list.csv").write_text("code,value\n,nameless\n", encoding="utf-8")
    maksa("load", "list.csv", "--terminology", "empty", "--version", "1")
    maksa("backup", "copy.tar")
    maksa("restore", "copy.tar", "--home", "damaged")
    damaged = Home(tmp_path / "damaged")
    (version,) = manifests.read(damaged.shelf).versions
    file_of(damaged.shelf, version).write_bytes(b"garbage")
    (tmp_path / "misspelt").mkdir()
    (tmp_path / "misspelt" / "maksa.toml").write_text("prot = 8000\n")
    return tmp_path


@pytest.mark.parametrize("code", PROVOKED, ids=lambda code: code.name)
def test_each_exit_code_is_given_for_its_reason(maksa, house, code):
    """What is wrong is said on standard error, without the inside of the program."""
    done = maksa(*PROVOKED[code])

    assert done.code == code
    assert "Traceback" not in done.err
    if code not in (Exit.DONE, Exit.USAGE, Exit.SHELF):
        assert re.fullmatch("maksa: [^\n]+\n", done.err)


def test_no_exit_code_is_left_out():
    """But those that nobody can provoke."""
    assert PROVOKED.keys() | NEVER.keys() == set(Exit)


@pytest.mark.parametrize("harm", ["missing", "short", "garbage", "a byte", "a page"])
def test_verify_names_each_damaged_version(maksa, release, home, harm):
    """Exit code 6; the others are whole, and go on answering."""
    release("eRX", "1", "code,value", *(f"{n},ASPIRIN {n}" for n in range(500)))
    release("IRC", "1", "code,value", "1,ACA")
    path = file_of(Home(home).shelf, manifests.read(Home(home).shelf).versions[0])
    whole = path.read_bytes()
    harmed = {
        "short": whole[:-1],
        "garbage": b"garbage",
        "a byte": whole[:-10] + bytes([whole[-10] ^ 1]) + whole[-9:],
        "a page": whole[:16384] + bytes(len(whole) - 16384),
    }
    if harm == "missing":
        path.unlink()
    else:
        path.write_bytes(harmed[harm])
    plain, told = maksa("verify"), maksa("verify", "--json")

    assert (plain.code, told.code, told.json["versions"]) == (6, 6, 2)
    assert [(each["terminology_id"], each["label"]) for each in told.json["faults"]] == [("eRX", "1")]
    assert str(path) in told.json["faults"][0]["message"]
    assert "1 of 2 versions are damaged" in plain.err
    assert [row[2] for row in plain.rows][1] == "whole"
    assert maksa("lookup", "IRC", "1").code == 0


def test_a_damaged_list_is_said_and_the_others_are_searched(maksa, release, home):
    """Asked by name it is a fault; beside others it is left out, and who searches is told."""
    release("eRX", "1", "code,value", *(f"{n},ASPIRIN {n}" for n in range(500)))
    release("IRC", "1", "code,value", "1,ASPIRIN")
    path = file_of(Home(home).shelf, manifests.read(Home(home).shelf).versions[0])
    path.write_bytes(b"garbage")
    done = maksa("search", "aspirin")

    assert (done.code, [row[0] for row in done.rows]) == (0, ["IRC"])
    assert done.err.startswith("maksa: eRX 1 was not searched: ")
    assert [maksa(*each).code for each in (("search", "a", "--terminology", "eRX"), ("lookup", "eRX", "1"))] == [6, 6]


def test_garbage_inside_a_snapshot_is_no_fault_of_the_program(maksa, release, home):
    """Opening reads the first page only; what is met later is said too: exit code 6."""
    release("eRX", "1", "code,value", *(f"{n},ASPIRIN {n}" for n in range(5000)))
    path = file_of(Home(home).shelf, manifests.read(Home(home).shelf).versions[0])
    whole = path.read_bytes()
    path.write_bytes(whole[:16384] + b"\xff" * (len(whole) - 16384))

    for arguments in (
        ("lookup", "eRX", "77"),
        ("search", "aspirin"),
        ("since", "1390/01/01", "eRX"),
        ("history", "eRX", "1"),
    ):
        done = maksa(*arguments)
        assert (done.code, "Traceback" in done.err) == (6, False), (arguments, done.err)


READERS = {
    "load": ("--terminology", "eRX", "--version", "2"),
    "check": (),
    "restore": (),
    "draft change": ("eRX", "2"),
    "map load": (
        *("--map", "m", "--version", "1", "--source", "a", "--target", "b"),
        *("--source-column", "code", "--target-column", "value"),
    ),
    "notices --load": (),
    "mirror add hq http://127.0.0.1:1 --account": (),
}
LIKE_ANYBODY = ("setpriv", "--bounding-set=-dac_override,-dac_read_search")  # root, without root's way into every file


@pytest.mark.parametrize("command", READERS)
def test_a_file_that_may_not_be_read_is_the_file_s_fault(release, home, tmp_path, command):
    """Exit code 3 and one line: it is no slip in how the command was typed."""
    before = LIKE_ANYBODY if os.geteuid() == 0 else ()
    if before and not shutil.which(before[0]):
        pytest.skip("root reads every file, and setpriv is not there to take that away")
    release("eRX", "1", "code,value", "1,ASPIRIN")
    run_in(home, "draft", "start", "eRX", "2")
    file = tmp_path / "closed.csv"
    file.write_text("code,value\n1,ASPIRIN\n")
    file.chmod(0)
    given = [file, *READERS[command]] if command != "draft change" else [*READERS[command], file]
    place = tmp_path / "new" if command == "restore" else home
    typed = [*before, sys.executable, "-m", "maksa", *command.split(), *given]
    done = subprocess.run(typed, capture_output=True, text=True, timeout=60, env=environment(place))

    assert (done.returncode, done.stderr) == (3, f"maksa: {file}: Permission denied\n")
