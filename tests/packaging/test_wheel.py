"""`pip install maksa` is light and enough: the library, `Shelf` and the command line work, and the rest says what it needs."""

from __future__ import annotations

import re
import zipfile
from email import message_from_bytes
from pathlib import Path

import pytest

from maksa.cli import SUMMARIES
from maksa.model.concept import Concept

BASE = {"click", "httpx2", "msgspec", "persiantools", "rich", "tzdata"}
COMMAND_LINE = "from maksa.cli import main; main()"
READS_A_SHELF = {
    "terminologies", "versions", "lookup", "validate", "since", "search", "compare", "tree", "history", "changes", "export",
    "verify",
}  # fmt: skip


@pytest.fixture(scope="session")
def names(wheel: Path) -> list[str]:
    with zipfile.ZipFile(wheel) as archive:
        return archive.namelist()


def test_the_wheel_has_what_the_package_needs_and_no_more(names):
    """The mark for type checkers, lists and pages; no test, no tool, no data of anybody."""
    assert {"maksa/py.typed", "maksa/model/registry.csv"} <= set(names)
    assert {name.partition("/")[0] for name in names if ".dist-info/" not in name} == {"maksa"}
    assert [name for name in names if name.endswith((".pyc", ".db", ".maksa"))] == []


def test_the_base_dependencies_are_those(wheel):
    """One more is thought about here: it is installed beside every hospital's program."""
    with zipfile.ZipFile(wheel) as archive:
        (metadata,) = [name for name in archive.namelist() if name.endswith(".dist-info/METADATA")]
        lines = message_from_bytes(archive.read(metadata)).get_all("Requires-Dist") or []

    assert {re.split(r"[<>=]", line)[0] for line in lines if "extra ==" not in line} == BASE


@pytest.mark.parametrize("package", sorted(BASE - {"tzdata"}))
def test_a_base_dependency_is_used(package, names, unpacked: Path):
    """None is carried for nothing; tzdata is zoneinfo's, where the system has none."""
    importing = re.compile(rf"^\s*(?:from|import) {package}\b", re.MULTILINE)

    assert any(importing.search((unpacked / name).read_text("utf-8")) for name in names if name.endswith(".py"))


@pytest.mark.parametrize(
    "script",
    [
        "from maksa import Shelf, Found, UnknownCode; print(Shelf.__module__)",
        "from maksa.client import Maksa, AsyncMaksa; print(Maksa.__module__)",
        "import maksa.wire.ditas.bodies, maksa.wire.oauth, maksa.wire.dates, maksa.service.translate; print('wire')",
        "from maksa.export import FORMATS; print(list(FORMATS))",
    ],
)
def test_the_library_works_without_the_rest(light, script):
    """Imported from the wheel, with nothing of the server to be had."""
    done = light(f"{script}; import maksa, sys; print(maksa.__file__)")

    assert done.returncode == 0, done.stderr
    assert "unpacked" in done.stdout.splitlines()[-1]


def test_what_it_blocks_is_really_gone(light):
    """The test of the tests: a server's library cannot be imported there."""
    for package in ("sqlalchemy", "starlette", "polars", "lxml", "xlsxwriter"):
        assert f"No module named '{package}'" in light(f"import {package}").stderr


def test_the_command_line_greets(light):
    """With every command."""
    done = light(COMMAND_LINE, "--help")

    assert (done.returncode, done.stderr) == (0, "")
    assert [name for name in SUMMARIES if f"  {name} " not in done.stdout] == []


def test_what_reads_a_shelf_needs_no_extra(light, make, tmp_path: Path):
    """One file or a folder of them, asked and exported where no server is installed."""
    make([Concept("1", "منزل", "fa")])
    home = tmp_path / "home"
    home.mkdir()
    (home / "shelf").symlink_to(tmp_path)

    assert light(COMMAND_LINE, "--home", home, "lookup", "ContactType", "1").stdout.splitlines()[2] == "display\tمنزل"
    assert light(COMMAND_LINE, "--home", home, "export", "ContactType").stdout.count("\n") == 2
    for name in READS_A_SHELF:
        assert light(COMMAND_LINE, name, "--help").returncode == 0


@pytest.mark.parametrize("name", sorted(SUMMARIES))
def test_a_command_works_or_says_what_to_install(light, name):
    """In one line, with the extra that has what is missing, and the exit code of a machine that is not ready."""
    done = light(COMMAND_LINE, name, "--help")

    if done.returncode:
        assert (done.returncode, done.stdout) == (7, "")
        assert re.fullmatch(
            r"maksa: `maksa \w+` needs [\w.]+, which is not installed: pip install 'maksa\[[\w,]+\]'\n", done.stderr
        )


def test_a_workbook_names_its_extra(light, make, tmp_path: Path):
    """So does a frame, to a program that embeds maksa; of chunks it is told before the first."""
    make([Concept("1", "منزل", "fa")])
    script = (
        "import sys\nfrom maksa import MaksaError, Shelf\nfrom maksa.export import FORMATS\n"
        "held = Shelf.open(sys.argv[1]).terminology('ContactType')\n"
        "chunks = [lambda name=name: FORMATS[name].chunks(held.content()) for name in ('xlsx', 'parquet')]\n"
        "for ask in (held.to_polars, held.to_pandas, lambda: held.export(sys.argv[1] + '/a.xlsx'), *chunks):\n"
        "    try: ask()\n"
        "    except MaksaError as error: print(error.slug, error.module, error.extra)\n"
    )

    assert light(script, tmp_path).stdout.splitlines() == [
        "extra-missing polars analysis", "extra-missing pandas analysis", "extra-missing xlsxwriter analysis",
        "extra-missing xlsxwriter analysis", "extra-missing polars analysis",
    ]  # fmt: skip
