"""The table of rooms holds: it is the documentation's, it is kept now, and a breach of it is found."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from grimp import ImportGraph

from tools.rooms import RoomsContract, table_of

ROOT = Path(__file__).parents[2]
CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"]
SEE = next(contract["see"] for contract in CONTRACTS if contract["type"] == "rooms")


def broken_by(importer: str, imported: str, *modules: str) -> dict[str, list[object]]:
    """What the contract finds in a graph with one import in it; empty lists where it is kept."""
    graph = ImportGraph()
    for module in {"maksa", importer, imported, *modules}:
        graph.add_module(module)
    graph.add_import(importer=importer, imported=imported)
    contract = RoomsContract("rooms", {}, {"name": "rooms", "root": "maksa", "see": SEE})
    return contract.check(graph, verbose=False).metadata


@pytest.mark.parametrize(
    ("importer", "imported"),
    [
        ("maksa.model.concept", "maksa.wire.dates"),
        ("maksa.service.lookup", "maksa.catalog.catalog"),
        ("maksa.web.app", "maksa.publish.publishing"),
        ("maksa.wire.ditas", "maksa.snapshot.reader"),
        ("maksa.loaders.table", "maksa.snapshot"),
        ("maksa.client.http", "maksa.web.app"),  # a room that is still to come
        ("maksa.mirror", "maksa.service"),
        ("maksa.snapshot.reader", "maksa.home"),
    ],
)
def test_an_import_through_the_wall_is_found(importer, imported):
    """Each of these would let a room know what it must not."""
    assert broken_by(importer, imported) == {"unnamed": [], "illegal": [(importer, imported)]}


@pytest.mark.parametrize(
    ("importer", "imported"),
    [
        ("maksa.publish.publishing", "maksa.catalog.catalog"),
        ("maksa.mirror.fetch", "maksa.client"),
        ("maksa.web.app", "maksa.settings"),
        ("maksa.cli.load", "maksa.loaders.table"),
        ("maksa.model.concept", "maksa.model.errors"),
        ("maksa.cli", "maksa"),
        ("maksa.wire.dates", "persiantools"),
    ],
)
def test_an_import_that_the_table_allows_is_let_be(importer, imported):
    """One's own room, the rooms of one's line, the root's version, other people's packages."""
    assert broken_by(importer, imported) == {"unnamed": [], "illegal": []}


def test_a_room_that_the_table_does_not_name_is_found():
    """Nobody adds a room without saying what it may see."""
    assert broken_by("maksa.cli", "maksa.utils.text")["unnamed"] == ["utils"]


def test_the_table_is_the_one_that_the_documentation_draws():
    """docs/architecture.md and pyproject.toml say the same of every room."""
    page = (ROOT / "docs" / "architecture.md").read_text("utf-8")
    drawn: dict[str, frozenset[str]] = {}
    for names, sees in re.findall(r"^\| ((?:`\w+`,? ?)+) \|[^|]*\| ([^|]+) \|$", page, re.MULTILINE):
        rooms, parts = re.findall(r"\w+", names), sees.split("·")
        for place, room in enumerate(rooms):
            seen = frozenset(re.findall(r"`(\w+)`", parts[place % len(parts)]))
            drawn[room] = frozenset("*") if sees.strip() == "all" else seen

    assert drawn == table_of(SEE)


@pytest.fixture(scope="module")
def checkout(tmp_path_factory) -> Path:
    """A copy of what lint-imports reads."""
    folder = tmp_path_factory.mktemp("checkout")
    for name in ("src", "tools"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", folder)
    return folder


def lint_imports(folder: Path) -> subprocess.CompletedProcess[str]:
    command = [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"]
    environment = {"PYTHONPATH": str(folder / "src"), "COLUMNS": "200"}
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


def test_make_imports_passes_now_and_fails_on_a_breach(checkout):
    """The whole way, as CI goes it: an SQL toolkit behind a verb breaks two contracts."""
    before = lint_imports(checkout)
    (checkout / "src" / "maksa" / "service" / "shortcut.py").write_text("from maksa.catalog import records\n")
    after = lint_imports(checkout)

    assert (before.returncode, after.returncode) == (0, 1), before.stdout + before.stderr
    assert "maksa.service.shortcut may not import maksa.catalog" in after.stdout
