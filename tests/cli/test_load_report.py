"""`maksa load --report`: every finding for a list's editor; and what becomes of a load that is broken off."""

from __future__ import annotations

import json
import os
import pty
import signal
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest
from python_calamine import CalamineWorkbook

from maksa.catalog import Catalog
from maksa.home import Home
from tests.cli.conftest import environment

FORMULA = '=HYPERLINK("http://example.org","1")'


@pytest.fixture
def faulty(tmp_path):
    """A list of 150 rows without a display, one whose code would be a formula, and one good row."""
    file = tmp_path / "list.csv"
    quoted = FORMULA.replace('"', '""')
    bare = "".join(f"{code},\n" for code in range(10, 160))
    file.write_text(f'code,value\n{bare}"{quoted}",\n1,اسلام\n', encoding="utf-8")
    return file


def load(maksa, file, *more):
    return maksa("load", file, "--terminology", "Religion", "--version", "1", *more)


def sheets_of(path):
    """The rows of the first sheet, and those of the last."""
    book = CalamineWorkbook.from_path(str(path))
    return [book.get_sheet_by_index(place).to_python() for place in (0, len(book.sheet_names) - 1)]


def markup_of(path):
    """The first sheet as Excel reads it."""
    with ZipFile(path) as book:
        return book.read("xl/worksheets/sheet1.xml").decode()


def test_the_workbook_has_every_finding_in_both_languages(maksa, faulty, tmp_path):
    """Not the first hundred only; the counts stand on the last sheet."""
    load(maksa, faulty, "--report", tmp_path / "findings.xlsx")
    rows, counts = sheets_of(tmp_path / "findings.xlsx")

    assert len(rows) == 1 + 151
    assert rows[1] == [
        "refusal · رد",
        "blank-display",
        "",
        2,
        "value",
        "",
        1,
        "the code '10' has no display in any column",
        "کد «10» در هیچ ستونی مقدار ندارد",
    ]
    assert dict(counts)["blank-display"] == 151


def test_a_reader_of_the_workbook_keeps_the_header_in_sight(maksa, faulty, tmp_path):
    """It reads from the right, as Persian does; the header is frozen and filters; messages have the room that they need."""
    load(maksa, faulty, "--report", tmp_path / "findings.xlsx")
    markup = markup_of(tmp_path / "findings.xlsx")

    assert 'topLeftCell="A2" activePane="bottomLeft" state="frozen"' in markup
    assert '<col min="8" max="9" width="70' in markup
    assert '<autoFilter ref="A1:I1048576"/>' in markup
    assert 'rightToLeft="1"' in markup


def test_a_cell_that_looks_like_a_formula_is_text(maksa, tmp_path):
    """What a stranger's file holds never runs in the editor's spreadsheet."""
    file = tmp_path / "list.csv"
    quoted = FORMULA.replace('"', '""')
    file.write_text(f'code,value\n1,اسلام\n"{quoted}",یک\n"{quoted}",دو\n', encoding="utf-8")
    load(maksa, file, "--report", tmp_path / "findings.xlsx")
    rows, _ = sheets_of(tmp_path / "findings.xlsx")

    assert [cell for row in rows for cell in row if str(cell).startswith("=")] == [FORMULA]
    assert "<f>" not in markup_of(tmp_path / "findings.xlsx")


def test_the_json_has_every_finding_and_the_counts(maksa, faulty, tmp_path):
    """As the kept lines have them, in their order."""
    told = load(maksa, faulty, "--report", tmp_path / "findings.json", "--json").json
    written = json.loads((tmp_path / "findings.json").read_text("utf-8"))
    kept = [json.loads(line) for line in Path(told["report"]).read_text("utf-8").splitlines()]

    assert written["findings"] == kept
    assert (written["read"], written["counts"]) == (told["read"], told["counts"])
    assert len(kept) == 151


@pytest.mark.parametrize("name", ["findings.xlsx", "findings.json"])
def test_a_dry_run_can_be_reported_and_leaves_nothing_else(maksa, faulty, tmp_path, home, name):
    """An editor's look at a list before it is loaded."""
    load(maksa, faulty, "--dry-run", "--report", tmp_path / name)

    assert (tmp_path / name).stat().st_size > 1000
    assert not home.exists()
    assert sorted(each.name for each in tmp_path.iterdir()) == sorted(["list.csv", name])


@pytest.mark.parametrize("name", ["findings.xlsx", "findings.json"])
def test_a_list_without_findings_has_an_empty_report(maksa, tmp_path, name):
    """That there was nothing to say is an answer too."""
    file = tmp_path / "list.csv"
    file.write_text("code,value\n1,اسلام\n", encoding="utf-8")

    assert load(maksa, file, "--report", tmp_path / name).code == 0
    assert (tmp_path / name).exists()


def test_a_report_is_refused_before_the_file_is_read(maksa, faulty, tmp_path, home):
    """A name that is no form of report, one that is taken, a folder that is not there: no draft is made in vain."""
    (tmp_path / "taken.json").write_text("mine")
    refused = [load(maksa, faulty, "--report", tmp_path / name) for name in ("a.txt", "taken.json", "nowhere/a.xlsx")]

    assert all(each.code not in (0, 1) for each in refused)
    assert "a.txt" in refused[0].err
    assert "taken.json" in refused[1].err
    assert "nowhere" in refused[2].err
    assert (tmp_path / "taken.json").read_text() == "mine"
    assert not home.exists()


@pytest.fixture
def long_list(tmp_path):
    """A list that takes a second or more to read."""
    file = tmp_path / "long.csv"
    file.write_text("code,value\n" + "".join(f"{code},مفهوم {code}\n" for code in range(200_000)), encoding="utf-8")
    return file


def test_a_load_that_is_interrupted_leaves_no_draft(long_list, home):
    """Ctrl+C while rows are read: the catalog is as it was."""
    command = [sys.executable, "-m", "maksa", "load", long_list, "--terminology", "Long", "--version", "1"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, env=environment(home)) as running:
        running.stderr.readline()  # what was recognised; reading begins
        running.send_signal(signal.SIGINT)
        running.communicate(timeout=60)

    assert running.returncode != 0
    with Catalog.open(Home(home).catalog_url) as catalog:
        assert list(catalog.drafts()) == []


def test_a_terminal_shows_rows_rate_and_time_left(long_list, home):
    """The lines of a text are counted first, so that the end can be told."""
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "maksa", "load", long_list, "--terminology", "Long", "--version", "1", "--dry-run"]
    with subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=theirs, env=environment(home, TERM="xterm", COLUMNS="160")
    ):
        os.close(theirs)
        shown = _all_of(ours)

    assert "200,000 rows" in shown
    assert "rows/s" in shown
    assert "0:00:0" in shown


def _all_of(terminal: int) -> str:
    """What was written to *terminal* until nobody has it open."""
    blocks = []
    try:
        while block := os.read(terminal, 1 << 16):
            blocks.append(block)
    except OSError:  # Linux's way to say that it was closed
        pass
    os.close(terminal)
    return b"".join(blocks).decode()
