"""What installing and importing the library brings: types, and little else."""

from __future__ import annotations

import ast
import inspect
import subprocess
import sys
from pathlib import Path

import maksa
from maksa.client import AsyncMaksa, Maksa
from maksa.client.maksa import Functions

ROOT = Path(__file__).parents[2]


def test_its_users_types_are_checked(tmp_path):
    """By a checker as strict as can be: right calls pass, wrong ones are found (an ignore that is not needed is an error)."""
    command = [
        sys.executable,
        "-m",
        "mypy",
        "--strict",
        "--config-file",
        "/dev/null",
        str(ROOT / "tests/client/typed.py"),
    ]
    cache = ["--cache-dir", str(ROOT / ".mypy_cache" / "typed"), "--follow-imports", "silent"]
    run = subprocess.run([*command, *cache], cwd=tmp_path, capture_output=True, text=True, check=False)

    assert run.stdout == "Success: no issues found in 1 source file\n", run.stdout + run.stderr
    assert (Path(maksa.__file__).parent / "py.typed").exists()


def test_importing_it_brings_no_server():
    """Nor what reads files, keeps tables, draws terminals: only the wire, the model and httpx2."""
    script = (
        "import sys, maksa.client; print(sorted({name.partition('.')[0] for name in sys.modules}), file=sys.stderr)\n"
    )
    script += "print(sorted({name.split('.')[1] for name in sys.modules if name.startswith('maksa.')}))"
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    loaded = set(ast.literal_eval(run.stderr))

    heavy = "starlette uvicorn uvloop httptools structlog sqlalchemy jinja2 rich click sqlite3 stamina lxml zstandard"
    assert loaded & set(heavy.split()) == set()
    assert ast.literal_eval(run.stdout) == ["client", "model", "wire"]


def test_a_call_documents_itself():
    """`help(Maksa.display_of)` says what the plan says, with its parameters; there is no second description to differ."""
    for kind in (Maksa, AsyncMaksa):
        for name in (name for name in vars(Functions) if not name.startswith("_")):
            call = getattr(kind, name)
            assert call.__name__ == name
            assert len(inspect.getdoc(call) or "") > 80
    assert str(inspect.signature(Maksa.display_of)) == (
        "(self, terminology_id: 'str', code: 'str', version: 'str | None' = None) -> 'Found[str] | NothingFound'"
    )
    assert str(inspect.signature(AsyncMaksa.concepts)).endswith(" -> 'Concepts | AsyncConcepts'")
