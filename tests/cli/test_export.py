"""`maksa export` writes what is published, in any form, whole or not at all."""

from __future__ import annotations

import json
import sys

import polars
import pytest

from maksa.export import FORMATS
from maksa.snapshot.reader import Snapshot
from tests.cli.conftest import environment, run_outside


@pytest.fixture
def published(release):
    release("eRX", "9999", "code,value", "60001,ACETAMINOPHEN", "60002,ASPIRIN")
    release("eRX", "10000", "code,value", "60001,PARACETAMOL", "60003,IBUPROFEN", at="1401/05/06")


def test_without_a_word_it_is_csv_on_standard_output(maksa, published):
    """The last version, in the publisher's order."""
    lines = maksa("export", "erx").out.splitlines()

    assert lines[0].startswith('"code","display"')
    assert [line.split(",")[:2] for line in lines[1:]] == [['"60001"', '"PARACETAMOL"'], ['"60003"', '"IBUPROFEN"']]


@pytest.mark.parametrize("name", FORMATS)
def test_every_form_is_written_to_a_file(maksa, published, tmp_path, name):
    """By name, or by the file's ending."""
    file = tmp_path / f"out{FORMATS[name].suffix}"
    done = maksa("export", "eRX", "--format", name, "-o", file)

    assert (done.code, done.out) == (0, "")
    assert file.stat().st_size > 100
    assert maksa("export", "eRX", "--output", file).code == 0


def test_a_version_is_asked_by_label_or_date(maksa, published, tmp_path):
    """One of the two."""
    for asked in (("--version", "9999"), ("--at", "1401/01/01")):
        out = maksa("export", "eRX", "--format", "jsonl", *asked).out
        assert [json.loads(line)["code"] for line in out.splitlines()] == ["60001", "60002"]
    assert maksa("export", "eRX", "--version", "1", "--at", "1401/01/01").code == 2


def test_the_snapshot_is_a_shelf_of_one_version(maksa, published, tmp_path):
    """As a hospital without a network takes it home."""
    maksa("export", "eRX", "-o", tmp_path / "erx.maksa")

    assert Snapshot.open(tmp_path / "erx.maksa").display("60003") == "IBUPROFEN"


def test_what_is_otherwise_than_an_earlier_version(maksa, published, tmp_path):
    """As a frame reads it; it has no snapshot."""
    maksa("export", "eRX", "--from", "9999", "-o", tmp_path / "changes.parquet")
    frame = polars.read_parquet(tmp_path / "changes.parquet")

    assert frame.select("kind", "code").rows() == [("relabelled", "60001"), ("retired", "60002"), ("added", "60003")]
    assert "has no snapshot" in maksa("export", "eRX", "--from", "9999", "--format", "snapshot").err


def test_a_map_is_exported_and_loaded_again(maksa, published, tmp_path):
    """The columns are those that `maksa map load` recognises."""
    table = tmp_path / "map.csv"
    table.write_text("a,b,relationship,rule\n60001,N02,equivalent,TRUE\n60003,,,\n")
    options = ("--map", "eRX-ATC", "--source", "eRX", "--target", "ATC")
    maksa("map", "load", table, *options, "--version", "1", "--source-column", "a", "--target-column", "b")
    maksa("publish", "eRX-ATC", "1")
    first = maksa("export", "eRX-ATC", "--map", "-o", table)
    columns = ("--source-column", "source", "--target-column", "target")
    maksa("map", "load", table, *options, "--version", "2", *columns)
    maksa("publish", "eRX-ATC", "2")

    assert first.code == 0
    assert maksa("export", "eRX-ATC", "--map").out == table.read_bytes().decode()
    assert maksa("export", "eRX-ATC").code == 1
    assert maksa("export", "eRX-ATC", "--map", "--from", "1").code == 2


@pytest.mark.parametrize(
    ("asked", "code", "said"),
    [
        (("ATC",), 1, "there is no terminology 'ATC'"),
        (("eRX", "--version", "7"), 1, "eRX has no version '7'"),
        (("eRX", "--from", "7"), 1, "eRX has no version '7'"),
        (("eRX", "-o", "list.doc"), 2, "its ending means no form"),
        (("eRX", "-o", "/nowhere/list.csv"), 7, "/nowhere"),
    ],
)
def test_what_cannot_be_exported_is_said(maksa, published, asked, code, said):
    """In one line, with an exit code."""
    done = maksa("export", *asked)

    assert done.code == code
    assert said in done.err


def test_a_missing_package_is_named_with_its_extra(published, home, tmp_path):
    """`pip install maksa` brings no workbooks and no frames."""
    blocked = "import sys; sys.modules['xlsxwriter'] = sys.modules['polars'] = None; from maksa.cli import main; main()"
    for ending, package in (("xlsx", "xlsxwriter"), ("parquet", "polars")):
        done = run_outside_with(blocked, home, "export", "eRX", "-o", tmp_path / f"a.{ending}")
        assert done.code == 7
        assert done.err.splitlines()[-1] == (
            f"maksa: this needs {package}, which is not installed: pip install 'maksa[analysis]'"
        )
        assert not (tmp_path / f"a.{ending}").exists()


def run_outside_with(script, home, *arguments):
    """A process whose first word is *script*; what follows are its arguments."""
    import subprocess

    from tests.cli.conftest import Run

    command = [sys.executable, "-c", script, *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, timeout=60, env=environment(home), check=False)
    return Run(done.returncode, done.stdout.decode(), done.stderr.decode())


def test_a_reader_who_goes_is_no_fault(published, home):
    """`maksa export eRX | head -1`."""
    import subprocess

    command = f"{sys.executable} -m maksa export eRX | head -1"
    done = subprocess.run(
        ["/bin/sh", "-c", command], capture_output=True, env=environment(home), timeout=60, check=True
    )

    assert done.stdout.startswith(b'"code"')
    assert b"Traceback" not in done.stderr
    assert run_outside("export", "eRX", env=environment(home)).out.count("\r\n") == 3
