"""`--help` everywhere: at once, with words, without the service."""

from __future__ import annotations

import pytest

from maksa.cli import program
from tests.cli.conftest import run_outside
from tests.docs.test_commands import commands

EVERY = [words.split()[1:] for words, _ in commands(program)]
HEAVY = ("sqlalchemy", "uvicorn", "starlette")


@pytest.mark.parametrize("words", [[], ["account"], ["draft"], *EVERY], ids=" ".join)
def test_every_help_has_words(maksa, words):
    """What the command does, then each option with a word about it; `-h` is the same."""
    done = maksa(*words, "--help")
    about = done.out.split("\n\n")[1].strip()

    assert (done.code, done.err) == (0, "")
    assert len(about) > 20
    assert about.endswith(".")
    assert maksa(*words, "-h").out == done.out


@pytest.mark.parametrize("words", [["--help"], ["--version"], ["lookup", "--help"]])
def test_help_loads_no_part_of_the_service(words):
    """-X importtime names every module that was imported."""
    import subprocess
    import sys

    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "maksa", *words],
        capture_output=True,
        text=True,
        timeout=30,
        check=True,
    )
    imported = {line.rpartition("|")[2].strip().partition(".")[0] for line in done.stderr.splitlines() if "|" in line}

    assert "maksa" in imported
    assert imported.isdisjoint(HEAVY)


def test_a_load_in_a_pipe_loads_nothing_that_it_does_not_use(tmp_path):
    """No live line is drawn there, and no workbook was asked for: each takes as long to import as a short list to load."""
    import subprocess
    import sys

    file = tmp_path / "list.csv"
    file.write_text("code,display\n1,home\n", "utf-8")
    command = [sys.executable, "-X", "importtime", "-m", "maksa", "--home", str(tmp_path / "home")]
    command += ["load", str(file), "--terminology", "ContactType", "--version", "1"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    imported = {line.rpartition("|")[2].strip().partition(".")[0] for line in done.stderr.splitlines() if "|" in line}

    assert "Draft made" in done.stdout
    assert imported.isdisjoint({"rich", "xlsxwriter"})


def test_a_command_that_is_none_is_refused():
    """Exit code 2, with how help is asked for."""
    done = run_outside("lokup", "eRX", "1")

    assert (done.code, done.out) == (2, "")
    assert "No such command 'lokup'" in done.err
