"""The scripts that a newcomer and CI meet first say in words what is wrong."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[2]
TOOLS = ROOT / "tools"


def run(*command: str | Path, cwd: Path = ROOT, **environment: str) -> subprocess.CompletedProcess[str]:
    words = [str(word) for word in command]
    return subprocess.run(words, cwd=cwd, env=environment, capture_output=True, text=True, check=False)


def script(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    path.chmod(0o755)
    return path


def test_a_machine_without_a_python_is_told_what_is_needed(tmp_path):
    """Nothing on PATH runs: the message says what to have and how to name one."""
    done = run("/bin/sh", TOOLS / "venv", cwd=tmp_path, PATH=str(tmp_path))

    assert done.returncode == 1
    assert "needs Python 3.11 or newer" in done.stderr
    assert "make PYTHON=" in done.stderr


def test_an_old_python_and_one_without_ensurepip_are_told_apart(tmp_path):
    """Debian cuts ensurepip out of its Python: the message names the package to install."""
    script(tmp_path / "python3", "#!/bin/sh\nexit 1\n")
    script(tmp_path / "python3.12", '#!/bin/sh\ncase "$2" in *ensurepip*) exit 1;; esac\n')
    done = run("/bin/sh", TOOLS / "venv", cwd=tmp_path, PATH=str(tmp_path))

    assert "python3(older) python3.12(no-ensurepip)" in done.stderr
    assert "apt install python3-venv" in done.stderr


def test_checks_all_run_and_the_failed_ones_are_counted(tmp_path):
    """One run shows all there is to mend, and ends non-zero."""
    make = script(tmp_path / "make", '#!/bin/sh\n[ "$2" != types ]\n')
    done = run(TOOLS / "check", "lint", "types", "imports", PATH=os.environ["PATH"], MAKE=str(make))

    assert done.returncode == 1
    assert [line for line in done.stdout.splitlines() if line.startswith("$ ")] == [
        "$ make lint",
        "$ make types",
        "$ make imports",
    ]
    assert done.stdout.endswith("1 of 3 checks failed: types\n")


def test_checks_that_hold_end_well(tmp_path):
    """The last line says how many."""
    make = script(tmp_path / "make", "#!/bin/sh\n")
    done = run(TOOLS / "check", "lint", "types", PATH=os.environ["PATH"], MAKE=str(make))

    assert (done.returncode, done.stdout.splitlines()[-1]) == (0, "all 2 checks hold: lint types")
