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


def test_a_command_that_is_none_is_refused():
    """Exit code 2, with how help is asked for."""
    done = run_outside("lokup", "eRX", "1")

    assert (done.code, done.out) == (2, "")
    assert "No such command 'lokup'" in done.err
