"""The shape of the code that no linter sees: files that fit a sitting, modules that say what they are for, honest dependencies.

What this folder owes: a rule of the house that can be checked by reading files is checked here.
"""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCES = sorted((ROOT / "src" / "maksa").rglob("*.py"))
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
LIGHT = ("model", "snapshot", "service", "wire", "client")
SOMETIMES = {"cryptography"}  # of the light rooms: to sign and to prove a signature, `snapshot.signing` only
LONGEST_FILE, LONGEST_FUNCTION = 400, 40  # lines; the medians are far below


def functions_of(path: Path) -> Iterator[tuple[str, int]]:
    """Each function of a file with the lines of its body, docstring aside."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            body = node.body[1:] if ast.get_docstring(node) else node.body
            last = body[-1].end_lineno or 0 if body else 0
            yield node.name, last - body[0].lineno + 1 if body else 0


def decoders_in(path: Path) -> Iterator[int]:
    """The lines of a file that make one of msgspec's decoders, or decode into a type without one."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call):
            name = ast.unparse(node.func).removeprefix("msgspec.")
            is_into = name.endswith("decode") and "type" in {keyword.arg for keyword in node.keywords}
            if is_into or name.endswith(("json.Decoder", "msgpack.Decoder")) or name == "convert":
                yield node.lineno


def imported_by(paths: list[Path]) -> set[str]:
    """The top-level packages that the files import, here or inside a function."""
    names: set[str] = set()
    for path in paths:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                names |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
                names.add(node.module.partition(".")[0])
    return names - set(sys.stdlib_module_names) - {"maksa", "_typeshed"}  # the latter is the type checker's own


def declared(*extras: str) -> set[str]:
    """The distributions that pyproject.toml asks for: always, and with the named extras."""
    optional = PROJECT["project"]["optional-dependencies"]
    lines = [*PROJECT["project"]["dependencies"], *(line for extra in extras for line in optional[extra])]
    return {normal(re.split(r"[\s\[<>=!~;]", line)[0]) for line in lines}


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def distributions_of(packages: set[str]) -> set[str]:
    known = packages_distributions()
    return {normal(known[package][0]) for package in packages}


def test_no_file_is_longer_than_a_sitting():
    """Past that it is two subjects."""
    assert {str(path): n for path in SOURCES if (n := path.read_text("utf-8").count("\n")) > LONGEST_FILE} == {}


def test_no_function_is_longer_than_a_page():
    """A longer one is a table or a grammar, and stands on the level of its module."""
    long = {f"{path}:{name}": n for path in SOURCES for name, n in functions_of(path) if n > LONGEST_FUNCTION}

    assert long == {}


def test_one_module_alone_makes_decoders_of_shapes():
    """msgspec ends the process where two threads meet a shape for the first time at once: `model.shapes` makes them one by one."""
    assert [f"{path}:{line}" for path in SOURCES if path.name != "shapes.py" for line in decoders_in(path)] == []


def test_every_module_says_what_it_is_for():
    """The first line of a file is a sentence."""
    assert [str(path) for path in SOURCES if not ast.get_docstring(ast.parse(path.read_text("utf-8")))] == []


def test_every_imported_package_is_declared():
    """Nothing works here only because something else happened to install it."""
    extras = tuple(PROJECT["project"]["optional-dependencies"])

    assert distributions_of(imported_by(SOURCES)) - declared(*extras) == set()


def test_the_light_rooms_need_only_the_light_dependencies():
    """`pip install maksa`, without extras, can open a shelf and speak the wire."""
    light = [path for path in SOURCES if path.relative_to(ROOT / "src" / "maksa").parts[0] in LIGHT]

    assert distributions_of(imported_by(light)) - declared() == SOMETIMES


def test_what_a_light_room_needs_sometimes_is_not_imported_before():
    """A shelf is opened, published to and served without the library that signs and proves."""
    script = (
        "import sys, maksa.snapshot.shelf, maksa.snapshot.signing, maksa.publish; print('cryptography' in sys.modules)"
    )
    run = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True)

    assert run.stdout == "False\n"


@pytest.mark.parametrize("arguments", [["--help"], ["--version"]])
def test_the_command_line_greets_without_loading_the_service(arguments):
    """What makes `maksa --help` slow is not imported for it."""
    script = (
        "import sys; from maksa.cli import main\n"
        f"try: main({arguments!r})\n"
        "except SystemExit: pass\n"
        "print(sorted({name.partition('.')[0] for name in sys.modules}), file=sys.stderr)"
    )
    run = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True)

    heavy = {"sqlalchemy", "uvicorn", "starlette", "msgspec", "rich", "sqlite3", "structlog", "argon2"}
    assert heavy & set(ast.literal_eval(run.stderr)) == set()
    assert "maksa" in run.stdout


def locked(name: str) -> dict[str, str]:
    """What the lock *name* holds: `distribution==version` and what follows it, hashes included."""
    lock = (ROOT / name).read_text("utf-8")
    return {
        f"{normal(each)}=={version}": rest
        for each, version, rest in re.findall(r"^([A-Za-z0-9._-]+)==(\S+)((?:.*\\\n)*.*)", lock, re.MULTILINE)
    }


def grouped(*groups: str) -> set[str]:
    """The distributions that the named groups of pyproject.toml ask for."""
    lines = (line for group in groups for line in PROJECT["dependency-groups"][group] if isinstance(line, str))
    return {normal(re.split(r"[<>=;]", line)[0]) for line in lines}


@pytest.mark.parametrize(
    ("lock", "wanted"),
    [
        ("requirements.lock", declared(*PROJECT["project"]["optional-dependencies"]) | grouped("dev", "build")),
        ("requirements-demo.lock", declared("server", "demo") | grouped("build")),
    ],
)
def test_a_lock_has_every_dependency_with_its_hashes_and_no_address(lock, wanted):
    """They are what a fresh clone installs, with --require-hashes: the one for everything, the other for `make demo`."""
    entries = locked(lock)

    assert wanted - {entry.partition("==")[0] for entry in entries} == set()
    assert [entry for entry, rest in entries.items() if "--hash=sha256:" not in rest] == []
    assert "://" not in (ROOT / lock).read_text("utf-8")


def test_the_demo_has_the_versions_that_the_tests_had():
    """Its lock is a part of the other, so that `make test` after `make demo` only adds, and what was tested is what is shown."""
    assert set(locked("requirements-demo.lock")) - set(locked("requirements.lock")) == set()
