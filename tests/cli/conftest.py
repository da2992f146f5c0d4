"""Commands run as they are typed, in a home of their own."""

from __future__ import annotations

import contextlib
import functools
import io
import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from maksa.cli import main

DATA = Path(__file__).parents[3] / "shared" / "data"
NEEDS_DATA = pytest.mark.skipif(not DATA.is_dir(), reason="the real lists are not in ../shared/data")


@dataclass(frozen=True)
class Run:
    """How a command ended: its exit code, what it printed and what it said on standard error."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    @property
    def rows(self) -> list[list[str]]:
        """The tab-separated lines, without their header."""
        return [line.split("\t") for line in self.out.splitlines()[1:]]


Maksa = Callable[..., Run]


@pytest.fixture
def maksa(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Maksa:
    """Runs `maksa …` in a home of the test's own."""
    monkeypatch.setenv("MAKSA_HOME", str(tmp_path / "home"))

    def run(*arguments: str | Path) -> Run:
        with pytest.raises(SystemExit) as ended:
            main([str(each) for each in arguments])
        said = capsys.readouterr()
        return Run(int(ended.value.code or 0), said.out, said.err)

    return run


def run_in(home: Path, *arguments: str | Path) -> Run:
    """Runs `maksa …` in this process, in the home that is named."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err), pytest.raises(SystemExit) as ended:
        main(["--home", str(home), *map(str, arguments)])
    return Run(int(ended.value.code or 0), out.getvalue(), err.getvalue())


def released(folder: Path, terminology_id: str, label: str, *lines: str, at: str = "1400/05/06") -> None:
    """Loads the lines of a CSV as a version and publishes it, in the home in *folder*."""
    file = folder / "list.csv"
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    for arguments in (
        ("load", file, "--terminology", terminology_id, "--version", label),
        ("publish", terminology_id, label, "--at", at),
    ):
        done = run_in(folder / "home", *arguments)
        assert done.code == 0, done.err


def run_outside(*arguments: str | Path | bytes, **options: Any) -> Run:
    """Runs `maksa …` in a process of its own; its home is given in *arguments* or in the environment."""
    done = subprocess.run([sys.executable, "-m", "maksa", *arguments], capture_output=True, timeout=60, **options)
    return Run(done.returncode, (done.stdout or b"").decode(), (done.stderr or b"").decode())


def environment(home: Path, **more: str) -> dict[str, str]:
    """The environment of a process whose home is *home*."""
    return {**os.environ, "MAKSA_HOME": str(home), **more}


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Where `maksa` runs: it is there once a command has made it."""
    return tmp_path / "home"


@pytest.fixture
def release(maksa: Maksa, tmp_path: Path) -> Callable[..., None]:
    """Loads the lines of a CSV as a version and publishes it, where `maksa` runs: `released`."""
    return functools.partial(released, tmp_path)
